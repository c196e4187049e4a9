//! Logs, from files of many kinds: names on the command line become chunks of whole lines.
//!
//! [`find()`] turns the names into [`Input`]s: files, folders, patterns and standard input. [`run`]
//! opens one after the other, unpacks what is packed, cuts the bytes into [`Chunk`]s of whole lines,
//! lets threads work on them and hands the results to one sink in the order of the input. What cannot
//! be read is an [`Event::Failed`] in its place, and the next input follows. Memory is bounded
//! whatever the input: a chunk a thread, a few results, and the windows of the decoders.
//!
//! # What is read
//!
//! Formats are told by their first bytes, never by a name: gzip, zstd, bz2 and xz (also many members
//! behind each other), tar, and zip as far as it can be read from front to back (stored and deflated
//! members), at most [`Options::depth_max`] of them within each other. A member of an archive is a
//! source of its own, `logs.tar.gz!var/log/syslog`; its name is only shown, never opened. 7-Zip, RAR,
//! lz4, lzip, `compress` and Windows event logs (EVTX) are known and refused, because a search in
//! their bytes would find nothing and look like an answer. Everything else is text.
//!
//! Text in UTF-16 is turned into UTF-8, and offsets count the bytes of that. It is known by its mark
//! or, where most of its beginning is ASCII, by the zeros between. All else is bytes, NUL included.
//!
//! Names in logs of the DNS server of Windows, `(4)evil(7)example(0)`, are spelled as usual where the
//! first [`names::HEAD_BYTES`] have one, with spaces behind them up to their old length.
//!
//! # Lines
//!
//! A line ends with `\n`; the last may lack it. A line longer than [`Options::line_bytes_max`] is cut
//! into pieces, each a record of its own with the number of the line and its column, so that a line
//! of any length is searched in bounded memory. The cut is made behind the last white space, quote,
//! `,` or `;` of the last [`CUT_SEARCH_BYTES`] before the limit. What is longer than these bytes and
//! has none of these separators may be cut in its middle and so be missed; what ends beside a cut is
//! seen as if the line ended there.
//!
//! A file is read up to the end that is met; what is appended later is not waited for. From a pipe
//! whole lines are handed on as soon as no more bytes are ready.

mod account;
mod bzip2;
mod chunk;
mod detect;
mod error;
mod find;
mod inflate;
mod input;
mod names;
mod peeked;
mod pipeline;
mod progress;
mod source_reader;
mod split;
mod tar;
mod time;
mod unpack;
mod walk;
mod zip;
mod zstd;

pub use chunk::{CUT_SEARCH_BYTES, Chunk, ChunkInfo, Record, Records, Source};
pub use error::{Format, LogError};
pub use find::{FILES_MAX, find};
pub use input::Input;
pub use pipeline::{Event, IN_FLIGHT_PER_THREAD, run};
pub use progress::Progress;
pub use source_reader::SourceReader;
pub use time::{TimeOptions, record_time};
pub use unpack::RATIO_FREE_BYTES;

/// Bytes of a chunk where nothing else is asked for.
pub const CHUNK_BYTES: usize = 512 << 10;
/// Bytes of a line that is not cut, where nothing else is asked for.
pub const LINE_BYTES_MAX: usize = 1 << 20;
/// Formats within each other, where nothing else is asked for.
pub const DEPTH_MAX: usize = 4;
/// Unpacked bytes for each packed one, where nothing else is asked for. Logs stay below 100; gzip
/// cannot reach 1,033.
pub const RATIO_MAX: u64 = 1_000;
/// Bytes that a decoder may look back, where nothing else is asked for: what `zstd --long` and
/// `xz -9` need.
pub const WINDOW_BYTES_MAX: u64 = 128 << 20;

/// How logs are read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Options {
    /// Threads that work, at least one.
    pub threads: usize,
    /// Bytes of a chunk, about.
    pub chunk_bytes: usize,
    /// Bytes of a line, without its end, that is not cut.
    pub line_bytes_max: usize,
    /// Formats within each other, such as gzip in tar in gzip, which is three.
    pub depth_max: usize,
    /// Unpacked bytes for each packed one, beyond the first [`RATIO_FREE_BYTES`].
    pub ratio_max: u64,
    /// Unpacked bytes of one input, those of all decoders within each other together.
    pub unpacked_bytes_max: Option<u64>,
    /// Bytes that a decoder may look back, which it keeps in memory.
    pub window_bytes_max: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, Into::into),
            chunk_bytes: CHUNK_BYTES,
            line_bytes_max: LINE_BYTES_MAX,
            depth_max: DEPTH_MAX,
            ratio_max: RATIO_MAX,
            unpacked_bytes_max: None,
            window_bytes_max: WINDOW_BYTES_MAX,
        }
    }
}

#[cfg(test)]
mod tests;
