//! Addresses that are not used on the internet (RFC 6890 and the registries of IANA).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The first address, the length of the prefix, what it is for.
const V4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::UNSPECIFIED, 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by carriers"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignments"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarks"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

const V6: &[(Ipv6Addr, u8, &str)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified"),
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "discard"),
    (
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0),
        32,
        "documentation",
    ),
    (
        Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0),
        20,
        "documentation",
    ),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "private"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
];

/// What the range is for that holds all of this network.
pub(super) fn range_of(address: IpAddr, bits: u8) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => {
            let number = v4.to_bits();
            let mut ranges = V4.iter();
            ranges.find_map(|(first, length, name)| {
                let differ = (number ^ first.to_bits()).leading_zeros();
                (bits >= *length && differ >= u32::from(*length)).then_some(*name)
            })
        }
        IpAddr::V6(v6) => {
            let number = v6.to_bits();
            let mut ranges = V6.iter();
            ranges.find_map(|(first, length, name)| {
                let differ = (number ^ first.to_bits()).leading_zeros();
                (bits >= *length && differ >= u32::from(*length)).then_some(*name)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_ranges_are_named() {
        for (address, bits, name) in [
            ("10.1.2.3", 32, Some("private")),
            ("172.32.0.1", 32, None),
            ("8.8.8.8", 32, None),
            ("127.0.0.1", 32, Some("loopback")),
            ("192.0.0.0", 16, None),
            ("239.1.1.1", 32, Some("multicast")),
            ("255.255.255.255", 32, Some("reserved")),
            ("::1", 128, Some("loopback")),
            ("2001:db8::", 32, Some("documentation")),
            ("2001:db9::1", 128, None),
            ("fe80::1", 128, Some("link-local")),
            ("fd00::1", 128, Some("private")),
        ] {
            assert_eq!(range_of(address.parse().unwrap(), bits), name, "{address}");
        }
    }
}
