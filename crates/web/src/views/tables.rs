//! A page of tables with what belongs to them: facts before, a search, forms after. The rooms of the
//! constituency and of critical infrastructure have no other.

use askama::Template;

use super::{
    form::{Field, Form},
    frame::{Link, Pager, Shell, Tab},
};
use crate::words::{Layers, Words};

/// Such a page.
#[derive(Debug, Template)]
#[template(path = "tables.html")]
pub struct Tables {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// What the page is called.
    pub title: String,
    /// What it is for; may be empty.
    pub intro: String,
    /// Pages above it.
    pub crumbs: Vec<Link>,
    /// Pages beside it.
    pub tabs: Vec<Tab>,
    /// Where one can go from here.
    pub acts: Vec<Link>,
    /// What is known of the one thing that the page is about.
    pub facts: Vec<(String, Cell)>,
    /// For narrowing the list; nothing where there is none.
    pub find: Option<Find>,
    /// A picture of what the first table says.
    pub picture: Option<Layers>,
    /// The tables.
    pub tables: Vec<Table>,
    /// Where the last table goes on.
    pub pager: Pager,
    /// What can be done: a word, a form, and whether it stands open.
    pub forms: Vec<(String, Form, bool)>,
    /// Whether that comes before the tables, which only explain it then.
    pub forms_first: bool,
}

/// A search.
#[derive(Clone, Debug)]
pub struct Find {
    /// Where it goes.
    pub action: String,
    /// What is asked.
    pub fields: Vec<Field>,
    /// Where the list is whole again; nothing where it is.
    pub clear: Option<String>,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it is called; empty where the page is the table.
    pub title: String,
    /// The columns.
    pub head: Vec<String>,
    /// The rows, each with a cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// What is said where there are none.
    pub empty: String,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Where it leads; may be empty.
    pub url: String,
    /// A line below it; may be empty.
    pub sub: String,
    /// `chip`, `chip good`, `chip warn`, `chip bad`, `mono`, `pre` or nothing.
    pub style: &'static str,
    /// A button: where it goes, and its word.
    pub press: Option<(String, String)>,
}

impl Table {
    /// Every row with the name of the column before each cell.
    pub fn cells<'t>(&'t self, row: &'t [Cell]) -> impl Iterator<Item = (&'t String, &'t Cell)> {
        self.head.iter().zip(row)
    }
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A text that leads somewhere.
    pub fn link(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ..Self::text(text)
        }
    }

    /// A text in that style.
    pub fn styled(text: impl Into<String>, style: &'static str) -> Self {
        Self {
            style,
            ..Self::text(text)
        }
    }

    /// The same, with a line below it.
    #[must_use]
    pub fn below(self, line: impl Into<String>) -> Self {
        Self {
            sub: line.into(),
            ..self
        }
    }

    /// A button.
    pub fn press(url: impl Into<String>, word: impl Into<String>) -> Self {
        Self {
            press: Some((url.into(), word.into())),
            ..Self::default()
        }
    }
}
