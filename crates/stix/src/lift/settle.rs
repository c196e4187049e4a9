//! The last look at an object: what stood in 2.0 under a name that only 2.1 gives a meaning to.

use super::{
    change::{Notes, What},
    renames,
    selectors::Moves,
    tree::Tree,
};
use crate::{
    check::{self, Severity},
    json::Document,
};

/// The object as JSON. A property that 2.0 does not know and that is not what 2.1 means by its name
/// gets a name of its own.
pub(super) fn settle(mut tree: Tree, notes: &mut Notes) -> String {
    let json = tree.to_json();
    let clashes = clashes(&tree, &json);
    if clashes.is_empty() {
        return json;
    }
    for name in clashes {
        let own = renames::custom_name(&name);
        if tree.rename(&name, &own) {
            let mut moves = Moves::default();
            moves.add(name.clone(), own.clone());
            moves.apply(&mut tree);
            notes.add(&[&name], What::Custom { name: own });
        }
    }
    tree.to_json()
}

fn clashes(tree: &Tree, json: &str) -> Vec<String> {
    if !tree.members().iter().any(|(name, _)| is_new(tree, name)) {
        return Vec::new();
    }
    let Ok(document) = Document::parse(json.as_bytes()) else {
        return Vec::new();
    };
    let mut report = check::Report::default();
    check::check_object(document.root(), &mut report);
    let errors = report
        .findings()
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let mut names: Vec<String> = Vec::new();
    for finding in errors {
        let name = finding
            .pointer
            .strip_prefix('/')
            .and_then(|rest| rest.split('/').next());
        let name = name.filter(|name| is_new(tree, name)).map(String::from);
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names
}

/// Observables had extensions in 2.0 already.
fn is_new(tree: &Tree, name: &str) -> bool {
    let object_type = tree.text("type").unwrap_or_default();
    let observable = tree.get("created").is_none();
    renames::is_new(object_type, name) && !(observable && name == "extensions")
}
