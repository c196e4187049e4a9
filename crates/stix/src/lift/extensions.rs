//! Extensions of observables.

use std::collections::HashSet;

use super::{
    change::{Notes, What},
    observable, renames,
    tree::Tree,
};
use crate::objects;

/// 2.1 knows its own extensions; new ones are named by the id of a definition (§7.3), which those of
/// 2.0 do not have.
pub(super) fn lift(object: &mut Tree, notes: &mut Notes) {
    if !matches!(object.get("extensions"), Some(Tree::Object(_))) {
        return;
    }
    let Some(Tree::Object(extensions)) = object.remove("extensions") else {
        return;
    };
    let object_type = object.text("type").unwrap_or_default().to_owned();
    let (mut kept, mut own) = (Vec::new(), Vec::new());
    let mut names: HashSet<String> = object
        .members()
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    for (key, mut extension) in extensions {
        let defined = key.starts_with("extension-definition--");
        if defined || objects::extension_schema(&object_type, &key).is_some() {
            known(&key, &mut extension, notes);
            kept.push((key, extension));
        } else {
            let mut name = renames::custom_name(&key);
            while !names.insert(name.clone()) {
                name.push('_');
            }
            notes.moved(format!("extensions.{key}"), name.clone());
            notes.add(&["extensions", &key], What::Custom { name: name.clone() });
            own.push((name, extension));
        }
    }
    if let Some(members) = object.members_mut() {
        members.extend(own);
        if !kept.is_empty() {
            members.push(("extensions".into(), Tree::Object(kept)));
        }
    }
}

/// A name of one's own that the object does not have yet.
pub(super) fn free_name(object: &Tree, name: &str) -> String {
    let mut own = renames::custom_name(name);
    while object.get(&own).is_some() {
        own.push('_');
    }
    own
}

fn known(key: &str, extension: &mut Tree, notes: &mut Notes) {
    let names = extension.members().iter().map(|(name, _)| name);
    let taken_out: Vec<String> = names
        .filter(|name| is_taken_out(key, name, extension))
        .cloned()
        .collect();
    for name in &taken_out {
        let own = free_name(extension, name);
        if extension.rename(name, &own) {
            let at = format!("extensions.{key}");
            notes.moved(format!("{at}.{name}"), format!("{at}.{own}"));
            notes.add(&["extensions", key, name], What::Custom { name: own });
        }
    }
    if key == "http-request-ext" {
        let path = ["extensions", key, "request_header"];
        observable::lists_of_texts(extension, &path, notes);
    }
    observable::hashes(extension, &["extensions", key], notes);
    for list in ["alternate_data_streams", "sections"] {
        let items = extension.get_mut(list).and_then(Tree::items_mut);
        for (at, item) in items.into_iter().flatten().enumerate() {
            observable::hashes(item, &["extensions", key, list, &at.to_string()], notes);
        }
    }
    if let Some(header) = extension.get_mut("optional_header") {
        observable::hashes(header, &["extensions", key, "optional_header"], notes);
    }
}

/// What 2.1 does not have, or where it allows less: options of sockets are whole numbers (§6.12.4).
fn is_taken_out(key: &str, name: &str, extension: &Tree) -> bool {
    let whole = |value: &Tree| match value {
        Tree::Raw(json) => json.parse::<i64>().is_ok(),
        _ => false,
    };
    renames::is_removed(key, name)
        || ((key, name) == ("socket-ext", "options")
            && extension
                .get(name)
                .is_some_and(|options| !options.members().iter().all(|(_, value)| whole(value))))
}
