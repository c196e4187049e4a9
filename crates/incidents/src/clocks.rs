//! Duties to report an incident: who asks for what, from which moment on, and until when.
//!
//! The duties ship with the program as data (`data/clocks.toml`), each with its source and with
//! whether anybody has verified it. The engine ([`Reckoning`]) is pure: moments, what was filed, and a
//! calendar go in; due times come out. The moments from which clocks run are kept apart, since a rule
//! counts from one of them and from no other.

mod calendar;
mod fault;
mod kept;
mod limit;
mod reckoning;
mod request;

use std::{fmt, str::FromStr, sync::LazyLock};

use kernel::Country;
use serde::{Deserialize, Deserializer, de};

pub(crate) use calendar::is_in_bounds;
pub use calendar::{
    CALENDARS_MAX, Calendar, Calendars, DAYS_MAX, DaysOff, Reach, WeekDay, Weekend,
};
pub use fault::CalendarFault;
pub(crate) use kept::past;
pub use kept::{Clocks, Dropped, Duty, Filing, Occurred, ROWS_MAX, Reckoned};
pub use limit::Limit;
pub use reckoning::{Asked, Counted, Due, Moments, Reckoning};
pub use request::Request;

use crate::{
    error::Error,
    model::{Facts, Invalid, Sector, words},
};

static TEXT: &str = include_str!("../../../data/clocks.toml");

static REGIMES: LazyLock<Result<Vec<Regime>, toml::de::Error>> =
    LazyLock::new(|| toml::from_str::<File>(TEXT).map(File::regimes));

words! {
    /// A moment from which a clock can run.
    Moment, "awareness, classified, significant, payment, mitigated, recovered or news", {
        /// The entity became aware of the incident.
        Awareness = "awareness",
        /// It classified the incident as one that must be reported.
        Classified = "classified",
        /// It decided that the incident is significant or material.
        Significant = "significant",
        /// A ransom was paid.
        Payment = "payment",
        /// A measure against the vulnerability became available.
        Mitigated = "mitigated",
        /// The incident was contained, its cause removed, and what it hit restored.
        Recovered = "recovered",
        /// Substantial new or different facts became known. It may come again: entered anew, it asks anew.
        News = "news",
    }
}

/// From what a clock runs. Text form: the moment, `filed:` and the stage that was filed, or `request`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Start {
    /// A moment of the incident.
    At(Moment),
    /// The filing of another stage of the same regime.
    Filed(String),
    /// That an authority asked for the stage itself.
    Request,
}

/// One stage of a regime.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its key within the regime, such as `early-warning`.
    pub key: String,
    /// Until when it is due; where there are several limits, the earliest holds.
    pub limits: Vec<Running>,
}

/// A limit and from what it runs.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Running {
    /// From what it runs.
    pub from: Start,
    /// How long.
    pub limit: Limit,
}

/// Rules that ask for reports.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// The States where it holds.
    pub places: Vec<Country>,
    /// The sectors that it is about; every sector where none is named.
    pub sectors: Vec<Sector>,
    /// What has to be reported.
    pub trigger: String,
    /// Where it stands.
    pub source: String,
    /// Whether somebody read the rule itself.
    pub verified: bool,
    /// So many hours before a report is due people are reminded of it.
    #[serde(default)]
    pub remind: Vec<u32>,
    /// What is to be filed, in order.
    pub stages: Vec<Stage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    remind: Vec<u32>,
    regime: Vec<Regime>,
}

impl File {
    /// The regimes, those that say nothing of reminders with what the file says.
    fn regimes(self) -> Vec<Regime> {
        let mut regimes = self.regime;
        for regime in regimes.iter_mut().filter(|one| one.remind.is_empty()) {
            regime.remind.clone_from(&self.remind);
        }
        regimes
    }
}

/// All regimes that ship with the program.
pub fn all() -> Result<&'static [Regime], Error> {
    REGIMES
        .as_ref()
        .map(Vec::as_slice)
        .map_err(|source| Error::ShippedUnreadable {
            key: "clocks",
            source: Box::new(source.clone()),
        })
}

impl Stage {
    /// Whether it is due anew each time that new facts become known.
    pub fn is_on_news(&self) -> bool {
        let mut limits = self.limits.iter();
        limits.all(|running| running.from == Start::At(Moment::News))
    }

    /// Whether it is due only where an authority asks for it.
    pub fn is_on_request(&self) -> bool {
        let mut limits = self.limits.iter();
        limits.any(|running| running.from == Start::Request)
    }
}

impl Regime {
    /// Whether it may ask for reports of an entry with these facts: where it holds, and in its
    /// sectors. Where the facts name no State or no sector, it may. Whether it does is for people to
    /// decide, since the trigger is a matter of law.
    pub fn may_apply(&self, facts: &Facts) -> bool {
        let place = facts.worldwide
            || facts.victims.is_empty()
            || facts
                .victims
                .iter()
                .any(|state| self.places.contains(state));
        let sector = self.sectors.is_empty()
            || facts.sectors.is_empty()
            || facts.sectors.iter().any(|one| self.sectors.contains(one));
        place && sector
    }

    /// Whether it counts business days anywhere.
    pub fn counts_business_days(&self) -> bool {
        let mut limits = self.stages.iter().flat_map(|stage| &stage.limits);
        limits.any(|running| matches!(running.limit, Limit::BusinessDays(_)))
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(moment) => fmt::Display::fmt(moment, f),
            Self::Filed(stage) => write!(f, "filed:{stage}"),
            Self::Request => f.write_str("request"),
        }
    }
}

impl FromStr for Start {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.strip_prefix("filed:") {
            Some(stage) => Ok(Self::Filed(stage.to_owned())),
            None if text == "request" => Ok(Self::Request),
            None => text.parse().map(Self::At),
        }
    }
}

impl<'de> Deserialize<'de> for Start {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::tests::facts;

    #[test]
    fn every_regime_is_readable_and_runs_from_what_exists() {
        let keys: BTreeSet<_> = all().unwrap().iter().map(|one| &one.key).collect();
        assert_eq!(keys.len(), all().unwrap().len());
        for regime in all().unwrap() {
            assert!(!regime.stages.is_empty() && !regime.places.is_empty());
            let mut before = BTreeSet::new();
            for stage in &regime.stages {
                assert!(!stage.limits.is_empty(), "{} {}", regime.key, stage.key);
                for running in &stage.limits {
                    if let Start::Filed(filed) = &running.from {
                        assert!(before.contains(filed), "{} {}", regime.key, stage.key);
                    }
                }
                assert!(before.insert(stage.key.clone()), "{} twice", stage.key);
            }
        }
    }

    fn entered(regime: &str, moments: &[(Moment, &str)], filed: &[(&str, &str)]) -> Clocks {
        let at = |text: &str| text.parse().unwrap();
        let by = || "user:a".parse().unwrap();
        let entered_at = at("2026-06-01T00:00:00Z");
        let occurred = moments.iter().map(|(moment, when)| Occurred {
            moment: *moment,
            at: at(when),
            by: by(),
            entered_at,
        });
        let filings = filed.iter().map(|(stage, when)| Filing {
            regime: regime.parse().unwrap(),
            stage: stage.parse().unwrap(),
            at: at(when),
            authority: "Authority".parse().unwrap(),
            reference: None,
            by: by(),
            entered_at,
        });
        Clocks {
            occurred: occurred.collect(),
            duties: vec![Duty {
                regime: regime.parse().unwrap(),
                zone: "UTC".parse().unwrap(),
                by: by(),
                entered_at,
                dropped: None,
            }],
            filings: filings.collect(),
            ..Clocks::default()
        }
    }

    #[test]
    fn new_facts_ask_for_a_supplemental_report_each_time() {
        let supplemental = |news: &[&str], filed: &[&str]| {
            let news: Vec<_> = news.iter().map(|at| (Moment::News, *at)).collect();
            let filed: Vec<_> = filed.iter().map(|at| ("supplemental", *at)).collect();
            let reckoned = entered("circia", &news, &filed).reckoned().unwrap();
            reckoned
                .into_iter()
                .find(|one| one.stage.key == "supplemental")
                .unwrap()
        };
        let waits = Due::Waits(vec![Start::At(Moment::News)]);
        assert_eq!(supplemental(&[], &[]).due, waits);
        let (first, filed) = ("2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z");
        assert!(supplemental(&[first], &[]).is_open());
        assert!(!supplemental(&[first], &[filed]).is_open());
        let again = supplemental(&[first, "2026-05-03T00:00:00Z"], &[filed]);
        assert!(again.is_open(), "what was filed answers no later facts");
        assert_eq!(
            again.due,
            Due::Promptly("2026-05-03T00:00:00Z".parse().unwrap())
        );
        let both = [filed, "2026-05-04T00:00:00Z"];
        assert!(!supplemental(&[first, "2026-05-03T00:00:00Z"], &both).is_open());
    }

    #[test]
    fn what_was_filed_before_its_clock_began_is_told() {
        let aware = [(Moment::Awareness, "2026-05-02T00:00:00Z")];
        let early = |filed: &[(&str, &str)]| {
            let reckoned = entered("nis2", &aware, filed).reckoned().unwrap();
            let early = reckoned.iter().filter(|one| one.is_early());
            early.map(|one| one.stage.key.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(early(&[("early-warning", "2026-05-02T00:00:00Z")]), [""; 0]);
        assert_eq!(
            early(&[("early-warning", "2026-05-01T23:00:00Z")]),
            ["early-warning"]
        );
        let turned = [
            ("notification", "2026-05-04T00:00:00Z"),
            ("final", "2026-05-03T00:00:00Z"),
        ];
        assert_eq!(early(&turned), ["final"]);
    }

    #[test]
    fn a_regime_is_told_by_place_and_sector() {
        let may = |key: &str, states: &[&str], sectors: &[&str]| {
            let mut facts = facts("A");
            facts.victims = states.iter().map(|one| one.parse().unwrap()).collect();
            facts.sectors = sectors.iter().map(|one| one.parse().unwrap()).collect();
            let regime = all().unwrap().iter().find(|one| one.key == key).unwrap();
            regime.may_apply(&facts)
        };
        assert!(may("nis2", &["IE"], &["health"]));
        assert!(!may("nis2", &["US"], &["health"]));
        assert!(may("hipaa", &["IE", "US"], &["health"]));
        assert!(!may("dora", &["IE"], &["health"]));
        assert!(may("dora", &["IE"], &[]) && may("dora", &[], &["banking"]));
    }
}
