//! The bytes of inputs for those who read one file after the other.

use std::{
    io::{self, BufRead, Read},
    ops::ControlFlow,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use super::{Chunk, Event, Input, LogError, Options, Progress, Source, run};

/// Chunks that wait to be read.
const WAITING_MAX: usize = 4;

/// The unpacked bytes of inputs, one source after the other.
///
/// [`SourceReader::next_source`] goes to the next source; what is read then is that source to its end. A
/// source that cannot be read, or not to its end, fails where that is met, with a [`LogError`] within
/// the error.
#[derive(Debug)]
pub struct SourceReader {
    pieces: Receiver<Piece>,
    /// What comes next, where it is already known.
    next: Option<Piece>,
    source: Option<Arc<Source>>,
    bytes: Vec<u8>,
    read: usize,
}

#[derive(Debug)]
enum Piece {
    Bytes(Arc<Source>, Vec<u8>),
    Failed(Arc<Source>, LogError),
}

impl Piece {
    fn source(&self) -> &Arc<Source> {
        match self {
            Self::Bytes(source, _) | Self::Failed(source, _) => source,
        }
    }
}

impl SourceReader {
    /// Begins to read, on a thread of its own.
    pub fn start(inputs: Vec<Input>, options: &Options) -> Self {
        let (sender, pieces) = sync_channel(WAITING_MAX);
        let options = Options {
            threads: 1,
            ..options.clone()
        };
        thread::spawn(move || send(inputs, &options, &sender));
        Self {
            pieces,
            next: None,
            source: None,
            bytes: Vec::new(),
            read: 0,
        }
    }

    /// Goes to the next source, past what is left of this one; none where there are no more.
    pub fn next_source(&mut self) -> Option<Arc<Source>> {
        self.bytes.clear();
        self.read = 0;
        loop {
            let piece = self.next.take().or_else(|| self.pieces.recv().ok())?;
            if self.source.as_ref() != Some(piece.source()) {
                let source = Arc::clone(piece.source());
                self.source = Some(Arc::clone(&source));
                self.next = Some(piece);
                return Some(source);
            }
        }
    }

    /// Takes the next piece of this source; false where there is none.
    fn fill(&mut self) -> io::Result<bool> {
        if self.next.is_none() {
            self.next = self.pieces.recv().ok();
        }
        match self.next.take() {
            Some(piece) if self.source.as_ref() != Some(piece.source()) => {
                self.next = Some(piece);
                Ok(false)
            }
            Some(Piece::Bytes(_, bytes)) => {
                self.bytes = bytes;
                self.read = 0;
                Ok(true)
            }
            Some(Piece::Failed(_, error)) => Err(io::Error::other(error)),
            None => Ok(false),
        }
    }
}

impl BufRead for SourceReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.read >= self.bytes.len() {
            if !self.fill()? {
                return Ok(&[]);
            }
        }
        Ok(self.bytes.get(self.read..).unwrap_or_default())
    }

    fn consume(&mut self, bytes: usize) {
        self.read += bytes;
    }
}

impl Read for SourceReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// Sends all there is, until nobody wants more.
fn send(inputs: Vec<Input>, options: &Options, pieces: &SyncSender<Piece>) {
    let progress = Arc::new(Progress::default());
    let copied = |(): &mut (), chunk: &Chunk| chunk.bytes().to_vec();
    let ended = run(
        inputs,
        options,
        &progress,
        || (),
        copied,
        |event| {
            let piece = match event {
                Event::Done { info, result } => Piece::Bytes(info.source, result),
                Event::Failed { source, error } => Piece::Failed(source, error),
            };
            Ok::<_, io::Error>(match pieces.send(piece) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_nobody) => ControlFlow::Break(()),
            })
        },
    );
    if let Err(error) = ended {
        let source = Arc::new(Source {
            name: "-".to_owned(),
            index: u64::MAX,
        });
        let error = LogError::Read {
            offset: 0,
            source: error,
        };
        // Who has gone does not need to know.
        let _gone = pieces.send(Piece::Failed(source, error));
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn reader(name: &str, bytes: &[u8]) -> Input {
        Input::reader(name, Cursor::new(bytes.to_vec()))
    }

    #[test]
    fn sources_come_one_after_the_other() {
        let long = b"line\n".repeat(1 << 20);
        let inputs = vec![
            reader("a", b"one\ntwo"),
            reader("b", &long),
            reader("c", b"x"),
        ];
        let mut reader = SourceReader::start(inputs, &Options::default());
        let mut text = Vec::new();
        assert_eq!(reader.next_source().unwrap().name, "a");
        reader.read_to_end(&mut text).unwrap();
        assert_eq!(text, b"one\ntwo");
        // What is left of one is passed over.
        assert_eq!(reader.next_source().unwrap().name, "b");
        let mut head = [0; 4];
        reader.read_exact(&mut head).unwrap();
        assert_eq!(reader.next_source().unwrap().name, "c");
        text.clear();
        reader.read_to_end(&mut text).unwrap();
        assert_eq!(text, b"x");
        assert!(reader.next_source().is_none());
    }

    #[test]
    fn what_cannot_be_read_fails_where_it_is_met() {
        let missing = super::super::find(&["/no/such/file".into()]);
        let mut reader = SourceReader::start(missing, &Options::default());
        assert_eq!(reader.next_source().unwrap().name, "/no/such/file");
        let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
        let cause = error.into_inner().unwrap();
        assert!(cause.is::<LogError>(), "{cause:?}");
    }
}
