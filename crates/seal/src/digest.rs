//! SHA-256 digests, and counting them while bytes pass by.

use std::{fmt, io, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use crate::{Error, text};

/// A SHA-256 digest, written in lower-case hexadecimal.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Takes a digest computed elsewhere.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text::unhex(text, "digest").map(Self)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// Digest and length of the bytes that went through a [`Meter`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Metered {
    /// SHA-256 of all bytes.
    pub sha256: Digest,
    /// Their number.
    pub size: u64,
}

/// Passes bytes on, to a writer or from a reader, and takes their digest and number on the way.
pub struct Meter<T> {
    inner: T,
    hasher: Sha256,
    size: u64,
}

impl<T> Meter<T> {
    /// Begins with nothing counted.
    pub fn new(inner: T) -> Self {
        Self {
            inner,
            hasher: Sha256::new(),
            size: 0,
        }
    }

    /// Gives the inner stream back, with what passed.
    pub fn finish(self) -> (T, Metered) {
        let metered = Metered {
            sha256: Digest(self.hasher.finalize().into()),
            size: self.size,
        };
        (self.inner, metered)
    }

    fn count(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.size = self
            .size
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }
}

impl<W: io::Write> io::Write for Meter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.inner.write(bytes)?;
        self.count(bytes.get(..taken).unwrap_or(bytes));
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: io::Read> io::Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.inner.read(buffer)?;
        self.count(buffer.get(..taken).unwrap_or_default());
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn a_meter_counts_what_passes_both_ways() {
        let mut writing = Meter::new(Vec::new());
        writing.write_all(b"ab").unwrap();
        writing.write_all(b"c").unwrap();
        let (written, metered) = writing.finish();
        assert_eq!(written, b"abc");
        assert_eq!(metered.sha256, Digest::of(b"abc"));
        assert_eq!(metered.size, 3);

        let mut reading = Meter::new(&b"abc"[..]);
        reading.read_to_end(&mut Vec::new()).unwrap();
        assert_eq!(reading.finish().1, metered);
    }

    #[test]
    fn the_digest_is_sha_256() {
        // FIPS 180-4 example "abc".
        assert_eq!(
            Digest::of(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
