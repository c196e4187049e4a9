//! The longest text that whatever an expression matches must contain.
//!
//! What is not understood for sure yields nothing, so that no match is ever missed: the text is only
//! what a pattern is found by.

use unicode_normalization::UnicodeNormalization as _;

/// Of a constant of `LIKE`, whose subjects are in normalisation form C.
pub(super) fn of_like(like: &str) -> Vec<u8> {
    let normal: String = like.nfc().collect();
    let runs = normal.split(['%', '_']);
    runs.max_by_key(|run| run.len())
        .unwrap_or_default()
        .as_bytes()
        .to_vec()
}

/// Of a regular expression. Only ASCII: the rest may meet its match in another form.
pub(super) fn of_regex(regex: &str) -> Option<Vec<u8>> {
    let (rest, folded) = match regex.strip_prefix("(?i)") {
        Some(rest) => (rest, true),
        None => (regex, false),
    };
    let mut scan = Scan {
        rest,
        folded,
        run: Vec::new(),
        longest: Vec::new(),
    };
    scan.alternative()?;
    scan.end_run();
    Some(scan.longest)
}

/// Whether a regular expression is so plain that it can surely be compiled, and means the same for
/// ASCII in each dialect.
pub(super) fn is_plain(regex: &str) -> bool {
    /// What some engine takes for more than the characters, or for others.
    const PARTICULAR: [&str; 6] = ["\\v", "\\<", "\\>", "&&", "--", "~~"];
    let many = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
    regex.is_ascii()
        && regex.len() <= PLAIN_BYTES_MAX
        && !PARTICULAR.iter().any(|particular| regex.contains(particular))
        // A thousand repetitions of a thousand may be too large.
        && !(regex.contains('{') && regex.as_bytes().windows(3).any(many))
        && of_regex(regex).is_some()
        && regex_syntax::ast::parse::Parser::new().parse(regex).is_ok()
}

/// What is longer may break a limit of an engine.
const PLAIN_BYTES_MAX: usize = 1024;

struct Scan<'r> {
    rest: &'r str,
    /// Whether letters match in either case.
    folded: bool,
    /// The characters that must stand side by side so far.
    run: Vec<u8>,
    longest: Vec<u8>,
}

impl Scan<'_> {
    /// All of the expression, which must have no `|` outside of groups.
    fn alternative(&mut self) -> Option<()> {
        while let Some(character) = self.next() {
            match character {
                '|' | '*' | '+' | '?' | '{' | ')' => return None,
                '(' => {
                    self.end_run();
                    self.skip_group()?;
                    self.quantifier()?;
                }
                '[' => {
                    self.end_run();
                    self.skip_class()?;
                    self.quantifier()?;
                }
                '.' | '^' | '$' => {
                    self.end_run();
                    self.quantifier()?;
                }
                '\\' => self.escape()?,
                plain => self.plain(plain)?,
            }
        }
        Some(())
    }

    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            // Classes, borders and control characters of one letter.
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | 'A' | 'z' | 'Z' | 'h' | 'H' | 'v'
            | 'V' | 'R' | 'n' | 't' | 'r' | 'f' | 'a' | 'e' => {
                self.end_run();
                self.quantifier().map(drop)
            }
            punctuation if punctuation.is_ascii_punctuation() => self.plain(punctuation),
            _ => None,
        }
    }

    /// A character that stands for itself.
    fn plain(&mut self, character: char) -> Option<()> {
        let Ok(byte) = u8::try_from(character) else {
            return self.foreign();
        };
        if !byte.is_ascii() {
            return self.foreign();
        }
        // Beyond ASCII, U+212A folds to k and U+017F to s.
        if self.folded && matches!(byte, b'k' | b'K' | b's' | b'S') {
            self.end_run();
            return self.quantifier().map(drop);
        }
        self.run.push(byte);
        match self.quantifier()? {
            Times::One => {}
            Times::AtLeastOne => self.end_run(),
            Times::Perhaps => {
                self.run.pop();
                self.end_run();
            }
        }
        Some(())
    }

    /// What is not ASCII may be part of a character together with the one before it.
    fn foreign(&mut self) -> Option<()> {
        self.run.pop();
        self.end_run();
        self.quantifier().map(drop)
    }

    /// How often what was just read must be there, by what follows it.
    fn quantifier(&mut self) -> Option<Times> {
        let mut characters = self.rest.chars();
        let times = match characters.next() {
            Some('*' | '?') => Times::Perhaps,
            Some('+') => Times::AtLeastOne,
            Some('{') => {
                let (count, after) = characters.as_str().split_once('}')?;
                let least = count.split(',').next().unwrap_or_default();
                let known = count
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b',');
                if !known || least.is_empty() {
                    return None;
                }
                characters = after.chars();
                let never = least.bytes().all(|byte| byte == b'0');
                if never {
                    Times::Perhaps
                } else {
                    Times::AtLeastOne
                }
            }
            _ => return Some(Times::One),
        };
        let rest = characters.as_str();
        self.rest = rest.strip_prefix(['?', '+']).unwrap_or(rest);
        // What is quantified twice is not understood.
        (!self.rest.starts_with(['*', '?', '+', '{'])).then_some(times)
    }

    /// From behind `(`. Only plain groups are understood, since others can change the rules.
    fn skip_group(&mut self) -> Option<()> {
        let mut depth = 1_u32;
        self.plain_group()?;
        while depth > 0 {
            match self.next()? {
                '(' => {
                    depth = depth.checked_add(1)?;
                    self.plain_group()?;
                }
                ')' => depth = depth.saturating_sub(1),
                '[' => self.skip_class()?,
                '\\' if matches!(self.next()?, 'Q' | 'E' | 'K' | 'c') => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn plain_group(&mut self) -> Option<()> {
        if let Some(rest) = self.rest.strip_prefix("?:") {
            self.rest = rest;
        }
        (!self.rest.starts_with(['?', '*'])).then_some(())
    }

    /// From behind `[`.
    fn skip_class(&mut self) -> Option<()> {
        self.rest = self.rest.strip_prefix('^').unwrap_or(self.rest);
        // Whether a bracket here closes the class depends on the dialect.
        if self.rest.starts_with(']') {
            return None;
        }
        loop {
            match self.next()? {
                ']' => return Some(()),
                '[' => return None,
                '\\' if matches!(self.next()?, 'Q' | 'E' | 'c') => return None,
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = characters.next()?;
        self.rest = characters.as_str();
        Some(character)
    }

    fn end_run(&mut self) {
        if self.run.len() > self.longest.len() {
            std::mem::swap(&mut self.run, &mut self.longest);
        }
        self.run.clear();
    }
}

enum Times {
    One,
    AtLeastOne,
    Perhaps,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_of_like_counts() {
        for (like, required) in [
            ("%abc%defgh_", "defgh"),
            ("%", ""),
            ("", ""),
            ("o\u{300}o%", "\u{f2}o"),
        ] {
            assert_eq!(of_like(like), required.as_bytes(), "{like}");
        }
    }

    #[test]
    fn what_a_regular_expression_must_contain_is_found() {
        for (regex, required) in [
            (r"^abc\.exe$", "abc.exe"),
            (r"abcd?e", "abc"),
            (r"ab*cde", "cde"),
            (r"ab+cd", "ab"),
            (r"ab{2}cd{0,3}ef", "ab"),
            (r"^(foo|bar)baz[0-9]+quux$", "quux"),
            (r"(?:a(b)c)xyz", "xyz"),
            (r"(?i)evilmarke", "evilmar"),
            (r"(?i)tool-bench", "tool-bench"),
            (r"cafe\u{301}xx", ""),
            (r"\\\\server\\share", r"\\server\share"),
            (r"a\d+bcd\s", "bcd"),
            ("cafe\u{301}s!", "caf"),
            ("[^a-z]", ""),
            (r"a.b.c", "a"),
        ] {
            let found = of_regex(regex).unwrap_or_default();
            assert_eq!(String::from_utf8(found).unwrap(), required, "{regex}");
        }
    }

    #[test]
    fn what_is_not_understood_yields_nothing() {
        for regex in [
            "abcd|efgh",
            r"\Qabcd\E",
            r"(?x)ab cd",
            r"(?=abcd)efgh",
            r"abcd\x41",
            "[]abc]efgh",
            "[[:alpha:]]efgh",
            "abcd(?i)efgh",
            r"ab{,3}cdef",
            "abcd**",
            "(abcd",
            "[abcd",
            "abcd)",
            r"abcd\",
            "(a|(?i)b)cdef",
            r"\1abcd",
        ] {
            assert_eq!(of_regex(regex), None, "{regex}");
        }
    }
}
