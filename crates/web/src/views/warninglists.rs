//! Warninglists, and what is known of values.

use askama::Template;
use kernel::Timestamp;

use super::{
    form::Form,
    frame::{Link, Pager, Shell},
};
use crate::words::Words;

/// `GET /warninglists`.
#[derive(Debug, Template)]
#[template(path = "warninglists.html")]
pub struct Warninglists {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// A page of the lists, by name.
    pub rows: Vec<WarninglistRow>,
    /// How many there are, and how many of them are on.
    pub counts: (u64, u64),
    /// Where the page goes on.
    pub pager: Pager,
    /// For taking one in; nothing where the reader may not.
    pub upload: Option<Form>,
}

/// `GET /warninglists/{number}`.
#[derive(Debug, Template)]
#[template(path = "warninglist.html")]
pub struct Warninglist {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The list.
    pub row: WarninglistRow,
    /// Types of MISP's attributes to which it applies.
    pub attributes: Vec<String>,
    /// Whether the reader may change it.
    pub can_manage: bool,
}

/// A list.
#[derive(Clone, Debug)]
pub struct WarninglistRow {
    /// Its page.
    pub url: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// How its entries are meant: `string`, `substring`, `hostname`, `cidr`, `regex`.
    pub kind: &'static str,
    /// Its version.
    pub version: String,
    /// How many entries it has.
    pub entries: u64,
    /// How many of them cannot be used.
    pub unusable: u64,
    /// Whether values are held against it.
    pub enabled: bool,
    /// When it was taken in.
    pub imported: Timestamp,
}

/// `GET /values/check`.
#[derive(Debug, Template)]
#[template(path = "values-check.html")]
pub struct ValuesCheck {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// For asking.
    pub form: Form,
    /// What was asked for, in its order, each with the lists that have it.
    pub checked: Vec<CheckedRow>,
    /// How many of them a list has.
    pub listed: u64,
    /// How many lists are on.
    pub enabled: u64,
}

/// A value and the lists that have it.
#[derive(Clone, Debug)]
pub struct CheckedRow {
    /// The value, as it was asked for.
    pub value: String,
    /// The lists.
    pub lists: Vec<Link>,
    /// Where objects are looked for that have it.
    pub search: String,
}

/// `GET /values/common`.
#[derive(Debug, Template)]
#[template(path = "values-common.html")]
pub struct ValuesCommon {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The values, the most common first.
    pub rows: Vec<CommonRow>,
    /// From how many entries on a value is common.
    pub over: u64,
    /// Where the page goes on.
    pub pager: Pager,
}

/// A value that is too common to lead anywhere.
#[derive(Clone, Debug)]
pub struct CommonRow {
    /// The value.
    pub value: String,
    /// Its kind, such as `ipv4`.
    pub kind: String,
    /// How many entries have it, as far as was counted.
    pub entries: u64,
    /// Whether more may have it than were counted.
    pub is_more: bool,
    /// Where they are looked for.
    pub search: String,
}
