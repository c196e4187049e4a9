//! What the register holds, as types that cannot be wrong.

mod currency;
mod date;
pub(crate) mod doubt;
mod figure;
mod list;
mod parts;
mod taxonomy;
mod text;

use kernel::{Country, IncidentId, IncidentRef, Mode, Pap, Timestamp, Tlp, UserId};

pub use crate::harm::Measure;
pub use date::{Dated, Fidelity, Period};
pub use doubt::Doubt;
pub use figure::{Bound, Grade, HarmFigure, Quantity, Unit};
pub use list::{Filter, Listed, Titled};
pub use parts::{Attachment, Link, LinkKind, Statement, StatementKind, TimelineEntry};
pub use taxonomy::{RSIT_VERSION, Rsit, SECTOR_VERSION, Sector};
pub(crate) use text::is_forbidden;
pub use text::{Line, Prose};

use crate::{
    clocks::Clocks,
    course::Entry,
    severity::{Assessment, Rated, Severity},
    state::Status,
    taxonomy::Class,
};

/// How many States an entry names at most; there are 195, and ten for exercises.
pub const VICTIMS_MAX: usize = 205;
/// How many users may be named as readers of a RED entry.
pub const NAMED_MAX: usize = 100;
/// How many entries of one kind (harm, statements, links, attachments) a case holds.
pub const PARTS_MAX: usize = 1_000;
/// How many entries the timeline of a case holds.
pub const TIMELINE_MAX: usize = 10_000;

/// A value that the register does not take.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Invalid {
    /// The field, as the request names it.
    pub field: &'static str,
    /// What a right value looks like.
    pub rule: &'static str,
}

impl Invalid {
    /// The same rule, broken in this field.
    #[must_use]
    pub fn at(self, field: &'static str) -> Self {
        Self { field, ..self }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $rule:literal, { $($(#[$item_doc:meta])* $item:ident = $word:tt),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, serde::Deserialize, serde::Serialize, utoipa::ToSchema)]
        $(#[$doc])*
        pub enum $name {
            $($(#[$item_doc])* #[serde(rename = $word)] $item,)+
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$item),+];

            /// The word that stands for it outside and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$item => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|one| one.as_str() == text)
                    .ok_or($crate::model::Invalid { field: stringify!($name), rule: $rule })
            }
        }
    };
}
pub(crate) use words;

words! {
    /// One event, or a series of them by one hand.
    #[schema(as = incidents::IncidentKind)]
    Kind, "incident or campaign", {
        /// One event.
        Incident = "incident",
        /// A series of events.
        Campaign = "campaign",
    }
}

words! {
    /// How sure it is that something happened (STIX Incident extension, `determination`).
    Determination, "blocked, confirmed, failed-attempt, false-positive or suspected", {
        /// It is suspected.
        Suspected = "suspected",
        /// It happened.
        Confirmed = "confirmed",
        /// It was tried and stopped.
        Blocked = "blocked",
        /// It was tried and failed by itself.
        FailedAttempt = "failed-attempt",
        /// It was something else.
        FalsePositive = "false-positive",
    }
}

/// What is known of an incident, as an editor states it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Facts {
    /// One event or a series.
    pub kind: Kind,
    /// What it is called.
    pub title: Line<200>,
    /// What happened.
    pub description: Prose,
    /// The States concerned, each once, in order.
    pub victims: Vec<Country>,
    /// True where it reached more States than a list could name; `victims` are then those known.
    pub worldwide: bool,
    /// Who was hit.
    pub organisation: Option<Line<300>>,
    /// Sectors (NIS2), each once, in order.
    pub sectors: Vec<Sector>,
    /// The sector in the reporter's words.
    pub sector_text: Option<Line<200>>,
    /// Its class in the Reference Security Incident Taxonomy.
    pub rsit: Option<Rsit>,
    /// When it happened.
    pub period: Period,
    /// When it was noticed.
    pub detected: Option<Dated>,
    /// When the register heard of it.
    pub reported: Option<Dated>,
    /// How sure it is.
    pub determination: Determination,
    /// Who may know of it.
    pub tlp: Tlp,
    /// What may be done with it.
    pub pap: Option<Pap>,
    /// The users who may read it while it is RED.
    pub named: Vec<UserId>,
    /// Whether it touches more than one State; nothing where that is not known.
    pub cross_border: Option<bool>,
}

/// An entry of the register.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Incident {
    /// The row.
    pub id: IncidentId,
    /// What others know it by.
    pub public: IncidentRef,
    /// Real or exercise; never changes.
    pub mode: Mode,
    /// What is known.
    pub facts: Facts,
    /// Where the work on it stands.
    pub status: Status,
    /// Rises with each change; an edit names the version it is based on.
    pub version: i64,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Where it came from, if it ships with the program.
    pub shipped: Option<ShippedMark>,
}

/// What an entry that ships with the program was imported from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ShippedMark {
    /// The key of its file.
    pub key: String,
    /// SHA-256 of its file.
    pub sha256: [u8; 32],
    /// The version that the import wrote; a higher one was edited here.
    pub version: i64,
}

/// An entry with everything that belongs to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Case {
    /// The entry.
    pub incident: Incident,
    /// What happened when, in order of time.
    pub timeline: Vec<TimelineEntry>,
    /// Harm, as stated.
    pub harm: Vec<HarmFigure>,
    /// Who said what of it.
    pub statements: Vec<Statement>,
    /// What other rooms hold on it.
    pub links: Vec<Link>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// How severe it was judged to be, in the order of the judgements; the last one holds.
    pub assessments: Vec<Assessment>,
    /// How severe others say it is, by scales of theirs.
    pub ratings: Vec<Rated>,
    /// Its clocks: from when they run, by which regimes, and what was filed.
    pub clocks: Clocks,
    /// What was entered of its course, in the order of entry.
    pub course: Vec<Entry>,
    /// Its classes, beside RSIT and its sectors.
    pub classes: Vec<Class>,
}

impl Case {
    /// How severe it is by the assessment that holds; nothing where there is none.
    pub fn severity(&self) -> Option<Severity> {
        let holds = self.assessments.last()?;
        Some(holds.severity(&self.incident.facts))
    }
}

impl Facts {
    /// The facts with lists in order and each item once, or the first rule that they break.
    pub fn checked(mut self, mode: Mode) -> Result<Self, Invalid> {
        self.victims.sort_unstable();
        self.victims.dedup();
        self.sectors.sort_unstable();
        self.sectors.dedup();
        self.named.sort_unstable();
        self.named.dedup();
        if self.victims.len() > VICTIMS_MAX {
            return Err(Invalid {
                field: "victims",
                rule: "each State once",
            });
        }
        if self.named.len() > NAMED_MAX {
            return Err(Invalid {
                field: "named",
                rule: "at most 100 users",
            });
        }
        let fictional = self.victims.iter().any(|country| country.is_exercise());
        if fictional && !mode.is_exercise() {
            return Err(Invalid {
                field: "victims",
                rule: "the States XA to XJ exist in exercises only",
            });
        }
        if self.cross_border == Some(false) && (self.worldwide || self.victims.len() > 1) {
            return Err(Invalid {
                field: "cross_border",
                rule: "an incident that concerns several States crosses a border",
            });
        }
        Ok(self)
    }

    /// By what lists are ordered: when it happened, as early as is known, else when it was noticed
    /// or reported, else when it was entered.
    pub fn sort_at(&self, created_at: Timestamp) -> Timestamp {
        self.earliest().map_or(created_at, Dated::first)
    }

    /// The beginning, or else the date that is nearest to it.
    pub(crate) fn earliest(&self) -> Option<Dated> {
        [
            self.period.from(),
            self.period.to(),
            self.detected,
            self.reported,
        ]
        .into_iter()
        .flatten()
        .next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::facts;

    #[test]
    fn lists_are_put_in_order_and_each_item_stands_once() {
        let mut given = facts("A");
        given.victims = ["IE", "CR", "IE"]
            .map(|code| code.parse().unwrap())
            .to_vec();
        let checked = given.checked(Mode::Real).unwrap();
        let codes: Vec<_> = checked.victims.iter().map(Country::as_str).collect();
        assert_eq!(codes, ["CR", "IE"]);
    }

    #[test]
    fn fictional_states_exist_in_exercises_only() {
        let mut given = facts("A");
        given.victims = vec!["XA".parse().unwrap()];
        assert_eq!(
            given.clone().checked(Mode::Real).unwrap_err().field,
            "victims"
        );
        assert!(given.checked(Mode::Exercise).is_ok());
    }

    #[test]
    fn nothing_is_noticed_before_it_began_as_far_as_is_known() {
        let mut given = facts("A");
        let dated = |text: &str| Some(text.parse::<Dated>().unwrap());
        let begins = |text| Period::new(dated(text), None, None).unwrap();
        given.detected = dated("2024-05-08");
        for (began, is_right) in [
            ("2024-05", true),
            ("2024-05-08", true),
            ("2024-05-09", false),
        ] {
            given.period = begins(began);
            assert_eq!(given.in_order().is_ok(), is_right, "{began}");
        }
        given.detected = None;
        given.reported = dated("2020");
        assert_eq!(given.in_order().unwrap_err().field, "reported");
        given.period = begins("2020-12-31T23:59:59Z");
        assert_eq!(given.in_order(), Ok(()));
    }

    #[test]
    fn several_states_are_a_border_crossed() {
        let mut given = facts("A");
        given.victims = ["IE", "CR"].map(|code| code.parse().unwrap()).to_vec();
        given.cross_border = Some(false);
        assert_eq!(given.checked(Mode::Real).unwrap_err().field, "cross_border");
    }
}
