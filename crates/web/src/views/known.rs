//! What is known of an object beside what it says itself.

use kernel::Timestamp;

use super::frame::{Link, PartyName};
use crate::words::Graph;

/// What is known of an object.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What it relates to, and what relates it.
    pub relations: Vec<Relation>,
    /// Whether more is about it.
    pub more_relations: bool,
    /// The same as a picture; nothing where there is nothing.
    pub graph: Option<Graph>,
    /// Objects with the same values.
    pub related: Vec<RelatedObject>,
    /// How many more there are.
    pub more_related: u64,
    /// Values that are too common, with their number.
    pub common: Vec<(String, u64)>,
    /// Values with the warninglists that have them.
    pub listed: Vec<(String, String)>,
    /// Values that were not looked for.
    pub values_left_out: u64,
    /// Whether the index is whole.
    pub is_complete: bool,
    /// Who saw it.
    pub sightings: Sightings,
    /// Whether it holds; nothing for what is no indicator.
    pub life: Option<Life>,
    /// Which other parties have it; nothing where the reader may not know.
    pub holders: Option<Vec<Holder>>,
    /// Whose collection it is; nothing for the node's own.
    pub from: Option<PartyName>,
    /// The events of MISP behind it.
    pub events: Vec<Link>,
    /// What happened to it, the newest first.
    pub moments: Vec<(Timestamp, &'static str)>,
}

/// What an object has to do with another.
#[derive(Clone, Debug)]
pub struct Relation {
    /// In which word: `uses`, or the property.
    pub by: String,
    /// Whether it leads to this object, and not from it.
    pub is_incoming: bool,
    /// The type of the other.
    pub kind: String,
    /// The id of the other.
    pub id: String,
    /// What the other is called; empty where the reader does not see it.
    pub name: String,
    /// The page of the other; empty where the reader does not see it.
    pub url: String,
    /// The page of the relationship itself, where it is an object.
    pub via: String,
    /// Whether the relationship was taken back.
    pub is_revoked: bool,
}

/// An object with the same values.
#[derive(Clone, Debug)]
pub struct RelatedObject {
    /// Its page.
    pub url: String,
    /// Its type.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its collection, where it is another one.
    pub collection: String,
    /// Its label.
    pub tlp: kernel::Tlp,
    /// The values.
    pub values: Vec<String>,
    /// How many more there are.
    pub more_values: u64,
}

/// Who saw an object.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    /// How many parties.
    pub parties: u64,
    /// By party: its name, empty for those who are not named; and how often it was seen, was said to be no
    /// threat, and was said to be a threat no more.
    pub by_party: Vec<(String, [u64; 3])>,
    /// When it was first and last seen.
    pub seen: Option<(Timestamp, Timestamp)>,
    /// Whether there are more.
    pub more: bool,
    /// Whether the reader may say something.
    pub may_say: bool,
}

/// Whether an indicator holds.
#[derive(Clone, Debug)]
pub struct Life {
    /// A code.
    pub state: &'static str,
    /// The score and what it began at.
    pub score: Option<(String, String)>,
}

/// A party that gets the collection.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The page of what is shared with it.
    pub url: String,
    /// The party.
    pub party: PartyName,
    /// `active`, `ended`, `declined`.
    pub state: String,
    /// Whether it was given the object.
    pub has_it: bool,
}
