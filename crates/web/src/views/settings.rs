//! One's own preferences and keys; for administrators the users and the node.

use askama::Template;
use kernel::Timestamp;

use super::{
    form::Form,
    frame::{Link, Shell, Tab},
};
use crate::words::Words;

/// `GET /settings` and its tabs.
#[derive(Debug, Template)]
#[template(path = "settings.html")]
pub struct Settings {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The tabs that the reader may see.
    pub tabs: Vec<Tab>,
    /// The one that is shown.
    pub part: Part,
}

/// What a tab holds.
#[derive(Clone, Debug)]
pub enum Part {
    /// Language, colours, password.
    Own {
        /// Language and colours.
        preferences: Form,
        /// A new password.
        password: Option<Form>,
        /// Reminders by mail; nothing for whoever gets none.
        reminders: Option<Form>,
    },
    /// API keys.
    Keys {
        /// The reader's keys.
        rows: Vec<KeyRow>,
        /// For a new one.
        form: Form,
        /// The secret of a key that was just made; shown once.
        made: String,
    },
    /// By what the party reports.
    Reporting {
        /// Label and value.
        facts: Vec<(String, String)>,
        /// For whoever may change it.
        form: Option<Form>,
        /// The calendars of days off, with what each says.
        calendars: Vec<(Link, String)>,
        /// Where another one is kept; nothing for whoever may not.
        another: Option<Link>,
    },
    /// Users.
    Users {
        /// All of them.
        rows: Vec<UserRow>,
        /// For a new one.
        form: Form,
        /// A code that was just made: for whom, and the code; shown once.
        made: Option<(String, String)>,
    },
    /// The node: label and value.
    Node(Vec<(String, String)>),
}

/// One API key.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// What its owner calls it.
    pub label: String,
    /// Codes of what it may be used for.
    pub scopes: Vec<String>,
    /// Until when.
    pub until: Timestamp,
    /// When it was last used, if ever.
    pub used: Option<Timestamp>,
    /// Where it is revoked; empty where it already is.
    pub revoke_url: String,
}

/// One user.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// The name to sign in with.
    pub name: String,
    /// Codes of the roles.
    pub roles: Vec<String>,
    /// `active` or `disabled`.
    pub state: String,
    /// When the user last signed in, if ever.
    pub seen: Option<Timestamp>,
    /// Where a one-time code is made.
    pub reset_url: String,
    /// Where the user is disabled or enabled; empty for oneself.
    pub switch_url: String,
}
