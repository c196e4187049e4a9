//! What an assessment comes to.

use std::{cmp::Ordering, collections::BTreeMap, fmt};

use super::{Factor, Level, Points};
use crate::model::words;

words! {
    /// Why a level cannot be lower than some other.
    FloorRule, "deaths, paralysis, emergency or care", {
        /// Deaths or mass injury (F3 is 4): at least 4.
        Deaths = "deaths",
        /// State functions paralysed (F1 is 4): at least 4.
        Paralysis = "paralysis",
        /// A state of emergency was declared: at least 4.
        Emergency = "emergency",
        /// Care diverted or postponed (F3 is 3 or more) in the health sector: at least 3.
        Care = "care",
    }
}

/// A part of a whole, shown in per cent with one decimal.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    part: u16,
    /// Never zero.
    whole: u16,
}

/// A floor that holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Floor {
    /// Why.
    pub rule: FloorRule,
    /// The level cannot be lower.
    pub level: Level,
    /// True where the points alone would have come to less.
    pub raises: bool,
}

/// A single factor that would move the level if it were judged otherwise.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Change {
    /// The factor.
    pub factor: Factor,
    /// Its points now; nothing where they are not known.
    pub from: Option<Points>,
    /// The points nearest to these that move the level.
    pub to: Points,
    /// Where the level would then be.
    pub level: Level,
}

/// How severe an incident is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Severity {
    /// The least that it can come to: nothing bad in what is not known.
    pub low: Ratio,
    /// The most that it can come to: the worst in what is not known.
    pub high: Ratio,
    /// What the known factors come to by themselves; nothing where none is known.
    pub point: Option<Ratio>,
    /// The level of the point, with the floors; nothing where no factor is known.
    pub level: Option<Level>,
    /// The level of the least.
    pub lowest: Level,
    /// The level of the most.
    pub highest: Level,
    /// How much of the whole weight was judged.
    pub coverage: Ratio,
    /// The floors that hold.
    pub floors: Vec<Floor>,
    /// What each known factor adds, in parts of the whole.
    pub contributions: BTreeMap<Factor, Ratio>,
    /// The single factors that would move the level.
    pub changes: Vec<Change>,
}

impl Ratio {
    /// So much of a whole that is not zero.
    pub(super) const fn new(part: u16, whole: u16) -> Self {
        Self { part, whole }
    }

    /// The part.
    #[cfg(test)]
    pub(super) const fn part(self) -> u16 {
        self.part
    }

    /// In tenths of a per cent, rounded.
    pub fn tenths(self) -> u32 {
        let whole = u32::from(self.whole).max(1);
        (u32::from(self.part) * 2_000 + whole) / (2 * whole)
    }

    /// True from so many per cent on.
    pub(super) fn reaches(self, percent: u16) -> bool {
        u32::from(self.part) * 100 >= u32::from(self.whole) * u32::from(percent)
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let ours = u32::from(self.part) * u32::from(other.whole);
        ours.cmp(&(u32::from(other.part) * u32::from(self.whole)))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.tenths();
        write!(f, "{}.{}", tenths / 10, tenths % 10)
    }
}
