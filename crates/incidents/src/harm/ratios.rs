//! Whether a figure fell on some groups of people more than on others, against how many of each group
//! use what was hit.
//!
//! The ratio of risks with its interval of 95 % after Katz: the logarithm of the ratio is taken for
//! normally distributed with the variance `1/a - 1/n + 1/b - 1/m`. Only tables that may be shown are
//! compared ([`super::groups`]), and only where those of a group who were not hit are as many as a group
//! that is shown: no group that is held back can be got from a ratio, nor that nearly all were hit.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::groups::{Cell, Property, SHOWN_FROM, Table, counts, tables};
use crate::model::Invalid;

/// The half width of an interval of 95 %, in standard deviations.
const NORMAL_95: f64 = 1.959_964;

/// How much more often one group was hit than another of the same table.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::GroupRatio)]
pub struct Ratio {
    /// By what the groups are told apart.
    pub by: Property,
    /// The word of the group.
    pub group: String,
    /// The word of the group that it is compared with.
    pub against: String,
    /// The share of the group of those hit of both groups, in per cent.
    pub hit: String,
    /// Its share of those who use what was hit, in per cent.
    pub use_it: String,
    /// The risk of the group divided by that of the other.
    pub ratio: String,
    /// The lower end of the interval of 95 %.
    pub low: String,
    /// The upper end.
    pub high: String,
}

/// The groups that are compared: women with men, and who has a property with who has not.
const PAIRS: [(Property, &str, &str); 3] = [
    (Property::Sex, "f", "m"),
    (Property::Disability, "yes", "no"),
    (Property::Displaced, "yes", "no"),
];

/// The ratios that may be told: those of groups that are shown, of which some were hit; with how many
/// were hit in all, where that is known.
pub fn ratios((hit, whole): (&[Cell], Option<u64>), among: &[Cell]) -> Vec<Ratio> {
    let (hit, among) = (tables(hit, whole), tables(among, None));
    let shown = PAIRS.iter().filter_map(|&(by, group, against)| {
        let of = |word| risk((count(&hit, by, word)?, count(&among, by, word)?));
        let ((a, n), (b, m)) = (of(group)?, of(against)?);
        let (ratio, low, high) = ratio((a, n), (b, m));
        Some(Ratio {
            by,
            group: group.to_owned(),
            against: against.to_owned(),
            hit: format!("{:.1}", 100.0 * a / (a + b)),
            use_it: format!("{:.1}", 100.0 * n / (n + m)),
            ratio: format!("{ratio:.2}"),
            low: format!("{low:.2}"),
            high: format!("{high:.2}"),
        })
    });
    shown.collect()
}

/// That no group has more people who were hit than people.
pub fn check(hit: &[Cell], among: &[Cell]) -> Result<(), Invalid> {
    for &by in Property::ALL {
        let people = counts(among, by);
        for (word, hit) in counts(hit, by) {
            let all = people.get(word).filter(|_| word != "unknown");
            if all.is_some_and(|&all| all < hit) {
                return Err(Invalid {
                    field: "among",
                    rule: "no group has more people who were hit than people",
                });
            }
        }
    }
    Ok(())
}

/// The share of a group that was hit, where it may be told.
fn risk((hit, all): (u64, u64)) -> Option<(f64, f64)> {
    let spared = all.checked_sub(hit)?;
    (hit > 0 && spared >= SHOWN_FROM).then(|| (float(hit), float(all)))
}

/// A number that is shown.
fn count(tables: &[Table], by: Property, word: &str) -> Option<u64> {
    let table = tables.iter().find(|table| table.by == by)?;
    let group = table.groups.iter().find(|group| group.group == word)?;
    group.count
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "people are counted, fewer than there are in the world"
)]
const fn float(count: u64) -> f64 {
    count as f64
}

/// The ratio of two risks, each as how many were hit of how many, and its interval.
fn ratio((a, n): (f64, f64), (b, m): (f64, f64)) -> (f64, f64, f64) {
    let ratio = (a / n) / (b / m);
    let deviation = (1.0 / a - 1.0 / n + 1.0 / b - 1.0 / m).max(0.0).sqrt();
    let factor = (NORMAL_95 * deviation).exp();
    (ratio, ratio / factor, ratio * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harm::groups::{Age, Known, Sex};

    fn by_sex(f: u64, m: u64) -> Vec<Cell> {
        let cell = |sex, count| Cell {
            sex,
            age: Age::Unknown,
            disability: Known::Unknown,
            displaced: Known::Unknown,
            count,
        };
        vec![cell(Sex::Female, f), cell(Sex::Male, m)]
    }

    fn interval(one: &Ratio) -> [&str; 3] {
        [&one.ratio, &one.low, &one.high].map(String::as_str)
    }

    /// By hand: (60/1000)/(30/900) = 1.8; the logarithm deviates by
    /// sqrt(1/60 - 1/1000 + 1/30 - 1/900) = 0.21884, so 1.8 / 1.5357 to 1.8 · 1.5357.
    #[test]
    fn a_ratio_has_its_interval() {
        let told = ratios((&by_sex(60, 30), None), &by_sex(1_000, 900));
        let [one] = told.as_slice() else {
            panic!("{told:?}");
        };
        assert_eq!((one.group.as_str(), one.against.as_str()), ("f", "m"));
        assert_eq!((one.hit.as_str(), one.use_it.as_str()), ("66.7", "52.6"));
        assert_eq!(interval(one), ["1.80", "1.17", "2.76"]);
    }

    #[test]
    fn where_nearly_all_of_a_group_were_hit_nothing_is_told() {
        assert_eq!(ratios((&by_sex(38, 70), None), &by_sex(40, 900)), []);
        assert_eq!(ratios((&by_sex(35, 70), None), &by_sex(40, 74)), []);
        assert_eq!(ratios((&by_sex(35, 70), None), &by_sex(40, 75)).len(), 1);
    }

    #[test]
    fn what_is_held_back_is_not_compared() {
        assert_eq!(ratios((&by_sex(60, 4), None), &by_sex(1_000, 900)), []);
        assert_eq!(ratios((&by_sex(60, 30), None), &by_sex(1_000, 3)), []);
        assert_eq!(ratios((&by_sex(60, 30), None), &[]), []);
    }

    #[test]
    fn no_more_are_hit_than_there_are() {
        assert!(check(&by_sex(60, 30), &by_sex(1_000, 29)).is_err());
        assert!(check(&by_sex(60, 30), &by_sex(60, 30)).is_ok());
        assert!(check(&by_sex(60, 30), &[]).is_ok());
    }
}
