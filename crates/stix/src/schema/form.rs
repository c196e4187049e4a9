//! Texts of a certain form, as reading and checking both ask for them.

/// Base64 of RFC 4648 §4 with its padding (STIX 2.1 §2.1).
pub(crate) fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && text.len() - digits.len() <= 2 && digits.bytes().all(digit)
}

/// Octets as hexadecimal digits (STIX 2.1 §2.8).
pub(crate) fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A tag of RFC 5646 §2.1 by its shape: subtags of 1 to 8 letters and digits, the first of letters
/// alone.
pub(crate) fn is_language(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let first = subtags.next().unwrap_or_default();
    let letters = first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let private = tag.len() > 2 && matches!(first, "x" | "X" | "i" | "I");
    let good =
        |tag: &str| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric());
    letters && (private || (2..=8).contains(&first.len())) && subtags.all(good)
}

/// The name of a property of one's own: 3 to 250 of `a` to `z`, digits and underscores, the first a
/// letter (STIX 2.1 §3.1, §11.1).
pub(crate) fn is_property_name(name: &str) -> bool {
    let good = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let letter = name.starts_with(|c: char| c.is_ascii_lowercase());
    (3..=250).contains(&name.len()) && letter && name.bytes().all(good)
}
