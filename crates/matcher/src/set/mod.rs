//! Sets of indicators.
//!
//! All that scanning needs lies in sections of bytes, little end first, without pointers: a section
//! can be in memory or in a file that is mapped.

mod builder;
mod facts;
mod file;
mod hash;
mod index;
mod intern;
mod store;
mod table;
mod tables;
mod texts;

use std::{fmt, io, path::Path};

pub use builder::{AddError, SetBuilder};
pub use file::{Damage, OpenError, Provenance, reseal};

pub(crate) use hash::Class;
pub(crate) use tables::{Tables, Wanted};
pub(crate) use texts::{Shape, text_hash};

use facts::{Counts, Facts};
use store::{Hot, Part, Store};

use crate::{
    Indicator, Kind, Value,
    indicator::{self, Context},
    scan::{self, Line, Scratch},
};

/// Runs of letters and digits of these lengths can be values.
pub(crate) const LONG_BYTES_MIN: usize = 26;
pub(crate) const LONG_BYTES_MAX: usize = 128;

/// The number of an indicator in its set, from 0 in the order of being added.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IndicatorIndex(u32);

impl IndicatorIndex {
    pub(crate) fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// An indicator that a record contains.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Match {
    /// Where the observable begins in the record.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The indicator.
    pub indicator: IndicatorIndex,
    /// The indicator's kind.
    pub kind: Kind,
}

/// Indicators, ready to be found.
///
/// A set is built in memory or opened from a file that [`Set::write`] wrote. A file can turn out to be
/// damaged while it is in use: whoever scans asks [`Set::damage`] after each piece of work.
pub struct Set {
    facts: Facts,
    hot: Hot,
    store: Store,
    provenance: Option<Box<Provenance>>,
}

impl Set {
    /// Opens a compiled set, which is mapped into memory and ready at once.
    ///
    /// Header and offsets are checked now, and what each record asks is read into memory; the rest
    /// is checked by blocks of 1 MiB when it is first used, and [`Set::damage`] says what was found.
    /// A file that shrinks while it is mapped is damage too and does not end the process: opening the
    /// first set installs a handler of `SIGBUS` for that, which hands on what is not its own. A file
    /// must not be written to while it is open: a block is checked once. Replace it by another, as
    /// [`Set::write`] does; who has the old one open goes on with it.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        file::open(path)
    }

    /// Reads a compiled set from bytes, checked as those of a file are.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, OpenError> {
        file::from_bytes(bytes)
    }

    /// Writes a compiled set to a new file beside `path`, waits for the disk, and lets it take the
    /// place of `path`.
    pub fn write(&self, path: &Path, provenance: &Provenance) -> io::Result<()> {
        file::write(self, path, provenance)
    }

    /// Writes the bytes of a compiled set. A set that was opened is checked as a whole before.
    pub fn write_to(&self, out: &mut impl io::Write, provenance: &Provenance) -> io::Result<()> {
        file::write_to(self, out, provenance)
    }

    /// Who made the file; nothing of a set that was built in memory.
    pub fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_deref()
    }

    /// The damage that was met so far in the file of the set. From then on indicators may be missed,
    /// and what was found since the last question may be too little: begin that work again with
    /// another set, or end with an error.
    pub fn damage(&self) -> Option<Damage> {
        match &self.store {
            Store::Built(_) => None,
            Store::File(file) => file.damage(),
        }
    }

    /// Finds all indicators in a record, in the order of where they begin; in records over 64 KiB
    /// only about. One found in two readings is reported once. Logs of many records are read faster
    /// by [`Set::scan_lines`].
    pub fn scan(&self, record: &[u8], scratch: &mut Scratch, found: impl FnMut(Match)) {
        scan::scan(&self.tables(), record, scratch, found);
    }

    /// Finds all indicators in each line of a chunk, as [`Set::scan`] finds them in the line without
    /// its line feed, and says how many lines there are. Matches come in the order of the lines;
    /// their places are within the line. What follows the last line feed is a line if it is not
    /// empty, so a reader hands over whole lines; a megabyte of them is a good chunk.
    pub fn scan_lines(
        &self,
        chunk: &[u8],
        scratch: &mut Scratch,
        found: impl FnMut(Line, Match),
    ) -> usize {
        scan::scan_lines(&self.tables(), chunk, scratch, found)
    }

    /// How many indicators there are.
    pub fn len(&self) -> usize {
        usize::try_from(self.facts.count).unwrap_or(usize::MAX)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.facts.count == 0
    }

    /// The kinds that there are, and how many indicators of each.
    pub fn counts(&self) -> impl Iterator<Item = (Kind, usize)> {
        self.facts.counts.each()
    }

    /// The bytes that the set takes in memory, about. Of a set that was opened they are those of the
    /// file, which the system keeps once for all who have it open and may let go, and a copy of what
    /// each record asks.
    pub fn memory_bytes(&self) -> usize {
        let hot: usize = Part::ALL
            .iter()
            .map(|part| self.hot.part(*part).len())
            .sum();
        hot + self.store.memory_bytes()
    }

    /// An indicator as it was added, its value in the normal form.
    pub fn indicator(&self, index: IndicatorIndex) -> Option<Indicator<'_>> {
        let cold = self.store.cold();
        let bytes = self.tables().bytes_of(index.0)?;
        unpacked(bytes, |part, place| cold.item(part, place))
    }

    /// All indicators in the order of being added, those that are carried alone too.
    pub fn indicators(&self) -> impl Iterator<Item = (IndicatorIndex, Indicator<'_>)> {
        let all = (0..self.facts.count).map(IndicatorIndex);
        all.map_while(|index| Some((index, self.indicator(index)?)))
    }

    #[inline]
    fn tables(&self) -> Tables<'_> {
        Tables::new(&self.facts, &self.hot, self.store.cold())
    }

    /// All of a section; nothing where it is damaged.
    fn section(&self, part: Part) -> Option<&[u8]> {
        if part.is_hot() {
            return Some(self.hot.part(part));
        }
        let cold = self.store.cold();
        cold.get(part, 0..cold.length(part))
    }
}

/// An indicator from its bytes, and from what it has in common with others.
fn unpacked<'a>(
    bytes: &'a [u8],
    item: impl Fn(Part, u64) -> Option<&'a [u8]>,
) -> Option<Indicator<'a>> {
    let (kind, packed, mut rest) = indicator::head(bytes)?;
    let context = item(Part::Contexts, indicator::take_number(&mut rest)?)?;
    let context = Context::read(context)?;
    let valid_from_us = indicator::take_time(&mut rest);
    let valid_until_us = indicator::take_time(&mut rest);
    let id = match indicator::take_number(&mut rest)?.checked_sub(1) {
        None => str::from_utf8(rest).ok()?.into(),
        Some(head) => {
            let head = str::from_utf8(item(Part::Heads, head)?).ok()?;
            indicator::join_uuid(head, *rest.first_chunk()?).into()
        }
    };
    Some(Indicator {
        value: Value::of_packed(kind, packed),
        id,
        source: context.source.into(),
        marking: context.marking.map(Into::into),
        valid_from_us,
        valid_until_us,
        confidence: context.confidence,
    })
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Set")
            .field("count", &self.facts.count)
            .field("memory_bytes", &self.memory_bytes())
            .finish_non_exhaustive()
    }
}
