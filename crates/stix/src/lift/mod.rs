//! STIX 2.0 as STIX 2.1, with a list of what changed.
//!
//! Nothing is lost: what 2.1 has no place for is kept under a name of one's own (`x_…`) and listed.
//! What is new in 2.1 and could only be guessed is left out, but for what 2.1 requires. Markings
//! follow what they mark: those of observed data go with the observables that leave it.
//!
//! | STIX 2.0 | STIX 2.1 |
//! |---|---|
//! | `spec_version` of the bundle | that of each object (§3.2) |
//! | `labels` of `indicator`, `malware`, `report`, `threat-actor` and `tool` | words of the vocabulary go to `indicator_types` and the like, others stay |
//! | `pattern` | the same with the new names, `pattern_type` and moments as such (§9) |
//! | `malware` | `is_family`: true, since each has a name and none has samples |
//! | `objects` of `observed-data` | objects of their own with ids as §2.9 makes them, and `object_refs` |
//! | `created`, `modified`, `accessed` of files, directories, processes and registry keys | `ctime`, `mtime`, `atime`, `created_time`, `modified_time` |
//! | `binary_ref`, `password_last_changed`, `encapsulates_by_ref` | `image_ref`, `credential_last_changed`, `encapsulated_by_ref` |
//! | `name` of a process | the name of its image, as the examples of §9 have it |
//! | header fields as strings, digests by `ssdeep` | lists of strings, `SSDEEP` |
//! | what 2.1 took out: a process's `arguments`, a file's encryption, versions of archives, compression of images, protocol families of sockets, extensions of one's own | `x_…` |
//!
//! TLP 1 markings stay what they are; [`crate::marking::Tlp`] reads them as TLP 2.0.

mod change;
mod domain;
mod extensions;
mod marks;
mod observable;
mod observed;
mod order;
mod pattern;
mod references;
mod renames;
mod selectors;
mod settle;
mod tree;

pub use change::{Change, What};

use change::Notes;
use tree::Tree;

use crate::{
    id::raw_json,
    json::{Kind, Value},
    objects,
    schema::Family,
};

/// What became of an object of STIX 2.0.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Lifted {
    /// The objects of STIX 2.1 as JSON: the object itself, then the observables that left it.
    pub objects: Vec<String>,
    /// What changed; empty where the input was STIX 2.1 already.
    pub changes: Vec<Change>,
}

/// What became of a bundle of STIX 2.0.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LiftedBundle {
    /// The bundle as JSON.
    pub json: String,
    /// What changed; empty where the input was STIX 2.1 already.
    pub changes: Vec<Change>,
}

/// Whether an object follows STIX 2.0 (§3.2): it says so, or it says nothing and is no observable.
///
/// A type that the specification does not know is an observable if it has neither `created` nor
/// `modified`.
pub fn is_stix_2_0(object: Value<'_>) -> bool {
    let object_type = object.text("type");
    let Some(object_type) = object_type.filter(|name| *name != "bundle") else {
        return false;
    };
    if let Some(version) = object.get("spec_version") {
        return version.as_str() == Some("2.0");
    }
    match objects::schema_of(object_type).map(|schema| schema.family) {
        Some(family) => family != Family::Observable,
        None => object.get("created").is_some() || object.get("modified").is_some(),
    }
}

/// Lifts one object. What is not STIX 2.0 comes back as it was, to the byte.
///
/// `random` gives the bytes of the ids of observables whose ids are random in 2.1: processes, types
/// of one's own, and what has none of the properties that ids are made of.
///
/// ```
/// use stix::{json::Document, lift::lift_object};
///
/// let old = br#"{"type": "tool", "id": "tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
///     "created": "2016-04-06T20:03:48.000Z", "modified": "2016-04-06T20:03:48.000Z",
///     "labels": ["remote-access", "ours"], "name": "VNC"}"#;
/// let lifted = lift_object(Document::parse(old)?.root(), &mut || [0; 16]);
/// assert!(lifted.objects[0].contains(r#""tool_types":["remote-access"],"labels":["ours"]"#));
/// assert_eq!(lifted.changes[0].to_string(), "/spec_version: added as \"2.1\"");
/// # Ok::<(), stix::json::JsonError>(())
/// ```
pub fn lift_object(object: Value<'_>, random: &mut impl FnMut() -> [u8; 16]) -> Lifted {
    if !is_stix_2_0(object) {
        return Lifted {
            objects: vec![raw_json(object).into_owned()],
            changes: Vec::new(),
        };
    }
    let mut notes = Notes::default();
    let mut tree = Tree::of(object);
    let mut others = Vec::new();
    domain::lift(&mut tree, &mut notes);
    if tree.text("type") == Some("observed-data") {
        others = observed::lift(&mut tree, random, &mut notes);
    }
    notes.moves().apply(&mut tree);
    let mut objects = vec![settle::settle(tree, &mut notes)];
    for other in others {
        notes.enter(other.pointer);
        objects.push(settle::settle(other.tree, &mut notes));
    }
    Lifted {
        objects,
        changes: notes.into_changes(),
    }
}

/// Lifts all objects of a bundle, and the bundle itself, whose `spec_version` 2.1 does not have.
/// Observables that several objects bring along alike are written once.
///
/// The changes' pointers begin at the bundle. What is no bundle comes back as it was.
pub fn lift_bundle(bundle: Value<'_>, random: &mut impl FnMut() -> [u8; 16]) -> LiftedBundle {
    let mut changes = Vec::new();
    let mut members = Vec::new();
    for (name, member) in bundle.members() {
        if name == "spec_version" && member.as_str() == Some("2.0") {
            changes.push(Change {
                pointer: "/spec_version".into(),
                what: What::LeftOut,
            });
        } else if name == "objects" && member.kind() == Kind::Array {
            let objects = lift_all(member, random, &mut changes);
            members.push((name.into(), Tree::Raw(format!("[{}]", objects.join(",")))));
        } else {
            members.push((name.into(), Tree::of(member)));
        }
    }
    let json = if changes.is_empty() {
        raw_json(bundle).into_owned()
    } else {
        Tree::Object(members).to_json()
    };
    LiftedBundle { json, changes }
}

fn lift_all(
    objects: Value<'_>,
    random: &mut impl FnMut() -> [u8; 16],
    changes: &mut Vec<Change>,
) -> Vec<String> {
    let mut all = Vec::new();
    let mut brought = std::collections::HashSet::new();
    for (at, object) in objects.items().enumerate() {
        let lifted = lift_object(object, random);
        changes.extend(lifted.changes.into_iter().map(|change| change.below(at)));
        let mut lifted = lifted.objects.into_iter();
        all.extend(lifted.next());
        for observable in lifted {
            if brought.insert(observable.clone()) {
                all.push(observable);
            }
        }
    }
    all
}
