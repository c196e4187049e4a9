//! What strangers type, without signs that nobody sees. Telephones and messengers put marks of direction
//! round numbers and words of right-to-left scripts: who copies them neither sees them nor can take them
//! out, so they are taken out here and nothing is refused for them.

/// One line: ends of lines, tabs and the like are spaces.
pub(crate) fn line(text: &str) -> String {
    let seen = text.chars().filter(|sign| !is_unseen(*sign));
    seen.filter_map(|sign| match sign {
        _ if is_end(sign) || sign == '\t' => Some(' '),
        _ if sign.is_control() => None,
        _ => Some(sign),
    })
    .collect()
}

/// Several lines, each ended alike; tabs stay.
pub(crate) fn prose(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let seen = text.chars().filter(|sign| !is_unseen(*sign));
    seen.filter_map(|sign| match sign {
        _ if is_end(sign) => Some('\n'),
        _ if sign.is_control() && sign != '\t' => None,
        _ => Some(sign),
    })
    .collect()
}

/// Signs without a body: marks, embeddings and isolates of direction, and those of no width. The two joiners
/// stay, since Persian and Hindi are written with them.
const fn is_unseen(sign: char) -> bool {
    matches!(
        sign,
        '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// Ends of lines, of paragraphs and of pages: Unicode 16.0 §5.8.
const fn is_end(sign: char) -> bool {
    matches!(
        sign,
        '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_goes_and_what_is_written_stays() {
        let number = "\u{202a}+353 1 234 5678\u{202c}";
        assert_eq!(line(number), "+353 1 234 5678");
        assert_eq!(line("\u{2066}a\u{2069}\tb\r\nc\u{0}"), "a b  c");
        assert_eq!(
            prose("\u{feff}a\r\nb\u{b}c\u{2029}d\te\u{1b}"),
            "a\nb\nc\nd\te"
        );
        let persian = "می\u{200c}خواهم";
        assert_eq!(line(persian), persian);
        assert_eq!(prose(persian), persian);
    }
}
