//! URLs.
//!
//! The normal form follows RFC 3986 §6.2 as far as two texts that it makes equal are the same
//! resource everywhere:
//!
//! - scheme and host in lower case, the host as ASCII without the dot of the root, an IPv6 host as
//!   RFC 5952 writes it;
//! - no port where it is the scheme's own, none that is empty, no zeros in front of it;
//! - `/` where there is no path;
//! - letters, digits, `-`, `_` and `~` not percent-encoded, other encodings in upper case, bytes
//!   beyond ASCII encoded (RFC 3987 §3.1); `%2E` stays, because a full stop at the end is cut off;
//! - no fragment: it is never sent, so no log of a server or a proxy has it;
//! - no full stop, comma, colon, semicolon, exclamation or question mark at the end, and no closing
//!   parenthesis that is not opened: what a sentence puts there could not be told apart.
//!
//! A scheme has letters and digits alone: `+`, `-` and `.` could not be told from what stands before
//! it. Dot segments, empty segments, the order of parameters, user and password stay as they are.

use std::net::Ipv6Addr;

use super::{
    error::{ValueError, shape},
    name, word,
};
use crate::Kind;

/// Bytes of the longest URL that is read.
pub(crate) const URL_BYTES_MAX: usize = 4096;
const SCHEME_BYTES_MAX: usize = 20;
const EXPECTED: &str = "a scheme, :// and a host, such as https://example.com/a";

/// A URL in its normal form.
pub(crate) fn pack(text: &str) -> Result<Vec<u8>, ValueError> {
    let kind = Kind::Url;
    if text.len() > URL_BYTES_MAX {
        return Err(ValueError::Length {
            kind,
            length: text.len(),
            expected: "4096 at most",
        });
    }
    let host = host_end(text.as_bytes());
    let strange = text.char_indices().find(|&(at, found)| {
        u8::try_from(found).is_ok_and(|byte| found.is_ascii() && ends(byte, at < host))
    });
    if let Some((at, found)) = strange {
        let expected = "a character that stands in a URL unencoded";
        return Err(ValueError::Unexpected {
            kind,
            found,
            at,
            expected,
        });
    }
    let mut packed = Vec::with_capacity(text.len());
    normalise(core(text.as_bytes()), &mut packed).ok_or_else(|| shape(kind, EXPECTED))?;
    if packed.len() > URL_BYTES_MAX {
        return Err(ValueError::Length {
            kind,
            length: packed.len(),
            expected: "4096 at most, percent-encoded",
        });
    }
    Ok(packed)
}

/// Whether this byte cannot be part of a URL as it is written in a text; brackets stand only in a
/// host.
pub(crate) fn ends(byte: u8, in_host: bool) -> bool {
    match byte {
        b'[' | b']' => !in_host,
        0..=b' ' | 0x7f => true,
        _ => matches!(
            byte,
            b'"' | b'\'' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'
        ),
    }
}

/// Where the brackets of an IPv6 host end; zero where the host is none.
pub(crate) fn host_end(url: &[u8]) -> usize {
    let Some(at) = authority(url) else { return 0 };
    let rest = url.get(at..).unwrap_or_default();
    let stops = |byte: &u8| b"/?#".contains(byte) || ends(*byte, true);
    let stop = rest.iter().position(stops);
    let authority = rest.get(..stop.unwrap_or(rest.len())).unwrap_or_default();
    let host = authority
        .iter()
        .rposition(|&byte| byte == b'@')
        .map_or(0, |at| at + 1);
    if authority.get(host) != Some(&b'[') {
        return 0;
    }
    let inside = authority.get(host + 1..).unwrap_or_default();
    let address = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let close = inside.iter().position(|byte| !address(byte));
    close
        .filter(|&close| inside.get(close) == Some(&b']'))
        .map_or(0, |close| at + host + 1 + close + 1)
}

/// Where the authority begins.
fn authority(url: &[u8]) -> Option<usize> {
    Some(url.windows(3).position(|three| three == b"://")? + 3)
}

/// The URL without its fragment and without what a sentence puts behind it.
pub(crate) fn core(url: &[u8]) -> &[u8] {
    let mut url = url.split(|&byte| byte == b'#').next().unwrap_or(url);
    let count = |url: &[u8], wanted| url.split(|&byte| byte == wanted).count();
    while let Some((last, rest)) = url.split_last() {
        let cut = match last {
            b'.' | b',' | b':' | b';' | b'!' | b'?' => true,
            b')' => count(url, b'(') < count(url, b')'),
            _ => false,
        };
        if !cut {
            break;
        }
        url = rest;
    }
    url
}

/// Appends the normal form of a URL that [`core`] gave.
pub(crate) fn normalise(url: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (scheme, rest) = url.split_at_checked(authority(url)? - 3)?;
    let rest = rest.get(3..)?;
    if !scheme.first()?.is_ascii_alphabetic()
        || !scheme.iter().all(u8::is_ascii_alphanumeric)
        || scheme.len() > SCHEME_BYTES_MAX
    {
        return None;
    }
    let begin = out.len();
    out.extend(scheme.iter().map(u8::to_ascii_lowercase));
    let default = default_port(out.get(begin..)?);
    out.extend(b"://");
    let stop = rest.iter().position(|byte| b"/?".contains(byte));
    let (authority, rest) = rest.split_at_checked(stop.unwrap_or(rest.len()))?;
    let host = match authority.iter().rposition(|&byte| byte == b'@') {
        Some(at) => {
            encode(authority.get(..at)?, out);
            out.push(b'@');
            authority.get(at + 1..)?
        }
        None => authority,
    };
    push_host(host, default, out)?;
    if rest.first() != Some(&b'/') {
        out.push(b'/');
    }
    encode(rest, out);
    Some(())
}

fn default_port(scheme: &[u8]) -> u16 {
    match scheme {
        b"http" | b"ws" => 80,
        b"https" | b"wss" => 443,
        b"ftp" => 21,
        _ => 0,
    }
}

/// The host and the port, if it is another than the scheme's.
fn push_host(text: &[u8], default: u16, out: &mut Vec<u8>) -> Option<()> {
    let port = if text.first() == Some(&b'[') {
        let close = text.iter().position(|&byte| byte == b']')?;
        let inside = str::from_utf8(text.get(1..close)?).ok()?;
        let address: Ipv6Addr = inside.parse().ok()?;
        out.extend(format!("[{address}]").bytes());
        match text.get(close + 1..)? {
            [] => b"",
            [b':', port @ ..] => port,
            _ => return None,
        }
    } else {
        let colon = text.iter().position(|&byte| byte == b':');
        let (host, port) = text.split_at_checked(colon.unwrap_or(text.len()))?;
        push_name(host, out)?;
        port.get(1..).unwrap_or_default()
    };
    if port.is_empty() {
        return Some(());
    }
    let digits = port.len() <= 8 && port.iter().all(u8::is_ascii_digit);
    let number: u16 = digits.then(|| str::from_utf8(port).ok()?.parse().ok())??;
    if number != default {
        out.push(b':');
        out.extend(number.to_string().bytes());
    }
    Some(())
}

/// A host that is a name or an IPv4 address; one label is enough.
fn push_name(host: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let host = host.strip_suffix(b".").unwrap_or(host);
    let begin = out.len();
    if host.is_ascii() {
        out.extend(host.iter().map(u8::to_ascii_lowercase));
    } else {
        out.extend(name::normal(str::from_utf8(host).ok()?)?.bytes());
    }
    let pushed = out.get(begin..)?;
    let good = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let right = (1..=name::NAME_BYTES_MAX).contains(&pushed.len())
        && pushed.iter().all(good)
        && pushed.last() != Some(&b'.');
    right.then_some(())
}

/// Appends the bytes with their percent-encodings made one.
fn encode(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        let encoded = match (byte, behind) {
            (b'%', &[high, low, ..]) => word::digit(high)
                .zip(word::digit(low))
                .map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match encoded {
            Some(byte) => {
                rest = behind.get(2..).unwrap_or_default();
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
                    out.push(byte);
                } else {
                    push_encoded(byte, out);
                }
            }
            None if byte.is_ascii() => out.push(byte),
            None => push_encoded(byte, out),
        }
    }
}

fn push_encoded(byte: u8, out: &mut Vec<u8>) {
    out.push(b'%');
    let digit = |value: u8| value + if value < 10 { b'0' } else { b'A' - 10 };
    out.extend([digit(byte >> 4), digit(byte & 15)]);
}
