//! Rules about words on screen: every language is complete.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::{
    Finding,
    tree::{Source, Tree},
};

const FOLDER: &str = "crates/web/i18n/";
const REFERENCE: &str = "en";

/// A message: where it stands and which variables it takes.
#[derive(Debug, PartialEq)]
struct Message {
    path: String,
    line: usize,
    variables: BTreeSet<String>,
}

type Messages = BTreeMap<String, Message>;

/// Each language has the messages of English and no other. It takes no variable that English does
/// not: a language without plurals may take fewer.
pub(crate) fn are_complete(tree: &Tree) -> Vec<Finding> {
    let languages = languages(tree);
    let Some(reference) = languages.get(REFERENCE) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (language, messages) in languages
        .iter()
        .filter(|(language, _)| **language != REFERENCE)
    {
        for (key, expected) in reference {
            match messages.get(key) {
                None => findings.push(Finding::new(
                    &expected.path,
                    expected.line,
                    "locale",
                    format!("{key} is missing in {language}"),
                )),
                Some(found) if !found.variables.is_subset(&expected.variables) => {
                    let advice = format!(
                        "{key} takes {:?} in {REFERENCE}, {:?} here",
                        expected.variables, found.variables
                    );
                    findings.push(Finding::new(&found.path, found.line, "locale", advice));
                }
                Some(_) => {}
            }
        }
        for (key, found) in messages
            .iter()
            .filter(|(key, _)| !reference.contains_key(*key))
        {
            findings.push(Finding::new(
                &found.path,
                found.line,
                "locale",
                format!("{key} is not in {REFERENCE}: remove it or add it there"),
            ));
        }
    }
    findings
}

/// Crates whose errors no page shows: what goes wrong there is ours and shown as an id, or (`stix`,
/// `matcher`, those in `formats`) is said on the command line.
const INNER: &[&str] = &[
    "stix", "matcher", "formats", "ledger", "seal", "queue", "audit",
];

/// Each error code that a reader may meet has a message: `thread.already_closed` is
/// `error-thread-already-closed`.
pub(crate) fn know_every_code(tree: &Tree) -> Vec<Finding> {
    let languages = languages(tree);
    let Some(reference) = languages.get(REFERENCE) else {
        return Vec::new();
    };
    let rooms = tree.rust().filter(|source| {
        let faces_readers = source
            .house_crate()
            .is_some_and(|name| !INNER.contains(&name));
        faces_readers && source.path.ends_with("/error.rs")
    });
    let mut findings = Vec::new();
    for source in rooms {
        for (line, text) in source.production() {
            for code in codes(text) {
                let key = format!("error-{}", code.replace(['.', '_'], "-"));
                if !reference.contains_key(&key) {
                    let advice = format!(
                        "nobody is told what {code} means: add {key} to {FOLDER}{REFERENCE}"
                    );
                    findings.push(Finding::new(&source.path, line, "code", advice));
                }
            }
        }
    }
    findings
}

fn languages(tree: &Tree) -> BTreeMap<&str, Messages> {
    let mut languages: BTreeMap<&str, Messages> = BTreeMap::new();
    for source in tree.sources.iter().filter(|source| source.ends_in("ftl")) {
        let Some(name) = source.path.strip_prefix(FOLDER) else {
            continue;
        };
        let language = name.split(['/', '.']).next().unwrap_or_default();
        languages
            .entry(language)
            .or_default()
            .extend(messages(source));
    }
    languages
}

/// The messages of a Fluent file, attributes as `message.attribute`. What is private to a language,
/// its terms (`-term`), is left out.
fn messages(source: &Source) -> Messages {
    let mut messages = Messages::new();
    let mut top = String::new();
    let mut current = None;
    for (line, text) in source.numbered().filter(|(_, text)| !text.starts_with('#')) {
        if let Some(key) = key(text) {
            key.clone_into(&mut top);
            current = (!key.starts_with('-')).then(|| key.to_owned());
        } else if let Some(attribute) = text.trim_start().strip_prefix('.').and_then(key)
            && !top.starts_with('-')
        {
            current = Some(format!("{top}.{attribute}"));
        } else if text.trim().is_empty() {
            continue;
        }
        if let Some(key) = &current {
            let message = messages.entry(key.clone()).or_insert_with(|| Message {
                path: source.path.clone(),
                line,
                variables: BTreeSet::new(),
            });
            message.variables.extend(variables(text));
        }
    }
    messages
}

fn key(text: &str) -> Option<&str> {
    let (key, _) = text.split_once('=')?;
    let key = key.trim_end();
    let is_key = key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-')
        && key
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'));
    is_key.then_some(key)
}

fn variables(text: &str) -> impl Iterator<Item = String> {
    text.split('$').skip(1).map(|after| {
        after
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
            .collect()
    })
}

/// Literals such as `"thread.already_closed"`.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    let literals = text.split('"').skip(1).step_by(2);
    literals.filter(|literal| {
        let mut parts = literal.split('.');
        let is_word = |part: Option<&str>| {
            part.is_some_and(|part| {
                !part.is_empty()
                    && part.chars().all(|letter| {
                        letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_'
                    })
            })
        };
        is_word(parts.next()) && is_word(parts.next()) && parts.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: &str = "# Desk\ndesk-title = Desk\ndesk-left = { $count ->\n    [one] one left\n   *[other] { $count } left\n }\n    .title = Help\n-brand = Comity\nerror-thread-already-closed = Closed\n";

    #[test]
    fn a_complete_language_passes() {
        let zh = EN.replace("-brand = Comity\n", "");
        let tree = Tree::of(&[
            ("crates/web/i18n/en.ftl", EN),
            ("crates/web/i18n/zh.ftl", &zh),
        ]);
        assert_eq!(are_complete(&tree), []);
    }

    #[test]
    fn missing_keys_attributes_and_variables_are_found() {
        let zh = EN
            .replace("desk-title", "desk-other")
            .replace("{ $count } left", "{ $number } left")
            .replace("    .title = Help\n", "");
        let tree = Tree::of(&[
            ("crates/web/i18n/en.ftl", EN),
            ("crates/web/i18n/zh.ftl", &zh),
        ]);
        let advice: Vec<_> = are_complete(&tree)
            .into_iter()
            .map(|finding| finding.advice)
            .collect();
        assert_eq!(advice.len(), 4, "{advice:?}");
        assert!(
            advice
                .iter()
                .any(|advice| advice.starts_with("desk-left.title is missing"))
        );
    }

    #[test]
    fn an_error_code_without_words_is_found() {
        let error = "Self::Closed => \"thread.already_closed\",\nSelf::Open => \"thread.open\",\n\"not a code. at all\"\n";
        let tree = Tree::of(&[
            ("crates/web/i18n/en.ftl", EN),
            ("crates/exchange/src/error.rs", error),
        ]);
        let found = know_every_code(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 2);
    }
}
