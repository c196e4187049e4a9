//! Texts of others on a terminal.

use std::fmt::Write as _;

/// A text that cannot steer a terminal: what is no visible character is written as its number.
pub fn harmless(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for found in text.chars() {
        let steers = found.is_control()
            || matches!(found, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if steers {
            // Writing to a string cannot fail.
            let _infallible = write!(plain, "\\u{{{:x}}}", u32::from(found));
        } else {
            plain.push(found);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_written_as_its_number_and_all_else_stays() {
        assert_eq!(
            harmless("a\u{1b}[2Jb\u{202e}c\n"),
            "a\\u{1b}[2Jb\\u{202e}c\\u{a}"
        );
        assert_eq!(harmless("شبكة 网络"), "شبكة 网络");
    }
}
