//! What could not be carried over.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use serde_json::Value;

/// Something that has no place on the other side.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Loss {
    /// Where it stood, as a JSON pointer; `*` for a number where it is the same everywhere.
    pub place: String,
    /// What it is: a member, or a fault in words.
    pub name: String,
    /// How many times it stood there.
    pub count: u64,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.name)?;
        if self.count > 1 {
            write!(f, " ({} times)", self.count)?;
        }
        Ok(())
    }
}

/// Members that mean something only on the instance that wrote them, or only how a thing is shown.
/// They are told once for all places of a kind.
const OF_INSTANCE: &[&str] = &[
    "attribute_count",
    "attribute_id",
    "attribute_tag_id",
    "colour",
    "event_id",
    "event_tag_id",
    "galaxy_id",
    "hide_tag",
    "icon",
    "id",
    "is_custom_galaxy",
    "is_galaxy",
    "local_only",
    "object_id",
    "org_id",
    "orgc_id",
    "sharing_group_id",
    "tag_id",
    "template_uuid",
    "template_version",
    "user_id",
];

/// The losses of one conversion.
#[derive(Debug, Default)]
pub(super) struct Losses(BTreeMap<(String, String), u64>);

impl Losses {
    pub(super) fn add(&mut self, place: &str, name: impl Into<String>) {
        *self.0.entry((place.to_owned(), name.into())).or_default() += 1;
    }

    /// Adds each member of a record that says something and is none of `carried`.
    pub(super) fn rest(&mut self, place: &str, record: &impl Serialize, carried: &[&str]) {
        // A record that cannot be written has nothing that could be lost.
        let Ok(Value::Object(members)) = serde_json::to_value(record) else {
            return;
        };
        for (name, value) in members {
            if carried.contains(&&*name) || !says(&value) {
                continue;
            }
            if OF_INSTANCE.contains(&&*name) {
                self.add(&anywhere(place), name);
            } else {
                self.add(place, name);
            }
        }
    }

    pub(super) fn into_list(self) -> Vec<Loss> {
        let losses = self.0.into_iter();
        let losses = losses.map(|((place, name), count)| Loss { place, name, count });
        losses.collect()
    }
}

/// Whether a value says something.
fn says(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !matches!(&**text, "" | "0"),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}

/// The place with `*` for each number.
fn anywhere(place: &str) -> String {
    let steps = place.split('/').map(|step| {
        let number = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        if number { "*" } else { step }
    });
    steps.collect::<Vec<_>>().join("/")
}
