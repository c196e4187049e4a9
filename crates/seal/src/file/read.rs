//! Reading a sealed file as a stream.

use std::io::{self, BufReader, Chain, Cursor, Read};

use age::{DecryptError, Decryptor, stream::StreamReader};
use zeroize::Zeroizing;

use super::{Kind, header};
use crate::{Error, HybridIdentity, padding};

const BUFFER_BYTES: usize = 64 * 1024;

/// Decrypts a sealed file and takes the padding off while it is read.
///
/// What is read is authentic piece by piece; that it is complete is known only when `read` has
/// returned `Ok(0)`. Whoever acts on it earlier acts on a possibly cut text.
pub struct Opener<R: Read> {
    stream: StreamReader<Chain<Cursor<Vec<u8>>, BufReader<R>>>,
    buffer: Zeroizing<Vec<u8>>,
    next: usize,
    filled: usize,
    /// Up to where the buffer is text whatever follows: before a mark after which only zeros come.
    text_until: usize,
    padded_bytes: u64,
    held: Held,
}

/// Where the reader stands between text and padding.
enum Held {
    /// Outside anything that may be padding.
    Nothing,
    /// A mark and this many zeros were read that are padding if the file ends with them.
    Mark { zeros: u64 },
    /// The mark turned out to be text, and then so many zeros.
    Text { mark: bool, zeros: u64 },
    /// The file has ended well.
    End,
}

impl<R: Read> Opener<R> {
    /// Opens the file of a body or an attachment: exactly two hybrid stanzas, one for us.
    pub fn message(input: R, identity: &HybridIdentity) -> Result<Self, Error> {
        Self::new(input, identity, Kind::Message)
    }

    /// Opens a file for one reader.
    pub fn single(input: R, identity: &HybridIdentity) -> Result<Self, Error> {
        Self::new(input, identity, Kind::Single)
    }

    pub(super) fn new(input: R, identity: &HybridIdentity, kind: Kind) -> Result<Self, Error> {
        let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
        // The length is fixed, so a hostile header costs no more to read than a good one.
        let mut header = vec![0; header::length(kind)];
        input
            .read_exact(&mut header)
            .map_err(|error| Error::Open(DecryptError::Io(error)))?;
        header::check(&header, kind)?;
        let stream = Decryptor::new_buffered(Cursor::new(header).chain(input))
            .and_then(|decryptor| {
                decryptor.decrypt(std::iter::once::<&dyn age::Identity>(identity))
            })
            .map_err(Error::Open)?;
        Ok(Self {
            stream,
            buffer: Zeroizing::new(vec![0; BUFFER_BYTES]),
            next: 0,
            filled: 0,
            text_until: 0,
            padded_bytes: 0,
            held: Held::Nothing,
        })
    }

    /// Fills the empty buffer, or ends.
    fn fill(&mut self) -> io::Result<()> {
        self.next = 0;
        self.filled = 0;
        let filled = self.stream.read(&mut self.buffer)?;
        if filled == 0 {
            return self.end().map_err(Error::into_stream);
        }
        self.filled = filled;
        let read = self.buffer.get(..filled).unwrap_or_default();
        self.text_until = match read.iter().rposition(|byte| *byte != 0) {
            Some(at) if read.get(at) == Some(&padding::MARK) => at,
            Some(_) | None => filled,
        };
        self.padded_bytes = self
            .padded_bytes
            .saturating_add(u64::try_from(filled).unwrap_or(u64::MAX));
        Ok(())
    }

    fn end(&mut self) -> Result<(), Error> {
        let Held::Mark { zeros } = self.held else {
            return Err(Error::BadPadding);
        };
        let text_bytes = self.padded_bytes.checked_sub(zeros.saturating_add(1));
        if text_bytes.and_then(padding::rung) != Some(self.padded_bytes) {
            return Err(Error::BadPadding);
        }
        self.held = Held::End;
        Ok(())
    }

    /// Copies text from the buffer up to a mark that may begin the padding, or steps over that.
    fn copy(&mut self, out: &mut [u8]) -> usize {
        let text = self.buffer.get(self.next..self.text_until);
        let text = text.unwrap_or_default();
        if text.is_empty() {
            self.held = Held::Mark { zeros: 0 };
            self.next += 1;
            return 0;
        }
        let count = text.len().min(out.len());
        if let (Some(slots), Some(bytes)) = (out.get_mut(..count), text.get(..count)) {
            slots.copy_from_slice(bytes);
        }
        self.next += count;
        count
    }

    /// Counts zeros behind a mark; anything else makes both text.
    fn count_zeros(&mut self, before: u64) {
        let ready = self.buffer.get(self.next..self.filled).unwrap_or_default();
        let run = ready
            .iter()
            .position(|byte| *byte != 0)
            .unwrap_or(ready.len());
        let zeros = before.saturating_add(u64::try_from(run).unwrap_or(u64::MAX));
        self.held = if run == ready.len() {
            Held::Mark { zeros }
        } else {
            Held::Text { mark: true, zeros }
        };
        self.next += run;
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            match self.held {
                Held::End => return Ok(0),
                Held::Text { mark: true, zeros } => {
                    out.iter_mut()
                        .take(1)
                        .for_each(|slot| *slot = padding::MARK);
                    self.held = Held::Text { mark: false, zeros };
                    return Ok(1);
                }
                Held::Text { zeros: 0, .. } => self.held = Held::Nothing,
                Held::Text { mark: false, zeros } => {
                    let count =
                        usize::try_from(zeros).map_or(out.len(), |zeros| zeros.min(out.len()));
                    out.iter_mut().take(count).for_each(|slot| *slot = 0);
                    let zeros = zeros.saturating_sub(u64::try_from(count).unwrap_or(zeros));
                    self.held = Held::Text { mark: false, zeros };
                    return Ok(count);
                }
                _ if self.next == self.filled => self.fill()?,
                Held::Mark { zeros } => self.count_zeros(zeros),
                Held::Nothing => match self.copy(out) {
                    0 => {}
                    count => return Ok(count),
                },
            }
        }
    }
}
