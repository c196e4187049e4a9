//! Bytes as text: hexadecimal and canonical base64.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
};

use crate::Error;

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// Reads lower-case hexadecimal of exactly `N` bytes.
pub(crate) fn unhex<const N: usize>(text: &str, what: &'static str) -> Result<[u8; N], Error> {
    let refused = || Error::malformed(what, "it is not lower-case hexadecimal of its length");
    if text.len() != 2 * N || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(refused());
    }
    let mut out = [0; N];
    for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *slot = pair
            .iter()
            .try_fold(0_u32, |sum, digit| {
                Some(sum * 16 + char::from(*digit).to_digit(16)?)
            })
            .and_then(|value| u8::try_from(value).ok())
            .ok_or_else(refused)?;
    }
    Ok(out)
}

/// Base64 with padding, RFC 4648 §4.
pub(crate) fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Reads canonical base64 with padding (RFC 4648 §3.5: no stray bits).
pub(crate) fn unbase64(text: &str, what: &'static str) -> Result<Vec<u8>, Error> {
    BASE64_STANDARD
        .decode(text)
        .map_err(|_position| Error::malformed(what, "it is not canonical base64"))
}

/// Reads canonical base64 of exactly `N` bytes.
pub(crate) fn unbase64_exact<const N: usize>(
    text: &str,
    what: &'static str,
) -> Result<[u8; N], Error> {
    unbase64(text, what)?
        .try_into()
        .map_err(|_bytes: Vec<u8>| Error::malformed(what, "it has another length"))
}

/// Base64 without padding, as the age format writes it.
pub(crate) fn base64_bare(bytes: &[u8]) -> String {
    BASE64_STANDARD_NO_PAD.encode(bytes)
}

/// Reads canonical base64 without padding; `None` for anything else.
pub(crate) fn unbase64_bare(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_comes_back() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
        assert_eq!(unhex::<3>("000fff", "test").unwrap(), [0, 15, 255]);
    }

    #[test]
    fn hexadecimal_has_one_form() {
        for bad in ["000FFF", "000ff", "000fff0", "000fg0", "00 0ff", "+0+0+0"] {
            assert!(unhex::<3>(bad, "test").is_err(), "{bad}");
        }
    }

    #[test]
    fn base64_has_one_form() {
        assert_eq!(unbase64("AAE=", "test").unwrap(), [0, 1]);
        for bad in ["AAE", "AAF=", "AAE= ", "A_E="] {
            assert!(unbase64(bad, "test").is_err(), "{bad}");
        }
        assert_eq!(unbase64_bare("AAE").unwrap(), [0, 1]);
        for bad in ["AAE=", "AAF", "A AE"] {
            assert!(unbase64_bare(bad).is_none(), "{bad}");
        }
    }
}
