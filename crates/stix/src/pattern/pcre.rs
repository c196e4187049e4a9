//! From the syntax of PCRE to that of the engine.
//!
//! They differ where PCRE takes a character as itself that the engine gives a meaning (`[` and `&&`
//! within a class, `{` that is no repetition, `\<`), in a few escapes (`\h`, `\R`, `\Q…\E`, `\Z`,
//! octal numbers), and in `$`, which PCRE also finds before a last line break. What neither can be
//! translated nor means the same is refused.

use std::{iter::Peekable, str::Chars};

/// Horizontal and vertical white space, as the items of a class.
const HORIZONTAL: &str = r"\t\x20\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}";
const VERTICAL: &str = r"\n\x0B\f\r\x{85}\x{2028}\x{2029}";

/// The expression in the engine's syntax. With `line_break` for values that end with one.
pub(super) fn translate(pcre: &str, line_break: bool) -> Result<String, String> {
    let mut translator = Translator {
        rest: pcre.chars().peekable(),
        out: String::with_capacity(pcre.len().saturating_add(16)),
        line_break,
    };
    while let Some(c) = translator.rest.next() {
        translator.outside_class(c)?;
    }
    Ok(translator.out)
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    line_break: bool,
}

impl Translator<'_> {
    fn outside_class(&mut self, c: char) -> Result<(), String> {
        match c {
            '\\' => self.escape(false)?,
            '[' => self.class()?,
            '(' => self.group()?,
            '$' if self.line_break => self.out.push_str(r"(?:$|(?=\n\z))"),
            '{' => self.brace()?,
            '}' => self.out.push_str(r"\}"),
            _ => self.out.push(c),
        }
        Ok(())
    }

    /// A repetition if it looks like one, otherwise the character.
    fn brace(&mut self) -> Result<(), String> {
        let mut ahead = self.rest.clone();
        let mut inner = String::new();
        while let Some(c) = ahead.next_if(|c| c.is_ascii_digit() || *c == ',') {
            inner.push(c);
        }
        let (least, most) = inner.split_once(',').unwrap_or((&inner, ""));
        let repetition = ahead.next_if_eq(&'}').is_some()
            && !least.is_empty()
            && !most.contains(',');
        if !repetition {
            self.out.push_str(r"\{");
            return Ok(());
        }
        self.rest = ahead;
        self.out.push('{');
        self.out.push_str(&inner);
        self.out.push('}');
        match self.rest.peek() {
            // The engine would take these for a second repetition. As few as exactly so many is
            // just so many.
            Some('+') => return Err("a possessive repetition in braces is not supported".into()),
            Some('?') if !inner.contains(',') => self.rest.next(),
            _ => None,
        };
        Ok(())
    }

    /// What follows an opening parenthesis, as far as it says of what kind the group is.
    fn group(&mut self) -> Result<(), String> {
        let ahead: String = self.rest.clone().take(3).collect();
        if ahead.starts_with('*') {
            return Err("it has a verb such as (*SKIP), which is not supported".into());
        }
        if !ahead.starts_with('?') {
            self.out.push('(');
            return Ok(());
        }
        if ahead.starts_with("?#") {
            return self.comment();
        }
        let kind = ahead.chars().nth(1).unwrap_or_default();
        if ahead.starts_with("?'") {
            self.rest.nth(1);
            let name = self.until('\'')?;
            self.out.push_str("(?<");
            self.out.push_str(&name);
            self.out.push('>');
            return Ok(());
        }
        let recursion = matches!(kind, 'R' | '&' | 'C' | '|' | '+' | '0'..='9')
            || ahead.starts_with("?P>")
            || (kind == '-' && ahead.chars().nth(2).is_some_and(|c| c.is_ascii_digit()));
        if recursion {
            return Err("it calls a group, resets groups or calls out, which is not supported".into());
        }
        self.out.push('(');
        if kind.is_ascii_lowercase() || kind == '-' || kind == '^' {
            return self.flags();
        }
        Ok(())
    }

    fn comment(&mut self) -> Result<(), String> {
        self.until(')').map(|_text| ())
    }

    fn until(&mut self, end: char) -> Result<String, String> {
        let mut text = String::new();
        for c in self.rest.by_ref() {
            if c == end {
                return Ok(text);
            }
            text.push(c);
        }
        Err(format!("something does not end with {end:?}"))
    }

    /// Flags, up to the `)` or `:` behind them. In extended syntax white space and comments would
    /// have to be told from the rest, which nobody has needed.
    fn flags(&mut self) -> Result<(), String> {
        let allowed = |c: &char| matches!(c, '?' | 'i' | 'm' | 's' | 'U' | '-');
        while let Some(c) = self.rest.next_if(allowed) {
            self.out.push(c);
        }
        match self.rest.peek() {
            Some(')' | ':') => Ok(()),
            Some(flag) => Err(format!("the flag {flag:?} is not supported")),
            None => Err("a group does not end".into()),
        }
    }

    /// What a backslash stands before.
    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let c = self.rest.next().ok_or("it ends with a backslash")?;
        match c {
            'Q' => self.quotation(),
            'E' => {}
            'h' => self.items(HORIZONTAL, false, in_class)?,
            'H' => self.items(HORIZONTAL, true, in_class)?,
            'v' => self.items(VERTICAL, false, in_class)?,
            'V' => self.items(VERTICAL, true, in_class)?,
            'N' if !in_class => self.out.push_str(r"[^\n]"),
            'R' if !in_class => self.out.push_str(r"(?:\r\n|[\n\x0B\f\r\x{85}\x{2028}\x{2029}])"),
            'Z' if !in_class => self.out.push_str(r"(?=\n?\z)"),
            'b' if in_class => self.character('\u{8}'),
            'e' => self.character('\u{1b}'),
            'a' => self.character('\u{7}'),
            'c' => {
                let of = self.rest.next().filter(char::is_ascii).ok_or("\\c names no character")?;
                let code = u32::from(of.to_ascii_uppercase()) ^ 64;
                self.character(char::from_u32(code).unwrap_or_default());
            }
            'x' => self.hexadecimal()?,
            'o' => self.octal_in_braces()?,
            '0' => self.octal("0", 2),
            '1'..='9' => self.digits(c, in_class),
            'g' | 'k' if !in_class => self.reference(c)?,
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'n' | 'r' | 't' | 'f' => self.keep(c),
            'p' | 'P' => {
                self.keep(c);
                if self.rest.next_if_eq(&'{').is_some() {
                    let property = self.until('}')?;
                    self.out.push_str(&format!("{{{property}}}"));
                }
            }
            'b' | 'B' | 'A' | 'z' | 'G' | 'K' if !in_class => self.keep(c),
            _ if c.is_ascii_alphabetic() => {
                return Err(format!("\\{c} is not supported"));
            }
            _ => self.character(c),
        }
        Ok(())
    }

    fn keep(&mut self, c: char) {
        self.out.push('\\');
        self.out.push(c);
    }

    /// A character that means itself.
    fn character(&mut self, c: char) {
        match c {
            '<' | '>' => self.out.push(c),
            _ if c.is_ascii_punctuation() => self.keep(c),
            _ if c.is_ascii_graphic() || !c.is_ascii() => self.out.push(c),
            _ => self.out.push_str(&format!("\\x{{{:X}}}", u32::from(c))),
        }
    }

    /// `\Q…\E`: everything means itself.
    fn quotation(&mut self) {
        while let Some(c) = self.rest.next() {
            if c == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return;
            }
            self.character(c);
        }
    }

    fn items(&mut self, items: &str, negated: bool, in_class: bool) -> Result<(), String> {
        match (negated, in_class) {
            (true, true) => return Err("\\H and \\V within a class are not supported".into()),
            (true, false) => self.out.push_str("[^"),
            (false, true) => {}
            (false, false) => self.out.push('['),
        }
        self.out.push_str(items);
        if !in_class {
            self.out.push(']');
        }
        Ok(())
    }

    /// `\x` with none to two digits, or any in braces.
    fn hexadecimal(&mut self) -> Result<(), String> {
        let digits = if self.rest.next_if_eq(&'{').is_some() {
            self.until('}')?
        } else {
            self.some_digits(16, 2)
        };
        let code = if digits.is_empty() { Ok(0) } else { u32::from_str_radix(&digits, 16) };
        let c = code.ok().and_then(char::from_u32);
        self.character(c.ok_or_else(|| format!("\\x{{{digits}}} is no character"))?);
        Ok(())
    }

    fn octal_in_braces(&mut self) -> Result<(), String> {
        let digits = match self.rest.next_if_eq(&'{') {
            Some(_) => self.until('}')?,
            None => String::new(),
        };
        let c = u32::from_str_radix(&digits, 8).ok().and_then(char::from_u32);
        self.character(c.ok_or_else(|| format!("\\o{{{digits}}} is no character"))?);
        Ok(())
    }

    fn octal(&mut self, first: &str, more: usize) {
        let digits = format!("{first}{}", self.some_digits(8, more));
        let code = u32::from_str_radix(&digits, 8).unwrap_or_default() & 255;
        self.character(char::from_u32(code).unwrap_or_default());
    }

    /// Within a class an octal number; otherwise the number of a group, or an octal number where
    /// there are three octal digits.
    fn digits(&mut self, first: char, in_class: bool) {
        let mut ahead = self.rest.clone();
        let octal = |c: Option<char>| c.is_some_and(|c| c.is_digit(8));
        let three = octal(Some(first)) && octal(ahead.next()) && octal(ahead.next());
        if three || (in_class && octal(Some(first))) {
            self.octal(&first.to_string(), 2);
        } else if in_class {
            self.character(first);
        } else {
            self.keep(first);
            let more = self.some_digits(10, 2);
            self.out.push_str(&more);
            // A digit behind the braces of nothing cannot lengthen the number.
            if self.rest.peek().is_some_and(char::is_ascii_digit) {
                self.out.push_str("(?:)");
            }
        }
    }

    fn some_digits(&mut self, radix: u32, most: usize) -> String {
        let mut digits = String::new();
        while digits.len() < most
            && let Some(c) = self.rest.next_if(|c| c.is_digit(radix))
        {
            digits.push(c);
        }
        digits
    }

    /// `\g{1}`, `\g1`, `\k{name}`, `\k'name'`, `\k<name>`.
    fn reference(&mut self, kind: char) -> Result<(), String> {
        let bad = || format!("\\{kind} is not supported so");
        let name = match self.rest.next() {
            Some('{') => self.until('}')?,
            Some('\'') if kind == 'k' => self.until('\'')?,
            Some('<') if kind == 'k' => self.until('>')?,
            Some(c) if kind == 'g' && c.is_ascii_digit() => {
                format!("{c}{}", self.some_digits(10, 2))
            }
            _ => return Err(bad()),
        };
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(word) {
            return Err(bad());
        }
        if name.chars().all(|c| c.is_ascii_digit()) {
            self.out.push_str(&format!("(?:\\{name})"));
        } else {
            self.out.push_str(&format!("\\k<{name}>"));
        }
        Ok(())
    }

    /// A class, from behind its opening bracket.
    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        // Whether a `-` would be one of the class, not the middle of a range.
        let mut first = true;
        let mut after_range = false;
        while let Some(c) = self.rest.next() {
            let opening = std::mem::take(&mut first);
            let literal = opening || std::mem::take(&mut after_range);
            match c {
                ']' if opening => self.out.push_str(r"\]"),
                ']' => {
                    self.out.push(']');
                    return Ok(());
                }
                '\\' => self.escape(true)?,
                '[' if self.posix() => {}
                '-' if literal || self.rest.peek() == Some(&']') => self.out.push_str(r"\-"),
                '-' => {
                    self.out.push('-');
                    after_range = true;
                }
                '[' | '&' | '~' | '^' => self.keep(c),
                _ => self.out.push(c),
            }
        }
        Err("a class does not end".into())
    }

    /// `[:name:]` within a class, from behind its bracket.
    fn posix(&mut self) -> bool {
        let mut ahead = self.rest.clone();
        if ahead.next_if_eq(&':').is_none() {
            return false;
        }
        let mut name = String::new();
        while let Some(c) = ahead.next_if(|c| c.is_ascii_lowercase() || *c == '^') {
            name.push(c);
        }
        if ahead.next() != Some(':') || ahead.next() != Some(']') {
            return false;
        }
        self.rest = ahead;
        self.out.push_str(&format!("[:{name}:]"));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pcre: &str, text: &str) -> bool {
        let translated = translate(pcre, false).unwrap();
        let regex = fancy_regex::Regex::new(&translated);
        regex.unwrap_or_else(|error| panic!("{pcre} as {translated}: {error}")).is_match(text).unwrap()
    }

    #[test]
    fn what_pcre_takes_as_itself_is_itself() {
        for (pcre, text) in [
            (r"^[[]$", "["),
            (r"^[]]$", "]"),
            (r"^[^]a]$", "b"),
            (r"^[a&&b]$", "&"),
            (r"^[a~~b]$", "~"),
            (r"^[-a]$", "-"),
            (r"^[+--]$", ","),
            (r"^[--/]$", "."),
            (r"^[a-]$", "-"),
            (r"^[\w-]$", "-"),
            (r"^[a^]$", "^"),
            (r"^{a}$", "{a}"),
            (r"^a{,3}$", "a{,3}"),
            (r"^a{2}$", "aa"),
            (r"^a{2,}$", "aaa"),
            (r"^a{2}?a$", "aaa"),
            (r"^a{2,4}?a$", "aaa"),
            (r"^\<b\>$", "<b>"),
            (r"^a\@b\/\ \-\_\:$", "a@b/ -_:"),
            (r"^\é$", "é"),
            (r"^[[:digit:]]+$", "12"),
            (r"^[[:^digit:]]+$", "ab"),
            (r"^[[:x]+$", "[:x"),
        ] {
            assert!(matches(pcre, text), "{pcre} {text}");
        }
    }

    #[test]
    fn escapes_mean_what_they_mean_in_pcre() {
        for (pcre, text) in [
            (r"^\Qa.b[\E$", "a.b["),
            (r"^[\Qa]\E]$", "]"),
            (r"^\h\H$", "\u{a0}f"),
            (r"^\v$", "\u{2028}"),
            (r"^a\Rb$", "a\r\nb"),
            (r"^\N$", "a"),
            (r"^\e\a\cA$", "\u{1b}\u{7}\u{1}"),
            (r"^[\b]$", "\u{8}"),
            (r"^\x41\x{42}\x4$", "AB\u{4}"),
            (r"^\0\012\101$", "\0\nA"),
            (r"^\o{101}$", "A"),
            (r"^(a)\g1\g{1}\1$", "aaaa"),
            (r"^(?'n'a)\k'n'\k{n}\k<n>(?P=n)$", "aaaaa"),
            (r"^a(?#comment)b$", "ab"),
            (r"^(?i:A)(?s)$", "a"),
            (r"^a++b*+$", "aab"),
            (r"^\p{Lu}\P{Lu}$", "Aa"),
        ] {
            assert!(matches(pcre, text), "{pcre} {text}");
        }
    }

    #[test]
    fn what_cannot_be_translated_is_refused() {
        for pcre in [
            "(?R)", "(?1)", "(?&n)", "(?P>n)", "(?C)", "(?|a|b)", "(*SKIP)", "(?x)a", "[a", "\\",
            "\\y", "[\\R]", "\\x{110000}", "a{2}+", "\\k", "(?'n",
        ] {
            assert!(translate(pcre, false).is_err(), "{pcre}");
        }
    }
}
