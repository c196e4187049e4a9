//! What a field takes is told in the reader's words, whichever room refuses it.

use std::{collections::BTreeSet, fs, path::Path};

use kernel::{Language, Timestamp};
use web::words::{Words, key};

/// What only programs and files can break: no form of a page leads there.
const FOR_PROGRAMS: &[&str] = &[
    "1 or more",
    "1 to 1000 with h, d, mo or bd; at-once; or promptly",
    "1 to 200",
    "1 to 500 at once",
    "a class of RSIT such as availability, or with a type such as availability/ddos",
    "a form of this page",
    "a sector code of NIS2 such as health",
    "a value of this table, as the answer names it",
    "ar, en, es, fr, ru or zh",
    "associated, contributed or caused",
    "each factor once",
    "en or zh",
    "entries in the order of their numbers",
    "exact, at_least, at_most, about or range",
    "is the name of the file",
    "is the row of a statement of the file",
    "sealed, held or destroyed",
    "stands with every stated value",
    "who closed it",
    "who entered it, and when",
    "who judged, in 1 to 200 bytes",
    "who said so, when, and why",
    "yes, no, or nothing",
];

/// The text of the literal that begins here, and what stands behind it.
fn literal(text: &str) -> Option<String> {
    let mut read = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => return Some(read),
            '\\' => read.push(chars.next()?),
            one => read.push(one),
        }
    }
}

/// What the sources of a folder say that a field takes.
fn rules(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rules(&path, found);
            continue;
        }
        let whole = fs::read_to_string(&path).unwrap();
        let production = whole.split("#[cfg(test)]").next().unwrap();
        let stated = production.split("rule: \"").skip(1).filter_map(literal);
        found.extend(stated);
        for call in ["broken(", "invalid("] {
            for rest in production.split(call).skip(1) {
                let last = rest.split(')').next().unwrap().rsplit(", \"").next();
                let last = last.map(|text| text.trim().trim_start_matches('"'));
                let said = last.and_then(literal).filter(|text| text.contains(' '));
                found.extend(said);
            }
        }
    }
}

#[test]
fn what_a_field_takes_has_its_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    rules(&root.join("../incidents/src"), &mut found);
    rules(&root.join("src/pages"), &mut found);
    assert!(found.len() > 100, "only {} rules", found.len());
    let words = Words::new(Language::Zh, Timestamp::from_micros(0));
    let missing: Vec<&String> = found
        .iter()
        .filter(|rule| !FOR_PROGRAMS.contains(&rule.as_str()))
        .filter(|rule| words.find(&key("rule", rule), &[]).is_none())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
