//! Entries that are looked for within values.

use aho_corasick::AhoCorasick;
use formats_misp::{ListKind, Warninglist};
use regex_automata::{
    meta::{Config, Regex},
    util::syntax,
};

/// Bytes that the automaton of the expressions of one list may take.
const AUTOMATON_BYTES_MAX: usize = 16 << 20;

/// Bytes of all substrings of one list.
const SUBSTRINGS_BYTES_MAX: usize = 8 << 20;

/// The entries of a list of substrings or expressions.
#[derive(Debug)]
pub(super) enum Within {
    /// Texts, in any case of letters.
    Substrings(AhoCorasick),
    /// Expressions.
    Regex(Regex),
    /// Nothing of the list can be used.
    Nothing,
}

impl Within {
    /// Tells the number of each entry that cannot be used, and why.
    pub(super) fn new(list: &Warninglist, mut tell: impl FnMut(usize, String)) -> Self {
        if list.kind == ListKind::Regex {
            return expressions(list, tell);
        }
        let bytes: usize = list.list.iter().map(String::len).sum();
        if bytes > SUBSTRINGS_BYTES_MAX {
            let why = format!("{bytes} bytes of substrings, {SUBSTRINGS_BYTES_MAX} at most");
            tell(0, why);
            return Self::Nothing;
        }
        let built = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&list.list);
        match built {
            Ok(substrings) => Self::Substrings(substrings),
            Err(error) => {
                tell(0, error.to_string());
                Self::Nothing
            }
        }
    }

    /// Whether an entry is found in a text.
    pub(super) fn are_in(&self, text: &str) -> bool {
        match self {
            Self::Substrings(substrings) => substrings.is_match(text),
            Self::Regex(regex) => regex.is_match(text),
            Self::Nothing => false,
        }
    }
}

/// All expressions, or those that can be used.
fn expressions(list: &Warninglist, mut tell: impl FnMut(usize, String)) -> Within {
    let all: Vec<_> = list.list.iter().map(|entry| of_php(entry)).collect();
    if let Ok(regex) = regex(&all) {
        return Within::Regex(regex);
    }
    let mut usable = Vec::new();
    for (at, expression) in all.into_iter().enumerate() {
        match regex(std::slice::from_ref(&expression)) {
            Ok(_) => usable.push(expression),
            Err(error) => tell(at, error),
        }
    }
    match regex(&usable) {
        Ok(regex) => Within::Regex(regex),
        Err(error) => {
            tell(0, error);
            Within::Nothing
        }
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
