//! Domain names and e-mail addresses.
//!
//! A name is in lower case, as ASCII (UTS 46 maps what is not), without the dot of the root. Labels
//! have 1 to 63 letters, digits, hyphens and underscores; all of it 253 bytes at most. The top label
//! is of two letters at least, or begins with `xn--`: so no number and no version is a name.
//!
//! Of an e-mail address both parts are in lower case. The standard lets a server tell letters apart
//! in the local part; none that matters does, and lists are written in any case. The local part has
//! letters, digits and `.`, `_`, `-`, `+`; others could not be told from what stands around it.

use super::{
    Breadth,
    error::{ValueError, shape},
    registry::is_registry,
};
use crate::Kind;

pub(crate) const NAME_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;
const LOCAL_BYTES_MAX: usize = 64;

/// A name of this kind.
pub(crate) fn pack(kind: Kind, text: &str, breadth: Breadth) -> Result<Vec<u8>, ValueError> {
    let mut text = text;
    if kind == Kind::DomainTree {
        let bare = text.strip_prefix('*').unwrap_or(text);
        text = bare.strip_prefix('.').unwrap_or(bare);
    }
    let name = normal(text.strip_suffix('.').unwrap_or(text)).ok_or_else(|| why(kind, text))?;
    let has_dot = name.contains('.');
    let reason = match kind {
        Kind::Domain if !has_dot => {
            return Err(shape(kind, "two labels at least, such as example.com"));
        }
        // An exact name stands for itself alone.
        Kind::Domain => None,
        _ if !has_dot => Some("one label alone holds all names below a top-level domain"),
        _ => is_registry(&name).then_some("everybody can register names below it"),
    };
    match reason {
        Some(reason) if breadth == Breadth::Narrow => Err(ValueError::Broad { kind, reason }),
        _ => Ok(name.into_bytes()),
    }
}

/// The e-mail address.
pub(crate) fn pack_email(text: &str) -> Result<Vec<u8>, ValueError> {
    let kind = Kind::Email;
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let expected = "a local part, @ and a domain name, such as a.b@example.com";
    let (local, domain) = text.rsplit_once('@').ok_or_else(|| shape(kind, expected))?;
    for (at, found) in local.char_indices() {
        if !(found.is_ascii() && found.to_string().bytes().all(is_local)) {
            let expected = "a letter, a digit, or one of . _ - +";
            return Err(ValueError::Unexpected {
                kind,
                found,
                at,
                expected,
            });
        }
    }
    if !is_local_part(local.as_bytes()) {
        return Err(shape(kind, expected));
    }
    let domain = pack(Kind::Domain, domain, Breadth::Narrow).ok();
    let domain = domain.ok_or_else(|| shape(kind, expected))?;
    let mut packed = local.to_ascii_lowercase().into_bytes();
    packed.push(b'@');
    packed.extend(domain);
    Ok(packed)
}

/// Whether these bytes can stand before the `@`.
pub(crate) fn is_local_part(local: &[u8]) -> bool {
    (1..=LOCAL_BYTES_MAX).contains(&local.len())
        && local.first() != Some(&b'.')
        && local.last() != Some(&b'.')
        && !local.windows(2).any(|two| two == b"..")
}

pub(crate) fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+')
}

/// The normal form of a name without the dot of the root, if it is one.
pub(crate) fn normal(text: &str) -> Option<String> {
    let name = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        idna::domain_to_ascii(text).ok()?
    };
    is_name(name.as_bytes()).then_some(name)
}

/// Whether these bytes are a name of one label or more, in any case.
pub(crate) fn is_name(name: &[u8]) -> bool {
    let labels = name.split(|&byte| byte == b'.').all(|label| {
        let right = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=LABEL_BYTES_MAX).contains(&label.len()) && label.iter().all(right)
    });
    let top = name.rsplit(|&byte| byte == b'.').next();
    labels && name.len() <= NAME_BYTES_MAX && name.first() != Some(&b'-') && top.is_some_and(is_top)
}

/// Whether a label can be the top of a name in a record.
pub(crate) fn is_top(label: &[u8]) -> bool {
    let letters = label.len() >= 2 && label.iter().all(u8::is_ascii_alphabetic);
    letters || is_punycode(label)
}

/// Whether a label is an A-label to look at; what ends with a hyphen or an underscore ends before it.
fn is_punycode(label: &[u8]) -> bool {
    let head = label.split_at_checked(4);
    head.is_some_and(|(head, rest)| {
        head.eq_ignore_ascii_case(b"xn--") && rest.last().is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// What is wrong with a text that is no name.
fn why(kind: Kind, text: &str) -> ValueError {
    let strange = text.char_indices().find(|&(_, found)| {
        found.is_ascii() && !matches!(found, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.')
    });
    if let Some((at, found)) = strange {
        let expected = "a letter, a digit, a hyphen, an underscore or a dot";
        return ValueError::Unexpected {
            kind,
            found,
            at,
            expected,
        };
    }
    if text.len() > NAME_BYTES_MAX {
        return ValueError::Length {
            kind,
            length: text.len(),
            expected: "253 at most",
        };
    }
    shape(
        kind,
        "labels of 1 to 63 letters, digits, hyphens and underscores with dots between them, the last of letters alone",
    )
}
