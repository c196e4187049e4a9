//! Writing to another party: what kind, to whom, the text, who will see it, and the confirmation.

use askama::Template;

use super::{
    form::Form,
    frame::{Link, PartyName, Shell},
    thread::Message,
};
use crate::words::Words;

/// `GET /compose`: the kind and the addressee.
#[derive(Debug, Template)]
#[template(path = "compose-start.html")]
pub struct Start {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The incident it is about, if that is known already, with its public id.
    pub incident: Option<(Link, String)>,
    /// The kinds that can open a thread.
    pub kinds: Vec<&'static str>,
    /// The kind that is chosen beforehand.
    pub kind: String,
    /// Desks that can be written to, by party.
    pub desks: Vec<(PartyName, Vec<DeskChoice>)>,
}

/// A desk that can be written to.
#[derive(Clone, Debug)]
pub struct DeskChoice {
    /// What goes back: party and contact.
    pub value: String,
    /// The desk's name.
    pub name: String,
    /// `diplomatic` or `technical`.
    pub kind: String,
    /// Whether it is chosen beforehand.
    pub chosen: bool,
}

/// `GET /compose/write`: the form of one kind.
#[derive(Debug, Template)]
#[template(path = "compose.html")]
pub struct Compose {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The kind, such as `RFM`.
    pub kind: String,
    /// The addressee.
    pub to: PartyName,
    /// The desk.
    pub desk: String,
    /// Where to go back to.
    pub back: Link,
    /// The message that this one follows.
    pub follows: Option<Box<Message>>,
    /// A fixed sentence that stands with the kind; empty for none.
    pub fixed: &'static str,
    /// The fields.
    pub form: Form,
}

/// The preview: who will see it, what leaves the house, and the confirmation.
#[derive(Debug, Template)]
#[template(path = "preview.html")]
pub struct Preview {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The addressee.
    pub to: PartyName,
    /// The message as it will stand in the thread.
    pub message: Message,
    /// Sentences with names: who will see it.
    pub seers: Vec<String>,
    /// What leaves the house.
    pub leaves: Vec<Leaf>,
    /// The head of the message, field by field, as both nodes can read it.
    pub open: Vec<(String, String)>,
    /// Why it must not go; empty where it may.
    pub forbidden: String,
    /// The confirmation, with everything that was typed hidden in it.
    pub confirm: Form,
    /// Where the same goes to be changed.
    pub change_url: &'static str,
}

/// A part of what leaves the house.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// What it is.
    pub what: String,
    /// How it travels: signed and readable by the receiving node, or sealed.
    pub sealed: bool,
    /// Who can read it.
    pub readers: String,
    /// How large it is; empty where that says nothing.
    pub size: String,
}
