//! The arithmetic of SEV-1, exact: weights and points are small whole numbers.

use std::collections::BTreeMap;

use super::{Change, Factor, Floor, FloorRule, Level, Points, Ratio, Severity};

/// What all factors weigh together.
const WEIGHTS: u16 = 34;
/// The most that the factors can come to.
const RAW_MAX: u16 = 136;
/// From which percentage on each level holds; the level is the place in the list.
const BANDS: [u16; 6] = [0, 10, 25, 45, 65, 85];

/// What the severity is computed from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Picture {
    /// The factors whose points are known.
    pub known: BTreeMap<Factor, Points>,
    /// Whether a state of emergency was declared.
    pub emergency: bool,
    /// Whether the health sector was hit.
    pub health: bool,
}

impl Picture {
    /// How severe that is.
    pub fn severity(&self) -> Severity {
        let raw = self.raw();
        let judged = self.judged();
        let open = (WEIGHTS - judged) * u16::from(Points::MAX.number());
        let (low, high) = (Ratio::new(raw, RAW_MAX), Ratio::new(raw + open, RAW_MAX));
        let contributions = self.known.iter().map(|(&factor, &points)| {
            let part = factor.weight() * u16::from(points.number());
            (factor, Ratio::new(part, RAW_MAX))
        });
        Severity {
            low,
            high,
            point: self.point(),
            level: self.level(),
            lowest: floored(low, &self.rules()),
            highest: floored(high, &self.at_worst().rules()),
            coverage: Ratio::new(judged, WEIGHTS),
            floors: self.floors(),
            contributions: contributions.collect(),
            changes: self.changes(),
        }
    }

    fn raw(&self) -> u16 {
        let parts = self.known.iter();
        parts
            .map(|(factor, points)| factor.weight() * u16::from(points.number()))
            .sum()
    }

    fn judged(&self) -> u16 {
        self.known.keys().map(|factor| factor.weight()).sum()
    }

    fn point(&self) -> Option<Ratio> {
        let whole = self.judged() * u16::from(Points::MAX.number());
        (whole > 0).then(|| Ratio::new(self.raw(), whole))
    }

    fn level(&self) -> Option<Level> {
        self.point().map(|point| floored(point, &self.rules()))
    }

    /// The same with the worst in what is not known.
    fn at_worst(&self) -> Self {
        let mut worst = self.clone();
        for &factor in Factor::ALL {
            worst.known.entry(factor).or_insert(Points::MAX);
        }
        worst
    }

    fn rules(&self) -> Vec<(FloorRule, Level)> {
        let points = |factor| self.known.get(&factor).map_or(0, |points| points.number());
        let people = points(Factor::People);
        let rules = [
            (people == 4, FloorRule::Deaths, Level(4)),
            (
                points(Factor::Sovereignty) == 4,
                FloorRule::Paralysis,
                Level(4),
            ),
            (self.emergency, FloorRule::Emergency, Level(4)),
            (people >= 3 && self.health, FloorRule::Care, Level(3)),
        ];
        let holding = rules.into_iter().filter(|(holds, _, _)| *holds);
        holding.map(|(_, rule, level)| (rule, level)).collect()
    }

    fn floors(&self) -> Vec<Floor> {
        let plain = self.point().map_or(Level(0), band);
        let floors = self.rules().into_iter();
        floors
            .map(|(rule, level)| Floor {
                rule,
                level,
                raises: plain < level,
            })
            .collect()
    }

    /// For each factor that counts, the nearest points on either side that move the level.
    fn changes(&self) -> Vec<Change> {
        let Some(now) = self.level() else {
            return Vec::new();
        };
        let mut changes = Vec::new();
        for &factor in Factor::ALL.iter().filter(|factor| factor.weight() > 0) {
            let from = self.known.get(&factor).copied();
            let moved = |to: Points| {
                let mut other = self.clone();
                other.known.insert(factor, to);
                let level = other.level().filter(|&level| level != now)?;
                Some(Change {
                    factor,
                    from,
                    to,
                    level,
                })
            };
            let down = Points::all()
                .rev()
                .filter(|&to| from.is_none_or(|from| to < from))
                .filter_map(moved)
                .find(|change| change.level < now);
            let up = Points::all()
                .filter(|&to| from.is_none_or(|from| to > from))
                .filter_map(moved)
                .find(|change| change.level > now);
            changes.extend(down.into_iter().chain(up));
        }
        changes
    }
}

/// The level of a percentage, without floors.
fn band(ratio: Ratio) -> Level {
    let levels = BANDS.iter().zip(Level::all());
    levels
        .filter(|(from, _)| ratio.reaches(**from))
        .map(|(_, level)| level)
        .last()
        .unwrap_or(Level(0))
}

fn floored(ratio: Ratio, rules: &[(FloorRule, Level)]) -> Level {
    let floors = rules.iter().map(|&(_, level)| level);
    floors.fold(band(ratio), Level::max)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The factors that count, in order.
    fn counted() -> impl Iterator<Item = Factor> {
        Factor::ALL
            .iter()
            .copied()
            .filter(|factor| factor.weight() > 0)
    }

    fn picture(points: [u8; 8]) -> Picture {
        let known = counted().zip(points);
        Picture {
            known: known
                .map(|(factor, points)| (factor, Points(points)))
                .collect(),
            ..Picture::default()
        }
    }

    #[test]
    fn the_weights_are_those_of_the_method() {
        assert_eq!(counted().map(Factor::weight).sum::<u16>(), WEIGHTS);
        assert_eq!(WEIGHTS * 4, RAW_MAX);
        assert_eq!(Factor::Attribution.weight(), 0);
    }

    #[test]
    fn the_known_cases_come_to_what_they_came_to() {
        let cases = [
            ("Ascension", [1, 1, 3, 3, 3, 2, 3, 0], 72, "52.9", 3),
            ("Costa Rica 2022", [4, 3, 3, 3, 3, 3, 3, 2], 107, "78.7", 4),
            ("KA-SAT", [3, 3, 1, 2, 4, 2, 4, 0], 82, "60.3", 3),
            ("Georgia 2019", [3, 2, 0, 1, 3, 1, 3, 0], 55, "40.4", 2),
        ];
        for (name, points, raw, shown, level) in cases {
            let picture = picture(points);
            let severity = picture.severity();
            assert_eq!(picture.raw(), raw, "{name}");
            assert_eq!(severity.point.unwrap().to_string(), shown, "{name}");
            assert_eq!(severity.level, Some(Level(level)), "{name}");
            assert_eq!(
                (severity.low, severity.high),
                (severity.point.unwrap(), severity.low)
            );
            assert_eq!(severity.coverage.to_string(), "100.0");
        }
    }

    #[test]
    fn nothing_known_is_everything_possible() {
        let severity = Picture::default().severity();
        assert_eq!((severity.point, severity.level), (None, None));
        assert_eq!((severity.lowest, severity.highest), (Level(0), Level(5)));
        assert_eq!(severity.coverage.to_string(), "0.0");
        assert!(severity.changes.is_empty());
    }

    #[test]
    fn a_floor_is_told_with_whether_it_raises() {
        let mut hospital = picture([0, 0, 3, 0, 0, 0, 0, 0]);
        hospital.health = true;
        let severity = hospital.severity();
        let care = Floor {
            rule: FloorRule::Care,
            level: Level(3),
            raises: true,
        };
        assert_eq!(
            (severity.level, severity.floors),
            (Some(Level(3)), vec![care])
        );
        hospital.emergency = true;
        assert_eq!(hospital.severity().level, Some(Level(4)));
        let mut grave = picture([4; 8]);
        grave.health = true;
        let severity = grave.severity();
        assert_eq!(severity.level, Some(Level(5)));
        assert!(severity.floors.iter().all(|floor| !floor.raises));
        let rules: Vec<_> = severity.floors.iter().map(|floor| floor.rule).collect();
        assert_eq!(
            rules,
            [FloorRule::Deaths, FloorRule::Paralysis, FloorRule::Care]
        );
    }

    #[test]
    fn attribution_never_counts() {
        let plain = picture([1, 1, 3, 3, 3, 2, 3, 0]);
        for points in Points::all() {
            let mut attributed = plain.clone();
            attributed.known.insert(Factor::Attribution, points);
            let (with, without) = (attributed.severity(), plain.severity());
            assert_eq!((with.point, with.level), (without.point, without.level));
            assert_eq!((with.low, with.high), (without.low, without.high));
            assert_eq!(with.changes, without.changes);
        }
    }

    #[test]
    fn the_changes_are_the_nearest_that_move_the_level() {
        // 55 of 136 is level 2; level 3 begins at 61.2, level 1 ends below 34.
        let changes = picture([3, 2, 0, 1, 3, 1, 3, 0]).severity().changes;
        let told: Vec<_> = changes
            .iter()
            .map(|one| (one.factor.as_str(), one.to.number(), one.level.number()))
            .collect();
        // F1 at 4 is 61 points, still level 2 by its sum, but a floor lifts it to 4.
        assert_eq!(
            told,
            [
                ("F1", 4, 4),
                ("F2", 4, 3),
                ("F3", 1, 3),
                ("F4", 3, 3),
                ("M2", 4, 3)
            ]
        );
    }

    prop_compose! {
        fn any_picture()(
            points in proptest::collection::vec(proptest::option::of(0_u8..=4), 9),
            emergency: bool,
            health: bool,
        ) -> Picture {
            let known = Factor::ALL.iter().copied().zip(points);
            let known = known.filter_map(|(factor, points)| Some((factor, Points(points?))));
            Picture { known: known.collect(), emergency, health }
        }
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_point(picture in any_picture()) {
            let severity = picture.severity();
            prop_assert!(severity.low <= severity.high);
            prop_assert!(severity.lowest <= severity.highest);
            if let (Some(point), Some(level)) = (severity.point, severity.level) {
                prop_assert!(severity.low <= point && point <= severity.high);
                prop_assert!(severity.lowest <= level && level <= severity.highest);
            }
        }

        #[test]
        fn more_points_are_never_less_severe(picture in any_picture(), at in 0_usize..9) {
            let factor = Factor::ALL[at];
            if let Some(&points) = picture.known.get(&factor).filter(|points| points.0 < 4) {
                let mut worse = picture.clone();
                worse.known.insert(factor, Points(points.0 + 1));
                let (before, after) = (picture.severity(), worse.severity());
                prop_assert!(before.point <= after.point && before.level <= after.level);
                prop_assert!(before.low <= after.low && before.high <= after.high);
                prop_assert!(before.lowest <= after.lowest && before.highest <= after.highest);
            }
        }

        #[test]
        fn what_becomes_known_lies_in_the_interval(picture in any_picture()) {
            let before = picture.severity();
            for points in Points::all() {
                let mut known = picture.clone();
                for &factor in Factor::ALL {
                    known.known.entry(factor).or_insert(points);
                }
                let after = known.severity();
                let (point, level) = (after.point.unwrap(), after.level.unwrap());
                prop_assert!(before.low <= point && point <= before.high);
                prop_assert!(before.lowest <= level && level <= before.highest);
                prop_assert_eq!((after.low, after.high), (point, point));
            }
        }

        #[test]
        fn contributions_add_up_to_the_least(picture in any_picture()) {
            let severity = picture.severity();
            let sum: u16 = severity.contributions.values().map(|one| one.part()).sum();
            prop_assert_eq!(Ratio::new(sum, RAW_MAX), severity.low);
        }

        #[test]
        fn a_change_moves_the_level_as_it_says(picture in any_picture()) {
            let severity = picture.severity();
            for change in &severity.changes {
                let mut other = picture.clone();
                other.known.insert(change.factor, change.to);
                prop_assert_eq!(other.severity().level, Some(change.level));
                prop_assert_ne!(Some(change.level), severity.level);
                prop_assert_eq!(picture.known.get(&change.factor).copied(), change.from);
            }
        }
    }
}
