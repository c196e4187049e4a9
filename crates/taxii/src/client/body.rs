//! What servers answer. Members that the specification asks for may be missing all the same.

use serde::Deserialize;
use serde_json::value::RawValue;

/// What stands at an address: discovery (§4.1), a root (§4.2), collections (§5.1) or one (§5.2).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Found {
    pub(super) title: Option<String>,
    pub(super) default: Option<String>,
    pub(super) api_roots: Option<Vec<String>>,
    pub(super) versions: Option<Vec<String>>,
    pub(super) max_content_length: Option<u64>,
    pub(super) collections: Option<Vec<Collection>>,
    pub(super) id: Option<String>,
    pub(super) can_read: Option<bool>,
    pub(super) can_write: Option<bool>,
    pub(super) alias: Option<String>,
}

/// A collection (§5.2).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Collection {
    pub(super) id: String,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) alias: Option<String>,
    #[serde(default)]
    pub(super) can_read: bool,
    #[serde(default)]
    pub(super) can_write: bool,
}

/// A page (§3.7), whose objects are left as they came.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envelope<'e> {
    pub(super) more: Option<bool>,
    pub(super) next: Option<Next>,
    #[serde(borrow)]
    pub(super) objects: Option<Vec<&'e RawValue>>,
}

/// A cursor is a text; some write a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Next {
    Text(String),
    Number(i64),
}

/// What became of objects that were sent (§4.3).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    pub(super) id: Option<String>,
    #[serde(rename = "status")]
    pub(super) stands: Option<String>,
    pub(super) success_count: Option<i64>,
    pub(super) failure_count: Option<i64>,
    pub(super) failures: Option<Vec<Failure>>,
}

/// An object that a server refused.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Failure {
    pub(super) id: Option<String>,
    pub(super) version: Option<String>,
    pub(super) message: Option<String>,
}

/// An error (§3.6.1), as far as people are told.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
}

impl Next {
    /// The cursor; nothing where it is empty.
    pub(super) fn text(self) -> Option<String> {
        let text = match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        };
        (!text.is_empty()).then_some(text)
    }
}
