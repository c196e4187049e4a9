//! What of the facts cannot well be true. They are taken as somebody stated them, and said to be doubtful.

use std::time::Duration;

use kernel::Timestamp;

use super::{Dated, Facts, Invalid, words};
use crate::intake::personal::{self, Personal};

/// How far a clock may be ahead of ours before a date lies in the future.
const SKEW: Duration = Duration::from_hours(24);

words! {
    /// Which dates do not go together.
    Doubt, "why dates are doubtful", {
        /// It is said to have been noticed before it began.
        NoticedBefore = "noticed-before",
        /// It is said to have been reported before it began.
        ReportedBefore = "reported-before",
        /// It is said to have begun, ended, or been noticed or reported in the future.
        Future = "future",
    }
}

/// Whether a date lies before it began, as far as both are known.
pub(crate) fn is_early(date: Option<Dated>, from: Option<Dated>) -> bool {
    let both = from.zip(date);
    both.is_some_and(|(from, date)| date.last() < from.first())
}

/// Whether a date lies in the future, whatever time zone it was told in.
pub(crate) fn is_ahead(date: Option<Dated>, now: Timestamp) -> bool {
    date.is_some_and(|date| date.first() > now.plus(SKEW))
}

impl Facts {
    /// Whether a date lies before it began, as far as both are known.
    fn is_early(&self, date: Option<Dated>) -> bool {
        is_early(date, self.period.from())
    }

    /// Nothing is detected or reported before it began. Entries that come from elsewhere say what they
    /// say; this is for what people enter here.
    pub fn in_order(&self) -> Result<(), Invalid> {
        let later = [("detected", self.detected), ("reported", self.reported)];
        match later.into_iter().find(|(_, date)| self.is_early(*date)) {
            Some((field, _)) => Err(Invalid {
                field,
                rule: "not before it began",
            }),
            None => Ok(()),
        }
    }

    /// What of the dates is doubtful now.
    pub fn doubts(&self, now: Timestamp) -> Vec<Doubt> {
        let (from, to) = (self.period.from(), self.period.to());
        let mut dates = [from, to, self.detected, self.reported].into_iter();
        let all = [
            (self.is_early(self.detected), Doubt::NoticedBefore),
            (self.is_early(self.reported), Doubt::ReportedBefore),
            (dates.any(|date| is_ahead(date, now)), Doubt::Future),
        ];
        let stands = all.into_iter().filter(|(stands, _)| *stands);
        stands.map(|(_, doubt)| doubt).collect()
    }

    /// What looks like data of a person in the texts that whoever may see it reads.
    pub fn personal(&self) -> Vec<Personal> {
        let texts = [
            Some(self.title.as_str()),
            Some(self.description.as_str()),
            self.organisation.as_ref().map(super::Line::as_str),
            self.sector_text.as_ref().map(super::Line::as_str),
            self.period.text(),
        ];
        let texts = texts.into_iter().flatten();
        let mut kinds: Vec<Personal> = texts.flat_map(personal::found).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Period, tests::facts};

    fn at(text: &str) -> Option<Dated> {
        text.parse().ok()
    }

    #[test]
    fn dates_that_contradict_one_another_are_doubtful_and_coarse_ones_that_may_fit_are_not() {
        let now = at("2024-06-01").unwrap().first();
        let mut facts = facts("A");
        facts.period = Period::new(at("2024-05-08"), None, None).unwrap();
        facts.detected = at("2024-05");
        facts.reported = at("2024-05-08");
        assert_eq!(facts.doubts(now), []);
        facts.detected = at("2024-05-07");
        assert_eq!(facts.doubts(now), [Doubt::NoticedBefore]);
        facts.detected = None;
        facts.reported = at("2023");
        assert_eq!(facts.doubts(now), [Doubt::ReportedBefore]);
        facts.reported = at("2024-06-03");
        assert_eq!(facts.doubts(now), [Doubt::Future]);
        facts.reported = None;
        facts.period = Period::new(at("2024-05-08"), at("3024"), None).unwrap();
        assert_eq!(
            facts.doubts(now),
            [Doubt::Future],
            "an end that has not come"
        );
    }

    #[test]
    fn personal_data_are_looked_for_in_every_text() {
        let mut facts = facts("A");
        assert_eq!(facts.personal(), []);
        facts.organisation = "jane.doe@clinic.example".parse().ok();
        facts.description = "call +49 30 12345678, or jane@clinic.example"
            .parse()
            .unwrap();
        assert_eq!(facts.personal(), [Personal::Mail, Personal::Telephone]);
    }
}
