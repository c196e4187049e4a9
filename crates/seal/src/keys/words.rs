//! Bytes as words that can be read over a telephone in any language.
//!
//! A byte is one word of two syllables: the upper four bits choose the first, the lower four the
//! second. Within each list every syllable has a consonant of its own, so the consonants alone
//! carry the byte; a vowel or an end heard wrong gives no other word of the list, it gives none.

const FIRST: [&str; 16] = [
    "ba", "de", "fi", "go", "ha", "jo", "ke", "lu", "mi", "no", "pa", "re", "su", "ti", "vo", "za",
];
const SECOND: [&str; 16] = [
    "bor", "den", "fil", "gam", "hos", "jun", "kel", "lim", "mar", "nol", "pes", "rud", "sam",
    "tiv", "vek", "zan",
];

/// One word a byte, separated by spaces.
pub(super) fn encode(bytes: &[u8]) -> String {
    let syllable = |list: &[&'static str; 16], at: u8| list.get(usize::from(at)).copied();
    bytes
        .iter()
        .map(|byte| {
            [syllable(&FIRST, byte >> 4), syllable(&SECOND, byte & 15)]
                .into_iter()
                .flatten()
                .collect::<String>()
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Reads words in either case, with any white space between them; `None` for anything else.
pub(super) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut words = text.split_whitespace();
    let mut out = [0; N];
    for slot in &mut out {
        *slot = byte(&words.next()?.to_ascii_lowercase())?;
    }
    words.next().is_none().then_some(out)
}

fn byte(word: &str) -> Option<u8> {
    let (first, second) = word.split_at_checked(2)?;
    let at = |list: &[&str; 16], syllable: &str| {
        let at = list.iter().position(|known| *known == syllable)?;
        u8::try_from(at).ok()
    };
    Some((at(&FIRST, first)? << 4) | at(&SECOND, second)?)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn all_256_words_differ_and_come_back() {
        let all: Vec<u8> = (0..=255).collect();
        let text = encode(&all);
        assert_eq!(text.split(' ').collect::<HashSet<_>>().len(), 256);
        assert_eq!(decode::<256>(&text).unwrap().as_slice(), all);
        assert_eq!(decode::<256>(&text.to_uppercase()).unwrap().as_slice(), all);
    }

    #[test]
    fn syllables_of_a_list_have_consonants_of_their_own() {
        for list in [FIRST, SECOND] {
            let consonants: HashSet<_> =
                list.iter().map(|syllable| syllable.as_bytes()[0]).collect();
            assert_eq!(consonants.len(), 16);
        }
    }

    #[test]
    fn a_word_too_few_or_too_many_or_unknown_is_refused() {
        assert_eq!(decode::<2>("babor babor"), Some([0, 0]));
        for bad in [
            "babor",
            "babor babor babor",
            "babor bobor",
            "babor b",
            "babor bäbor",
        ] {
            assert_eq!(decode::<2>(bad), None, "{bad}");
        }
    }
}
