//! Collections of objects, and what goes into and out of them.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{
    files::ImportRow,
    form::{Choice, Form},
    frame::{Link, Pager, PartyName, Shell},
    known::Known,
};
use crate::words::Words;

/// `GET /collections`.
#[derive(Debug, Template)]
#[template(path = "collections.html")]
pub struct Collections {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The collections, in the order in which they were made.
    pub rows: Vec<CollectionRow>,
    /// Where the list goes on.
    pub pager: Pager,
    /// For making one; nothing where the reader may not.
    pub make: Option<Form>,
}

/// One collection in the list.
#[derive(Clone, Debug)]
pub struct CollectionRow {
    /// Its page.
    pub url: String,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// How many objects of the most frequent types.
    pub kinds: Vec<(String, u64)>,
    /// How many of each label.
    pub labels: Vec<(Tlp, u64)>,
    /// How many objects in all.
    pub objects: u64,
    /// How many it names as readers, where the reader may know.
    pub readers: Option<u64>,
    /// When its newest object came.
    pub changed: Option<Timestamp>,
}

/// The head of each page of a collection.
#[derive(Clone, Debug)]
pub struct CollectionHead {
    /// Its page, under which all others stand.
    pub url: String,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// The strictest label that it takes.
    pub ceiling: Tlp,
    /// The label of what comes unmarked.
    pub unmarked: Tlp,
    /// Whether the reader may add to it.
    pub can_write: bool,
    /// Whether the reader may change it.
    pub can_manage: bool,
}

/// `GET /collections/{root}/{name}`.
#[derive(Debug, Template)]
#[template(path = "collection.html")]
pub struct Collection {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: CollectionHead,
    /// How many objects of each type and label.
    pub counts: Vec<(String, Tlp, u64)>,
    /// How many objects in all.
    pub objects: u64,
    /// Its events of MISP; nothing where the reader sees none.
    pub events: Option<String>,
    /// Who sees it.
    pub seers: Vec<String>,
    /// Who is told of it; nobody where the reader may not know.
    pub shares: Vec<CollectionShare>,
    /// Where tools find it.
    pub taxii: String,
    /// What is asked for.
    pub filters: ObjectFilters,
    /// Objects, the newest first.
    pub rows: Vec<ObjectRow>,
    /// How many were looked at, where a text is looked for.
    pub searched: u64,
    /// Whether more could be looked at.
    pub is_cut: bool,
    /// Where the list goes on.
    pub pager: Pager,
    /// What the reader handed in lately.
    pub imports: Vec<ImportRow>,
}

/// A party that is told of a collection.
#[derive(Clone, Debug)]
pub struct CollectionShare {
    /// The page of what is shared with it.
    pub url: String,
    /// The party.
    pub party: PartyName,
    /// `active`, `ended`, `declined`.
    pub state: String,
    /// How the last comparison came out.
    pub verdict: String,
    /// How many removals it has not stated.
    pub unstated: u64,
}

/// What is asked of the list of objects.
#[derive(Clone, Debug, Default)]
pub struct ObjectFilters {
    /// A text.
    pub text: String,
    /// Types.
    pub types: Vec<Choice>,
    /// Labels.
    pub labels: Vec<Choice>,
    /// The day from which.
    pub before: String,
    /// Whether anything is asked for.
    pub is_any: bool,
}

/// One object in a list.
#[derive(Clone, Debug)]
pub struct ObjectRow {
    /// Its page.
    pub url: String,
    /// Its type.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its label.
    pub tlp: Tlp,
    /// When it came.
    pub added: Timestamp,
    /// Whether its maker took it back.
    pub is_revoked: bool,
    /// The collection, where the list has several.
    pub collection: String,
}

/// `GET /collections/{root}/{name}/objects/{id}`.
#[derive(Debug, Template)]
#[template(path = "object.html")]
pub struct Object {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The collection.
    pub head: CollectionHead,
    /// Its page.
    pub url: String,
    /// The newest version; nothing for an object that was taken out.
    pub shown: Option<ObjectShown>,
    /// Its id.
    pub id: String,
    /// All versions, the newest first.
    pub versions: Vec<ObjectVersion>,
    /// Other collections that have it.
    pub elsewhere: Vec<Link>,
    /// Whether the reader may take it out, or let it in again.
    pub may_delete: bool,
}

/// A version of an object.
#[derive(Clone, Debug)]
pub struct ObjectShown {
    /// Its type.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Its label.
    pub tlp: Tlp,
    /// Whether it carries the label itself.
    pub is_marked: bool,
    /// Whether its maker took it back.
    pub is_revoked: bool,
    /// When it came.
    pub added: Timestamp,
    /// Its properties: name and text.
    pub facts: Vec<Fact>,
    /// The object as it was given, with line breaks.
    pub json: String,
    /// What else is known of it.
    pub known: Known,
}

/// A property of an object.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The name, as STIX has it.
    pub name: String,
    /// Its texts.
    pub values: Vec<String>,
    /// Whether it is a value that is looked for, such as a pattern.
    pub is_code: bool,
}

/// A version in the list of an object.
#[derive(Clone, Debug)]
pub struct ObjectVersion {
    /// The version.
    pub version: Timestamp,
    /// When it came.
    pub added: Timestamp,
    /// Its label.
    pub tlp: Tlp,
    /// The specification.
    pub spec: &'static str,
}

/// `GET /collections/{root}/{name}/settings`.
#[derive(Debug, Template)]
#[template(path = "collection-settings.html")]
pub struct CollectionSettings {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The collection.
    pub head: CollectionHead,
    /// Its version.
    pub version: u64,
    /// What people decide.
    pub settings: Form,
    /// Who it names.
    pub readers: Vec<ReaderRow>,
    /// For naming one more.
    pub add: Form,
    /// Who would see it after a change that waits; empty where none does.
    pub seers: Vec<String>,
    /// The change that waits, to be confirmed.
    pub confirm: Option<Form>,
    /// For taking it away.
    pub delete: Form,
}

/// Somebody whom a collection names.
#[derive(Clone, Debug)]
pub struct ReaderRow {
    /// As it is stored.
    pub code: String,
    /// `user`, `key`, `party` or `circle`.
    pub kind: &'static str,
    /// What he is called.
    pub name: String,
    /// Whether he may add.
    pub may_write: bool,
}

/// `GET /collections/tools`.
#[derive(Debug, Template)]
#[template(path = "collection-tools.html")]
pub struct Tools {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Where TAXII begins.
    pub taxii: String,
    /// Roots with their addresses.
    pub roots: Vec<Link>,
    /// Whether people reach the node by HTTPS.
    pub is_https: bool,
    /// For trying a key.
    pub check: Form,
    /// What became of that.
    pub checked: Option<Checked>,
}

/// What a key can do.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Whether it can read collections.
    pub is_good: bool,
    /// In a sentence.
    pub text: String,
    /// The collections that it sees, and whether it may add to each.
    pub collections: Vec<(Link, bool)>,
}

/// `GET /collections/search`.
#[derive(Debug, Template)]
#[template(path = "collection-search.html")]
pub struct ObjectSearch {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// What is looked for.
    pub text: String,
    /// What was found.
    pub rows: Vec<ObjectRow>,
    /// How many objects were looked at.
    pub searched: u64,
    /// Collections that were not looked at to the end.
    pub cut: Vec<Link>,
}
