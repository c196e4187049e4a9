//! Deflate (RFC 1951), and gzip (RFC 1952) around it.
//!
//! The readers of `flate2` drop what they unpacked in the call in which they meet damage; these hand
//! it on.

use std::io::{self, BufRead, ErrorKind, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{peeked::Peeked, unpack::follows};

/// Bytes of the fields of a gzip head, names among them.
const FIELD_BYTES_MAX: u32 = 1 << 20;

/// Reads one stream of deflate, and nothing behind it.
pub(super) struct Inflate {
    pub(super) input: Peeked,
    stream: Decompress,
    checksum: Crc,
    is_ended: bool,
    error: Option<io::Error>,
}

impl Inflate {
    pub(super) fn new(input: Peeked) -> Self {
        Self {
            input,
            stream: Decompress::new(false),
            checksum: Crc::new(),
            is_ended: false,
            error: None,
        }
    }

    /// Bytes that were read.
    pub(super) fn packed(&self) -> u64 {
        self.stream.total_in()
    }

    /// Bytes that were given, and their checksum.
    fn given(&self) -> (u64, u32) {
        (self.stream.total_out(), self.checksum.sum())
    }

    /// Makes ready for another stream.
    fn restart(&mut self) {
        self.stream.reset(false);
        self.checksum.reset();
        self.is_ended = false;
    }

    /// Unpacks some more; zero bytes where more must be read first.
    fn advance(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let packed = self.input.fill_buf()?;
        let is_last = packed.is_empty();
        let (packed_before, given_before) = (self.stream.total_in(), self.stream.total_out());
        let flush = FlushDecompress::None;
        let status = self.stream.decompress(packed, into, flush);
        let taken = self.stream.total_in() - packed_before;
        let given = self.stream.total_out() - given_before;
        self.input.consume(usize::try_from(taken).unwrap_or(0));
        let given = usize::try_from(given).unwrap_or(0);
        self.checksum.update(into.get(..given).unwrap_or_default());
        match status {
            Ok(Status::StreamEnd) => self.is_ended = true,
            Ok(Status::Ok | Status::BufError) if is_last && given == 0 => {
                self.error = Some(ErrorKind::UnexpectedEof.into());
            }
            Ok(Status::Ok | Status::BufError) => {}
            Err(error) => self.error = Some(io::Error::new(ErrorKind::InvalidData, error)),
        }
        Ok(given)
    }
}

impl Read for Inflate {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !into.is_empty() {
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            if self.is_ended {
                break;
            }
            let given = self.advance(into)?;
            if given > 0 {
                return Ok(given);
            }
        }
        Ok(0)
    }
}

/// The members of a gzip file, one behind the other.
pub(super) struct Gzip {
    member: Inflate,
    state: State,
}

enum State {
    Between,
    Inside,
    Ended,
}

impl Gzip {
    pub(super) fn new(input: Peeked) -> Self {
        Self {
            member: Inflate::new(input),
            state: State::Between,
        }
    }

    fn begin(&mut self) -> io::Result<State> {
        let input = &mut self.member.input;
        if !follows(input, |head| head.starts_with(&[0x1f, 0x8b]))? {
            return Ok(State::Ended);
        }
        head(input)?;
        self.member.restart();
        Ok(State::Inside)
    }

    /// Checks a member against what stands behind it.
    fn end(&mut self) -> io::Result<State> {
        let checksum = u32::from_le_bytes(self.member.input.array()?);
        let length = u32::from_le_bytes(self.member.input.array()?);
        let (given, own) = self.member.given();
        if checksum != own || u64::from(length) != given & u64::from(u32::MAX) {
            return Err(damaged("the checksum of a member differs"));
        }
        Ok(State::Between)
    }
}

impl Read for Gzip {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            self.state = match self.state {
                State::Ended => return Ok(0),
                State::Between => self.begin()?,
                State::Inside => match self.member.read(into)? {
                    0 if !into.is_empty() => self.end()?,
                    count => return Ok(count),
                },
            };
        }
    }
}

/// Passes over the head of a member.
fn head(input: &mut Peeked) -> io::Result<()> {
    const DEFLATE: u8 = 8;
    const HAS_CHECKSUM: u8 = 1 << 1;
    const HAS_EXTRA: u8 = 1 << 2;
    const HAS_NAME: u8 = 1 << 3;
    const HAS_COMMENT: u8 = 1 << 4;
    let [_, _, method, flags] = input.array()?;
    if method != DEFLATE {
        return Err(damaged("a member is not compressed by deflate"));
    }
    input.skip(6)?;
    if flags & HAS_EXTRA != 0 {
        let length = u16::from_le_bytes(input.array()?);
        input.skip(u64::from(length))?;
    }
    for field in [HAS_NAME, HAS_COMMENT] {
        if flags & field != 0 {
            skip_text(input)?;
        }
    }
    if flags & HAS_CHECKSUM != 0 {
        input.skip(2)?;
    }
    Ok(())
}

/// Passes over a text that ends with a zero.
fn skip_text(input: &mut Peeked) -> io::Result<()> {
    for _ in 0..FIELD_BYTES_MAX {
        if input.array()? == [0] {
            return Ok(());
        }
    }
    Err(damaged("a name in the head of a member has no end"))
}

fn damaged(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}
