//! Widths and orders of numbers.

use crate::Timestamp;

/// Numbers of entries stay below `u32::MAX`, which stands for "none", since their adders see to it.
#[inline]
pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[inline]
pub(super) fn widen(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Doubles in the order of their values; no number at all is none.
pub(super) fn order_of_number(number: f64) -> Option<u128> {
    if number.is_nan() {
        return None;
    }
    // Minus zero is zero.
    let bits = (number + 0.0).to_bits();
    // The order of the bits is that of the values, backwards below zero.
    let sign = 1 << 63;
    Some(u128::from(if bits & sign == 0 {
        bits | sign
    } else {
        !bits
    }))
}

/// The double nearest to a whole number.
pub(super) fn nearest(whole: i64) -> f64 {
    match i32::try_from(whole) {
        Ok(small) => f64::from(small),
        Err(_large) => whole.to_string().parse().unwrap_or_default(),
    }
}

/// Moments in their order.
pub(super) fn order_of_moment(moment: Timestamp) -> u128 {
    let nanos = i128::from(moment.seconds()) * 1_000_000_000 + i128::from(moment.nanos());
    nanos.cast_unsigned() ^ 1 << 127
}

/// Texts by their first sixteen bytes: a later one is never before an earlier one, but many share a
/// place.
pub(super) fn order_of_text(text: &[u8]) -> u128 {
    let mut first = [0; 16];
    for (to, from) in first.iter_mut().zip(text) {
        *to = *from;
    }
    u128::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_those_of_the_values() {
        let numbers = [
            f64::NEG_INFINITY,
            -1e300,
            -2.5,
            -1.0,
            -f64::MIN_POSITIVE,
            0.0,
            1e-300,
            1.0,
            2.5,
            f64::INFINITY,
        ];
        assert!(numbers.is_sorted_by(|a, b| order_of_number(*a) < order_of_number(*b)));
        assert_eq!(order_of_number(-0.0), order_of_number(0.0));
        assert_eq!(order_of_number(f64::NAN), None);

        let moments = [
            (-62_135_596_800, 0),
            (-1, 0),
            (-1, 999_999_999),
            (0, 0),
            (0, 1),
            (253_402_300_799, 0),
        ];
        assert!(
            moments
                .map(|(seconds, nanos)| order_of_moment(Timestamp::from_parts(seconds, nanos)))
                .is_sorted_by(|a, b| a < b)
        );

        let texts = [
            "",
            "\u{1}",
            "a",
            "ab",
            "abcdefghijklmnop",
            "b",
            "é",
            "\u{10ffff}",
        ];
        assert!(
            texts.is_sorted_by(|a, b| order_of_text(a.as_bytes()) < order_of_text(b.as_bytes()))
        );
    }
}
