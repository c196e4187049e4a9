//! Sorting bytes into classes with the instructions that the processor turns out to have.

use super::fast::prefetch_at;
use crate::scan::{Block, Row};

/// How far ahead of the classified bytes memory is asked for: the processor by itself does not look
/// beyond the end of a page.
const AHEAD_BYTES: usize = 2048;

/// Puts the classes of each 64 bytes into its row.
#[inline]
pub(crate) fn classify<'a>(bytes: &[[u8; 64]], rows: impl Iterator<Item = Row<'a>>) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw") {
            // SAFETY: the processor has what the function needs.
            return unsafe { avx512::classify(bytes, rows) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has what the function needs.
            return unsafe { avx2::classify(bytes, rows) };
        }
    }
    portable(bytes, rows);
}

fn portable<'a>(bytes: &[[u8; 64]], rows: impl Iterator<Item = Row<'a>>) {
    for (row, bytes) in rows.zip(bytes) {
        row.put(&Block::of(bytes));
    }
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use std::arch::x86_64::{
        __m512i, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask, _mm512_loadu_si512,
        _mm512_movepi8_mask, _mm512_or_si512, _mm512_set1_epi8, _mm512_sub_epi8,
    };

    use super::{AHEAD_BYTES, prefetch_at};
    use crate::scan::{Block, Row};

    #[target_feature(enable = "avx512f,avx512bw")]
    pub(super) fn classify<'a>(bytes: &[[u8; 64]], rows: impl Iterator<Item = Row<'a>>) {
        for (row, bytes) in rows.zip(bytes) {
            prefetch_at(bytes.as_ptr().wrapping_add(AHEAD_BYTES));
            // SAFETY: 64 bytes are there to be read, and the load asks for no alignment.
            row.put(&of(unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }));
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn of(bytes: __m512i) -> Block {
        let all = |byte: u8| _mm512_set1_epi8(byte.cast_signed());
        let is = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, all(byte));
        let within = |bytes: __m512i, first: u8, count: u8| {
            _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, all(first)), all(count))
        };
        let digit = within(bytes, b'0', 10);
        let word = digit | within(_mm512_or_si512(bytes, all(0x20)), b'a', 26);
        let (dot, joint) = (is(b'.'), is(b'-') | is(b'_'));
        let high = _mm512_movepi8_mask(bytes);
        Block {
            word,
            digit,
            dot,
            joint,
            colon: is(b':'),
            high,
            at: is(b'@'),
            escape: is(b'\\') | is(b'%'),
            feed: is(b'\n'),
            name: word | dot | joint | high,
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8,
        _mm256_or_si256, _mm256_set1_epi8, _mm256_sub_epi8,
    };

    use super::{AHEAD_BYTES, prefetch_at};
    use crate::scan::{Block, Row};

    #[target_feature(enable = "avx2")]
    pub(super) fn classify<'a>(bytes: &[[u8; 64]], rows: impl Iterator<Item = Row<'a>>) {
        for (row, bytes) in rows.zip(bytes) {
            prefetch_at(bytes.as_ptr().wrapping_add(AHEAD_BYTES));
            let ([low, high], _) = bytes.as_chunks::<32>() else {
                continue;
            };
            // SAFETY: 32 bytes are there to be read, and the load asks for no alignment.
            let low = of(unsafe { _mm256_loadu_si256(low.as_ptr().cast()) });
            // SAFETY: as before.
            let high = of(unsafe { _mm256_loadu_si256(high.as_ptr().cast()) });
            row.put(&low.followed_by(&high, 32));
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn of(bytes: __m256i) -> Block {
        let all = |byte: u8| _mm256_set1_epi8(byte.cast_signed());
        let bits = |mask: __m256i| u64::from(_mm256_movemask_epi8(mask).cast_unsigned());
        let is = |byte: u8| _mm256_cmpeq_epi8(bytes, all(byte));
        let either = |one: u8, other: u8| bits(_mm256_or_si256(is(one), is(other)));
        let within = |bytes: __m256i, first: u8, count: u8| {
            let bytes = _mm256_sub_epi8(bytes, all(first));
            _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, all(count - 1)), bytes)
        };
        let digit = within(bytes, b'0', 10);
        let letter = within(_mm256_or_si256(bytes, all(0x20)), b'a', 26);
        let word = bits(_mm256_or_si256(digit, letter));
        let (dot, joint) = (bits(is(b'.')), either(b'-', b'_'));
        let high = bits(bytes);
        Block {
            word,
            digit: bits(digit),
            dot,
            joint,
            colon: bits(is(b':')),
            high,
            at: bits(is(b'@')),
            escape: either(b'\\', b'%'),
            feed: bits(is(b'\n')),
            name: word | dot | joint | high,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Classes;

    type Path = fn(&[[u8; 64]], &mut Classes);

    /// What this processor can run.
    fn paths() -> Vec<Path> {
        let mut paths: Vec<Path> = vec![|bytes, classes| classify(bytes, classes.rows(0))];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512bw") {
                // SAFETY: the processor has what the function needs.
                paths.push(|bytes, classes| unsafe { avx512::classify(bytes, classes.rows(0)) });
            }
            if is_x86_feature_detected!("avx2") {
                // SAFETY: the processor has what the function needs.
                paths.push(|bytes, classes| unsafe { avx2::classify(bytes, classes.rows(0)) });
            }
        }
        paths
    }

    fn all_agree(bytes: &[u8]) {
        let (chunks, _) = bytes.as_chunks::<64>();
        let run = |path: Path| {
            let mut classes = Classes::with_words(chunks.len());
            path(chunks, &mut classes);
            classes
        };
        let expected = run(|bytes, classes| portable(bytes, classes.rows(0)));
        for path in paths() {
            assert_eq!(run(path), expected);
        }
    }

    #[test]
    fn each_byte_in_each_place_is_of_the_same_classes_on_each_path() {
        for place in 0..64 {
            let bytes: Vec<_> = (0..=u8::MAX).cycle().skip(place).take(256 * 4).collect();
            all_agree(&bytes);
        }
        for byte in 0..=u8::MAX {
            all_agree(&[byte; 64]);
        }
    }

    #[test]
    fn chance_finds_no_difference_between_the_paths() {
        let mut state = 1_u64;
        let bytes = std::iter::repeat_with(|| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            state.to_be_bytes()[0]
        });
        all_agree(&bytes.take(1 << 20).collect::<Vec<_>>());
    }
}
