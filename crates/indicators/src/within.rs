//! Entries of warninglists that are looked for within values.

use aho_corasick::AhoCorasick;
use formats_misp::ListKind;
use regex_automata::{
    meta::{Config, Regex},
    util::syntax,
};

/// Bytes that the automaton of the expressions of one list may take.
const AUTOMATON_BYTES_MAX: usize = 16 << 20;

/// The entries of a list of substrings or expressions, ready to be looked for.
#[derive(Debug)]
pub struct Within(Entries);

#[derive(Debug)]
enum Entries {
    /// Texts, in any case of letters.
    Substrings(AhoCorasick),
    Regex(Regex),
}

/// What cannot be used of a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unusable {
    /// The number of the entry, counted from 0; nothing where it is all of them.
    pub entry: Option<usize>,
    /// Why.
    pub why: String,
}

impl Within {
    /// Bytes of all entries of one list.
    pub const BYTES_MAX: usize = 8 << 20;

    /// What can be used of the entries of a list of this kind; nothing where its entries are not
    /// looked for within values, or none can be used.
    pub fn new(kind: ListKind, entries: &[String], mut tell: impl FnMut(Unusable)) -> Option<Self> {
        let reader = match kind {
            ListKind::Substring => substrings,
            ListKind::Regex => expressions,
            ListKind::String | ListKind::Hostname | ListKind::Cidr => return None,
        };
        let bytes: usize = entries.iter().map(String::len).sum();
        let made = if bytes > Self::BYTES_MAX {
            let max = Self::BYTES_MAX;
            Err(format!("{bytes} bytes of entries, {max} at most"))
        } else {
            reader(entries, &mut |entry, why| {
                tell(Unusable {
                    entry: Some(entry),
                    why,
                });
            })
        };
        match made {
            Ok(made) => Some(Self(made)),
            Err(why) => {
                tell(Unusable { entry: None, why });
                None
            }
        }
    }

    /// Whether an entry is found in a text.
    pub fn are_in(&self, text: &str) -> bool {
        match &self.0 {
            Entries::Substrings(substrings) => substrings.is_match(text),
            Entries::Regex(regex) => regex.is_match(text),
        }
    }
}

fn substrings(entries: &[String], tell: &mut dyn FnMut(usize, String)) -> Result<Entries, String> {
    let mut usable = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        if entry.is_empty() {
            tell(at, "the empty text is in every value".to_owned());
        } else {
            usable.push(entry);
        }
    }
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(usable)
        .map(Entries::Substrings)
        .map_err(|error| error.to_string())
}

/// All expressions, or those that can be used.
fn expressions(entries: &[String], tell: &mut dyn FnMut(usize, String)) -> Result<Entries, String> {
    let all: Vec<_> = entries.iter().map(|entry| of_php(entry)).collect();
    if let Ok(regex) = regex(&all) {
        return Ok(Entries::Regex(regex));
    }
    let mut usable = Vec::new();
    for (at, expression) in all.into_iter().enumerate() {
        match regex(std::slice::from_ref(&expression)) {
            Ok(_) => usable.push(expression),
            Err(error) => tell(at, error),
        }
    }
    regex(&usable).map(Entries::Regex)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn made(kind: ListKind, entries: &[&str]) -> (Option<Within>, Vec<Option<usize>>) {
        let entries: Vec<_> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        let mut told = Vec::new();
        let within = Within::new(kind, &entries, |unusable| told.push(unusable.entry));
        (within, told)
    }

    #[test]
    fn the_empty_text_excludes_nothing() {
        let (within, told) = made(ListKind::Substring, &["", "Example"]);
        let within = within.unwrap();
        assert_eq!(told, [Some(0)]);
        assert!(within.are_in("www.example.org"));
        assert!(!within.are_in("www.elsewhere.org"));
    }

    #[test]
    fn expressions_are_read_as_php_writes_them_and_one_bad_one_stops_no_other() {
        let (within, told) = made(ListKind::Regex, &["/^AB+$/i", "(", "cd$"]);
        let within = within.unwrap();
        assert_eq!(told, [Some(1)]);
        let found = ["abb", "xab", "abcd", "cde"].map(|text| within.are_in(text));
        assert_eq!(found, [true, false, true, false]);
    }

    #[test]
    fn a_list_that_is_too_large_is_told_as_a_whole() {
        let long = "a".repeat(Within::BYTES_MAX);
        let (within, told) = made(ListKind::Substring, &[&long, "b"]);
        assert!(within.is_none());
        assert_eq!(told, [None]);
        assert!(made(ListKind::Hostname, &["a.example"]).0.is_none());
    }
}
