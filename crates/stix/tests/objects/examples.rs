//! What the tests of objects share.

use std::path::PathBuf;

use stix::{
    json::{Document, canonical},
    objects::Object,
    schema::{ReadError, ValueType},
};

/// One of each type of domain, relationship and meta object.
pub(crate) const DOMAIN: &str = include_str!("domain.json");
/// One of each type of observable.
pub(crate) const OBSERVABLES: &str = include_str!("observables.json");
/// One of each type that the Incident Core extension defines.
pub(crate) const INCIDENT: &str = include_str!("incident.json");

/// The JSON text of every object of the lists.
pub(crate) fn examples(lists: &[&str]) -> Vec<String> {
    let texts = |list: &&str| {
        let document = Document::parse(list.as_bytes()).unwrap();
        document
            .root()
            .items()
            .map(|item| item.raw().to_owned())
            .collect::<Vec<_>>()
    };
    lists.iter().flat_map(texts).collect()
}

/// The example of this type.
pub(crate) fn example(object_type: &str) -> String {
    let all = examples(&[DOMAIN, OBSERVABLES, INCIDENT]);
    let is = |text: &String| {
        let document = Document::parse(text.as_bytes()).unwrap();
        document.root().get("type").unwrap().as_str() == Some(object_type)
    };
    all.into_iter().find(is).unwrap()
}

/// The example of this type as its own type.
pub(crate) fn typed<T: ValueType>(object_type: &str) -> T {
    let text = example(object_type);
    let document = Document::parse(text.as_bytes()).unwrap();
    T::read(document.root()).unwrap()
}

pub(crate) fn read(text: &str) -> Result<Object, ReadError> {
    Object::read(Document::parse(text.as_bytes()).unwrap().root())
}

pub(crate) fn canonical_text(text: &str) -> String {
    canonical(Document::parse(text.as_bytes()).unwrap().root()).unwrap()
}

/// The data that tests share, beside the workspace unless the environment says otherwise.
pub(crate) fn data(name: &str) -> Vec<u8> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their environment"
    )]
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = given.map_or(root, PathBuf::from).join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
