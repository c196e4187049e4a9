//! What an entry keeps for its clocks.

use std::collections::BTreeMap;

use jiff::Zoned;
use kernel::Timestamp;

use super::{
    Calendar, Calendars, Counted, Due, Limit, Moment, Moments, Reckoning, Regime, Request, Stage,
    all, request::settled,
};
use crate::{
    error::Error,
    model::{Invalid, Line},
    severity::Author,
};

/// How many rows of one kind an entry holds.
pub const ROWS_MAX: usize = 100;

/// When a moment was. Entered anew it does not overwrite: the last one holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Occurred {
    /// The moment.
    pub moment: Moment,
    /// When it was.
    pub at: Timestamp,
    /// Who entered it.
    pub by: Author,
    /// When it was entered.
    pub entered_at: Timestamp,
}

/// A regime by which people decided to report.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Duty {
    /// The key of the regime.
    pub regime: Line<60>,
    /// The zone in which its days are counted.
    pub zone: Line<60>,
    /// Who decided.
    pub by: Author,
    /// When.
    pub entered_at: Timestamp,
    /// Who said that it does not apply after all, when, and why.
    pub dropped: Option<Dropped>,
}

/// That a regime does not apply to an incident after all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Dropped {
    /// Who said so.
    pub by: Author,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: Line<500>,
}

/// A report that was filed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Filing {
    /// The key of the regime.
    pub regime: Line<60>,
    /// The key of the stage.
    pub stage: Line<60>,
    /// When it was filed.
    pub at: Timestamp,
    /// To which authority.
    pub authority: Line<200>,
    /// The reference that the authority gave.
    pub reference: Option<Line<200>>,
    /// Who entered it.
    pub by: Author,
    /// When it was entered.
    pub entered_at: Timestamp,
}

/// What an entry keeps for its clocks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Clocks {
    /// The moments, in the order in which they were entered.
    pub occurred: Vec<Occurred>,
    /// The regimes by which it is reported, each once.
    pub duties: Vec<Duty>,
    /// What was filed, in the order in which it was entered.
    pub filings: Vec<Filing>,
    /// The reports that authorities asked for, in the order in which it was entered.
    pub requests: Vec<Request>,
    /// The calendars that the party keeps, as far as a clock asks for them. They are the party's and do
    /// not travel with the entry.
    pub calendars: Calendars,
}

/// A stage that is asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reckoned {
    /// The regime.
    pub regime: &'static Regime,
    /// The stage.
    pub stage: &'static Stage,
    /// When it is due.
    pub due: Due,
    /// Since when its clock runs.
    pub since: Option<Timestamp>,
    /// The same moment where its days are counted.
    pub local: Option<Zoned>,
    /// The business days that were counted up to it.
    pub counted: Option<Counted>,
    /// When it was first filed.
    pub filed: Option<Timestamp>,
}

impl Reckoned {
    /// True where the rule names a term.
    pub fn has_term(&self) -> bool {
        let mut limits = self.stage.limits.iter();
        limits.any(|running| running.limit != Limit::AtOnce)
    }

    /// True where it is due and not filed.
    pub fn is_open(&self) -> bool {
        self.filed.is_none() && matches!(self.due, Due::At(_) | Due::Promptly(_))
    }

    /// True where it is said to have been filed before its clock began: one of the two times is wrong.
    pub fn is_early(&self) -> bool {
        self.since
            .zip(self.filed)
            .is_some_and(|(since, filed)| filed < since)
    }

    /// True where it was filed, or is not yet, after it was due. The last moment is in time. What is due at
    /// once has no term by which a report that was filed is late.
    pub fn is_late(&self, now: Timestamp) -> bool {
        match self.due {
            Due::At(_) if self.filed.is_some() && !self.has_term() => false,
            Due::At(end) => self.filed.unwrap_or(now) > end,
            Due::Promptly(_) | Due::Waits(_) => false,
        }
    }
}

impl Clocks {
    /// The regimes by which it is reported: those that were not dropped.
    pub fn followed(&self) -> impl Iterator<Item = &Duty> {
        self.duties.iter().filter(|duty| duty.dropped.is_none())
    }

    /// True where it is reported by that regime.
    pub fn follows(&self, regime: &str) -> bool {
        self.followed().any(|duty| duty.regime.as_str() == regime)
    }

    /// The moments as they hold.
    pub fn moments(&self) -> Moments {
        let all = self.occurred.iter();
        all.map(|occurred| (occurred.moment, occurred.at)).collect()
    }

    /// Every stage of every regime by which the entry is reported, regime by regime. A regime that
    /// this program does not know is kept and not reckoned.
    pub fn reckoned(&self) -> Result<Vec<Reckoned>, Error> {
        let (regimes, moments) = (all()?, self.moments());
        let mut reckoned = Vec::new();
        for (place, duty) in self.duties.iter().enumerate() {
            // Two entries that were merged may both be reported by it; the first duty that was not
            // dropped holds.
            let mut before = self.duties.iter().take(place);
            let again = before.any(|one| one.dropped.is_none() && one.regime == duty.regime);
            if duty.dropped.is_some() || again {
                continue;
            }
            let known = regimes.iter().find(|one| one.key == duty.regime.as_str());
            let Some(regime) = known else { continue };
            let mut filed = self.filed(regime);
            let asked = settled(regime, &self.requests, &self.filings, &mut filed);
            let calendar = Calendar::new(duty.zone.as_str())?.with(&self.calendars, regime);
            let reckoning = Reckoning {
                regime,
                moments: &moments,
                filed: &filed,
                asked: &asked,
                calendar: &calendar,
            };
            reckoned.extend(reckoning.due().map(|(stage, due)| Reckoned {
                regime,
                stage,
                since: reckoning.since(stage),
                local: match due {
                    Due::At(end) => Some(calendar.local(end)),
                    Due::Promptly(_) | Due::Waits(_) => None,
                },
                counted: reckoning.counted(stage, &due),
                due,
                filed: filed.get(&stage.key).copied(),
            }));
        }
        Ok(reckoned)
    }

    /// What was known before that moment of what was asked for and filed.
    pub(crate) fn before(&self, at: Timestamp) -> Self {
        let mut before = self.clone();
        before.filings.retain(|filing| filing.at < at);
        before.requests.retain(|request| request.at <= at);
        before
    }

    /// When each stage of a regime was first filed; of those that new facts ask for, since these.
    fn filed(&self, regime: &Regime) -> BTreeMap<String, Timestamp> {
        let mut first = BTreeMap::new();
        let news = self.moments().get(&Moment::News).copied();
        let is_before_news = |filing: &Filing| {
            let mut stages = regime.stages.iter();
            let stage = stages.find(|stage| stage.key == filing.stage.as_str());
            stage.is_some_and(Stage::is_on_news) && news.is_some_and(|news| filing.at < news)
        };
        for filing in &self.filings {
            if filing.regime.as_str() == regime.key && !is_before_news(filing) {
                let at = first.entry(filing.stage.to_string()).or_insert(filing.at);
                *at = filing.at.min(*at);
            }
        }
        first
    }
}

impl Duty {
    /// The duty, if the regime and the zone exist.
    pub fn checked(self) -> Result<Self, Error> {
        let known = all()?.iter().any(|one| one.key == self.regime.as_str());
        if !known {
            return Err(UNKNOWN_REGIME.into());
        }
        Ok(self.zoned()?)
    }

    /// The duty, if its zone exists.
    pub(crate) fn zoned(self) -> Result<Self, Invalid> {
        Calendar::new(self.zone.as_str())?;
        Ok(self)
    }
}

pub(super) const UNKNOWN_REGIME: Invalid = Invalid {
    field: "regime",
    rule: "the key of a regime that this program knows",
};

impl Filing {
    /// The filing, if the regime has the stage.
    pub fn checked(self) -> Result<Self, Error> {
        let mut regimes = all()?.iter();
        let regime = regimes
            .find(|one| one.key == self.regime.as_str())
            .ok_or(UNKNOWN_REGIME)?;
        let mut stages = regime.stages.iter();
        if stages.any(|stage| stage.key == self.stage.as_str()) {
            return Ok(self);
        }
        Err(Invalid {
            field: "stage",
            rule: "a stage of that regime",
        }
        .into())
    }
}

/// That something which is said to have happened does not lie in the future.
pub(crate) fn past(at: Timestamp, now: Timestamp) -> Result<(), Invalid> {
    if at <= now {
        Ok(())
    } else {
        Err(Invalid {
            field: "at",
            rule: "does not lie in the future",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn by() -> Author {
        "user:a".parse().unwrap()
    }

    fn clocks(filed: &[&str]) -> Clocks {
        let occurred = |moment, text| Occurred {
            moment,
            at: at(text),
            by: by(),
            entered_at: at("2024-05-08T12:00:00Z"),
        };
        let filing = |text: &&str| Filing {
            regime: "nis2".parse().unwrap(),
            stage: "early-warning".parse().unwrap(),
            at: at(text),
            authority: "National CSIRT".parse().unwrap(),
            reference: None,
            by: by(),
            entered_at: at("2024-05-10T12:00:00Z"),
        };
        let duty = |regime: &str| Duty {
            regime: regime.parse().unwrap(),
            zone: "Europe/Dublin".parse().unwrap(),
            by: by(),
            entered_at: at("2024-05-08T12:00:00Z"),
            dropped: None,
        };
        Clocks {
            occurred: vec![
                occurred(Moment::Awareness, "2024-05-07T10:00:00Z"),
                occurred(Moment::Awareness, "2024-05-08T10:00:00Z"),
            ],
            duties: vec![duty("nis2"), duty("of-another-version")],
            filings: filed.iter().map(filing).collect(),
            requests: Vec::new(),
            calendars: Calendars::new(),
        }
    }

    #[test]
    fn the_moment_that_was_entered_last_holds() {
        let reckoned = clocks(&[]).reckoned().unwrap();
        assert_eq!(reckoned.len(), 4, "an unknown regime is not reckoned");
        assert_eq!(reckoned[0].due, Due::At(at("2024-05-09T10:00:00Z")));
        assert!(reckoned[0].is_open() && !reckoned[3].is_open());
    }

    #[test]
    fn a_regime_that_was_dropped_is_not_reckoned_until_it_is_taken_anew() {
        let mut clocks = clocks(&[]);
        clocks.duties[0].dropped = Some(Dropped {
            by: by(),
            at: at("2024-05-09T00:00:00Z"),
            why: "no essential entity".parse().unwrap(),
        });
        assert_eq!(clocks.reckoned().unwrap(), []);
        assert!(!clocks.follows("nis2"));
        let anew = Duty {
            dropped: None,
            zone: "Asia/Tokyo".parse().unwrap(),
            ..clocks.duties[0].clone()
        };
        clocks.duties.push(anew);
        let reckoned = clocks.reckoned().unwrap();
        assert_eq!(reckoned.len(), 4);
        let local = reckoned[0].local.as_ref().unwrap().to_string();
        assert_eq!(local, "2024-05-09T19:00:00+09:00[Asia/Tokyo]");
        assert_eq!(reckoned[0].since, Some(at("2024-05-08T10:00:00Z")));
        assert_eq!((reckoned[3].since, &reckoned[3].local), (None, &None));
    }

    #[test]
    fn what_is_due_at_once_is_not_late_once_it_is_filed() {
        let mut clocks = clocks(&[]);
        clocks.duties[0].regime = "italy-perimeter".parse().unwrap();
        let now = at("2024-05-08T10:05:00Z");
        let reckoned = clocks.reckoned().unwrap();
        assert_eq!(reckoned[0].due, Due::At(at("2024-05-08T10:00:00Z")));
        assert!(reckoned[0].is_open() && reckoned[0].is_late(now) && !reckoned[0].has_term());
        clocks.filings.push(Filing {
            regime: "italy-perimeter".parse().unwrap(),
            stage: "report".parse().unwrap(),
            at: at("2024-05-08T10:04:00Z"),
            authority: "CSIRT".parse().unwrap(),
            reference: None,
            by: by(),
            entered_at: now,
        });
        assert!(!clocks.reckoned().unwrap()[0].is_late(now));
    }

    #[test]
    fn the_last_moment_is_in_time_and_the_next_is_late() {
        let (end, after) = ("2024-05-09T10:00:00Z", "2024-05-09T10:00:01Z");
        let late =
            |filed: &[&str], now: &str| clocks(filed).reckoned().unwrap()[0].is_late(at(now));
        assert!(!late(&[], end) && late(&[], after));
        assert!(!late(&[end], after) && late(&[after], after));
        assert!(!late(&[after, end], after), "the first filing counts");
    }
}
