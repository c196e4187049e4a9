//! Entries that are looked for within values.

use formats_misp::{ListKind, Warninglist};
use regex_automata::{
    meta::{Config, Regex},
    util::syntax,
};

/// Bytes that the automaton of one list may take.
const AUTOMATON_BYTES_MAX: usize = 16 << 20;

/// The entries of a list of substrings or expressions.
#[derive(Debug)]
pub(super) struct Expressions(Option<Regex>);

impl Expressions {
    /// Tells the number of each entry that cannot be used, and why.
    pub(super) fn new(list: &Warninglist, mut tell: impl FnMut(usize, String)) -> Self {
        let written = |entry: &String| match list.kind {
            ListKind::Regex => of_php(entry),
            _ => format!("(?i:{})", escaped(entry)),
        };
        let all: Vec<_> = list.list.iter().map(written).collect();
        if let Ok(regex) = regex(&all) {
            return Self(Some(regex));
        }
        let mut usable = Vec::new();
        for (at, expression) in all.into_iter().enumerate() {
            match regex(std::slice::from_ref(&expression)) {
                Ok(_) => usable.push(expression),
                Err(error) => tell(at, error),
            }
        }
        let regex = regex(&usable);
        if let Err(error) = &regex {
            tell(0, error.clone());
        }
        Self(regex.ok())
    }

    pub(super) fn are_in(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

fn regex(expressions: &[String]) -> Result<Regex, String> {
    let config = Config::new()
        .nfa_size_limit(Some(AUTOMATON_BYTES_MAX))
        .utf8_empty(false);
    Regex::builder()
        .configure(config)
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build_many(expressions)
        .map_err(|error| error.to_string())
}

/// An expression as PHP writes it, `/…/i`, or bare.
fn of_php(entry: &str) -> String {
    let inner = entry
        .strip_prefix('/')
        .and_then(|rest| rest.rsplit_once('/'));
    let Some((expression, flags)) = inner else {
        return entry.to_owned();
    };
    let flags: String = flags
        .chars()
        .filter(|flag| "imsx".contains(*flag))
        .collect();
    if flags.is_empty() {
        format!("(?:{expression})")
    } else {
        format!("(?{flags}:{expression})")
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() && !matches!(letter, '<' | '>') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
