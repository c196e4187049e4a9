//! Events in lists, and what a page of one shows.

use formats_misp::full;
use uuid::Uuid;

use super::{Attribute, Object, Tag};
use crate::model::{Listing, SightingCount};

db::row! {
    /// An event in a list.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub struct Brief {
        /// Its number.
        pub id: i64,
        /// Its collection's number.
        pub slot: i64,
        /// Its id, the same everywhere.
        pub uuid: Uuid,
        /// The code of its label.
        pub tlp: i32,
        /// Who made it.
        pub orgc: i64,
        /// What it is about.
        pub info: String,
        /// The day of it, such as `2026-01-31`.
        pub date: String,
        /// When it was changed last, in seconds since 1970.
        pub timestamp: i64,
        /// Whether it was published as it is.
        pub published: bool,
        /// As MISP numbers it.
        pub threat_level: i32,
        /// As MISP numbers it.
        pub analysis: i32,
    }
}

/// An event in a list, with what belongs to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// The event.
    pub event: Brief,
    /// The name of who made it.
    pub orgc: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// How many attributes of it the viewer sees.
    pub attributes: i64,
    /// How many objects of it the viewer sees.
    pub objects: i64,
}

/// A page of a list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Browsed {
    /// Those first that were changed last.
    pub rows: Vec<Row>,
    /// The end of the page, where the next begins; nothing where there is no more.
    pub end: Option<(i64, i64)>,
    /// How many events were looked at.
    pub searched: i64,
}

/// An attribute of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// The attribute as it is stored.
    pub attribute: Attribute,
    /// What it says of itself.
    pub record: full::Attribute,
    /// How often it was seen, as far as was counted.
    pub sightings: SightingCount,
    /// True if it has more sightings than were counted.
    pub more_sightings: bool,
    /// How many other events have its value, of those that the viewer sees.
    pub events: usize,
    /// True if its value is too common to lead anywhere.
    pub common: bool,
    /// The warninglists that have its value.
    pub listed: Vec<Listing>,
}

/// A page of attributes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// By number.
    pub rows: Vec<Detail>,
    /// The number after which the next page begins.
    pub next: Option<i64>,
}

/// An object of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The object as it is stored.
    pub object: Object,
    /// What it says of itself.
    pub record: full::Object,
    /// The first of its attributes.
    pub attributes: Vec<Detail>,
    /// True if it has more.
    pub more: bool,
}

/// A page of objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wholes {
    /// By number.
    pub rows: Vec<Whole>,
    /// The number after which the next page begins.
    pub next: Option<i64>,
}

/// An event that has values in common with another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Kin {
    /// The event.
    pub event: Brief,
    /// The name of who made it.
    pub orgc: String,
    /// The root of its collection.
    pub root: String,
    /// Its collection.
    pub collection: kernel::CollectionRef,
    /// The values, in the spelling of the event that was asked about.
    pub values: Vec<String>,
}

/// What has values in common with an event.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Kindred {
    /// Those with the most values in common first.
    pub events: Vec<Kin>,
    /// How many more there are.
    pub more: usize,
    /// Values that are too common to lead anywhere.
    pub common: Vec<String>,
    /// Attributes that were not looked at, because the event has too many.
    pub left_out: i64,
}
