//! Which of many regular expressions may match a value, for those that no text finds.

use regex_automata::{
    Input, MatchKind, PatternSet,
    meta::{Config, Regex},
    util::syntax,
};

/// Expressions of one automaton at most. More of them make it grow, fewer make more passes.
const EXPRESSIONS_MAX: usize = 512;
/// What the automata of one path may take, those that are made while searching included. What does
/// not fit is tried on every value.
const AUTOMATON_BYTES_MAX: usize = 4 << 20;
const AUTOMATA_MAX: usize = 8;

/// A plain regular expression, in a syntax that means the same for ASCII in all dialects.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    pub(super) text: Box<str>,
    pub(super) target: u32,
}

/// Expressions that a value is run through together.
#[derive(Debug, Default)]
pub(super) struct Automata {
    automata: Vec<(Regex, Vec<u32>)>,
    /// What is tried on every value.
    others: Vec<u32>,
}

impl Automata {
    pub(super) fn new(expressions: &[Expression]) -> Self {
        let mut all = Self::default();
        for group in expressions.chunks(EXPRESSIONS_MAX) {
            let targets = group.iter().map(|expression| expression.target);
            match automaton(group).filter(|_| all.automata.len() < AUTOMATA_MAX) {
                Some(automaton) => all.automata.push((automaton, targets.collect())),
                None => all.others.extend(targets),
            }
        }
        all
    }

    /// Calls `hit` for each expression that may match.
    pub(super) fn within(&self, value: &str, hit: &mut impl FnMut(u32)) {
        for target in &self.others {
            hit(*target);
        }
        // What a letter, a digit or a blank is depends on the dialect elsewhere, and so does whether
        // `$` matches before a last line break.
        let alike = value.is_ascii() && !value.ends_with('\n');
        for (automaton, targets) in &self.automata {
            if !alike {
                for target in targets {
                    hit(*target);
                }
                continue;
            }
            let mut matching = PatternSet::new(targets.len());
            automaton.which_overlapping_matches(&Input::new(value), &mut matching);
            for expression in matching.iter() {
                if let Some(target) = targets.get(expression.as_usize()) {
                    hit(*target);
                }
            }
        }
    }
}

fn automaton(group: &[Expression]) -> Option<Regex> {
    let texts: Vec<_> = group.iter().map(|expression| &*expression.text).collect();
    let config = Config::new()
        .match_kind(MatchKind::All)
        .utf8_empty(false)
        .nfa_size_limit(Some(AUTOMATON_BYTES_MAX))
        .hybrid_cache_capacity(AUTOMATON_BYTES_MAX);
    // Only ASCII is asked about, for which the smaller classes are the same.
    let syntax = syntax::Config::new()
        .unicode(false)
        .utf8(false)
        .dot_matches_new_line(true);
    Regex::builder()
        .configure(config)
        .syntax(syntax)
        .build_many(&texts)
        .ok()
}

/// The expression of a `LIKE`, if it is ASCII.
pub(super) fn of_like(like: &str) -> Option<Box<str>> {
    let mut text = String::with_capacity(like.len().saturating_mul(2));
    text.push_str("(?s)^");
    for character in like.chars() {
        match character {
            '%' => text.push_str(".*"),
            '_' => text.push('.'),
            // These have a meaning with a backslash before them.
            '<' | '>' => text.push(character),
            _ if character.is_ascii_punctuation() => text.extend(['\\', character]),
            _ if character.is_ascii() => text.push(character),
            _ => return None,
        }
    }
    text.push('$');
    Some(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(expressions: &[&str], value: &str) -> Vec<u32> {
        let expressions: Vec<_> = (0..)
            .zip(expressions)
            .map(|(target, text)| Expression {
                text: (*text).into(),
                target,
            })
            .collect();
        let mut suggested = Vec::new();
        Automata::new(&expressions).within(value, &mut |target| suggested.push(target));
        suggested
    }

    #[test]
    fn those_that_match_are_suggested_and_of_foreign_texts_all() {
        let expressions = ["^[a-z]{2}$", "^a", r"\d", "b*$", "(?i)AB"];
        assert_eq!(suggested(&expressions, "ab"), [0, 1, 3, 4]);
        assert_eq!(suggested(&expressions, "7"), [2, 3]);
        assert_eq!(suggested(&expressions, ""), [3]);
        assert_eq!(suggested(&expressions, "ab\n"), [0, 1, 2, 3, 4]);
        assert_eq!(suggested(&expressions, "\u{e9}"), [0, 1, 2, 3, 4]);
        assert_eq!(suggested(&["a.b", "(?-s)a.b"], "a\nb"), [0]);
        assert_eq!(suggested(&["(broken"], "a"), [0]);
    }

    #[test]
    fn like_is_an_expression() {
        for (like, value, expected) in [
            ("%.ru", "a.ru", true),
            ("%.ru", "abru", false),
            ("a_c", "abc", true),
            ("a_c", "a\u{1}c", true),
            ("a_c", "abbc", false),
            ("", "", true),
            ("<%>", "<a>", true),
            ("*^ ", "*^ ", true),
        ] {
            let text = of_like(like).unwrap();
            assert_eq!(
                suggested(&[&text], value) == [0],
                expected,
                "{value:?} LIKE {like:?}"
            );
        }
        assert_eq!(of_like("\u{e9}%"), None);
    }
}
