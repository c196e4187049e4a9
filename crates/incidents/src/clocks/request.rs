//! Reports that are due only where an authority asks for them.

use std::collections::BTreeMap;

use kernel::Timestamp;

use super::{Asked, Filing, Regime, all, kept::UNKNOWN_REGIME};
use crate::{
    error::Error,
    model::{Invalid, Line},
    severity::Author,
};

/// That an authority asked for a report.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// The key of the regime.
    pub regime: Line<60>,
    /// The key of the stage.
    pub stage: Line<60>,
    /// When it asked.
    pub at: Timestamp,
    /// Which authority.
    pub authority: Line<200>,
    /// Until when it wants the report, if it said so.
    pub due: Option<Timestamp>,
    /// Who entered it.
    pub by: Author,
    /// When it was entered.
    pub entered_at: Timestamp,
}

impl Request {
    /// The request, if the regime has such a stage, and it is not due before it was made.
    pub fn checked(self) -> Result<Self, Error> {
        let mut regimes = all()?.iter();
        let regime = regimes
            .find(|one| one.key == self.regime.as_str())
            .ok_or(UNKNOWN_REGIME)?;
        let mut stages = regime.stages.iter();
        if !stages.any(|stage| stage.key == self.stage.as_str() && stage.is_on_request()) {
            return Err(Invalid {
                field: "stage",
                rule: "a stage of that regime which authorities ask for",
            }
            .into());
        }
        if self.due.is_some_and(|due| due < self.at) {
            return Err(Invalid {
                field: "due_at",
                rule: "not before the report was asked for",
            }
            .into());
        }
        Ok(self)
    }
}

/// What was asked for of a regime, by the key of the stage: since the first request that no report
/// answered, and until the earliest time that one of those names; where all are answered, the last one.
/// Of these stages, `filed` becomes when that was answered. A report answers what was asked before it.
pub(super) fn settled(
    regime: &Regime,
    requests: &[Request],
    filings: &[Filing],
    filed: &mut BTreeMap<String, Timestamp>,
) -> BTreeMap<String, Asked> {
    let mut asked = BTreeMap::new();
    for stage in regime.stages.iter().filter(|stage| stage.is_on_request()) {
        let own = requests
            .iter()
            .filter(|one| one.regime.as_str() == regime.key && one.stage.as_str() == stage.key);
        let answers = filings
            .iter()
            .filter(|one| one.regime.as_str() == regime.key && one.stage.as_str() == stage.key);
        let answers: Vec<Timestamp> = answers.map(|one| one.at).collect();
        let answer = |request: &Request| {
            let after = answers.iter().filter(|at| **at >= request.at);
            after.min().copied()
        };
        let (open, done): (Vec<&Request>, Vec<&Request>) =
            own.partition(|request| answer(request).is_none());
        if let Some(at) = open.iter().map(|one| one.at).min() {
            let due = open.iter().filter_map(|one| one.due).min();
            asked.insert(stage.key.clone(), Asked { at, due });
            filed.remove(&stage.key);
        } else if let Some(last) = done.into_iter().max_by_key(|one| one.at) {
            let (at, due) = (last.at, last.due);
            asked.insert(stage.key.clone(), Asked { at, due });
            if let Some(at) = answer(last) {
                filed.insert(stage.key.clone(), at);
            }
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clocks::{Clocks, Due, Duty, Moment, Occurred, Reckoned, Start};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn by() -> Author {
        "user:a".parse().unwrap()
    }

    fn request(asked: &str, due: Option<&str>) -> Request {
        Request {
            regime: "nis2".parse().unwrap(),
            stage: "intermediate".parse().unwrap(),
            at: at(asked),
            authority: "National CSIRT".parse().unwrap(),
            due: due.map(at),
            by: by(),
            entered_at: at("2024-06-01T00:00:00Z"),
        }
    }

    fn intermediate(requests: &[Request], filed: &[&str]) -> Reckoned {
        let entered_at = at("2024-06-01T00:00:00Z");
        let filing = |text: &&str| Filing {
            regime: "nis2".parse().unwrap(),
            stage: "intermediate".parse().unwrap(),
            at: at(text),
            authority: "National CSIRT".parse().unwrap(),
            reference: None,
            by: by(),
            entered_at,
        };
        let clocks = Clocks {
            occurred: vec![Occurred {
                moment: Moment::Awareness,
                at: at("2024-05-01T00:00:00Z"),
                by: by(),
                entered_at,
            }],
            duties: vec![Duty {
                regime: "nis2".parse().unwrap(),
                zone: "UTC".parse().unwrap(),
                by: by(),
                entered_at,
                dropped: None,
            }],
            filings: filed.iter().map(filing).collect(),
            requests: requests.to_vec(),
            ..Clocks::default()
        };
        clocks.reckoned().unwrap().swap_remove(2)
    }

    #[test]
    fn it_is_due_when_it_is_asked_for_and_until_when_the_authority_says() {
        let none = intermediate(&[], &[]);
        assert_eq!(none.due, Due::Waits(vec![Start::Request]));
        let asked = intermediate(&[request("2024-05-10T00:00:00Z", None)], &[]);
        assert_eq!(asked.due, Due::Promptly(at("2024-05-10T00:00:00Z")));
        let until = request("2024-05-10T00:00:00Z", Some("2024-05-13T12:00:00Z"));
        let until = intermediate(&[until], &[]);
        assert_eq!(until.due, Due::At(at("2024-05-13T12:00:00Z")));
        assert_eq!(until.since, Some(at("2024-05-10T00:00:00Z")));
        assert!(until.is_open());
        let given = intermediate(&[], &["2024-05-09T00:00:00Z"]);
        assert_eq!(given.filed, Some(at("2024-05-09T00:00:00Z")), "unasked");
    }

    #[test]
    fn a_report_answers_what_was_asked_before_it_and_nothing_later() {
        let first = request("2024-05-10T00:00:00Z", Some("2024-05-12T00:00:00Z"));
        let second = request("2024-05-11T00:00:00Z", Some("2024-05-20T00:00:00Z"));
        let both = [second, first];
        let early = intermediate(&both, &["2024-05-09T00:00:00Z"]);
        assert_eq!(
            (early.filed, early.due),
            (None, Due::At(at("2024-05-12T00:00:00Z")))
        );
        let one = intermediate(&both, &["2024-05-10T12:00:00Z"]);
        assert_eq!(
            (one.filed, one.due),
            (None, Due::At(at("2024-05-20T00:00:00Z")))
        );
        let filed = ["2024-05-10T12:00:00Z", "2024-05-21T00:00:00Z"];
        let late = intermediate(&both, &filed);
        assert_eq!(late.filed, Some(at("2024-05-21T00:00:00Z")));
        assert!(late.is_late(at("2024-05-21T00:00:00Z")) && !late.is_open());
    }

    #[test]
    fn a_request_names_a_stage_that_is_asked_for_and_an_end_after_it() {
        let field = |request: Request| match request.checked() {
            Err(Error::Invalid(invalid)) => invalid.field,
            Err(_) | Ok(_) => "none",
        };
        let good = || request("2024-05-10T00:00:00Z", None);
        assert_eq!(field(good()), "none");
        let other = |text: &str| text.parse().unwrap();
        assert_eq!(
            field(Request {
                stage: other("final"),
                ..good()
            }),
            "stage"
        );
        assert_eq!(
            field(Request {
                regime: other("moon"),
                ..good()
            }),
            "regime"
        );
        let before = Some(at("2024-05-09T00:00:00Z"));
        assert_eq!(
            field(Request {
                due: before,
                ..good()
            }),
            "due_at"
        );
    }
}
