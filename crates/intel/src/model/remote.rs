//! Servers of other makers with which collections are exchanged.

use std::{fmt, str::FromStr, time::Duration};

use kernel::{CollectionRef, Mode, RemoteId, RunId, Timestamp, Tlp};
use outward::{Address, Client};
use serde_json::{Map, Value};

use super::{Invalid, Name, Title};

/// The most notes of a run that are kept; all are counted.
pub const NOTES_MAX: i64 = 1_000;
/// The longest selection, as JSON in bytes.
const SELECTION_BYTES_MAX: usize = 64 * 1024;
/// How often a server is asked at most and at least.
const EVERY: [Duration; 2] = [Duration::from_mins(1), Duration::from_hours(24 * 31)];

/// An enum of words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $field:literal, $rule:literal:
     $($(#[$each:meta])* $variant:ident $word:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name {
            $($(#[$each])* $variant,)+
        }

        impl $name {
            /// The word that stands for it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(word: &str) -> Result<Self, Invalid> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(Invalid { field: $field, rule: $rule }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What a server speaks.
    RemoteKind, "kind", "taxii, misp or misp-feed":
    /// TAXII 2.1.
    Taxii "taxii",
    /// The interface of MISP.
    Misp "misp",
    /// A folder of files as MISP publishes it.
    MispFeed "misp-feed",
}

words! {
    /// Which way objects go.
    Direction, "direction", "pull or push":
    /// From there to here.
    Pull "pull",
    /// From here to there.
    Push "push",
}

words! {
    /// How a run stands.
    RunOutcome, "outcome", "running, complete, cut or failed":
    /// It goes on.
    Running "running",
    /// It came to the end of what there was.
    Complete "complete",
    /// It ended before, and a later one goes on where it stopped.
    Cut "cut",
    /// It could not go on.
    Failed "failed",
}

words! {
    /// What a note of a run is about.
    NoteKind, "what", "refused, defect, withheld or withdrawn":
    /// An object that was refused, here or there.
    Refused "refused",
    /// Something that the server does against its specification.
    Defect "defect",
    /// Something that was left here, or there.
    Withheld "withheld",
    /// Something that was taken back.
    Withdrawn "withdrawn",
}

/// What people decide about a remote.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RemoteSettings {
    /// What people call it.
    pub name: Title,
    /// Where it is.
    pub address: Address,
    /// Which of its things are meant, in the terms of its kind.
    pub selection: Map<String, Value>,
    /// For what comes: the label of what is unmarked. For what goes: the strictest label that does.
    pub label: Tlp,
    /// How often it is asked.
    pub every: Duration,
    /// Whether it is asked by itself.
    pub enabled: bool,
    /// Certificates in PEM that are believed besides those of the system's authorities.
    pub authority: Option<String>,
}

/// The collection of this node that takes part.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Here {
    /// Its root.
    pub root: Name,
    /// Its id.
    pub collection: CollectionRef,
}

/// A server of another maker, and what is exchanged with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remote {
    /// Its id.
    pub id: RemoteId,
    /// Real or exercise.
    pub mode: Mode,
    /// What it speaks.
    pub kind: RemoteKind,
    /// Which way objects go.
    pub direction: Direction,
    /// Our collection.
    pub here: Here,
    pub(crate) slot: i64,
    /// What people decide.
    pub settings: RemoteSettings,
    /// How it is told who we are: `none`, `basic`, `bearer` or `key`.
    pub scheme: String,
    /// How far the exchange has come, in the terms of its kind, as JSON.
    pub(crate) state: String,
    /// Runs that failed, one after the other, until now.
    pub failures: i64,
    /// When it is asked next.
    pub due_at: Timestamp,
    /// Until when a run has it to itself.
    pub(crate) claimed_until: Timestamp,
    /// Counts changes by people.
    pub version: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When people last changed it.
    pub updated_at: Timestamp,
}

/// Numbers of a run, or of a part of it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// Objects that came.
    pub received: i64,
    /// Of these, how many were new.
    pub added: i64,
    /// Of these, how many were here already.
    pub known: i64,
    /// Objects that went and were taken.
    pub sent: i64,
    /// Objects that were refused, here or there.
    pub refused: i64,
    /// Objects that were taken back.
    pub withdrawn: i64,
}

/// One exchange with a remote.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; nothing while it goes on.
    pub ended_at: Option<Timestamp>,
    /// How it stands.
    pub outcome: RunOutcome,
    /// Why it did not come to its end: a stable code.
    pub code: Option<String>,
    /// The same for people who operate.
    pub detail: Option<String>,
    /// Its numbers.
    pub tally: Tally,
    /// How many notes there are, kept or not.
    pub noted: i64,
}

/// Something that a run tells.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    /// What it is about.
    pub what: NoteKind,
    /// Which object or thing.
    pub subject: String,
    /// A stable code.
    pub code: String,
    /// What there is to say.
    pub detail: String,
}

/// A step of a connection test.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TestStep {
    /// Which: `name`, `network`, `connect`, `tls`, `answer`, `authentication`, or one of the kind.
    pub step: &'static str,
    /// Whether it worked; nothing if it was not come to.
    pub worked: Option<bool>,
    /// What was seen.
    pub detail: String,
}

impl Remote {
    /// How far the exchange has come, in the terms of its kind, as JSON.
    pub fn progress(&self) -> &str {
        &self.state
    }
}

impl RemoteSettings {
    /// The settings, if they fit together and fit the direction.
    pub fn checked(self, direction: Direction) -> Result<Self, Invalid> {
        let bad = |field, rule| Err(Invalid { field, rule });
        if direction == Direction::Push && self.label > Tlp::Amber {
            return bad(
                "label",
                "AMBER+STRICT and RED stay in the house: choose CLEAR, GREEN or AMBER",
            );
        }
        if direction == Direction::Pull && self.label == Tlp::Clear {
            return bad(
                "label",
                "what is not marked is never CLEAR; choose GREEN or stricter",
            );
        }
        if self.every < EVERY[0] || self.every > EVERY[1] {
            return bad("every_s", "from 60 (a minute) to 2678400 (31 days)");
        }
        let selection = Value::Object(self.selection.clone()).to_string();
        if selection.len() > SELECTION_BYTES_MAX {
            return bad("selection", "at most 64 KiB");
        }
        if let Some(authority) = &self.authority
            && Client::check_authority(authority).is_err()
        {
            return bad("authority", "certificates in PEM, at most 256 KiB");
        }
        Ok(self)
    }
}

impl Tally {
    /// Both together.
    #[must_use]
    pub const fn plus(self, more: Self) -> Self {
        Self {
            received: self.received + more.received,
            added: self.added + more.added,
            known: self.known + more.known,
            sent: self.sent + more.sent,
            refused: self.refused + more.refused,
            withdrawn: self.withdrawn + more.withdrawn,
        }
    }

    /// Whether anything was moved or refused.
    pub const fn is_nothing(self) -> bool {
        self.added == 0 && self.sent == 0 && self.refused == 0 && self.withdrawn == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(label: Tlp) -> RemoteSettings {
        RemoteSettings {
            name: "Brevonia".parse().unwrap(),
            address: "https://taxii.example/taxii2/".parse().unwrap(),
            selection: Map::new(),
            label,
            every: Duration::from_hours(1),
            enabled: true,
            authority: None,
        }
    }

    #[test]
    fn what_stays_in_the_house_is_not_pushed() {
        for label in [Tlp::AmberStrict, Tlp::Red] {
            assert!(settings(label).checked(Direction::Push).is_err());
            assert!(settings(label).checked(Direction::Pull).is_ok());
        }
        assert!(settings(Tlp::Amber).checked(Direction::Push).is_ok());
    }

    #[test]
    fn what_comes_unmarked_is_never_clear() {
        let refused = settings(Tlp::Clear).checked(Direction::Pull).unwrap_err();
        assert_eq!(refused.field, "label");
        assert!(settings(Tlp::Clear).checked(Direction::Push).is_ok());
    }

    #[test]
    fn schedule_and_authority_are_bounded() {
        let mut often = settings(Tlp::Green);
        often.every = Duration::from_secs(59);
        assert_eq!(often.checked(Direction::Pull).unwrap_err().field, "every_s");
        let mut authority = settings(Tlp::Green);
        authority.authority = Some("no certificate".to_owned());
        let refused = authority.checked(Direction::Pull).unwrap_err();
        assert_eq!(refused.field, "authority");
    }
}
