//! The course of an incident: what was down, how much of it worked when, what depended on it, and the
//! boards of health care. Entries are added and never changed; a later one may take the place of an
//! earlier one, with the reason. What they come to is computed by [`Course::of`].

mod board;
mod content;
mod fold;
mod order;

pub use board::{Board, Held, Site, status_of};
pub use content::{
    Backlog, Capacity, Care, Content, Effect, Event, Milestone, Procedure, Service, Step,
    StepState, System, SystemState, Vendor, VendorState,
};
pub use fold::{Course, Standing};
pub use order::check;
pub(crate) use order::{done, share};

use kernel::Timestamp;

use crate::{harm::Correction, model::Line, severity::Author};

/// How many entries an incident holds.
pub const ENTRIES_MAX: usize = 5_000;
/// How many entries are added at once.
pub const AT_ONCE_MAX: usize = 500;

/// Something that was entered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its number in the incident, from 0 on.
    pub number: u32,
    /// What it says.
    pub content: Content,
    /// Where it is told.
    pub source: Option<Line<200>>,
    /// Which earlier entry it takes the place of.
    pub corrects: Option<Correction>,
    /// Who entered it.
    pub by: Author,
    /// When.
    pub entered_at: Timestamp,
}

/// What somebody wants to enter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Draft {
    /// What it says.
    pub content: Content,
    /// Where it is told.
    pub source: Option<Line<200>>,
    /// Which earlier entry it takes the place of.
    pub corrects: Option<Correction>,
    /// The number of the entry of the same vendor, system or step that he saw last; nothing where he saw
    /// none.
    pub seen: Option<u32>,
}
