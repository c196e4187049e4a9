//! Rules about what people read.

use std::path::{Component, Path, PathBuf};

use crate::{
    shell,
    tidy::{
        Finding,
        tree::{Source, Tree},
    },
};

const OVERVIEW: &str = "ARCHITECTURE.md";
const OVERVIEW_LINES_MAX: usize = 300;

/// Links inside the project lead to files that are there.
pub(crate) fn links_lead_somewhere(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in tree.sources.iter().filter(|source| source.ends_in("md")) {
        for (line, text) in source.numbered() {
            for target in links(text) {
                let folder = Path::new(&source.path).parent().unwrap_or(Path::new(""));
                let path = flatten(&folder.join(target));
                let is_there = tree
                    .paths
                    .iter()
                    .any(|known| Path::new(known).starts_with(&path));
                if !is_there {
                    findings.push(Finding::new(
                        &source.path,
                        line,
                        "link",
                        format!("{target} is not there"),
                    ));
                }
            }
        }
    }
    findings
}

pub(crate) fn the_overview_is_one_read(tree: &Tree) -> Vec<Finding> {
    let Some(source) = tree.find(OVERVIEW) else {
        return Vec::new();
    };
    let lines = source.text.lines().count();
    if lines < OVERVIEW_LINES_MAX {
        return Vec::new();
    }
    let advice = format!("{lines} lines: it is read in one go only below {OVERVIEW_LINES_MAX}");
    vec![Finding::new(OVERVIEW, lines, "length", advice)]
}

/// A file that names the folder it was written in works nowhere else.
pub(crate) fn no_machine_is_named(tree: &Tree) -> Vec<Finding> {
    let root = shell::root();
    // A folder such as /tmp is on every machine; one below it belongs to somebody.
    let here = root
        .parent()
        .filter(|parent| parent.components().count() > 2)
        .unwrap_or(&root);
    let here = format!("{}/", here.display());
    tree.sources
        .iter()
        .flat_map(|source| named(source, &here))
        .collect()
}

fn named(source: &Source, here: &str) -> Vec<Finding> {
    source
        .numbered()
        .filter(|(_, text)| {
            text.match_indices(here).any(|(at, _)| {
                let before = text.get(..at).and_then(|before| before.chars().next_back());
                before.is_none_or(|letter| {
                    !letter.is_alphanumeric() && !matches!(letter, '.' | '-' | '_' | '}' | '/')
                })
            })
        })
        .map(|(line, _)| {
            Finding::new(
                &source.path,
                line,
                "machine",
                "name the path from the root of the project",
            )
        })
        .collect()
}

/// The targets of links and pictures in a line that lead into the project.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|after| {
        let target = after.split(')').next()?;
        let target = target.split('#').next()?;
        let leads_out =
            target.contains("://") || target.starts_with("mailto:") || target.is_empty();
        (!leads_out).then_some(target)
    })
}

fn flatten(path: &Path) -> PathBuf {
    let mut flat = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                flat.pop();
            }
            Component::CurDir => {}
            other => flat.push(other),
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_link_is_found() {
        let tree = Tree::of(&[
            (
                "docs/a.md",
                "[b](operators/b.md#top) [c](c.md) [d](https://example.org/)\n![e](../README.md)\n[f](operators)",
            ),
            ("docs/operators/b.md", "[x](#there)"),
            ("README.md", ""),
        ]);
        let found = links_lead_somewhere(&tree);
        assert_eq!(found.len(), 1);
        assert!(found[0].advice.starts_with("c.md"));
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        let source = Source {
            path: "a.md".into(),
            text: "see `/home/ada/notes`\nsee docs/home/ada/x\nsee ./home/ada/x\n".into(),
        };
        let lines: Vec<_> = named(&source, "/home/ada/")
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(lines, [1]);
    }
}
