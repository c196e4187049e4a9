//! Schemas of the JSON interface: two types of one name would be one schema, that of whichever comes last.

use std::collections::BTreeMap;

use crate::tidy::{
    Finding,
    tree::{Source, Tree},
};

/// Every type with a schema has a name of its own: its own, or the one that `#[schema(as = …)]` says.
pub(crate) fn have_names_of_their_own(tree: &Tree) -> Vec<Finding> {
    let mut named: BTreeMap<String, Vec<(&str, usize)>> = BTreeMap::new();
    for source in tree.rust().filter(|source| source.path.contains("/src/")) {
        let Some(house) = source.house_crate() else {
            continue;
        };
        let lists = if has_words(tree, house) {
            lists(&source.text)
        } else {
            Vec::new()
        };
        for (name, line) in derived(&source.text).into_iter().chain(lists) {
            named.entry(name).or_default().push((&source.path, line));
        }
    }
    let twice = named.iter().filter(|(_, places)| places.len() > 1);
    let found = twice.flat_map(|(name, places)| {
        places.iter().map(move |(path, line)| {
            let advice = format!("another type has the schema {name}: say `#[schema(as = …)]`");
            Finding::new(path, *line, "schema", advice)
        })
    });
    found.collect()
}

/// Whether the `words!` of a crate make types with schemas.
fn has_words(tree: &Tree, name: &str) -> bool {
    const MACRO: &str = "macro_rules! words";
    let of_crate = |source: &&Source| source.house_crate() == Some(name);
    tree.rust().filter(of_crate).any(|source| {
        let body = source.text.split(MACRO).nth(1).unwrap_or_default();
        let head = body.split("impl ").next().unwrap_or_default();
        head.contains("ToSchema")
    })
}

/// Types that derive a schema, by the names of these, each with its line.
fn derived(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("#[derive(")) {
        let begins = from + at;
        let rest = text.get(begins..).unwrap_or_default();
        let ends = rest.find(")]").unwrap_or(rest.len());
        from = begins + ends.max(1);
        let derives = rest.get(..ends).unwrap_or_default();
        if !derives.contains("ToSchema") {
            continue;
        }
        let behind = rest.get(ends..).unwrap_or_default();
        if let Some((name, head)) = declared(behind) {
            found.push((said(head).unwrap_or(name), line_of(text, begins)));
        }
    }
    found
}

/// The name of the type that is declared next, and what stands before it.
fn declared(text: &str) -> Option<(String, &str)> {
    let at = ["struct ", "enum "]
        .iter()
        .filter_map(|word| Some((text.find(word)?, word.len())))
        .min()?;
    let name: String = text
        .get(at.0 + at.1..)?
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect();
    (!name.is_empty()).then_some((name, text.get(..at.0)?))
}

/// Enumerations that `words!` makes, in the same way.
fn lists(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("words! {\n")) {
        let begins = from + at;
        from = begins + 1;
        let rest = text.get(begins..).unwrap_or_default();
        let mut head = String::new();
        let mut name = None;
        for line in rest.lines().skip(1) {
            let line = line.trim();
            if line.starts_with("///") || line.starts_with("#[") {
                head.push_str(line);
            } else {
                name = line.split(',').next();
                break;
            }
        }
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            let said = said(&head).unwrap_or_else(|| name.to_owned());
            found.push((said, line_of(text, begins)));
        }
    }
    found
}

/// The name that an attribute of utoipa says.
fn said(head: &str) -> Option<String> {
    let attribute = head.split("schema(").nth(1)?;
    let name = attribute.split("as = ").nth(1)?;
    let name = name.split([')', ',']).next()?.trim();
    Some(name.replace("::", "."))
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().lines().count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_types_of_one_schema_are_found() {
        let words = "macro_rules! words {\n    () => {\n        #[derive(utoipa::ToSchema)]\n        \
                     pub enum $name {}\n    };\n}\n\nwords! {\n    /// What it is.\n    Kind, \"a\", {}\n}\n\
                     words! {\n    /// Another.\n    #[schema(as = a::Other)]\n    State, \"a\", {}\n}\n";
        let other = "/// A kind.\n#[derive(Clone, ToSchema)]\n#[serde(deny)]\npub struct Kind {}\n\
                     #[derive(Clone)]\npub struct Plain;\n\
                     #[derive(\n    Debug,\n    ToSchema,\n)]\n#[schema(as = b::State)]\npub enum State {}\n";
        let tree = Tree::of(&[
            ("crates/a/src/model.rs", words),
            ("crates/b/src/wire.rs", other),
            (
                "crates/b/tests/wire.rs",
                "#[derive(ToSchema)]\nstruct Kind;\n",
            ),
        ]);
        let found = have_names_of_their_own(&tree);
        let places: Vec<(&str, usize)> = found
            .iter()
            .map(|finding| (finding.path.as_str(), finding.line))
            .collect();
        assert_eq!(
            places,
            [("crates/a/src/model.rs", 8), ("crates/b/src/wire.rs", 2)]
        );
        assert!(found[0].advice.contains("Kind"), "{}", found[0].advice);
    }
}
