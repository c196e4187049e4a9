//! A value in the forms that constants are found by.

use std::borrow::Cow;

use super::need::Scale;
use crate::pattern::{Network, Step, from_base64, from_hex};

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
    /// with texts (§9.6.4); what holds none stays the text that it is.
    pub(super) fn decoded(self, text: &str) -> Cow<'_, str> {
        let octets = match self {
            Self::None => None,
            Self::Base64 => from_base64(text),
            Self::Hex => from_hex(text),
        };
        octets.map_or(Cow::Borrowed(text), |octets| Cow::Owned(as_text(&octets)))
    }
}

/// Octets as the text that they are compared with.
pub(super) fn as_text(octets: &[u8]) -> String {
    octets.iter().copied().map(char::from).collect()
}

/// The first and the last address of an address or network in CIDR notation, whose bits behind the
/// prefix may be set.
pub(super) fn addresses(text: &str) -> Option<(Scale, u128, u128)> {
    Some(match Network::parse(text)? {
        Network::V4 { bits, prefix } => {
            let host = u32::MAX.checked_shr(prefix).unwrap_or(0);
            let (first, last) = (u128::from(bits & !host), u128::from(bits | host));
            (Scale::AddressV4, first, last)
        }
        Network::V6 { bits, prefix } => {
            let host = u128::MAX.checked_shr(prefix).unwrap_or(0);
            (Scale::AddressV6, bits & !host, bits | host)
        }
    })
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
    }
}
