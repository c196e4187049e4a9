//! Bodies of questions about values.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    model::Listing,
    ops::{Answer, Common, Hit, Known, Relations},
};

/// Values to be looked up.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookUpBody {
    /// Up to 1,000 values in any spelling: addresses, networks, names, URLs, hashes, file names.
    pub values: Vec<String>,
    /// What they are, such as `ipv4`, `domain` or `sha256`. By their shape if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether what lies in a network or below a name is looked for too.
    #[serde(default)]
    pub within: bool,
}

/// Values to be held against warninglists.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckBody {
    /// Up to 1,000 values in any spelling.
    pub values: Vec<String>,
}

/// A list that has a value.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ListedBody {
    /// The number of the list.
    pub number: i64,
    /// Its name.
    pub name: String,
}

/// What lists have values.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CheckedBody {
    /// In the order of the question.
    pub items: Vec<CheckedValueBody>,
}

/// The lists that have a value.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CheckedValueBody {
    /// As it was asked for.
    pub value: String,
    /// Enabled lists.
    pub lists: Vec<ListedBody>,
}

/// What a value was read as.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ReadBody {
    /// Its kind.
    pub kind: String,
    /// Its normal form.
    pub value: String,
}

/// An object that has a value.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct HitBody {
    /// The root of the collection.
    pub root: String,
    /// The id of the collection.
    pub collection: String,
    /// The object's id.
    pub object: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its label.
    pub tlp: String,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub added: Timestamp,
    /// `equal`, `host` (of the URL), `around` (a network or name above) or `within`.
    pub relation: String,
    /// The value that it has, where it is another and can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// What is known of a value.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct KnownBody {
    /// As it was asked for.
    pub value: String,
    /// What it was read as; empty for what cannot be looked for.
    pub read_as: Vec<ReadBody>,
    /// How many entries have the value itself, counted up to 10,000.
    pub entries: i64,
    /// True if more than 100 entries have it, which makes it say little.
    pub common: bool,
    /// True if more objects have what is around it or within than are shown.
    pub more: bool,
    /// Up to 100 objects.
    pub objects: Vec<HitBody>,
    /// The enabled warninglists that have it.
    pub warninglists: Vec<ListedBody>,
}

/// What is known of values.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct AnswerBody {
    /// In the order of the question.
    pub items: Vec<KnownBody>,
    /// False while a job still brings what was there before the index into it.
    pub complete: bool,
}

/// A value of two objects.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SharedBody {
    /// The value that the other object has.
    pub value: String,
    /// `equal`, `around` or `within`.
    pub relation: String,
}

/// An object with values in common with another.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RelatedBody {
    /// One of its places.
    #[serde(flatten)]
    pub object: HitBody,
    /// The values.
    pub shared: Vec<SharedBody>,
}

/// A value that is too common to lead anywhere.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CommonBody {
    /// Its kind, where it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its normal form.
    pub value: String,
    /// How many entries have it, counted up to 10,000.
    pub entries: i64,
}

/// Values that are too common to lead anywhere.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CommonsBody {
    /// The most common first.
    pub items: Vec<CommonBody>,
}

/// What is related to an object.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RelationsBody {
    /// Those with the most values in common first.
    pub items: Vec<RelatedBody>,
    /// Values of the object that are too common.
    pub common: Vec<CommonBody>,
    /// Values of the object that warninglists have.
    pub listed: Vec<CheckedValueBody>,
    /// How many values were not looked for, because the object has more than 1,000.
    pub left_out: usize,
    /// False while a job still brings what was there before the index into it.
    pub complete: bool,
}

impl From<&Listing> for ListedBody {
    fn from(listed: &Listing) -> Self {
        Self {
            number: listed.number,
            name: listed.name.clone(),
        }
    }
}

impl CheckedValueBody {
    /// The lists of a value.
    pub fn of(value: &str, lists: &[Listing]) -> Self {
        Self {
            value: value.to_owned(),
            lists: lists.iter().map(ListedBody::from).collect(),
        }
    }
}

impl From<&Hit> for HitBody {
    fn from(hit: &Hit) -> Self {
        Self {
            root: hit.root.to_string(),
            collection: hit.collection.to_string(),
            object: hit.stix_id.clone(),
            kind: hit.kind.clone(),
            tlp: hit.tlp.as_str().to_owned(),
            added: hit.added,
            relation: hit.relation.as_str().to_owned(),
            value: hit.value.clone(),
        }
    }
}

impl From<&Known> for KnownBody {
    fn from(known: &Known) -> Self {
        let read = known.read.iter().map(|(kind, value)| ReadBody {
            kind: kind.name().to_owned(),
            value: value.clone(),
        });
        Self {
            value: known.asked.clone(),
            read_as: read.collect(),
            entries: known.entries,
            common: known.common,
            more: known.more,
            objects: known.hits.iter().map(HitBody::from).collect(),
            warninglists: known.listed.iter().map(ListedBody::from).collect(),
        }
    }
}

impl From<&Answer> for AnswerBody {
    fn from(answer: &Answer) -> Self {
        Self {
            items: answer.values.iter().map(KnownBody::from).collect(),
            complete: answer.complete,
        }
    }
}

impl From<&Common> for CommonBody {
    fn from(common: &Common) -> Self {
        Self {
            kind: Some(common.kind.clone()),
            value: common.value.clone(),
            entries: common.entries,
        }
    }
}

impl From<&Relations> for RelationsBody {
    fn from(relations: &Relations) -> Self {
        let items = relations.objects.iter().map(|related| RelatedBody {
            object: HitBody::from(&related.hit),
            shared: related
                .values
                .iter()
                .map(|(value, relation)| SharedBody {
                    value: value.clone(),
                    relation: relation.as_str().to_owned(),
                })
                .collect(),
        });
        let common = relations.common.iter().map(|(value, entries)| CommonBody {
            kind: None,
            value: value.clone(),
            entries: *entries,
        });
        let listed = relations.listed.iter();
        Self {
            items: items.collect(),
            common: common.collect(),
            listed: listed
                .map(|(value, lists)| CheckedValueBody::of(value, lists))
                .collect(),
            left_out: relations.left_out,
            complete: relations.complete,
        }
    }
}
