//! By what the party reports.

use std::collections::BTreeSet;

use crate::{
    clocks::{Calendar, Regime, all},
    error::Error,
    model::{Facts, Invalid, Kind, Line},
};

/// How many times before a report is due people can be reminded.
pub const LEADS_MAX: usize = 8;
/// So many hours before a report is due is the earliest reminder.
pub const LEAD_HOURS_MAX: u32 = 720;
/// How many authorities the party names.
pub const AUTHORITIES_MAX: usize = 30;

/// By what the party reports, unless people decide otherwise for an incident.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Choice {
    /// The keys of the regimes to which it is subject.
    pub regimes: Vec<Line<60>>,
    /// The zone in which its days are counted.
    pub zone: Line<60>,
    /// So many hours before a report is due people are reminded, the most first; empty where each
    /// regime says it for itself.
    pub remind: Vec<u32>,
    /// The authorities with which it files.
    pub authorities: Vec<Line<200>>,
}

impl Choice {
    /// What holds where nobody has chosen anything.
    pub fn unmade() -> Result<Self, Invalid> {
        Ok(Self {
            regimes: Vec::new(),
            zone: Line::required("UTC", "zone")?,
            remind: Vec::new(),
            authorities: Vec::new(),
        })
    }

    /// The choice in its order, if everything in it exists.
    pub fn checked(mut self) -> Result<Self, Error> {
        let known = all()?;
        let strange = |regime: &Line<60>| known.iter().all(|one| one.key != regime.as_str());
        if self.regimes.iter().any(strange) {
            return Err(Invalid {
                field: "regimes",
                rule: "keys of regimes that this program knows",
            }
            .into());
        }
        Calendar::new(self.zone.as_str())?;
        let in_bounds = |hours: &u32| (1..=LEAD_HOURS_MAX).contains(hours);
        if self.remind.len() > LEADS_MAX || !self.remind.iter().all(in_bounds) {
            return Err(Invalid {
                field: "remind",
                rule: "up to 8 numbers of hours, each from 1 to 720",
            }
            .into());
        }
        if self.authorities.len() > AUTHORITIES_MAX {
            return Err(Invalid {
                field: "authorities",
                rule: "at most 30",
            }
            .into());
        }
        self.regimes.sort();
        self.regimes.dedup();
        self.remind.sort_unstable_by(|one, other| other.cmp(one));
        self.remind.dedup();
        let mut named = BTreeSet::new();
        self.authorities.retain(|one| named.insert(one.clone()));
        Ok(self)
    }

    /// The regimes of the choice that may ask for reports of an entry with these facts.
    pub fn of(&self, facts: &Facts) -> Result<Vec<&'static Regime>, Error> {
        if facts.kind != Kind::Incident {
            return Ok(Vec::new());
        }
        let chosen = |regime: &&Regime| {
            let mut regimes = self.regimes.iter();
            regimes.any(|one| one.as_str() == regime.key) && regime.may_apply(facts)
        };
        Ok(all()?.iter().filter(chosen).collect())
    }

    /// How many hours before a report of that regime is due people are reminded.
    pub fn leads<'a>(&'a self, regime: &'a Regime) -> &'a [u32] {
        if self.remind.is_empty() {
            &regime.remind
        } else {
            &self.remind
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::facts;

    fn choice(regimes: &[&str]) -> Choice {
        Choice {
            regimes: regimes.iter().map(|one| one.parse().unwrap()).collect(),
            ..Choice::unmade().unwrap()
        }
    }

    fn field(choice: Choice) -> &'static str {
        match choice.checked() {
            Err(Error::Invalid(invalid)) => invalid.field,
            Err(_) | Ok(_) => "none",
        }
    }

    #[test]
    fn a_choice_is_put_in_order_and_names_what_exists() {
        let given = Choice {
            remind: vec![1, 24, 6, 24],
            authorities: vec![
                "B".parse().unwrap(),
                "A".parse().unwrap(),
                "B".parse().unwrap(),
            ],
            ..choice(&["nis2", "gdpr", "nis2"])
        };
        let kept = given.checked().unwrap();
        assert_eq!(kept.remind, [24, 6, 1]);
        assert_eq!(kept.regimes, choice(&["gdpr", "nis2"]).regimes);
        let names: Vec<_> = kept.authorities.iter().map(Line::as_str).collect();
        assert_eq!(names, ["B", "A"]);
        assert_eq!(field(choice(&["nowhere"])), "regimes");
        let zone = "Moon/Sea".parse().unwrap();
        assert_eq!(
            field(Choice {
                zone,
                ..choice(&[])
            }),
            "zone"
        );
        for remind in [vec![0], vec![721], vec![1; 9]] {
            assert_eq!(
                field(Choice {
                    remind,
                    ..choice(&[])
                }),
                "remind"
            );
        }
    }

    #[test]
    fn of_the_chosen_regimes_those_that_may_apply_are_taken() {
        let choice = choice(&["gdpr", "hipaa"]);
        let keys = |facts: &Facts| -> Vec<&str> {
            let all = choice.of(facts).unwrap();
            all.into_iter().map(|one| one.key.as_str()).collect()
        };
        let mut given = facts("A");
        given.sectors = vec!["energy".parse().unwrap()];
        assert_eq!(keys(&given), ["gdpr"]);
        given.sectors = vec!["health".parse().unwrap()];
        assert_eq!(keys(&given), ["gdpr", "hipaa"]);
        given.victims = vec!["US".parse().unwrap()];
        assert_eq!(keys(&given), ["hipaa"]);
        given.kind = Kind::Campaign;
        assert_eq!(keys(&given), [""; 0]);
    }
}
