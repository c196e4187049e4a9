//! From characters to the words of the pattern grammar.

use super::{
    Relation,
    bytes::{from_base64, from_hex},
    error::{PatternError, PatternErrorKind},
};
use crate::Timestamp;

/// The words that the grammar keeps for itself. They are written as here, never in the other case.
const KEYWORDS: [&str; 19] = [
    "AND",
    "EXISTS",
    "FOLLOWEDBY",
    "IN",
    "ISSUBSET",
    "ISSUPERSET",
    "LAST",
    "LIKE",
    "MATCHES",
    "NOT",
    "OR",
    "REPEATS",
    "SECONDS",
    "START",
    "STOP",
    "TIMES",
    "WITHIN",
    "false",
    "true",
];

/// Whether a name needs quotes to be one.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.binary_search(&word).is_ok()
}

/// Whether a key can be written without quotes.
pub(super) fn is_plain_key(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(word) && !text.starts_with(|c: char| c.is_ascii_digit()) && !text.is_empty()
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A keyword or an identifier.
    Word(&'t str),
    /// A number as it is written; whole if it has no point.
    Number(&'t str),
    String(String),
    Binary(Vec<u8>),
    Hex(Vec<u8>),
    Timestamp(Timestamp),
    Relation(Relation),
    /// One of `[ ] ( ) , : . *`.
    Symbol(char),
    End,
}

impl Token<'_> {
    /// For "found …".
    pub(super) fn described(&self) -> String {
        match self {
            Self::Word(word) => format!("\"{word}\""),
            Self::Number(text) => format!("the number {text}"),
            Self::String(_) => "a string".into(),
            Self::Binary(_) => "a binary constant".into(),
            Self::Hex(_) => "a hex constant".into(),
            Self::Timestamp(_) => "a timestamp".into(),
            Self::Relation(_) => "a comparison operator".into(),
            Self::Symbol(symbol) => format!("\"{symbol}\""),
            Self::End => "the end of the pattern".into(),
        }
    }
}

pub(super) struct Lexer<'t> {
    text: &'t str,
    rest: &'t str,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, rest: text }
    }

    /// The next word and the byte that it begins at.
    pub(super) fn next(&mut self) -> Result<(Token<'t>, usize), PatternError> {
        self.skip_blank()?;
        let at = self.position();
        let mut characters = self.rest.chars();
        let Some(first) = characters.next() else {
            return Ok((Token::End, at));
        };
        let after = characters.as_str();
        let token = match first {
            '\'' => Token::String(self.string(after)?),
            'a'..='z' | 'A'..='Z' | '_' => self.word()?,
            '0'..='9' => self.number(),
            '+' | '-' | '.' if self.begins_number() => self.number(),
            '[' | ']' | '(' | ')' | ',' | ':' | '.' | '*' => {
                self.rest = after;
                Token::Symbol(first)
            }
            '=' | '!' | '<' | '>' => Token::Relation(self.relation().ok_or(
                PatternErrorKind::Hint("\"!\" is an operator only as \"!=\"; NOT negates").at(at),
            )?),
            '"' | '‘' | '’' | '“' | '”' => {
                const HINT: &str = "strings and quoted keys stand between apostrophes (')";
                return Err(PatternErrorKind::Hint(HINT).at(at));
            }
            _ => {
                let found = format!("{first:?}");
                return Err(PatternErrorKind::Expected {
                    expected: "a word",
                    found,
                }
                .at(at));
            }
        };
        Ok((token, at))
    }

    fn position(&self) -> usize {
        self.text.len().saturating_sub(self.rest.len())
    }

    /// White space in the sense of Unicode, and comments.
    fn skip_blank(&mut self) -> Result<(), PatternError> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix("/*") {
                let end = comment.split_once("*/");
                let unclosed = || PatternErrorKind::Unclosed("a comment").at(self.position());
                (_, self.rest) = end.ok_or_else(unclosed)?;
            } else if self.rest.starts_with("//") {
                let end = self.rest.find(['\r', '\n']).unwrap_or(self.rest.len());
                (_, self.rest) = self.rest.split_at(end);
            } else {
                return Ok(());
            }
        }
    }

    /// What follows the opening apostrophe up to the closing one (§9.2): a backslash stands before
    /// an apostrophe or another backslash, and nothing else.
    fn string(&mut self, mut inner: &'t str) -> Result<String, PatternError> {
        let mut text = String::new();
        loop {
            let Some(at) = inner.find(['\'', '\\']) else {
                return Err(PatternErrorKind::Unclosed("a string").at(self.position()));
            };
            let (plain, rest) = inner.split_at(at);
            text.push_str(plain);
            let mut characters = rest.chars();
            if characters.next() == Some('\'') {
                self.rest = characters.as_str();
                return Ok(text);
            }
            let Some(escaped @ ('\'' | '\\')) = characters.next() else {
                const HINT: &str =
                    "a backslash in a string must be doubled, or stand before an apostrophe";
                let position = self.text.len().saturating_sub(rest.len());
                return Err(PatternErrorKind::Hint(HINT).at(position));
            };
            text.push(escaped);
            inner = characters.as_str();
        }
    }

    /// An identifier, a keyword, or the letter of a typed constant.
    fn word(&mut self) -> Result<Token<'t>, PatternError> {
        let at = self.position();
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let end = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        let (Some(inner), "b" | "h" | "t") = (rest.strip_prefix('\''), word) else {
            self.rest = rest;
            return Ok(Token::Word(word));
        };
        let inner = self.string(inner)?;
        let bad = |what: &str| PatternErrorKind::BadLiteral(what.into()).at(at);
        match word {
            // Line feeds may stand in it and say nothing (§9.2).
            "b" => from_base64(&inner.replace(['\n', '\r'], ""))
                .map(Token::Binary)
                .ok_or_else(|| bad("a binary constant must be padded base64")),
            "h" => from_hex(&inner)
                .map(Token::Hex)
                .ok_or_else(|| bad("a hex constant must be pairs of hexadecimal digits")),
            _ => Timestamp::parse(&inner)
                .map(Token::Timestamp)
                .map_err(|error| bad(&error.to_string())),
        }
    }

    fn begins_number(&self) -> bool {
        let digits = self.rest.trim_start_matches(['+', '-']);
        let signs = self.rest.len().saturating_sub(digits.len());
        let digits = digits.strip_prefix('.').unwrap_or(digits);
        signs <= 1 && digits.starts_with(|c: char| c.is_ascii_digit())
    }

    /// A sign, digits, and if digits follow it a point and those.
    fn number(&mut self) -> Token<'t> {
        let digits = |text: &'t str| text.trim_start_matches(|c: char| c.is_ascii_digit());
        let mut rest = digits(self.rest.strip_prefix(['+', '-']).unwrap_or(self.rest));
        if let Some(fraction) = rest.strip_prefix('.')
            && fraction.starts_with(|c: char| c.is_ascii_digit())
        {
            rest = digits(fraction);
        }
        let (number, rest) = self
            .rest
            .split_at(self.rest.len().saturating_sub(rest.len()));
        self.rest = rest;
        Token::Number(number)
    }

    /// `==` and `<>` are other spellings.
    fn relation(&mut self) -> Option<Relation> {
        const SPELLINGS: [(&str, Relation); 8] = [
            ("==", Relation::Equal),
            ("!=", Relation::NotEqual),
            ("<>", Relation::NotEqual),
            ("<=", Relation::LessOrEqual),
            (">=", Relation::GreaterOrEqual),
            ("=", Relation::Equal),
            ("<", Relation::Less),
            (">", Relation::Greater),
        ];
        let (spelling, relation) = SPELLINGS
            .iter()
            .find(|(text, _)| self.rest.starts_with(text))?;
        self.rest = self.rest.strip_prefix(spelling)?;
        Some(*relation)
    }
}
