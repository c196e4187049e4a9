//! Rules about tests.

use crate::tidy::{Finding, tree::Tree};

/// Unfinished work, and tests that do not count.
pub(crate) fn nothing_is_left_out(tree: &Tree) -> Vec<Finding> {
    const MARKS: &[(&str, &str)] = &[
        ("todo!(", "finish it"),
        ("unimplemented!(", "finish it"),
        (
            "#[ignore",
            "make the test run or remove it: one that does not run proves nothing",
        ),
        ("#[should_panic", "assert on the error that is returned"),
        ("FIXME", "mend it, or open an issue and say nothing here"),
    ];
    let mut findings = Vec::new();
    for source in tree
        .rust()
        .filter(|source| !source.path.starts_with("xtask/src/tidy/"))
    {
        for (line, text) in source.numbered() {
            for (mark, advice) in MARKS {
                if text.contains(mark) {
                    findings.push(Finding::new(
                        &source.path,
                        line,
                        "unfinished",
                        format!("{mark}: {advice}"),
                    ));
                }
            }
        }
    }
    findings
}

/// Time in tests is the clock's.
pub(crate) fn nobody_sleeps(tree: &Tree) -> Vec<Finding> {
    let sources = tree.rust().filter(|source| source.house_crate().is_some());
    sources
        .flat_map(|source| {
            source
                .tests()
                .filter(|(_, text)| {
                    text.contains("thread::sleep(") || text.contains("time::sleep(")
                })
                .map(|(line, _)| {
                    let advice =
                        "a test does not sleep: move the ManualClock, or wait for the event itself";
                    Finding::new(&source.path, line, "sleep", advice)
                })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_work_is_found() {
        let tree = Tree::of(&[(
            "crates/a/src/lib.rs",
            "fn a() {\n    todo!()\n}\n#[ignore]\nfn b() {}\n",
        )]);
        let lines: Vec<_> = nothing_is_left_out(&tree)
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(lines, [2, 4]);
    }

    #[test]
    fn a_sleeping_test_is_found_a_sleeping_clock_is_not() {
        let tree = Tree::of(&[
            (
                "crates/a/src/clock.rs",
                "tokio::time::sleep(x);\n#[cfg(test)]\nmod tests {\ntokio::time::sleep(x);\n}\n",
            ),
            (
                "crates/a/tests/b.rs",
                "\nstd::thread::sleep(x);\n// thread::sleep(\n",
            ),
        ]);
        let found: Vec<_> = nobody_sleeps(&tree)
            .into_iter()
            .map(|finding| (finding.path, finding.line))
            .collect();
        assert_eq!(
            found,
            [
                ("crates/a/src/clock.rs".to_owned(), 4),
                ("crates/a/tests/b.rs".to_owned(), 2)
            ]
        );
    }
}
