//! Text of others in the fields of the register.

use super::model::{Remark, Why};
use crate::model::{Invalid, Line, Prose, is_forbidden};

/// The longest description, in characters.
const PROSE_CHARS: usize = 20_000;

/// One line of a text of any kind: without control characters, cut to what the field holds, which is
/// remarked. Nothing where nothing is left.
pub(crate) fn line<const MAX: usize>(
    text: &str,
    at: &str,
    remarks: &mut Vec<Remark>,
) -> Option<Line<MAX>> {
    let plain: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !is_forbidden(*c))
        .collect();
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let plain = words.join(" ");
    let cut = cut(&plain, MAX, at, remarks);
    cut.parse().ok()
}

/// Several lines of a text, in the same way.
pub(crate) fn prose(text: &str, at: &str, remarks: &mut Vec<Remark>) -> Prose {
    let plain: String = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| !is_forbidden(*c) || *c == '\n' || *c == '\t')
        .collect();
    let cut = cut(plain.trim(), PROSE_CHARS, at, remarks);
    cut.parse().unwrap_or_default()
}

fn cut(text: &str, most: usize, at: &str, remarks: &mut Vec<Remark>) -> String {
    let chars = text.chars().count();
    if chars <= most {
        return text.to_owned();
    }
    let detail = format!("{chars} characters, of which {most} stand in the field");
    remarks.push(Remark::new(at, Why::Cut, detail));
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The value, or a remark of the rule that it breaks.
pub(crate) fn kept<T>(
    read: Result<T, Invalid>,
    at: &str,
    why: Why,
    remarks: &mut Vec<Remark>,
) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(invalid) => {
            remarks.push(Remark::new(at, why, invalid.to_string()));
            None
        }
    }
}
