//! Keys of values: bytes that are equal where values are one, and in an order that has side by side
//! what lies in one network or below one name.
//!
//! An address is 4 or 6, its octets and the length of its prefix, so that an address and its network
//! of one are the same. A name is `n` and its labels from the right, with a zero between them. All
//! else is `h` and half of a SHA-256 over kind and normal form.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use matcher::{Kind, Value};
use sha2::{Digest, Sha256};

const NAME: u8 = b'n';
const OTHER: u8 = b'h';
const OTHER_BYTES: usize = 16;

/// The key of a value in its normal form.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Key(Vec<u8>);

/// How a value that was found stands to the one that was asked for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Relation {
    /// It is the same.
    Equal,
    /// It is the host of the URL.
    Host,
    /// It is a network around the address or network, or a name above the name.
    Around,
    /// It lies within the network, or below the name.
    Within,
}

impl Relation {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Host => "host",
            Self::Around => "around",
            Self::Within => "within",
        }
    }
}

impl Key {
    /// The key of a value.
    pub fn of(value: &Value) -> Self {
        if let Some((address, bits)) = value.network() {
            return Self::network(address, bits);
        }
        match (value.kind(), value.as_text()) {
            (Kind::Domain | Kind::DomainTree, Some(name)) => Self::name(name),
            (kind, _) => Self::other(space(kind), &value.to_string()),
        }
    }

    /// The key of a network; what is behind its prefix says nothing.
    pub(crate) fn network(address: IpAddr, bits: u8) -> Self {
        let (family, width) = family(address);
        let bits = bits.min(width);
        let mut bytes = vec![family];
        match address {
            IpAddr::V4(v4) => bytes.extend(cut4(v4, bits).octets()),
            IpAddr::V6(v6) => bytes.extend(cut6(v6, bits).octets()),
        }
        bytes.push(bits);
        Self(bytes)
    }

    /// The key of a name in its normal form.
    pub(crate) fn name(name: &str) -> Self {
        let mut bytes = vec![NAME];
        for (number, label) in name.rsplit('.').enumerate() {
            if number > 0 {
                bytes.push(0);
            }
            bytes.extend(label.bytes());
        }
        Self(bytes)
    }

    /// The key of a text that is neither address nor name.
    pub(crate) fn other(space: &str, text: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(space);
        hasher.update([0]);
        hasher.update(text);
        let digest = hasher.finalize();
        let mut bytes = vec![OTHER];
        bytes.extend(digest.iter().take(OTHER_BYTES));
        Self(bytes)
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// A key from the database.
    pub(crate) const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The address and the length of its prefix.
    pub(crate) fn as_network(&self) -> Option<(IpAddr, u8)> {
        let (family, rest) = self.0.split_first()?;
        let (bits, octets) = rest.split_last()?;
        let address: IpAddr = match family {
            4 => <[u8; 4]>::try_from(octets).ok()?.into(),
            6 => <[u8; 16]>::try_from(octets).ok()?.into(),
            _ => return None,
        };
        Some((address, *bits))
    }

    /// The name.
    pub(crate) fn as_name(&self) -> Option<String> {
        let (&space, labels) = self.0.split_first()?;
        if space != NAME {
            return None;
        }
        let labels = str::from_utf8(labels).ok()?;
        Some(labels.rsplit('\0').collect::<Vec<_>>().join("."))
    }

    /// The value, where the key alone says it: of addresses, networks and names.
    pub fn text(&self) -> Option<String> {
        if let Some((address, bits)) = self.as_network() {
            let whole = family(address).1 == bits;
            return Some(if whole {
                address.to_string()
            } else {
                format!("{address}/{bits}")
            });
        }
        self.as_name()
    }

    /// The keys of all networks of these lengths that are around the address or network, and of all
    /// names above the name.
    pub(crate) fn around(&self, prefixes: &[(u8, u8)]) -> Vec<Self> {
        if let Some((address, bits)) = self.as_network() {
            let own = family(address).0;
            let wider = prefixes
                .iter()
                .filter(|(family, length)| *family == own && *length < bits);
            return wider
                .map(|(_, length)| Self::network(address, *length))
                .collect();
        }
        let Some(name) = self.as_name() else {
            return Vec::new();
        };
        let above = name.match_indices('.');
        let above = above.filter_map(|(at, _)| name.get(at + 1..));
        above
            .filter(|name| name.contains('.'))
            .map(Self::name)
            .collect()
    }

    /// The first and the last key of what can lie within the network or below the name. What lies
    /// there is all keys between them but those of wider networks, and the key itself.
    pub(crate) fn within(&self) -> Option<(Self, Self)> {
        if let Some((address, bits)) = self.as_network() {
            let (family, width) = family(address);
            if bits >= width {
                return None;
            }
            let mut first = vec![family];
            let mut last = vec![family];
            match address {
                IpAddr::V4(v4) => {
                    first.extend(v4.octets());
                    let end = u32::MAX.checked_shr(u32::from(bits)).unwrap_or(0);
                    last.extend((v4.to_bits() | end).to_be_bytes());
                }
                IpAddr::V6(v6) => {
                    first.extend(v6.octets());
                    let end = u128::MAX.checked_shr(u32::from(bits)).unwrap_or(0);
                    last.extend((v6.to_bits() | end).to_be_bytes());
                }
            }
            first.push(bits + 1);
            last.push(u8::MAX);
            return Some((Self(first), Self(last)));
        }
        self.as_name()?;
        let (mut first, mut last) = (self.0.clone(), self.0.clone());
        first.push(0);
        last.push(1);
        Some((Self(first), Self(last)))
    }
}

/// The number of a family, and how long its addresses are.
const fn family(address: IpAddr) -> (u8, u8) {
    match address {
        IpAddr::V4(_) => (4, 32),
        IpAddr::V6(_) => (6, 128),
    }
}

fn cut4(address: Ipv4Addr, bits: u8) -> Ipv4Addr {
    let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
    Ipv4Addr::from_bits(address.to_bits() & mask)
}

fn cut6(address: Ipv6Addr, bits: u8) -> Ipv6Addr {
    let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
    Ipv6Addr::from_bits(address.to_bits() & mask)
}

/// Kinds whose values cannot be told apart when they are looked for are one space.
fn space(kind: Kind) -> &'static str {
    match kind {
        Kind::Md5 | Kind::Ja3 | Kind::Ja3s => Kind::Md5.name(),
        other => other.name(),
    }
}

/// The host of a URL, as a value of its own.
pub(crate) fn host_of(value: &Value) -> Option<Value> {
    if value.kind() != Kind::Url {
        return None;
    }
    let (_, behind) = value.as_text()?.split_once("://")?;
    let authority = behind.split(['/', '?', '#']).next()?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let parse = |kind, text| Value::parse(kind, text, matcher::Breadth::Narrow).ok();
    if let Some(rest) = host.strip_prefix('[') {
        return parse(Kind::Ipv6, rest.split_once(']')?.0);
    }
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    parse(Kind::Ipv4, host).or_else(|| parse(Kind::Domain, host))
}

#[cfg(test)]
mod tests {
    use matcher::Breadth;

    use super::*;

    fn key(kind: Kind, text: &str) -> Key {
        Key::of(&Value::parse(kind, text, Breadth::Any).unwrap())
    }

    #[test]
    fn spellings_of_one_value_have_one_key() {
        assert_eq!(
            key(Kind::Ipv4, "198.51.100[.]7"),
            key(Kind::Ipv4Net, "198.51.100.7/32")
        );
        assert_eq!(
            key(Kind::Domain, "Evil[.]Example."),
            key(Kind::DomainTree, "*.evil.example")
        );
        assert_eq!(
            key(Kind::Url, "hxxp://evil[.]example"),
            key(Kind::Url, "HTTP://evil.example:80/")
        );
        let md5 = "44d88612fea8a8f36de82e1278abb02f";
        assert_eq!(key(Kind::Md5, md5), key(Kind::Ja3, &md5.to_uppercase()));
    }

    #[test]
    fn keys_say_addresses_and_names() {
        for (kind, text) in [
            (Kind::Ipv4, "198.51.100.7"),
            (Kind::Ipv4Net, "198.51.100.0/24"),
            (Kind::Ipv6, "2001:db8::1"),
            (Kind::Ipv6Net, "2001:db8::/32"),
            (Kind::Domain, "a.evil.example"),
        ] {
            assert_eq!(key(kind, text).text().as_deref(), Some(text));
        }
        assert_eq!(key(Kind::Email, "a@evil.example").text(), None);
    }

    #[test]
    fn what_is_within_stands_between_the_ends() {
        let inside = |outer: &Key, inner: &Key| {
            let (first, last) = outer.within().unwrap();
            first <= *inner && *inner <= last
        };
        let net = key(Kind::Ipv4Net, "198.51.100.0/24");
        for (text, expected) in [
            ("198.51.100.0", true),
            ("198.51.100.255", true),
            ("198.51.101.0", false),
            ("198.51.99.255", false),
        ] {
            assert_eq!(inside(&net, &key(Kind::Ipv4, text)), expected, "{text}");
        }
        assert!(inside(&net, &key(Kind::Ipv4Net, "198.51.100.0/25")));
        assert!(!inside(&net, &net));
        assert!(!inside(&net, &key(Kind::Ipv4Net, "198.51.0.0/16")));
        let whole = key(Kind::Ipv6Net, "::/0");
        assert!(inside(&whole, &key(Kind::Ipv6, "ffff::ffff")));
        let name = key(Kind::Domain, "evil.example");
        for (text, expected) in [
            ("a.evil.example", true),
            ("b.a.evil.example", true),
            ("evil.example", false),
            ("notevil.example", false),
            ("evil-a.example", false),
        ] {
            assert_eq!(inside(&name, &key(Kind::Domain, text)), expected, "{text}");
        }
    }

    #[test]
    fn what_is_around_is_wider() {
        let address = key(Kind::Ipv4, "198.51.100.7");
        let prefixes = [(4, 8), (4, 24), (4, 32), (6, 24)];
        let around: Vec<_> = address.around(&prefixes);
        let texts: Vec<_> = around.iter().filter_map(Key::text).collect();
        assert_eq!(texts, ["198.0.0.0/8", "198.51.100.0/24"]);
        let name = key(Kind::Domain, "b.a.evil.example").around(&prefixes);
        let texts: Vec<_> = name.iter().filter_map(Key::text).collect();
        assert_eq!(texts, ["a.evil.example", "evil.example"]);
    }

    #[test]
    fn a_url_has_a_host() {
        let host = |text: &str| {
            let url = Value::parse(Kind::Url, text, Breadth::Any).unwrap();
            host_of(&url).map(|host| host.to_string())
        };
        assert_eq!(
            host("http://u:p@Evil.example:8080/a").as_deref(),
            Some("evil.example")
        );
        assert_eq!(
            host("https://[2001:db8::1]/").as_deref(),
            Some("2001:db8::1")
        );
        assert_eq!(
            host("https://198.51.100.7").as_deref(),
            Some("198.51.100.7")
        );
        assert_eq!(host("http://localhost/"), None);
    }
}
