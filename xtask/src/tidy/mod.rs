//! `cargo xtask tidy`: the rules of the house that no compiler checks.
//!
//! Each rule is a function from the tree to findings, names the file and the line, and says what to
//! do. A rule that has to give way somewhere is silenced on that line, with its reason:
//! `// tidy: RULE: why`. A silence that silences nothing is a finding itself.

mod code;
mod documents;
mod files;
mod locales;
mod manifests;
mod schemas;
mod sql;
mod store;
mod tests_rules;
mod tree;

use std::fmt;

use anyhow::{Result, bail};

use crate::{
    args::Args,
    shell,
    tidy::tree::{Source, Tree},
    workspace,
};

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    documents::links_lead_somewhere,
    documents::the_overview_is_one_read,
    documents::no_machine_is_named,
    files::are_short,
    files::forbid_unsafe_code,
    files::goldens_are_clean,
    locales::are_complete,
    locales::know_every_code,
    manifests::follow_the_order_of_the_house,
    manifests::share_the_lints,
    manifests::name_features,
    manifests::keep_sql_in_few_hands,
    schemas::have_names_of_their_own,
    sql::stands_in_its_place,
    sql::names_its_columns,
    store::functions_are_tested,
    tests_rules::nothing_is_left_out,
    tests_rules::nobody_sleeps,
];

pub(crate) fn run(args: Args) -> Result<()> {
    args.finish()?;
    shell::step("tidy");
    let tree = Tree::read(workspace::members()?)?;
    let findings = findings(&tree);
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings", findings.len());
    }
    println!(
        "{} files, {} rules, nothing found",
        tree.sources.len(),
        RULES.len()
    );
    Ok(())
}

/// What is not as it should be, where, and what to do.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Finding {
    path: String,
    /// Counted from one; zero for the file as a whole.
    line: usize,
    rule: &'static str,
    advice: String,
}

impl Finding {
    fn new(path: &str, line: usize, rule: &'static str, advice: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            rule,
            advice: advice.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}: {}",
            self.path,
            self.line.max(1),
            self.rule,
            self.advice
        )
    }
}

fn findings(tree: &Tree) -> Vec<Finding> {
    let all = RULES.iter().flat_map(|rule| rule(tree));
    let silences: Vec<_> = tree.sources.iter().flat_map(silences).collect();
    let mut used = vec![false; silences.len()];
    let mut findings: Vec<_> = all
        .filter(|finding| {
            let silence = silences.iter().position(|silence| silence.covers(finding));
            if let Some(used) = silence.and_then(|at| used.get_mut(at)) {
                *used = true;
            }
            silence.is_none()
        })
        .collect();
    let unused = silences.iter().zip(used).filter(|(_, used)| !used);
    findings.extend(unused.map(|(silence, _)| {
        let advice = format!(
            "nothing is found here by {:?}: remove the comment",
            silence.rule
        );
        Finding::new(silence.path, silence.line, "silence", advice)
    }));
    findings.sort();
    findings
}

/// A comment `// tidy: RULE: why`, for its own line and the next.
struct Silence<'a> {
    path: &'a str,
    line: usize,
    rule: &'a str,
}

impl Silence<'_> {
    fn covers(&self, finding: &Finding) -> bool {
        self.path == finding.path
            && self.rule == finding.rule
            && (self.line == finding.line || self.line + 1 == finding.line)
    }
}

fn silences(source: &Source) -> Vec<Silence<'_>> {
    if source.path.starts_with("xtask/") || !source.is_rust() {
        return Vec::new();
    }
    source
        .numbered()
        .filter_map(|(line, text)| {
            let (_, comment) = text.split_once("// tidy: ")?;
            let (rule, why) = comment.split_once(": ")?;
            (!why.trim().is_empty()).then_some(Silence {
                path: &source.path,
                line,
                rule,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_needs_a_reason_and_a_use() {
        let sleeping = |comment: &str| {
            let text = format!("#![forbid(unsafe_code)]\n{comment}\nthread::sleep(wait);\n");
            let tree = Tree::of(&[("crates/db/tests/a.rs", &text)]);
            findings(&tree)
                .into_iter()
                .map(|finding| finding.rule)
                .collect::<Vec<_>>()
        };
        assert_eq!(sleeping(""), ["sleep"]);
        assert_eq!(
            sleeping("// tidy: sleep: the kernel gives no event for this"),
            [""; 0]
        );
        assert_eq!(sleeping("// tidy: sleep: "), ["sleep"]);
        assert_eq!(sleeping("// tidy: length: a reason"), ["silence", "sleep"]);
    }
}
