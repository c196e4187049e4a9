//! Request and response bodies.

mod file;
mod library;
mod life;
pub mod remote;
mod value;

use kernel::Tlp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Error,
    model::{Collection, Invalid, Reader, Refusals, Root, Settings, Shown},
    ops::Contents,
};

pub use file::{
    ExportQuery, ExportReportBody, FateBody, ForeseenBody, ImportsBody, LabelBody, LeftOutBody,
    NewUploadBody, PreviewBody,
};
pub use library::{
    GalaxiesBody, GalaxyBody, TakenGalaxyBody, TakenTaxonomyBody, TaxonomiesBody, TaxonomyBody,
};
pub use life::{
    AtQuery, DecayBody, EnableBody, LifeBody, LiveBody, LiveQuery, NewSightingBody, PartyTallyBody,
    SightedBody, SightingsBody, TallyBody, WarninglistBody, WarninglistsBody,
};
pub use value::{
    AnswerBody, CheckBody, CheckedBody, CheckedValueBody, CommonBody, CommonsBody, HitBody,
    KnownBody, ListedBody, LookUpBody, ReadBody, RelatedBody, RelationsBody, SharedBody,
};

/// A group of collections with an address of its own.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RootBody {
    /// What stands in its address: 1 to 64 of `a-z`, `0-9`, `-` and `_`.
    pub name: String,
    /// For people: one line of 1 to 200 characters.
    pub title: String,
    /// For people: up to 10,000 characters.
    #[serde(default)]
    pub description: String,
}

/// What people decide about a collection.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsBody {
    /// A name that stands for the id in addresses: 1 to 64 of `a-z`, `0-9`, `-` and `_`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// For people: one line of 1 to 200 characters.
    pub title: String,
    /// For people: up to 10,000 characters.
    #[serde(default)]
    pub description: String,
    /// The strictest TLP 2.0 label that it takes; RED if nothing is said.
    #[serde(default = "red")]
    pub ceiling: String,
    /// The label of what comes unmarked, never CLEAR; AMBER+STRICT if nothing is said, or the ceiling
    /// where that is less strict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmarked: Option<String>,
}

/// A collection to be made.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct NewCollectionBody {
    /// The root that it stands under.
    pub root: String,
    /// What people decide.
    #[serde(flatten)]
    pub settings: SettingsBody,
}

/// Changed settings.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct EditBody {
    /// The version that the caller has seen.
    pub version: i64,
    /// What people decide.
    #[serde(flatten)]
    pub settings: SettingsBody,
}

/// A collection.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CollectionBody {
    /// Its id.
    pub id: String,
    /// The root that it stands under.
    pub root: String,
    /// What people decide.
    #[serde(flatten)]
    pub settings: SettingsBody,
    /// Counts changes of the settings and readers.
    pub version: i64,
    /// Whether the caller may add to it.
    pub can_write: bool,
}

/// Roots.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RootsBody {
    /// By name.
    pub items: Vec<RootBody>,
}

/// Collections.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CollectionsBody {
    /// In the order in which they were made.
    pub items: Vec<CollectionBody>,
}

/// Whom a collection names.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReaderBody {
    /// `user--UUID`, `key--UUID`, `party--CODE` or `circle--UUID`.
    pub reader: String,
    /// Whether he may also add to it.
    #[serde(default)]
    pub may_write: bool,
}

/// Whom a collection names, to be set.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetReadersBody {
    /// The version of the collection that the caller has seen.
    pub version: i64,
    /// Everybody that it is to name.
    pub readers: Vec<ReaderBody>,
}

/// Whom a collection names.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ReadersBody {
    /// Sorted.
    pub items: Vec<ReaderBody>,
}

/// How many objects of a type and label a collection has, of those that the caller sees.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ContentBody {
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The label.
    pub tlp: String,
    /// Objects, each counted once.
    pub objects: i64,
    /// Versions of objects.
    pub versions: i64,
}

/// What a collection has.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ContentsBody {
    /// By type.
    pub items: Vec<ContentBody>,
}

/// What became of objects that were handed in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ImportBody {
    /// Its id.
    pub id: String,
    /// When they were handed in.
    pub requested_at: String,
    /// When the last was looked at; nothing while the work goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Why the work ended before its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// `receiving`, `waiting` or `begun`.
    pub stage: String,
    /// What the file is called.
    pub source: String,
    /// Its format.
    pub format: String,
    /// Its bytes, as far as they are here.
    pub bytes: i64,
    /// What of the file has no place among objects.
    pub losses: Vec<LossBody>,
    /// How many there are.
    pub total: i64,
    /// How many were added.
    pub added: i64,
    /// How many the collection had already.
    pub known: i64,
    /// How many were refused.
    pub refused: i64,
    /// How many are not looked at yet.
    pub pending: i64,
    /// The first 1,000 that were refused.
    pub refusals: Vec<RefusalBody>,
}

/// Something that has no place in another format.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct LossBody {
    /// Where it stood.
    pub place: String,
    /// What it is.
    pub name: String,
    /// How many times.
    pub count: i64,
}

/// An object that was refused.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RefusalBody {
    /// Its number among those that were handed in, from 0.
    pub place: i64,
    /// Its id, where it has one.
    pub id: String,
    /// Its version, where it has one.
    pub version: String,
    /// A stable code.
    pub code: String,
    /// What is wrong with it.
    pub detail: String,
}

fn red() -> String {
    Tlp::Red.as_str().to_owned()
}

fn label(field: &'static str, word: &str) -> Result<Tlp, Invalid> {
    word.parse().map_err(|_unknown| Invalid {
        field,
        rule: "CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
    })
}

impl TryFrom<&SettingsBody> for Settings {
    type Error = Error;

    fn try_from(body: &SettingsBody) -> Result<Self, Error> {
        let alias = body.alias.as_deref().map(str::parse).transpose();
        let ceiling = label("ceiling", &body.ceiling)?;
        let unmarked = body.unmarked.as_deref();
        let unmarked = unmarked.map(|word| label("unmarked", word)).transpose()?;
        Ok(Self {
            alias: alias.map_err(|invalid: Invalid| Invalid {
                field: "alias",
                ..invalid
            })?,
            title: body.title.parse()?,
            description: body.description.parse()?,
            ceiling,
            unmarked: unmarked.unwrap_or_else(|| ceiling.min(Tlp::AmberStrict)),
        })
    }
}

impl From<&Settings> for SettingsBody {
    fn from(settings: &Settings) -> Self {
        Self {
            alias: settings.alias.as_ref().map(ToString::to_string),
            title: settings.title.to_string(),
            description: settings.description.to_string(),
            ceiling: settings.ceiling.as_str().to_owned(),
            unmarked: Some(settings.unmarked.as_str().to_owned()),
        }
    }
}

impl CollectionBody {
    /// A collection, and whether the caller may add to it.
    pub fn of(collection: &Collection, can_write: bool) -> Self {
        Self {
            id: collection.public.to_string(),
            root: collection.root.to_string(),
            settings: SettingsBody::from(&collection.settings),
            version: collection.version,
            can_write,
        }
    }
}

impl From<&Shown> for CollectionBody {
    fn from(shown: &Shown) -> Self {
        Self::of(&shown.collection, shown.can_write)
    }
}

impl From<&Root> for RootBody {
    fn from(root: &Root) -> Self {
        Self {
            name: root.name.to_string(),
            title: root.title.to_string(),
            description: root.description.to_string(),
        }
    }
}

impl From<&(Reader, bool)> for ReaderBody {
    fn from((reader, may_write): &(Reader, bool)) -> Self {
        Self {
            reader: reader.to_string(),
            may_write: *may_write,
        }
    }
}

impl TryFrom<&ReaderBody> for (Reader, bool) {
    type Error = Error;

    fn try_from(body: &ReaderBody) -> Result<Self, Error> {
        Ok((body.reader.parse()?, body.may_write))
    }
}

impl From<&Contents> for ContentBody {
    fn from(contents: &Contents) -> Self {
        Self {
            kind: contents.kind.clone(),
            tlp: contents.tlp.as_str().to_owned(),
            objects: contents.objects,
            versions: contents.versions,
        }
    }
}

impl From<&Refusals> for ImportBody {
    fn from(done: &Refusals) -> Self {
        let import = &done.import;
        Self {
            id: import.id.to_string(),
            requested_at: import.requested_at.to_string(),
            ended_at: import.ended_at.map(|at| at.to_string()),
            failure: import.failure.clone(),
            stage: import.stage.as_str().to_owned(),
            source: import.source.clone(),
            format: import.form.clone(),
            bytes: import.bytes,
            losses: import.losses.iter().map(LossBody::from).collect(),
            total: import.total,
            added: import.added,
            known: import.known,
            refused: import.refused,
            pending: import.pending(),
            refusals: done.refusals.iter().map(RefusalBody::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unmarked_has_a_label_under_each_ceiling() {
        let settings = |ceiling: &str| {
            let body = serde_json::json!({"title": "A feed", "ceiling": ceiling});
            let body: SettingsBody = serde_json::from_value(body).unwrap();
            Settings::try_from(&body).unwrap()
        };
        for (ceiling, unmarked) in [
            ("RED", Tlp::AmberStrict),
            ("AMBER+STRICT", Tlp::AmberStrict),
            ("AMBER", Tlp::Amber),
            ("GREEN", Tlp::Green),
        ] {
            assert_eq!(settings(ceiling).unmarked, unmarked);
            assert!(settings(ceiling).checked().is_ok());
        }
        assert!(
            settings("CLEAR").checked().is_err(),
            "nothing is made public by silence"
        );
    }
}
