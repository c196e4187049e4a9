//! Digests as text.

use crate::model::Invalid;

/// The digest of 64 hexadecimal digits.
pub(crate) fn digest(text: &str) -> Result<[u8; 32], Invalid> {
    let invalid = Invalid {
        field: "sha256",
        rule: "64 hexadecimal digits",
    };
    let mut digest = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(invalid);
    }
    for (at, byte) in digest.iter_mut().enumerate() {
        let pair = text
            .get(at * 2..at * 2 + 2)
            .ok_or_else(|| invalid.clone())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_unreadable| invalid.clone())?;
    }
    Ok(digest)
}
