//! Ranges of addresses as networks.

use std::net::IpAddr;

/// Whether this is written as a range: two addresses with a hyphen between them, and perhaps spaces.
pub(super) fn range(text: &str) -> Option<(IpAddr, IpAddr)> {
    let (first, last) = text.split_once('-')?;
    let first = first.trim_end().parse::<IpAddr>().ok()?.to_canonical();
    let last = last.trim_start().parse::<IpAddr>().ok()?.to_canonical();
    Some((first, last))
}

/// The fewest networks that hold exactly the addresses of a range, as the first address and the
/// length of the prefix; none where the range has no address.
pub(super) fn networks(first: IpAddr, last: IpAddr) -> Vec<(IpAddr, u8)> {
    match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => {
            let numbers = (first.to_bits().into(), last.to_bits().into());
            let found = split(numbers, 32).into_iter();
            let address = |number| u32::try_from(number).unwrap_or_default().to_be_bytes();
            found
                .map(|(number, bits)| (address(number).into(), bits))
                .collect()
        }
        (IpAddr::V6(first), IpAddr::V6(last)) => {
            let found = split((first.to_bits(), last.to_bits()), 128).into_iter();
            found
                .map(|(number, bits)| (number.to_be_bytes().into(), bits))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// At most two networks a length.
fn split((mut first, last): (u128, u128), width: u8) -> Vec<(u128, u8)> {
    let mut found = Vec::new();
    while first <= last {
        // As large as its first address allows and as what is left of the range does.
        let aligned = first.trailing_zeros().min(u32::from(width));
        let mut free = aligned;
        let size = |free: u32| 1_u128.checked_shl(free);
        while free > 0 && size(free).is_none_or(|size| size - 1 > last - first) {
            // All 128 bits are free only in the range of everything.
            if free == 128 && first == 0 && last == u128::MAX {
                break;
            }
            free -= 1;
        }
        let bits = u32::from(width).saturating_sub(free);
        found.push((first, u8::try_from(bits).unwrap_or(width)));
        let Some(next) = size(free).and_then(|size| first.checked_add(size)) else {
            break;
        };
        first = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let (first, last) = range(text).unwrap();
        let found = networks(first, last).into_iter();
        found
            .map(|(address, bits)| format!("{address}/{bits}"))
            .collect()
    }

    #[test]
    fn a_range_is_the_fewest_networks() {
        assert_eq!(texts("198.51.100.3-198.51.100.3"), ["198.51.100.3/32"]);
        assert_eq!(texts("198.51.100.0 - 198.51.100.255"), ["198.51.100.0/24"]);
        assert_eq!(
            texts("198.51.100.3-198.51.100.9"),
            ["198.51.100.3/32", "198.51.100.4/30", "198.51.100.8/31"]
        );
        assert_eq!(texts("0.0.0.0-255.255.255.255"), ["0.0.0.0/0"]);
        assert_eq!(texts("2001:db8::-2001:db8::ffff"), ["2001:db8::/112"]);
        let all = "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        assert_eq!(texts(all), ["::/0"]);
        assert_eq!(texts("198.51.100.9-198.51.100.3"), [""; 0]);
        assert_eq!(texts("198.51.100.9-2001:db8::"), [""; 0]);
        assert_eq!(range("a-b"), None);
        assert_eq!(range("198.51.100.9"), None);
    }
}
