use kernel::{AssetId, RemedyId, Timestamp};

use super::{Cve, Invalid, State};
use crate::day::Day;

/// What is to be done about a vulnerability in an organisation, until when, and by whom.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remedy {
    /// Its id.
    pub id: RemedyId,
    /// The number and the name of the organisation.
    pub organisation: (i64, String),
    /// The vulnerability.
    pub cve: Cve,
    /// The asset; nothing for all of the organisation that are concerned.
    pub asset: Option<(AssetId, String)>,
    /// What was decided.
    pub plan: Plan,
    /// Its version, for those who change it.
    pub version: i64,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
}

/// What was decided about a vulnerability.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// Until when.
    pub due_on: Day,
    /// Who does it.
    pub owner: String,
    /// How it stands.
    pub state: State,
    /// Why the risk is borne, or what was done; may be empty unless it is borne.
    pub reason: String,
    /// Until when the risk is borne.
    pub until: Option<Day>,
}

impl Plan {
    /// The plan, if it says what it must.
    pub fn checked(self) -> Result<Self, Invalid> {
        let short = |text: &str| {
            text.chars().count() <= 1_000
                && !text
                    .chars()
                    .any(|one| one.is_control() && !matches!(one, '\n' | '\t'))
        };
        if !short(&self.owner) || !short(&self.reason) {
            return Err(Invalid {
                field: if short(&self.owner) {
                    "reason"
                } else {
                    "owner"
                },
                rule: "a text of up to 1,000 characters",
            });
        }
        match (self.state, self.reason.trim().is_empty(), self.until) {
            (State::Accepted, true, _) => Err(Invalid {
                field: "reason",
                rule: "given, as it must be where a risk is accepted",
            }),
            (State::Accepted, _, None) => Err(Invalid {
                field: "until",
                rule: "given, as it must be where a risk is accepted",
            }),
            (State::Open | State::Done, _, Some(_)) => Err(Invalid {
                field: "until",
                rule: "for an accepted risk alone",
            }),
            _ => Ok(self),
        }
    }

    /// True if something is to be done still: it is open, or the risk was accepted until a day that is
    /// over.
    pub fn is_open(&self, today: Day) -> bool {
        match self.state {
            State::Open => true,
            State::Done => false,
            State::Accepted => self.until.is_none_or(|until| until < today),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accepted_risk_has_a_reason_and_an_end() {
        let plan = |state, reason: &str, until: Option<&str>| Plan {
            due_on: "2026-12-01".parse().unwrap(),
            owner: String::new(),
            state,
            reason: reason.to_owned(),
            until: until.map(|day| day.parse().unwrap()),
        };
        for (wrong, field) in [
            (plan(State::Accepted, "", Some("2027-01-01")), "reason"),
            (plan(State::Accepted, "old ward", None), "until"),
            (plan(State::Open, "", Some("2027-01-01")), "until"),
            (plan(State::Open, &"x".repeat(1_001), None), "reason"),
        ] {
            assert_eq!(wrong.checked().unwrap_err().field, field);
        }
        let borne = plan(State::Accepted, "old ward", Some("2027-01-01"));
        let borne = borne.checked().unwrap();
        assert!(!borne.is_open("2027-01-01".parse().unwrap()));
        assert!(borne.is_open("2027-01-02".parse().unwrap()));
        assert!(!plan(State::Done, "", None).is_open("2027-01-02".parse().unwrap()));
    }
}
