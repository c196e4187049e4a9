//! What is not to be known.

use serde_json::Value;

/// Something that the asker may not know of, or that is not there, by the names that he could ask with.
#[derive(Clone, Debug)]
pub(crate) enum Secret {
    /// An object in a collection that he reads, marked above what he may see.
    Object {
        id: String,
        value: String,
        word: String,
        /// What he could hand in under its id.
        bodies: Vec<Value>,
    },
    /// A collection that he does not read.
    Collection { name: String },
    /// What somebody else handed in.
    Import { id: String },
    /// An event that is not for him.
    Event {
        uuid: String,
        value: String,
        tag: String,
    },
    /// An attribute that is not for him.
    Attribute { uuid: String },
    /// An object of an event that is not for him.
    Part { uuid: String },
}

impl Secret {
    /// All names of it.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            Self::Object {
                id, value, word, ..
            } => vec![id.clone(), value.clone(), word.clone()],
            Self::Collection { name } => vec![name.clone()],
            Self::Import { id } => vec![id.clone()],
            Self::Event { uuid, value, tag } => vec![uuid.clone(), value.clone(), tag.clone()],
            Self::Attribute { uuid } | Self::Part { uuid } => vec![uuid.clone()],
        }
    }
}
