//! Bodies of sightings, of how indicators grow old, and of warninglists.

use kernel::{Timestamp, Tlp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    Error,
    model::{
        Decay, Invalid, Life, NewSighting, Seen, SightingCount, SightingKind, Sightings,
        Warninglist, list_kind_word,
    },
};

/// A sighting to be recorded: of an object or of a value.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSightingBody {
    /// The id of an object of the collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// A value in any spelling: all objects of the collection that have it are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// `seen`, `false_positive` or `expiration`: MISP's types 0, 1 and 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// How often; once if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// When first; `last_seen` if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_seen: Option<Timestamp>,
    /// When last; now if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen: Option<Timestamp>,
    /// Ids of identities and locations where it was seen.
    #[serde(default)]
    pub where_sighted: Vec<String>,
    /// The TLP 2.0 label; never less strict than that of the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tlp: Option<String>,
    /// Whether the object that is shared names nobody.
    #[serde(default)]
    pub unnamed: bool,
}

/// The objects that say so.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SightedBody {
    /// Their ids.
    pub items: Vec<String>,
}

/// Counts of one party, or of all.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = intel::TallyBody)]
pub struct TallyBody {
    /// How often it was seen.
    pub seen: i64,
    /// How often it was said to be no threat.
    pub false_positives: i64,
    /// How often it was said to be a threat no more.
    pub expirations: i64,
}

/// Counts of a party.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PartyTallyBody {
    /// The id of its identity.
    pub identity: String,
    /// Its counts.
    #[serde(flatten)]
    pub tally: TallyBody,
}

/// Who saw an object, of what the caller sees.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SightingsBody {
    /// All together.
    pub total: TallyBody,
    /// How many different parties there are.
    pub parties: usize,
    /// By party, as far as the caller may know who it is.
    pub by_party: Vec<PartyTallyBody>,
    /// Of those whom the caller is not told.
    pub unnamed: TallyBody,
    /// When it was first seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_seen: Option<Timestamp>,
    /// When it was last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen: Option<Timestamp>,
    /// True if there are more than were counted.
    pub more: bool,
}

/// How what a collection has grows old.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecayBody {
    /// The version that the caller has seen; 0 where none was chosen yet.
    pub version: i64,
    /// `{"model": "validity"}`, or `{"model": "polynomial", …}` with `lifetime_days`, `decay_speed`,
    /// `threshold`, `default_base_score`, and perhaps `weights` and `label_scores`.
    #[schema(value_type = Object)]
    pub decay: Value,
}

/// A moment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AtQuery {
    /// The moment that is asked for; now if nothing is said.
    #[param(value_type = Option<String>)]
    pub at: Option<Timestamp>,
}

/// A part of a collection at a moment.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LiveQuery {
    /// The moment that is asked for; now if nothing is said.
    #[param(value_type = Option<String>)]
    pub at: Option<Timestamp>,
    /// The `next` of the page before.
    pub after: Option<i64>,
    /// How many objects are looked at, up to 10,000; 1,000 if nothing is said.
    pub limit: Option<u32>,
}

/// What holds of a page.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct LiveBody {
    /// The objects, each as it was given.
    #[schema(value_type = Vec<Object>)]
    pub objects: Vec<Box<serde_json::value::RawValue>>,
    /// Where the next page begins; nothing on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// The life of an object at a moment.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct LifeBody {
    /// `live`, `revoked`, `not_yet`, `ended`, `expired` or `decayed`.
    pub state: String,
    /// From 0 to 100, where the collection's model has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// What the score began at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_score: Option<f64>,
}

/// A warninglist.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct WarninglistBody {
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: i64,
    /// What it is about.
    pub description: String,
    /// `string`, `substring`, `hostname`, `cidr` or `regex`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Types of MISP attributes to which it applies; all if there are none.
    pub matching_attributes: Vec<String>,
    /// Whether values are held against it.
    pub enabled: bool,
    /// How many entries it has.
    pub entries: i64,
    /// How many of them cannot be used.
    pub unusable: i64,
    /// When it was imported.
    #[schema(value_type = String, format = DateTime)]
    pub imported_at: Timestamp,
}

/// Warninglists.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct WarninglistsBody {
    /// By name.
    pub items: Vec<WarninglistBody>,
}

/// Whether values are held against a list.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableBody {
    /// Whether they are.
    pub enabled: bool,
}

impl NewSightingBody {
    /// The sighting, made now if nothing else is said.
    pub fn read(self, now: Timestamp) -> Result<NewSighting, Error> {
        let of = match (self.object, self.value) {
            (Some(object), None) => Seen::Object(object),
            (None, Some(value)) => Seen::Value(value),
            _ => {
                return Err(Error::Invalid(Invalid {
                    field: "object",
                    rule: "either an object or a value",
                }));
            }
        };
        let kind = self.kind.as_deref().map_or(Ok(SightingKind::Seen), |word| {
            SightingKind::from_word(word).ok_or(Invalid {
                field: "kind",
                rule: "seen, false_positive or expiration",
            })
        });
        let tlp = self.tlp.as_deref().map(|word| {
            word.parse::<Tlp>().map_err(|_unread| Invalid {
                field: "tlp",
                rule: "CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
            })
        });
        let last_seen = self.last_seen.unwrap_or(now);
        Ok(NewSighting {
            of,
            kind: kind?,
            count: self.count.unwrap_or(1),
            first_seen: self.first_seen.unwrap_or(last_seen),
            last_seen,
            where_sighted: self.where_sighted,
            tlp: tlp.transpose()?,
            unnamed: self.unnamed,
        })
    }
}

impl From<SightingCount> for TallyBody {
    fn from(tally: SightingCount) -> Self {
        Self {
            seen: tally.seen,
            false_positives: tally.false_positives,
            expirations: tally.expirations,
        }
    }
}

impl From<&Sightings> for SightingsBody {
    fn from(sightings: &Sightings) -> Self {
        let by_party = sightings.by_party.iter();
        Self {
            total: sightings.total.into(),
            parties: sightings.parties,
            by_party: by_party
                .map(|(identity, tally)| PartyTallyBody {
                    identity: identity.clone(),
                    tally: (*tally).into(),
                })
                .collect(),
            unnamed: sightings.unnamed.into(),
            first_seen: sightings.seen.map(|(first, _)| first),
            last_seen: sightings.seen.map(|(_, last)| last),
            more: sightings.more,
        }
    }
}

impl DecayBody {
    /// The model of a collection.
    pub fn of(version: i64, decay: &Decay) -> Self {
        Self {
            version,
            decay: serde_json::json!(decay),
        }
    }

    /// The model, as it is written.
    pub fn read(self) -> Result<(i64, Decay), Error> {
        let read = serde_json::from_value(self.decay);
        let decay = read.map_err(|_unread| Invalid {
            field: "decay",
            rule: "validity, or polynomial with all its parameters as numbers",
        })?;
        Ok((self.version, decay))
    }
}

impl From<Life> for LifeBody {
    fn from(life: Life) -> Self {
        Self {
            state: life.state.as_str().to_owned(),
            score: life.score.map(|(score, _)| score),
            base_score: life.score.map(|(_, base)| base),
        }
    }
}

impl From<&Warninglist> for WarninglistBody {
    fn from(list: &Warninglist) -> Self {
        Self {
            number: list.number,
            name: list.name.clone(),
            version: list.version,
            description: list.description.clone(),
            kind: list_kind_word(list.kind).to_owned(),
            matching_attributes: list.attributes.clone(),
            enabled: list.enabled,
            entries: list.entries,
            unusable: list.unusable,
            imported_at: list.imported_at,
        }
    }
}
