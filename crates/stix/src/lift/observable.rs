//! One observable.

use super::{
    change::{Notes, What},
    extensions, renames,
    tree::Tree,
};
use crate::{id, objects};

/// Lifts what of an observable does not depend on others.
pub(super) fn lift(object: &mut Tree, notes: &mut Notes) {
    type_name(object, notes);
    let object_type = object.text("type").unwrap_or_default().to_owned();
    let known = objects::schema_of(&object_type).is_some();
    let names: Vec<String> = object
        .members()
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        let renamed = renames::renamed(&object_type, &name);
        // An observable of one's own with these would be taken for a domain object.
        let clash = !known && matches!(name.as_str(), "created" | "modified");
        let reserved = match name.as_str() {
            "id" | "spec_version" => true,
            "object_marking_refs" | "granular_markings" => {
                !matches!(object.get(&name), Some(Tree::List(_)))
            }
            _ => false,
        };
        if let Some(new) = renamed.filter(|new| object.get(new).is_none()) {
            object.rename(&name, new);
            notes.moved(name.clone(), new);
            notes.add(&[&name], What::Renamed { to: new.into() });
        } else if renamed.is_some() || clash || reserved || renames::is_removed(&object_type, &name)
        {
            own(object, &name, notes);
        }
    }
    extensions::lift(object, notes);
    hashes(object, &[], notes);
    if object_type == "email-message" {
        lists_of_texts(object, &["additional_header_fields"], notes);
    }
    account_type(object, notes);
}

/// Gives a property a name of its own.
pub(super) fn own(object: &mut Tree, name: &str, notes: &mut Notes) {
    let own = extensions::free_name(object, name);
    if object.rename(name, &own) {
        notes.moved(name, own.clone());
        notes.add(&[name], What::Custom { name: own });
    }
}

/// Ids begin with the type, so that it must be one by §3.1. 2.0 asks the same; not all keep to it.
fn type_name(object: &mut Tree, notes: &mut Notes) {
    const OTHER: &str = "x-observable";
    let Some(old) = object.text("type").map(String::from) else {
        return;
    };
    if id::is_type_name(&old) {
        return;
    }
    let new = old.to_ascii_lowercase().replace(['_', ' '], "-");
    let new = Tree::Text(if id::is_type_name(&new) {
        new
    } else {
        OTHER.into()
    });
    notes.add(
        &["type"],
        What::Rewritten {
            value: new.to_json(),
        },
    );
    let own = extensions::free_name(object, "type");
    object.set("type", new);
    object.set(&own, Tree::Text(old));
}

/// §10.7: fuzzy digests are called `SSDEEP`.
pub(super) fn hashes(object: &mut Tree, path: &[&str], notes: &mut Notes) {
    for name in ["hashes", "file_header_hashes"] {
        let renamed = object
            .get_mut(name)
            .is_some_and(|hashes| hashes.rename("ssdeep", "SSDEEP"));
        if renamed {
            let old = [path, &[name, "ssdeep"]].concat();
            notes.moved(
                selector(&old),
                selector(&[path, &[name, "SSDEEP"]].concat()),
            );
            notes.add(
                &old,
                What::Renamed {
                    to: "SSDEEP".into(),
                },
            );
        }
    }
}

/// The path as a selector of §7.2.3.
fn selector(path: &[&str]) -> String {
    let index = |step: &&str| step.bytes().all(|byte| byte.is_ascii_digit());
    let step = |step: &&str| {
        if index(step) {
            format!("[{step}]")
        } else {
            (*step).to_owned()
        }
    };
    path.iter().map(step).collect::<Vec<_>>().join(".")
}

/// §6.6 and §6.12.2: a field can come several times, so that its value is a list. `path` leads to
/// the dictionary, whose name is its last step.
pub(super) fn lists_of_texts(object: &mut Tree, path: &[&str], notes: &mut Notes) {
    let fields = path
        .last()
        .and_then(|name| object.get_mut(name)?.members_mut());
    for (name, value) in fields.into_iter().flatten() {
        if let Tree::Text(text) = value {
            *value = Tree::texts([text.as_str()]);
            let path = [path, &[name.as_str()]].concat();
            notes.add(
                &path,
                What::Rewritten {
                    value: value.to_json(),
                },
            );
        }
    }
}

/// §10.1: drafts of 2.0 have blanks in these words.
fn account_type(object: &mut Tree, notes: &mut Notes) {
    let new = match (object.text("type"), object.text("account_type")) {
        (Some("user-account"), Some("windows local")) => "windows-local",
        (Some("user-account"), Some("windows domain")) => "windows-domain",
        _ => return,
    };
    let new = Tree::Text(new.into());
    notes.add(
        &["account_type"],
        What::Rewritten {
            value: new.to_json(),
        },
    );
    object.set("account_type", new);
}
