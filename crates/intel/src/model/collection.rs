//! Collections and the roots that they stand under.

use kernel::{CollectionId, CollectionRef, Mode, PartyCode, Timestamp, Tlp};

use super::{Invalid, Name, Prose, Title, holds};

/// A group of collections with an address of its own (TAXII 2.1 §4.2). It is real or exercise.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Root {
    /// What stands in its address.
    pub name: Name,
    /// Real or exercise.
    pub mode: Mode,
    /// For people.
    pub title: Title,
    /// For people.
    pub description: Prose,
}

/// What people decide about a collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settings {
    /// A name that stands for its id in addresses.
    pub alias: Option<Name>,
    /// For people.
    pub title: Title,
    /// For people.
    pub description: Prose,
    /// The strictest label that it takes.
    pub ceiling: Tlp,
    /// The label of what comes unmarked: never CLEAR, and not above the ceiling.
    pub unmarked: Tlp,
}

/// A collection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Collection {
    /// Its row.
    pub id: CollectionId,
    /// Its id outside of the house.
    pub public: CollectionRef,
    /// Its number in the tables of entries.
    pub(crate) slot: i64,
    /// The root that it stands under.
    pub root: Name,
    /// Real or exercise, as its root.
    pub mode: Mode,
    /// What people decide.
    pub settings: Settings,
    /// The party whose collection it is, where that is another one: then nobody here changes what it
    /// holds.
    pub steward: Option<PartyCode>,
    /// Whether parties that get it may pass it on, as far as labels let them.
    pub onward: bool,
    /// Counts changes of the settings and readers.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A collection as a viewer may know it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shown {
    /// The collection.
    pub collection: Collection,
    /// The labels of entries that the viewer sees: bit `n` for the label of code `n`.
    pub mask: i32,
    /// Whether the viewer may add to it.
    pub can_write: bool,
}

impl Settings {
    /// The settings, if the labels fit together.
    pub fn checked(self) -> Result<Self, Invalid> {
        if self.unmarked == Tlp::Clear {
            return Err(Invalid {
                field: "unmarked",
                rule: "what is not marked is never CLEAR; choose GREEN or stricter",
            });
        }
        if self.unmarked > self.ceiling {
            return Err(Invalid {
                field: "unmarked",
                rule: "not stricter than the ceiling",
            });
        }
        Ok(self)
    }
}

impl Shown {
    /// Whether the viewer sees entries of this label.
    pub const fn sees(&self, tlp: Tlp) -> bool {
        holds(self.mask, tlp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unmarked_is_never_clear() {
        let settings = |unmarked, ceiling| Settings {
            alias: None,
            title: "Phishing".parse().unwrap(),
            description: "".parse().unwrap(),
            ceiling,
            unmarked,
        };
        assert!(settings(Tlp::Clear, Tlp::Red).checked().is_err());
        assert!(settings(Tlp::Amber, Tlp::Green).checked().is_err());
        assert!(settings(Tlp::Green, Tlp::Green).checked().is_ok());
    }
}
