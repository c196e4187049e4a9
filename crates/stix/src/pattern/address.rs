//! Addresses and networks, for `ISSUBSET` and `ISSUPERSET` (STIX 2.1 §9.6.1).

use std::net::{Ipv4Addr, Ipv6Addr};

/// A network of IP addresses. An address alone is the network of one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Network {
    V4 { bits: u32, prefix: u32 },
    V6 { bits: u128, prefix: u32 },
}

impl Network {
    /// An address, with `/` and the length of a prefix or without. Bits behind the prefix may be
    /// set, as in the examples of §9.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            None => (text, None),
            Some((address, prefix)) => {
                if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                (address, Some(prefix.parse::<u32>().ok()?))
            }
        };
        if let Ok(address) = address.parse::<Ipv4Addr>() {
            let prefix = prefix.unwrap_or(32);
            return (prefix <= 32).then_some(Self::V4 {
                bits: address.to_bits(),
                prefix,
            });
        }
        let address = address.parse::<Ipv6Addr>().ok()?;
        let prefix = prefix.unwrap_or(128);
        (prefix <= 128).then_some(Self::V6 {
            bits: address.to_bits(),
            prefix,
        })
    }

    /// Whether every address of `inner` is one of these.
    pub(crate) fn contains(self, inner: Self) -> bool {
        match (self, inner) {
            (
                Self::V4 { bits, prefix },
                Self::V4 {
                    bits: inner,
                    prefix: longer,
                },
            ) => {
                // Shifting out all the bits leaves nothing to differ.
                let differing = (bits ^ inner).checked_shr(32_u32.saturating_sub(prefix));
                prefix <= longer && differing.unwrap_or_default() == 0
            }
            (
                Self::V6 { bits, prefix },
                Self::V6 {
                    bits: inner,
                    prefix: longer,
                },
            ) => {
                let differing = (bits ^ inner).checked_shr(128_u32.saturating_sub(prefix));
                prefix <= longer && differing.unwrap_or_default() == 0
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_those_with_its_prefix() {
        for (outer, inner, holds) in [
            ("198.51.100.0/24", "198.51.100.7", true),
            ("198.51.100.9/24", "198.51.100.0/25", true),
            ("198.51.100.0/25", "198.51.100.0/24", false),
            ("198.51.100.0/24", "198.51.101.7", false),
            ("198.51.100.7", "198.51.100.7/32", true),
            ("0.0.0.0/0", "255.255.255.255", true),
            (
                "2001:db8::/32",
                "2001:0db8:dead:beef:0000:0000:0000:0000/64",
                true,
            ),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "2001:db9::1", true),
            ("::/0", "198.51.100.7", false),
            ("::ffff:0:0/96", "198.51.100.7", false),
        ] {
            let [outer, inner] = [outer, inner].map(|text| Network::parse(text).unwrap());
            assert_eq!(outer.contains(inner), holds, "{outer:?} {inner:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "1.2.3",
            "1.2.3.4/",
            "1.2.3.4/33",
            "1.2.3.4/+8",
            "1.2.3.4/8/8",
            "::/129",
            "01.2.3.4",
            "example.com",
            "1.2.3.4 ",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
