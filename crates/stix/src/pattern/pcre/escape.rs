//! What a backslash makes of what follows it.

use super::Translator;

/// Horizontal and vertical white space, as the items of a class.
const HORIZONTAL: &str = r"\t\x20\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}";
const VERTICAL: &str = r"\n\x0B\f\r\x{85}\x{2028}\x{2029}";

/// Whether a place among octets is at a word's edge, and whether it is not.
const EDGE: &str = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
const NO_EDGE: &str = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))";

impl Translator<'_> {
    /// What a backslash stands before.
    pub(super) fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let c = self.rest.next().ok_or("it ends with a backslash")?;
        match c {
            'Q' => self.quotation(),
            'E' => {}
            'h' => self.items(HORIZONTAL, false, in_class)?,
            'H' => self.items(HORIZONTAL, true, in_class)?,
            'v' => self.items(VERTICAL, false, in_class)?,
            'V' => self.items(VERTICAL, true, in_class)?,
            'N' if !in_class => self.out.push_str(r"[^\n]"),
            'R' if !in_class => self
                .out
                .push_str(r"(?:\r\n|[\n\x0B\f\r\x{85}\x{2028}\x{2029}])"),
            'Z' if !in_class => self.out.push_str(r"(?=\n?\z)"),
            'b' if in_class => self.character('\u{8}'),
            'e' => self.character('\u{1b}'),
            'a' => self.character('\u{7}'),
            'c' => {
                let of = self
                    .rest
                    .next()
                    .filter(char::is_ascii)
                    .ok_or("\\c names no character")?;
                let code = u32::from(of.to_ascii_uppercase()) ^ 64;
                self.character(char::from_u32(code).unwrap_or_default());
            }
            'x' => self.hexadecimal()?,
            'o' => self.octal_in_braces()?,
            '0' => self.octal("0", 2),
            '1'..='9' => self.digits(c, in_class),
            'g' | 'k' if !in_class => self.reference(c)?,
            'd' | 'D' | 'w' | 'W' | 's' | 'S' if self.subject.octets => {
                let negated = c.is_ascii_uppercase();
                self.write(format_args!(
                    "[{}{}]",
                    if negated { "^" } else { "" },
                    match c.to_ascii_lowercase() {
                        'd' => "0-9",
                        'w' => "0-9A-Za-z_",
                        _ => r"\t\n\x0B\f\r\x20",
                    }
                ));
            }
            'b' if self.subject.octets => self.out.push_str(EDGE),
            'B' if self.subject.octets && !in_class => self.out.push_str(NO_EDGE),
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'n' | 'r' | 't' | 'f' => self.keep(c),
            'p' | 'P' => {
                self.keep(c);
                if self.rest.next_if_eq(&'{').is_some() {
                    let property = self.until('}')?;
                    self.write(format_args!("{{{property}}}"));
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

    pub(super) fn write(&mut self, text: std::fmt::Arguments<'_>) {
        use std::fmt::Write as _;
        // Writing to a String cannot fail.
        let _infallible = self.out.write_fmt(text);
    }

    pub(super) fn keep(&mut self, c: char) {
        self.out.push('\\');
        self.out.push(c);
    }

    /// A character that means itself.
    fn character(&mut self, c: char) {
        match c {
            '<' | '>' => self.out.push(c),
            _ if c.is_ascii_punctuation() => self.keep(c),
            _ if c.is_ascii_graphic() || !c.is_ascii() => self.out.push(c),
            _ => self.write(format_args!("\\x{{{:X}}}", u32::from(c))),
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
        let code = if digits.is_empty() {
            Ok(0)
        } else {
            u32::from_str_radix(&digits, 16)
        };
        let c = code.ok().and_then(char::from_u32);
        self.character(c.ok_or_else(|| format!("\\x{{{digits}}} is no character"))?);
        Ok(())
    }

    fn octal_in_braces(&mut self) -> Result<(), String> {
        let digits = match self.rest.next_if_eq(&'{') {
            Some(_) => self.until('}')?,
            None => String::new(),
        };
        let c = u32::from_str_radix(&digits, 8)
            .ok()
            .and_then(char::from_u32);
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
            self.write(format_args!("(?:\\{name})"));
        } else {
            self.write(format_args!("\\k<{name}>"));
        }
        Ok(())
    }
}
