//! What is due when.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::Timestamp;

use super::{Calendar, Limit, Moment, Regime, Stage, Start, WeekDay};
use crate::model::Line;

/// The moments of an incident, as far as they are known. None is ever put in the place of another.
pub type Moments = BTreeMap<Moment, Timestamp>;

/// What a regime asks of an incident.
#[derive(Clone, Copy, Debug)]
pub struct Reckoning<'a> {
    /// The regime.
    pub regime: &'static Regime,
    /// The moments that are known.
    pub moments: &'a Moments,
    /// When each stage was filed, by its key.
    pub filed: &'a BTreeMap<String, Timestamp>,
    /// What authorities asked for, by the key of the stage.
    pub asked: &'a BTreeMap<String, Asked>,
    /// Where days are counted.
    pub calendar: &'a Calendar,
}

/// That an authority asked for a stage.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Asked {
    /// When.
    pub at: Timestamp,
    /// Until when, if it said so.
    pub due: Option<Timestamp>,
}

/// When a stage is due.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Due {
    /// At that moment.
    At(Timestamp),
    /// Without undue delay, since that moment.
    Promptly(Timestamp),
    /// Not yet: none of what the clock runs from has happened.
    Waits(Vec<Start>),
}

/// How business days were counted up to a due time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Counted {
    /// How many.
    pub days: u32,
    /// Whether the party keeps a calendar for the rule; else nothing but the weekend was left out.
    pub is_kept: bool,
    /// The days of the week that were left out.
    pub weekend: Vec<WeekDay>,
    /// Other days that were, by name.
    pub without: Vec<(Date, Line<120>)>,
}

impl Reckoning<'_> {
    /// Each stage with when it is due.
    pub fn due(&self) -> impl Iterator<Item = (&'static Stage, Due)> {
        let stages = self.regime.stages.iter();
        stages.map(|stage| (stage, self.due_of(stage)))
    }

    fn due_of(&self, stage: &Stage) -> Due {
        let asked = self.asked.get(&stage.key);
        if let Some(due) = asked
            .filter(|_| stage.is_on_request())
            .and_then(|one| one.due)
        {
            return Due::At(due);
        }
        let started = stage.limits.iter().filter_map(|running| {
            let start = self.start(stage, &running.from)?;
            Some((start, running.limit))
        });
        let started: Vec<(Timestamp, Limit)> = started.collect();
        let ends = started
            .iter()
            .filter_map(|(start, limit)| limit.end(*start, self.calendar));
        match (ends.min(), started.first()) {
            (Some(end), _) => Due::At(end),
            (None, Some(&(start, _))) => Due::Promptly(start),
            (None, None) => {
                let from = stage.limits.iter().map(|running| running.from.clone());
                Due::Waits(from.collect())
            }
        }
    }

    /// How business days were counted, where the due time of the stage is their end.
    pub fn counted(&self, stage: &Stage, due: &Due) -> Option<Counted> {
        let Due::At(end) = due else { return None };
        stage.limits.iter().find_map(|running| {
            let Limit::BusinessDays(days) = running.limit else {
                return None;
            };
            let start = self.start(stage, &running.from)?;
            if running.limit.end(start, self.calendar) != Some(*end) {
                return None;
            }
            let day = |at| self.calendar.local(at).date();
            // It ends with the last day that counts, which is the beginning of the next.
            let last = day(*end).yesterday().ok()?;
            Some(Counted {
                days,
                is_kept: self.calendar.is_kept(),
                weekend: self.calendar.weekend(),
                without: self.calendar.left_out((day(start), last)),
            })
        })
    }

    /// Since when the clock of a stage runs: the first of what it runs from.
    pub fn since(&self, stage: &Stage) -> Option<Timestamp> {
        let starts = stage.limits.iter();
        starts
            .filter_map(|running| self.start(stage, &running.from))
            .min()
    }

    fn start(&self, stage: &Stage, from: &Start) -> Option<Timestamp> {
        match from {
            Start::At(moment) => self.moments.get(moment).copied(),
            Start::Filed(stage) => self.filed.get(stage).copied(),
            Start::Request => self.asked.get(&stage.key).map(|asked| asked.at),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn regime(key: &str) -> &'static Regime {
        let mut all = crate::clocks::all().unwrap().iter();
        all.find(|one| one.key == key).unwrap()
    }

    fn due(key: &str, moments: &Moments, filed: &[(&str, &str)]) -> Vec<(String, Due)> {
        let filed = filed
            .iter()
            .map(|(stage, when)| ((*stage).to_owned(), at(when)));
        let reckoning = Reckoning {
            regime: regime(key),
            moments,
            filed: &filed.collect(),
            asked: &BTreeMap::new(),
            calendar: &Calendar::utc(),
        };
        let all = reckoning.due();
        all.map(|(stage, due)| (stage.key.clone(), due)).collect()
    }

    #[test]
    fn each_stage_waits_for_what_it_runs_from() {
        let none = due("nis2", &Moments::new(), &[]);
        assert_eq!(none[0].1, Due::Waits(vec![Start::At(Moment::Awareness)]));
        let aware = [(Moment::Awareness, at("2024-05-08T10:00:00Z"))].into();
        let told = due("nis2", &aware, &[]);
        assert_eq!(told[0].1, Due::At(at("2024-05-09T10:00:00Z")));
        assert_eq!(told[1].1, Due::At(at("2024-05-11T10:00:00Z")));
        assert_eq!(told[2].1, Due::Waits(vec![Start::Request]));
        assert_eq!(
            told[3].1,
            Due::Waits(vec![Start::Filed("notification".to_owned())])
        );
        let told = due("nis2", &aware, &[("notification", "2024-05-10T08:00:00Z")]);
        assert_eq!(told[3].1, Due::At(at("2024-06-10T08:00:00Z")));
    }

    #[test]
    fn of_two_limits_the_earlier_holds() {
        let aware = (Moment::Awareness, at("2025-03-01T00:00:00Z"));
        let classified = |text: &str| [aware, (Moment::Classified, at(text))].into();
        let initial = |moments: &Moments| due("dora", moments, &[]).swap_remove(0).1;
        assert_eq!(
            initial(&[aware].into()),
            Due::At(at("2025-03-02T00:00:00Z"))
        );
        assert_eq!(
            initial(&classified("2025-03-01T06:00:00Z")),
            Due::At(at("2025-03-01T10:00:00Z"))
        );
        assert_eq!(
            initial(&classified("2025-03-01T23:00:00Z")),
            Due::At(at("2025-03-02T00:00:00Z"))
        );
    }

    #[test]
    fn a_moment_never_stands_for_another() {
        let aware = [(Moment::Awareness, at("2024-05-08T10:00:00Z"))].into();
        assert_eq!(
            due("sec-8k", &aware, &[])[0].1,
            Due::Waits(vec![Start::At(Moment::Significant)])
        );
        assert_eq!(
            due("circia", &aware, &[])[1].1,
            Due::Waits(vec![Start::At(Moment::Payment)])
        );
        assert_eq!(
            due("gdpr", &aware, &[])[1].1,
            Due::Promptly(at("2024-05-08T10:00:00Z"))
        );
        assert_eq!(
            due("italy-perimeter", &aware, &[])[0].1,
            Due::At(at("2024-05-08T10:00:00Z"))
        );
    }

    proptest! {
        #[test]
        fn to_know_more_never_moves_a_due_time_back(aware in 0_i64..2_000_000_000, later in 0_i64..1_000_000) {
            let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
            let alone: Moments = [(Moment::Awareness, at(aware))].into();
            let mut both = alone.clone();
            both.insert(Moment::Classified, at(aware + later));
            let (one, two) = (due("dora", &alone, &[]).swap_remove(0).1, due("dora", &both, &[]).swap_remove(0).1);
            let (Due::At(one), Due::At(two)) = (one, two) else {
                return Err(TestCaseError::fail("both are due"));
            };
            prop_assert!(two <= one);
        }
    }
}
