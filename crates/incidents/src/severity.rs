//! How severe an incident is: SEV-1, computed from nine factors, and beside it what others say by
//! scales of their own.
//!
//! A factor is judged from 0 to 4, with the reason and what it rests on, or is not known. What is not
//! known stays open: the result is then an interval, and says how much of it was judged. Attribution
//! is shown among the factors and never counted. An [`Assessment`] is dated and never changed: who
//! judges anew adds one, and the last one holds.

mod assessment;
mod native;
mod rating;
mod result;
mod sum;

pub use assessment::{Assessment, Author, Evidence, Judgement, Opinion, Proposal};
pub use native::{Category, Choice, Cisss, Nciss, NcissBand, Ncsc, Nis2, Verdict, YesNo};
pub use rating::{Rated, Rating, Scale, Stated};
pub use result::{Change, Floor, FloorRule, Ratio, Severity};
pub use sum::Picture;

use crate::model::{Invalid, words};

/// How many assessments an entry holds.
pub const ASSESSMENTS_MAX: usize = 200;
/// How many ratings by other scales an entry holds.
pub const RATINGS_MAX: usize = 200;
/// How many pieces of evidence a factor names.
pub const EVIDENCE_MAX: usize = 10;

words! {
    /// A factor of SEV-1. The four of the French scale come first, then what it also weighs.
    Factor, "F1 to F4 or M1 to M5", {
        /// Sovereignty and democracy.
        Sovereignty = "F1",
        /// Internal and civil security.
        Security = "F2",
        /// People and environment.
        People = "F3",
        /// Economy.
        Economy = "F4",
        /// Scale: how many organisations and States.
        Scale = "M1",
        /// Dangerousness: how it spreads, and what can be undone.
        Danger = "M2",
        /// Intent, as far as it shows.
        Intent = "M3",
        /// Repetition, and how easily it can be repeated.
        Repetition = "M4",
        /// Attribution, as far as others have stated one. Never counted.
        Attribution = "M5",
    }
}

impl Factor {
    /// What the factor counts for. Attribution counts for nothing, so that an accusation never
    /// raises the severity that it is then justified with.
    pub const fn weight(self) -> u16 {
        match self {
            Self::People => 8,
            Self::Sovereignty | Self::Security => 6,
            Self::Economy | Self::Scale => 4,
            Self::Danger => 3,
            Self::Intent => 2,
            Self::Repetition => 1,
            Self::Attribution => 0,
        }
    }
}

/// The points of a factor: 0 to 4.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Points(u8);

impl Points {
    /// The most.
    pub const MAX: Self = Self(4);
    /// The least.
    pub const MIN: Self = Self(0);

    /// So many points.
    pub fn new(points: u8) -> Result<Self, Invalid> {
        if points <= Self::MAX.0 {
            Ok(Self(points))
        } else {
            Err(Invalid {
                field: "points",
                rule: "0 to 4, or nothing where it is not known",
            })
        }
    }

    /// All of them, from 0 on.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..=Self::MAX.0).map(Self)
    }

    /// The number.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// A level of severity: 0 to 5.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Level(u8);

impl Level {
    /// The highest.
    pub const MAX: Self = Self(5);

    /// That level.
    pub fn new(level: u8) -> Result<Self, Invalid> {
        if level <= Self::MAX.0 {
            Ok(Self(level))
        } else {
            Err(Invalid {
                field: "level",
                rule: "0 to 5",
            })
        }
    }

    /// All of them, from 0 on.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (0..=Self::MAX.0).map(Self)
    }

    /// The number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The categories of the National Cyber Security Centre of the United Kingdom that correspond,
    /// the graver first; shown beside a level, never put in the place of a category that was stated.
    pub fn ncsc(self) -> Vec<Ncsc> {
        let categories: &[u8] = match self.0 {
            0 => &[6],
            1 => &[5],
            2 => &[3, 4],
            3 => &[2, 3],
            4 => &[1, 2],
            _ => &[1],
        };
        let known = categories.iter().map(|&one| Ncsc::new(one));
        known.filter_map(Result::ok).collect()
    }

    /// The level of the Cyber Incident Severity Schema of the United States that corresponds.
    pub fn cisss(self) -> Option<Cisss> {
        Cisss::new(self.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_has_its_counterparts() {
        let told: Vec<_> = Level::all()
            .map(|level| {
                let ncsc = level
                    .ncsc()
                    .iter()
                    .map(|one| one.number())
                    .collect::<Vec<_>>();
                (ncsc, level.cisss().unwrap().number())
            })
            .collect();
        assert_eq!(
            told,
            [
                (vec![6], 0),
                (vec![5], 1),
                (vec![3, 4], 2),
                (vec![2, 3], 3),
                (vec![1, 2], 4),
                (vec![1], 5),
            ]
        );
    }
}
