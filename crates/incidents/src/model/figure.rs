//! Harm as it is stated: a number, a unit, how sure the bound is, and how good the source.

use std::{fmt, str::FromStr};

use super::{Invalid, Line, currency, words};
use crate::harm::{Detail, Measure, Origin, groups, ratios};

/// A decimal number with up to three places, stored in thousandths. Figures stay as they were
/// stated: there is no arithmetic on them here.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Quantity(i64);

/// What is known of a figure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Bound {
    /// This number.
    Exact(Quantity),
    /// This number or more.
    AtLeast(Quantity),
    /// This number or less.
    AtMost(Quantity),
    /// Near this number.
    About(Quantity),
    /// Between two numbers.
    Range(Quantity, Quantity),
}

/// What is counted: an ISO 4217 code for money, else a noun in the singular with hyphens.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Unit(String);

words! {
    /// How good the source of a figure is.
    Grade, "A, B, C or D", {
        /// Measured by the operator.
        A = "A",
        /// From an official record.
        B = "B",
        /// Stated in a meeting or the press.
        C = "C",
        /// Claimed by an actor.
        D = "D",
    }
}

/// One figure of harm.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HarmFigure {
    /// What it measures.
    pub what: Line<300>,
    /// The measure, where one fits.
    pub measure: Option<Measure>,
    /// The number.
    pub bound: Bound,
    /// What is counted.
    pub unit: Unit,
    /// How good the source is.
    pub grade: Grade,
    /// Where it stands.
    pub source: Option<Line<200>>,
    /// What the reader should know of it.
    pub note: Option<Line<1000>>,
    /// What else is known of it.
    pub detail: Detail,
}

/// More people than live on earth.
const PEOPLE_MAX: i64 = 10_000_000_000;
/// More money than there is in any currency.
const MONEY_MAX: i64 = 1_000_000_000_000_000;
/// Longer than anybody waits, in years.
const YEARS_MAX: i64 = 100;

impl Quantity {
    /// The number of `thousandths`, as read from a row.
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// The number in thousandths, as written to a row.
    pub const fn thousandths(self) -> i64 {
        self.0
    }
}

impl FromStr for Quantity {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = Invalid {
            field: "value",
            rule: "a number of zero or more with up to three decimal places, such as 1.5",
        };
        let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(places) || places.len() > 3 {
            return Err(invalid);
        }
        let parse = |part: &str| part.parse::<i64>().map_err(|_long| invalid.clone());
        let thousandths = parse(&format!("{places:0<3}"))?;
        let whole = parse(whole)?.checked_mul(1_000).ok_or(invalid.clone())?;
        whole.checked_add(thousandths).map(Self).ok_or(invalid)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0.div_euclid(1_000), self.0.rem_euclid(1_000));
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let places = format!("{rest:03}");
        write!(f, "{whole}.{}", places.trim_end_matches('0'))
    }
}

impl HarmFigure {
    /// The figure, if it is not absurd and says no more than its source can know.
    pub fn checked(self) -> Result<Self, Invalid> {
        let broken = |field, rule| Err(Invalid { field, rule });
        let (_, high) = self.bound.ends();
        if let Some(most) = self.most()
            && high.0 > most.saturating_mul(1_000)
        {
            return broken("value", "no more than there can be of it");
        }
        currency::check(&self.unit)?;
        if self
            .measure
            .is_some_and(|measure| !measure.takes(&self.unit))
        {
            return broken(
                "unit",
                "a unit of the measure: time, money, per cent or a number",
            );
        }
        let claims = self.detail.origin.and_then(Origin::claims);
        if let Some(rule) = claims.filter(|_| self.grade != Grade::D) {
            return broken("grade", rule);
        }
        let whole = groups::whole(&self.detail.cells)?;
        if self.detail.cells.len() > groups::CELLS_MAX {
            return broken("cells", "each group once");
        }
        let whole = i64::try_from(whole)
            .ok()
            .and_then(|whole| whole.checked_mul(1_000));
        let open = matches!(self.bound, Bound::AtLeast(_) | Bound::About(_));
        if !self.detail.cells.is_empty() && !open && whole.is_none_or(|whole| whole > high.0) {
            return broken("cells", "come to no more than the figure");
        }
        groups::whole(&self.detail.among).map_err(|broken| broken.at("among"))?;
        if self.detail.among.len() > groups::CELLS_MAX {
            return broken("among", "each group once");
        }
        if self.detail.cells.is_empty() && !self.detail.among.is_empty() {
            return broken("among", "stands beside the groups that were hit");
        }
        ratios::check(&self.detail.cells, &self.detail.among)?;
        Ok(self)
    }

    /// The number by groups of people, as far as that may be shown.
    pub fn tables(&self) -> Vec<groups::Table> {
        groups::tables(&self.detail.cells, self.whole())
    }

    /// How much more often some groups were hit, as far as that may be told.
    pub fn ratios(&self) -> Vec<ratios::Ratio> {
        ratios::ratios((&self.detail.cells, self.whole()), &self.detail.among)
    }

    /// How many it is, where that is one whole number.
    fn whole(&self) -> Option<u64> {
        match self.bound {
            Bound::Exact(one) if one.0 % 1_000 == 0 => u64::try_from(one.0 / 1_000).ok(),
            _ => None,
        }
    }

    /// The most that there can be of its unit.
    fn most(&self) -> Option<i64> {
        let time = |a_year: i64| YEARS_MAX.saturating_mul(a_year);
        match self.unit.as_str() {
            "percent" if self.measure == Some(Measure::SpillOver) => Some(100_000),
            "percent" => Some(100),
            "person" | "patient" | "death" | "subscriber" | "user" => Some(PEOPLE_MAX),
            "year" => Some(YEARS_MAX),
            "month" => Some(time(12)),
            "week" => Some(time(53)),
            "day" => Some(time(366)),
            "hour" => Some(time(366 * 24)),
            "minute" => Some(time(366 * 24 * 60)),
            _ if self.unit.is_money() => Some(MONEY_MAX),
            _ => None,
        }
    }
}

impl Bound {
    /// The word of the bound.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact(_) => "exact",
            Self::AtLeast(_) => "at_least",
            Self::AtMost(_) => "at_most",
            Self::About(_) => "about",
            Self::Range(..) => "range",
        }
    }

    /// The lowest and the highest number that are named; the same where only one is.
    pub const fn ends(self) -> (Quantity, Quantity) {
        match self {
            Self::Exact(one) | Self::AtLeast(one) | Self::AtMost(one) | Self::About(one) => {
                (one, one)
            }
            Self::Range(low, high) => (low, high),
        }
    }

    /// The bound of a word and its numbers.
    pub fn of(word: &str, low: Quantity, high: Quantity) -> Result<Self, Invalid> {
        let invalid = |rule| Invalid {
            field: "bound",
            rule,
        };
        let bound = match word {
            "exact" => Self::Exact(low),
            "at_least" => Self::AtLeast(low),
            "at_most" => Self::AtMost(low),
            "about" => Self::About(low),
            "range" if low.0 < high.0 => return Ok(Self::Range(low, high)),
            "range" => return Err(invalid("a range goes from a lower to a higher number")),
            _ => return Err(invalid("exact, at_least, at_most, about or range")),
        };
        if low == high {
            Ok(bound)
        } else {
            Err(invalid("only a range has two numbers"))
        }
    }

    /// The bound as a request or a file gives it: one value, or the two ends of a range.
    pub fn read(
        word: &str,
        value: Option<&str>,
        low: Option<&str>,
        high: Option<&str>,
    ) -> Result<Self, Invalid> {
        match (value, low, high) {
            (Some(value), None, None) => {
                let value = value.parse()?;
                if word == "range" {
                    return Err(Invalid {
                        field: "bound",
                        rule: "a range has low and high, and no value",
                    });
                }
                Self::of(word, value, value)
            }
            (None, Some(low), Some(high)) => Self::of(word, low.parse()?, high.parse()?),
            _ => Err(Invalid {
                field: "value",
                rule: "either a value, or low and high of a range",
            }),
        }
    }
}

impl Unit {
    /// The code or noun.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for three capital letters, which are the code of a currency or of nothing.
    pub fn is_money(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_uppercase())
    }
}

impl FromStr for Unit {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let money = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        let noun = (1..=40).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        if money || noun {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid {
                field: "unit",
                rule: "a currency such as USD, or a noun of a-z and '-' such as hospital",
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_up_to_three_places() {
        for text in ["0", "5800", "1.5", "33.333", "0.05", "3000000000"] {
            assert_eq!(text.parse::<Quantity>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "-1",
            "1.",
            ".5",
            "1.2345",
            "1e3",
            "1,000",
            "99999999999999999999",
        ] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_a_range_has_two_numbers() {
        assert!(Bound::read("about", Some("60"), None, None).is_ok());
        assert!(Bound::read("range", None, Some("72000"), Some("78000")).is_ok());
        assert!(Bound::read("range", None, Some("78000"), Some("72000")).is_err());
        assert!(Bound::read("range", Some("1"), None, None).is_err());
        assert!(Bound::read("exact", None, Some("1"), Some("2")).is_err());
        assert!(Bound::read("exact", None, None, None).is_err());
        assert!(Bound::read("roughly", Some("1"), None, None).is_err());
    }

    #[test]
    fn money_is_told_from_things() {
        assert!("USD".parse::<Unit>().unwrap().is_money());
        assert!(!"wind-turbine".parse::<Unit>().unwrap().is_money());
        assert!("Hospitals".parse::<Unit>().is_err());
    }

    fn figure(value: &str, unit: &str) -> HarmFigure {
        HarmFigure {
            what: "x".parse().unwrap(),
            measure: None,
            bound: Bound::read("exact", Some(value), None, None).unwrap(),
            unit: unit.parse().unwrap(),
            grade: Grade::C,
            source: None,
            note: None,
            detail: Detail::default(),
        }
    }

    #[test]
    fn absurd_figures_are_refused_where_they_are_absurd() {
        for (value, unit) in [
            ("101", "percent"),
            ("100.001", "percent"),
            ("52704001", "minute"),
            ("10000000001", "person"),
            ("36601", "day"),
        ] {
            assert_eq!(figure(value, unit).checked().unwrap_err().field, "value");
        }
        assert!(figure("100", "percent").checked().is_ok());
        assert_eq!(figure("5", "XYZ").checked().unwrap_err().field, "unit");
        assert!(figure("5", "BGN").checked().is_ok());
        let mut hours = figure("5", "hospital");
        hours.measure = Some(Measure::Downtime);
        assert_eq!(hours.checked().unwrap_err().field, "unit");
    }

    #[test]
    fn what_an_attacker_or_a_party_to_a_conflict_says_is_a_claim() {
        for origin in [Origin::Attacker, Origin::Party] {
            let mut claim = figure("1000000", "record");
            claim.detail.origin = Some(origin);
            assert_eq!(claim.clone().checked().unwrap_err().field, "grade");
            claim.grade = Grade::D;
            assert!(claim.checked().is_ok());
        }
    }

    proptest! {
        #[test]
        fn quantities_round_trip(thousandths in 0..i64::MAX) {
            let quantity = Quantity::from_thousandths(thousandths);
            prop_assert_eq!(quantity.to_string().parse::<Quantity>().unwrap(), quantity);
        }
    }
}
