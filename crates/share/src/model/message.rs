//! The messages about collections, and what stands in their bodies and attachments.

use federation::{
    body::Body,
    model::{Digest, Header, HeaderError, Kind},
    state::RefusalCode,
};
use intel::{
    model::{Prose, Settings, Title},
    ops::{Given as Entry, Item},
};
use kernel::{CircleId, CollectionRef, ThreadId, Tlp};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json, value::RawValue};

use super::Tally;

/// Objects of a collection, or something new about it.
pub(crate) const SHARE: &str = "SHARE";
/// What has to go.
pub(crate) const UNSHARE: &str = "UNSHARE";
/// What is gone.
const CONFIRM_REMOVED: &str = "CONFIRM-REMOVED";

/// The kinds of messages about collections.
pub const KINDS: [&str; 3] = [SHARE, UNSHARE, CONFIRM_REMOVED];

/// What a steward says of a collection.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Its id there.
    pub id: CollectionRef,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The strictest label that it takes.
    pub ceiling: Tlp,
    /// The label of what came unmarked.
    pub unmarked: Tlp,
    /// Whether it may be passed on, as far as labels let it.
    pub onward: bool,
}

/// A SHARE without its objects.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The collection.
    pub collection: About,
    /// The circle by which it comes; nothing where it names the party.
    pub via: Option<CircleId>,
    /// The number of the message, counted by collection and party from 1.
    pub sequence: i64,
    /// True if it counts although earlier messages may be missing.
    pub resume: bool,
    /// How many objects the attachments have.
    pub items: u64,
    /// What the party should hold afterwards.
    pub digest: Tally,
}

/// An UNSHARE without what it names.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Unshared {
    /// The collection.
    pub collection: CollectionRef,
    /// The number of the message.
    pub sequence: i64,
    /// True if it counts although earlier messages may be missing.
    pub resume: bool,
    /// True if everything has to go.
    pub whole: bool,
    /// How many objects the attachments name.
    pub items: u64,
    /// What the party should hold afterwards.
    pub digest: Tally,
}

/// A CONFIRM-REMOVED.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The collection, by the id that its steward gave it.
    pub collection: CollectionRef,
    /// The UNSHARE that was carried out, or the newest SHARE of a collection that is not wanted.
    pub sequence: i64,
    /// How many objects were removed.
    pub removed: u64,
    /// What is known of those to whom they had been passed on.
    pub onward: Onward,
    /// True if the collection is not wanted.
    pub declined: bool,
}

/// What is known of those to whom something was passed on that is to be removed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Onward {
    /// It was passed on to nobody.
    Nobody,
    /// They are told, and have not all stated that they removed it.
    Asked,
    /// They all have stated that they removed it.
    Confirmed,
}

/// What a message about a collection says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Letter {
    /// A SHARE.
    Share(Said),
    /// An UNSHARE.
    Unshare(Unshared),
    /// A CONFIRM-REMOVED.
    Confirm(Confirmation),
}

impl Letter {
    /// Reads a body and holds it against its header.
    pub fn read(header: &Header, body: &Body) -> Result<Self, RefusalCode> {
        let (letter, items) = match header.kind.as_str() {
            SHARE => {
                let said: Said = content(&body.content)?;
                said.collection.settings()?;
                let items = said.items;
                (Self::Share(said), items)
            }
            UNSHARE => {
                let said: Unshared = content(&body.content)?;
                let items = said.items;
                if said.whole && items > 0 {
                    return Err(RefusalCode::BodyInvalid);
                }
                (Self::Unshare(said), items)
            }
            CONFIRM_REMOVED => (Self::Confirm(content(&body.content)?), 0),
            _ => return Err(RefusalCode::KindUnknown),
        };
        let files = header.sealed.len().saturating_sub(1);
        let fits = (items == 0) == (files == 0) && letter.sequence() > 0;
        if fits && header.thread == letter.thread() {
            Ok(letter)
        } else {
            Err(RefusalCode::BodyInvalid)
        }
    }

    /// The number of the message that it is, or that it answers.
    pub const fn sequence(&self) -> i64 {
        match self {
            Self::Share(said) => said.sequence,
            Self::Unshare(said) => said.sequence,
            Self::Confirm(said) => said.sequence,
        }
    }

    /// The collection, by the id that its steward gave it.
    pub const fn collection(&self) -> CollectionRef {
        match self {
            Self::Share(said) => said.collection.id,
            Self::Unshare(said) => said.collection,
            Self::Confirm(said) => said.collection,
        }
    }

    /// The kind, as the header has it.
    pub fn kind(&self) -> Result<Kind, HeaderError> {
        let word = match self {
            Self::Share(_) => SHARE,
            Self::Unshare(_) => UNSHARE,
            Self::Confirm(_) => CONFIRM_REMOVED,
        };
        word.parse()
    }

    /// What stands in the body.
    pub fn content(&self) -> Value {
        match self {
            Self::Share(said) => json!(said),
            Self::Unshare(said) => json!(said),
            Self::Confirm(said) => json!(said),
        }
    }

    /// All messages about a collection stand in the thread with its UUID.
    pub fn thread(&self) -> ThreadId {
        ThreadId::from_uuid(self.collection().uuid())
    }
}

fn content<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<T, RefusalCode> {
    T::deserialize(value).map_err(|_unreadable| RefusalCode::BodyInvalid)
}

impl About {
    /// The same as settings, if they keep the rules of one.
    pub(crate) fn settings(&self) -> Result<Settings, RefusalCode> {
        let title: Result<Title, _> = self.title.parse();
        let description: Result<Prose, _> = self.description.parse();
        let settings = Settings {
            alias: None,
            title: title.map_err(|_bad| RefusalCode::BodyInvalid)?,
            description: description.map_err(|_bad| RefusalCode::BodyInvalid)?,
            ceiling: self.ceiling,
            unmarked: self.unmarked,
        };
        let settings = settings.checked();
        settings.map_err(|_bad| RefusalCode::BodyInvalid)
    }
}

/// An object in an attachment of a SHARE.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given<'a> {
    /// The label under which it is given. One that nobody knows is RED.
    #[serde(deserialize_with = "label")]
    pub tlp: Tlp,
    /// SHA-256 of its canonical form.
    pub sha256: Digest,
    /// As it came.
    #[serde(borrow)]
    pub object: &'a RawValue,
}

/// An object in an attachment of an UNSHARE.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// SHA-256 of its canonical form.
    pub sha256: Digest,
}

fn label<'de, D: Deserializer<'de>>(from: D) -> Result<Tlp, D::Error> {
    let word = String::deserialize(from)?;
    Ok(Tlp::from_foreign(Some(&word)))
}

/// An attachment with these objects, each as it came.
pub fn write_given(entries: &[Entry]) -> String {
    let bytes: usize = entries.iter().map(|entry| entry.body.len() + 128).sum();
    let mut text = String::with_capacity(bytes + 2);
    text.push('[');
    for (number, entry) in entries.iter().enumerate() {
        text.push_str(if number > 0 { ",\n" } else { "\n" });
        text.push_str("{\"tlp\":\"");
        text.push_str(entry.item.tlp.as_str());
        text.push_str("\",\"sha256\":\"");
        text.push_str(&kernel::hex(&entry.item.sha256));
        text.push_str("\",\"object\":");
        text.push_str(&entry.body);
        text.push('}');
    }
    text.push_str("\n]\n");
    text
}

/// Reads an attachment of a SHARE; nothing if it is none.
pub fn read_given(text: &str) -> Option<Vec<Given<'_>>> {
    serde_json::from_str(text).ok()
}

/// An attachment that names these objects.
pub fn write_named(items: &[Item]) -> String {
    let named: Vec<Value> = items
        .iter()
        .map(|item| json!({ "id": item.stix_id, "sha256": kernel::hex(&item.sha256) }))
        .collect();
    Value::Array(named).to_string()
}

/// Reads an attachment of an UNSHARE; nothing if it is none.
pub fn read_named(text: &str) -> Option<Vec<Named>> {
    serde_json::from_str(text).ok()
}

impl Onward {
    /// The word that stands for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
        }
    }

    /// What a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Nobody, Self::Asked, Self::Confirmed]
            .into_iter()
            .find(|one| one.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_travel_byte_by_byte() {
        let body = "{ \"type\" : \"malware\",\n\t\"x\": 1.0 }".to_owned();
        let entry = Entry {
            place: 1,
            item: Item {
                stix_id: "malware--1".to_owned(),
                sha256: vec![3; 32],
                tlp: Tlp::AmberStrict,
            },
            body: body.clone(),
        };
        let text = write_given(&[entry.clone(), entry]);
        let read = read_given(&text).unwrap();
        assert_eq!(read.len(), 2);
        for given in read {
            assert_eq!(
                (given.object.get(), given.tlp),
                (body.as_str(), Tlp::AmberStrict)
            );
        }
    }

    #[test]
    fn a_label_that_nobody_knows_is_red() {
        let digest = "00".repeat(32);
        let text = format!("[{{\"tlp\":\"PINK\",\"sha256\":\"{digest}\",\"object\":{{}}}}]");
        assert_eq!(read_given(&text).unwrap()[0].tlp, Tlp::Red);
    }
}
