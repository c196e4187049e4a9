//! A report as types that cannot be wrong.

mod doubts;
mod number;
mod plain;

use kernel::{Country, IncidentRef, Language, Mode, Timestamp, Tlp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use number::{Code, Reference};
pub(crate) use plain::{line, prose};

use crate::model::{Dated, Invalid, Line, Period, Prose, words};

/// How many additions a report holds.
pub const ADDITIONS_MAX: i64 = 100;
/// The longest text of an answer in prose, in characters.
pub const PROSE_CHARS_MAX: usize = 8_000;
/// The longest addition, in characters.
pub const ADDITION_CHARS_MAX: usize = 4_000;

words! {
    /// What kind of thing is reported.
    ReportKind, "incident, near-miss or voluntary", {
        /// Something happened, or is happening.
        Incident = "incident",
        /// Something could have happened and did not.
        NearMiss = "near-miss",
        /// Something that no duty asks to be reported.
        Voluntary = "voluntary",
    }
}

words! {
    /// Where a report stands.
    ReportState, "draft, received, looking, incident, merged or refused", {
        /// The reporter is writing it; officers see that it was asked for and nothing of what it says.
        Draft = "draft",
        /// It was sent, and nobody has looked yet.
        Received = "received",
        /// An officer is looking at it.
        Looking = "looking",
        /// It became an incident.
        Incident = "incident",
        /// It became part of an incident that was there.
        Merged = "merged",
        /// It was refused, with the reason.
        Refused = "refused",
    }
}

words! {
    /// What can be done with a report.
    Step, "send, look, accept, merge or refuse", {
        /// The reporter sends it.
        Send = "send",
        /// An officer begins to look at it.
        Look = "look",
        /// It becomes an incident.
        Accept = "accept",
        /// It becomes part of an incident.
        Merge = "merge",
        /// It is refused.
        Refuse = "refuse",
    }
}

words! {
    /// How a report came in.
    Door, "link, public, api or mail", {
        /// By a one-time link that an officer made.
        Link = "link",
        /// By the public address of the form.
        Public = "public",
        /// By the JSON interface.
        Api = "api",
        /// By mail.
        Mail = "mail",
    }
}

words! {
    /// Who wrote an addition.
    Author, "reporter or officer", {
        /// Whoever holds the code.
        Reporter = "reporter",
        /// Somebody of the house.
        Officer = "officer",
    }
}

impl ReportState {
    /// The state after a step, if there is such a step from here.
    pub const fn advance(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft, Step::Send) => Some(Self::Received),
            (Self::Received, Step::Look) => Some(Self::Looking),
            (Self::Received | Self::Looking, Step::Accept) => Some(Self::Incident),
            (Self::Received | Self::Looking, Step::Merge) => Some(Self::Merged),
            (Self::Received | Self::Looking, Step::Refuse) => Some(Self::Refused),
            (Self::Draft, Step::Look | Step::Accept | Step::Merge | Step::Refuse)
            | (Self::Received, Step::Send)
            | (Self::Looking, Step::Send | Step::Look)
            | (
                Self::Incident | Self::Merged | Self::Refused,
                Step::Send | Step::Look | Step::Accept | Step::Merge | Step::Refuse,
            ) => None,
        }
    }

    /// Whether an officer has still to decide.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Received | Self::Looking)
    }

    /// Whether it was decided.
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Incident | Self::Merged | Self::Refused)
    }
}

/// The row of a report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReportId(pub(crate) Uuid);

/// What a reporter answers, as typed. A draft may hold anything that is not too long; what is sent is
/// [`Answers::told`].
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = incidents::ReportAnswers)]
pub struct Answers {
    /// `incident`, `near-miss` or `voluntary`.
    pub kind: String,
    /// What happened, in one line.
    pub title: String,
    /// What happened, in the reporter's words.
    pub what: String,
    /// What does not work, and for whom.
    pub effect: String,
    /// What was done, and what help is needed.
    pub done: String,
    /// The day on which it began.
    pub began: String,
    /// The day on which it was noticed.
    pub noticed: String,
    /// `yes`, `no`, or nothing where that is not known.
    pub going_on: String,
    /// Who was hit.
    pub organisation: String,
    /// What they do.
    pub field: String,
    /// The code of the State.
    pub country: String,
    /// Whether it touches other States too: `yes`, `no`, or nothing where that is not known.
    pub abroad: String,
    /// The reporter's name: for the officers alone.
    pub name: String,
    /// How the reporter is reached: for the officers alone.
    pub contact: String,
}

/// What a report says once it is sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    /// What kind of thing.
    pub kind: ReportKind,
    /// In one line.
    pub title: Line<200>,
    /// What happened, with effect and what was done, as paragraphs.
    pub description: Prose,
    /// When it was, as far as told.
    pub period: Period,
    /// When it was noticed.
    pub noticed: Option<Dated>,
    /// Who was hit.
    pub organisation: Option<Line<300>>,
    /// What they do.
    pub field: Option<Line<200>>,
    /// Where.
    pub country: Option<Country>,
    /// Whether it touches other States too, as far as told.
    pub abroad: Option<bool>,
}

impl Answers {
    /// Every answer with its field and the most characters it takes.
    fn bounds(&self) -> [(&'static str, &str, usize); 14] {
        [
            ("kind", &self.kind, 20),
            ("title", &self.title, 200),
            ("what", &self.what, PROSE_CHARS_MAX),
            ("effect", &self.effect, PROSE_CHARS_MAX / 2),
            ("done", &self.done, PROSE_CHARS_MAX / 2),
            ("began", &self.began, 30),
            ("noticed", &self.noticed, 30),
            ("going_on", &self.going_on, 10),
            ("organisation", &self.organisation, 300),
            ("field", &self.field, 200),
            ("country", &self.country, 10),
            ("abroad", &self.abroad, 10),
            ("name", &self.name, 200),
            ("contact", &self.contact, 300),
        ]
    }

    /// The answers without signs that nobody sees.
    #[must_use]
    pub fn plain(&self) -> Self {
        Self {
            kind: line(&self.kind),
            title: line(&self.title),
            what: prose(&self.what),
            effect: prose(&self.effect),
            done: prose(&self.done),
            began: line(&self.began),
            noticed: line(&self.noticed),
            going_on: line(&self.going_on),
            organisation: line(&self.organisation),
            field: line(&self.field),
            country: line(&self.country),
            abroad: line(&self.abroad),
            name: line(&self.name),
            contact: line(&self.contact),
        }
    }

    /// The answers as they are kept, if none is longer than it may be: what a draft must keep to.
    pub fn bounded(&self) -> Result<Self, Invalid> {
        let plain = self.plain();
        let long = |&(_, text, most): &(&str, &str, usize)| text.chars().count() > most;
        let broken = plain
            .bounds()
            .iter()
            .find(|one| long(one))
            .map(|&(field, ..)| field);
        match broken {
            None => Ok(plain),
            Some(field) => Err(Invalid {
                field,
                rule: "is too long",
            }),
        }
    }

    /// What they say, if that is a whole report; `mode` says which States there are.
    pub fn told(&self, mode: Mode) -> Result<Told, Invalid> {
        self.bounded()?.read(mode)
    }

    fn read(&self, mode: Mode) -> Result<Told, Invalid> {
        let at = |field| move |broken: Invalid| broken.at(field);
        let prose = |text: &str, field| text.parse::<Prose>().map_err(at(field));
        let date = |text: &str, field| {
            let text = text.trim();
            let read = || text.parse::<Dated>().map_err(at(field));
            (!text.is_empty()).then(read).transpose()
        };
        let parts = [
            prose(&self.what, "what")?,
            prose(&self.effect, "effect")?,
            prose(&self.done, "done")?,
        ];
        if parts.first().is_none_or(|what| what.as_str().is_empty()) {
            return Err(Invalid {
                field: "what",
                rule: "must not be empty",
            });
        }
        let filled = parts
            .iter()
            .map(Prose::as_str)
            .filter(|text| !text.is_empty());
        let description = filled.collect::<Vec<_>>().join("\n\n");
        let country = self.country.trim();
        let country = (!country.is_empty()).then(|| {
            let known = country.parse::<Country>().ok();
            known
                .filter(|one| one.is_exercise() == mode.is_exercise())
                .ok_or(Invalid {
                    field: "country",
                    rule: "a State of the list",
                })
        });
        let began = date(&self.began, "began")?;
        // Whoever noticed it says that it had begun.
        Ok(Told {
            kind: self.kind.parse().map_err(at("kind"))?,
            title: Line::required(&self.title, "title")?,
            description: prose(&description, "what")?,
            period: Period::new(began, None, None)?,
            noticed: date(&self.noticed, "noticed")?,
            organisation: Line::optional(Some(&self.organisation), "organisation")?,
            field: Line::optional(Some(&self.field), "field")?,
            country: country.transpose()?,
            abroad: match self.abroad.trim() {
                "" => None,
                "yes" => Some(true),
                "no" => Some(false),
                _ => {
                    return Err(Invalid {
                        field: "abroad",
                        rule: "yes, no, or nothing",
                    });
                }
            },
        })
    }
}

/// A report.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Report {
    /// The row.
    pub id: ReportId,
    /// Its number.
    pub reference: Reference,
    /// Real or exercise; never changes.
    pub mode: Mode,
    /// Who of the house may read it.
    pub tlp: Tlp,
    /// The users who may read it while it is RED.
    pub named: Vec<UserId>,
    /// Where it stands.
    pub state: ReportState,
    /// Rises with each change.
    pub version: i64,
    /// How it came in.
    pub door: Door,
    /// For whom an officer made the link, in the officer's words.
    pub note: Option<Line<200>>,
    /// The language of the form.
    pub language: Language,
    /// What it says; nothing once it is erased.
    pub answers: Option<Answers>,
    /// What it became part of.
    pub incident: Option<IncidentRef>,
    /// Why it was refused, for the reporter.
    pub reason: Option<Line<1000>>,
    /// The report that it was split from.
    pub split_from: Option<Reference>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
}

/// Something said after a report was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Addition {
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: Prose,
}

/// A report as a list shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReportRow {
    /// The row.
    pub id: ReportId,
    /// Its number.
    pub reference: Reference,
    /// Where it stands.
    pub state: ReportState,
    /// What kind; nothing while it is a draft.
    pub kind: Option<ReportKind>,
    /// In one line; nothing while it is a draft, or once it is erased.
    pub title: Option<String>,
    /// How it came in.
    pub door: Door,
    /// For whom an officer made the link.
    pub note: Option<String>,
    /// Its label.
    pub tlp: Tlp,
    /// When it was sent, or begun.
    pub at: Timestamp,
}

/// A text that was added, without signs that nobody sees, if it is one: bounded, not empty.
pub fn addition(text: &str) -> Result<Prose, Invalid> {
    let broken = |rule| Invalid {
        field: "text",
        rule,
    };
    let text: Prose = prose(text).parse().map_err(|one: Invalid| one.at("text"))?;
    match text.as_str().chars().count() {
        0 => Err(broken("must not be empty")),
        1..=ADDITION_CHARS_MAX => Ok(text),
        _ => Err(broken("is too long")),
    }
}

#[cfg(test)]
mod tests;
