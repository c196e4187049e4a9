//! Texts of a certain form.

use super::finding::{Report, shown};
use crate::schema::{is_base64, is_hex, is_language, is_property_name};

/// The algorithms of hash-algorithm-ov (§10.7) whose digests have a fixed length, in characters.
const DIGESTS: [(&str, usize); 6] = [
    ("MD5", 32),
    ("SHA-1", 40),
    ("SHA-256", 64),
    ("SHA-512", 128),
    ("SHA3-256", 64),
    ("SHA3-512", 128),
];

/// Fuzzy digests, of no fixed length.
const FUZZY: [&str; 2] = ["SSDEEP", "TLSH"];

/// RFC 3986: a scheme, a colon, and no character that a URL cannot have.
pub(super) fn url(text: &str, report: &mut Report<'_>) {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    let good_scheme = scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    });
    let bad = text.chars().find(|c| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
    });
    if !good_scheme {
        let message = format!("{} is not a URL: it begins with no scheme", shown(text));
        report.error("value.url", &[], message);
    } else if let Some(bad) = bad {
        let message = format!(
            "{} is not a URL: write {bad:?} percent-encoded",
            shown(text)
        );
        report.error("value.url", &[], message);
    }
}

/// §2.8.
pub(super) fn hex(text: &str, report: &mut Report<'_>) {
    if !is_hex(text) {
        let message = format!(
            "{} is not an even number of hexadecimal digits",
            shown(text)
        );
        report.error_by(("value.hex", "2.8"), message);
    } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        // The text asks for it; the committee's schema and an example of §6.6 have capitals.
        let message = format!("{} should be in lower case", shown(text));
        report.warn_by(("value.hex_case", "2.8"), message);
    }
}

/// §2.1.
pub(super) fn binary(text: &str, report: &mut Report<'_>) {
    if !is_base64(text) {
        report.error_by(
            ("value.binary", "2.1"),
            format!("{} is not base64", shown(text)),
        );
    }
}

/// §2.7: the key names an algorithm, the value is what it makes.
pub(super) fn hash(algorithm: &str, digest: &str, report: &mut Report<'_>) {
    dictionary_key(algorithm, report);
    if (1..3).contains(&algorithm.len()) {
        let message = format!("the key {} is shorter than 3 characters", shown(algorithm));
        report.error_by(("key.form", "2.7"), message);
    }
    let known = DIGESTS.iter().find(|(name, _)| *name == algorithm);
    let Some((_, length)) = known else {
        if FUZZY.contains(&algorithm) {
            if !is_fuzzy(algorithm, digest) {
                let message = format!("{} is not made by {algorithm}", shown(digest));
                report.error_by(("value.hash", "10.7"), message);
            }
        } else {
            let message = format!(
                "{} is not among the words of hash-algorithm-ov",
                shown(algorithm)
            );
            report.warn_by(("value.vocabulary", "2.7"), message);
        }
        return;
    };
    if digest.len() != *length || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message = format!(
            "{} is not {length} hexadecimal digits of {algorithm}",
            shown(digest)
        );
        report.error_by(("value.hash", "2.7"), message);
    }
}

/// What ssdeep and TLSH make: the size of blocks and two hashes between colons; 35 octets, before
/// which newer versions put `T1`.
fn is_fuzzy(algorithm: &str, digest: &str) -> bool {
    let base64 = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
    };
    if algorithm == "TLSH" {
        let digits = digest.strip_prefix("T1").unwrap_or(digest);
        return digits.len() == 70 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    let mut parts = digest.splitn(3, ':');
    let blocks = parts.next().unwrap_or_default();
    let sized = !blocks.is_empty() && blocks.bytes().all(|byte| byte.is_ascii_digit());
    let (first, second) = (parts.next(), parts.next());
    sized && first.is_some_and(base64) && second.is_some_and(base64)
}

/// §2.3.
pub(super) fn dictionary_key(key: &str, report: &mut Report<'_>) {
    const KEY_BYTES_MAX: usize = 250;
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if key.is_empty() || key.len() > KEY_BYTES_MAX || !key.bytes().all(good) {
        let message = format!(
            "the key {} is not 1 to {KEY_BYTES_MAX} letters, digits, hyphens and underscores of ASCII",
            shown(key)
        );
        report.error_by(("key.form", "2.3"), message);
    }
}

/// §3.1 and §11.1: the name of a property of one's own.
pub(super) fn property_name(name: &str, report: &mut Report<'_>) {
    if !is_property_name(name) {
        let message = format!(
            "the name {} is not 3 to 250 of a to z, 0 to 9 and underscore, the first a letter",
            shown(name)
        );
        report.error_by(("property.name", "3.1"), message);
    }
}

/// §3.2: RFC 5646.
pub(super) fn language(text: &str, report: &mut Report<'_>) {
    if !is_language(text) {
        let message = format!(
            "{} is not a language tag such as zh or pt-br (RFC 5646)",
            shown(text)
        );
        report.error_by(("value.language", "3.2"), message);
    }
}
