//! Zips out.

use std::io::Read;

use flate2::{Compression, Crc, read::DeflateEncoder};
use md5::{Digest, Md5};

use super::{
    NAME_SUFFIX, SampleError,
    crypt::{HEADER_BYTES, Keys},
    hex,
};

const VERSION: u16 = 20;
const IS_ENCRYPTED: u16 = 1;
const DEFLATED: u16 = 8;
/// The first of January 1980, the first day that a zip can say: one file gives one zip.
const DATE: u16 = 0x21;

/// Packs a file as MISP does. The same file under the same name gives the same zip.
pub fn write_sample(name: &str, file: &[u8]) -> Result<Vec<u8>, SampleError> {
    let digest = Md5::digest(file);
    let md5 = hex(&digest);
    let mut zip = Vec::with_capacity(file.len() / 2 + 1_024);
    let mut listed = Vec::new();
    let named = format!("{md5}{NAME_SUFFIX}");
    for (entry, bytes) in [(&md5, file), (&named, name.as_bytes())] {
        add(&mut zip, &mut listed, entry, bytes, &digest)?;
    }
    let offset = four(zip.len())?;
    let size = four(listed.len())?;
    zip.append(&mut listed);
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0\x02\0\x02\0");
    zip.extend_from_slice(&size.to_le_bytes());
    zip.extend_from_slice(&offset.to_le_bytes());
    zip.extend_from_slice(&[0, 0]);
    Ok(zip)
}

fn add(
    zip: &mut Vec<u8>,
    listed: &mut Vec<u8>,
    name: &str,
    bytes: &[u8],
    seed: &[u8],
) -> Result<(), SampleError> {
    let mut checksum = Crc::new();
    checksum.update(bytes);
    let checksum = checksum.sum().to_le_bytes();
    // Eleven bytes that should be chance, and one by which the password is seen. The password is
    // known to all, so chance would hide nothing.
    let mut plain: Vec<u8> = seed.iter().copied().take(HEADER_BYTES - 1).collect();
    plain.extend(checksum.last());
    DeflateEncoder::new(bytes, Compression::default())
        .read_to_end(&mut plain)
        .map_err(|_cannot| SampleError::Damaged("the file does not pack"))?;
    let packed = Keys::new().encrypt(&plain);

    let mut head = Vec::new();
    for number in [VERSION, IS_ENCRYPTED, DEFLATED, 0, DATE] {
        head.extend_from_slice(&number.to_le_bytes());
    }
    head.extend_from_slice(&checksum);
    head.extend_from_slice(&four(packed.len())?.to_le_bytes());
    head.extend_from_slice(&four(bytes.len())?.to_le_bytes());
    head.extend_from_slice(&two(name.len())?.to_le_bytes());
    head.extend_from_slice(&[0, 0]);

    let offset = four(zip.len())?;
    listed.extend_from_slice(b"PK\x01\x02");
    listed.extend_from_slice(&VERSION.to_le_bytes());
    listed.extend_from_slice(&head);
    listed.extend_from_slice(&[0; 10]);
    listed.extend_from_slice(&offset.to_le_bytes());
    listed.extend_from_slice(name.as_bytes());

    zip.extend_from_slice(b"PK\x03\x04");
    zip.extend_from_slice(&head);
    zip.extend_from_slice(name.as_bytes());
    zip.extend_from_slice(&packed);
    Ok(())
}

fn four(size: usize) -> Result<u32, SampleError> {
    // The greatest number means another form.
    u32::try_from(size)
        .ok()
        .filter(|&size| size != u32::MAX)
        .ok_or(SampleError::TooLarge(u64::from(u32::MAX) - 1))
}

fn two(size: usize) -> Result<u16, SampleError> {
    u16::try_from(size).map_err(|_larger| SampleError::Damaged("a name is too long"))
}
