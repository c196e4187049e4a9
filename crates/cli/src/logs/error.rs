//! What can go wrong with an input.

use std::{fmt, io};

/// What is known by its first bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// bz2.
    Bzip2,
    /// xz.
    Xz,
    /// tar, of every age.
    Tar,
    /// zip.
    Zip,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bz2",
            Self::Xz => "xz",
            Self::Tar => "tar",
            Self::Zip => "zip",
        })
    }
}

/// Why an input, or a member of it, was not read to its end. What was read before has been handed on.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A file or standard input could not be opened.
    #[error("cannot be opened")]
    Open(#[source] io::Error),
    /// A folder could not be listed.
    #[error("the folder cannot be listed")]
    Folder(#[source] io::Error),
    /// The system stopped reading.
    #[error("cannot be read beyond byte {offset}")]
    Read {
        /// Bytes that were read before.
        offset: u64,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A pattern that matches nothing.
    #[error("no file has this name, and none matches it as a pattern")]
    NoMatch,
    /// A pattern that is none.
    #[error("no file has this name, and it is no pattern of names")]
    Pattern(#[source] glob::PatternError),
    /// More files than are kept in mind.
    #[error("there are more than {max} files here; name fewer at once")]
    TooManyFiles {
        /// Files that are kept in mind.
        max: usize,
    },
    /// Truncated or damaged.
    #[error(
        "the {format} data is truncated or damaged: it ends after {unpacked} unpacked bytes, near byte {packed} of the file"
    )]
    Damaged {
        /// The format that could not be read.
        format: Format,
        /// Bytes that this format gave before.
        unpacked: u64,
        /// Bytes of the file that were read before.
        packed: u64,
        /// What the decoder said.
        #[source]
        source: io::Error,
    },
    /// An archive in which no further member can be found.
    #[error("the {format} archive is truncated or damaged near byte {packed} of the file")]
    Archive {
        /// The format of the archive.
        format: Format,
        /// Bytes of the file that were read before.
        packed: u64,
        /// What was found instead.
        #[source]
        source: io::Error,
    },
    /// Perhaps a bomb.
    #[error(
        "unpacks to more than {ratio_max} times its size: {packed} bytes of {format} gave {unpacked}; if that is meant, raise --max-ratio"
    )]
    Ratio {
        /// The format that grows so.
        format: Format,
        /// Bytes of the file that it read.
        packed: u64,
        /// Bytes that it gave.
        unpacked: u64,
        /// The limit.
        ratio_max: u64,
    },
    /// More than was allowed.
    #[error("unpacks to more than {max} bytes; if that is meant, raise --max-unpacked")]
    Unpacked {
        /// The limit.
        max: u64,
    },
    /// A decoder would need more memory than was allowed.
    #[error(
        "the {format} data needs a window of more than {max} bytes in memory; if that is meant, raise --max-window"
    )]
    Window {
        /// The format that asks for it.
        format: Format,
        /// The limit.
        max: u64,
    },
    /// Formats within formats.
    #[error("is packed more than {max} times; unpack it first")]
    Depth {
        /// The limit.
        max: usize,
    },
    /// A format that is known and not read.
    #[error("is {what}, which is not read; {hint}")]
    Unsupported {
        /// What it is.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A member of a zip archive that is encrypted, or compressed in a rare way.
    #[error("this member of a zip archive is {what}; unpack it first")]
    ZipMember {
        /// What hinders.
        what: String,
    },
}
