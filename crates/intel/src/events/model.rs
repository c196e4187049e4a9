//! Events, who makes them, and what is asked of them.

mod brief;
mod exchanged;
mod fault;
mod filter;
mod rows;

pub use brief::{Brief, Browsed, Detail, Details, Kin, Kindred, Row, Whole, Wholes};
pub use exchanged::{Exchanged, Indexed, Standing, UnknownStanding};
pub use fault::Fault;
pub use filter::{Asked, Filter, Moments, Scope, TERMS_MAX, Terms, Which};
pub use rows::{Attribute, Event, Object, Org, Sighting, Tag};

use uuid::Uuid;

/// Where an event comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// From the viewer, whose organisation makes it and may change it.
    Own,
    /// From another instance or a feed: it names who made it, and stays as it was made.
    Sync,
}

/// Whether an event may be there already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expected {
    /// It must not.
    New,
    /// It must.
    Known,
    /// Either.
    Any,
}

/// A part of an event that was not taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused {
    /// Its UUID as it came; empty where it had none.
    pub uuid: String,
    /// The member that is wrong, as MISP names it.
    pub field: &'static str,
    /// A stable code.
    pub code: &'static str,
    /// For people.
    pub detail: String,
}

/// What became of an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Kept {
    /// Its number.
    pub id: i64,
    /// Its UUID.
    pub uuid: Uuid,
    /// True if it was not there before.
    pub added: bool,
    /// The attributes that were added or changed, by number.
    pub attributes: Vec<i64>,
    /// The objects that were added or changed, by number.
    pub objects: Vec<i64>,
    /// The parts that were not taken.
    pub refused: Vec<Refused>,
}
