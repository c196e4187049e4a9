//! Values of indicators in their normal form.
//!
//! Two texts are one observable where their normal forms are equal; what an indicator says and what
//! a record contains are brought into the same form. Each module says what the form of its kinds is.

mod address;
mod carried;
mod coin;
mod error;
mod name;
mod refang;
mod registry;
mod text;
mod url;
mod word;

use std::{fmt, net::IpAddr};

pub use error::ValueError;

pub(crate) use address::address;
pub(crate) use name::{
    NAME_BYTES_MAX, is_local, is_local_part, is_name, is_top, normal as normal_name,
};
pub(crate) use text::{WORD_BYTES_MIN, anchors, hive, is_word};
pub(crate) use url::{
    URL_BYTES_MAX, core as url_core, ends as ends_url, host_end, normalise as normalise_url,
};
pub(crate) use word::{
    CVE_BYTES_MAX, JA4_BYTES, asn, digit, hex_digits, is_cve_number, is_hex_of, is_ja4,
};

use crate::Kind;

/// Whether values that would be found nearly everywhere are taken.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Breadth {
    /// They are refused: all names below a top-level domain or below a name under which everybody
    /// can register (`co.uk`), an IPv4 network larger than /8 or an IPv6 network larger than /16, a
    /// text of fewer than four bytes.
    #[default]
    Narrow,
    /// They are taken.
    Any,
}

/// What an indicator looks for: a kind and a value in the kind's normal form.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Value {
    kind: Kind,
    /// Addresses, networks, hashes and numbers in binary, all else as text.
    packed: Box<[u8]>,
}

impl Value {
    /// Reads a value of a kind from how people write it: white space around it and defanging
    /// (`hxxp`, `[.]`, `(at)` and the like) are undone, then it is brought into the normal form. Rules
    /// and patterns that are carried stay as they are.
    pub fn parse(kind: Kind, text: &str, breadth: Breadth) -> Result<Self, ValueError> {
        let text = if kind.is_carried() { text } else { text.trim() };
        let plain = match kind {
            Kind::Ipv4
            | Kind::Ipv4Net
            | Kind::Ipv6
            | Kind::Ipv6Net
            | Kind::Domain
            | Kind::DomainTree
            | Kind::Url
            | Kind::Email => refang::refang(text),
            _ => text.into(),
        };
        let packed = match kind {
            Kind::Ipv4 | Kind::Ipv6 => address::pack(kind, &plain)?,
            Kind::Ipv4Net | Kind::Ipv6Net => address::pack_net(kind, &plain, breadth)?,
            Kind::Domain | Kind::DomainTree => name::pack(kind, &plain, breadth)?,
            Kind::Url => url::pack(&plain)?,
            Kind::Email => name::pack_email(&plain)?,
            Kind::Md5
            | Kind::Sha1
            | Kind::Sha256
            | Kind::Sha512
            | Kind::Ja3
            | Kind::Ja3s
            | Kind::Jarm => word::pack_hex(kind, &plain)?,
            Kind::Ja4 => word::pack_ja4(&plain)?,
            Kind::Asn => word::pack_asn(&plain)?,
            Kind::Cve => word::pack_cve(&plain)?,
            Kind::Btc => coin::pack_btc(&plain)?,
            Kind::Eth => coin::pack_eth(&plain)?,
            Kind::Xmr => coin::pack_xmr(&plain)?,
            Kind::Trx => coin::pack_trx(&plain)?,
            Kind::FileName | Kind::UserAgent | Kind::RegistryKey | Kind::Mutex => {
                text::pack(kind, &plain, breadth)?
            }
            Kind::Yara | Kind::Sigma | Kind::StixPattern => carried::pack(kind, &plain)?,
        };
        Ok(Self {
            kind,
            packed: packed.into(),
        })
    }

    /// What it is a value of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// An address and the length of its prefix: that of a network, else all of it.
    pub fn network(&self) -> Option<(IpAddr, u8)> {
        match (self.kind, &*self.packed) {
            (Kind::Ipv4, &[a, b, c, d]) => Some(([a, b, c, d].into(), 32)),
            (Kind::Ipv4Net, &[a, b, c, d, bits]) => Some(([a, b, c, d].into(), bits)),
            (Kind::Ipv6 | Kind::Ipv6Net, packed) => {
                let (address, bits) = packed.split_first_chunk::<16>()?;
                Some(((*address).into(), bits.first().copied().unwrap_or(128)))
            }
            _ => None,
        }
    }

    /// The normal form, where that is what is kept: of names, URLs, e-mail addresses, texts and the
    /// like, not of addresses, hashes and numbers.
    pub fn as_text(&self) -> Option<&str> {
        let binary = matches!(
            self.kind,
            Kind::Ipv4 | Kind::Ipv4Net | Kind::Ipv6 | Kind::Ipv6Net | Kind::Eth | Kind::Asn
        );
        if binary || self.kind.is_hex() {
            return None;
        }
        str::from_utf8(&self.packed).ok()
    }

    pub(crate) fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// A value from a set.
    pub(crate) fn of_packed(kind: Kind, packed: &[u8]) -> Self {
        let packed = packed.into();
        Self { kind, packed }
    }
}

/// The normal form.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.kind {
            Kind::Ipv4 | Kind::Ipv4Net | Kind::Ipv6 | Kind::Ipv6Net => {
                address::unpack(&self.packed).unwrap_or_default()
            }
            kind if kind.is_hex() => word::hex(&self.packed),
            Kind::Eth => format!("0x{}", word::hex(&self.packed)),
            Kind::Asn => {
                let number = self.packed.first_chunk().copied();
                format!("AS{}", u32::from_be_bytes(number.unwrap_or_default()))
            }
            _ => String::from_utf8_lossy(&self.packed).into_owned(),
        };
        f.pad(&text)
    }
}

/// The value of a line of a plain list, by its shape; nothing where the shape is of no kind.
///
/// A name is of [`Kind::Domain`], with `*.` or `.` before it of [`Kind::DomainTree`]; 32 hexadecimal
/// digits are an MD5 hash. Free texts cannot be told apart, except for a registry key with its hive.
pub fn detect(text: &str, breadth: Breadth) -> Option<Result<Value, ValueError>> {
    let text = text.trim();
    let plain = refang::refang(text);
    let kind = if plain.contains("://") {
        Kind::Url
    } else if let Some((address, _)) = address::net(&plain) {
        if address.is_ipv4() {
            Kind::Ipv4Net
        } else {
            Kind::Ipv6Net
        }
    } else if let Some(address) = address(&plain) {
        if address.is_ipv4() {
            Kind::Ipv4
        } else {
            Kind::Ipv6
        }
    } else {
        return detect_word(&plain, breadth);
    };
    Some(Value::parse(kind, text, breadth))
}

fn detect_word(plain: &str, breadth: Breadth) -> Option<Result<Value, ValueError>> {
    const BY_TRIAL: &[Kind] = &[
        Kind::Md5,
        Kind::Sha1,
        Kind::Sha256,
        Kind::Sha512,
        Kind::Jarm,
        Kind::Ja4,
        Kind::Cve,
        Kind::Eth,
        Kind::Trx,
        Kind::Btc,
        Kind::Xmr,
    ];
    let parse = |kind| Value::parse(kind, plain, breadth);
    let found = BY_TRIAL.iter().find_map(|&kind| parse(kind).ok());
    if let Some(value) = found {
        return Some(Ok(value));
    }
    let lower = plain.to_ascii_lowercase();
    let hived = |(short, others): &(&str, &[&str])| {
        lower.starts_with(short) || others.iter().any(|other| lower.starts_with(other))
    };
    let kind = if text::HIVES.iter().any(hived) {
        Kind::RegistryKey
    } else if lower.contains('@') {
        Kind::Email
    } else if lower.starts_with("as") && parse(Kind::Asn).is_ok() {
        Kind::Asn
    } else if lower.starts_with(['*', '.']) {
        Kind::DomainTree
    } else if parse(Kind::Domain).is_ok() {
        Kind::Domain
    } else {
        return None;
    };
    Some(parse(kind))
}
