//! Counts over the register.

use askama::Template;

use super::{
    form::Choice,
    frame::{Link, Shell},
};
use crate::words::Words;

/// `GET /incidents/statistics`.
#[derive(Debug, Template)]
#[template(path = "tally.html")]
pub struct Tallies {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// What the counts are narrowed to.
    pub filters: TallyFilters,
    /// Conditions that were followed from a row: what they say, and where it goes on without them.
    pub conditions: Vec<Link>,
    /// How many entries; nothing where so few are not told.
    pub total: Option<u64>,
    /// Figures of times and reports: label and value.
    pub figures: Vec<(String, String)>,
    /// The tables that have a row.
    pub tables: Vec<TallyTable>,
    /// The counts as a file: CSV, and JSON.
    pub files: [String; 2],
}

/// What counts are narrowed to by the form.
#[derive(Clone, Debug, Default)]
pub struct TallyFilters {
    /// The first month.
    pub from: String,
    /// The last month.
    pub to: String,
    /// Sectors (NIS2 codes).
    pub sectors: Vec<Choice>,
    /// Classes of RSIT.
    pub classes: Vec<Choice>,
    /// Regions.
    pub regions: Vec<Choice>,
    /// Whether somebody meant it.
    pub causes: Vec<Choice>,
    /// Conditions that are kept: name and value.
    pub kept: Vec<(String, String)>,
    /// Whether the counts are for people outside of the house.
    pub outward: bool,
    /// Whether anything is narrowed.
    pub any: bool,
}

/// Counts by one dimension.
#[derive(Clone, Debug)]
pub struct TallyTable {
    /// What it is by.
    pub name: String,
    /// How it is counted.
    pub about: String,
    /// The rows.
    pub rows: Vec<TallyRow>,
}

/// One count.
#[derive(Clone, Debug)]
pub struct TallyRow {
    /// The value.
    pub text: String,
    /// Where its entries alone are counted.
    pub url: String,
    /// The entries themselves, where a list can be narrowed so.
    pub list: Option<String>,
    /// How many; nothing where it is held back.
    pub count: Option<u64>,
    /// The share of the largest row, in thousandths.
    pub bar: u64,
}
