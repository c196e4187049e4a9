//! Dates of a report that do not go together. They are taken as they were told, and said to be doubtful.

use kernel::Timestamp;

use super::{Answers, Report};
use crate::model::{
    Dated, Doubt,
    doubt::{is_ahead, is_early},
};

impl Answers {
    /// Which dates are doubtful at that time, each with its field.
    pub fn doubts(&self, now: Timestamp) -> Vec<(&'static str, Doubt)> {
        let (began, noticed) = (dated(&self.began), dated(&self.noticed));
        let noticed_why = if is_ahead(noticed, now) {
            Some(Doubt::Future)
        } else {
            is_early(noticed, began).then_some(Doubt::NoticedBefore)
        };
        let began = is_ahead(began, now).then_some(("began", Doubt::Future));
        let noticed = noticed_why.map(|why| ("noticed", why));
        began.into_iter().chain(noticed).collect()
    }
}

impl Report {
    /// Which dates were doubtful when it was sent.
    pub fn doubts(&self) -> Vec<Doubt> {
        let at = self.sent_at.unwrap_or(self.updated_at);
        let found = self.answers.iter().flat_map(|answers| answers.doubts(at));
        let mut all: Vec<Doubt> = found.map(|(_, doubt)| doubt).collect();
        all.dedup();
        all
    }
}

/// A date as typed, if it is one.
fn dated(text: &str) -> Option<Dated> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_cannot_well_be_is_told_at_its_field_and_no_other() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        let doubts = |began: &str, noticed: &str| {
            let answers = Answers {
                began: began.into(),
                noticed: noticed.into(),
                ..Answers::default()
            };
            answers.doubts(now)
        };
        let before = ("noticed", Doubt::NoticedBefore);
        assert_eq!(doubts("2026-11-19", "2026-11-18"), [before]);
        assert_eq!(doubts("2026-11-19", "2026-11-19"), []);
        assert_eq!(doubts("2026-11-19", "2026-11"), [], "may fit");
        assert_eq!(doubts("", "2020-01-01"), []);
        assert_eq!(doubts("no date", "2020-01-01"), []);
        assert_eq!(doubts("2026-11-21", ""), [], "another time zone");
        let (began, noticed) = (("began", Doubt::Future), ("noticed", Doubt::Future));
        assert_eq!(doubts("2026-11-22", "2026-11-19"), [began, before]);
        assert_eq!(doubts("9999-01-01", "2999"), [began, noticed]);
    }
}
