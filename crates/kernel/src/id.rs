//! Typed ids. One kind cannot stand for another.
//!
//! Row ids are UUIDv7 and stay in the house. What leaves it, and what may come from another house
//! (messages, threads, contacts), is a random UUIDv4 that tells nothing of when it was made, and is
//! written with its kind before it, as STIX 2.1 §2.9 does: `thread--6f9c…`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::{Clock, Rng, uuid_v4, uuid_v7};

/// A text that is no id of the kind asked for.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an id of the form {prefix}--UUID")]
pub struct IdError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

fn parse(prefix: &'static str, text: &str) -> Result<Uuid, IdError> {
    let refuse = IdError { prefix };
    let rest = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix("--"))
        .filter(|rest| rest.len() == 36)
        .ok_or_else(|| refuse.clone())?;
    let id = Uuid::try_parse(rest).map_err(|_unreadable| refuse.clone())?;
    // One spelling only: ids are compared as text in signed documents.
    if id.to_string() == rest {
        Ok(id)
    } else {
        Err(refuse)
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Uuid);

        impl $name {
            /// What stands before the `--` in the text form.
            pub const PREFIX: &'static str = $prefix;

            /// The id with this UUID, as read from a row.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID alone, as written to a row.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "--{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse($prefix, text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

macro_rules! row_ids {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal;)*) => {$(
        id!($(#[$doc])* $name, $prefix);

        impl $name {
            /// A new id (UUIDv7).
            pub fn new(clock: &dyn Clock, rng: &dyn Rng) -> Self {
                Self(uuid_v7(clock.now(), rng))
            }
        }
    )*};
}

macro_rules! wire_ids {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal;)*) => {$(
        id!($(#[$doc])* $name, $prefix);

        impl $name {
            /// A new id (UUIDv4).
            pub fn random(rng: &dyn Rng) -> Self {
                Self(uuid_v4(rng))
            }
        }
    )*};
}

row_ids! {
    /// An entry of the register, inside the house; see [`IncidentRef`] for what leaves it.
    IncidentId, "incident-row";
    /// A user of this node.
    UserId, "user";
    /// A signed-in session.
    SessionId, "session";
    /// An API key.
    ApiKeyId, "key";
    /// A party in the directory of this node.
    PartyId, "party-row";
    /// A queued job.
    JobId, "job";
    /// A collection of intelligence, inside the house; see [`CollectionRef`] for what leaves it.
    CollectionId, "collection-row";
    /// A readable row of the `acts` ledger.
    ActId, "act";
    /// A mail that came in or goes out.
    MailId, "mail";
}

wire_ids! {
    /// An incident as others know it, and as it stands in addresses.
    IncidentRef, "incident";
    /// A piece of evidence of an incident.
    EvidenceRef, "evidence";
    /// A collection of intelligence, as TAXII clients know it.
    CollectionRef, "collection";
    /// What came of objects that were handed in; TAXII's status.
    ImportId, "import";
    /// A server of another maker with which collections are exchanged.
    RemoteId, "remote";
    /// One exchange with such a server.
    RunId, "run";
    /// What one party is told of a collection, or tells of one.
    ShareId, "share";
    /// A message.
    MessageId, "message";
    /// An exchange between parties about one matter.
    ThreadId, "thread";
    /// A desk or person of a party.
    ContactId, "contact";
    /// A file that was put for a message.
    FileId, "file";
    /// Whoever else takes part, where only a handle may be shown.
    ParticipantId, "participant";
    /// A named list of parties that share something.
    CircleId, "circle";
    /// A product that stands somewhere in an organisation of the constituency.
    AssetId, "asset";
    /// A product and the vulnerability that may be one of it.
    MatchId, "match";
    /// What is to be done about a vulnerability.
    RemedyId, "remedy";
    /// An operator or a service of the critical infrastructure.
    InfrastructureId, "infrastructure";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRng;

    #[test]
    fn text_round_trips() {
        let id = MessageId::random(&SeededRng::new(3));
        assert!(id.to_string().starts_with("message--"));
        assert_eq!(id.to_string().parse::<MessageId>(), Ok(id));
    }

    #[test]
    fn one_kind_is_not_another() {
        let thread = ThreadId::random(&SeededRng::new(3)).to_string();
        assert_eq!(
            thread.parse::<MessageId>(),
            Err(IdError { prefix: "message" })
        );
    }

    #[test]
    fn only_one_spelling_is_read() {
        let upper = format!("thread--{}", "6F9C1C44-0000-4000-8000-000000000000");
        assert!(upper.parse::<ThreadId>().is_err());
        assert!(
            "thread--6f9c1c44000040008000000000000000"
                .parse::<ThreadId>()
                .is_err()
        );
    }
}
