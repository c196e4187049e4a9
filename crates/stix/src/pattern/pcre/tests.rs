use super::*;

fn matches(pcre: &str, text: &str) -> bool {
    let translated = translate(pcre, Subject::default()).unwrap();
    let regex = fancy_regex::Regex::new(&translated);
    regex
        .unwrap_or_else(|error| panic!("{pcre} as {translated}: {error}"))
        .is_match(text)
        .unwrap()
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
        "(?R)",
        "(?1)",
        "(?&n)",
        "(?P>n)",
        "(?C)",
        "(?|a|b)",
        "(*SKIP)",
        "(?x)a",
        "[a",
        "\\",
        "\\y",
        "[\\R]",
        "\\x{110000}",
        "a{2}+",
        "\\k",
        "(?'n",
    ] {
        assert!(translate(pcre, Subject::default()).is_err(), "{pcre}");
    }
}
