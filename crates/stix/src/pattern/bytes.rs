//! Octets in text: hexadecimal (STIX 2.1 §2.8) and base64 (§2.1, RFC 4648 §4).

/// The octets that pairs of hexadecimal digits name.
pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect()
}

/// Two lower-case digits an octet.
pub(super) fn to_hex(octets: &[u8]) -> String {
    octets
        .iter()
        .flat_map(|octet| [octet >> 4, octet & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The octets that a padded base64 text names. Bits that the last group leaves over may be set, as
/// other readers allow.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let (groups, rest) = text.as_bytes().as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    let mut octets = Vec::with_capacity(groups.len().saturating_mul(3));
    let Some((last, full)) = groups.split_last() else {
        return Some(octets);
    };
    for group in full {
        octets.extend_from_slice(&three(*group)?);
    }
    match *last {
        [first, second, b'=', b'='] => {
            octets.extend_from_slice(three([first, second, b'A', b'A'])?.get(..1)?);
        }
        [first, second, third, b'='] => {
            octets.extend_from_slice(three([first, second, third, b'A'])?.get(..2)?);
        }
        group => octets.extend_from_slice(&three(group)?),
    }
    Some(octets)
}

/// Four characters are three octets.
fn three(group: [u8; 4]) -> Option<[u8; 3]> {
    let mut bits = 0_u32;
    for byte in group {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
    }
    let [_, octets @ ..] = bits.to_be_bytes();
    Some(octets)
}

/// With padding.
pub(super) fn to_base64(octets: &[u8]) -> String {
    let mut out = String::with_capacity(octets.len().div_ceil(3).saturating_mul(4));
    for chunk in octets.chunks(3) {
        let at = |index: usize| chunk.get(index).copied().unwrap_or_default();
        let bits = u32::from_be_bytes([0, at(0), at(1), at(2)]);
        for place in 0..4 {
            // A chunk of n octets fills n + 1 characters.
            if place > chunk.len() {
                out.push('=');
                continue;
            }
            let value = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or_default();
            out.extend(ALPHABET.get(value).copied().map(char::from));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of RFC 4648 §10.
    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (octets, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(to_base64(octets.as_bytes()), text);
            assert_eq!(from_base64(text).unwrap(), octets.as_bytes());
        }
        for text in ["Z", "Zg", "Zg=", "====", "Z===", "Zg==Zg==", "Zm9*", "Zm9é"] {
            assert_eq!(from_base64(text), None, "{text}");
        }
    }

    #[test]
    fn hex_takes_either_case_and_gives_lower() {
        assert_eq!(from_hex("00fFA5").unwrap(), [0, 255, 165]);
        assert_eq!(to_hex(&[0, 255, 165]), "00ffa5");
        for text in ["0", "0g", "+1", "é"] {
            assert_eq!(from_hex(text), None, "{text}");
        }
    }
}
