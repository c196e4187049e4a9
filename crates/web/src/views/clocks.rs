//! The clocks of an incident: what has to be reported, to whom, and until when.

use kernel::Timestamp;

use super::{form::Form, frame::Link};

/// The tab of an incident on its clocks.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    /// The regimes by which it is reported.
    pub regimes: Vec<Regime>,
    /// The moments from which clocks run: what, when, and who entered it.
    pub moments: Vec<(String, Timestamp, String)>,
    /// The regimes that may apply by place and sector and by which it is not reported.
    pub may_apply: Vec<String>,
    /// The regimes that do not apply after all: what, why, who said so, and when.
    pub dropped: Vec<(String, String, String, Timestamp)>,
    /// The page of what was written for authorities.
    pub submissions: String,
    /// What the reader may add, and where; empty where he may not.
    pub offers: Vec<Link>,
    /// The form that he asked for, under its heading.
    pub form: Option<(String, Form)>,
}

/// A regime by which an incident is reported.
#[derive(Clone, Debug)]
pub struct Regime {
    /// What it is called.
    pub name: String,
    /// What has to be reported.
    pub trigger: String,
    /// Where it stands.
    pub source: String,
    /// Whether somebody read the rule itself.
    pub verified: bool,
    /// The zone in which its days are counted.
    pub zone: String,
    /// Who decided to report by it, and when.
    pub taken: (String, Timestamp),
    /// What is to be filed.
    pub stages: Vec<Stage>,
}

/// What a regime asks to be filed.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What it is called.
    pub name: String,
    /// How long there is, and from when on.
    pub rule: String,
    /// When it is due; nothing where no time is set, or the clock does not run yet.
    pub due: Option<Timestamp>,
    /// The same moment where its days are counted.
    pub local: Option<String>,
    /// How business days were counted up to it; empty where none were.
    pub counted: String,
    /// Where a report for authorities is written; nothing where the reader may not.
    pub write: Option<String>,
    /// `waiting`, `unasked`, `promptly`, `open`, `overdue`, `in-time`, `late` or `filed`.
    pub state: &'static str,
    /// What authorities asked for: when, which, and until when.
    pub asked: Vec<(Timestamp, String, Option<Timestamp>)>,
    /// What was filed: when, with whom and under which reference, and who entered it.
    pub filed: Vec<(Timestamp, String, String)>,
}

/// A report on the desk that is due.
#[derive(Clone, Debug)]
pub struct ReportDue {
    /// When.
    pub due: Timestamp,
    /// The stage and the regime.
    pub what: String,
    /// The incident.
    pub title: String,
    /// The tab of its clocks.
    pub url: String,
}
