//! What is answered (TAXII 2.1 §4 and §5). Members stand in the order of the specification.

use intel::model::{Entry, Fetched, Import, Refusals, Root, Shown};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ask::cursor,
    media::{STIX, TAXII},
};

/// What the server has (§4.1.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiDiscovery)]
pub(crate) struct Discovery {
    pub(crate) title: String,
    /// The root to begin with, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
    pub(crate) api_roots: Vec<String>,
}

/// A root (§4.2.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiRoot)]
pub(crate) struct ApiRoot {
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    versions: Vec<&'static str>,
    /// In bytes.
    max_content_length: usize,
}

/// Collections (§5.1.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiCollections)]
pub(crate) struct Collections {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    collections: Vec<Collection>,
}

/// A collection (§5.2.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiCollection)]
pub(crate) struct Collection {
    id: String,
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<String>,
    can_read: bool,
    can_write: bool,
    media_types: Vec<&'static str>,
}

/// What entries are (§5.3.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiManifest)]
pub(crate) struct Manifest {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<ManifestEntry>,
}

/// What an entry is (§5.3.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiManifestEntry)]
pub(crate) struct ManifestEntry {
    id: String,
    date_added: String,
    version: String,
    media_type: String,
}

/// The versions of an object (§5.8.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiVersions)]
pub(crate) struct VersionList {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<String>,
}

/// What became of an envelope (§4.3.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiStatus)]
pub(crate) struct ImportStatus {
    id: String,
    /// `complete` or `pending`.
    status: &'static str,
    request_timestamp: String,
    total_count: i64,
    success_count: i64,
    failure_count: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Failure>,
    pending_count: i64,
}

/// An object that was refused (§4.3.1.1).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiFailure)]
pub(crate) struct Failure {
    id: String,
    version: String,
    message: String,
}

/// An envelope (§3.7), for the description; the objects are as they were given.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxiiEnvelope)]
pub(crate) struct Envelope {
    more: bool,
    next: String,
    objects: Vec<serde_json::Value>,
}

/// The text of an envelope.
pub(crate) fn envelope(page: &Fetched<String>) -> String {
    let mut text = String::with_capacity(page.content.len() + 64);
    text.push('{');
    if let (true, Some((_, last))) = (page.more, page.places) {
        text.push_str(r#""more":true,"next":""#);
        text.push_str(&cursor(last));
        text.push('"');
    }
    if !page.content.is_empty() {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(r#""objects":["#);
        text.push_str(&page.content);
        text.push(']');
    }
    text.push('}');
    text
}

impl From<&Root> for ApiRoot {
    fn from(root: &Root) -> Self {
        Self {
            title: root.title.to_string(),
            description: root.description.to_string(),
            versions: vec![TAXII],
            max_content_length: intel::ops::BYTES_MAX,
        }
    }
}

impl From<&[Shown]> for Collections {
    fn from(all: &[Shown]) -> Self {
        Self {
            collections: all.iter().map(Collection::from).collect(),
        }
    }
}

impl From<&Shown> for Collection {
    fn from(shown: &Shown) -> Self {
        let settings = &shown.collection.settings;
        Self {
            id: shown.collection.public.uuid().to_string(),
            title: settings.title.to_string(),
            description: settings.description.to_string(),
            alias: settings.alias.as_ref().map(ToString::to_string),
            can_read: true,
            can_write: shown.can_write,
            media_types: vec![STIX],
        }
    }
}

fn next<T>(page: &Fetched<T>) -> Option<String> {
    let (_, last) = page.places.filter(|_| page.more)?;
    Some(cursor(last))
}

impl From<&Fetched<Vec<Entry>>> for Manifest {
    fn from(page: &Fetched<Vec<Entry>>) -> Self {
        let entry = |entry: &Entry| ManifestEntry {
            id: entry.stix_id.clone(),
            date_added: entry.added.to_string(),
            version: entry.version.to_string(),
            media_type: format!("application/stix+json;version={}", entry.spec.as_str()),
        };
        Self {
            more: page.more,
            next: next(page),
            objects: page.content.iter().map(entry).collect(),
        }
    }
}

impl From<&Fetched<Vec<Entry>>> for VersionList {
    fn from(page: &Fetched<Vec<Entry>>) -> Self {
        let versions = page.content.iter().map(|entry| entry.version.to_string());
        Self {
            more: page.more,
            next: next(page),
            versions: versions.collect(),
        }
    }
}

impl From<&Refusals> for ImportStatus {
    fn from(done: &Refusals) -> Self {
        let Import {
            id,
            requested_at,
            ended_at,
            total,
            added,
            known,
            refused,
            ..
        } = &done.import;
        let failures = done.refusals.iter().map(|refusal| Failure {
            id: refusal.stix_id.clone(),
            version: refusal.version.clone(),
            message: format!(
                "object {}: {} ({})",
                refusal.place, refusal.detail, refusal.code
            ),
        });
        Self {
            id: id.uuid().to_string(),
            status: if ended_at.is_some() {
                "complete"
            } else {
                "pending"
            },
            request_timestamp: requested_at.to_string(),
            total_count: *total,
            success_count: added + known,
            failure_count: *refused,
            failures: failures.collect(),
            pending_count: done.import.pending(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_says_more_only_when_there_is_more() {
        let page = |content: &str, more| Fetched {
            content: content.to_owned(),
            places: (!content.is_empty()).then_some((1, 16)),
            more,
        };
        assert_eq!(envelope(&page("", false)), "{}");
        assert_eq!(envelope(&page("1,2", false)), r#"{"objects":[1,2]}"#);
        assert_eq!(
            envelope(&page("1", true)),
            r#"{"more":true,"next":"p0000000000000010","objects":[1]}"#
        );
    }
}
