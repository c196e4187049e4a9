//! What was found of each indicator: how often, first and last.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, hash_map::Entry},
};

use indicators::terminal::harmless;
use kernel::Timestamp;
use matcher::{Indicator, IndicatorIndex, Value};
use serde::Serialize;

use super::{hit::Hit, lists::Source, print::Known};

/// How many different texts of one indicator are kept for sightings.
pub(super) const FOUND_MAX: usize = 1000;

/// What was found of one indicator.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    /// What stood in the records, where that is asked for.
    pub(super) found: BTreeSet<String>,
}

impl Tally {
    pub(super) fn add(&mut self, hit: &Hit<'_>, with_texts: bool) {
        self.count += 1;
        self.seen(hit.time, hit.time);
        if with_texts && self.found.len() < FOUND_MAX && hit.place.is_some() {
            self.found.insert(hit.found().into_owned());
        }
    }

    fn seen(&mut self, first: Option<Timestamp>, last: Option<Timestamp>) {
        self.first = self.first.into_iter().chain(first).min();
        self.last = self.last.max(last);
    }

    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.seen(other.first, other.last);
        let room = FOUND_MAX.saturating_sub(self.found.len());
        self.found.extend(other.found.into_iter().take(room));
    }
}

/// The tallies of one chunk: by the number of the set and the indicator in it.
pub(super) type ChunkTallies = HashMap<(usize, IndicatorIndex), Tally>;

/// All tallies. They know their indicators themselves, since sets are exchanged under a stream.
#[derive(Debug, Default)]
pub(super) struct Tallies(HashMap<Key, (Indicator<'static>, Tally)>);

/// Value, id and source of an indicator.
type Key = (Value, Box<str>, Box<str>);

impl Tallies {
    /// Takes in what one chunk had.
    pub(super) fn take(&mut self, sets: &[Source], chunk: ChunkTallies) {
        for ((set, index), tally) in chunk {
            if let Some(indicator) = sets.get(set).and_then(|source| source.set.indicator(index)) {
                self.add(&indicator, tally);
            }
        }
    }

    /// Takes in what was found of one indicator.
    pub(super) fn add(&mut self, indicator: &Indicator<'_>, tally: Tally) {
        let key: Key = (
            indicator.value.clone(),
            (*indicator.id).into(),
            (*indicator.source).into(),
        );
        match self.0.entry(key) {
            Entry::Occupied(mut known) => known.get_mut().1.merge(tally),
            Entry::Vacant(new) => {
                new.insert((indicator.clone().into_owned(), tally));
            }
        }
    }

    /// The most frequent first, then in the order of values.
    pub(super) fn in_order(self) -> Vec<(Indicator<'static>, Tally)> {
        let mut all: Vec<_> = self.0.into_values().collect();
        all.sort_by(|(one, its), (other, theirs)| {
            let key = |count: u64| Reverse(count);
            key(its.count)
                .cmp(&key(theirs.count))
                .then_with(|| one.value.cmp(&other.value))
                .then_with(|| one.id.cmp(&other.id))
                .then_with(|| one.source.cmp(&other.source))
        });
        all
    }
}

/// A line of JSON of one indicator.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    indicator: Known<'a>,
    count: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// The tallies as lines of JSON, or as a table for people.
pub(super) fn print(tallies: Tallies, as_json: bool) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::new();
    let tallies = tallies.in_order();
    if !as_json && !tallies.is_empty() {
        let head = "COUNT       FIRST                     LAST                      TYPE         INDICATOR\n";
        out.extend(head.bytes());
    }
    for (indicator, tally) in &tallies {
        if as_json {
            let line = Line {
                kind: indicator.value.kind().name(),
                indicator: Known::of(indicator),
                count: tally.count,
                first: tally.first,
                last: tally.last,
            };
            serde_json::to_writer(&mut out, &line)?;
        } else {
            let time = |time: Option<Timestamp>| time.map_or("-".to_owned(), |t| t.to_string());
            let line = format!(
                "{:<10}  {:<24}  {:<24}  {:<11}  {}  {}  {}",
                tally.count,
                time(tally.first),
                time(tally.last),
                indicator.value.kind().name(),
                harmless(&indicator.value.to_string()),
                harmless(&indicator.id),
                harmless(&indicator.source),
            );
            out.extend(line.trim_end().bytes());
        }
        out.push(b'\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use matcher::{Breadth, Kind};

    use super::*;

    fn tally(count: u64, times: &[i64]) -> Tally {
        let mut tally = Tally {
            count,
            ..Tally::default()
        };
        for time in times {
            let time = Some(Timestamp::from_micros(*time));
            tally.seen(time, time);
        }
        tally
    }

    #[test]
    fn the_same_indicator_of_two_sets_is_counted_together() {
        let value = |text| Value::parse(Kind::Domain, text, Breadth::Narrow).unwrap();
        let one = Indicator::new(value("a.example"), "1", "feed");
        let other = Indicator::new(value("b.example"), "2", "feed");
        let mut tallies = Tallies::default();
        tallies.add(&one, tally(2, &[500, 300]));
        tallies.add(&other, tally(5, &[]));
        tallies.add(&one, tally(1, &[400]));
        let all = tallies.in_order();
        assert_eq!(all[0].1, tally(5, &[]));
        assert_eq!(all[1].1, tally(3, &[300, 500]));
        assert_eq!(all[1].0, one);
    }
}
