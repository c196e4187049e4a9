//! Properties of observables that objects are found by.

use matcher::Kind;
use stix::pattern::{ObjectPath, Step};

/// A property, and the kinds that its values can be of.
#[derive(Debug)]
pub(super) struct Property {
    kind: &'static str,
    pub(super) path: &'static [&'static str],
    pub(super) kinds: &'static [Kind],
}

const ADDRESSES: &[Kind] = &[Kind::Ipv4, Kind::Ipv4Net, Kind::Ipv6, Kind::Ipv6Net];
const HOSTS: &[Kind] = &[
    Kind::Ipv4,
    Kind::Ipv4Net,
    Kind::Ipv6,
    Kind::Ipv6Net,
    Kind::Domain,
];
const COINS: &[Kind] = &[Kind::Eth, Kind::Trx, Kind::Btc, Kind::Xmr];

const fn property(
    kind: &'static str,
    path: &'static [&'static str],
    kinds: &'static [Kind],
) -> Property {
    Property { kind, path, kinds }
}

/// Those of the specification, of its patterns, and those types beside it that others use.
const PROPERTIES: &[Property] = &[
    property("ipv4-addr", &["value"], ADDRESSES),
    property("ipv6-addr", &["value"], ADDRESSES),
    property("domain-name", &["value"], &[Kind::Domain]),
    property("url", &["value"], &[Kind::Url]),
    property("email-addr", &["value"], &[Kind::Email]),
    property("email-message", &["from_ref", "value"], &[Kind::Email]),
    property("email-message", &["sender_ref", "value"], &[Kind::Email]),
    property("file", &["name"], &[Kind::FileName]),
    property("artifact", &["url"], &[Kind::Url]),
    property("windows-registry-key", &["key"], &[Kind::RegistryKey]),
    property("mutex", &["name"], &[Kind::Mutex]),
    property("autonomous-system", &["number"], &[Kind::Asn]),
    property("network-traffic", &["dst_ref", "value"], HOSTS),
    property("network-traffic", &["src_ref", "value"], HOSTS),
    property("network-traffic", USER_AGENT, &[Kind::UserAgent]),
    property("cryptocurrency-wallet", &["value"], COINS),
    property("hostname", &["value"], HOSTS),
    property("user-agent", &["value"], &[Kind::UserAgent]),
];

const USER_AGENT: &[&str] = &[
    "extensions",
    "http-request-ext",
    "request_header",
    "User-Agent",
];

/// The properties of a type.
pub(super) fn of(kind: &str) -> impl Iterator<Item = &'static Property> {
    PROPERTIES
        .iter()
        .filter(move |property| property.kind == kind)
}

/// What a hash of this name is.
pub(super) fn hash(name: &str) -> Option<&'static [Kind]> {
    let letters = name.bytes().filter(|byte| *byte != b'-');
    let plain: Vec<u8> = letters.map(|byte| byte.to_ascii_lowercase()).collect();
    match plain.as_slice() {
        b"md5" => Some(&[Kind::Md5]),
        b"sha1" => Some(&[Kind::Sha1]),
        b"sha256" => Some(&[Kind::Sha256]),
        b"sha512" => Some(&[Kind::Sha512]),
        _ => None,
    }
}

/// What a path of a pattern leads to.
pub(super) fn compared(path: &ObjectPath) -> Option<&'static [Kind]> {
    let mut keys = Vec::new();
    let mut steps = path.steps.iter().peekable();
    while let Some(step) = steps.next() {
        match step {
            Step::Key(name) => keys.push(name.as_str()),
            // A header field is a list of its values.
            Step::Index(_) | Step::Any if steps.peek().is_none() && keys == USER_AGENT => {}
            Step::Index(_) | Step::Any => return None,
        }
    }
    let kind = path.object_type.as_str();
    if let ("file" | "artifact" | "x509-certificate", ["hashes", name]) = (kind, keys.as_slice()) {
        return hash(name);
    }
    of(kind)
        .find(|property| property.path == keys)
        .map(|property| property.kinds)
}
