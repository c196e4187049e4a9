//! How SQLite runs the statements that are given many values at once, in `json_each`.
//!
//! A node's SQLite has no statistics. It may then take a whole table first and read the list of values
//! anew for each row of it, which nobody sees until a collection is large. So the list comes first.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use db::{Engine, query, scratch::Scratch};

/// Statements that are whole; the others are put together when they run, and are looked at where they
/// are.
const WHOLE_MIN: usize = 40;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The texts of a source that begin as a statement does.
fn statements(source: &str) -> Vec<String> {
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
    let mut found = Vec::new();
    let mut rest = source;
    while let Some((_, after)) = rest.split_once('"') {
        let mut text = String::new();
        let mut chars = after.char_indices();
        let mut end = after.len();
        while let Some((at, one)) = chars.next() {
            match one {
                '"' => {
                    end = at + 1;
                    break;
                }
                '\\' => match chars.next() {
                    Some((at, '\n')) => {
                        let line = after.get(at..).unwrap_or_default();
                        let spaces = line.len() - line.trim_start().len();
                        for _ in 1..spaces {
                            chars.next();
                        }
                    }
                    Some((_, escaped)) => text.push(escaped),
                    None => {}
                },
                one => text.push(one),
            }
        }
        if verbs.iter().any(|verb| text.starts_with(verb)) {
            found.push(text);
        }
        rest = after.get(end..).unwrap_or_default();
    }
    found
}

/// Whether a step reads the list of values within another step, and so once for each of its rows.
fn is_read_again(plan: &[(i64, i64, i64, String)]) -> bool {
    plan.windows(2).any(|pair| {
        let [(_, outer, _, first), (_, inner, _, second)] = pair else {
            return false;
        };
        let loops = first.starts_with("SEARCH ")
            || (first.starts_with("SCAN ") && !first.contains("CONSTANT ROW"));
        outer == inner && loops && second.contains("VIRTUAL TABLE")
    })
}

#[tokio::test]
async fn a_list_of_values_is_read_once() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for entry in fs::read_dir(&crates).unwrap() {
        let source = entry.unwrap().path().join("src");
        if source.is_dir() {
            sources(&source, &mut files);
        }
    }
    let scratch = Scratch::open(Engine::Sqlite).await;
    let mut tx = scratch.db.begin().await.unwrap();
    let (mut whole, mut bad) = (0, Vec::new());
    for file in files {
        for text in statements(&fs::read_to_string(&file).unwrap()) {
            // What stands in a row can only be read with the row.
            if !text.contains("json_each($") {
                continue;
            }
            let explained: &'static str = format!("EXPLAIN QUERY PLAN {text}").leak();
            // A part of a statement, or one for other tables than a node's.
            let Ok(plan) = query(explained)
                .fetch_all::<(i64, i64, i64, String)>(&mut tx)
                .await
            else {
                continue;
            };
            whole += 1;
            if is_read_again(&plan) {
                let steps: Vec<_> = plan.iter().map(|(.., step)| step.as_str()).collect();
                bad.push(format!("{}: {text}\n    {steps:?}", file.display()));
            }
        }
    }
    drop(tx);
    scratch.remove().await;
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert!(whole >= WHOLE_MIN, "{whole} statements are whole");
}
