//! Octets in text: hexadecimal (STIX 2.1 §2.8) and base64 (§2.1, RFC 4648 §4).

use base64::{
    Engine as _, alphabet,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};

/// The octets that pairs of hexadecimal digits name.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
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

/// Base64 with padding. Bits that the last group leaves over may be set, as other readers allow.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The octets that a padded base64 text names.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// With padding.
pub(super) fn to_base64(octets: &[u8]) -> String {
    BASE64.encode(octets)
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
