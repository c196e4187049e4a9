//! Which entries are counted.

use super::{
    Cause, Dimension, Fact, Region, Span,
    fact::{CLASSES, SECTORS},
    month::{Began, Month},
};
use crate::{
    model::{Determination, Invalid, Kind},
    severity::Level,
    state::Stage,
};

/// The word for what is not known.
pub(super) const UNKNOWN: &str = "unknown";

/// A condition: of a dimension, a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Value {
    /// The dimension.
    pub by: Dimension,
    /// The word of the value.
    pub word: String,
}

/// Which entries are counted: those that began from one month to another and meet every
/// condition. One of which the year alone is known has to have its whole year between the months.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Question {
    /// The first month.
    pub from: Option<Month>,
    /// The last month.
    pub to: Option<Month>,
    /// The conditions.
    pub values: Vec<Value>,
}

impl Value {
    /// The condition that a dimension has that value, if it can.
    pub fn new(by: Dimension, word: &str) -> Result<Self, Invalid> {
        if by == Dimension::Month {
            word.parse::<Began>()?;
        }
        let known = by == Dimension::Month || words(by).contains(&word);
        known
            .then(|| Self {
                by,
                word: word.to_owned(),
            })
            .ok_or(Invalid {
                field: by.as_str(),
                rule: "a value of this table, as the answer names it",
            })
    }
}

impl Question {
    /// Whether an entry is counted.
    pub(super) fn wants(&self, fact: &Fact) -> bool {
        fact.began.is_within(self.from, self.to) && self.values.iter().all(|value| has(fact, value))
    }
}

fn has(fact: &Fact, value: &Value) -> bool {
    let mut found = false;
    each(fact, value.by, |word| found |= word == value.word);
    found || (value.by == Dimension::Month && fact.began.to_string() == value.word)
}

/// Every value of a dimension but the month, in order.
pub(super) fn words(by: Dimension) -> Vec<&'static str> {
    const LEVELS: [&str; 7] = ["0", "1", "2", "3", "4", "5", UNKNOWN];
    match by {
        Dimension::Month => Vec::new(),
        Dimension::Sector => {
            let sectors = SECTORS.iter().map(|sector| sector.as_str());
            sectors.chain([UNKNOWN]).collect()
        }
        Dimension::Class => CLASSES.iter().copied().chain([UNKNOWN]).collect(),
        Dimension::Level => {
            debug_assert_eq!(Level::all().count() + 1, LEVELS.len());
            LEVELS.to_vec()
        }
        Dimension::Region => Region::ALL.iter().map(|one| one.as_str()).collect(),
        Dimension::Cause => Cause::ALL.iter().map(|one| one.as_str()).collect(),
        Dimension::CrossBorder => vec!["yes", "no", UNKNOWN],
        Dimension::Determination => Determination::ALL.iter().map(|one| one.as_str()).collect(),
        Dimension::Kind => Kind::ALL.iter().map(|one| one.as_str()).collect(),
        Dimension::Stage => Stage::ALL.iter().map(|one| one.as_str()).collect(),
        Dimension::Detection | Dimension::Duration => {
            Span::ALL.iter().map(|one| one.as_str()).collect()
        }
    }
}

/// Gives the values that an entry has of a dimension; of the month, none.
pub(super) fn each(fact: &Fact, by: Dimension, mut give: impl FnMut(&'static str)) {
    let at = |words: &[&'static str], at: Option<u32>| {
        let at = at.and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| words.get(at).copied()).unwrap_or(UNKNOWN)
    };
    match by {
        Dimension::Month => {}
        Dimension::Sector => {
            if fact.sectors == 0 {
                give(UNKNOWN);
            }
            for (at, sector) in (0..32_u32).zip(SECTORS.iter()) {
                if fact.sectors >> at & 1 == 1 {
                    give(sector.as_str());
                }
            }
        }
        Dimension::Class => give(at(&CLASSES, fact.class)),
        Dimension::Level => give(at(&["0", "1", "2", "3", "4", "5"], fact.level)),
        Dimension::Region => {
            for &region in Region::ALL {
                if fact.region(region) {
                    give(region.as_str());
                }
            }
        }
        Dimension::Cause => give(fact.cause.as_str()),
        Dimension::CrossBorder => give(match fact.cross_border {
            Some(true) => "yes",
            Some(false) => "no",
            None => UNKNOWN,
        }),
        Dimension::Determination => give(fact.determination.as_str()),
        Dimension::Kind => give(fact.kind.as_str()),
        Dimension::Stage => give(fact.stage.as_str()),
        Dimension::Detection => give(fact.detected_within().as_str()),
        Dimension::Duration => give(fact.lasted().as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_names_a_value_that_there_is() {
        assert!(Value::new(Dimension::Sector, "health").is_ok());
        assert!(Value::new(Dimension::Sector, "hospital").is_err());
        assert!(Value::new(Dimension::Level, "5").is_ok());
        assert!(Value::new(Dimension::Level, "6").is_err());
        assert!(Value::new(Dimension::Month, "2026-02").is_ok());
        assert!(Value::new(Dimension::Month, "2026").is_ok());
        assert!(Value::new(Dimension::Month, "2026-13").is_err());
    }
}
