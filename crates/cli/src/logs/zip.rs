//! zip, from front to back: stored and deflated members.

use std::io::{self, ErrorKind, Read};

use flate2::Crc;

use super::{account::count, error::LogError, inflate::Inflate, peeked::Peeked};

/// Members of a zip archive, by the headers before them.
pub(super) struct Zip {
    state: State,
    member: Member,
    checksum: Crc,
}

enum State {
    Between(Peeked),
    Stored(Peeked, u64),
    Deflated(Inflate),
    Ended,
}

/// What stands before a member.
#[derive(Default)]
struct Member {
    name: String,
    flags: u16,
    method: u16,
    checksum: u32,
    packed: u64,
}

/// What comes next in an archive.
pub(super) enum Next {
    Member(String),
    Refused(String, LogError),
    End,
}

const IS_ENCRYPTED: u16 = 1;
/// Sizes and checksum stand behind the member.
const IS_DESCRIBED_BEHIND: u16 = 1 << 3;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

impl Zip {
    pub(super) fn new(input: Peeked) -> Self {
        Self {
            state: State::Between(input),
            member: Member::default(),
            checksum: Crc::new(),
        }
    }

    /// Goes to the next member with bytes.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        loop {
            let Some(mut input) = self.leave()? else {
                return Ok(Next::End);
            };
            if !begins_member(&mut input)? {
                return Ok(Next::End);
            }
            let member = Member::read(&mut input)?;
            let is_sized = member.flags & IS_DESCRIBED_BEHIND == 0 || member.packed > 0;
            let is_folder = member.name.ends_with('/');
            let refusal = member.refusal(is_sized || is_folder);
            let name = member.name.clone();
            self.checksum.reset();
            self.state = match (&refusal, member.method) {
                (Some(_), _) if !is_sized => State::Ended,
                (None, DEFLATED) => State::Deflated(Inflate::new(input)),
                _ => State::Stored(input, member.packed),
            };
            self.member = member;
            match refusal {
                Some(error) => return Ok(Next::Refused(name, error)),
                None if !is_folder || !is_sized => return Ok(Next::Member(name)),
                None => {}
            }
        }
    }

    /// Reads the member.
    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = match &mut self.state {
            State::Between(_) | State::Ended => return Ok(0),
            State::Deflated(decoder) => decoder.read(into)?,
            State::Stored(input, left) => {
                let most = usize::try_from(*left).unwrap_or(usize::MAX);
                let most = into.len().min(most);
                let bytes = input.read(into.get_mut(..most).unwrap_or_default())?;
                if bytes == 0 && most > 0 {
                    return Err(ErrorKind::UnexpectedEof.into());
                }
                *left -= count(bytes);
                bytes
            }
        };
        self.checksum.update(into.get(..bytes).unwrap_or_default());
        if bytes == 0 && !into.is_empty() {
            self.close()?;
        }
        Ok(bytes)
    }

    /// The input behind a member that may not have been read to its end.
    fn leave(&mut self) -> io::Result<Option<Peeked>> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => Ok(None),
            State::Between(input) => Ok(Some(input)),
            State::Stored(mut input, left) => {
                input.skip(left)?;
                self.member
                    .skip_description(&mut input, self.member.packed)?;
                Ok(Some(input))
            }
            // Its end is only found by unpacking, unless its size stood before it.
            State::Deflated(_) if self.member.packed == 0 => {
                Err(damaged("the end of a damaged member cannot be found"))
            }
            State::Deflated(decoder) => {
                let rest = self.member.packed.saturating_sub(decoder.packed());
                let mut input = decoder.input;
                input.skip(rest)?;
                self.member
                    .skip_description(&mut input, self.member.packed)?;
                Ok(Some(input))
            }
        }
    }

    /// Goes behind the member that was read to its end, and checks it.
    fn close(&mut self) -> io::Result<()> {
        let (mut input, packed) = match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended | State::Between(_) => return Ok(()),
            State::Stored(input, _) => (input, self.member.packed),
            State::Deflated(decoder) => {
                let packed = decoder.packed();
                (decoder.input, packed)
            }
        };
        input.skip(self.member.packed.saturating_sub(packed))?;
        let behind = self.member.skip_description(&mut input, packed)?;
        self.state = State::Between(input);
        if self.checksum.sum() != behind.unwrap_or(self.member.checksum) {
            return Err(damaged("the checksum of a member differs"));
        }
        Ok(())
    }
}

/// Whether a member follows; the directory at the end, or nothing but it, does not.
fn begins_member(input: &mut Peeked) -> io::Result<bool> {
    let head = input.peek(4, |_| false)?;
    match head {
        [b'P', b'K', 3, 4, ..] => Ok(true),
        [b'P', b'K', 1, 2, ..] | [b'P', b'K', 5 | 6, 6, ..] => Ok(false),
        _ if head.len() < 4 => Err(ErrorKind::UnexpectedEof.into()),
        _ => Err(damaged("no member begins where one should")),
    }
}

impl Member {
    fn read(input: &mut Peeked) -> io::Result<Self> {
        /// The field in which large sizes stand, and what they are then before.
        const ZIP64: u16 = 1;
        input.skip(6)?;
        let flags = u16::from_le_bytes(input.array()?);
        let method = u16::from_le_bytes(input.array()?);
        input.skip(4)?;
        let checksum = u32::from_le_bytes(input.array()?);
        let mut packed = u64::from(u32::from_le_bytes(input.array()?));
        let unpacked = u32::from_le_bytes(input.array()?);
        let name_bytes = u16::from_le_bytes(input.array()?);
        let mut more = u16::from_le_bytes(input.array()?);
        let mut name = vec![0; usize::from(name_bytes)];
        input.read_exact(&mut name)?;
        while more >= 4 {
            let field = u16::from_le_bytes(input.array()?);
            let field_bytes = u16::from_le_bytes(input.array()?).min(more - 4);
            more -= 4 + field_bytes;
            let before = if unpacked == u32::MAX { 8 } else { 0 };
            let is_large = field == ZIP64 && packed == u64::from(u32::MAX);
            if is_large && field_bytes >= before + 8 {
                input.skip(u64::from(before))?;
                packed = u64::from_le_bytes(input.array()?);
                input.skip(u64::from(field_bytes - before - 8))?;
            } else {
                input.skip(u64::from(field_bytes))?;
            }
        }
        input.skip(u64::from(more))?;
        Ok(Self {
            name: String::from_utf8_lossy(&name).into_owned(),
            flags,
            method,
            checksum,
            packed,
        })
    }

    fn refusal(&self, is_end_known: bool) -> Option<LogError> {
        let what = match self.method {
            _ if self.flags & IS_ENCRYPTED != 0 => "encrypted".to_owned(),
            STORED if is_end_known => return None,
            DEFLATED => return None,
            STORED => "stored without its size".to_owned(),
            method => format!("compressed by method {method}"),
        };
        Some(LogError::ZipMember { what })
    }

    /// Passes over the description behind a member and gives the checksum in it.
    fn skip_description(&self, input: &mut Peeked, packed: u64) -> io::Result<Option<u32>> {
        const MARK: &[u8] = b"PK\x07\x08";
        if self.flags & IS_DESCRIBED_BEHIND == 0 {
            return Ok(None);
        }
        if input.begins_with(MARK)? {
            input.skip(4)?;
        }
        let checksum = u32::from_le_bytes(input.array()?);
        // Two sizes of four bytes, or of eight; behind them the next header begins.
        let head = input.peek(10, |_| false)?;
        let is_large = head.starts_with(&packed.to_le_bytes()) && head.get(8..10) != Some(b"PK");
        input.skip(if is_large { 16 } else { 8 })?;
        Ok(Some(checksum))
    }
}

fn damaged(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}
