//! The few encodings that all the text formats share, each with one accepted form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Error;

/// Padded base64 of RFC 4648 §4.
pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decodes padded base64 and refuses every non-canonical spelling.
pub(crate) fn decode_base64(encoded: &str, what: &'static str) -> Result<Vec<u8>, Error> {
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_position_says_nothing| Error::Malformed { what })?;
    if encode_base64(&bytes) == encoded {
        Ok(bytes)
    } else {
        Err(Error::Malformed { what })
    }
}

/// Lower-case hexadecimal.
pub(crate) fn encode_hex(bytes: &[u8]) -> String {
    let mut encoded = String::with_capacity(bytes.len() * 2);
    push_hex(&mut encoded, bytes);
    encoded
}

/// Appends lower-case hexadecimal.
pub(crate) fn push_hex(encoded: &mut String, bytes: &[u8]) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    for byte in bytes {
        for nibble in [byte >> 4, byte & 0x0f] {
            // Below 16 by its making.
            encoded.extend(DIGITS.get(usize::from(nibble)));
        }
    }
}

/// Decodes lower-case hexadecimal of exactly `N` bytes.
pub(crate) fn decode_hex<const N: usize>(
    encoded: &str,
    what: &'static str,
) -> Result<[u8; N], Error> {
    let malformed = Error::Malformed { what };
    let (pairs, rest) = encoded.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return Err(malformed);
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = nibble(*high).ok_or(malformed)? << 4 | nibble(*low).ok_or(malformed)?;
    }
    Ok(bytes)
}

/// Reads a decimal number without sign or leading zeroes, as the C2SP formats demand.
pub(crate) fn decode_decimal(encoded: &str, what: &'static str) -> Result<u64, Error> {
    let canonical = !encoded.is_empty()
        && encoded.bytes().all(|byte| byte.is_ascii_digit())
        && (encoded == "0" || !encoded.starts_with('0'));
    if !canonical {
        return Err(Error::Malformed { what });
    }
    encoded
        .parse()
        .map_err(|_overflow| Error::Malformed { what })
}

/// Borrows bytes as text after a look at their number.
pub(crate) fn bounded<'a>(
    bytes: &'a [u8],
    limit: usize,
    what: &'static str,
) -> Result<&'a str, Error> {
    if bytes.len() > limit {
        return Err(Error::TooLarge { what, limit });
    }
    std::str::from_utf8(bytes).map_err(|_not_utf8| Error::Malformed { what })
}

/// Whether a name may stand in a signature line: no space, no plus, no control character.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_spelling_of_a_number_is_read() {
        assert_eq!(decode_decimal("0", "n"), Ok(0));
        assert_eq!(decode_decimal("18446744073709551615", "n"), Ok(u64::MAX));
        for bad in [
            "",
            "00",
            "01",
            "+1",
            "-1",
            " 1",
            "1 ",
            "18446744073709551616",
            "٣",
        ] {
            assert!(decode_decimal(bad, "n").is_err(), "{bad:?}");
        }
    }

    #[test]
    fn only_one_spelling_of_bytes_is_read() {
        assert_eq!(decode_base64("AAE=", "b").unwrap(), [0, 1]);
        for bad in ["AAE", "AAF=", "AAE==", "AA E=", "AAE=\n", "A"] {
            assert!(decode_base64(bad, "b").is_err(), "{bad:?}");
        }
        assert_eq!(decode_hex::<2>("0aff", "h"), Ok([10, 255]));
        for bad in ["0aF", "0aFF", "0aff00", "0a"] {
            assert!(decode_hex::<2>(bad, "h").is_err(), "{bad:?}");
        }
    }
}
