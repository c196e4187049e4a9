//! Hashes, fingerprints and numbers: values that are one word.

use super::error::{ValueError, shape};
use crate::Kind;

/// A hash as its bytes, from hexadecimal digits in any case.
pub(crate) fn pack_hex(kind: Kind, text: &str) -> Result<Vec<u8>, ValueError> {
    let (digits, expected) = match kind {
        Kind::Sha1 => (40, "40 hexadecimal digits"),
        Kind::Sha256 => (64, "64 hexadecimal digits"),
        Kind::Sha512 => (128, "128 hexadecimal digits"),
        Kind::Jarm => (62, "62 hexadecimal digits"),
        _ => (32, "32 hexadecimal digits"),
    };
    if text.len() == digits
        && let Some(bytes) = unhex(text.as_bytes())
    {
        return Ok(bytes);
    }
    let strange = text.char_indices().find(|(_, c)| !c.is_ascii_hexdigit());
    Err(match strange {
        Some((at, found)) => ValueError::Unexpected {
            kind,
            found,
            at,
            expected,
        },
        None => ValueError::Length {
            kind,
            length: text.len(),
            expected,
        },
    })
}

/// The bytes that hexadecimal digits write.
pub(crate) fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    // Without branches: which digits are letters cannot be foretold.
    let whole = digits.iter().fold(true, |whole, digit| {
        let letter = digit | 0x20;
        whole & (digit.is_ascii_digit() | matches!(letter, b'a'..=b'f'))
    });
    let value = |digit: u8| (digit & 0xf) + (digit >> 6) * 9;
    let bytes = pairs.iter();
    whole.then(|| {
        bytes
            .map(|&[high, low]| value(high) << 4 | value(low))
            .collect()
    })
}

/// Whether these digits, in any case, write these bytes.
pub(crate) fn is_hex_of(digits: &[u8], bytes: &[u8]) -> bool {
    let (pairs, rest) = digits.as_chunks::<2>();
    let same = |(&[high, low], &byte): (&[u8; 2], &u8)| {
        digit(high) == Some(byte >> 4) && digit(low) == Some(byte & 15)
    };
    rest.is_empty() && pairs.len() == bytes.len() && pairs.iter().zip(bytes).all(same)
}

pub(crate) fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The digits in lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    hex_digits(bytes).map(char::from).collect()
}

/// As [`hex`], one after the other.
pub(crate) fn hex_digits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    let digit = |value: u8| value + if value < 10 { b'0' } else { b'a' - 10 };
    let pairs = bytes
        .iter()
        .map(move |byte| [digit(byte >> 4), digit(byte & 15)]);
    pairs.flatten()
}

/// Bytes of the text of a JA4 fingerprint.
pub(crate) const JA4_BYTES: usize = 36;

/// A JA4 fingerprint in lower case.
pub(crate) fn pack_ja4(text: &str) -> Result<Vec<u8>, ValueError> {
    let lower = text.to_ascii_lowercase().into_bytes();
    if is_ja4(&lower) {
        Ok(lower)
    } else {
        let expected = "a fingerprint such as t13d1516h2_8daaf6152771_b186095e22b6";
        Err(shape(Kind::Ja4, expected))
    }
}

/// Whether this is a JA4 fingerprint, in any case: transport, version, destination, two counts, the
/// application's protocol, and two truncated hashes.
pub(crate) fn is_ja4(text: &[u8]) -> bool {
    let mut parts = text.split(|&byte| byte == b'_');
    let (Some(head), Some(ciphers), Some(extensions), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let &[transport, v1, v2, destination, n1, n2, n3, n4, a1, a2] = head else {
        return false;
    };
    let hash = |part: &[u8]| part.len() == 12 && part.iter().all(u8::is_ascii_hexdigit);
    matches!(transport.to_ascii_lowercase(), b't' | b'q' | b'd')
        && matches!(destination.to_ascii_lowercase(), b'd' | b'i')
        && [v1, v2, a1, a2].iter().all(u8::is_ascii_alphanumeric)
        && [n1, n2, n3, n4].iter().all(u8::is_ascii_digit)
        && hash(ciphers)
        && hash(extensions)
}

/// The number of an autonomous system, big end first, from `AS123` or `123`.
pub(crate) fn pack_asn(text: &str) -> Result<Vec<u8>, ValueError> {
    let bare = text
        .split_at_checked(2)
        .filter(|(head, _)| head.eq_ignore_ascii_case("as"))
        .map_or(text, |(_, number)| number);
    let number = asn(bare.as_bytes());
    let number = number.ok_or_else(|| shape(Kind::Asn, "a number such as AS64496"))?;
    Ok(number.to_be_bytes().into())
}

/// Digits without a leading zero as a number.
pub(crate) fn asn(digits: &[u8]) -> Option<u32> {
    let leading_zero = digits.len() > 1 && digits.first() == Some(&b'0');
    if leading_zero || !(1..=10).contains(&digits.len()) {
        return None;
    }
    let mut number = 0_u32;
    for byte in digits {
        let value = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        number = number.checked_mul(10)?.checked_add(value)?;
    }
    Some(number)
}

/// Bytes of the longest CVE number that is read.
pub(crate) const CVE_BYTES_MAX: usize = 28;

/// The number of a vulnerability in upper case.
pub(crate) fn pack_cve(text: &str) -> Result<Vec<u8>, ValueError> {
    let upper = text.to_ascii_uppercase().into_bytes();
    let number = upper.strip_prefix(b"CVE-");
    if number.is_some_and(is_cve_number) {
        Ok(upper)
    } else {
        Err(shape(Kind::Cve, "a number such as CVE-2021-44228"))
    }
}

/// What stands behind `CVE-`: four digits of a year, a hyphen, and 4 to 19 digits.
pub(crate) fn is_cve_number(number: &[u8]) -> bool {
    let Some((year, [b'-', digits @ ..])) = number.split_at_checked(4) else {
        return false;
    };
    year.iter().chain(digits).all(u8::is_ascii_digit) && (4..=19).contains(&digits.len())
}
