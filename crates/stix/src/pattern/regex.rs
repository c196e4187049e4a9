//! `MATCHES`: regular expressions in the syntax of PCRE (STIX 2.1 §9.6.1).

use std::sync::OnceLock;

use fancy_regex::RegexBuilder;

use super::{
    error::MatchError,
    matcher::Limits,
    normal::nfc,
    pcre::{Subject, translate},
};

/// Bytes of values that share one compiled expression: the longer a value, the fewer attempts at it.
const CLASSES: [usize; 5] = [1 << 12, 1 << 16, 1 << 20, 1 << 24, usize::MAX];
/// Attempts at a value at least, however long it is.
const ATTEMPTS_MIN: u64 = 16;
/// Attempts at a value at most, however short it is.
const ATTEMPTS_MAX: u64 = 1_000_000;
/// Bytes that a compiled expression may take.
const COMPILED_BYTES_MAX: usize = 4 << 20;
/// Steps of the backtracking engine that an expression may be compiled to.
const COMPILED_STEPS_MAX: usize = 1 << 16;
/// Bytes that an expression may be long.
const SOURCE_BYTES_MAX: usize = 1 << 16;

/// An expression for the engine, or what is wrong with it.
type Compiled = Result<Box<fancy_regex::Regex>, String>;

/// A constant of `MATCHES` made ready.
#[derive(Debug)]
pub(super) struct Regex {
    /// As the pattern has it.
    source: String,
    /// Whether all its code points are below 256, so that octets can match.
    narrow: bool,
    work_max: u64,
    /// By class of length and by kind of subject. Compiled when first needed; the shortest for text
    /// at once.
    compiled: [[OnceLock<Compiled>; 4]; CLASSES.len()],
}

impl Regex {
    /// # Errors
    /// [`MatchError::Regex`] if the text is no regular expression, has what only PCRE itself can
    /// do, or is too large.
    pub(super) fn new(source: &str, limits: &Limits) -> Result<Self, MatchError> {
        let regex = Self {
            source: source.into(),
            narrow: nfc(source).chars().all(|c| u32::from(c) < 256),
            work_max: limits.regex_work_max,
            compiled: Default::default(),
        };
        regex.compiled("", false)?;
        Ok(regex)
    }

    /// Whether the expression matches anywhere in the text, both in normalisation form C.
    pub(super) fn matches(&self, text: &str) -> Result<bool, MatchError> {
        self.matches_normal(&nfc(text), false)
    }

    /// Octets are the characters of those code points (§9.6.4).
    pub(super) fn matches_octets(&self, octets: &[u8]) -> Result<bool, MatchError> {
        if !self.narrow {
            return Ok(false);
        }
        let text: String = octets.iter().copied().map(char::from).collect();
        self.matches_normal(&text, true)
    }

    fn matches_normal(&self, text: &str, octets: bool) -> Result<bool, MatchError> {
        // The engine fails in no other way than by its limits.
        let limit = |_| MatchError::RegexLimit {
            expression: self.source.clone(),
        };
        self.compiled(text, octets)?.is_match(text).map_err(limit)
    }

    fn compiled(&self, text: &str, octets: bool) -> Result<&fancy_regex::Regex, MatchError> {
        let subject = Subject {
            line_break: text.ends_with('\n') && self.source.contains('$'),
            octets,
        };
        let kind = usize::from(subject.line_break) + 2 * usize::from(octets);
        let class = self
            .compiled
            .iter()
            .zip(CLASSES)
            .find(|(_, bytes)| text.len() <= *bytes);
        let cell = class.and_then(|(cells, bytes)| {
            Some((cells.get(kind)?, u64::try_from(bytes).unwrap_or(u64::MAX)))
        });
        let Some((cell, bytes)) = cell else {
            return Err(MatchError::RegexLimit {
                expression: self.source.clone(),
            });
        };
        let compiled = cell.get_or_init(|| {
            let attempts = (self.work_max / bytes).clamp(ATTEMPTS_MIN, ATTEMPTS_MAX);
            let attempts = usize::try_from(attempts).unwrap_or(usize::MAX);
            compile(&self.source, subject, attempts).map(Box::new)
        });
        compiled
            .as_ref()
            .map(Box::as_ref)
            .map_err(|problem| MatchError::Regex {
                regex: self.source.clone(),
                problem: problem.clone(),
            })
    }
}

fn compile(source: &str, subject: Subject, attempts: usize) -> Result<fancy_regex::Regex, String> {
    if source.len() > SOURCE_BYTES_MAX {
        return Err(format!("it is longer than {SOURCE_BYTES_MAX} bytes"));
    }
    let translated = translate(&nfc(source), subject)?;
    RegexBuilder::new(&translated)
        .backtrack_limit(attempts)
        .delegate_size_limit(COMPILED_BYTES_MAX)
        .delegate_dfa_size_limit(COMPILED_BYTES_MAX)
        .max_prog_size(COMPILED_STEPS_MAX)
        .build()
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(regex: &str, text: &str) -> bool {
        Regex::new(regex, &Limits::default())
            .unwrap()
            .matches(text)
            .unwrap()
    }

    #[test]
    fn an_expression_is_searched_for_anywhere() {
        assert!(matches("l+", "hello"));
        assert!(matches("^.+\\.exe$", "Final Report.exe"));
        assert!(!matches("^l", "hello"));
        assert!(matches("(?i)HELLO", "hello"));
    }

    #[test]
    fn a_point_is_any_character_and_a_dollar_may_stand_before_the_last_line_break() {
        assert!(matches("a.b", "a\nb"));
        assert!(!matches("(?-s)a.b", "a\nb"));
        assert!(!matches("(?-s:a.b)", "a\nb"));
        assert!(matches("b$", "ab\n"));
        assert!(!matches("b$", "ab\n\n"));
        assert!(!matches("b\\z", "ab\n"));
        assert!(matches("b\\Z", "ab\n"));
        assert!(!matches("[$]$", "ab\n"));
    }

    #[test]
    fn both_sides_are_normalised() {
        assert!(matches("^\u{f2}$", "o\u{300}"));
        assert!(matches("^o\u{300}$", "\u{f2}"));
    }

    #[test]
    fn what_only_a_backtracking_engine_can_do_is_there() {
        assert!(matches(r"^(\w+) \1$", "foo foo"));
        assert!(matches(r"foo(?=bar)", "foobar"));
        assert!(matches(r"(?<!a)b", "cb"));
        assert!(matches(r"^(?>a+)b", "aab"));
    }

    #[test]
    fn octets_are_characters_below_256() {
        let regex = Regex::new(r"\xd4\xc3\xb2\xa1\x02\x00", &Limits::default()).unwrap();
        assert_eq!(
            regex.matches_octets(&[0, 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4]),
            Ok(true)
        );
        let letters = [b'-', 0xe4, b'_', b'7'];
        for (expression, matches) in [
            (r"^\W\W\w\d$", true),
            (r"^[\W]{2}[\w\W][^\D]$", true),
            (r"-\w", false),
            (r"\xe4\b_7", true),
            (r"-\B\xe4", true),
            (r"^-\b", false),
        ] {
            let regex = Regex::new(expression, &Limits::default()).unwrap();
            assert_eq!(regex.matches_octets(&letters), Ok(matches), "{expression}");
        }
        assert!(matches(r"^-\w_", "-\u{e4}_"));
        let wide = Regex::new("[^\u{101}]", &Limits::default()).unwrap();
        assert_eq!(wide.matches_octets(&[1]), Ok(false));
    }

    #[test]
    fn a_catastrophe_ends_with_a_code() {
        for pcre in [r"^(a|aa)+\1?$", r"(?=a)(a|aa)+(?!b)$", r"^(?:(a+)\1?)+$"] {
            let regex = Regex::new(pcre, &Limits::default()).unwrap();
            let error = regex.matches(&("a".repeat(100) + "b")).unwrap_err();
            assert_eq!(error.code(), "pattern.regex_limit", "{pcre}");
        }
        let huge = Regex::new("((a{1000}){1000}){1000}", &Limits::default()).unwrap_err();
        assert_eq!(huge.code(), "pattern.regex");
    }

    #[test]
    fn linear_expressions_have_no_limit() {
        assert!(!matches("(a+)+$", &("a".repeat(1 << 20) + "b")));
    }
}
