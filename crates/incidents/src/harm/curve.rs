//! The capacity of a service over time, and what was lost of it. Exact arithmetic in microseconds and
//! thousandths; only what comes out is rounded, to thousandths of a day.

use kernel::Timestamp;

use super::DAY_MICROS;
use crate::model::{Invalid, Quantity, words};

/// The whole capacity, in thousandths.
const WHOLE: i64 = 1_000;

words! {
    /// How capacity goes from one point to the next.
    Shape, "linear or step", {
        /// Evenly.
        Linear = "linear",
        /// It stays until the next point.
        Step = "step",
    }
}

/// A share of the baseline capacity, in thousandths. More than the whole counts as the whole.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Share(u16);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The baseline.
    pub const WHOLE: Self = Self(1_000);

    /// So many thousandths of the baseline; up to ten times of it.
    pub fn new(thousandths: u16) -> Result<Self, Invalid> {
        if thousandths <= 10_000 {
            Ok(Self(thousandths))
        } else {
            Err(Invalid {
                field: "share",
                rule: "0 to 1000 per cent of the baseline",
            })
        }
    }

    /// In thousandths, as it was stated.
    pub const fn thousandths(self) -> u16 {
        self.0
    }

    /// What is there of the baseline, at most the whole.
    fn there(self) -> i64 {
        i64::from(self.0).min(WHOLE)
    }
}

/// Capacity over time: one point at least, each at its own time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Curve {
    points: Vec<(Timestamp, Share)>,
    shape: Shape,
}

/// When so much of the capacity was back for good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Down {
    /// It was never below.
    Never,
    /// After so many microseconds.
    Back(i64),
    /// It is not back as far as the points go.
    NotYet,
}

/// Lost capacity: the area between the curve and the baseline.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Lost(i128);

impl Curve {
    /// The curve through the points.
    pub fn new(mut points: Vec<(Timestamp, Share)>, shape: Shape) -> Result<Self, Invalid> {
        let invalid = |rule| Invalid { field: "at", rule };
        points.sort_unstable_by_key(|&(at, _)| at);
        let at = |point: Option<&(Timestamp, Share)>| point.map(|&(at, _)| at);
        if points.is_empty() {
            return Err(invalid("a curve has a point"));
        }
        if points
            .windows(2)
            .any(|two| at(two.first()) == at(two.last()))
        {
            return Err(invalid("one share of capacity at a time"));
        }
        Ok(Self { points, shape })
    }

    /// Its points, in the order of time.
    pub fn points(&self) -> &[(Timestamp, Share)] {
        &self.points
    }

    /// How capacity goes from one point to the next.
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// When it begins.
    pub fn begins(&self) -> Option<Timestamp> {
        self.points.first().map(|&(at, _)| at)
    }

    /// The pieces: microseconds, and what is there at their beginning and at their end.
    fn pieces(&self) -> impl Iterator<Item = (i64, i64, i64)> + '_ {
        self.points.windows(2).filter_map(|two| {
            let (&(begin, from), &(end, to)) = (two.first()?, two.last()?);
            let length = end.as_micros().saturating_sub(begin.as_micros());
            Some(match self.shape {
                Shape::Linear => (length, from.there(), to.there()),
                Shape::Step => (length, from.there(), from.there()),
            })
        })
    }

    /// What was lost from the first point to the last.
    pub fn lost(&self) -> Lost {
        let twice = self.pieces().map(|(length, from, to)| {
            i128::from(length) * (i128::from(WHOLE - from) + i128::from(WHOLE - to))
        });
        Lost(twice.sum())
    }

    /// How long it took until so many per cent of the baseline were back for good.
    pub fn down(&self, percent: u8) -> Down {
        let goal = i64::from(percent.min(100)) * 10;
        let below = |&(_, share): &(Timestamp, Share)| share.there() < goal;
        let Some(last) = self.points.iter().rposition(below) else {
            return Down::Never;
        };
        let (Some(begin), Some(&(from_at, from))) = (self.begins(), self.points.get(last)) else {
            return Down::Never;
        };
        let Some(&(to_at, to)) = self.points.get(last.saturating_add(1)) else {
            return Down::NotYet;
        };
        let length = to_at.as_micros().saturating_sub(from_at.as_micros());
        let crossing = match self.shape {
            Shape::Step => length,
            // The next point is at the goal or above, and this one below: the rise is not zero.
            Shape::Linear => {
                let (missing, rise) = (goal - from.there(), (to.there() - from.there()).max(1));
                let part = i128::from(length) * i128::from(missing) / i128::from(rise);
                i64::try_from(part).unwrap_or(length)
            }
        };
        let before = from_at.as_micros().saturating_sub(begin.as_micros());
        Down::Back(before.saturating_add(crossing))
    }
}

impl Lost {
    /// Both together, each times its own weight in thousandths.
    #[must_use]
    pub fn plus(self, weight: Quantity, other: Self) -> Self {
        let weighed = other.0.saturating_mul(i128::from(weight.thousandths()));
        Self(self.0.saturating_add(weighed))
    }

    /// In days of full outage, where weights in thousandths are in it.
    pub fn weighed_days(self, weights: i64) -> Option<Quantity> {
        // Twice the area in microseconds and thousandths; days in thousandths.
        let unit = i128::from(DAY_MICROS)
            .checked_mul(2)?
            .checked_mul(i128::from(weights.max(1)))?;
        let rounded = self.0.checked_mul(2)?.checked_add(unit)? / unit.checked_mul(2)?;
        i64::try_from(rounded).ok().map(Quantity::from_thousandths)
    }

    /// In days of full outage.
    pub fn days(self) -> Option<Quantity> {
        self.weighed_days(1)
    }
}

/// So many microseconds as days, in thousandths.
pub fn days(micros: i64) -> Quantity {
    let thousandth = DAY_MICROS / 1_000;
    Quantity::from_thousandths(micros.saturating_add(thousandth / 2) / thousandth)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::from_micros(1_715_126_400_000_000 + day * DAY_MICROS)
    }

    fn curve(points: &[(i64, u16)], shape: Shape) -> Curve {
        let points = points
            .iter()
            .map(|&(at, share)| (day(at), Share::new(share).unwrap()));
        Curve::new(points.collect(), shape).unwrap()
    }

    #[test]
    fn even_recovery_over_37_days_is_a_loss_of_18_and_a_half_full_days() {
        let ascension = curve(&[(0, 0), (37, 1_000)], Shape::Linear);
        assert_eq!(ascension.lost().days().unwrap().to_string(), "18.5");
        let back = |percent| match ascension.down(percent) {
            Down::Back(micros) => days(micros).to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(
            (back(50), back(90), back(100)),
            ("18.5".into(), "33.3".into(), "37".into())
        );
    }

    #[test]
    fn what_comes_back_at_once_was_lost_until_then() {
        let step = curve(&[(0, 200), (10, 1_000)], Shape::Step);
        assert_eq!(step.lost().days().unwrap().to_string(), "8");
        assert_eq!(step.down(50), Down::Back(10 * DAY_MICROS));
    }

    #[test]
    fn what_falls_again_is_not_back() {
        let again = curve(&[(0, 0), (2, 1_000), (3, 400), (5, 1_000)], Shape::Linear);
        assert_eq!(again.down(100), Down::Back(5 * DAY_MICROS));
        let falls = curve(&[(0, 0), (2, 1_000), (3, 400)], Shape::Linear);
        assert_eq!(falls.down(100), Down::NotYet);
        assert_eq!(curve(&[(0, 900)], Shape::Step).down(90), Down::Never);
    }

    #[test]
    fn two_shares_at_one_time_contradict_each_other() {
        let twice = vec![(day(0), Share::NONE), (day(0), Share::WHOLE)];
        assert!(Curve::new(twice, Shape::Linear).is_err());
        assert!(Share::new(10_001).is_err());
    }

    fn points() -> impl Strategy<Value = Vec<(i64, u16)>> {
        proptest::collection::btree_map(0_i64..400, 0_u16..=1_500, 1..12)
            .prop_map(|points| points.into_iter().collect())
    }

    proptest! {
        #[test]
        fn no_more_is_lost_than_time_went_by(points in points()) {
            for shape in [Shape::Linear, Shape::Step] {
                let curve = curve(&points, shape);
                let length = points[points.len() - 1].0 - points[0].0;
                let lost = curve.lost().days().unwrap().thousandths();
                prop_assert!((0..=length * 1_000).contains(&lost));
            }
        }

        #[test]
        fn a_point_on_the_line_changes_nothing(
            points in points(), at in 0_i64..400
        ) {
            let even: Vec<(i64, u16)> = points.iter().map(|&(day, share)| (day * 1_000, share.min(1_000))).collect();
            let whole = curve(&even, Shape::Linear);
            // In the middle of a piece whose ends differ by an even number the mean is exact.
            let piece = usize::try_from(at).unwrap() % even.len();
            if let (Some(&(begin, from)), Some(&(end, to))) = (even.get(piece), even.get(piece + 1))
                && (from + to) % 2 == 0
            {
                let mut more = even.clone();
                more.push((i64::midpoint(begin, end), u16::midpoint(from, to)));
                prop_assert_eq!(curve(&more, Shape::Linear).lost(), whole.lost());
            }
        }

        #[test]
        fn more_is_back_later(points in points()) {
            let curve = curve(&points, Shape::Linear);
            let back = |percent| match curve.down(percent) {
                Down::Never => -1,
                Down::Back(micros) => micros,
                Down::NotYet => i64::MAX,
            };
            prop_assert!(back(50) <= back(90) && back(90) <= back(100));
        }
    }
}
