//! The same number by groups of people, and what of it may be shown.
//!
//! A group of fewer than [`SHOWN_FROM`] people is not shown. So that it cannot be got by subtracting
//! the shown ones from the whole, further groups of the same table are held back, the smallest first,
//! until at least two are, and until they come to at least [`SHOWN_FROM`] together. Only tables by one
//! property are shown, never two properties crossed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Invalid, words};

/// The smallest group that is shown.
pub const SHOWN_FROM: u64 = 5;
/// How many groups a figure has at most: every combination there is.
pub const CELLS_MAX: usize = 4 * 8 * 3 * 3;

words! {
    /// Sex, as recorded.
    Sex, "f, m, other or unknown", {
        /// Women and girls.
        Female = "f",
        /// Men and boys.
        Male = "m",
        /// Neither.
        Other = "other",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// Age in years.
    Age, "0-4, 5-14, 15-24, 25-44, 45-64, 65-74, 75+ or unknown", {
        /// Up to 4.
        From0 = "0-4",
        /// 5 to 14.
        From5 = "5-14",
        /// 15 to 24.
        From15 = "15-24",
        /// 25 to 44.
        From25 = "25-44",
        /// 45 to 64.
        From45 = "45-64",
        /// 65 to 74.
        From65 = "65-74",
        /// From 75 on.
        From75 = "75+",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// Whether something is so.
    Known, "yes, no or unknown", {
        /// It is.
        Yes = "yes",
        /// It is not.
        No = "no",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// What a table tells groups apart by.
    Property, "sex, age, disability or displaced", {
        /// Sex.
        Sex = "sex",
        /// Age.
        Age = "age",
        /// Disability.
        Disability = "disability",
        /// Displaced from where they lived.
        Displaced = "displaced",
    }
}

/// How many people of one group.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::Cell)]
pub struct Cell {
    /// Sex.
    #[serde(default = "Cell::sex_unknown")]
    pub sex: Sex,
    /// Age in years.
    #[serde(default = "Cell::age_unknown")]
    pub age: Age,
    /// With a disability.
    #[serde(default = "Cell::unknown")]
    pub disability: Known,
    /// Displaced from where they lived.
    #[serde(default = "Cell::unknown")]
    pub displaced: Known,
    /// How many.
    pub count: u64,
}

/// One table of a figure as it may be shown.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::GroupTable)]
pub struct Table {
    /// By what groups are told apart.
    pub by: Property,
    /// Each group with its number; null where it is held back.
    pub groups: Vec<Group>,
    /// All groups together.
    pub total: u64,
}

/// A group of a table.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::Group)]
pub struct Group {
    /// Its word.
    #[schema(value_type = String)]
    pub group: String,
    /// How many; null where it is held back.
    pub count: Option<u64>,
}

impl Cell {
    const fn sex_unknown() -> Sex {
        Sex::Unknown
    }

    const fn age_unknown() -> Age {
        Age::Unknown
    }

    const fn unknown() -> Known {
        Known::Unknown
    }

    const fn word(&self, property: Property) -> &'static str {
        match property {
            Property::Sex => self.sex.as_str(),
            Property::Age => self.age.as_str(),
            Property::Disability => self.disability.as_str(),
            Property::Displaced => self.displaced.as_str(),
        }
    }

    fn group(&self) -> (Sex, Age, Known, Known) {
        (self.sex, self.age, self.disability, self.displaced)
    }
}

/// All groups together, if each stands once.
pub fn whole(cells: &[Cell]) -> Result<u64, Invalid> {
    let rule = |rule| Invalid {
        field: "cells",
        rule,
    };
    let mut groups: Vec<_> = cells.iter().map(Cell::group).collect();
    groups.sort_unstable();
    if groups.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(rule("each group once"));
    }
    let sum = |sum: u64, cell: &Cell| sum.checked_add(cell.count);
    cells
        .iter()
        .try_fold(0, sum)
        .ok_or(rule("comes to more people than there are"))
}

/// The tables that may be shown: one for each property of which anything is known. Of whom no group is
/// told, of the whole number where that is known, nothing is known: they count as that. So few people
/// that they are no group that is shown are in no table, since the whole would tell of each.
pub fn tables(cells: &[Cell], whole: Option<u64>) -> Vec<Table> {
    let told = cells
        .iter()
        .fold(0_u64, |sum, cell| sum.saturating_add(cell.count));
    let rest = whole.unwrap_or_default().saturating_sub(told);
    let shown = Property::ALL.iter().filter_map(|&by| {
        let mut counts = counts(cells, by);
        let known = counts.keys().any(|&word| word != "unknown");
        if known && rest > 0 {
            let unknown = counts.entry("unknown").or_default();
            *unknown = unknown.saturating_add(rest);
        }
        known
            .then(|| table(by, &counts))
            .filter(|table| table.total >= SHOWN_FROM)
    });
    shown.collect()
}

/// How many people each group of a table has, whether or not that may be shown.
pub(super) fn counts(cells: &[Cell], by: Property) -> BTreeMap<&'static str, u64> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for cell in cells {
        let count = counts.entry(cell.word(by)).or_default();
        *count = count.saturating_add(cell.count);
    }
    counts
}

fn table(by: Property, counts: &BTreeMap<&str, u64>) -> Table {
    let order: &[&str] = match by {
        Property::Sex => &["f", "m", "other", "unknown"],
        Property::Age => &[
            "0-4", "5-14", "15-24", "25-44", "45-64", "65-74", "75+", "unknown",
        ],
        Property::Disability | Property::Displaced => &["yes", "no", "unknown"],
    };
    let all: Vec<(&str, u64)> = order
        .iter()
        .filter_map(|&word| Some((word, *counts.get(word)?)))
        .collect();
    let back = held_back(&all.iter().map(|&(_, count)| count).collect::<Vec<_>>());
    let groups = all.iter().zip(back).map(|(&(word, count), back)| Group {
        group: word.to_owned(),
        count: (!back).then_some(count),
    });
    Table {
        by,
        total: all
            .iter()
            .fold(0, |sum, &(_, count)| sum.saturating_add(count)),
        groups: groups.collect(),
    }
}

/// Which of the counts are held back.
pub(crate) fn held_back(counts: &[u64]) -> Vec<bool> {
    let mut back: Vec<bool> = counts.iter().map(|&count| count < SHOWN_FROM).collect();
    if !back.contains(&true) {
        return back;
    }
    loop {
        let held = || counts.iter().zip(&back).filter(|&(_, &held)| held);
        let sum = held().fold(0_u64, |sum, (&count, _)| sum.saturating_add(count));
        if held().count() > 1 && sum >= SHOWN_FROM {
            return back;
        }
        let next = counts
            .iter()
            .zip(&mut back)
            .filter(|(_, held)| !**held)
            .min_by_key(|&(&count, _)| count);
        match next {
            Some((_, held)) => *held = true,
            None => return back,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_sex(sex: Sex, count: u64) -> Cell {
        Cell {
            sex,
            age: Age::Unknown,
            disability: Known::Unknown,
            displaced: Known::Unknown,
            count,
        }
    }

    #[test]
    fn a_small_group_takes_another_with_it() {
        let cells = [
            by_sex(Sex::Female, 40),
            by_sex(Sex::Male, 3),
            by_sex(Sex::Unknown, 9),
        ];
        let tables = tables(&cells, None);
        let counts: Vec<_> = tables[0].groups.iter().map(|one| one.count).collect();
        assert_eq!((tables.len(), counts), (1, vec![Some(40), None, None]));
        assert_eq!(tables[0].total, 52);
    }

    #[test]
    fn of_whom_no_group_is_told_nothing_is_known() {
        let women = [by_sex(Sex::Female, 40)];
        let counts = |whole| {
            let tables = tables(&women, whole);
            let groups = tables[0].groups.iter();
            let told: Vec<_> = groups.map(|one| (one.group.clone(), one.count)).collect();
            (told, tables[0].total)
        };
        let group = |word: &str, count| (word.to_owned(), count);
        assert_eq!(counts(None), (vec![group("f", Some(40))], 40));
        let hundred = vec![group("f", Some(40)), group("unknown", Some(60))];
        assert_eq!(counts(Some(100)), (hundred, 100));
        // The three that are left would be got by subtraction.
        let few = vec![group("f", None), group("unknown", None)];
        assert_eq!(counts(Some(43)), (few, 43));
    }

    #[test]
    fn so_few_that_the_whole_tells_of_each_are_in_no_table() {
        assert_eq!(tables(&[by_sex(Sex::Female, 3)], Some(3)), []);
        assert_eq!(tables(&[by_sex(Sex::Female, 3)], Some(5)).len(), 1);
    }

    #[test]
    fn a_group_stands_once() {
        let twice = [by_sex(Sex::Female, 1), by_sex(Sex::Female, 2)];
        assert!(whole(&twice).is_err());
        assert!(whole(&[by_sex(Sex::Female, u64::MAX), by_sex(Sex::Male, 1)]).is_err());
    }

    proptest! {
        /// With the whole and the shown groups in hand, each group that is held back can still be
        /// anything from 0 to at least 5, unless all are held back and the whole is smaller itself.
        #[test]
        fn nothing_that_is_held_back_can_be_got_by_subtraction(
            counts in proptest::collection::vec(0_u64..40, 1..8)
        ) {
            let back = held_back(&counts);
            let held: Vec<u64> = counts.iter().zip(&back).filter(|(_, held)| **held)
                .map(|(&count, _)| count).collect();
            for (&count, &held) in counts.iter().zip(&back) {
                prop_assert!(held || count >= SHOWN_FROM);
            }
            let all = held.len() == counts.len();
            prop_assert!(held.is_empty() || all || held.len() > 1);
            prop_assert!(held.is_empty() || all || held.iter().sum::<u64>() >= SHOWN_FROM);
        }
    }
}
