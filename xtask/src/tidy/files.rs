//! Rules about files as such.

use std::{fs, path::Path};

use crate::{
    shell,
    tidy::{Finding, tree::Tree},
};

const LINES_MAX: usize = 400;

pub(crate) fn are_short(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter_map(|source| {
            let lines = source.text.lines().count();
            let advice = format!("{lines} lines, {LINES_MAX} at most: split it by meaning");
            (lines > LINES_MAX).then(|| Finding::new(&source.path, lines, "length", advice))
        })
        .collect()
}

const HEAD: &str = "#![forbid(unsafe_code)]";
/// The one crate root that lets one module have unsafe code, and what else its files may not say.
const RAW_ROOT: &str = "crates/matcher/src/lib.rs";
const RAW_SOURCES: &str = "crates/matcher/src/";
const RAW: &str = "mod raw;";
const LINT: &str = "unsafe_code";

pub(crate) fn forbid_unsafe_code(tree: &Tree) -> Vec<Finding> {
    let roots = tree
        .rust()
        .filter(|source| is_crate_root(&source.path) && source.path != RAW_ROOT)
        .filter(|source| !source.text.lines().any(|line| line == HEAD))
        .map(|source| (source, format!("begin the crate with {HEAD}")));
    let raw = tree
        .rust()
        .filter(|source| source.path.starts_with(RAW_SOURCES))
        .filter(|source| {
            let expected = usize::from(source.path == RAW_ROOT);
            source.text.matches(LINT).count() != expected
                || expected == 1 && !is_expected_of_raw(&source.text)
        })
        .map(|source| {
            let advice = format!("unsafe code is expected in {RAW_ROOT}, of `{RAW}` alone");
            (source, advice)
        });
    let findings = roots.chain(raw);
    findings
        .map(|(source, advice)| Finding::new(&source.path, 1, "unsafe", advice))
        .collect()
}

/// Whether the attribute with the lint is one of the module.
fn is_expected_of_raw(text: &str) -> bool {
    let attribute = text.split("#[expect(").find(|rest| rest.contains(LINT));
    let item = attribute.and_then(|rest| rest.split_once(")]\n"));
    item.is_some_and(|(_, item)| item.starts_with(RAW))
}

/// A test whose golden file differs leaves a new one beside it; nobody may forget that.
pub(crate) fn goldens_are_clean(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<_> = tree.paths.iter().filter_map(|path| pending(path)).collect();
    // Git may be told to ignore such files; this rule is not.
    let root = shell::root();
    for folder in ["crates", "e2e", "xtask"] {
        walk(&root.join(folder), &mut |path| {
            let path = path.strip_prefix(&root).unwrap_or(path).to_string_lossy();
            if !tree.paths.iter().any(|known| *known == path) {
                findings.extend(pending(&path));
            }
        });
    }
    findings
}

fn pending(path: &str) -> Option<Finding> {
    let is_pending = path.ends_with(".snap.new") || path.ends_with(".pending-snap");
    is_pending.then(|| {
        let advice = "a golden file waits for a decision: run `cargo xtask bless` or mend the code";
        Finding::new(path, 0, "golden", advice)
    })
}

fn is_crate_root(path: &str) -> bool {
    path.ends_with("src/lib.rs") || path.ends_with("src/main.rs")
}

fn walk(folder: &Path, see: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, see);
        } else {
            see(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found() {
        let fits = "x\n".repeat(LINES_MAX);
        let long = "x\n".repeat(LINES_MAX + 1);
        let tree = Tree::of(&[("a.rs", &fits), ("b.rs", &long), ("c.ftl", &long)]);
        let found = are_short(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "b.rs");
    }

    #[test]
    fn a_crate_root_without_the_head_is_found() {
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", "//! A.\n#![forbid(unsafe_code)]\n"),
            ("crates/b/src/main.rs", "// #![forbid(unsafe_code)]\n"),
            ("crates/b/src/other.rs", ""),
        ]);
        let found = forbid_unsafe_code(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "crates/b/src/main.rs");
    }

    #[test]
    fn unsafe_code_is_expected_of_one_module_alone() {
        let root =
            |item: &str| format!("#[expect(\n    unsafe_code,\n    reason = \"…\"\n)]\n{item}\n");
        let check = |root: &str, other: &str| {
            let other = ("crates/matcher/src/scan/mod.rs", other);
            forbid_unsafe_code(&Tree::of(&[(RAW_ROOT, root), other])).len()
        };
        assert_eq!(check(&root("mod raw;"), ""), 0);
        assert_eq!(check(&root("mod scan;\nmod raw;"), ""), 1);
        assert_eq!(check("mod raw;\n", ""), 1);
        assert_eq!(check(&root("mod raw;").repeat(2), ""), 1);
        assert_eq!(check(&root("mod raw;"), "#[expect(unsafe_code)]\n"), 1);
    }

    #[test]
    fn a_pending_golden_file_is_found() {
        let tree = Tree::of(&[("crates/a/tests/snapshots/x.snap.new", "")]);
        assert_eq!(goldens_are_clean(&tree).len(), 1);
    }
}
