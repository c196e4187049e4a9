//! The classes of the bytes of a window: a plane of bits for each.
//!
//! Planes lie each by itself, rather than class beside class, so that what follows from neighbouring
//! bytes is worked out for some hundred bytes in one step of the processor.

use super::classes::{Block, ahead, next, run_end, run_start, shift};
use crate::raw;

/// The bits of one class: a word for each 64 bytes, the lowest bit of the first byte.
///
/// An empty word stands before the first and one behind the last: loops over a word and its
/// neighbours need no exception.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Plane(Vec<u64>);

impl Plane {
    /// Makes it so many words long. Those that are there stay until they are written over.
    pub(super) fn resize(&mut self, words: usize) {
        self.0.resize(words + 2, 0);
        if let Some(behind) = self.0.last_mut() {
            *behind = 0;
        }
    }

    #[inline]
    pub(super) fn words(&self) -> &[u64] {
        let behind = self.0.len().saturating_sub(1);
        self.0.get(1..behind).unwrap_or_default()
    }

    #[inline]
    pub(super) fn words_mut(&mut self) -> &mut [u64] {
        let behind = self.0.len().saturating_sub(1);
        self.0.get_mut(1..behind).unwrap_or_default()
    }

    /// What is before each word.
    #[inline]
    pub(super) fn before(&self) -> &[u64] {
        let last = self.0.len().saturating_sub(2);
        self.0.get(..last).unwrap_or_default()
    }

    /// What is behind each word.
    #[inline]
    pub(super) fn after(&self) -> &[u64] {
        self.0.get(2..).unwrap_or_default()
    }

    /// A word of this number; nothing behind the last.
    #[inline]
    fn word(&self, number: usize) -> u64 {
        self.0.get(number + 1).copied().unwrap_or(0)
    }

    /// The bits from a place on.
    #[inline]
    pub(super) fn from(&self, place: usize) -> u64 {
        let number = place / 64;
        ahead(self.word(number), self.word(number + 1), shift(place))
    }

    /// The bits before a place, the last of them in the highest.
    #[inline]
    pub(super) fn up_to(&self, place: usize) -> u64 {
        let here = place / 64;
        let before = self.0.get(here).copied().unwrap_or(0);
        ahead(before, self.word(here), shift(place))
    }

    /// Whether a byte is of the class.
    #[inline]
    pub(super) fn has(&self, place: usize) -> bool {
        self.word(place / 64) >> shift(place) & 1 == 1
    }

    /// Where the run that a place is in ends.
    #[inline]
    pub(super) fn run_end(&self, place: usize) -> usize {
        run_end(|number| self.words().get(number).copied(), place)
    }

    /// Where the run that ends before a place begins.
    #[inline]
    pub(super) fn run_start(&self, place: usize) -> usize {
        run_start(|number| self.word(number), place)
    }

    fn clear(&mut self, place: usize) {
        if let Some(word) = self.words_mut().get_mut(place / 64) {
            *word &= !(1 << (place % 64));
        }
    }
}

/// The classes of some bytes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Classes {
    /// ASCII letters and digits.
    pub(super) word: Plane,
    /// Digits.
    pub(super) digit: Plane,
    /// `.`
    pub(super) dot: Plane,
    /// `-` and `_`
    pub(super) joint: Plane,
    /// `:`
    pub(super) colon: Plane,
    /// Bytes beyond ASCII.
    pub(super) high: Plane,
    /// `@`
    pub(super) at: Plane,
    /// `\` and `%`
    pub(super) escape: Plane,
    /// Line feeds.
    pub(super) feed: Plane,
    /// What can be part of a name: words, dots, joints and what is beyond ASCII.
    pub(super) name: Plane,
    /// Whether there are bytes beyond ASCII, and `@`: most windows have none.
    pub(super) has_high: bool,
    pub(super) has_at: bool,
}

/// Where the classes of 64 bytes are put.
pub(crate) struct Row<'a>([&'a mut u64; 10]);

impl Row<'_> {
    #[inline]
    pub(crate) fn put(self, block: &Block) {
        let Self(words) = self;
        let [word, digit, dot, joint, colon, high, at, escape, feed, name] = words;
        *word = block.word;
        *digit = block.digit;
        *dot = block.dot;
        *joint = block.joint;
        *colon = block.colon;
        *high = block.high;
        *at = block.at;
        *escape = block.escape;
        *feed = block.feed;
        *name = block.name;
    }
}

impl Classes {
    /// Sorts bytes. Says whether there are escapes.
    pub(super) fn fill(&mut self, bytes: &[u8]) -> bool {
        let (full, rest) = bytes.as_chunks::<64>();
        self.resize(full.len() + usize::from(!rest.is_empty()));
        raw::classify(full, self.rows(0));
        if !rest.is_empty() {
            let mut padded = [0; 64];
            for (to, &from) in padded.iter_mut().zip(rest) {
                *to = from;
            }
            raw::classify(&[padded], self.rows(full.len()));
        }
        let any = |plane: &Plane| plane.words().iter().fold(0, |all, word| all | word) != 0;
        self.has_high = any(&self.high);
        self.has_at = any(&self.at);
        any(&self.escape)
    }

    /// How many times 64 bytes there are, the last of them perhaps in part.
    pub(super) fn len(&self) -> usize {
        self.word.words().len()
    }

    /// Takes the two digits of percent-encodings out of all classes: an encoding separates.
    pub(super) fn cut_percent(&mut self, bytes: &[u8]) {
        for number in 0..self.len() {
            let mut escapes = self.escape.word(number);
            while let Some(bit) = next(&mut escapes) {
                let place = number * 64 + bit;
                let Some([b'%', digits @ ..]) = bytes.get(place..place + 3) else {
                    continue;
                };
                if digits.iter().all(u8::is_ascii_hexdigit) {
                    for digit in [place + 1, place + 2] {
                        for plane in [&mut self.word, &mut self.digit, &mut self.name] {
                            plane.clear(digit);
                        }
                    }
                }
            }
        }
    }

    fn resize(&mut self, words: usize) {
        for plane in self.planes_mut() {
            plane.resize(words);
        }
    }

    /// With so many empty words of each class.
    #[cfg(test)]
    pub(crate) fn with_words(words: usize) -> Self {
        let mut classes = Self::default();
        classes.resize(words);
        classes
    }

    fn planes_mut(&mut self) -> [&mut Plane; 10] {
        [
            &mut self.word,
            &mut self.digit,
            &mut self.dot,
            &mut self.joint,
            &mut self.colon,
            &mut self.high,
            &mut self.at,
            &mut self.escape,
            &mut self.feed,
            &mut self.name,
        ]
    }

    /// The rows from this one on.
    #[inline]
    pub(crate) fn rows(&mut self, first: usize) -> impl Iterator<Item = Row<'_>> {
        let [word, digit, dot, joint, colon, others @ ..] = self
            .planes_mut()
            .map(|plane| plane.words_mut().get_mut(first..).unwrap_or_default());
        let [high, at, escape, feed, name] = others;
        let words = word.iter_mut().zip(digit).zip(dot).zip(joint).zip(colon);
        let others = high.iter_mut().zip(at).zip(escape).zip(feed).zip(name);
        words.zip(others).map(|(words, others)| {
            let ((((word, digit), dot), joint), colon) = words;
            let ((((high, at), escape), feed), name) = others;
            Row([word, digit, dot, joint, colon, high, at, escape, feed, name])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_say_what_bytes_are() {
        let bytes: Vec<_> = (0..=u8::MAX).cycle().skip(37).take(300).collect();
        let mut classes = Classes::default();
        // What an earlier window had is gone.
        classes.fill(&[b'@'; 700]);
        classes.fill(&bytes);
        assert_eq!(classes.len(), 5);
        for (place, &byte) in bytes.iter().enumerate() {
            let has = |class: fn(&Classes) -> &Plane| class(&classes).has(place);
            assert_eq!(has(|c| &c.word), byte.is_ascii_alphanumeric());
            assert_eq!(has(|c| &c.digit), byte.is_ascii_digit());
            assert_eq!(has(|c| &c.dot), byte == b'.');
            assert_eq!(has(|c| &c.joint), b"-_".contains(&byte));
            assert_eq!(has(|c| &c.colon), byte == b':');
            assert_eq!(has(|c| &c.high), !byte.is_ascii());
            assert_eq!(has(|c| &c.at), byte == b'@');
            assert_eq!(has(|c| &c.escape), b"\\%".contains(&byte));
            assert_eq!(has(|c| &c.feed), byte == b'\n');
            let name = !byte.is_ascii() || byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            assert_eq!(has(|c| &c.name), name);
        }
        for place in 300..400 {
            assert!(!classes.at.has(place) && !classes.name.has(place));
        }
    }

    #[test]
    fn runs_cross_words() {
        let text = format!("{}.{}", " ".repeat(50), "a".repeat(100));
        let mut classes = Classes::default();
        classes.fill(text.as_bytes());
        assert_eq!(classes.word.run_end(60), 151);
        assert_eq!(classes.word.run_start(151), 51);
        assert_eq!(classes.name.run_start(151), 50);
        assert_eq!(classes.word.from(51), u64::MAX);
        assert_eq!(classes.word.up_to(53), 0b11 << 62);
        assert_eq!(classes.dot.up_to(51), 1 << 63);
    }

    #[test]
    fn encodings_separate() {
        let text = b"a%2Fevil%zz%4";
        let mut classes = Classes::default();
        assert!(classes.fill(text));
        classes.cut_percent(text);
        assert_eq!(classes.word.words(), [0b1_0110_1111_0001]);
    }
}
