//! Who asks. Every read takes one: no viewer, no data.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, Mode, PartyCode, UserId};

/// What a user of a node does there.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the node: users, keys, peers, backups. Sees no content by that alone.
    Admin,
    /// Technical point of contact: requests in and out.
    DutyOfficer,
    /// Works on incidents and indicators.
    Analyst,
    /// Diplomatic point of contact.
    Diplomat,
    /// Keeps the directory, the figures and the reports.
    PolicyOfficer,
    /// A hospital or operator: reports, and sees what became of it.
    Reporter,
    /// Reads the ledgers and who did what.
    Auditor,
}

/// A set of roles.
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct Roles(u8);

/// What an API key may be used for. A key never may more than its user.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read incidents and figures.
    IncidentsRead,
    /// Create and change incidents, import.
    IncidentsWrite,
    /// Read threads and messages.
    ExchangeRead,
    /// Compose and send messages.
    ExchangeWrite,
    /// Read parties and contacts.
    DirectoryRead,
    /// Change parties, contacts and peers.
    DirectoryWrite,
    /// Read collections of intelligence.
    IntelRead,
    /// Add to collections, import.
    IntelWrite,
    /// Read ledgers.
    LedgerRead,
    /// Users, keys, configuration.
    Admin,
}

/// A set of scopes.
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct Scopes(u16);

/// Behind what name the viewer stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Who {
    /// A user, signed in.
    User {
        /// The user's id.
        id: UserId,
        /// The name to sign in with.
        name: String,
    },
    /// A program with an API key of a user.
    Key {
        /// The key's id.
        id: ApiKeyId,
        /// The user whose key it is.
        user: UserId,
        /// The user's name and the key's label.
        name: String,
        /// What the key may be used for.
        scopes: Scopes,
    },
    /// Another party's node.
    Peer(PartyCode),
    /// The node itself: a job or a command on the machine. The word says which.
    Node(&'static str),
}

/// Who asks, in which role, for which party, in which mode.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Viewer {
    /// Who it is.
    pub who: Who,
    /// The roles that apply.
    pub roles: Roles,
    /// The party whose data the viewer works on: for users this node's, for a peer its own.
    pub party: PartyCode,
    /// The circles that the party belongs to.
    pub circles: Vec<String>,
    /// Whether real or exercise data is looked at; never both.
    pub mode: Mode,
}

impl Viewer {
    /// The node itself, acting for its party.
    pub const fn node(what: &'static str, party: PartyCode, mode: Mode) -> Self {
        Self {
            who: Who::Node(what),
            roles: Roles(0),
            party,
            circles: Vec::new(),
            mode,
        }
    }

    /// The user behind the viewer, where there is one.
    pub const fn user(&self) -> Option<UserId> {
        match &self.who {
            Who::User { id, .. } => Some(*id),
            Who::Key { user, .. } => Some(*user),
            Who::Peer(_) | Who::Node(_) => None,
        }
    }

    /// A name for records of who did what: `user:amina`, `key:amina/sync`, `peer:XB`, `node:job`.
    pub fn label(&self) -> String {
        match &self.who {
            Who::User { name, .. } => format!("user:{name}"),
            Who::Key { name, .. } => format!("key:{name}"),
            Who::Peer(party) => format!("peer:{party}"),
            Who::Node(what) => format!("node:{what}"),
        }
    }
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 7] = [
        Self::Admin,
        Self::DutyOfficer,
        Self::Analyst,
        Self::Diplomat,
        Self::PolicyOfficer,
        Self::Reporter,
        Self::Auditor,
    ];

    /// The role's word, such as `duty_officer`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::DutyOfficer => "duty_officer",
            Self::Analyst => "analyst",
            Self::Diplomat => "diplomat",
            Self::PolicyOfficer => "policy_officer",
            Self::Reporter => "reporter",
            Self::Auditor => "auditor",
        }
    }

    /// The role of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Admin => 1,
            Self::DutyOfficer => 2,
            Self::Analyst => 4,
            Self::Diplomat => 8,
            Self::PolicyOfficer => 16,
            Self::Reporter => 32,
            Self::Auditor => 64,
        }
    }
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 10] = [
        Self::IncidentsRead,
        Self::IncidentsWrite,
        Self::ExchangeRead,
        Self::ExchangeWrite,
        Self::DirectoryRead,
        Self::DirectoryWrite,
        Self::IntelRead,
        Self::IntelWrite,
        Self::LedgerRead,
        Self::Admin,
    ];

    /// The scope's word, such as `incidents_read`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IncidentsRead => "incidents_read",
            Self::IncidentsWrite => "incidents_write",
            Self::ExchangeRead => "exchange_read",
            Self::ExchangeWrite => "exchange_write",
            Self::DirectoryRead => "directory_read",
            Self::DirectoryWrite => "directory_write",
            Self::IntelRead => "intel_read",
            Self::IntelWrite => "intel_write",
            Self::LedgerRead => "ledger_read",
            Self::Admin => "admin",
        }
    }

    /// The scope of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }

    const fn bit(self) -> u16 {
        match self {
            Self::IncidentsRead => 1,
            Self::IncidentsWrite => 2,
            Self::ExchangeRead => 4,
            Self::ExchangeWrite => 8,
            Self::DirectoryRead => 16,
            Self::DirectoryWrite => 32,
            Self::LedgerRead => 64,
            Self::Admin => 128,
            Self::IntelRead => 256,
            Self::IntelWrite => 512,
        }
    }
}

macro_rules! set_of {
    ($set:ident, $item:ident) => {
        impl $set {
            /// True if the set holds the item.
            pub const fn contains(self, item: $item) -> bool {
                self.0 & item.bit() != 0
            }

            /// True if the set is empty.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// The set with the item.
            #[must_use]
            pub const fn with(self, item: $item) -> Self {
                Self(self.0 | item.bit())
            }

            /// The items, in their order.
            pub fn iter(self) -> impl Iterator<Item = $item> {
                $item::ALL
                    .into_iter()
                    .filter(move |&item| self.contains(item))
            }

            /// The stored form: the words with spaces between.
            pub fn to_words(self) -> String {
                self.iter().map($item::as_str).collect::<Vec<_>>().join(" ")
            }

            /// The set of a stored form; a word that nobody knows gives nothing.
            pub fn from_words(words: &str) -> Self {
                words
                    .split_whitespace()
                    .filter_map($item::from_word)
                    .collect()
            }
        }

        impl FromIterator<$item> for $set {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                items.into_iter().fold(Self::default(), Self::with)
            }
        }

        impl fmt::Debug for $set {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_set().entries(self.iter()).finish()
            }
        }
    };
}

set_of!(Roles, Role);
set_of!(Scopes, Scope);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_round_trip_through_words() {
        let roles: Roles = Role::ALL.into_iter().collect();
        assert_eq!(Roles::from_words(&roles.to_words()), roles);
        let scopes: Scopes = Scope::ALL.into_iter().collect();
        assert_eq!(Scopes::from_words(&scopes.to_words()), scopes);
    }

    #[test]
    fn an_unknown_word_gives_nothing() {
        assert!(Roles::from_words("root superuser").is_empty());
    }
}
