//! Writing a file.

use std::{
    fs,
    io::{self, ErrorKind, Write as _},
    path::Path,
};

use super::{
    ALIGN_BYTES, BLOCK_BYTES, Damage, Provenance,
    header::{Hash, Header},
};
use crate::set::{Set, store::Part};

const ZEROS: [u8; 64] = [0; 64];

pub(in crate::set) fn write(set: &Set, path: &Path, provenance: &Provenance) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What the user's mask leaves of it, as of any new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    write_to(set, &mut file, provenance)?;
    file.flush()?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

pub(in crate::set) fn write_to(
    set: &Set,
    out: &mut impl io::Write,
    provenance: &Provenance,
) -> io::Result<()> {
    let sections: Option<Vec<_>> = Part::ALL.iter().map(|part| set.section(*part)).collect();
    let sections = sections.ok_or_else(|| damaged(set))?;
    let mut lengths = [0; Part::ALL.len()];
    for (to, section) in lengths.iter_mut().zip(&sections) {
        *to = u64::try_from(section.len()).unwrap_or(u64::MAX);
    }
    let header = Header {
        facts: set.facts,
        lengths,
        provenance: provenance.clone(),
        hashes: hashes(&sections),
    };
    let header = header.encode().ok_or_else(|| {
        let reason = "the texts of the provenance are longer than 1 MiB";
        io::Error::new(ErrorKind::InvalidInput, reason)
    })?;
    out.write_all(&header)?;
    for section in sections {
        out.write_all(section)?;
        out.write_all(behind(section))?;
    }
    // What shrank meanwhile was written as zeros.
    set.damage().map_or(Ok(()), |_| Err(damaged(set)))
}

fn damaged(set: &Set) -> io::Error {
    let damage = set.damage().unwrap_or(Damage::Shrunk);
    io::Error::new(ErrorKind::InvalidData, damage)
}

/// The zeros behind a section.
fn behind(section: &[u8]) -> &'static [u8] {
    let align = usize::try_from(ALIGN_BYTES).unwrap_or(ZEROS.len());
    let count = section.len().next_multiple_of(align) - section.len();
    ZEROS.get(..count).unwrap_or_default()
}

/// The checksums of the blocks of sections that lie one behind the other.
fn hashes(sections: &[&[u8]]) -> Vec<Hash> {
    let mut hashes = Vec::new();
    let mut block = blake3::Hasher::new();
    let mut room = BLOCK_BYTES;
    for part in sections
        .iter()
        .flat_map(|&section| [section, behind(section)])
    {
        let mut rest = part;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(room.min(rest.len()));
            block.update(now);
            room -= now.len();
            rest = later;
            if room == 0 {
                hashes.push(*block.finalize().as_bytes());
                block.reset();
                room = BLOCK_BYTES;
            }
        }
    }
    if room < BLOCK_BYTES {
        hashes.push(*block.finalize().as_bytes());
    }
    hashes
}
