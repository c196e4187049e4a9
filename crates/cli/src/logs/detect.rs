//! What the first bytes say.

use std::io;

use super::{
    error::{Format, LogError},
    peeked::Peeked,
};
use indicators::utf16::{self, Order};

/// A block of tar, which is the longest head that is looked at.
const HEAD_BYTES: usize = 512;

/// What the first bytes say.
pub(super) enum Content {
    /// Text, or what nobody knows.
    Text,
    /// UTF-16, known by its mark or its zeros.
    Utf16(Order),
    /// One stream, compressed.
    Packed(Format),
    /// Many members, in tar or zip.
    Archive(Format),
    /// Known, and not read.
    Unsupported(LogError),
}

/// Looks at the first bytes. No line is held back by it: the head ends with the first line.
pub(super) fn detect(input: &mut Peeked) -> io::Result<Content> {
    let head = input.peek(HEAD_BYTES, |head| head.contains(&b'\n'))?;
    Ok(content(head))
}

/// The first bytes of a bz2 stream with blocks, and of an empty one.
pub(super) fn is_bzip2(head: &[u8]) -> bool {
    const BLOCK: &[u8] = &[0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
    const END: &[u8] = &[0x17, 0x72, 0x45, 0x38, 0x50, 0x90];
    let Some((level, rest)) = head.strip_prefix(b"BZh").and_then(<[u8]>::split_first) else {
        return false;
    };
    matches!(level, b'1'..=b'9') && (rest.starts_with(BLOCK) || rest.starts_with(END))
}

/// The first bytes of a zstd frame, or of one that is to be skipped.
pub(super) fn is_zstd(head: &[u8]) -> bool {
    matches!(
        head,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]
    )
}

fn content(head: &[u8]) -> Content {
    match head {
        [0x1f, 0x8b, ..] => Content::Packed(Format::Gzip),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Content::Packed(Format::Xz),
        _ if is_zstd(head) => Content::Packed(Format::Zstd),
        _ if is_bzip2(head) => Content::Packed(Format::Bzip2),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Content::Archive(Format::Zip),
        _ if super::tar::is_header(head) => Content::Archive(Format::Tar),
        _ => match (unsupported(head), utf16::order(head)) {
            (Some(error), _) => Content::Unsupported(error),
            (None, Some(order)) => Content::Utf16(order),
            (None, None) => Content::Text,
        },
    }
}

fn unsupported(head: &[u8]) -> Option<LogError> {
    const UNPACK: &str = "unpack it first";
    const TABLE: &[(&[u8], &str, &str)] = &[
        (&[0x1f, 0x9d], "packed by compress", UNPACK),
        (&[0x04, 0x22, 0x4d, 0x18], "packed by lz4", UNPACK),
        (b"LZIP\x01", "packed by lzip", UNPACK),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
        (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
        (
            b"ElfFile\0",
            "a Windows event log (EVTX)",
            "export it as JSON lines first",
        ),
    ];
    let mut rows = TABLE.iter();
    let row = rows.find(|(magic, _, _)| head.starts_with(magic));
    row.map(|&(_, what, hint)| LogError::Unsupported { what, hint })
}
