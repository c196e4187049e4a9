//! From the syntax of PCRE to that of the engine.
//!
//! They differ where PCRE takes a character as itself that the engine gives a meaning (`[` and `&&`
//! within a class, `{` that is no repetition, `\<`), in a few escapes (`\h`, `\R`, `\Q…\E`, `\Z`,
//! octal numbers), and in `$`, which PCRE also finds before a last line break. What neither can be
//! translated nor means the same is refused.

mod escape;

use std::{iter::Peekable, str::Chars};

/// What an expression is held against.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subject {
    /// Whether it ends with a line break, where `$` has one more place.
    pub(super) line_break: bool,
    /// Whether it is octets, of which letters and digits are those of ASCII alone.
    pub(super) octets: bool,
}

/// The expression in the engine's syntax, with PCRE's option DOTALL (STIX 2.1 §9.6.1), and without
/// its option UNICODE for octets.
pub(super) fn translate(pcre: &str, subject: Subject) -> Result<String, String> {
    let mut translator = Translator {
        rest: pcre.chars().peekable(),
        out: String::with_capacity(pcre.len().saturating_add(16)),
        subject,
    };
    translator.out.push_str("(?s)");
    while let Some(c) = translator.rest.next() {
        translator.outside_class(c)?;
    }
    Ok(translator.out)
}

struct Translator<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    subject: Subject,
}

impl Translator<'_> {
    fn outside_class(&mut self, c: char) -> Result<(), String> {
        match c {
            '\\' => self.escape(false)?,
            '[' => self.class()?,
            '(' => self.group()?,
            '$' if self.subject.line_break => self.out.push_str(r"(?:$|(?=\n\z))"),
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
        let repetition =
            ahead.next_if_eq(&'}').is_some() && !least.is_empty() && !most.contains(',');
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
            return Err(
                "it calls a group, resets groups or calls out, which is not supported".into(),
            );
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
        self.write(format_args!("[:{name}:]"));
        true
    }
}

#[cfg(test)]
mod tests;
