//! Rules about the manifests: who may use whom.

use std::path::Path;

use crate::{
    tidy::{Finding, tree::Tree},
    workspace::Member,
};

/// The order of the house: a crate uses only crates that stand before it. The test kit stands
/// before the command line because the demo is a fleet of nodes.
const ORDER: &[&str] = &[
    "kernel",
    "stix",
    "matcher",
    "ledger",
    "seal",
    "formats-misp",
    "indicators",
    "db",
    "queue",
    "audit",
    "outward",
    "mail",
    "access",
    "directory",
    "federation",
    "intel",
    "incidents",
    "constituency",
    "infrastructure",
    "mailbox",
    "exchange",
    "share",
    "landscape",
    "taxii",
    "misp",
    "web",
    "server",
    "testkit",
    "cli",
];

/// Engines know nothing of Comity and can be published alone.
const ENGINES: &[&str] = &["stix", "matcher", "ledger", "seal", "formats-misp"];

/// What an engine may use of the others. MISP is turned into STIX and back, and a second reader and
/// printer of patterns, markings and ids would be one that differs.
const OF_ENGINES: &[(&str, &str)] = &[("formats-misp", "stix")];

pub(crate) fn follow_the_order_of_the_house(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in house(tree) {
        let name = member.name.as_str();
        let Some(place) = place(name) else {
            let advice = format!(
                "{name} has no place in the house: give it one in xtask/src/tidy/manifests.rs"
            );
            findings.push(Finding::new(&manifest(member), 1, "order", advice));
            continue;
        };
        for used in &member.dependencies {
            let above = self::place(used);
            let wrong = match above {
                None => false,
                Some(_) if OF_ENGINES.contains(&(name, used.as_str())) => false,
                Some(_) if ENGINES.contains(&name) => true,
                Some(above) => above >= place,
            };
            if wrong {
                let advice = if ENGINES.contains(&name) {
                    format!("{name} is an engine and uses no crate of the house: remove {used}")
                } else {
                    format!(
                        "{name} stands before {used} in the house and cannot use it: turn the call round, or hand the thing in"
                    )
                };
                findings.push(Finding::new(
                    &manifest(member),
                    line_of(tree, member, used),
                    "order",
                    advice,
                ));
            }
        }
    }
    findings
}

pub(crate) fn share_the_lints(tree: &Tree) -> Vec<Finding> {
    tree.members
        .iter()
        .filter_map(|member| tree.find(&manifest(member)))
        .filter(|source| !source.text.contains("[lints]\nworkspace = true"))
        .map(|source| {
            Finding::new(
                &source.path,
                1,
                "lints",
                "add `[lints]` with `workspace = true`",
            )
        })
        .collect()
}

/// Versions and features of what others made stand once, in the workspace table.
pub(crate) fn name_features(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(root) = tree.find("Cargo.toml") {
        for (line, text) in root.numbered() {
            if text.contains("version = \"")
                && text.contains(" = {")
                && !text.contains("default-features = false")
            {
                findings.push(Finding::new(
                    "Cargo.toml",
                    line,
                    "features",
                    "say `default-features = false` and name what is needed",
                ));
            }
        }
    }
    for source in tree
        .members
        .iter()
        .filter_map(|member| tree.find(&manifest(member)))
    {
        let mut in_dependencies = false;
        for (line, text) in source.numbered() {
            if let Some(table) = text.strip_prefix('[') {
                in_dependencies = table.contains("dependencies]");
            } else if in_dependencies
                && text.contains('=')
                && !text.contains("workspace = true")
                && !text.contains("path = \".\"")
            {
                findings.push(Finding::new(
                    &source.path,
                    line,
                    "features",
                    "take the dependency from the workspace table",
                ));
            }
        }
    }
    findings
}

/// Only `db` speaks to the engines; stores ask it by `db::query`.
pub(crate) fn keep_sql_in_few_hands(tree: &Tree) -> Vec<Finding> {
    house(tree)
        .filter(|member| member.name != "db")
        .filter(|member| member.dependencies.iter().any(|used| used == "sqlx"))
        .map(|member| {
            let advice = "statements are made with db::query, in a store";
            Finding::new(
                &manifest(member),
                line_of(tree, member, "sqlx"),
                "sql-hands",
                advice,
            )
        })
        .collect()
}

fn house(tree: &Tree) -> impl Iterator<Item = &Member> {
    tree.members
        .iter()
        .filter(|member| member.folder.starts_with(Path::new("crates")))
}

fn place(name: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == name)
}

fn manifest(member: &Member) -> String {
    format!("{}/Cargo.toml", member.folder.display())
}

fn line_of(tree: &Tree, member: &Member, dependency: &str) -> usize {
    let source = tree.find(&manifest(member));
    let found = source.and_then(|source| {
        let mut lines = source.numbered();
        lines.find(|(_, text)| {
            text.strip_prefix(dependency)
                .is_some_and(|rest| rest.starts_with(['.', ' ']))
        })
    });
    found.map_or(1, |(line, _)| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(name: &str, dependencies: &[&str]) -> Tree {
        let text = format!(
            "[package]\n\n[dependencies]\n{}.workspace = true\n",
            dependencies.join(".workspace = true\n")
        );
        let mut tree = Tree::of(&[(&format!("crates/{name}/Cargo.toml"), &text)]);
        tree.members.push(Member {
            name: name.into(),
            folder: format!("crates/{name}").into(),
            dependencies: dependencies.iter().map(|&name| name.into()).collect(),
            has_library: true,
        });
        tree
    }

    #[test]
    fn a_crate_uses_only_what_stands_before_it() {
        assert_eq!(
            follow_the_order_of_the_house(&tree("access", &["audit", "serde"])),
            []
        );
        let found = follow_the_order_of_the_house(&tree("access", &["audit", "exchange"]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rule, found[0].line), ("order", 5));
        assert_eq!(
            follow_the_order_of_the_house(&tree("seal", &["kernel"])).len(),
            1
        );
        assert_eq!(
            follow_the_order_of_the_house(&tree("novelty", &[])).len(),
            1
        );
    }

    #[test]
    fn lints_versions_and_sql_are_shared() {
        assert_eq!(share_the_lints(&tree("access", &["audit"])).len(), 1);
        for name in ["web", "queue", "audit"] {
            assert_eq!(keep_sql_in_few_hands(&tree(name, &["sqlx"])).len(), 1);
        }
        assert_eq!(keep_sql_in_few_hands(&tree("db", &["sqlx"])), []);
        let mut own = tree("web", &["serde"]);
        assert_eq!(name_features(&own), []);
        own.sources[0].text.push_str("rand = \"0.9\"\n");
        assert_eq!(name_features(&own).len(), 1);
    }
}
