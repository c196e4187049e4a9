//! Where something may be: what follows from the classes of neighbouring bytes, for a whole window
//! before anything is read.
//!
//! Each mark is made in a loop of its own over the planes, without a branch: such loops are compiled
//! to steps over hundreds of bytes.

use super::{
    classes::{ahead, back},
    planes::{Classes, Plane},
};
use crate::{
    raw::Work,
    set::{LONG_BYTES_MIN, Wanted},
};

/// A word for each 64 bytes, as in a plane.
type Words = Vec<u64>;

/// The marks of a window.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The first bytes of runs of names.
    pub(super) starts: Words,
    /// Places in runs that show that an address or a name is around them, or behind the run's end.
    pub(super) inner: Words,
    /// The first bytes of long runs of letters and digits.
    pub(super) long: Words,
    /// Colons with another one near behind them.
    pub(super) colons: Words,
    /// Colons behind a word and before something else.
    pub(super) urls: Words,
    /// `@` before a name.
    pub(super) emails: Words,
    /// Hyphens between a letter and a digit.
    pub(super) cves: Words,
    /// Underscores as far from one another as those of a fingerprint.
    pub(super) ja4s: Words,
    /// The first of two letters before a digit.
    pub(super) asns: Words,
    /// Where any of those from `long` on is.
    pub(super) any: Words,
    /// Letters.
    letter: Plane,
    /// Dots behind something other than a dot.
    lead: Plane,
    /// Digits behind such a dot.
    digit: Plane,
}

/// Marks a window.
pub(super) struct Marking<'a> {
    pub(super) classes: &'a Classes,
    pub(super) wanted: Wanted,
    pub(super) marks: &'a mut Marks,
}

#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where it is called"
)]
impl Work for Marking<'_> {
    type Made = ();

    #[inline(always)]
    fn work(self) {
        let words = self.classes.len();
        let marks = self.marks;
        for plane in [&mut marks.letter, &mut marks.lead, &mut marks.digit] {
            plane.resize(words);
        }
        for mark in [
            &mut marks.starts,
            &mut marks.inner,
            &mut marks.long,
            &mut marks.colons,
            &mut marks.urls,
            &mut marks.emails,
            &mut marks.cves,
            &mut marks.ja4s,
            &mut marks.asns,
            &mut marks.any,
        ] {
            mark.resize(words, 0);
        }
        if self.wanted.dotted {
            marks.dotted(self.classes);
        }
        marks.words(self.classes, self.wanted);
        marks.colons(self.classes, self.wanted);
        marks.joints(self.classes, self.wanted);
        marks.any();
    }
}

#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where they are called"
)]
impl Marks {
    /// Marks of names and IPv4 addresses.
    ///
    /// The last dot of a name has a letter behind it, the first of an address some digits and another
    /// dot. Most numbers have neither.
    #[inline(always)]
    fn dotted(&mut self, classes: &Classes) {
        let Classes {
            word,
            digit,
            dot,
            high,
            name,
            ..
        } = classes;
        let names = [name.words(), name.before()];
        fill(&mut self.starts, names, |[this, before]| {
            this & !back(this, before, 1)
        });
        let inputs = [name.words(), name.before(), dot.words(), dot.before()];
        let lead = self.lead.words_mut();
        fill(lead, inputs, |[name, name_before, dot, dot_before]| {
            dot & back(name & !dot, name_before & !dot_before, 1)
        });
        let lead = &self.lead;
        let inputs = [lead.words(), lead.before(), digit.words()];
        let behind_lead = self.digit.words_mut();
        fill(behind_lead, inputs, |[lead, before, digit]| {
            back(lead, before, 1) & digit
        });
        let behind_lead = &self.digit;
        let inputs = [dot.words(), behind_lead.words(), behind_lead.before()];
        fill(&mut self.inner, inputs, |[dot, this, before]| {
            dot & (back(this, before, 1) | back(this, before, 2) | back(this, before, 3))
        });
        let inputs = [
            lead.words(),
            lead.before(),
            word.words(),
            digit.words(),
            high.words(),
        ];
        change(
            &mut self.inner,
            inputs,
            |inner, [lead, before, word, digit, high]| {
                inner | back(lead, before, 1) & (word & !digit | high)
            },
        );
    }

    /// Marks of long words and of numbers of autonomous systems.
    #[inline(always)]
    fn words(&mut self, classes: &Classes, wanted: Wanted) {
        const { assert!(LONG_BYTES_MIN == 26, "the shifts add up to 25") };
        let Classes { word, digit, .. } = classes;
        let inputs = [word.words(), digit.words()];
        fill(self.letter.words_mut(), inputs, |[word, digit]| {
            word & !digit
        });
        let letter = &self.letter;
        let mask = only(wanted.long);
        let inputs = [word.before(), word.words(), word.after()];
        fill(&mut self.long, inputs, |[before, this, after]| {
            // Bytes that have so many of the same class behind them. What is behind `after` is not
            // known, and too far to matter.
            let (mut runs, mut next) = (this, after);
            for by in [1, 2, 4, 8, 10] {
                runs &= ahead(runs, next, by);
                next &= next >> by;
            }
            runs & !back(this, before, 1) & mask
        });
        let mask = only(wanted.asns);
        let inputs = [
            letter.words(),
            letter.after(),
            word.words(),
            word.before(),
            digit.words(),
            digit.after(),
        ];
        fill(
            &mut self.asns,
            inputs,
            |[letter, letter_after, word, before, digit, after]| {
                letter
                    & !back(word, before, 1)
                    & ahead(letter, letter_after, 1)
                    & ahead(digit, after, 2)
                    & mask
            },
        );
    }

    /// Marks around colons, and of `@`.
    #[inline(always)]
    fn colons(&mut self, classes: &Classes, wanted: Wanted) {
        let Classes {
            word,
            colon,
            at,
            name,
            ..
        } = classes;
        let mask = only(wanted.v6);
        let inputs = [colon.words(), colon.after()];
        fill(&mut self.colons, inputs, |[this, after]| {
            let near = ahead(this, after, 1)
                | ahead(this, after, 2)
                | ahead(this, after, 3)
                | ahead(this, after, 4)
                | ahead(this, after, 5);
            this & near & mask
        });
        let mask = only(wanted.urls);
        let inputs = [colon.words(), word.words(), word.before()];
        fill(&mut self.urls, inputs, |[colon, word, before]| {
            colon & back(word, before, 1) & mask
        });
        let inputs = [name.words(), name.after(), colon.words(), colon.after()];
        change(
            &mut self.urls,
            inputs,
            |urls, [name, name_after, colon, after]| {
                urls & !ahead(name, name_after, 1) & !ahead(colon, after, 1)
            },
        );
        let mask = only(wanted.emails);
        let inputs = [at.words(), name.words(), name.after()];
        fill(&mut self.emails, inputs, |[at, name, after]| {
            at & ahead(name, after, 1) & mask
        });
    }

    /// Marks of hyphens and underscores.
    #[inline(always)]
    fn joints(&mut self, classes: &Classes, wanted: Wanted) {
        let Classes { digit, joint, .. } = classes;
        let letter = &self.letter;
        let mask = only(wanted.cves);
        let inputs = [
            joint.words(),
            letter.words(),
            letter.before(),
            digit.words(),
            digit.after(),
        ];
        fill(
            &mut self.cves,
            inputs,
            |[joint, letter, before, digit, after]| {
                joint & back(letter, before, 1) & ahead(digit, after, 1) & mask
            },
        );
        let mask = only(wanted.ja4s);
        let inputs = [joint.words(), joint.after()];
        fill(&mut self.ja4s, inputs, |[this, after]| {
            this & ahead(this, after, 13) & mask
        });
    }

    /// Where one of the marks is that are looked at one by one.
    #[inline(always)]
    fn any(&mut self) {
        let inputs: [&[u64]; 7] = [
            &self.long,
            &self.colons,
            &self.urls,
            &self.emails,
            &self.cves,
            &self.ja4s,
            &self.asns,
        ];
        fill(&mut self.any, inputs, |marks| {
            marks.iter().fold(0, |any, mark| any | mark)
        });
    }
}

/// All bits or none.
fn only(is_wanted: bool) -> u64 {
    if is_wanted { u64::MAX } else { 0 }
}

/// Fills words with what is made of the words of the same number.
#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where it is called"
)]
#[inline(always)]
pub(super) fn fill<const N: usize>(
    words: &mut [u64],
    inputs: [&[u64]; N],
    made: impl Fn([u64; N]) -> u64,
) {
    change(words, inputs, |_, inputs| made(inputs));
}

/// Changes words by the words of the same number.
#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where it is called"
)]
#[inline(always)]
fn change<const N: usize>(
    words: &mut [u64],
    inputs: [&[u64]; N],
    changed: impl Fn(u64, [u64; N]) -> u64,
) {
    // What is known of the lengths spares the loop to ask.
    if inputs.iter().any(|input| input.len() != words.len()) {
        return;
    }
    for (at, word) in words.iter_mut().enumerate() {
        *word = changed(
            *word,
            inputs.map(|input| input.get(at).copied().unwrap_or(0)),
        );
    }
}
