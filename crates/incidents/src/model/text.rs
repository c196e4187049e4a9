//! Bounded text.

use std::{fmt, str::FromStr};

use super::Invalid;

/// How long a description may be, in characters.
const PROSE_CHARS_MAX: usize = 20_000;

/// One line of text of 1 to `MAX` characters, without control characters or spaces at its ends.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Line<const MAX: usize>(String);

/// Text of several lines, up to 20,000 characters; may be empty.
#[derive(Clone, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Prose(String);

impl<const MAX: usize> Line<MAX> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The line, or nothing where the text is absent or blank.
    pub fn optional(text: Option<&str>, field: &'static str) -> Result<Option<Self>, Invalid> {
        text.filter(|text| text.chars().any(is_seen))
            .map(|text| Self::required(text, field))
            .transpose()
    }

    /// The line, or the rule that it breaks in that field.
    pub fn required(text: &str, field: &'static str) -> Result<Self, Invalid> {
        text.parse().map_err(|broken: Invalid| broken.at(field))
    }
}

impl<const MAX: usize> FromStr for Line<MAX> {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let broken = |rule| Invalid {
            field: "text",
            rule,
        };
        if !text.chars().any(is_seen) {
            return Err(broken("must not be empty"));
        }
        if text.chars().count() > MAX {
            return Err(broken("is too long"));
        }
        if text.chars().any(is_forbidden) {
            return Err(broken("is one line without control characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Prose {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Prose {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        let broken = |rule| Invalid {
            field: "description",
            rule,
        };
        if text.chars().count() > PROSE_CHARS_MAX {
            return Err(broken("holds at most 20,000 characters"));
        }
        if text
            .chars()
            .any(|c| is_forbidden(c) && c != '\n' && c != '\t')
        {
            return Err(broken("holds no control characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Control characters, and the marks that turn the direction of what follows: they let a text
/// show other words than it holds. Zero-width joiners stay, since Persian and Hindi need them.
pub(crate) fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character leaves a mark on a page. A line of none but the others could be neither read
/// nor pressed.
fn is_seen(c: char) -> bool {
    let is_hidden = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}');
    !is_hidden && !c.is_whitespace()
}

impl<const MAX: usize> fmt::Debug for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<const MAX: usize> fmt::Display for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_bounded_and_plain() {
        assert_eq!("  a b ".parse::<Line<3>>().unwrap().as_str(), "a b");
        for text in ["", "  ", "\u{200b}\u{feff}", "abcd", "a\nb", "a\u{202e}b"] {
            assert!(text.parse::<Line<3>>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!("医院医".parse::<Line<3>>().is_ok());
    }

    #[test]
    fn prose_keeps_its_lines() {
        assert_eq!("a\r\nb".parse::<Prose>().unwrap().as_str(), "a\nb");
        assert!("a\u{0}b".parse::<Prose>().is_err());
        assert!("x".repeat(20_001).parse::<Prose>().is_err());
    }
}
