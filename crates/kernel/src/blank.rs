/// Whether nobody sees anything of a text: nothing but spaces, marks of direction, joiners and other signs
/// without a body (Unicode's `Default_Ignorable_Code_Point`), the fillers of Hangul, or the blank pattern of
/// Braille. A name of such signs alone cannot be read out, clicked on or told from another.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|sign| {
        sign.is_whitespace()
            || sign.is_control()
            || matches!(
                sign,
                '\u{ad}'
                    | '\u{34f}'
                    | '\u{61c}'
                    | '\u{115f}'..='\u{1160}'
                    | '\u{17b4}'..='\u{17b5}'
                    | '\u{180b}'..='\u{180f}'
                    | '\u{200b}'..='\u{200f}'
                    | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}'
                    | '\u{2800}'
                    | '\u{3164}'
                    | '\u{fe00}'..='\u{fe0f}'
                    | '\u{feff}'
                    | '\u{ffa0}'
                    | '\u{1bca0}'..='\u{1bca3}'
                    | '\u{1d173}'..='\u{1d17a}'
                    | '\u{e0000}'..='\u{e0fff}'
            )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_blank() {
        for text in [
            "",
            " \t",
            "\u{200b}",
            " \u{2066}\u{2069} ",
            "\u{3164}\u{fe0f}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in [
            "a",
            "医",
            "می\u{200c}خواهم",
            "👩\u{200d}⚕\u{fe0f}",
            ".",
            "\u{200b}a",
        ] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
