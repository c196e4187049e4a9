//! From a text to the values that it stands for.

use std::net::IpAddr;

use matcher::{Breadth, Kind, Value, ValueError, detect};

use super::{Domains, Reason, ranges, words::Wanted};

/// How texts are taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) breadth: Breadth,
    pub(super) domains: Domains,
}

impl Manner {
    fn domain(self) -> Kind {
        match self.domains {
            Domains::Exact => Kind::Domain,
            Domains::Tree => Kind::DomainTree,
        }
    }
}

/// Appends the values of a text. True where a port was dropped: a port cannot be looked for.
///
/// A URL without a scheme stands for those of `http` and `https`, a range for its networks.
pub(super) fn values_of(
    text: &str,
    wanted: Wanted,
    manner: Manner,
    values: &mut Vec<Value>,
) -> Result<bool, Reason> {
    match wanted {
        Wanted::Any | Wanted::Url => any(text, manner, values),
        Wanted::Address => {
            let port = any(text, manner, values)?;
            let is_address = |value: &Value| value.network().is_some();
            if values.iter().all(is_address) {
                return Ok(port);
            }
            // A list of addresses that has names now and then means the names.
            let is_name =
                |value: &Value| matches!(value.kind(), Kind::Domain | Kind::DomainTree | Kind::Url);
            if values.iter().all(is_name) {
                return Ok(port);
            }
            values.clear();
            Value::parse(Kind::Ipv4, text, manner.breadth)?;
            Ok(port)
        }
        Wanted::Domain | Wanted::Host => {
            let kind = if text.trim_start().starts_with(['*', '.']) {
                Kind::DomainTree
            } else {
                manner.domain()
            };
            match Value::parse(kind, text, manner.breadth) {
                Ok(value) => {
                    values.push(value);
                    Ok(false)
                }
                Err(error @ ValueError::Broad { .. }) => Err(error.into()),
                Err(error) => any(text, manner, values).map_err(|_nothing_else| error.into()),
            }
        }
        Wanted::Hash => {
            let kind = match text.trim().len() {
                32 => Kind::Md5,
                40 => Kind::Sha1,
                128 => Kind::Sha512,
                _ => Kind::Sha256,
            };
            values.push(Value::parse(kind, text, manner.breadth)?);
            Ok(false)
        }
        Wanted::Kind(kind) => {
            values.push(Value::parse(kind, text, manner.breadth)?);
            Ok(false)
        }
    }
}

/// By its shape.
fn any(text: &str, manner: Manner, values: &mut Vec<Value>) -> Result<bool, Reason> {
    match shape(text) {
        Shape::Digits => {
            if let Ok(value) = Value::parse(Kind::Ipv4, text, manner.breadth) {
                values.push(value);
                return Ok(false);
            }
        }
        Shape::Name => {
            let kind = if text.starts_with('.') {
                Kind::DomainTree
            } else {
                manner.domain()
            };
            if let Ok(value) = Value::parse(kind, text, manner.breadth) {
                values.push(value);
                return Ok(false);
            }
        }
        Shape::Hex(kind) => {
            values.push(Value::parse(kind, text, manner.breadth)?);
            return Ok(false);
        }
        Shape::Top if manner.domains == Domains::Tree => {
            let value = Value::parse(Kind::DomainTree, text, manner.breadth);
            if let Ok(value) = value {
                values.push(value);
                return Ok(false);
            }
            if let Err(error @ ValueError::Broad { .. }) = value
                && detect(text, manner.breadth).is_none()
            {
                return Err(error.into());
            }
        }
        Shape::Top | Shape::Other => {}
    }
    let mut letters = text.trim().chars();
    if letters.next().is_some() && letters.next().is_none() {
        return Err(Reason::OneCharacter);
    }
    if text.starts_with('/') {
        return Err(Reason::PathAlone);
    }
    if let Some((first, last)) = ranges::range(text) {
        return range(first, last, manner, values).map(|()| false);
    }
    let why = match detect(text, manner.breadth) {
        Some(Ok(value)) if value.kind() == Kind::Domain => {
            values.push(Value::parse(manner.domain(), text, manner.breadth)?);
            return Ok(false);
        }
        Some(Ok(value)) => {
            values.push(value);
            return Ok(false);
        }
        Some(Err(error @ ValueError::Broad { .. })) => return Err(error.into()),
        Some(Err(error)) => Some(error),
        None => None,
    };
    if let Some(found) = without_scheme(text, manner, values) {
        return Ok(found);
    }
    Err(why.map_or(Reason::NoKind, Reason::Value))
}

/// What most lines are, told by their bytes alone.
enum Shape {
    /// Digits and dots.
    Digits,
    /// Labels of a name, with a dot.
    Name,
    /// Hexadecimal digits, as many as a hash of this kind has.
    Hex(Kind),
    /// One label of letters.
    Top,
    Other,
}

const DOT: u8 = 1;
const DIGIT: u8 = 2;
const HEX_LETTER: u8 = 4;
const LETTER: u8 = 8;
const JOINT: u8 = 16;
const STRANGE: u8 = 32;

/// Without branches: which digits of a hash are letters cannot be foretold.
fn class(byte: u8) -> u8 {
    let of = |is: bool, class: u8| u8::from(is) * class;
    let letter = byte | 0x20;
    let known = of(byte == b'.', DOT)
        | of(byte.is_ascii_digit(), DIGIT)
        | of(matches!(letter, b'a'..=b'f'), HEX_LETTER)
        | of(matches!(letter, b'g'..=b'z'), LETTER)
        | of(byte == b'-', JOINT)
        | of(byte == b'_', JOINT);
    known | of(known == 0, STRANGE)
}

fn shape(text: &str) -> Shape {
    let classes = text.bytes().fold(0, |classes, byte| classes | class(byte));
    let only = |allowed: u8| classes & !allowed == 0;
    let hash = match text.len() {
        32 => Some(Kind::Md5),
        40 => Some(Kind::Sha1),
        64 => Some(Kind::Sha256),
        128 => Some(Kind::Sha512),
        _ => None,
    };
    if let Some(kind) = hash.filter(|_| only(DIGIT | HEX_LETTER)) {
        Shape::Hex(kind)
    } else if classes & STRANGE != 0 || text.is_empty() {
        Shape::Other
    } else if classes & DOT != 0 && only(DOT | DIGIT) {
        Shape::Digits
    } else if classes & DOT != 0 {
        Shape::Name
    } else if only(HEX_LETTER | LETTER) {
        Shape::Top
    } else {
        Shape::Other
    }
}

fn range(
    first: IpAddr,
    last: IpAddr,
    manner: Manner,
    values: &mut Vec<Value>,
) -> Result<(), Reason> {
    let networks = ranges::networks(first, last);
    if networks.is_empty() {
        return Err(Reason::Range);
    }
    for (address, bits) in networks {
        let value = match (address, bits) {
            (IpAddr::V4(v4), 32) => Value::parse(Kind::Ipv4, &v4.to_string(), manner.breadth),
            (IpAddr::V6(v6), 128) => Value::parse(Kind::Ipv6, &v6.to_string(), manner.breadth),
            (IpAddr::V4(_), _) => {
                Value::parse(Kind::Ipv4Net, &format!("{address}/{bits}"), manner.breadth)
            }
            (IpAddr::V6(_), _) => {
                Value::parse(Kind::Ipv6Net, &format!("{address}/{bits}"), manner.breadth)
            }
        };
        values.push(value?);
    }
    Ok(())
}

/// `host:port`, `host/path` and `host:port/path`; whether a port was dropped.
fn without_scheme(text: &str, manner: Manner, values: &mut Vec<Value>) -> Option<bool> {
    let text = text.trim();
    if text.contains("://") || text.contains(char::is_whitespace) {
        return None;
    }
    let (authority, path) = match text.split_once('/') {
        Some((authority, path)) => (authority, Some(path)),
        None => (text, None),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if is_port(port) && !is_group(host) => (host, Some(port)),
        _ => (authority, None),
    };
    let value = match detect(host, manner.breadth)?.ok()? {
        value if value.kind() == Kind::Domain => {
            Value::parse(manner.domain(), host, manner.breadth).ok()?
        }
        value if matches!(value.kind(), Kind::Ipv4 | Kind::Ipv6) => value,
        _ => return None,
    };
    match path {
        None | Some("") => values.push(value),
        Some(_) => {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{text}");
                values.push(Value::parse(Kind::Url, &url, manner.breadth).ok()?);
            }
            return Some(false);
        }
    }
    (port.is_some() || path.is_some()).then_some(port.is_some())
}

/// A part of an IPv6 address that has no brackets.
fn is_group(host: &str) -> bool {
    host.contains(':') && !host.ends_with(']')
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.parse::<u16>().is_ok()
}
