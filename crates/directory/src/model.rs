//! Parties and contacts as types that cannot be wrong.

mod circle;
mod text;
mod zone;

use kernel::{ContactId, Language, Mode, PartyCode, PartyId, Timestamp};
use seal::keys::Fingerprint;
use serde::{Deserialize, Serialize};

pub use circle::{CircleVersion, MEMBERS_MAX, Member, Place, VERSION_BYTES_MAX};
pub use text::{Address, Email, Line, Phone, Tag, Text, WebAddress, Zone};

/// How many parties a directory lists at most, both modes together.
pub const PARTIES_MAX: usize = 1_000;
/// How many contacts a party has at most.
pub const CONTACTS_MAX: usize = 50;
/// How many addresses, numbers, languages or channels of one sort a contact has at most.
pub const LIST_MAX: usize = 20;

/// A value that the directory does not take.
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
    ($(#[$doc:meta])* $name:ident, $field:literal, $rule:literal, { $($(#[$item_doc:meta])* $item:ident = $word:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize, utoipa::ToSchema)]
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

        impl std::str::FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|one| one.as_str() == text)
                    .ok_or(Invalid { field: $field, rule: $rule })
            }
        }
    };
}

words! {
    /// Whether a party's keys are trusted.
    Trust, "trust", "trusted, frozen or removed", {
        /// Messages go out and come in.
        Trusted = "trusted",
        /// Something is wrong, such as two different ledgers: nothing goes out, receipts do not
        /// count, and people have to talk.
        Frozen = "frozen",
        /// No longer listed. The keys stay, so that old messages can be verified.
        Removed = "removed",
    }
}

words! {
    /// The two kinds of points of contact of the United Nations directory (A/78/265, annex A).
    ContactKind, "kind", "diplomatic or technical", {
        /// For de-escalation, consultation and official requests.
        Diplomatic = "diplomatic",
        /// For technical exchange.
        Technical = "technical",
    }
}

words! {
    /// When a contact answers.
    Duty, "duty", "24x7 or office", {
        /// Day and night.
        Always = "24x7",
        /// In office hours.
        Office = "office",
    }
}

words! {
    /// Whether a contact can be relied on.
    Standing, "standing", "active, stale, suspended or removed", {
        /// Yes.
        Active = "active",
        /// It failed to answer in two cycles.
        Stale = "stale",
        /// It failed to answer in three; still listed.
        Suspended = "suspended",
        /// No longer listed.
        Removed = "removed",
    }
}

/// A party in one mode.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Party {
    /// The row's id.
    pub id: PartyId,
    /// The party.
    pub code: PartyCode,
    /// Real or exercise.
    pub mode: Mode,
    /// True for the party whose node this is.
    pub own: bool,
    /// What it calls itself. A State has its names in six languages besides; see [`Party::name`].
    pub title: Line,
    /// Whether its keys are trusted.
    pub trust: Trust,
    /// Since when.
    pub trust_at: Timestamp,
    /// The fingerprint of its root key, as it was compared.
    pub fingerprint: Fingerprint,
    /// Where its node listens for other nodes.
    pub federation: Option<Address>,
    /// Where its node listens for people.
    pub web: Option<WebAddress>,
    /// Rises with each change.
    pub version: i64,
    /// When it was added.
    pub created_at: Timestamp,
}

impl Party {
    /// The name of the party: for a State the one that the United Nations use in that language.
    pub fn name(&self, language: Language) -> &str {
        self.code
            .country()
            .map_or_else(|| self.title.as_str(), |country| country.name(language))
    }

    /// True if the party is a State.
    pub fn is_state(&self) -> bool {
        self.code.country().is_some()
    }
}

/// What all who may read the directory see of a contact.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Diplomatic or technical.
    pub kind: ContactKind,
    /// The entity, such as a ministry or a team.
    pub entity: Line,
    /// The department.
    pub department: Option<Line>,
    /// The title or role of the person or desk.
    pub role: Option<Line>,
    /// The operational languages, as tags.
    pub languages: Vec<Tag>,
    /// The time zone, by its IANA name.
    pub time_zone: Zone,
    /// When the contact answers.
    pub duty: Duty,
    /// The hours, in words, in the contact's time zone.
    pub duty_hours: Option<Line>,
    /// Other protected channels, in words.
    pub channels: Vec<Line>,
    /// By what the contact was nominated, such as a note verbale and its date.
    pub nominated_by: Option<Line>,
    /// From when the contact may be used.
    pub valid_from: Option<Timestamp>,
}

/// What only a recorded look shows.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// The person, where the contact is one.
    pub person: Option<Line>,
    /// Mail addresses, the first one first.
    pub emails: Vec<Email>,
    /// Telephone numbers, the first one first.
    pub phones: Vec<Phone>,
    /// The number for when nobody answers.
    pub fallback_phone: Option<Phone>,
}

/// A contact of a party, without what only a look shows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contact {
    /// The id, the same on all nodes.
    pub id: ContactId,
    /// Whose contact it is.
    pub party: PartyId,
    /// What all see.
    pub profile: Profile,
    /// Whether it can be relied on.
    pub standing: Standing,
    /// When somebody last confirmed the data.
    pub verified_at: Option<Timestamp>,
    /// Who did.
    pub verified_by: Option<String>,
    /// Rises with each change.
    pub version: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Profile {
    /// Checks the lengths of the lists.
    pub fn check(&self) -> Result<(), Invalid> {
        within("languages", self.languages.len())?;
        within("channels", self.channels.len())
    }
}

impl Reach {
    /// Checks the lengths of the lists, and that there is some way to reach the contact.
    pub fn check(&self) -> Result<(), Invalid> {
        within("emails", self.emails.len())?;
        within("phones", self.phones.len())?;
        if self.emails.is_empty() && self.phones.is_empty() && self.fallback_phone.is_none() {
            return Err(Invalid {
                field: "emails",
                rule: "at least one mail address or telephone number",
            });
        }
        Ok(())
    }
}

fn within(field: &'static str, items: usize) -> Result<(), Invalid> {
    if items <= LIST_MAX {
        Ok(())
    } else {
        Err(Invalid {
            field,
            rule: "at most 20",
        })
    }
}
