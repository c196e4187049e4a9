//! One compressed stream, read within its limits.

use std::{
    io::{self, BufRead, ErrorKind, Read},
    sync::Arc,
};

use lzma_rust2::XzReader;

use super::{
    account::{Account, count, ended},
    bzip2::Bzip2,
    error::{Format, LogError},
    inflate::Gzip,
    peeked::Peeked,
    zstd::Zstd,
};

/// Unpacked bytes of a stream that [`super::Options::ratio_max`] does not look at.
pub const RATIO_FREE_BYTES: u64 = 64 << 20;

/// Bytes that were read ahead when a stream begins, at most.
const BUFFER_BYTES_MAX: u64 = 64 << 10;

/// What a decoder of xz needs beside its window, at most.
const XZ_MORE_BYTES: u64 = 1 << 20;

/// A decoder, and what it has cost.
pub(super) struct Unpacked {
    decoder: Box<dyn Read + Send>,
    format: Format,
    account: Arc<Account>,
    /// Bytes of the input that were read before this stream began, without those that may have been
    /// read ahead.
    packed_before: u64,
    given: u64,
    has_failed: bool,
}

impl Unpacked {
    /// Unpacks a stream of that format.
    pub(super) fn new(format: Format, input: Peeked, account: &Arc<Account>) -> Self {
        let window = account.options.window_bytes_max;
        let decoder: Box<dyn Read + Send> = match format {
            Format::Zstd => Box::new(Zstd::new(input, window)),
            Format::Bzip2 => Box::new(Bzip2::new(input)),
            Format::Xz => {
                let kib = window.saturating_add(XZ_MORE_BYTES) / 1024;
                let kib = u32::try_from(kib).unwrap_or(u32::MAX);
                Box::new(Sips(XzReader::new_mem_limit(input, true, kib)))
            }
            Format::Gzip | Format::Tar | Format::Zip => Box::new(Gzip::new(input)),
        };
        Self::around(decoder, format, account)
    }

    /// Reads from a decoder that is there already.
    pub(super) fn around(
        decoder: Box<dyn Read + Send>,
        format: Format,
        account: &Arc<Account>,
    ) -> Self {
        Self {
            decoder,
            format,
            account: Arc::clone(account),
            packed_before: account.packed().saturating_sub(BUFFER_BYTES_MAX),
            given: 0,
            has_failed: false,
        }
    }

    fn fail(&mut self, cause: LogError) -> io::Error {
        self.has_failed = true;
        self.account.fail(cause)
    }

    fn explain(&self, error: io::Error) -> LogError {
        if error.kind() == ErrorKind::OutOfMemory {
            return LogError::Window {
                format: self.format,
                max: self.account.options.window_bytes_max,
            };
        }
        LogError::Damaged {
            format: self.format,
            unpacked: self.given,
            packed: self.account.packed(),
            source: error,
        }
    }

    /// Whether the limits are kept after as many more bytes.
    fn spend(&mut self, bytes: usize) -> Result<(), LogError> {
        let options = &self.account.options;
        self.given = self.given.saturating_add(count(bytes));
        // A member of tar is as long as it is stored.
        let unpacked = match self.format {
            Format::Tar => 0,
            _ => bytes,
        };
        let all = self.account.unpack(unpacked);
        if let Some(max) = options.unpacked_bytes_max
            && all > max
        {
            return Err(LogError::Unpacked { max });
        }
        let packed = self.account.packed().saturating_sub(self.packed_before);
        let fair = packed.saturating_mul(options.ratio_max);
        if self.given > fair.saturating_add(RATIO_FREE_BYTES) {
            return Err(LogError::Ratio {
                format: self.format,
                packed,
                unpacked: self.given,
                ratio_max: options.ratio_max,
            });
        }
        Ok(())
    }
}

impl Read for Unpacked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.has_failed {
            return Err(ended());
        }
        match self.decoder.read(into) {
            Ok(count) => match self.spend(count) {
                Ok(()) => Ok(count),
                Err(cause) => Err(self.fail(cause)),
            },
            Err(error) => {
                let cause = self.explain(error);
                Err(self.fail(cause))
            }
        }
    }
}

/// Whether another member follows, behind the end of one. Zeros up to the end are padding.
pub(super) fn follows(input: &mut Peeked, is_member: impl Fn(&[u8]) -> bool) -> io::Result<bool> {
    const MAGIC_BYTES: usize = 10;
    let head = input.peek(MAGIC_BYTES, |_| false)?;
    if is_member(head) {
        return Ok(true);
    }
    loop {
        let here = input.fill_buf()?;
        if here.is_empty() {
            return Ok(false);
        }
        if here.iter().any(|byte| *byte != 0) {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                "other bytes stand behind its end",
            ));
        }
        let length = here.len();
        input.consume(length);
    }
}

/// Gives few bytes at a time, since the decoder of xz drops those of the call in which it meets
/// damage.
struct Sips(XzReader<Peeked>);

impl Read for Sips {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        const BYTES: usize = 256;
        let length = into.len().min(BYTES);
        self.0.read(into.get_mut(..length).unwrap_or_default())
    }
}
