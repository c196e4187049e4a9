//! Undoing what people do to indicators so that nobody clicks on them.

use std::borrow::Cow;

/// Spellings of a text that is written so that no program takes it for an address. Longer ones
/// first where one begins another.
const DEFANGED: &[(&str, &str)] = &[
    ("[://]", "://"),
    ("[:]", ":"),
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("{dot}", "."),
    ("[at]", "@"),
    ("(at)", "@"),
    ("{at}", "@"),
    ("[@]", "@"),
    ("(@)", "@"),
    ("{@}", "@"),
    ("[/]", "/"),
    ("\\.", "."),
];

/// Beginnings of URLs that are written with other letters.
const SCHEMES: &[(&str, &str)] = &[
    ("hxxps", "https"),
    ("hxxp", "http"),
    ("h**ps", "https"),
    ("h**p", "http"),
    ("fxp", "ftp"),
];

/// The text as it was before it was defanged.
pub(crate) fn refang(text: &str) -> Cow<'_, str> {
    let may_have_scheme = matches!(text.bytes().next(), Some(b'h' | b'H' | b'f' | b'F'));
    let mut spellings = SCHEMES.iter().filter(|_| may_have_scheme);
    let schemed = spellings.find_map(|(written, meant)| {
        let (head, rest) = text.split_at_checked(written.len())?;
        let is_scheme = rest.starts_with([':', '[']);
        (is_scheme && head.eq_ignore_ascii_case(written)).then(|| format!("{meant}{rest}"))
    });
    let text = schemed.map_or(Cow::Borrowed(text), Cow::Owned);
    let is_sign = |byte: u8| matches!(byte, b'[' | b'(' | b'{' | b'\\');
    // Without a way out within, the compiler looks at many bytes at once.
    if !text.bytes().fold(false, |any, byte| any | is_sign(byte)) {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(letter) = rest.chars().next() {
        let defanged = DEFANGED.iter().find_map(|(written, meant)| {
            let (head, rest) = rest.split_at_checked(written.len())?;
            head.eq_ignore_ascii_case(written).then_some((*meant, rest))
        });
        if let Some((meant, behind)) = defanged {
            plain.push_str(meant);
            rest = behind;
        } else {
            plain.push(letter);
            rest = rest.split_at(letter.len_utf8()).1;
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_undone() {
        for (written, meant) in [
            ("evil[.]com", "evil.com"),
            ("evil(.)co{.}uk", "evil.co.uk"),
            ("evil[DOT]com", "evil.com"),
            ("hxxp://evil\\.com/a", "http://evil.com/a"),
            ("hXXps[:]//evil[.]com", "https://evil.com"),
            ("hxxp[://]evil(dot)com[/]a", "http://evil.com/a"),
            ("a(at)evil[.]com", "a@evil.com"),
            ("a[@]evil.com", "a@evil.com"),
            ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
            ("hxxp.example", "hxxp.example"),
            ("\u{e4}[.]example", "\u{e4}.example"),
        ] {
            assert_eq!(refang(written), meant);
        }
    }
}
