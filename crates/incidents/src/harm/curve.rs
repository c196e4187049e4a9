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

/// A share of the baseline capacity, in thousandths. What is above the whole makes up for nothing.
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

/// Where so much of the capacity was back for good: between a point and the next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Crossing {
    /// The number of the point before, from 0 on.
    pub piece: usize,
    missing: i64,
    rise: i64,
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

    /// What was lost from the first point to the last.
    pub fn lost(&self) -> Lost {
        self.lost_if(|piece| {
            let (Some(&(begin, _)), Some(&(end, _))) = (
                self.points.get(piece),
                self.points.get(piece.saturating_add(1)),
            ) else {
                return 0;
            };
            end.as_micros().saturating_sub(begin.as_micros())
        })
    }

    /// What would have been lost if it had taken so many microseconds from each point to the next.
    pub fn lost_if(&self, length: impl Fn(usize) -> i64) -> Lost {
        let twice = self.points.windows(2).zip(0..).map(|(two, piece)| {
            let share = |one: Option<&(Timestamp, Share)>| {
                one.map_or(WHOLE, |&(_, share)| i64::from(share.thousandths()))
            };
            let from = share(two.first());
            let to = match self.shape {
                Shape::Linear => share(two.last()),
                Shape::Step => from,
            };
            i128::from(length(piece)) * missing((WHOLE - from, WHOLE - to))
                / i128::from(rise((WHOLE - from, WHOLE - to)))
        });
        Lost(twice.sum())
    }

    /// Where so many per cent of the baseline were back for good; nothing where that was never below, or
    /// is not back as far as the points go.
    pub fn crossing(&self, percent: u8) -> Option<Crossing> {
        let goal = i64::from(percent.min(100)) * 10;
        let piece = self.last_below(goal)?;
        let share = |piece: usize| {
            let point = self.points.get(piece);
            point.map(|&(_, share)| i64::from(share.thousandths()))
        };
        let (from, to) = (share(piece)?, share(piece.saturating_add(1))?);
        Some(match self.shape {
            Shape::Step => Crossing {
                piece,
                missing: 1,
                rise: 1,
            },
            // The next point is at the goal or above, and this one below: the rise is not zero.
            Shape::Linear => Crossing {
                piece,
                missing: goal - from,
                rise: (to - from).max(1),
            },
        })
    }

    fn last_below(&self, goal: i64) -> Option<usize> {
        let below = |&(_, share): &(Timestamp, Share)| i64::from(share.thousandths()) < goal;
        self.points.iter().rposition(below)
    }

    /// How long it took until so many per cent of the baseline were back for good.
    pub fn down(&self, percent: u8) -> Down {
        if self.last_below(i64::from(percent.min(100)) * 10).is_none() {
            return Down::Never;
        }
        let Some(crossing) = self.crossing(percent) else {
            return Down::NotYet;
        };
        let at = |piece: usize| self.points.get(piece).map(|&(at, _)| at.as_micros());
        let (Some(begin), Some(from), Some(to)) = (
            at(0),
            at(crossing.piece),
            at(crossing.piece.saturating_add(1)),
        ) else {
            return Down::NotYet;
        };
        let before = from.saturating_sub(begin);
        Down::Back(before.saturating_add(crossing.part(to.saturating_sub(from))))
    }
}

/// Twice the mean of what is missing over a piece, from what is missing at its beginning and its end, times
/// what [`rise`] says. Where the line rises above the baseline, only the part below it counts.
fn missing((from, to): (i64, i64)) -> i128 {
    match (from.max(to), from.min(to)) {
        (high, _) if high <= 0 => 0,
        (high, low) if low >= 0 => i128::from(high) + i128::from(low),
        (high, _) => i128::from(high) * i128::from(high),
    }
}

/// What the mean is divided by: one, but where the line crosses the baseline.
const fn rise((from, to): (i64, i64)) -> i64 {
    if (from > 0 && to < 0) || (from < 0 && to > 0) {
        (from - to).abs()
    } else {
        1
    }
}

impl Crossing {
    /// The part of a length that went by until then.
    pub fn part(self, length: i64) -> i64 {
        let part = i128::from(length) * i128::from(self.missing) / i128::from(self.rise);
        i64::try_from(part).unwrap_or(length)
    }
}

impl Lost {
    /// A full outage of so many microseconds.
    pub fn of_outage(micros: i64) -> Self {
        Self(i128::from(micros) * i128::from(WHOLE) * 2)
    }

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
    fn what_is_above_the_baseline_makes_up_for_nothing() {
        // The baseline is reached on the first of the two days.
        let above = curve(&[(0, 0), (2, 2_000)], Shape::Linear);
        assert_eq!(above.lost().days().unwrap().to_string(), "0.5");
        assert_eq!(above.down(100), Down::Back(DAY_MICROS));
        let falls = curve(&[(0, 1_500), (2, 500), (3, 1_500)], Shape::Linear);
        assert_eq!(falls.lost().days().unwrap().to_string(), "0.375");
        let step = curve(&[(0, 1_500), (2, 500), (3, 1_500)], Shape::Step);
        assert_eq!(step.lost().days().unwrap().to_string(), "0.5");
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
