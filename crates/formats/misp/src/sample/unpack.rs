//! Zips in. What is read is what the directory at the end says, each entry once.

use std::io::Read;

use flate2::{Crc, read::DeflateDecoder};

use super::{
    NAME_SUFFIX, Sample, SampleError, SampleLimits,
    crypt::{HEADER_BYTES, Keys},
    md5,
};

/// Bytes of the name that a file had.
const NAME_BYTES_MAX: u64 = 4 << 10;
/// What may be unpacked whatever the ratio.
const FREE_BYTES: u64 = 1 << 20;

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const COMMENT_BYTES_MAX: usize = 0xffff;
const LISTED: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";

const IS_ENCRYPTED: u16 = 1;
const IS_DESCRIBED_BEHIND: u16 = 1 << 3;
const IS_ENCRYPTED_STRONGLY: u16 = 1 << 6;
const IS_LISTED_ENCRYPTED: u16 = 1 << 13;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const AES: u16 = 99;

/// An entry of a zip, as the zip says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SampleEntry {
    /// Its name.
    pub name: String,
    /// Bytes of it unpacked.
    pub unpacked_bytes: u64,
    /// Whether it is encrypted.
    pub encrypted: bool,
}

/// The entries of a zip, without unpacking any.
pub fn list_sample(zip: &[u8], limits: &SampleLimits) -> Result<Vec<SampleEntry>, SampleError> {
    let listed = directory(zip, limits)?;
    Ok(listed
        .into_iter()
        .map(|entry| SampleEntry {
            name: entry.name,
            unpacked_bytes: entry.unpacked_bytes,
            encrypted: entry.flags & IS_ENCRYPTED != 0,
        })
        .collect())
}

/// Unpacks a sample.
///
/// The file's name in the zip is its MD5, which is compared; of another name nothing is asked.
pub fn read_sample(zip: &[u8], limits: &SampleLimits) -> Result<Sample, SampleError> {
    let (names, files): (Vec<_>, Vec<_>) = directory(zip, limits)?
        .into_iter()
        .filter(|entry| !entry.name.ends_with('/'))
        .partition(|entry| entry.name.ends_with(NAME_SUFFIX));
    let ([file], [] | [_]) = (&*files, &*names) else {
        return Err(SampleError::NotOneFile);
    };
    let name = match &*names {
        [name] if name.unpacked_bytes > NAME_BYTES_MAX => {
            return Err(SampleError::Damaged("the file's name is too long"));
        }
        [name] => name.unpack(zip, limits)?,
        _ => Vec::new(),
    };
    let name = String::from_utf8_lossy(&name).trim().to_owned();
    let bytes = file.unpack(zip, limits)?;
    let md5 = md5(&bytes);
    let is_named_so =
        file.name.len() == md5.len() && file.name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_named_so && !file.name.eq_ignore_ascii_case(&md5) {
        return Err(SampleError::Digest);
    }
    Ok(Sample {
        name,
        md5,
        file: bytes,
    })
}

struct Listed {
    name: String,
    flags: u16,
    method: u16,
    time: u16,
    checksum: u32,
    packed_bytes: u64,
    unpacked_bytes: u64,
    offset: u64,
}

/// What the directory lists.
fn directory(zip: &[u8], limits: &SampleLimits) -> Result<Vec<Listed>, SampleError> {
    let last = zip.len().checked_sub(END_BYTES);
    let last = last.ok_or(SampleError::Damaged("it is too short"))?;
    let first = last.saturating_sub(COMMENT_BYTES_MAX);
    let at = (first..=last)
        .rev()
        .find(|&at| zip.get(at..).is_some_and(|rest| rest.starts_with(END)))
        .ok_or(SampleError::Damaged("it has no end"))?;
    let mut end = Bytes(zip.get(at + END.len()..).unwrap_or_default());
    end.skip(6)?;
    let count = usize::from(end.two()?);
    end.skip(4)?;
    let offset = end.four()?;
    if offset == u32::MAX || count == usize::from(u16::MAX) {
        return Err(SampleError::Unsupported("the 64-bit form"));
    }
    if count > limits.entries_max {
        return Err(SampleError::TooManyEntries(limits.entries_max));
    }
    let mut rest = from(zip, u64::from(offset))?;
    let mut entries = (0..count)
        .map(|_| Listed::read(&mut rest))
        .collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|entry| entry.offset);
    // Entries that share their bytes would unpack to far more than the zip is.
    let overlap = entries
        .iter()
        .zip(entries.iter().skip(1))
        .any(|(one, next)| one.offset.saturating_add(one.packed_bytes) >= next.offset);
    if overlap {
        return Err(SampleError::Damaged("entries overlap"));
    }
    let sum = entries
        .iter()
        .fold(0_u64, |sum, entry| sum.saturating_add(entry.unpacked_bytes));
    if sum > limits.unpacked_bytes_max {
        return Err(SampleError::TooLarge(limits.unpacked_bytes_max));
    }
    Ok(entries)
}

impl Listed {
    fn read(bytes: &mut Bytes<'_>) -> Result<Self, SampleError> {
        if bytes.take(LISTED.len())? != LISTED {
            return Err(SampleError::Damaged("its directory is wrong"));
        }
        bytes.skip(4)?;
        let flags = bytes.two()?;
        let method = bytes.two()?;
        let time = bytes.two()?;
        bytes.skip(2)?;
        let checksum = bytes.four()?;
        let packed_bytes = u64::from(bytes.four()?);
        let unpacked_bytes = u64::from(bytes.four()?);
        let [name_bytes, extra_bytes, comment_bytes] =
            [bytes.two()?, bytes.two()?, bytes.two()?].map(usize::from);
        bytes.skip(8)?;
        let offset = u64::from(bytes.four()?);
        let name = bytes.take(name_bytes)?;
        bytes.skip(extra_bytes + comment_bytes)?;
        Ok(Self {
            name: String::from_utf8_lossy(name).into_owned(),
            flags,
            method,
            time,
            checksum,
            packed_bytes,
            unpacked_bytes,
            offset,
        })
    }

    fn unpack(&self, zip: &[u8], limits: &SampleLimits) -> Result<Vec<u8>, SampleError> {
        if self.flags & (IS_ENCRYPTED_STRONGLY | IS_LISTED_ENCRYPTED) != 0 || self.method == AES {
            return Err(SampleError::Unsupported("strong encryption"));
        }
        let fair = limits
            .ratio_max
            .saturating_mul(self.packed_bytes)
            .saturating_add(FREE_BYTES);
        if self.unpacked_bytes > fair {
            return Err(SampleError::Ratio(limits.ratio_max));
        }
        let mut local = from(zip, self.offset)?;
        if local.take(LOCAL.len())? != LOCAL {
            return Err(SampleError::Damaged("an entry is not where it should be"));
        }
        local.skip(22)?;
        let lengths = [local.two()?, local.two()?].map(usize::from);
        local.skip(lengths.iter().sum())?;
        let packed = local.take(size(self.packed_bytes)?)?;
        let decrypted;
        let packed = if self.flags & IS_ENCRYPTED == 0 {
            packed
        } else {
            decrypted = self.decrypt(packed)?;
            &decrypted
        };
        let unpacked = match self.method {
            STORED => packed.to_vec(),
            DEFLATED => self.inflate(packed)?,
            _ => return Err(SampleError::Unsupported("another compression")),
        };
        let mut checksum = Crc::new();
        checksum.update(&unpacked);
        if unpacked.len() != size(self.unpacked_bytes)? || checksum.sum() != self.checksum {
            return Err(SampleError::Damaged(
                "an entry is not what its checksum says",
            ));
        }
        Ok(unpacked)
    }

    fn decrypt(&self, packed: &[u8]) -> Result<Vec<u8>, SampleError> {
        let mut keys = Keys::new();
        let header = packed.get(..HEADER_BYTES);
        let header = header.ok_or(SampleError::Damaged("an entry is too short"))?;
        let header = keys.decrypt(header);
        // The last byte shows the password: of the checksum, or of the time where that was not known
        // when the entry was begun. Some writers take the first where they should take the second.
        let [.., of_checksum] = self.checksum.to_le_bytes();
        let [.., of_time] = self.time.to_le_bytes();
        let is_behind = self.flags & IS_DESCRIBED_BEHIND != 0;
        match header.last() {
            Some(&shown) if shown == of_checksum || is_behind && shown == of_time => {
                Ok(keys.decrypt(packed.get(HEADER_BYTES..).unwrap_or_default()))
            }
            _ => Err(SampleError::Password),
        }
    }

    fn inflate(&self, packed: &[u8]) -> Result<Vec<u8>, SampleError> {
        let mut unpacked = Vec::new();
        DeflateDecoder::new(packed)
            .take(self.unpacked_bytes + 1)
            .read_to_end(&mut unpacked)
            .map_err(|_damaged| SampleError::Damaged("an entry does not unpack"))?;
        Ok(unpacked)
    }
}

/// Bytes that are read from their beginning.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], SampleError> {
        let cut = self.0.split_at_checked(count);
        let (taken, rest) = cut.ok_or(SampleError::Damaged("it is cut"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn skip(&mut self, count: usize) -> Result<(), SampleError> {
        self.take(count).map(drop)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SampleError> {
        let taken = self.take(N)?;
        <[u8; N]>::try_from(taken).map_err(|_cannot| SampleError::Damaged("it is cut"))
    }

    fn two(&mut self) -> Result<u16, SampleError> {
        self.array().map(u16::from_le_bytes)
    }

    fn four(&mut self) -> Result<u32, SampleError> {
        self.array().map(u32::from_le_bytes)
    }
}

fn from(zip: &[u8], offset: u64) -> Result<Bytes<'_>, SampleError> {
    let rest = zip.get(size(offset)?..);
    rest.map(Bytes)
        .ok_or(SampleError::Damaged("an entry is beyond its end"))
}

fn size(bytes: u64) -> Result<usize, SampleError> {
    usize::try_from(bytes).map_err(|_larger| SampleError::Damaged("a size is wrong"))
}
