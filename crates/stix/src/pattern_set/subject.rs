//! A value in the forms that constants are found by.

use std::{
    borrow::Cow,
    net::{Ipv4Addr, Ipv6Addr},
};

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::need::Scale;
use crate::pattern::Step;

/// How a property holds octets, by its name (STIX 2.1 §3.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Encoding {
    #[default]
    None,
    Base64,
    Hex,
}

impl Encoding {
    pub(super) fn of(steps: &[Step]) -> Self {
        match steps.last() {
            Some(Step::Key(key)) if key.ends_with("_bin") => Self::Base64,
            Some(Step::Key(key)) if key.ends_with("_hex") => Self::Hex,
            _ => Self::None,
        }
    }

    /// The octets of a value, each as the character of its number, which is how they are compared
    /// with texts (§9.6.3); what holds none stays the text that it is.
    pub(super) fn decoded(self, text: &str) -> Cow<'_, str> {
        let octets = match self {
            Self::None => None,
            Self::Base64 => from_base64(text.as_bytes()),
            Self::Hex => from_hex(text.as_bytes()),
        };
        octets.map_or(Cow::Borrowed(text), |octets| Cow::Owned(as_text(&octets)))
    }
}

/// Octets as the text that they are compared with.
pub(super) fn as_text(octets: &[u8]) -> String {
    octets.iter().copied().map(char::from).collect()
}

/// In normalisation form C, as `LIKE` and `MATCHES` compare.
pub(super) fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

/// The first and the last address of an address or network in CIDR notation, whose bits behind the
/// prefix may be set.
pub(super) fn addresses(text: &str) -> Option<(Scale, u128, u128)> {
    let (address, prefix) = match text.split_once('/') {
        None => (text, None),
        Some((address, prefix)) => {
            let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
            (
                address,
                Some(prefix.parse::<u32>().ok().filter(|_| digits)?),
            )
        }
    };
    if let Ok(address) = address.parse::<Ipv4Addr>() {
        let (bits, prefix) = (address.to_bits(), prefix.unwrap_or(32));
        let host = u32::MAX.checked_shr(prefix).unwrap_or(0);
        let ends = (
            Scale::AddressV4,
            u128::from(bits & !host),
            u128::from(bits | host),
        );
        return (prefix <= 32).then_some(ends);
    }
    let bits = address.parse::<Ipv6Addr>().ok()?.to_bits();
    let prefix = prefix.unwrap_or(128);
    let host = u128::MAX.checked_shr(prefix).unwrap_or(0);
    (prefix <= 128).then_some((Scale::AddressV6, bits & !host, bits | host))
}

fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_chunks::<2>() else {
        return None;
    };
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

fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.strip_suffix(b"=").unwrap_or(text);
    let digits = digits.strip_suffix(b"=").unwrap_or(digits);
    let mut octets = Vec::with_capacity(digits.len());
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in digits {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    // A single character of a group holds no octet.
    (digits.len() % 4 != 1).then_some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_become_characters_and_the_rest_stays() {
        for (encoding, text, decoded) in [
            (Encoding::Hex, "41fF", "A\u{ff}"),
            (Encoding::Hex, "41f", "41f"),
            (Encoding::Hex, "", ""),
            (Encoding::Base64, "Zm9v", "foo"),
            (Encoding::Base64, "Zm8=", "fo"),
            (Encoding::Base64, "Zg==", "f"),
            (Encoding::Base64, "Z===", "Z==="),
            (Encoding::Base64, "====", "===="),
            (Encoding::Base64, "Zm9", "Zm9"),
            (Encoding::Base64, "Zm=v", "Zm=v"),
            (Encoding::None, "41", "41"),
        ] {
            assert_eq!(encoding.decoded(text), decoded, "{encoding:?} {text}");
        }
    }

    #[test]
    fn networks_have_ends() {
        assert_eq!(
            addresses("1.2.3.4/8"),
            Some((Scale::AddressV4, 0x0100_0000, 0x01ff_ffff))
        );
        assert_eq!(
            addresses("0.0.0.0/0"),
            Some((Scale::AddressV4, 0, 0xffff_ffff))
        );
        assert_eq!(addresses("::1"), Some((Scale::AddressV6, 1, 1)));
        assert_eq!(addresses("::/0"), Some((Scale::AddressV6, 0, u128::MAX)));
        for text in [
            "",
            "1.2.3",
            "1.2.3.4/",
            "1.2.3.4/33",
            "1.2.3.4/+8",
            "::/129",
            "example.com",
        ] {
            assert_eq!(addresses(text), None, "{text}");
        }
    }
}
