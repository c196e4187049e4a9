//! What a field takes is told in the reader's words, whichever room refuses it.

use std::{collections::BTreeSet, fs, path::Path};

use kernel::{Language, Timestamp};
use web::words::{WRITTEN, Words, key};

use super::messages;

/// What only programs and files can break: no form of a page leads there.
const FOR_PROGRAMS: &[&str] = &[
    "1 or more",
    "1 to 1000 with h, d, mo or bd; at-once; or promptly",
    "1 to 200",
    "1 to 500 at once",
    "a class of RSIT such as availability, or with a type such as availability/ddos",
    "a form of this page",
    "a month such as 2026-02, or a year of which the month is not known",
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

/// Gives each source of a folder.
fn sources(folder: &Path, give: &mut impl FnMut(&str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, give);
        } else {
            give(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// What a source says that a field takes.
fn rules(whole: &str, found: &mut BTreeSet<String>) {
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

#[test]
fn what_a_field_takes_has_its_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for folder in ["../incidents/src", "src/pages"] {
        sources(&root.join(folder), &mut |whole| rules(whole, &mut found));
    }
    assert!(found.len() > 100, "only {} rules", found.len());
    let words = Words::new(Language::Zh, Timestamp::from_micros(0));
    let missing: Vec<&String> = found
        .iter()
        .filter(|rule| !FOR_PROGRAMS.contains(&rule.as_str()))
        .filter(|rule| words.find(&key("rule", rule), &[]).is_none())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Remarks whose sentences name a number.
const NAMING: [&str; 4] = ["json", "no-utf-8", "version", "zero"];

#[test]
fn what_is_told_of_a_file_is_what_its_readers_say() {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("../incidents/src/formats");
    let mut found: BTreeSet<String> = NAMING.iter().map(|one| key("import-why", one)).collect();
    // What the readers can say stands as literals in their sources.
    sources(&formats, &mut |whole| {
        found.extend(whole.split('"').map(|text| key("import-why", text)));
    });
    let told = messages(WRITTEN[0].1).into_keys();
    let told = told.filter(|one| one.starts_with("import-why-"));
    let lost: Vec<String> = told.filter(|one| !found.contains(one)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}
