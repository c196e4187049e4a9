//! IP addresses and networks.
//!
//! An IPv4 address is four decimal numbers up to 255 without leading zeros (some read those as
//! octal). An IPv6 address has any spelling of RFC 4291 §2.2, with a zone (`%eth0`) that is left
//! out. An IPv4-mapped address (`::ffff:1.2.3.4`) is the IPv4 address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{
    Breadth,
    error::{ValueError, shape},
};
use crate::Kind;

/// Networks of more addresses than these are too broad.
const V4_BITS_MIN: u8 = 8;
const V6_BITS_MIN: u8 = 16;

/// An address, IPv4 where it is one.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    if let Ok(v4) = text.parse::<Ipv4Addr>() {
        return Some(v4.into());
    }
    let text = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    Some(text.parse::<Ipv6Addr>().ok()?.to_canonical())
}

/// The bytes of an address of this kind.
pub(crate) fn pack(kind: Kind, text: &str) -> Result<Vec<u8>, ValueError> {
    match (kind, address(text)) {
        (Kind::Ipv4, Some(IpAddr::V4(v4))) => Ok(v4.octets().into()),
        (Kind::Ipv6, Some(IpAddr::V6(v6))) => Ok(v6.octets().into()),
        (Kind::Ipv4, _) => Err(shape(kind, "four numbers up to 255, such as 198.51.100.3")),
        _ => Err(shape(kind, "an IPv6 address, such as 2001:db8::3")),
    }
}

/// The bytes of a network of this kind, behind them the length of its prefix.
pub(crate) fn pack_net(kind: Kind, text: &str, breadth: Breadth) -> Result<Vec<u8>, ValueError> {
    let expected = if kind == Kind::Ipv4Net {
        "an address and the length of a prefix, such as 198.51.100.0/24"
    } else {
        "an address and the length of a prefix, such as 2001:db8::/32"
    };
    let wrong = || shape(kind, expected);
    let (address, bits) = net(text).ok_or_else(wrong)?;
    let (mut packed, bits_min) = match (kind, address) {
        (Kind::Ipv4Net, IpAddr::V4(v4)) => (cut(v4.octets().into(), bits), V4_BITS_MIN),
        (Kind::Ipv6Net, IpAddr::V6(v6)) => (cut(v6.octets().into(), bits), V6_BITS_MIN),
        _ => return Err(wrong()),
    };
    if bits < bits_min && breadth == Breadth::Narrow {
        let reason = "a network of such a size holds a good part of the internet";
        return Err(ValueError::Broad { kind, reason });
    }
    packed.push(bits);
    Ok(packed)
}

/// An address and the length of its prefix, IPv4 where all of the network is mapped.
pub(crate) fn net(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = text.split_once('/')?;
    let digits = bits.len() <= 3 && bits.bytes().all(|byte| byte.is_ascii_digit());
    let bits: u8 = digits.then(|| bits.parse().ok())??;
    if let Ok(v4) = address.parse::<Ipv4Addr>() {
        return (bits <= 32).then_some((v4.into(), bits));
    }
    let v6 = address.parse::<Ipv6Addr>().ok()?;
    match v6.to_ipv4_mapped() {
        Some(v4) if (96..=128).contains(&bits) => Some((v4.into(), bits - 96)),
        _ => (bits <= 128).then_some((v6.into(), bits)),
    }
}

/// The bytes with all bits behind the first `bits` cleared.
fn cut(mut bytes: Vec<u8>, bits: u8) -> Vec<u8> {
    let mut left = u32::from(bits);
    for byte in &mut bytes {
        let kept = left.min(8);
        *byte &= u8::MAX.checked_shl(8 - kept).unwrap_or(0);
        left -= kept;
    }
    bytes
}

/// The text of an address or a network.
pub(crate) fn unpack(packed: &[u8]) -> Option<String> {
    let text = match *packed {
        [a, b, c, d] => Ipv4Addr::new(a, b, c, d).to_string(),
        [a, b, c, d, bits] => format!("{}/{bits}", Ipv4Addr::new(a, b, c, d)),
        _ => {
            let (address, bits) = packed.split_first_chunk::<16>()?;
            let address = Ipv6Addr::from(*address);
            match bits {
                [bits] => format!("{address}/{bits}"),
                _ => address.to_string(),
            }
        }
    };
    Some(text)
}
