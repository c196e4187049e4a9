//! Techniques and sub-techniques of ATT&CK, from a STIX bundle. Its other objects are passed over one
//! by one, so that a bundle of tens of megabytes costs no more than its techniques.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use super::{ENTRIES_MAX, LeftOut, Raw, RawEntry, TaxonomyFault, broken};

/// Whose ids are those of techniques.
const SOURCES: [&str; 4] = [
    "mitre-attack",
    "mitre-mobile-attack",
    "mitre-ics-attack",
    "mitre-pre-attack",
];

#[derive(Deserialize)]
struct Bundle {
    #[serde(deserialize_with = "objects")]
    objects: Found,
}

#[derive(Default)]
struct Found {
    techniques: Vec<Technique>,
    collection: Option<(Option<String>, Option<String>)>,
    domains: BTreeMap<String, usize>,
    left_out: LeftOut,
    too_many: bool,
}

struct Technique {
    at: usize,
    code: String,
    name: Option<String>,
    about: Option<String>,
}

#[derive(Deserialize)]
struct Object {
    #[serde(rename = "type")]
    kind: String,
    name: Option<String>,
    description: Option<String>,
    revoked: Option<bool>,
    x_mitre_deprecated: Option<bool>,
    x_mitre_version: Option<String>,
    x_mitre_domains: Option<Vec<String>>,
    external_references: Option<Vec<Reference>>,
}

#[derive(Deserialize)]
struct Reference {
    source_name: Option<String>,
    external_id: Option<String>,
}

fn objects<'de, D: Deserializer<'de>>(json: D) -> Result<Found, D::Error> {
    struct Objects;
    impl<'de> Visitor<'de> for Objects {
        type Value = Found;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of objects of STIX")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
            let mut found = Found::default();
            let mut at = 0;
            while let Some(object) = list.next_element::<Object>()? {
                found.take(at, object);
                at += 1;
            }
            Ok(found)
        }
    }
    json.deserialize_seq(Objects)
}

impl Found {
    fn take(&mut self, at: usize, object: Object) {
        match object.kind.as_str() {
            "x-mitre-collection" => {
                self.collection
                    .get_or_insert((object.name, object.x_mitre_version));
            }
            "attack-pattern" => self.technique(at, object),
            _ => {}
        }
    }

    fn technique(&mut self, at: usize, object: Object) {
        let is_own = |one: &Reference| {
            let source = one.source_name.as_deref();
            source.is_some_and(|source| SOURCES.contains(&source))
        };
        let references = object.external_references.unwrap_or_default();
        let code = references.into_iter().find(is_own);
        let Some(code) = code.and_then(|reference| reference.external_id) else {
            let why = "it has no id of ATT&CK";
            self.left_out.add(format!("objects[{at}]"), why);
            return;
        };
        if object.revoked == Some(true) || object.x_mitre_deprecated == Some(true) {
            let why = "its makers withdrew it";
            self.left_out.add(format!("objects[{at}] {code}"), why);
            return;
        }
        if self.techniques.len() >= ENTRIES_MAX {
            self.too_many = true;
            return;
        }
        for domain in object.x_mitre_domains.unwrap_or_default() {
            *self.domains.entry(domain).or_default() += 1;
        }
        self.techniques.push(Technique {
            at,
            code,
            name: object.name,
            about: object.description.map(|text| first_paragraph(&text)),
        });
    }
}

fn first_paragraph(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

pub(super) fn read(text: &str) -> Result<Raw, TaxonomyFault> {
    let Bundle { objects: found } = serde_json::from_str(text).map_err(|error| broken(&error))?;
    if found.too_many {
        return Err(super::too_many(ENTRIES_MAX + 1));
    }
    if found.techniques.is_empty() {
        let detail = "the bundle has no technique of ATT&CK";
        return Err(TaxonomyFault::unreadable("objects", detail));
    }
    let known: BTreeSet<String> = found
        .techniques
        .iter()
        .map(|one| one.code.clone())
        .collect();
    let entry = |one: Technique| {
        let above = one.code.split_once('.').map(|(above, _)| above.to_owned());
        RawEntry {
            at: format!("objects[{}]", one.at),
            parent: above.filter(|above| known.contains(above)),
            code: one.code,
            name: one.name,
            about: one.about,
        }
    };
    let mut entries: Vec<RawEntry> = found.techniques.into_iter().map(entry).collect();
    entries.sort_by(|one, other| one.code.cmp(&other.code));
    let (title, version) = found.collection.unwrap_or_default();
    let most = found.domains.into_iter().max_by_key(|(_, count)| *count);
    let name = most.map(|(domain, _)| domain);
    Ok(Raw {
        title: title.or_else(|| name.clone()),
        name,
        version,
        source: Some("https://attack.mitre.org".to_owned()),
        licence: Some("ATT&CK Terms of Use".to_owned()),
        entries,
        left_out: found.left_out,
    })
}
