//! References between the observables of one observed data: keys in 2.0, ids in 2.1.

use super::tree::Tree;
use crate::id;

/// Objects whose keys are someone else's: nothing in them is a reference.
const DICTIONARIES: [&str; 9] = [
    "hashes",
    "file_header_hashes",
    "additional_header_fields",
    "request_header",
    "document_info_dict",
    "environment_variables",
    "exif_tags",
    "ipfix",
    "startup_info",
];

/// The keys that an object refers to.
pub(super) fn keys<'t>(tree: &'t Tree, found: &mut Vec<&'t str>) {
    match tree {
        Tree::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| !is_dictionary(name)) {
                if name.ends_with("_ref") {
                    found.extend(member.as_text());
                } else if name.ends_with("_refs") {
                    found.extend(member.items().iter().filter_map(Tree::as_text));
                } else {
                    keys(member, found);
                }
            }
        }
        Tree::List(items) => items.iter().for_each(|item| keys(item, found)),
        Tree::Raw(_) | Tree::Text(_) => {}
    }
}

/// Puts ids in place of keys. What refers to nothing is kept under a name of one's own, and told to
/// `lost` with its path and that name.
pub(super) fn rewrite(
    tree: &mut Tree,
    id_of: &dyn Fn(&str) -> Option<String>,
    path: &mut Vec<String>,
    lost: &mut dyn FnMut(&[String], String),
) {
    match tree {
        Tree::Object(members) => {
            let mut kept = Vec::with_capacity(members.len());
            for (name, mut member) in std::mem::take(members) {
                path.push(name.clone());
                if name.ends_with("_ref") || name.ends_with("_refs") {
                    let own = super::renames::custom_name(&name);
                    let (good, bad) = resolve(member, id_of);
                    kept.extend(good.map(|good| (name, good)));
                    if let Some(bad) = bad {
                        lost(path, own.clone());
                        kept.push((own, bad));
                    }
                } else {
                    if !is_dictionary(&name) {
                        rewrite(&mut member, id_of, path, lost);
                    }
                    kept.push((name, member));
                }
                path.pop();
            }
            *members = kept;
        }
        Tree::List(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                path.push(at.to_string());
                rewrite(item, id_of, path, lost);
                path.pop();
            }
        }
        Tree::Raw(_) | Tree::Text(_) => {}
    }
}

/// What of a reference or of a list of them leads somewhere, and what does not.
fn resolve(value: Tree, id_of: &dyn Fn(&str) -> Option<String>) -> (Option<Tree>, Option<Tree>) {
    let one = |value: Tree| match value {
        Tree::Text(text) => match id_of(&text) {
            Some(id) => Ok(Tree::Text(id)),
            // Markings and makers have ids in 2.0 too.
            None if id::parts(&text).is_ok() => Ok(Tree::Text(text)),
            None => Err(Tree::Text(text)),
        },
        other => Err(other),
    };
    match value {
        Tree::List(items) => {
            let (mut good, mut bad) = (Vec::new(), Vec::new());
            for item in items {
                match one(item) {
                    Ok(item) => good.push(item),
                    Err(item) => bad.push(item),
                }
            }
            let list = |items: Vec<Tree>| (!items.is_empty()).then_some(Tree::List(items));
            (list(good), list(bad))
        }
        value => match one(value) {
            Ok(value) => (Some(value), None),
            Err(value) => (None, Some(value)),
        },
    }
}

fn is_dictionary(name: &str) -> bool {
    DICTIONARIES.contains(&name)
}
