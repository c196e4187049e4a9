//! Just enough of Rust's grammar to find functions and words.

use std::collections::BTreeSet;

use crate::tidy::tree::Source;

/// A function with a name, and all words from its head to the head of the next one.
#[derive(Debug)]
pub(crate) struct Function<'a> {
    pub(crate) line: usize,
    pub(crate) name: &'a str,
    pub(crate) is_public: bool,
    pub(crate) words: BTreeSet<&'a str>,
}

/// The functions of a file that are not tests, in their order.
pub(crate) fn functions(source: &Source) -> Vec<Function<'_>> {
    let mut functions: Vec<Function<'_>> = Vec::new();
    for (line, text) in source.production() {
        if let Some((name, is_public)) = head(text) {
            functions.push(Function {
                line,
                name,
                is_public,
                words: BTreeSet::new(),
            });
        }
        if let Some(function) = functions.last_mut() {
            function.words.extend(words(text));
        }
    }
    functions
}

/// Identifiers and numbers.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
}

fn head(text: &str) -> Option<(&str, bool)> {
    let text = text.trim_start();
    let (before, after) = text.split_once("fn ")?;
    let is_head = before
        .split_whitespace()
        .all(|word| matches!(word, "pub" | "async" | "const") || word.starts_with("pub("));
    let name = words(after).next()?;
    (is_head && after.starts_with(name)).then_some((name, before.starts_with("pub")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_with_their_words() {
        let text = "pub(crate) async fn load(tx: &mut Tx) {\n    SELECT\n}\n\nfn helper() {}\nlet f = fn () -> x;\n";
        let source = Source {
            path: "crates/a/src/store.rs".into(),
            text: text.into(),
        };
        let found: Vec<_> = functions(&source)
            .into_iter()
            .map(|function| (function.name, function.is_public, function.line))
            .collect();
        assert_eq!(found, [("load", true, 1), ("helper", false, 5)]);
        assert!(functions(&source)[0].words.contains("SELECT"));
    }
}
