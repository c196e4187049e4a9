//! Statements are not checked when the program is compiled: the tests must run them, on both
//! engines.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::{
    Finding,
    code::{self, Function},
    tree::{Source, Tree},
};

/// A function of a store is tested when a test names it, or names an operation that leads to it.
pub(crate) fn functions_are_tested(tree: &Tree) -> Vec<Finding> {
    let mut crates: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in tree.rust() {
        if let Some(name) = source.house_crate() {
            crates.entry(name).or_default().push(source);
        }
    }
    crates
        .values()
        .flat_map(|sources| untested(sources))
        .collect()
}

fn untested(sources: &[&Source]) -> Vec<Finding> {
    let tests = sources.iter().flat_map(|source| source.tests());
    let mut reached: BTreeSet<&str> = tests.flat_map(|(_, text)| code::words(text)).collect();
    let functions: Vec<(&Source, Function<'_>)> = sources
        .iter()
        .filter(|source| leads_to_a_store(source))
        .flat_map(|source| {
            code::functions(source)
                .into_iter()
                .map(|function| (*source, function))
        })
        .collect();
    let names: BTreeSet<&str> = functions
        .iter()
        .map(|(_, function)| function.name)
        .collect();
    loop {
        let further: Vec<&str> = functions
            .iter()
            .filter(|(_, function)| reached.contains(function.name))
            .flat_map(|(_, function)| function.words.iter().copied())
            .filter(|word| names.contains(word) && !reached.contains(word))
            .collect();
        if further.is_empty() {
            break;
        }
        reached.extend(further);
    }
    functions
        .iter()
        .filter(|(source, function)| {
            is_store(source) && function.is_public && !reached.contains(function.name)
        })
        .map(|(source, function)| {
            let advice = format!(
                "no test leads to {}: run its statement on both engines",
                function.name
            );
            Finding::new(&source.path, function.line, "untested", advice)
        })
        .collect()
}

fn is_store(source: &Source) -> bool {
    source.path.ends_with("/src/store.rs") || source.path.contains("/src/store/")
}

/// Routes and pages are left out: a router names every one of them, and a test that builds a router
/// has not yet called one.
fn leads_to_a_store(source: &Source) -> bool {
    source.path.contains("/src/")
        && !source.path.contains("/http/")
        && !source.path.ends_with("/http.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_no_test_runs_is_found() {
        let store = "pub(crate) async fn load() {}\npub(crate) fn save() {}\npub(crate) fn forgotten() {}\nfn helper() {}\n";
        let tree = Tree::of(&[
            ("crates/a/src/store.rs", store),
            (
                "crates/a/src/ops/close.rs",
                "pub async fn close() {\n    store::load();\n}\n",
            ),
            (
                "crates/a/src/http/forget.rs",
                "pub async fn forget() {\n    store::forgotten();\n}\n",
            ),
            (
                "crates/a/tests/store.rs",
                "fn closed_is_final() { close(); save(); forget(); }\n",
            ),
        ]);
        let found = functions_are_tested(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].path.as_str(), found[0].line),
            ("crates/a/src/store.rs", 3)
        );
    }
}
