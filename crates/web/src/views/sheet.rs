//! Tables under headings, and what can be added: the tabs of an incident on harm and on care.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{
    form::Form,
    frame::{Link, Shell},
};
use crate::words::{Capacity, Words};

/// A tab of tables.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// What stands above all: label and value.
    pub lead: Vec<(String, String)>,
    /// The capacity of services over time: whose, how it came about, and the picture.
    pub curves: Vec<(String, String, Capacity)>,
    /// The tables.
    pub panels: Vec<Panel>,
    /// What is said where there is nothing: heading and sentence.
    pub empty: (String, String),
    /// Other pages that show the same, and files.
    pub pages: Vec<Link>,
    /// What the reader may add, and where; empty where he may not.
    pub offers: Vec<Link>,
    /// The form that he asked for, under its heading.
    pub form: Option<(String, Form)>,
}

/// A table under its heading.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// The heading.
    pub title: String,
    /// What stands beside it.
    pub beside: String,
    /// The heads of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// What the reader should know of the table.
    pub note: String,
}

/// One cell.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// What stands there.
    pub text: String,
    /// What stands smaller below it.
    pub below: Vec<String>,
    /// A mark, and whether it is `good`, `warn`, `bad` or nothing of these.
    pub chip: Option<(String, &'static str)>,
    /// What can be done with the row.
    pub link: Option<Link>,
}

impl Panel {
    /// The head of a column.
    pub fn label(&self, at: &usize) -> &str {
        self.head.get(*at).map_or("", String::as_str)
    }
}

impl Cell {
    /// Words alone.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// The same, with this smaller below.
    #[must_use]
    pub fn below(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.below.push(text);
        }
        self
    }

    /// The same, with a mark.
    #[must_use]
    pub fn chip(self, text: String, tone: &'static str) -> Self {
        Self {
            chip: Some((text, tone)),
            ..self
        }
    }
}

/// `GET /incidents/{id}/briefing`: one page for whoever has to answer for it.
#[derive(Debug, Template)]
#[template(path = "briefing.html")]
pub struct Briefing {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// What it is called.
    pub title: String,
    /// The incident.
    pub back: String,
    /// The marking.
    pub tlp: Tlp,
    /// The severity 0 to 5, if assessed.
    pub level: Option<u8>,
    /// When the page was drawn.
    pub at: Timestamp,
    /// True where it draws itself anew each minute.
    pub by_itself: bool,
    /// The figures: label, value, and what is said of it.
    pub figures: Vec<(String, String, String)>,
    /// The tables.
    pub panels: Vec<Panel>,
}
