//! Which of many texts occur in a value.

use std::collections::HashMap;

/// How many bytes of a text lead to it.
const GRAM_BYTES: usize = 4;
/// As many bits a gram are in the filter that most windows of a value end at.
const FILTER_BITS_A_GRAM: usize = 16;

/// A text that must occur in a value, without regard to the case of ASCII letters.
#[derive(Debug)]
pub(super) struct Required {
    /// Of [`Grams::TEXT_BYTES_MIN`] bytes or more.
    pub(super) text: Box<[u8]>,
    pub(super) target: u32,
}

/// Texts by four consecutive bytes of theirs that few others have.
#[derive(Debug)]
pub(super) struct Grams {
    /// A bit for each gram, by its hash; the number of words is a power of two.
    filter: Box<[u64]>,
    filter_shift: u32,
    /// By gram.
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    gram: u32,
    /// Where in the text the gram begins.
    offset: usize,
    text: Box<[u8]>,
    target: u32,
}

impl Grams {
    /// Shorter texts lead nowhere.
    pub(super) const TEXT_BYTES_MIN: usize = GRAM_BYTES;

    pub(super) fn new(mut texts: Vec<Required>) -> Self {
        let mut frequency: HashMap<u32, u32> = HashMap::new();
        for required in &mut texts {
            required.text.make_ascii_lowercase();
            for gram in grams(&required.text) {
                *frequency.entry(gram).or_default() += 1;
            }
        }
        // What many patterns contain, such as `http`, most values contain as well.
        let rarest = |text: &[u8]| {
            let places = grams(text).enumerate();
            places.min_by_key(|(_, gram)| frequency.get(gram).copied().unwrap_or_default())
        };
        let mut entries: Vec<Entry> = texts
            .into_iter()
            .filter_map(|required| {
                let (offset, gram) = rarest(&required.text)?;
                Some(Entry {
                    gram,
                    offset,
                    text: required.text,
                    target: required.target,
                })
            })
            .collect();
        entries.sort_unstable_by_key(|entry| (entry.gram, entry.target));
        let bits = (entries.len() * FILTER_BITS_A_GRAM)
            .next_power_of_two()
            .max(64);
        let mut grams = Self {
            filter: vec![0; bits / 64].into(),
            filter_shift: u32::BITS - bits.trailing_zeros().min(u32::BITS),
            entries,
        };
        for at in 0..grams.entries.len() {
            let gram = grams.entries.get(at).map_or(0, |entry| entry.gram);
            let (word, bit) = grams.place(gram);
            if let Some(word) = grams.filter.get_mut(word) {
                *word |= bit;
            }
        }
        grams
    }

    /// Calls `hit` for each text that occurs in `value`, at least once.
    pub(super) fn within(&self, value: &[u8], hit: &mut impl FnMut(u32)) {
        for (at, gram) in grams(value).enumerate() {
            let (word, bit) = self.place(gram);
            if self.filter.get(word).is_some_and(|word| word & bit != 0) {
                self.follow(gram, at, value, hit);
            }
        }
    }

    fn follow(&self, gram: u32, at: usize, value: &[u8], hit: &mut impl FnMut(u32)) {
        let from = self.entries.partition_point(|entry| entry.gram < gram);
        for entry in self
            .entries
            .iter()
            .skip(from)
            .take_while(|entry| entry.gram == gram)
        {
            let begin = at.checked_sub(entry.offset);
            let there = begin.and_then(|begin| value.get(begin..begin + entry.text.len()));
            if there.is_some_and(|there| there.eq_ignore_ascii_case(&entry.text)) {
                hit(entry.target);
            }
        }
    }

    fn place(&self, gram: u32) -> (usize, u64) {
        // An odd factor with bits all over spreads neighbours (Fibonacci hashing).
        let hash = gram
            .wrapping_mul(0x9e37_79b9)
            .checked_shr(self.filter_shift)
            .unwrap_or(0);
        (
            usize::try_from(hash / 64).unwrap_or_default(),
            1 << (hash % 64),
        )
    }
}

/// Each run of four bytes, ASCII letters in lower case.
fn grams(text: &[u8]) -> impl Iterator<Item = u32> {
    text.windows(GRAM_BYTES).map(|window| {
        window.iter().fold(0, |gram, byte| {
            gram << 8 | u32::from(byte.to_ascii_lowercase())
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(texts: &[&str], value: &str) -> Vec<u32> {
        let texts = (0..).zip(texts).map(|(target, text)| Required {
            text: text.as_bytes().into(),
            target,
        });
        let mut found = Vec::new();
        Grams::new(texts.collect()).within(value.as_bytes(), &mut |target| found.push(target));
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn texts_are_found_at_both_ends_and_in_any_case() {
        assert_eq!(
            found(
                &["http://a", "evil.example", "/GATE.php"],
                "HTTP://a.evil.example/gate.PHP"
            ),
            [0, 1, 2]
        );
        assert_eq!(found(&["abcd", "bcde", "abcde"], "abcd"), [0]);
        assert_eq!(found(&[], "abcd"), []);
        assert_eq!(found(&["abcd"], "abc"), []);
    }

    proptest! {
        #[test]
        fn a_search_finds_what_looking_for_each_finds(
            texts in prop::collection::vec("[abAB]{4,6}", 0..20),
            value in "[abAB]{0,20}",
        ) {
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            let lower = value.to_lowercase();
            let each = (0..).zip(&texts).filter(|(_, text)| lower.contains(&text.to_lowercase()));
            let each: Vec<u32> = each.map(|(target, _)| target).collect();
            prop_assert_eq!(found(&texts, &value), each);
        }
    }
}
