//! The words of the pages are complete: in every language, for every key, and none too many.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

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

/// Keys that are made at run time, by what stands before their code.
const FAMILIES: &[&str] = &[
    "act",
    "answer",
    "attribution",
    "bound",
    "clarify-part",
    "confidence",
    "contact-kind",
    "contact-status",
    "cross-border",
    "decision",
    "decline",
    "determination",
    "error",
    "event",
    "evidence",
    "flash",
    "gone",
    "grade",
    "hours",
    "incident-kind",
    "investigation",
    "kind",
    "kind-purpose",
    "kind-title",
    "language",
    "link",
    "log",
    "mark",
    "measure",
    "mode",
    "mode-switch-to",
    "month",
    "nav",
    "norm",
    "outcome",
    "paper-asked",
    "party-state",
    "problem",
    "role",
    "rsit",
    "said",
    "scope",
    "search",
    "sector",
    "settings",
    "stage",
    "statement",
    "status",
    "tab",
    "theme",
    "thread-state",
    "unit",
    "urgency",
    "urgency-basis",
    "user-state",
    "verb",
];

type Messages = BTreeMap<String, BTreeSet<String>>;

fn messages(text: &str) -> Messages {
    let resource = parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
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
    let mut folders = vec![root.join("src"), root.join("templates")];
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
    let (english, program) = (messages(WRITTEN[0].1), program());
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
        FAMILIES.iter().any(|family| {
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
            let args: Vec<(&str, &dyn web::words::Arg)> = variables
                .iter()
                .map(|name| (name.as_str(), &3_u64 as &dyn web::words::Arg))
                .collect();
            let sentence = words.find(&key, &args).unwrap();
            assert!(!sentence.contains("{$"), "{key}: {sentence}");
        }
    }
}

#[test]
fn the_closed_lists_of_the_rooms_have_their_words() {
    let words = Words::new(Language::Zh, Timestamp::from_micros(0));
    let named = |family: &str, code: &str| {
        assert!(
            words.find(&key(family, code), &[]).is_some(),
            "{family} {code}"
        );
    };
    incidents::model::Rsit::all().for_each(|rsit| named("rsit", &rsit.to_string()));
    incidents::model::Sector::all().for_each(|sector| named("sector", sector.as_str()));
    incidents::model::Determination::ALL
        .iter()
        .for_each(|one| named("determination", one.as_str()));
    incidents::model::StatementKind::ALL
        .iter()
        .for_each(|one| named("statement", one.as_str()));
    incidents::state::Stage::ALL
        .iter()
        .for_each(|one| named("investigation", one.as_str()));
    incidents::state::Event::ALL
        .iter()
        .for_each(|one| named("stage", one.as_str()));
    directory::model::ContactKind::ALL
        .iter()
        .for_each(|one| named("contact-kind", one.as_str()));
    directory::model::Duty::ALL
        .iter()
        .for_each(|one| named("hours", one.as_str()));
    directory::model::Standing::ALL
        .iter()
        .filter(|one| one.as_str() != "removed")
        .for_each(|one| named("contact-status", one.as_str()));
    kernel::Role::ALL
        .iter()
        .for_each(|role| named("role", role.as_str()));
    kernel::Scope::ALL
        .iter()
        .for_each(|scope| named("scope", scope.as_str()));
}
