//! Events of MISP: the list of a collection, and one of them part by part.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{
    collections::CollectionHead,
    frame::{Link, Pager, Shell, Tab},
};
use crate::words::Words;

/// `GET /collections/{root}/{name}/events`.
#[derive(Debug, Template)]
#[template(path = "events.html")]
pub struct Events {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The collection.
    pub head: CollectionHead,
    /// What is looked for.
    pub text: String,
    /// Events with that value.
    pub with_value: Vec<EventRow>,
    /// Whether more events have it.
    pub more_with_value: bool,
    /// Events, those first that were changed last; where a text is looked for, those with it in their
    /// title.
    pub rows: Vec<EventRow>,
    /// How many were looked at.
    pub searched: u64,
    /// Where the list goes on.
    pub pager: Pager,
}

/// An event in a list.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// Its page.
    pub url: String,
    /// What it is about.
    pub info: String,
    /// The day of it.
    pub date: String,
    /// Who made it.
    pub org: String,
    /// Its label.
    pub tlp: Tlp,
    /// `high`, `medium`, `low` or `undefined`.
    pub threat: &'static str,
    /// `initial`, `ongoing` or `completed`.
    pub analysis: &'static str,
    /// Whether it was published as it is.
    pub is_published: bool,
    /// When it was changed last.
    pub changed: Timestamp,
    /// How many attributes the reader sees.
    pub attributes: u64,
    /// How many objects.
    pub objects: u64,
    /// Its first tags.
    pub tags: Vec<String>,
    /// How many more it has.
    pub more_tags: u64,
}

/// `GET /collections/{root}/{name}/events/{uuid}`.
#[derive(Debug, Template)]
#[template(path = "event.html")]
pub struct Event {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The collection.
    pub head: CollectionHead,
    /// The event.
    pub event: EventHead,
    /// Its parts.
    pub tabs: Vec<Tab>,
    /// The part that is shown.
    pub part: EventPart,
}

/// What an event says of itself.
#[derive(Clone, Debug)]
pub struct EventHead {
    /// Its page.
    pub url: String,
    /// Its id, the same everywhere.
    pub uuid: String,
    /// The number that MISP's users know it by.
    pub number: String,
    /// What it is about.
    pub info: String,
    /// The day of it.
    pub date: String,
    /// Its label.
    pub tlp: Tlp,
    /// Who made it.
    pub org: String,
    /// Whose copy it is.
    pub owner: String,
    /// `high`, `medium`, `low` or `undefined`.
    pub threat: &'static str,
    /// `initial`, `ongoing` or `completed`.
    pub analysis: &'static str,
    /// How far it may go, as a code.
    pub distribution: &'static str,
    /// When it was published; nothing if it was not.
    pub published: Option<Timestamp>,
    /// Whether it was published as it is.
    pub is_published: bool,
    /// When it was changed last.
    pub changed: Timestamp,
    /// Whether it came from elsewhere.
    pub is_locked: bool,
    /// The event that it extends: its id, with a link where it is here.
    pub extends: Option<Link>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Galaxies with the clusters that it names.
    pub galaxies: Vec<(String, Vec<String>)>,
    /// How many attributes the reader sees.
    pub attributes: u64,
    /// How many objects.
    pub objects: u64,
}

/// A part of an event.
#[derive(Clone, Debug)]
pub enum EventPart {
    /// A page of attributes.
    Attributes {
        /// The value that is looked for.
        text: String,
        /// The attributes.
        rows: Vec<AttributeRow>,
        /// Where the list goes on.
        pager: Pager,
    },
    /// A page of objects.
    Objects {
        /// The objects.
        panels: Vec<ObjectPanel>,
        /// True for the attributes of one object.
        is_one: bool,
        /// Where the list goes on.
        pager: Pager,
    },
    /// Its reports.
    Reports(Vec<ReportPanel>),
    /// What others propose.
    Proposals(Vec<ProposalRow>),
    /// Events with the same values.
    Related(Related),
}

/// An attribute of a list.
#[derive(Clone, Debug)]
pub struct AttributeRow {
    /// Its type.
    pub kind: String,
    /// What it is for.
    pub category: String,
    /// The part that it plays in its object.
    pub relation: String,
    /// What was observed.
    pub value: String,
    /// What people say of it.
    pub comment: String,
    /// Its label, where it is stricter than that of the event.
    pub tlp: Option<Tlp>,
    /// Whether it is to be looked for.
    pub is_for_detection: bool,
    /// Whether a file belongs to it.
    pub has_file: bool,
    /// Its tags, and the clusters that it names.
    pub tags: Vec<String>,
    /// What is proposed in its place.
    pub proposals: Vec<String>,
    /// How often it was seen.
    pub seen: u64,
    /// How often it was said to be no threat.
    pub false_positives: u64,
    /// How often it was said to be a threat no more.
    pub expired: u64,
    /// Whether there are more sightings.
    pub more_sightings: bool,
    /// How many other events have its value; nothing where it is too common to lead anywhere.
    pub events: Option<u64>,
    /// The warninglists that have its value.
    pub listed: Vec<String>,
    /// When it was changed last.
    pub changed: Timestamp,
}

/// An object of an event.
#[derive(Clone, Debug)]
pub struct ObjectPanel {
    /// Its name.
    pub name: String,
    /// The kind of its template.
    pub category: String,
    /// What people say of it.
    pub comment: String,
    /// What it refers to, in words.
    pub references: Vec<String>,
    /// Its attributes.
    pub rows: Vec<AttributeRow>,
    /// A page of all of them, where some are left out.
    pub all: Option<String>,
}

/// A report of an event.
#[derive(Clone, Debug)]
pub struct ReportPanel {
    /// What it is called.
    pub name: String,
    /// Its text, as it was written.
    pub text: String,
    /// Whether the text goes on.
    pub is_cut: bool,
    /// When it was changed last.
    pub changed: Option<Timestamp>,
}

/// A proposal.
#[derive(Clone, Debug)]
pub struct ProposalRow {
    /// The type of the attribute.
    pub kind: String,
    /// What it is for.
    pub category: String,
    /// What was observed.
    pub value: String,
    /// Why it is proposed.
    pub comment: String,
    /// Who proposes it.
    pub org: String,
    /// Whether the attribute should be deleted.
    pub is_deletion: bool,
}

/// What has values in common with an event.
#[derive(Clone, Debug, Default)]
pub struct Related {
    /// Events, those with the most values first.
    pub rows: Vec<RelatedRow>,
    /// How many are not shown.
    pub more: u64,
    /// Values that are too common.
    pub common: Vec<String>,
    /// How many more are.
    pub more_common: u64,
    /// Attributes that were not compared.
    pub left_out: u64,
}

/// An event with the same values.
#[derive(Clone, Debug)]
pub struct RelatedRow {
    /// Its page.
    pub url: String,
    /// What it is about.
    pub info: String,
    /// The day of it.
    pub date: String,
    /// Who made it.
    pub org: String,
    /// Its label.
    pub tlp: Tlp,
    /// The first values.
    pub values: Vec<String>,
    /// How many more there are.
    pub more_values: u64,
}
