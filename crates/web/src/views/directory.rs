//! Parties and their desks. Contact data stands behind a look that is recorded.

use askama::Template;
use kernel::Timestamp;

use super::{
    form::Form,
    frame::{Link, PartyName, Shell},
};
use crate::words::{Html, Words};

/// `GET /directory`.
#[derive(Debug, Template)]
#[template(path = "directory.html")]
pub struct Directory {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Every party, this node's first.
    pub rows: Vec<PartyRow>,
    /// Whether the reader may add a party.
    pub may_add: bool,
    /// Whether the reader may see what is shared with whom.
    pub may_share: bool,
}

/// One party in the list.
#[derive(Clone, Debug)]
pub struct PartyRow {
    /// The party.
    pub party: PartyName,
    /// Whether it is the one that runs this node.
    pub ours: bool,
    /// `active`, `waiting`, `frozen`, `removed`.
    pub state: String,
    /// Where its node is; empty where it has none.
    pub address: String,
    /// How many desks it lists.
    pub desks: u64,
    /// When its node was last heard from.
    pub heard: Option<Timestamp>,
}

/// `GET /directory/{party}`.
#[derive(Debug, Template)]
#[template(path = "party.html")]
pub struct Party {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The party.
    pub party: PartyName,
    /// Whether it is the one that runs this node.
    pub ours: bool,
    /// `active`, `waiting`, `frozen`, `removed`.
    pub state: String,
    /// Where its node is; empty where it has none.
    pub address: String,
    /// When it was last heard from.
    pub heard: Option<Timestamp>,
    /// The desks.
    pub desks: Vec<Desk>,
    /// The root key's fingerprint; nothing where the party has no key yet.
    pub fingerprint: Option<Fingerprint>,
    /// The numbered key sets, the newest first.
    pub key_sets: Vec<KeySetRow>,
    /// Whether both nodes hold the same of their traffic.
    pub same: Sameness,
    /// For adding a desk; nothing where the reader may not.
    pub add_desk: Option<Form>,
    /// Where the party's own card can be had; empty for other parties.
    pub card_url: String,
    /// Where to write; empty where the reader may not.
    pub write_url: String,
    /// What is shared with it; empty where the reader may not see that.
    pub sharing_url: String,
}

/// A desk of a party.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Its place on the page.
    pub id: String,
    /// `diplomatic` or `technical`.
    pub kind: String,
    /// The entity.
    pub entity: String,
    /// The department.
    pub department: String,
    /// The title or role.
    pub role: String,
    /// Languages in which it works, named.
    pub languages: String,
    /// Its time zone.
    pub time_zone: String,
    /// `24x7` or `office`.
    pub hours: String,
    /// `active`, `stale`, `suspended`.
    pub status: String,
    /// When its data was last confirmed.
    pub verified: Option<Timestamp>,
    /// Where to ask for the contact data; empty where the reader may not.
    pub look_url: String,
    /// The contact data, after the look.
    pub seen: Option<ContactData>,
}

/// What a look shows.
#[derive(Clone, Debug, Default)]
pub struct ContactData {
    /// The person, where one is named.
    pub person: String,
    /// Telephone numbers, the first one first.
    pub phones: Vec<String>,
    /// The number for when nobody answers.
    pub fallback: String,
    /// Electronic mail addresses.
    pub emails: Vec<String>,
    /// Other secured channels.
    pub channels: Vec<String>,
}

/// A root key as people compare it.
#[derive(Clone, Debug)]
pub struct Fingerprint {
    /// The words, in order.
    pub words: Vec<String>,
    /// The same as text.
    pub text: String,
    /// The same as a picture.
    pub qr: Html,
    /// When it was compared, and by whom; nothing where it never was.
    pub compared: Option<(Timestamp, String)>,
}

/// A numbered set of working keys.
#[derive(Clone, Debug)]
pub struct KeySetRow {
    /// Its number.
    pub seq: u64,
    /// `real` or `exercise`.
    pub purpose: String,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// How many keys of it are revoked.
    pub revoked: u64,
    /// Whether it is the one in use.
    pub current: bool,
}

/// Whether two nodes hold the same of their traffic.
#[derive(Clone, Debug)]
pub enum Sameness {
    /// It was never compared.
    Unknown,
    /// They hold the same, as of then.
    Same(Timestamp),
    /// Messages that one has and the other lacks.
    Differs {
        /// When it was found.
        at: Timestamp,
        /// Messages that are missing there.
        missing_there: Vec<Link>,
        /// Ids that are missing here.
        missing_here: Vec<String>,
    },
}

/// `GET /directory/new`: adding a party by its card.
#[derive(Debug, Template)]
#[template(path = "party-new.html")]
pub struct PartyNew {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The card and the fingerprint that was compared.
    pub form: Form,
}
