//! A buffered reader whose next bytes can be seen before they are read.

use std::io::{self, BufRead, Read};

const BUFFER_BYTES: usize = 64 << 10;

pub(super) struct Peeked {
    reader: Box<dyn Read + Send>,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// Met while bytes before it were still unread.
    error: Option<io::Error>,
}

impl Peeked {
    pub(super) fn new(reader: impl Read + Send + 'static) -> Self {
        Self {
            reader: Box::new(reader),
            buffer: vec![0; BUFFER_BYTES].into(),
            start: 0,
            end: 0,
            error: None,
        }
    }

    /// What is here without reading.
    pub(super) fn buffered(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The next bytes: at least `wanted` unless the input ends or they are `enough` before.
    pub(super) fn peek(
        &mut self,
        wanted: usize,
        enough: impl Fn(&[u8]) -> bool,
    ) -> io::Result<&[u8]> {
        while self.buffered().len() < wanted && !enough(self.buffered()) {
            match self.read_more() {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if self.buffered().is_empty() => return Err(error),
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            }
        }
        Ok(self.buffered())
    }

    /// Whether these bytes come next; they are not consumed.
    pub(super) fn begins_with(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let head = self.peek(bytes.len(), |head| !bytes.starts_with(head))?;
        Ok(head.starts_with(bytes))
    }

    /// The next bytes, all of them or an error.
    pub(super) fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Passes over as many bytes; an input that ends before is an error.
    pub(super) fn skip(&mut self, mut bytes: u64) -> io::Result<()> {
        while bytes > 0 {
            let here = self.fill_buf()?.len();
            if here == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let step = usize::try_from(bytes).unwrap_or(usize::MAX).min(here);
            self.consume(step);
            bytes -= super::account::count(step);
        }
        Ok(())
    }

    fn read_more(&mut self) -> io::Result<usize> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let count = self.reader.read(room)?;
        self.end += count;
        Ok(count)
    }
}

impl Read for Peeked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.buffered().is_empty() && self.error.is_none() && into.len() >= BUFFER_BYTES {
            return self.reader.read(into);
        }
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Peeked {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.buffered().is_empty() {
            self.read_more()?;
        }
        Ok(self.buffered())
    }

    fn consume(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.end);
    }
}
