//! Reports as they are written for authorities, part by part.
//!
//! A report of a stage has parts, and each part says for which authorities it is meant. A part goes to
//! an authority when somebody releases it to that one; what it was, to whom it went, when and by whose
//! hand never changes. What has to be corrected or added is a report of its own that names the one
//! before. The first release to an authority is a filing with it, which stops the clock of the stage.
//! An export of an incident in another format carries its filings alone; a line from register to register
//! has the reports too, as its past.

pub mod http;
pub mod ops;
pub(crate) mod store;
pub mod wire;

use std::collections::BTreeSet;

use kernel::Timestamp;

use crate::{
    clocks::{Clocks, Due, Reckoned},
    error::Error,
    model::{Invalid, Line, Prose, words},
    severity::Author,
};

/// How many reports an entry has at most.
pub const SUBMISSIONS_MAX: usize = 100;
/// For how many authorities one is at most.
pub const AUTHORITIES_MAX: usize = 20;

words! {
    /// What a part of a report is about.
    Part, "facts, impact, technical, personal-data, cause, measures, cost or other", {
        /// What happened, to whom, when.
        Facts = "facts",
        /// Its effects, also in other States.
        Impact = "impact",
        /// Technical details and indicators.
        Technical = "technical",
        /// What became of personal data.
        PersonalData = "personal-data",
        /// What it was caused by.
        Cause = "cause",
        /// What was done about it.
        Measures = "measures",
        /// What it cost.
        Cost = "cost",
        /// Whatever else the authority asks for.
        Other = "other",
    }
}

words! {
    /// How a report stands to the one before.
    #[schema(as = incidents::SubmissionNature)]
    Nature, "first, correction or supplement", {
        /// There is none before.
        First = "first",
        /// It corrects it.
        Correction = "correction",
        /// It adds to it.
        Supplement = "supplement",
    }
}

/// A part of a report that is written, and for which authorities it is meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewPart {
    /// What it is about.
    pub part: Part,
    /// The text.
    pub body: Prose,
    /// For which authorities.
    pub authorities: Vec<Line<200>>,
}

/// A report that is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewSubmission {
    /// The key of the regime.
    pub regime: Line<60>,
    /// The key of the stage.
    pub stage: Line<60>,
    /// How it stands to the one before.
    pub nature: Nature,
    /// The number of that one.
    pub corrects: Option<i64>,
    /// Its parts.
    pub parts: Vec<NewPart>,
}

/// A part that is meant for an authority.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Share {
    /// The part.
    pub part: Part,
    /// Who released it to the authority, and when.
    pub released: Option<(Author, Timestamp)>,
}

/// An authority for which a report is meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Recipient {
    /// Its place in the report, from 1.
    pub place: i64,
    /// What it is called.
    pub name: Line<200>,
    /// The parts that are meant for it.
    pub shares: Vec<Share>,
}

/// A report as it was written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Submission {
    /// Its number within the entry, from 1.
    pub number: i64,
    /// The key of the regime.
    pub regime: Line<60>,
    /// The key of the stage.
    pub stage: Line<60>,
    /// How it stands to the one before.
    pub nature: Nature,
    /// The number of that one.
    pub corrects: Option<i64>,
    /// Who wrote it, and when.
    pub written: (Author, Timestamp),
    /// Its parts.
    pub parts: Vec<(Part, Prose)>,
    /// For whom it is meant.
    pub recipients: Vec<Recipient>,
}

/// How an authority stands to the due time of a stage.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Timing {
    /// When the stage is due, if a number says so.
    pub due: Option<Timestamp>,
    /// When something was first filed with the authority.
    pub filed: Option<Timestamp>,
    /// Whether it was filed, or is not yet, after it was due.
    pub late: bool,
}

impl NewSubmission {
    /// The report, if it can be one of an entry with these clocks and reports.
    pub fn checked(self, clocks: &Clocks, before: &[Submission]) -> Result<Self, Error> {
        let invalid = |field, rule| Err(Invalid { field, rule }.into());
        let regime = self.regime.as_str();
        let reckoned = clocks.reckoned()?;
        let is_stage = reckoned
            .iter()
            .any(|one| one.regime.key == regime && one.stage.key == self.stage.as_str());
        if !is_stage {
            return invalid(
                "stage",
                "a stage of a regime by which this incident is reported",
            );
        }
        let same = |one: &&Submission| {
            Some(one.number) == self.corrects
                && one.regime == self.regime
                && one.stage == self.stage
        };
        match (self.nature, self.corrects) {
            (Nature::First, None) => {}
            (Nature::Correction | Nature::Supplement, Some(_))
                if before.iter().any(|one| same(&one)) => {}
            _ => {
                return invalid(
                    "corrects",
                    "with a correction or supplement, the number of a report of the same stage",
                );
            }
        }
        let kinds: BTreeSet<Part> = self.parts.iter().map(|part| part.part).collect();
        let whole = |part: &NewPart| !part.body.as_str().is_empty() && !part.authorities.is_empty();
        if kinds.is_empty() || kinds.len() != self.parts.len() || !self.parts.iter().all(whole) {
            return invalid(
                "parts",
                "one or more, each once, with a text and at least one authority",
            );
        }
        if self.authorities().len() > AUTHORITIES_MAX {
            return invalid("authorities", "at most 20");
        }
        Ok(self)
    }

    /// The authorities, in the order in which parts name them.
    pub fn authorities(&self) -> Vec<&Line<200>> {
        let mut all: Vec<&Line<200>> = Vec::new();
        for name in self.parts.iter().flat_map(|part| &part.authorities) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    }
}

impl Submission {
    /// The text of a part.
    pub fn text(&self, part: Part) -> &str {
        let mut parts = self.parts.iter();
        parts
            .find(|(known, _)| *known == part)
            .map_or("", |(_, body)| body.as_str())
    }

    /// The authority at that place.
    pub fn recipient(&self, place: i64) -> Option<&Recipient> {
        self.recipients.iter().find(|one| one.place == place)
    }

    /// How an authority stands to the due time of the stage.
    pub fn timing(&self, of: &Recipient, clocks: &Clocks, now: Timestamp) -> Result<Timing, Error> {
        let released = of.shares.iter().filter_map(|share| share.released.as_ref());
        let released = released.map(|(_, at)| *at).min();
        let mut stage = self.reckoned(clocks)?;
        let asked = stage.as_ref().filter(|one| one.stage.is_on_request());
        let is_asked = asked.is_some();
        // What authorities ask for they may ask for again: a report is held against what was asked before
        // it, and one that is still to come against what was asked last.
        let since = asked.and_then(|one| one.since);
        let answered = released.filter(|_| is_asked);
        if let Some(at) = answered {
            stage = self.reckoned(&clocks.before(at))?;
        }
        let filings = clocks.filings.iter().filter(|filing| {
            filing.regime == self.regime
                && filing.stage == self.stage
                && filing.authority == of.name
                && since.is_none_or(|since| since <= filing.at)
        });
        let filed = answered.or_else(|| filings.map(|filing| filing.at).min());
        let has_term = stage.as_ref().is_none_or(Reckoned::has_term);
        let due = stage.and_then(|one| match one.due {
            Due::At(end) => Some(end),
            Due::Promptly(_) | Due::Waits(_) => None,
        });
        Ok(Timing {
            due,
            filed,
            late: due.is_some_and(|due| filed.unwrap_or(now) > due)
                && (filed.is_none() || has_term),
        })
    }

    /// Its stage by the clocks; nothing where the incident is not reported by its regime.
    fn reckoned(&self, clocks: &Clocks) -> Result<Option<Reckoned>, Error> {
        let mut reckoned = clocks.reckoned()?.into_iter();
        Ok(reckoned.find(|one| {
            one.regime.key == self.regime.as_str() && one.stage.key == self.stage.as_str()
        }))
    }
}
