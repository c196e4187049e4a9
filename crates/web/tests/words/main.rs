//! The words of the pages are complete: in every language, for every key, and none too many.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod families;
mod rooms;
mod rules;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};
use kernel::{Language, Timestamp};
use web::words::{WRITTEN, Words, key};

type Messages = BTreeMap<String, BTreeSet<String>>;

fn messages(text: &str) -> Messages {
    let resource = parser::parse(text).map_err(|(_, errors)| errors).unwrap();
    let mut messages = Messages::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else {
            continue;
        };
        let mut variables = BTreeSet::new();
        collect(message.value.as_ref().unwrap(), &mut variables);
        let known = messages.insert(message.id.name.to_owned(), variables);
        assert!(known.is_none(), "{} stands twice", message.id.name);
    }
    messages
}

fn collect(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                for variant in variants {
                    collect(&variant.value, variables);
                }
                selector
            }
        };
        if let InlineExpression::VariableReference { id } = inline {
            variables.insert(id.name.to_owned());
        }
    }
}

/// The program's text: templates and Rust, without tests.
fn program() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    let mut folders = vec![
        root.join("src"),
        root.join("templates"),
        root.join("examples"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let whole = fs::read_to_string(path).unwrap();
                text.push_str(whole.split("#[cfg(test)]").next().unwrap());
            }
        }
    }
    text
}

fn literals(text: &str) -> BTreeSet<&str> {
    text.split('"')
        .filter(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
        .collect()
}

#[test]
fn every_language_has_every_sentence_with_its_parameters() {
    let english = messages(WRITTEN[0].1);
    for (language, text) in WRITTEN {
        let other = messages(text);
        let keys = |messages: &Messages| messages.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(&english), keys(&other), "{}", language.tag());
        for (key, variables) in &other {
            assert!(
                variables.is_subset(&english[key]),
                "{key} in {} takes {variables:?}",
                language.tag()
            );
        }
    }
}

#[test]
fn every_sentence_that_the_program_asks_for_is_there() {
    let (mut english, program) = (messages(WRITTEN[0].1), program());
    // The reporter's pages have words of their own, in more languages.
    english.extend(messages(include_str!("../../i18n-report/en.ftl")));
    let asked = [
        ".t(\"", ".t1(\"", ".t2(\"", ".t3(\"", ".with(\"", ".find(\"",
    ]
    .into_iter()
    .flat_map(|call| program.split(call).skip(1))
    .map(|rest| rest.split('"').next().unwrap())
    .filter(|key| !key.contains('{'));
    let missing: BTreeSet<&str> = asked.filter(|key| !english.contains_key(*key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn no_sentence_is_kept_that_nothing_shows() {
    let (english, program) = (messages(WRITTEN[0].1), program());
    let literals = literals(&program);
    let in_family = |key: &str| {
        families::FAMILIES.iter().any(|family| {
            key.strip_prefix(family)
                .is_some_and(|rest| rest.starts_with('-'))
        })
    };
    let unused: Vec<&String> = english
        .keys()
        .filter(|key| !literals.contains(key.as_str()) && !in_family(key))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_sentence_can_be_completed() {
    for (language, text) in WRITTEN {
        let words = Words::new(language, Timestamp::from_micros(0));
        for (key, variables) in messages(text) {
            let arg = |name| -> (&str, &dyn web::words::Arg) { (name, &3_u64) };
            let args: Vec<_> = variables.iter().map(|name| arg(name.as_str())).collect();
            let sentence = words.find(&key, &args).unwrap();
            assert!(!sentence.contains("{$"), "{key}: {sentence}");
        }
    }
}

/// The codes that exchanges with other servers tell, as literals of their sources.
fn told_codes() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = ["taxii/src/client", "misp/src/sync", "intel/src/remotes"];
    let mut files = vec![
        root.join("formats/misp/src/error.rs"),
        root.join("intel/src/remotes.rs"),
        root.join("intel/src/ops/remote/run.rs"),
    ];
    for folder in folders {
        files.extend(
            fs::read_dir(root.join(folder))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.is_file()),
        );
    }
    let mut codes = BTreeSet::new();
    for file in files {
        let whole = fs::read_to_string(file).unwrap();
        let production = whole.split("#[cfg(test)]").next().unwrap();
        let literals = production.split('"').skip(1).step_by(2);
        codes.extend(literals.filter_map(|literal| {
            let (face, rest) = literal.split_once('.')?;
            let is_word = |text: &str| {
                let fits = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
                !text.is_empty() && text.bytes().all(fits)
            };
            let is_code = ["taxii", "misp", "intel"].contains(&face) && is_word(rest);
            is_code.then(|| literal.to_owned())
        }));
    }
    codes
}

#[test]
fn what_an_exchange_tells_has_its_words() {
    let words = Words::new(Language::Zh, Timestamp::from_micros(0));
    let codes = told_codes();
    assert!(codes.len() > 60, "only {} codes", codes.len());
    let is_said = |code: &&String| {
        ["why", "error"]
            .iter()
            .any(|family| words.find(&key(family, code), &[]).is_some())
    };
    let missing: Vec<_> = codes.iter().filter(|code| !is_said(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for (family, codes) in [
        (
            "remote-step",
            &[
                "ours",
                "name",
                "network",
                "connect",
                "tls",
                "answer",
                "authentication",
                "version",
                "root",
                "collection",
                "readable",
                "writable",
                "objects",
                "defect",
                "perm_sync",
                "selection",
                "index",
                "manifest",
            ][..],
        ),
        ("run-outcome", &["running", "complete", "cut", "failed"]),
        ("note-kind", &["refused", "defect", "withheld", "withdrawn"]),
        ("note-tab", &["refused", "defect", "withheld", "withdrawn"]),
    ] {
        for code in codes {
            assert!(
                words.find(&key(family, code), &[]).is_some(),
                "{family} {code}"
            );
        }
    }
}
