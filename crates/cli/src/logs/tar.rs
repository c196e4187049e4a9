//! tar, of every age, from front to back.

use std::io::{self, ErrorKind, Read};

use tar::{GnuExtSparseHeader, Header, PaxExtensions};

use super::{account::count, peeked::Peeked};

const BLOCK_BYTES: usize = 512;
const BLOCK: u64 = 512;
/// Bytes of a long name, or of what pax says of a member.
const EXTENSION_BYTES_MAX: u64 = 1 << 20;
/// Bytes that say where the holes of a member are.
const SPARSE_MAP_BYTES_MAX: u64 = 64 << 20;

/// Whether a block is the header of a member: its checksum holds.
pub(super) fn is_header(head: &[u8]) -> bool {
    let Some(block) = head.first_chunk::<BLOCK_BYTES>() else {
        return false;
    };
    let fields = (block.get(..148), block.get(156..));
    let (Some(before), Some(behind)) = fields else {
        return false;
    };
    let bytes = before.iter().chain(behind);
    let sum = bytes.fold(8 * u32::from(b' '), |sum, byte| sum + u32::from(*byte));
    let mut header = Header::new_old();
    *header.as_mut_bytes() = *block;
    header.cksum().is_ok_and(|given| given == sum)
}

/// Members of a tar archive. Holes of sparse members are left out.
pub(super) struct Tar {
    input: Peeked,
    /// Bytes of this member that are still to be read.
    left: u64,
    /// Bytes behind them up to the next block.
    padding: u64,
}

impl Tar {
    pub(super) fn new(input: Peeked) -> Self {
        Self {
            input,
            left: 0,
            padding: 0,
        }
    }

    /// Goes to the next member with bytes and gives its name.
    pub(super) fn next(&mut self) -> io::Result<Option<String>> {
        let mut said = Said::default();
        loop {
            self.input.skip(self.left.saturating_add(self.padding))?;
            (self.left, self.padding) = (0, 0);
            let Some(header) = self.header()? else {
                return Ok(None);
            };
            self.expect(match said.bytes {
                Some(bytes) => bytes,
                None => header.entry_size()?,
            });
            let kind = header.entry_type();
            if kind.is_gnu_longname() {
                let name = self.extension()?;
                let end = name.iter().position(|byte| *byte == 0);
                said.name = name.get(..end.unwrap_or(name.len())).map(lossy);
            } else if kind.is_pax_local_extensions() {
                said.hear(&self.extension()?);
            } else if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
                let is_extended = header.as_gnu().is_some_and(tar::GnuHeader::is_extended);
                if kind.is_gnu_sparse() && is_extended {
                    self.skip_holes()?;
                }
                if said.is_mapped {
                    self.skip_map()?;
                }
                let name = said.name.take();
                return Ok(Some(name.unwrap_or_else(|| lossy(&header.path_bytes()))));
            } else if !kind.is_gnu_longlink() && !kind.is_pax_global_extensions() {
                said = Said::default();
            }
        }
    }

    /// Reads the member.
    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let most = into.len().min(most);
        let bytes = self.input.read(into.get_mut(..most).unwrap_or_default())?;
        if bytes == 0 && most > 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.left -= count(bytes);
        Ok(bytes)
    }

    fn expect(&mut self, bytes: u64) {
        self.left = bytes;
        self.padding = (BLOCK - bytes % BLOCK) % BLOCK;
    }

    /// The next header. An archive ends with the input or with zeros; another may follow these.
    fn header(&mut self) -> io::Result<Option<Header>> {
        loop {
            if self.input.peek(1, |_| false)?.is_empty() {
                return Ok(None);
            }
            let block = self.input.array::<BLOCK_BYTES>()?;
            if is_header(&block) {
                let mut header = Header::new_old();
                *header.as_mut_bytes() = block;
                return Ok(Some(header));
            }
            if block.iter().any(|byte| *byte != 0) {
                return Err(damaged("no member begins where one should"));
            }
        }
    }

    /// The whole of a member that tells of the next one.
    fn extension(&mut self) -> io::Result<Vec<u8>> {
        if self.left > EXTENSION_BYTES_MAX {
            return Err(damaged("what is said of a member is too long"));
        }
        let mut bytes = vec![0; usize::try_from(self.left).unwrap_or_default()];
        self.input.read_exact(&mut bytes)?;
        self.left = 0;
        Ok(bytes)
    }

    /// Passes over the blocks in which GNU tar says where the holes are.
    fn skip_holes(&mut self) -> io::Result<()> {
        let mut header = GnuExtSparseHeader::new();
        for _ in 0..SPARSE_MAP_BYTES_MAX / BLOCK {
            *header.as_mut_bytes() = self.input.array::<BLOCK_BYTES>()?;
            if !header.is_extended() {
                return Ok(());
            }
        }
        Err(damaged("a member has too many holes"))
    }

    /// Passes over the numbers before the bytes with which GNU tar says the same in pax archives:
    /// how many pairs there are, and the pairs, each number on a line.
    fn skip_map(&mut self) -> io::Result<()> {
        let (mut number, mut numbers_left) = (0_u64, None::<u64>);
        for _ in 0..SPARSE_MAP_BYTES_MAX / BLOCK {
            let block = self.input.array::<BLOCK_BYTES>()?;
            self.left = self.left.checked_sub(BLOCK).ok_or_else(|| damaged(MAP))?;
            for byte in block {
                match (byte, numbers_left) {
                    (b'0'..=b'9', _) => {
                        let digit = u64::from(byte - b'0');
                        number = number.saturating_mul(10).saturating_add(digit);
                    }
                    (b'\n', None) => numbers_left = Some(number.saturating_mul(2)),
                    (b'\n', Some(left)) => numbers_left = Some(left.saturating_sub(1)),
                    _ => return Err(damaged(MAP)),
                }
                if byte == b'\n' {
                    number = 0;
                }
                if numbers_left == Some(0) {
                    return Ok(());
                }
            }
        }
        Err(damaged(MAP))
    }
}

const MAP: &str = "the holes of a member cannot be read";

/// What earlier members say of the next one.
#[derive(Default)]
struct Said {
    name: Option<String>,
    bytes: Option<u64>,
    is_mapped: bool,
}

impl Said {
    fn hear(&mut self, pax: &[u8]) {
        for pair in PaxExtensions::new(pax).flatten() {
            match pair.key_bytes() {
                b"GNU.sparse.name" => self.name = Some(lossy(pair.value_bytes())),
                b"path" if !self.is_mapped => self.name = Some(lossy(pair.value_bytes())),
                b"size" => self.bytes = pair.value().ok().and_then(|size| size.parse().ok()),
                b"GNU.sparse.major" => self.is_mapped = pair.value_bytes() == b"1",
                _ => {}
            }
        }
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn damaged(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}
