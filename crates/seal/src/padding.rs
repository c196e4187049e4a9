//! Padding to a fixed ladder of sizes, so that a length tells little.
//!
//! The rungs are 4 KiB × {4, 5, 6, 7}/4 × 2ᵏ from 4 KiB to 64 MiB: 4, 5, 6, 7, 8, 10, 12, 14, 16,
//! 20 … KiB. A padded text is at most a quarter longer than the text, once that has 4 KiB; below
//! that all are 4 KiB. There are 57 rungs, so a padded length tells less than six bits.
//!
//! The padding stands behind the text and describes itself (ISO/IEC 7816-4): one byte `0x80`, then
//! zeros. Whoever opens a file with the standard age tool sees the text first and can cut the tail
//! off by hand; most readers of documents ignore it. A padded text has only one form: the rung must
//! be the lowest that holds it.

use crate::Error;

/// The lowest rung.
pub const RUNG_BYTES_MIN: u64 = 4 * 1024;
/// The highest rung. A text is at least one byte shorter.
pub const RUNG_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The longest text that can be padded.
pub const TEXT_BYTES_MAX: u64 = RUNG_BYTES_MAX - 1;

pub(crate) const MARK: u8 = 0x80;

/// The lowest rung that holds a text of this length with its mark; `None` above the ladder.
pub fn rung(text_bytes: u64) -> Option<u64> {
    let needed = text_bytes.checked_add(1)?;
    if needed > RUNG_BYTES_MAX {
        return None;
    }
    if needed <= RUNG_BYTES_MIN {
        return Some(RUNG_BYTES_MIN);
    }
    // Steps of a quarter of the power of two below.
    let step = (1 << (needed - 1).ilog2()) / 4;
    Some(needed.div_ceil(step) * step)
}

/// Pads in memory.
pub fn pad(text: &mut Vec<u8>) -> Result<(), Error> {
    let too_large = || Error::TooLarge {
        what: "plaintext",
        bytes_max: TEXT_BYTES_MAX,
    };
    let length = u64::try_from(text.len())
        .ok()
        .and_then(rung)
        .and_then(|length| usize::try_from(length).ok())
        .ok_or_else(too_large)?;
    text.push(MARK);
    text.resize(length, 0);
    Ok(())
}

/// Takes the padding off, in memory.
pub fn strip(padded: &mut Vec<u8>) -> Result<(), Error> {
    let mark = padded.iter().rposition(|byte| *byte != 0);
    let text = mark.filter(|at| padded.get(*at) == Some(&MARK));
    let length = text.ok_or(Error::BadPadding)?;
    check(length, padded.len())?;
    padded.truncate(length);
    Ok(())
}

/// Holds the length of a text against the length it was padded to.
fn check(text_bytes: usize, padded_bytes: usize) -> Result<(), Error> {
    let [text, padded] = [text_bytes, padded_bytes].map(|length| u64::try_from(length).ok());
    let right = text.and_then(rung).is_some_and(|rung| padded == Some(rung));
    right.then_some(()).ok_or(Error::BadPadding)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ladder_has_57_rungs() {
        let mut rungs = vec![rung(0).unwrap()];
        while let Some(next) = rung(*rungs.last().unwrap()) {
            rungs.push(next);
        }
        assert_eq!(rungs.len(), 57);
        assert_eq!(
            rungs[..9],
            [4, 5, 6, 7, 8, 10, 12, 14, 16].map(|kib| kib * 1024)
        );
        assert_eq!(rungs.last(), Some(&RUNG_BYTES_MAX));
    }

    #[test]
    fn above_the_ladder_there_is_nothing() {
        assert_eq!(rung(TEXT_BYTES_MAX), Some(RUNG_BYTES_MAX));
        assert_eq!(rung(RUNG_BYTES_MAX), None);
        assert_eq!(rung(u64::MAX), None);
    }

    #[test]
    fn bad_padding_is_refused() {
        let mut no_mark = vec![0; 4096];
        let mut other_mark = vec![0; 4096];
        other_mark[10] = 0x81;
        let mut higher_rung = vec![0; 5120];
        higher_rung[10] = MARK;
        let mut off_the_ladder = vec![0; 4097];
        off_the_ladder[10] = MARK;
        for bad in [
            &mut Vec::new(),
            &mut no_mark,
            &mut other_mark,
            &mut higher_rung,
            &mut off_the_ladder,
        ] {
            assert!(matches!(strip(bad), Err(Error::BadPadding)));
        }
    }

    proptest! {
        #[test]
        fn a_rung_is_at_most_a_quarter_above(length in 4096_u64..TEXT_BYTES_MAX) {
            let rung = rung(length).unwrap();
            prop_assert!(rung > length);
            prop_assert!(4 * rung <= 5 * (length + 1));
        }

        #[test]
        fn higher_texts_never_stand_lower(length in 0..TEXT_BYTES_MAX) {
            prop_assert!(rung(length) <= rung(length + 1));
            prop_assert_eq!(rung(rung(length).unwrap() - 1), rung(length));
        }

        #[test]
        fn every_text_comes_back(
            mut text in proptest::collection::vec(any::<u8>(), 0..6000),
            tail in 0_usize..40,
        ) {
            text.push(MARK);
            text.resize(text.len() + tail, 0);
            let mut padded = text.clone();
            pad(&mut padded).unwrap();
            strip(&mut padded).unwrap();
            prop_assert_eq!(padded, text);
        }
    }
}
