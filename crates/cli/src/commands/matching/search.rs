//! What is done with each chunk of a log, on many threads.

use std::{collections::HashMap, sync::Arc};

use cli::logs::{Chunk, ChunkInfo, TimeOptions, record_time};
use kernel::Timestamp;
use matcher::{Indicator, IndicatorIndex, Line, Scratch};

use super::{
    hit::Hit,
    lists::{Sought, Source},
    live::Live,
    observe, print,
    tally::ChunkTallies,
};

/// Bytes of what is printed of one chunk; from there on records are cut shorter, so that a log of
/// nothing but matches takes no more memory than others.
const TEXT_BYTES_CROWDED: usize = 8 << 20;
/// Bytes of a record that are printed then.
const RECORD_BYTES_CROWDED: usize = 64;

/// What is wanted of a match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wish {
    /// A line for people.
    Row,
    /// A line of JSON.
    Json,
    /// To be counted for its indicator.
    Counts,
    /// To become a sighting.
    Sightings,
    /// To be counted.
    Number,
    /// To know that there is one.
    Nothing,
}

/// How chunks are searched.
#[derive(Debug)]
pub(super) struct Search<'a> {
    pub(super) live: &'a Live,
    pub(super) wish: Wish,
    pub(super) record_bytes_max: usize,
    pub(super) valid_then: bool,
    pub(super) times: TimeOptions,
    /// Whether there are patterns, for which every record is taken apart.
    pub(super) with_patterns: bool,
}

/// What a thread keeps from chunk to chunk.
#[derive(Default)]
pub(super) struct Worker {
    scratch: Scratch,
    found: Vec<Found>,
    sought: Option<Arc<Sought>>,
    /// Which indicators of compiled sets are wanted.
    wanted: HashMap<(usize, IndicatorIndex), bool>,
}

/// A match, in the order in which it is told.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Found {
    line: usize,
    start: usize,
    end: usize,
    set: usize,
    indicator: IndicatorIndex,
    /// Where the line is in the chunk.
    bounds: (usize, usize),
}

/// What came of a chunk.
pub(super) struct Batch {
    pub(super) sought: Arc<Sought>,
    /// What is to be printed, and where in it each line of the log ends.
    pub(super) text: Vec<u8>,
    pub(super) ends: Vec<(u64, usize)>,
    pub(super) tallies: ChunkTallies,
    pub(super) matches: u64,
    /// Records for patterns.
    pub(super) seen: Vec<Seen>,
}

/// A record that patterns are held against.
pub(super) struct Seen {
    pub(super) line: u64,
    pub(super) offset: u64,
    pub(super) time: Option<Timestamp>,
    pub(super) record: Vec<u8>,
    /// What [`observe::objects`] made of it.
    pub(super) objects: String,
}

impl Search<'_> {
    pub(super) fn chunk(&self, worker: &mut Worker, chunk: &Chunk) -> serde_json::Result<Batch> {
        let sought = self.live.current();
        worker.turn_to(&sought);
        worker.find(&sought.sets, chunk.bytes());
        let mut batch = Batch {
            text: Vec::new(),
            ends: Vec::new(),
            tallies: ChunkTallies::new(),
            matches: 0,
            seen: Vec::new(),
            sought: Arc::clone(&sought),
        };
        self.tell(worker, chunk, &mut batch)?;
        if self.with_patterns {
            self.take_apart(chunk, &mut batch);
        }
        Ok(batch)
    }

    /// Prints or counts what was found.
    fn tell(
        &self,
        worker: &mut Worker,
        chunk: &Chunk,
        batch: &mut Batch,
    ) -> serde_json::Result<()> {
        let info = chunk.info();
        let sought = Arc::clone(&batch.sought);
        let mut last = None;
        for found in &worker.found {
            let Some(source) = sought.sets.get(found.set) else {
                continue;
            };
            let Some(indicator) = source.set.indicator(found.indicator) else {
                continue;
            };
            let wants = || source.compiled.is_none() || sought.aim.wants(&indicator);
            let key = (found.set, found.indicator);
            if !*worker.wanted.entry(key).or_insert_with(wants) {
                continue;
            }
            let record = record_at(chunk.bytes(), found.bounds);
            let time = match last {
                Some((line, time)) if line == found.line => time,
                _ if self.needs_time(&indicator) => {
                    let time = record_time(record, &self.times);
                    last = Some((found.line, time));
                    time
                }
                _ => None,
            };
            let hit = Hit {
                file: &info.source.name,
                line: line_number(info, found.line),
                offset: offset(info, found.bounds),
                record,
                place: Some(found.start..found.end),
                indicator: &indicator,
                time,
            };
            if !hit.counts(self.valid_then) {
                continue;
            }
            batch.matches += 1;
            match self.wish {
                Wish::Row | Wish::Json => {
                    self.print(&hit, &mut batch.text)?;
                    batch.ends.push((hit.line, batch.text.len()));
                }
                Wish::Counts | Wish::Sightings => {
                    let tally = batch.tallies.entry(key).or_default();
                    tally.add(&hit, self.wish == Wish::Sightings);
                }
                Wish::Number => {}
                Wish::Nothing => break,
            }
        }
        Ok(())
    }

    /// Whether the time of a record is printed, or decides.
    fn needs_time(&self, indicator: &Indicator<'_>) -> bool {
        let is_counted = matches!(self.wish, Wish::Number | Wish::Nothing);
        let bounds = (indicator.valid_from_us, indicator.valid_until_us);
        !is_counted || bounds != (None, None)
    }

    pub(super) fn print(&self, hit: &Hit<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
        if self.wish == Wish::Json {
            let most = if out.len() < TEXT_BYTES_CROWDED {
                usize::MAX
            } else {
                RECORD_BYTES_CROWDED
            };
            return print::json(hit, self.record_bytes_max.min(most), out);
        }
        print::row(hit, out);
        Ok(())
    }

    fn take_apart(&self, chunk: &Chunk, batch: &mut Batch) {
        for record in chunk.records() {
            if let Some(objects) = observe::objects(record.bytes) {
                batch.seen.push(Seen {
                    line: record.line,
                    offset: record.offset,
                    time: record_time(record.bytes, &self.times),
                    record: record.bytes.to_vec(),
                    objects,
                });
            }
        }
    }
}

impl Worker {
    /// What was known of other sets says nothing of these.
    fn turn_to(&mut self, sought: &Arc<Sought>) {
        let same = self
            .sought
            .as_ref()
            .is_some_and(|known| Arc::ptr_eq(known, sought));
        if !same {
            self.wanted.clear();
            self.sought = Some(Arc::clone(sought));
        }
    }

    fn find(&mut self, sets: &[Source], chunk: &[u8]) {
        let Self { scratch, found, .. } = self;
        found.clear();
        for (set, source) in sets.iter().enumerate() {
            source.set.scan_lines(chunk, scratch, |line: Line, hit| {
                found.push(Found {
                    line: line.number,
                    start: hit.start,
                    end: hit.end,
                    set,
                    indicator: hit.indicator,
                    bounds: (line.start, line.end),
                });
            });
        }
        found.sort_unstable();
    }
}

/// A line without what ends it.
fn record_at(chunk: &[u8], (start, end): (usize, usize)) -> &[u8] {
    let line = chunk.get(start..end).unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn line_number(info: &ChunkInfo, number: usize) -> u64 {
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    info.first_line.saturating_add(number)
}

fn offset(info: &ChunkInfo, (start, _): (usize, usize)) -> u64 {
    let start = u64::try_from(start).unwrap_or(u64::MAX);
    info.offset.saturating_add(start)
}
