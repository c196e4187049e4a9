//! `LIKE` (STIX 2.1 §9.6.1): `%` is any number of characters, `_` is one.

use super::{error::MatchError, normal::nfc};

/// Characters that one value may be compared with at most, where `_` forbids the fast search.
const STEPS_MAX: u32 = 10_000_000;

/// A constant of `LIKE` made ready.
#[derive(Clone, Debug)]
pub(super) struct Like {
    /// As the pattern has it.
    source: String,
    /// What stands between the `%`; one more than there are of those.
    segments: Vec<Segment>,
    /// Whether all its code points are below 256, so that octets can match.
    narrow: bool,
}

#[derive(Clone, Debug)]
struct Segment {
    text: String,
    /// Whether it holds a `_`.
    wild: bool,
}

impl Like {
    pub(super) fn new(source: &str) -> Self {
        let text = nfc(source);
        let segment = |text: &str| Segment {
            text: text.into(),
            wild: text.contains('_'),
        };
        Self {
            source: source.into(),
            segments: text.split('%').map(segment).collect(),
            narrow: text.chars().all(|c| u32::from(c) < 256),
        }
    }

    /// Whether the whole text is like the constant, both in normalisation form C.
    pub(super) fn matches(&self, text: &str) -> Result<bool, MatchError> {
        self.matches_normal(&nfc(text))
    }

    /// Octets are the characters of those code points (§9.6.4).
    pub(super) fn matches_octets(&self, octets: &[u8]) -> Result<bool, MatchError> {
        if !self.narrow {
            return Ok(false);
        }
        let text: String = octets.iter().copied().map(char::from).collect();
        self.matches_normal(&text)
    }

    fn matches_normal(&self, text: &str) -> Result<bool, MatchError> {
        let limit = |_: Exhausted| MatchError::RegexLimit {
            expression: self.source.clone(),
        };
        self.search(text, &mut Steps(STEPS_MAX)).map_err(limit)
    }

    fn search(&self, text: &str, steps: &mut Steps) -> Result<bool, Exhausted> {
        let Some((first, others)) = self.segments.split_first() else {
            return Ok(text.is_empty());
        };
        let Some(mut rest) = first.strip(text, steps)? else {
            return Ok(false);
        };
        let Some((last, middle)) = others.split_last() else {
            return Ok(rest.is_empty());
        };
        // The earliest place of each leaves the most for those after it.
        for segment in middle {
            match segment.find(rest, steps)? {
                Some(after) => rest = after,
                None => return Ok(false),
            }
        }
        last.ends(rest, steps)
    }
}

/// The comparisons of characters that are left.
struct Steps(u32);

/// There are none left.
struct Exhausted;

impl Steps {
    fn take(&mut self) -> Result<(), Exhausted> {
        self.0 = self.0.checked_sub(1).ok_or(Exhausted)?;
        Ok(())
    }
}

impl Segment {
    /// What follows the segment, if the text begins with it.
    fn strip<'a>(&self, text: &'a str, steps: &mut Steps) -> Result<Option<&'a str>, Exhausted> {
        if !self.wild {
            return Ok(text.strip_prefix(self.text.as_str()));
        }
        let mut rest = text.chars();
        for wanted in self.text.chars() {
            steps.take()?;
            match rest.next() {
                Some(found) if wanted == '_' || wanted == found => {}
                _ => return Ok(None),
            }
        }
        Ok(Some(rest.as_str()))
    }

    /// What follows the first place of the segment.
    fn find<'a>(&self, text: &'a str, steps: &mut Steps) -> Result<Option<&'a str>, Exhausted> {
        if !self.wild {
            return Ok(text.split_once(self.text.as_str()).map(|(_, after)| after));
        }
        let mut from = text.chars();
        loop {
            if let Some(after) = self.strip(from.as_str(), steps)? {
                return Ok(Some(after));
            }
            if from.next().is_none() {
                return Ok(None);
            }
        }
    }

    /// Whether the text ends with the segment.
    fn ends(&self, text: &str, steps: &mut Steps) -> Result<bool, Exhausted> {
        if !self.wild {
            return Ok(text.ends_with(&self.text));
        }
        let count = self.text.chars().count();
        let Some(before) = text.chars().count().checked_sub(count) else {
            return Ok(false);
        };
        let tail = text
            .char_indices()
            .nth(before)
            .map_or(text.len(), |(at, _)| at);
        let (_, tail) = text.split_at(tail);
        Ok(self.strip(tail, steps)?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_any_text_and_underscore_one_character() {
        for (like, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("%", "", true),
            ("%", "a\nb", true),
            ("_", "", false),
            ("_", "\u{1F600}", true),
            ("he%", "hello", true),
            ("he__o", "hello", true),
            ("he_o", "hello", false),
            ("%lo", "hello", true),
            ("%ell%", "hello", true),
            ("%l_", "hello", true),
            ("%l_%o", "hello", true),
            ("%l_l%", "hello", false),
            ("h%h", "h", false),
            ("%ab%ab", "ab", false),
            ("%a_b%_b", "aabxb", true),
            ("a.c", "abc", false),
            ("\u{f2}", "o\u{300}", true),
            ("o\u{300}_", "\u{f2}x", true),
        ] {
            assert_eq!(
                Like::new(like).matches(text),
                Ok(expected),
                "{text:?} LIKE {like:?}"
            );
        }
    }

    #[test]
    fn too_much_work_is_an_error() {
        let like = Like::new(&format!("%{}_b%", "a".repeat(9_999)));
        let error = like.matches(&"a".repeat(200_000)).unwrap_err();
        assert_eq!(error.code(), "pattern.regex_limit");
    }
}
