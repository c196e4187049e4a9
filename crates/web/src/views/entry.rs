//! Pages for whoever is not signed in, errors, search.

use askama::Template;

use super::{
    form::Form,
    frame::{Link, Shell},
};
use crate::words::Words;

/// `GET /sign-in`.
#[derive(Debug, Template)]
#[template(path = "sign-in.html")]
pub struct SignIn {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Name and password.
    pub form: Form,
    /// Why the last try was refused; empty where there was none.
    pub refused: String,
}

/// `GET /reset`: a new password by a code that an administrator gave.
#[derive(Debug, Template)]
#[template(path = "reset.html")]
pub struct Reset {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Name, code, new password.
    pub form: Form,
    /// Why the last try was refused; empty where there was none.
    pub refused: String,
}

/// Whatever could not be done or shown: what happened, why, what to do, and an id to tell.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The HTTP status.
    pub status: u16,
    /// What and why.
    pub what: String,
    /// What to do.
    pub advice: String,
    /// The stable code, such as `thread.already_closed`.
    pub code: String,
    /// The id under which the node's operator finds the cause; empty where nothing was logged.
    pub id: String,
    /// Where to go from here.
    pub ways: Vec<Link>,
}

/// `GET /search`.
#[derive(Debug, Template)]
#[template(path = "search.html")]
pub struct Search {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// What was looked for.
    pub query: String,
    /// What was found, by kind.
    pub groups: Vec<Found>,
}

/// What a search found of one kind.
#[derive(Clone, Debug)]
pub struct Found {
    /// The heading's key: `search-incidents`, `search-threads`, `search-parties`.
    pub heading: &'static str,
    /// The finds.
    pub hits: Vec<Hit>,
    /// Where all of them are listed.
    pub all: String,
}

/// One find.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its title.
    pub title: String,
    /// What it is: place, day, state.
    pub about: String,
    /// Its page.
    pub url: String,
}
