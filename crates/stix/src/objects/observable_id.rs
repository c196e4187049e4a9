//! The deterministic ids of observables (STIX 2.1 §2.9).

use super::schema_of;
use crate::{
    Id,
    id::raw_json,
    json::{Document, JsonError, Value},
    schema::Draft,
};

/// Which digest counts where there are several, the first first.
const HASHES: [&str; 4] = ["MD5", "SHA-1", "SHA-256", "SHA-512"];

/// The id that an observable should have: the same for the same facts, whoever writes them down.
///
/// Nothing, where the type has no deterministic ids, none of the properties that they are made of is
/// there, or it is no type of observable that the specification knows. Such an object has a random
/// id.
pub fn observable_id(object: Value<'_>) -> Result<Option<Id>, JsonError> {
    let schema = object.text("type").and_then(schema_of);
    let Some(schema) = schema.filter(|schema| !schema.contributing.is_empty()) else {
        return Ok(None);
    };
    let mut text = String::new();
    let mut draft = Draft::open(&mut text);
    let mut empty = true;
    for name in schema.contributing {
        let Some(value) = object.get(name) else {
            continue;
        };
        if *name != "hashes" {
            draft.raw(name, &raw_json(value));
            empty = false;
        } else if let Some((algorithm, digest)) = digest(value) {
            let mut hash = String::new();
            let mut inner = Draft::open(&mut hash);
            inner.raw(algorithm, &raw_json(digest));
            inner.close();
            draft.raw(name, &hash);
            empty = false;
        }
    }
    draft.close();
    if empty {
        return Ok(None);
    }
    let document = Document::parse(text.as_bytes())?;
    Id::deterministic(schema.name, document.root()).map(Some)
}

/// The digest that counts. Of algorithms that the specification does not rank it is the first by
/// name, so that the order of the members does not matter.
fn digest(hashes: Value<'_>) -> Option<(&str, Value<'_>)> {
    let ranked = HASHES
        .iter()
        .find_map(|name| Some((*name, hashes.get(name)?)));
    ranked.or_else(|| hashes.members().min_by_key(|(name, _)| *name))
}
