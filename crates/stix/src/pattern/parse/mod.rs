//! The parser: recursive descent, as deep as the parentheses of the pattern.
//!
//! The grammar is that of the OASIS committee for STIX 2.1. `FOLLOWEDBY` binds weakest, then `OR`,
//! then `AND`, then a qualifier, within brackets as without.

mod comparison;

use std::{str::FromStr, time::Duration};

use super::{
    Observation, Pattern, Qualifier,
    conform::Conformance,
    error::{PatternError, PatternErrorKind},
    lexer::{Lexer, Token, is_keyword},
};
use crate::Timestamp;

/// Bytes of a pattern at most.
pub const PATTERN_BYTES_MAX: usize = 1 << 20;
/// Parentheses within parentheses at most, those of both kinds of expression together.
pub const DEPTH_MAX: usize = 64;
/// Comparisons, constants in sets, steps of paths and qualifiers of a pattern at most.
pub const NODES_MAX: usize = 200_000;
/// Qualifiers on one expression at most.
pub const QUALIFIERS_MAX: usize = 8;

impl Pattern {
    /// The pattern that a text is by the grammar.
    ///
    /// # Errors
    /// [`PatternError`], whose code says what kind and whose position says where.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        parse(text, &mut Conformance::unchecked())
    }

    /// As [`Pattern::parse`], and refuses what the grammar lets pass but STIX 2.1 forbids: operands
    /// of `AND` that no one object can fulfil (§9.5), numbers with a plus (§9.2), sets of constants
    /// of different types (§9.6.1) and hashes whose length or characters are not those of their algorithm (§10.7). Such
    /// patterns are in use, and match nothing or less than meant.
    ///
    /// # Errors
    /// As [`Pattern::parse`], and the first of these violations.
    pub fn parse_strict(text: &str) -> Result<Self, PatternError> {
        let mut conformance = Conformance::checked();
        let pattern = parse(text, &mut conformance)?;
        conformance.verdict()?;
        Ok(pattern)
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::parse(text)
    }
}

fn parse(text: &str, conformance: &mut Conformance) -> Result<Pattern, PatternError> {
    if text.len() > PATTERN_BYTES_MAX {
        return Err(PatternErrorKind::TooLarge(PATTERN_BYTES_MAX).at(PATTERN_BYTES_MAX));
    }
    let mut lexer = Lexer::new(text);
    let (token, at) = lexer.next()?;
    let mut parser = Parser {
        lexer,
        token,
        at,
        depth: 0,
        nodes: 0,
        conformance,
    };
    let expression = parser.followed_by()?;
    if parser.token != Token::End {
        return Err(parser.expected("an operator, a qualifier or the end"));
    }
    Ok(Pattern { expression })
}

struct Parser<'t, 'c> {
    lexer: Lexer<'t>,
    /// The next word, not yet taken.
    token: Token<'t>,
    /// Where it begins.
    at: usize,
    /// Parentheses that are open.
    depth: usize,
    nodes: usize,
    conformance: &'c mut Conformance,
}

impl Parser<'_, '_> {
    fn followed_by(&mut self) -> Result<Observation, PatternError> {
        self.list("FOLLOWEDBY", Self::observation_or, Observation::FollowedBy)
    }

    fn observation_or(&mut self) -> Result<Observation, PatternError> {
        self.list("OR", Self::observation_and, Observation::Or)
    }

    fn observation_and(&mut self) -> Result<Observation, PatternError> {
        self.list("AND", Self::qualified, Observation::And)
    }

    /// Operands with a word between them; a single one is itself.
    fn list<T>(
        &mut self,
        word: &str,
        operand: fn(&mut Self) -> Result<T, PatternError>,
        together: fn(Vec<T>) -> T,
    ) -> Result<T, PatternError> {
        let first = operand(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.take_word(word)? {
            operands.push(operand(self)?);
        }
        Ok(together(operands))
    }

    /// An observation expression and the qualifiers behind it. Those of one `[ … ]` must be of
    /// different kinds; parentheses begin anew (§9.5, as its editors read it in issue 214 of the
    /// specification).
    fn qualified(&mut self) -> Result<Observation, PatternError> {
        let single = self.token == Token::Symbol('[');
        let mut expression = if single {
            self.bump()?;
            let (comparison, _) = self.comparison_or()?;
            self.symbol(']', "\"]\", AND or OR")?;
            Observation::Test(comparison)
        } else if self.token == Token::Symbol('(') {
            self.open()?;
            let inner = self.followed_by()?;
            self.close("\")\", an operator or a qualifier")?;
            inner
        } else {
            return Err(self.expected("\"[\" or \"(\""));
        };
        let mut taken = Vec::new();
        loop {
            let at = self.at;
            let Some((name, qualifier)) = self.qualifier()? else {
                return Ok(expression);
            };
            if single && taken.contains(&name) {
                return Err(PatternErrorKind::DuplicateQualifier(name).at(at));
            }
            taken.push(name);
            if taken.len() > QUALIFIERS_MAX {
                return Err(PatternErrorKind::TooManyQualifiers(QUALIFIERS_MAX).at(at));
            }
            self.count()?;
            expression = Observation::Qualified(Box::new(expression), qualifier);
        }
    }

    fn qualifier(&mut self) -> Result<Option<(&'static str, Qualifier)>, PatternError> {
        if self.take_word("WITHIN")? {
            let within = self.seconds()?;
            self.word("SECONDS")?;
            return Ok(Some(("WITHIN", Qualifier::Within(within))));
        }
        if self.take_word("REPEATS")? {
            let times = self.times()?;
            self.word("TIMES")?;
            return Ok(Some(("REPEATS", Qualifier::Repeats(times))));
        }
        if self.take_word("START")? {
            let start = self.timestamp()?;
            self.word("STOP")?;
            let stop = self.timestamp()?;
            return Ok(Some(("START … STOP", Qualifier::StartStop { start, stop })));
        }
        Ok(None)
    }

    /// A positive number of seconds; digits beyond the ninth behind the point are dropped.
    fn seconds(&mut self) -> Result<Duration, PatternError> {
        let at = self.at;
        let bad = |what| PatternErrorKind::BadQualifier(what).at(at);
        let Token::Number(text) = self.token else {
            return Err(self.expected("a number of seconds"));
        };
        if text.starts_with('-') {
            return Err(bad("WITHIN takes a positive number of seconds"));
        }
        self.bump()?;
        let text = text.trim_start_matches('+');
        let (before, fraction) = text.split_once('.').unwrap_or((text, ""));
        let before = if before.is_empty() { "0" } else { before };
        let seconds = before
            .parse()
            .map_err(|_too_many| bad("WITHIN takes fewer seconds"))?;
        let digits: String = fraction
            .chars()
            .chain(std::iter::repeat('0'))
            .take(9)
            .collect();
        let within = Duration::new(seconds, digits.parse().unwrap_or_default());
        if within.is_zero() {
            return Err(bad("WITHIN takes a positive number of seconds"));
        }
        Ok(within)
    }

    fn times(&mut self) -> Result<u64, PatternError> {
        let at = self.at;
        let Token::Number(text) = self.token else {
            return Err(self.expected("a number of repetitions"));
        };
        self.bump()?;
        match whole(text).and_then(|text| text.parse().ok()) {
            Some(times @ 1..) => Ok(times),
            _ => {
                Err(PatternErrorKind::BadQualifier("REPEATS takes a positive whole number").at(at))
            }
        }
    }

    fn timestamp(&mut self) -> Result<Timestamp, PatternError> {
        if let Token::Timestamp(moment) = self.token {
            self.bump()?;
            return Ok(moment);
        }
        Err(self.expected("a timestamp such as t'2016-01-20T12:31:12Z'"))
    }

    fn bump(&mut self) -> Result<(), PatternError> {
        (self.token, self.at) = self.lexer.next()?;
        Ok(())
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.token, Token::Word(found) if found == word)
    }

    fn take_word(&mut self, word: &str) -> Result<bool, PatternError> {
        let found = self.is_word(word);
        if found {
            self.bump()?;
        }
        Ok(found)
    }

    fn word(&mut self, word: &'static str) -> Result<(), PatternError> {
        if self.take_word(word)? {
            Ok(())
        } else {
            Err(self.expected(word))
        }
    }

    fn symbol(&mut self, symbol: char, expected: &'static str) -> Result<(), PatternError> {
        if self.token == Token::Symbol(symbol) {
            self.bump()
        } else {
            Err(self.expected(expected))
        }
    }

    fn open(&mut self) -> Result<(), PatternError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEPTH_MAX {
            return Err(PatternErrorKind::TooDeep(DEPTH_MAX).at(self.at));
        }
        self.bump()
    }

    fn close(&mut self, expected: &'static str) -> Result<(), PatternError> {
        self.depth = self.depth.saturating_sub(1);
        self.symbol(')', expected)
    }

    fn count(&mut self) -> Result<(), PatternError> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > NODES_MAX {
            return Err(PatternErrorKind::TooManyNodes(NODES_MAX).at(self.at));
        }
        Ok(())
    }

    /// The error that something else stands at the next word. A keyword in the wrong case is the
    /// likeliest slip, so it is named.
    fn expected(&self, expected: &'static str) -> PatternError {
        if let Token::Word(word) = self.token
            && !is_keyword(word)
            && (is_keyword(&word.to_ascii_uppercase()) || is_keyword(&word.to_ascii_lowercase()))
        {
            const HINT: &str = "keywords are written in capitals, true and false in small letters";
            return PatternErrorKind::Hint(HINT).at(self.at);
        }
        PatternErrorKind::Expected {
            expected,
            found: self.token.described(),
        }
        .at(self.at)
    }
}

/// The digits of a whole number as the grammar has it, with no zeros before them and no plus.
fn whole(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.contains('.') || (digits.starts_with('0') && digits != "0") {
        return None;
    }
    Some(text.strip_prefix('+').unwrap_or(text))
}
