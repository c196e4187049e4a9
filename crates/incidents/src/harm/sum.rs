//! What may be added, and what stands apart.
//!
//! An [`Amount`] has no `Add`: one number is not added to another anywhere in this program but here,
//! and here only where both are of one measure, one nature and one unit, none is a claim, and each says
//! by a key of its own what it counts.
//!
//! ```compile_fail
//! fn add(one: incidents::harm::sum::Amount, two: incidents::harm::sum::Amount) {
//!     let _ = one + two;
//! }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::{Key, Measure, Nature, Origin};
use crate::model::{Bound, Case, Grade, HarmFigure, Quantity, Unit, words};

/// From the least to the most that it is; nothing where there is no most.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Amount {
    /// The least.
    pub low: Quantity,
    /// The most.
    pub high: Option<Quantity>,
}

words! {
    /// Why a figure is in no sum.
    Apart, "why a figure is in no sum", {
        /// It is a claim.
        Claim = "claim",
        /// Its measure is a time or a share, or it has none.
        NotAdditive = "not-additive",
        /// Nobody said what it counts, or under which key it counts once.
        NotTold = "not-told",
        /// Another figure counts the same.
        Overlap = "overlap",
        /// There is nothing of its kind that it could be added to.
        Alone = "alone",
        /// The sum would be larger than can be written.
        TooLarge = "too-large",
    }
}

/// A sum.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Total {
    /// Of which measure.
    pub measure: Measure,
    /// What is counted.
    pub nature: Nature,
    /// In which unit; for money the currency: none is converted.
    pub unit: Unit,
    /// How much.
    pub amount: Amount,
    /// The numbers of the figures in it.
    pub of: Vec<u32>,
}

/// The sums of an incident, and for each figure in none of them why.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Totals {
    /// The sums.
    pub sums: Vec<Total>,
    /// The figures that stand apart, by number.
    pub apart: BTreeMap<u32, Apart>,
}

impl Amount {
    fn of(bound: Bound) -> Self {
        let (low, high) = bound.ends();
        match bound {
            Bound::Exact(_) | Bound::About(_) | Bound::Range(..) => Self {
                low,
                high: Some(high),
            },
            Bound::AtLeast(_) => Self { low, high: None },
            Bound::AtMost(_) => Self {
                low: Quantity::from_thousandths(0),
                high: Some(high),
            },
        }
    }

    /// The only sum of two; of what may be added alone.
    fn and(self, other: Self) -> Option<Self> {
        let add = |one: Quantity, two: Quantity| {
            let sum = one.thousandths().checked_add(two.thousandths())?;
            Some(Quantity::from_thousandths(sum))
        };
        let high = match (self.high, other.high) {
            (Some(one), Some(two)) => Some(add(one, two)?),
            (None, _) | (_, None) => None,
        };
        Some(Self {
            low: add(self.low, other.low)?,
            high,
        })
    }
}

/// The numbers of the figures that no later one corrects.
pub fn standing(figures: &[HarmFigure]) -> Vec<(u32, &HarmFigure)> {
    let corrected: BTreeSet<u32> = figures
        .iter()
        .filter_map(|figure| figure.detail.corrects.as_ref())
        .map(|correction| correction.number)
        .collect();
    (0..)
        .zip(figures)
        .filter(|(number, _)| !corrected.contains(number))
        .collect()
}

/// The figure of a unit for formats that have a number and no place for how good it is: one that is
/// exact, stands alone and is no claim.
pub(crate) fn stated(case: &Case, unit: &str) -> Option<Quantity> {
    let standing = standing(&case.harm);
    let mut exact = standing
        .iter()
        .filter_map(|(_, figure)| match figure.bound {
            Bound::Exact(count) if figure.unit.as_str() == unit && !is_claim(figure) => Some(count),
            _ => None,
        });
    match (exact.next(), exact.next()) {
        (one, None) => one,
        _ => None,
    }
}

/// Whether somebody claims it: what an attacker says of himself, or whatever is no better founded.
pub(crate) fn is_claim(figure: &HarmFigure) -> bool {
    figure.grade == Grade::D || figure.detail.origin == Some(Origin::Attacker)
}

type Kind = (Measure, Nature, Unit);

/// What may be added is added; the rest stands apart.
pub fn totals(figures: &[HarmFigure]) -> Totals {
    let mut all = Totals::default();
    let mut kinds: BTreeMap<Kind, Vec<(u32, &Key, Amount)>> = BTreeMap::new();
    for (number, figure) in standing(figures) {
        match counted(figure) {
            Ok((kind, key)) => {
                let one = (number, key, Amount::of(figure.bound));
                kinds.entry(kind).or_default().push(one);
            }
            Err(apart) => {
                all.apart.insert(number, apart);
            }
        }
    }
    for ((measure, nature, unit), those) in kinds {
        let numbers: Vec<u32> = those.iter().map(|(number, ..)| *number).collect();
        match sum(&those) {
            Ok(amount) => all.sums.push(Total {
                measure,
                nature,
                unit,
                amount,
                of: numbers,
            }),
            Err(apart) => all
                .apart
                .extend(numbers.into_iter().map(|number| (number, apart))),
        }
    }
    all
}

fn counted(figure: &HarmFigure) -> Result<(Kind, &Key), Apart> {
    let detail = &figure.detail;
    let claimed = matches!(detail.origin, Some(Origin::Attacker | Origin::Party));
    if figure.grade == Grade::D || claimed {
        return Err(Apart::Claim);
    }
    let measure = figure.measure.filter(|measure| measure.is_additive());
    let measure = measure
        .filter(|_| figure.unit.as_str() != "percent")
        .ok_or(Apart::NotAdditive)?;
    match (detail.nature, &detail.merge_key) {
        (Some(nature), Some(key)) => Ok(((measure, nature, figure.unit.clone()), key)),
        _ => Err(Apart::NotTold),
    }
}

fn sum(those: &[(u32, &Key, Amount)]) -> Result<Amount, Apart> {
    let keys: BTreeSet<&Key> = those.iter().map(|&(_, key, _)| key).collect();
    if keys.len() < those.len() {
        return Err(Apart::Overlap);
    }
    match those {
        [] | [_] => Err(Apart::Alone),
        [(.., first), rest @ ..] => rest
            .iter()
            .try_fold(*first, |sum, &(.., amount)| sum.and(amount))
            .ok_or(Apart::TooLarge),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harm::{Correction, Detail};

    fn figure(nature: Option<Nature>, key: &str, value: i64, unit: &str) -> HarmFigure {
        HarmFigure {
            what: "cost".parse().unwrap(),
            measure: Some(Measure::Cost),
            bound: Bound::Exact(Quantity::from_thousandths(value)),
            unit: unit.parse().unwrap(),
            grade: Grade::A,
            source: None,
            note: None,
            detail: Detail {
                nature,
                merge_key: key.parse().ok(),
                ..Detail::default()
            },
        }
    }

    fn apart(totals: &Totals) -> Vec<Apart> {
        totals.apart.values().copied().collect()
    }

    #[test]
    fn what_is_of_one_kind_is_added() {
        let all = [
            figure(Some(Nature::Response), "a", 1, "USD"),
            figure(Some(Nature::Response), "b", 2, "USD"),
        ];
        let totals = totals(&all);
        assert_eq!(totals.sums[0].amount.low, Quantity::from_thousandths(3));
        assert_eq!((totals.sums.len(), totals.apart.len()), (1, 0));
    }

    #[test]
    fn demand_and_paid_cost_and_revenue_two_currencies_are_never_added() {
        let all = [
            figure(Some(Nature::Demanded), "a", 1, "USD"),
            figure(Some(Nature::Paid), "b", 1, "USD"),
            figure(Some(Nature::Response), "c", 1, "USD"),
            figure(Some(Nature::LostRevenue), "d", 1, "USD"),
            figure(Some(Nature::Response), "e", 1, "EUR"),
        ];
        let totals = totals(&all);
        assert_eq!(totals.sums, []);
        assert_eq!(apart(&totals), [Apart::Alone; 5]);
    }

    #[test]
    fn two_that_count_the_same_are_not_added_and_what_nobody_told_neither() {
        let all = [
            figure(Some(Nature::Response), "a", 1, "USD"),
            figure(Some(Nature::Response), "a", 2, "USD"),
            figure(None, "x", 2, "USD"),
            figure(Some(Nature::Response), "", 2, "USD"),
        ];
        let totals = totals(&all);
        assert_eq!(totals.sums, []);
        assert_eq!(
            apart(&totals),
            [
                Apart::Overlap,
                Apart::Overlap,
                Apart::NotTold,
                Apart::NotTold
            ]
        );
    }

    #[test]
    fn a_claim_is_in_no_sum() {
        let mut all = [
            figure(Some(Nature::Response), "a", 1, "USD"),
            figure(Some(Nature::Response), "b", 2, "USD"),
        ];
        all[1].grade = Grade::D;
        assert_eq!(apart(&totals(&all)), [Apart::Alone, Apart::Claim]);
    }

    #[test]
    fn what_was_corrected_no_longer_counts() {
        let mut all = [
            figure(Some(Nature::Response), "a", 1, "USD"),
            figure(Some(Nature::Response), "b", 2, "USD"),
            figure(Some(Nature::Response), "a", 5, "USD"),
        ];
        all[2].detail.corrects = Some(Correction {
            number: 0,
            reason: "a slip".parse().unwrap(),
        });
        let totals = totals(&all);
        assert_eq!(totals.sums[0].of, [1, 2]);
        assert_eq!(totals.sums[0].amount.low, Quantity::from_thousandths(7));
    }

    #[test]
    fn at_least_has_no_most_and_the_largest_numbers_are_not_lost() {
        let mut all = [
            figure(Some(Nature::Response), "a", 1, "USD"),
            figure(Some(Nature::Response), "b", 2, "USD"),
        ];
        all[0].bound = Bound::AtLeast(Quantity::from_thousandths(1));
        assert_eq!(totals(&all).sums[0].amount.high, None);
        all[0].bound = Bound::Exact(Quantity::from_thousandths(i64::MAX));
        assert_eq!(apart(&totals(&all)), [Apart::TooLarge; 2]);
    }
}
