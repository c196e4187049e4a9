//! What values of each type look like.

use std::net::IpAddr;

use stix::pattern::Pattern;

/// What a value is, in words, and whether one is it.
type Shape = (&'static str, fn(&str) -> bool);

/// What values of this type are. Nothing where any text will do.
pub(super) fn expected(kind: &str) -> Option<Shape> {
    address(kind)
        .or_else(|| number(kind))
        .or_else(|| hash(kind))
}

fn address(kind: &str) -> Option<Shape> {
    Some(match kind {
        "ip-src" | "ip-dst" | "ip" => (
            "an IP address or a network such as 198.51.100.0/24",
            is_network,
        ),
        "port" => ("a port from 1 to 65535", is_port),
        "domain" | "hostname" => ("a name of a domain or host such as host.example", is_name),
        "onion-address" => ("an address that ends in .onion", is_onion),
        "email"
        | "email-src"
        | "email-dst"
        | "email-reply-to"
        | "target-email"
        | "whois-registrant-email"
        | "dns-soa-email"
        | "jabber-id"
        | "eppn" => ("an address such as name@host.example", is_address),
        "link" => (
            "an address with a scheme, such as https://host.example/",
            is_link,
        ),
        "url"
        | "uri"
        | "filename"
        | "pdb"
        | "regkey"
        | "mutex"
        | "named pipe"
        | "user-agent"
        | "windows-service-name"
        | "windows-scheduled-task" => ("one line", is_line),
        "mac-address" => (
            "six pairs of hexadecimal digits such as 02:00:00:00:00:01",
            is_mac,
        ),
        "mac-eui-64" => ("eight pairs of hexadecimal digits", is_mac_64),
        "AS" => (
            "a number of an autonomous system such as AS64496",
            is_system,
        ),
        _ => return None,
    })
}

fn number(kind: &str) -> Option<Shape> {
    Some(match kind {
        "vulnerability" => ("a name such as CVE-2026-12345", is_vulnerability),
        "weakness" => ("a name such as CWE-79", is_weakness),
        "cpe" => ("a name that begins with cpe:", |value| {
            value.starts_with("cpe:")
        }),
        "size-in-bytes" | "counter" => ("a whole number that is not negative", is_whole),
        "integer" | "favicon-mmh3" => ("a whole number", |value| value.parse::<i64>().is_ok()),
        "float" => ("a number", |value| {
            value.parse::<f64>().is_ok_and(f64::is_finite)
        }),
        "boolean" => ("true or false, or 1 or 0", |value| {
            matches!(value, "0" | "1" | "true" | "false")
        }),
        "datetime" => (
            "a date such as 2026-01-31, with or without a time behind it",
            is_date,
        ),
        "uuid" => ("a UUID", is_uuid),
        "hex" => ("hexadecimal digits", |value| hex(value)),
        "stix2-pattern" => ("a STIX pattern", |value| value.parse::<Pattern>().is_ok()),
        "cortex" => ("JSON", |value| {
            serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok()
        }),
        "btc" | "dash" | "xmr" | "iban" => ("letters and digits", |value| {
            value.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }),
        "ssdeep" | "impfuzzy" => (
            "a fuzzy hash of three parts with colons between them",
            is_fuzzy,
        ),
        "tlsh" => (
            "a TLSH hash of 70 hexadecimal digits, or more, with or without T1 before it",
            is_tlsh,
        ),
        "telfhash" => ("70 or 72 hexadecimal digits", |value| {
            hex(value) && matches!(value.len(), 70 | 72)
        }),
        _ => return None,
    })
}

/// Hashes, which are told by their length.
fn hash(kind: &str) -> Option<Shape> {
    Some(match kind {
        "md5"
        | "imphash"
        | "x509-fingerprint-md5"
        | "ja3-fingerprint-md5"
        | "hassh-md5"
        | "hasshserver-md5" => ("32 hexadecimal digits", |value| is_hash(value, 32)),
        "sha1" | "x509-fingerprint-sha1" | "pehash" | "cdhash" => {
            ("40 hexadecimal digits", |value| is_hash(value, 40))
        }
        "git-commit-id" => ("40 or 64 hexadecimal digits", |value| {
            is_hash(value, 40) || is_hash(value, 64)
        }),
        "sha224" | "sha512/224" | "sha3-224" => {
            ("56 hexadecimal digits", |value| is_hash(value, 56))
        }
        "jarm-fingerprint" => ("62 hexadecimal digits", |value| is_hash(value, 62)),
        "sha256" | "sha512/256" | "sha3-256" | "authentihash" | "x509-fingerprint-sha256" => {
            ("64 hexadecimal digits", |value| is_hash(value, 64))
        }
        "sha384" | "sha3-384" => ("96 hexadecimal digits", |value| is_hash(value, 96)),
        "sha512" | "sha3-512" => ("128 hexadecimal digits", |value| is_hash(value, 128)),
        _ => return None,
    })
}

fn hex(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_hash(value: &str, digits: usize) -> bool {
    value.len() == digits && hex(value)
}

fn is_network(value: &str) -> bool {
    let (address, length) = match value.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (value, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let bits = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|length| {
        is_whole(length) && length.parse().is_ok_and(|length: u8| length <= bits)
    })
}

fn is_port(value: &str) -> bool {
    is_whole(value) && value.parse().is_ok_and(|port: u16| port > 0)
}

/// Letters of other languages are taken, as MISP takes them.
fn is_name(value: &str) -> bool {
    const NAME_CHARS_MAX: usize = 253;
    const LABEL_CHARS_MAX: usize = 63;
    let value = value.strip_suffix('.').unwrap_or(value);
    let label = |label: &str| {
        let inner = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        !label.is_empty() && label.chars().count() <= LABEL_CHARS_MAX && label.chars().all(inner)
    };
    value.contains('.')
        && value.chars().count() <= NAME_CHARS_MAX
        && value.split('.').all(label)
        && value.parse::<IpAddr>().is_err()
}

fn is_onion(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let name = lower.strip_suffix(".onion");
    let letter = |byte: u8| matches!(byte, b'a'..=b'z' | b'2'..=b'7');
    name.is_some_and(|name| matches!(name.len(), 16 | 56) && name.bytes().all(letter))
}

fn is_address(value: &str) -> bool {
    value.rsplit_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !value.contains(char::is_whitespace)
    })
}

fn is_link(value: &str) -> bool {
    is_line(value)
        && value.split_once("://").is_some_and(|(scheme, rest)| {
            let inner =
                |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
            !scheme.is_empty() && scheme.bytes().all(inner) && !rest.is_empty()
        })
}

fn is_line(value: &str) -> bool {
    !value.contains(['\n', '\r'])
}

fn is_mac(value: &str) -> bool {
    pairs(value) == Some(6)
}

fn is_mac_64(value: &str) -> bool {
    pairs(value) == Some(8)
}

fn pairs(value: &str) -> Option<usize> {
    let separator = if value.contains('-') { '-' } else { ':' };
    let whole = value.split(separator).all(|pair| is_hash(pair, 2));
    whole.then(|| value.split(separator).count())
}

fn is_system(value: &str) -> bool {
    let number = value
        .strip_prefix("AS")
        .or_else(|| value.strip_prefix("as"));
    let number = number.unwrap_or(value);
    is_whole(number) && number.parse::<u32>().is_ok()
}

/// CVE names have a form; other lists have others.
fn is_vulnerability(value: &str) -> bool {
    let upper = value.to_ascii_uppercase();
    match upper.strip_prefix("CVE-") {
        Some(rest) => rest
            .split_once('-')
            .is_some_and(|(year, number)| digits(year, 4..=4) && digits(number, 4..=19)),
        None => is_line(value) && value.contains('-'),
    }
}

fn is_weakness(value: &str) -> bool {
    let upper = value.to_ascii_uppercase();
    upper
        .strip_prefix("CWE-")
        .is_some_and(|number| digits(number, 1..=9))
}

fn digits(value: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_whole(value: &str) -> bool {
    digits(value, 1..=19)
}

fn is_date(value: &str) -> bool {
    let (date, rest) = match value.split_once(['T', ' ']) {
        Some((date, rest)) => (date, Some(rest)),
        None => (value, None),
    };
    let time = |time: &str| {
        let inner = |byte: u8| byte.is_ascii_digit() || b":.+-Z".contains(&byte);
        time.starts_with(|first: char| first.is_ascii_digit()) && time.bytes().all(inner)
    };
    stix::Timestamp::parse(&format!("{date}T00:00:00Z")).is_ok() && rest.is_none_or(time)
}

fn is_uuid(value: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    value.split('-').count() == lengths.len()
        && value
            .split('-')
            .zip(lengths)
            .all(|(part, length)| is_hash(part, length))
}

fn is_fuzzy(value: &str) -> bool {
    let mut parts = value.splitn(3, ':');
    parts.next().is_some_and(is_whole) && parts.next().is_some() && parts.next().is_some()
}

fn is_tlsh(value: &str) -> bool {
    let bare = value
        .strip_prefix("T1")
        .or_else(|| value.strip_prefix("t1"));
    let bare = bare.unwrap_or(value);
    hex(bare) && bare.len() >= 70
}
