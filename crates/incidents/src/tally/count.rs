//! Counting.

use std::collections::BTreeMap;

use kernel::Timestamp;

use super::{
    Cause, Dimension, Fact, Question,
    month::Began,
    question::{UNKNOWN, each, words},
};
use crate::harm::groups::{SHOWN_FROM, held_back};

/// The counts of the entries that a question asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tally {
    /// How many entries; nothing where so few are not told.
    pub total: Option<u64>,
    /// A table for each dimension.
    pub tables: Vec<Table>,
    /// The time to detection.
    pub detection: Spread,
    /// The time to the end.
    pub duration: Spread,
    /// How reports were filed that have a term.
    pub on_time: OnTime,
}

/// Counts by one dimension.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Table {
    /// The dimension.
    pub by: Dimension,
    /// Each value that any entry has.
    pub rows: Vec<Row>,
}

/// How many entries have a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// The word of the value.
    pub word: String,
    /// How many; nothing where it is held back.
    pub count: Option<u64>,
}

/// How long something took, over the entries of which that is known.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Spread {
    /// Of how many entries it is known; nothing where so few are not told.
    pub known: Option<u64>,
    /// Half of them took this many minutes or less.
    pub median_minutes: Option<u32>,
    /// Nine of ten took this many minutes or less.
    pub ninetieth_minutes: Option<u32>,
}

/// Reports with a term that is known, of all regimes and stages.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct OnTime {
    /// Filed when they were due at the latest.
    pub in_time: Option<u64>,
    /// Filed later.
    pub late: Option<u64>,
    /// Not filed, though due.
    pub overdue: Option<u64>,
    /// Not filed, and not due yet.
    pub running: Option<u64>,
}

impl OnTime {
    /// Of those that are filed or due, the share that was filed in time, in thousandths.
    pub fn share(&self) -> Option<u64> {
        let (in_time, late, overdue) = (self.in_time?, self.late?, self.overdue?);
        (in_time * 1_000).checked_div(in_time + late + overdue)
    }
}

/// Counts facts, of which each line has one. With `outward`, groups of fewer than five are held back,
/// and with them as many others as it takes that none can be got by subtraction.
pub(crate) fn count<'l>(
    lines: impl Iterator<Item = &'l str>,
    question: &Question,
    now: Timestamp,
    outward: bool,
) -> Option<Tally> {
    let mut sum = Sum::default();
    for line in lines {
        let fact = Fact::from_line(line)?;
        if question.wants(&fact) {
            sum.add(&fact, now);
        }
    }
    Some(sum.finish(outward))
}

#[derive(Default)]
struct Sum {
    total: u64,
    months: BTreeMap<Began, u64>,
    /// By the place of the dimension, and the word.
    counts: [Counts; Dimension::ALL.len()],
    detection: Vec<u32>,
    duration: Vec<u32>,
    /// In time, late, overdue and running.
    reports: [u64; 4],
    /// Those of the one class whose types tell of different causes, by cause.
    parted: BTreeMap<Cause, u64>,
}

/// How many have each word. Words are few, and nearly always the same text at the same place in memory,
/// which is compared sooner than letters.
#[derive(Default)]
struct Counts(Vec<(&'static str, u64)>);

impl Counts {
    fn add(&mut self, word: &'static str) {
        let mut known = self.0.iter_mut();
        match known.find(|(one, _)| std::ptr::eq(*one, word)) {
            Some((_, count)) => *count += 1,
            None => self.0.push((word, 1)),
        }
    }

    /// How many, if any.
    fn of(&self, word: &str) -> Option<u64> {
        let same = self.0.iter().filter(|(one, _)| *one == word);
        Some(same.map(|(_, count)| count).sum()).filter(|&sum| sum > 0)
    }
}

/// The class whose types tell of different causes; every other class tells of one.
const PARTED: &str = "availability";

impl Sum {
    fn add(&mut self, fact: &Fact, now: Timestamp) {
        self.total += 1;
        *self.months.entry(fact.began).or_default() += 1;
        for (&by, counts) in Dimension::ALL.iter().zip(&mut self.counts) {
            each(fact, by, |word| counts.add(word));
        }
        each(fact, Dimension::Class, |class| {
            if class == PARTED {
                *self.parted.entry(fact.cause).or_default() += 1;
            }
        });
        self.detection.extend(fact.detection);
        self.duration.extend(fact.duration);
        let now = now.as_seconds().div_euclid(60);
        let overdue = fact.due.iter().filter(|&&due| i64::from(due) < now).count();
        let running = fact.due.len() - overdue;
        let [in_time, late, over, run] = &mut self.reports;
        *in_time += u64::from(fact.filed.0);
        *late += u64::from(fact.filed.1);
        *over += u64::try_from(overdue).unwrap_or(0);
        *run += u64::try_from(running).unwrap_or(0);
    }

    fn finish(mut self, outward: bool) -> Tally {
        let shown = |count: u64| (!outward || count >= SHOWN_FROM).then_some(count);
        let months = std::mem::take(&mut self.months).into_iter();
        let months: Vec<(String, u64)> = months
            .map(|(began, count)| (began.to_string(), count))
            .collect();
        let tables = Dimension::ALL
            .iter()
            .zip(&self.counts)
            .map(|(&by, counts)| {
                let rows: Vec<(String, u64)> = if by == Dimension::Month {
                    months.clone()
                } else {
                    let each = words(by).into_iter();
                    each.filter_map(|word| Some((word.to_owned(), counts.of(word)?)))
                        .collect()
                };
                table(by, rows, outward)
            });
        let mut tables: Vec<Table> = tables.collect();
        if outward {
            self.unlink(&mut tables);
        }
        let is_open = |by: Dimension| {
            let mut rows = tables.iter().filter(|table| table.by == by);
            // Of how many it is known would tell of how many it is not.
            rows.all(|table| {
                table
                    .rows
                    .iter()
                    .all(|row| row.count.is_some() || row.word != UNKNOWN)
            })
        };
        let spread_of = |by: Dimension, minutes: &mut [u32]| {
            if is_open(by) {
                spread(minutes, shown)
            } else {
                Spread::default()
            }
        };
        let detection = spread_of(Dimension::Detection, &mut self.detection);
        let duration = spread_of(Dimension::Duration, &mut self.duration);
        let [in_time, late, overdue, running] = self.reports;
        let filed = in_time + late + overdue + running;
        let open = !outward
            || [in_time, late, overdue, running]
                .iter()
                .all(|&count| count == 0 || count >= SHOWN_FROM);
        let report = |count: u64| (open || filed == 0).then_some(count);
        Tally {
            total: shown(self.total),
            tables,
            detection,
            duration,
            on_time: OnTime {
                in_time: report(in_time),
                late: report(late),
                overdue: report(overdue),
                running: report(running),
            },
        }
    }
}

impl Sum {
    /// Holds the causes back where they would tell of a class that is held back, or of how few of a class
    /// have a cause: they follow from the classes, and both tables have one total.
    fn unlink(&self, tables: &mut [Table]) {
        let is_held = |table: &Table| table.rows.iter().any(|row| row.count.is_none());
        let held = tables
            .iter()
            .any(|table| table.by == Dimension::Class && is_held(table));
        let few = self.parted.values().any(|&count| count < SHOWN_FROM);
        let causes = tables
            .iter_mut()
            .filter(|table| table.by == Dimension::Cause);
        let causes = causes.filter(|table| table.rows.len() > 1);
        for row in causes
            .filter(|_| held || few)
            .flat_map(|table| &mut table.rows)
        {
            row.count = None;
        }
    }
}

fn table(by: Dimension, rows: Vec<(String, u64)>, outward: bool) -> Table {
    let counts: Vec<u64> = rows.iter().map(|&(_, count)| count).collect();
    let back = if outward {
        held_back(&counts)
    } else {
        vec![false; counts.len()]
    };
    let rows = rows.into_iter().zip(back).map(|((word, count), back)| Row {
        word,
        count: (!back).then_some(count),
    });
    Table {
        by,
        rows: rows.collect(),
    }
}

fn spread(minutes: &mut [u32], shown: impl Fn(u64) -> Option<u64>) -> Spread {
    minutes.sort_unstable();
    let known = shown(u64::try_from(minutes.len()).unwrap_or(u64::MAX));
    // The nearest rank: the smallest value that is not less than that share of all.
    let at = |tenths: usize| {
        let rank = (minutes.len() * tenths).div_ceil(10);
        minutes.get(rank.checked_sub(1)?).copied()
    };
    Spread {
        known,
        median_minutes: known.and_then(|_| at(5)),
        ninetieth_minutes: known.and_then(|_| at(9)),
    }
}

#[cfg(test)]
mod tests;
