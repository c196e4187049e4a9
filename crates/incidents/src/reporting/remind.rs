//! When people are reminded of a report.

use std::time::Duration;

use kernel::{IncidentRef, Timestamp};

use crate::clocks::{Due, Reckoned};

const HOUR: Duration = Duration::from_hours(1);
/// The last moment is in time; the next is late.
const NEXT: Duration = Duration::from_micros(1);

/// What a reminder says.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Step {
    /// So many hours are left, or less.
    Before(u32),
    /// It is late.
    Late,
}

/// Something that was reminded of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reminder {
    /// The entry.
    pub public: IncidentRef,
    /// What it is called.
    pub title: String,
    /// The key of the regime.
    pub regime: String,
    /// The key of the stage.
    pub stage: String,
    /// When it is due.
    pub due: Timestamp,
    /// What the reminder says.
    pub step: Step,
    /// When it was told.
    pub told_at: Timestamp,
}

impl Step {
    /// The hours that are left at most; 0 where it is late.
    pub const fn hours(self) -> u32 {
        match self {
            Self::Before(hours) => hours,
            Self::Late => 0,
        }
    }

    /// The step of so many hours.
    pub const fn of_hours(hours: u32) -> Self {
        match hours {
            0 => Self::Late,
            hours => Self::Before(hours),
        }
    }
}

/// When people are reminded of a report, in order; nothing where it was filed or has no due time. A
/// reminder that would come no later than the clock began to run says nothing new and is left out.
pub fn steps(reckoned: &Reckoned, leads: &[u32]) -> Vec<(Timestamp, Step)> {
    let (Due::At(due), None) = (&reckoned.due, reckoned.filed) else {
        return Vec::new();
    };
    let before = leads.iter().filter_map(|&hours| {
        let at = due.minus(HOUR.saturating_mul(hours));
        let news = reckoned.since.is_none_or(|since| since < at);
        news.then_some((at, Step::Before(hours)))
    });
    let mut all: Vec<_> = before.chain([(due.plus(NEXT), Step::Late)]).collect();
    all.sort_unstable();
    all
}

/// The last step that has come.
pub(crate) fn reached(steps: &[(Timestamp, Step)], now: Timestamp) -> Option<Step> {
    let come = steps.iter().take_while(|(at, _)| *at <= now);
    come.last().map(|&(_, step)| step)
}

/// When the next step comes.
pub(crate) fn next(steps: &[(Timestamp, Step)], now: Timestamp) -> Option<Timestamp> {
    let mut coming = steps.iter().skip_while(|(at, _)| *at <= now);
    coming.next().map(|&(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clocks::all;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_micros(hours * 3_600_000_000)
    }

    fn reckoned(due: Due, since: i64, filed: Option<Timestamp>) -> Reckoned {
        let regime = &all().unwrap()[0];
        Reckoned {
            regime,
            stage: &regime.stages[0],
            due,
            since: Some(at(since)),
            local: None,
            counted: None,
            filed,
        }
    }

    #[test]
    fn people_are_reminded_before_and_when_it_is_late() {
        let one = reckoned(Due::At(at(100)), 76, None);
        let steps = steps(&one, &[72, 24, 6, 1]);
        let told: Vec<_> = steps.iter().map(|&(_, step)| step.hours()).collect();
        assert_eq!(told, [6, 1, 0], "24 hours before, the clock had just begun");
        assert_eq!(reached(&steps, at(93)), None);
        assert_eq!(next(&steps, at(93)), Some(at(94)));
        assert_eq!(reached(&steps, at(94)), Some(Step::Before(6)));
        assert_eq!(
            reached(&steps, at(100)),
            Some(Step::Before(1)),
            "still in time"
        );
        assert_eq!(next(&steps, at(100)), Some(at(100).plus(NEXT)));
        assert_eq!(reached(&steps, at(101)), Some(Step::Late));
        assert_eq!(next(&steps, at(101)), None);
    }

    #[test]
    fn what_was_filed_or_has_no_number_is_not_reminded_of() {
        for one in [
            reckoned(Due::At(at(100)), 0, Some(at(200))),
            reckoned(Due::Promptly(at(1)), 1, None),
            reckoned(Due::Waits(Vec::new()), 0, None),
        ] {
            assert_eq!(steps(&one, &[24]), []);
        }
        let at_once = reckoned(Due::At(at(5)), 5, None);
        assert_eq!(steps(&at_once, &[24, 1]), [(at(5).plus(NEXT), Step::Late)]);
    }
}
