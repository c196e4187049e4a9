//! Circles of parties.

use askama::Template;
use kernel::Timestamp;

use super::{
    form::Form,
    frame::{PartyName, Shell},
};
use crate::words::Words;

/// `GET /circles`.
#[derive(Debug, Template)]
#[template(path = "circles.html")]
pub struct Circles {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Every circle, the oldest first.
    pub rows: Vec<CircleRow>,
    /// What this party asks for of circles that are not known here.
    pub asked: Vec<Wished>,
    /// For making one; nothing where the reader may not.
    pub make: Option<Form>,
    /// For asking to be let into one; nothing where the reader may not.
    pub ask: Option<Form>,
}

/// One circle in the list.
#[derive(Clone, Debug)]
pub struct CircleRow {
    /// Its page.
    pub url: String,
    /// What it is called.
    pub name: String,
    /// Who keeps it.
    pub steward: PartyName,
    /// What this party is in it: `steward`, `member`, `invited`, `out`, `dissolved`.
    pub place: String,
    /// How many parties have joined.
    pub members: u64,
    /// The version in force.
    pub version: u64,
    /// When it was made.
    pub changed: Timestamp,
}

/// What this party asks a steward for.
#[derive(Clone, Debug)]
pub struct Wished {
    /// `join` or `leave`.
    pub wish: String,
    /// The circle.
    pub circle: String,
    /// Whom.
    pub steward: PartyName,
    /// When.
    pub at: Timestamp,
    /// How the message stands; `planned` until it is made.
    pub delivery: String,
}

/// `GET /circles/{id}`.
#[derive(Debug, Template)]
#[template(path = "circle.html")]
pub struct Circle {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Its page, under which it is changed.
    pub url: String,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Who keeps it.
    pub steward: PartyName,
    /// What this party is in it: `steward`, `member`, `invited`, `out`, `dissolved`.
    pub place: String,
    /// The version in force.
    pub version: u64,
    /// When it was made.
    pub changed: Timestamp,
    /// Who belongs to it or is invited.
    pub members: Vec<CircleMember>,
    /// Parties that are out and have not confirmed that they know.
    pub told: Vec<Told>,
    /// Who asks to be let in, and since when.
    pub requests: Vec<(PartyName, Timestamp)>,
    /// What this party asks for.
    pub asked: Option<Wished>,
    /// Its versions, the newest first.
    pub versions: Vec<CircleVersionRow>,
    /// Versions that were refused.
    pub refused: Vec<CircleRefused>,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// Whether the reader may join.
    pub may_join: bool,
    /// Whether the reader may leave.
    pub may_leave: bool,
    /// For inviting a party; nothing where the reader may not.
    pub invite: Option<Form>,
    /// For saying what it is called and what it is for.
    pub describe: Option<Form>,
}

/// A party of a circle.
#[derive(Clone, Debug)]
pub struct CircleMember {
    /// The party.
    pub party: PartyName,
    /// When it joined; nothing while it is invited.
    pub joined: Option<Timestamp>,
    /// Who invited it.
    pub invited_by: PartyName,
    /// At the steward: what it has confirmed.
    pub told: Option<Told>,
    /// Whether the reader may put it out.
    pub may_remove: bool,
}

/// The newest copy for a party.
#[derive(Clone, Debug)]
pub struct Told {
    /// The party.
    pub party: PartyName,
    /// The version.
    pub version: u64,
    /// How its message stands; `planned` until it is made.
    pub delivery: String,
}

/// A version that is kept.
#[derive(Clone, Debug)]
pub struct CircleVersionRow {
    /// Its number.
    pub version: u64,
    /// Where its envelope can be had.
    pub url: String,
    /// SHA-256 of its document.
    pub sha256: String,
    /// False while those that it follows are on their way.
    pub in_force: bool,
    /// When it was made or came.
    pub at: Timestamp,
}

/// A version that was refused.
#[derive(Clone, Debug)]
pub struct CircleRefused {
    /// Its number.
    pub version: u64,
    /// SHA-256 of its document.
    pub sha256: String,
    /// Who sent it.
    pub from: PartyName,
    /// Why, in a sentence.
    pub why: String,
    /// When.
    pub at: Timestamp,
}
