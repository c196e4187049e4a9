//! Addresses of crypto-currencies, with their checksums.
//!
//! - Bitcoin: `Base58Check` of version 0 or 5, in the case as it is; bech32 (witness version 0) and
//!   bech32m (1 to 16) of BIP 173 and BIP 350 for `bc`, in lower case.
//! - Ethereum: `0x` and 40 hexadecimal digits; in mixed case they must be those of EIP-55. In lower
//!   case.
//! - Monero: 95 or 106 characters of its own Base58, Keccak-256.
//! - Tron: `Base58Check` of version 65, 34 characters that begin with `T`.

use sha2::{Digest as _, Sha256};
use sha3::Keccak256;

use super::{
    error::{ValueError, shape},
    word,
};
use crate::Kind;

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// Bitcoin.
pub(crate) fn pack_btc(text: &str) -> Result<Vec<u8>, ValueError> {
    let kind = Kind::Btc;
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("bc1") {
        if text != lower && text != text.to_ascii_uppercase() {
            return Err(shape(kind, "letters of one case"));
        }
        return bech32(&lower).map(|()| lower.into_bytes());
    }
    let expected = "an address such as 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
    if !(26..=35).contains(&text.len()) {
        return Err(shape(kind, expected));
    }
    base58check(kind, text, &[0, 5], expected)
}

/// Tron.
pub(crate) fn pack_trx(text: &str) -> Result<Vec<u8>, ValueError> {
    let expected = "34 characters that begin with T";
    if text.len() != 34 {
        return Err(shape(Kind::Trx, expected));
    }
    base58check(Kind::Trx, text, &[65], expected)
}

/// Ethereum, as 20 bytes.
pub(crate) fn pack_eth(text: &str) -> Result<Vec<u8>, ValueError> {
    let kind = Kind::Eth;
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let digits = digits.filter(|digits| digits.len() == 40);
    let packed = digits.and_then(|digits| Some((digits, word::unhex(digits.as_bytes())?)));
    let (digits, packed) = packed.ok_or_else(|| shape(kind, "0x and 40 hexadecimal digits"))?;
    let lower = digits.to_ascii_lowercase();
    if digits != lower && digits != digits.to_ascii_uppercase() {
        let hash = word::hex(&Keccak256::digest(lower.as_bytes()));
        let right = digits.chars().zip(hash.bytes()).all(|(letter, hash)| {
            !letter.is_ascii_alphabetic() || letter.is_ascii_uppercase() == (hash >= b'8')
        });
        if !right {
            let method = "EIP-55";
            return Err(ValueError::Checksum { kind, method });
        }
    }
    Ok(packed)
}

/// Monero: blocks of eight bytes are eleven characters each.
pub(crate) fn pack_xmr(text: &str) -> Result<Vec<u8>, ValueError> {
    let kind = Kind::Xmr;
    if !matches!(text.len(), 95 | 106) {
        let expected = "95 or 106 characters";
        return Err(ValueError::Length {
            kind,
            length: text.len(),
            expected,
        });
    }
    let mut bytes = Vec::with_capacity(80);
    for block in text.as_bytes().chunks(11) {
        let size = match block.len() {
            11 => 8,
            7 => 5,
            _ => return Err(shape(kind, "95 or 106 characters")),
        };
        bytes.extend(unbase58(kind, block, size)?);
    }
    let split = bytes.split_last_chunk::<4>();
    let (payload, sum) = split.ok_or_else(|| shape(kind, "95 or 106 characters"))?;
    if !matches!(payload.first(), Some(18 | 19 | 42)) {
        return Err(shape(kind, "an address of the main network"));
    }
    if Keccak256::digest(payload).get(..4) != Some(sum) {
        let method = "Keccak-256";
        return Err(ValueError::Checksum { kind, method });
    }
    Ok(text.as_bytes().into())
}

fn base58check(
    kind: Kind,
    text: &str,
    versions: &[u8],
    expected: &'static str,
) -> Result<Vec<u8>, ValueError> {
    let bytes = unbase58(kind, text.as_bytes(), 25)?;
    let split = bytes.split_last_chunk::<4>();
    let (payload, sum) = split.ok_or_else(|| shape(kind, expected))?;
    if Sha256::digest(Sha256::digest(payload)).get(..4) != Some(sum) {
        let method = "double SHA-256";
        return Err(ValueError::Checksum { kind, method });
    }
    let version = payload.first().filter(|version| versions.contains(version));
    version.ok_or_else(|| shape(kind, expected))?;
    // Each zero byte in front is a 1, no more and no fewer: otherwise several texts are one address.
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let ones = text.bytes().take_while(|&byte| byte == b'1').count();
    if zeros != ones {
        return Err(shape(kind, expected));
    }
    Ok(text.as_bytes().into())
}

/// The number that the characters write, as so many bytes, the big end first.
fn unbase58(kind: Kind, text: &[u8], size: usize) -> Result<Vec<u8>, ValueError> {
    let mut bytes = vec![0_u8; size];
    for (at, &found) in text.iter().enumerate() {
        let value = BASE58.iter().position(|&letter| letter == found);
        let Some(mut carry) = value.and_then(|value| u32::try_from(value).ok()) else {
            let expected = "letters and digits without 0, I, O and l";
            return Err(ValueError::Unexpected {
                kind,
                found: found.into(),
                at,
                expected,
            });
        };
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            let [low, ..] = carry.to_le_bytes();
            *byte = low;
            carry >>= 8;
        }
        if carry != 0 {
            return Err(shape(kind, "a smaller number"));
        }
    }
    Ok(bytes)
}

/// Checks a bech32 or bech32m address for `bc` in lower case.
fn bech32(text: &str) -> Result<(), ValueError> {
    let kind = Kind::Btc;
    let expected = "a segwit address such as bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    if !(14..=90).contains(&text.len()) {
        return Err(shape(kind, expected));
    }
    let mut sum = Polynomial(1);
    for value in [3, 3, 0, b'b' & 31, b'c' & 31] {
        sum.add(value);
    }
    let mut values = Vec::with_capacity(text.len());
    for (at, found) in text.char_indices().skip(3) {
        let value = BECH32
            .iter()
            .position(|&letter| char::from(letter) == found);
        let Some(value) = value.and_then(|value| u8::try_from(value).ok()) else {
            let expected = "letters and digits without 1, b, i and o";
            return Err(ValueError::Unexpected {
                kind,
                found,
                at,
                expected,
            });
        };
        sum.add(value);
        values.push(value);
    }
    let split = values.split_last_chunk::<6>();
    let Some(([version, program @ ..], _)) = split else {
        return Err(shape(kind, expected));
    };
    let (constant, method) = match version {
        0 => (1, "bech32"),
        _ => (0x2bc8_30a3, "bech32m"),
    };
    if sum.0 != constant {
        return Err(ValueError::Checksum { kind, method });
    }
    let bytes = program.len() * 5 / 8;
    let padding = program.len() * 5 % 8;
    let rest = program.last().map_or(0, |last| last & ((1 << padding) - 1));
    let sized = if *version == 0 {
        matches!(bytes, 20 | 32)
    } else {
        (2..=40).contains(&bytes)
    };
    if *version > 16 || padding > 4 || rest != 0 || !sized {
        return Err(shape(kind, expected));
    }
    Ok(())
}

/// The remainder that bech32 computes (BIP 173).
struct Polynomial(u32);

impl Polynomial {
    fn add(&mut self, value: u8) {
        const GENERATOR: [u32; 5] = [
            0x3b6a_57b2,
            0x2650_8e6d,
            0x1ea1_19fa,
            0x3d42_33dd,
            0x2a14_62b3,
        ];
        let top = self.0 >> 25;
        self.0 = (self.0 & 0x01ff_ffff) << 5 ^ u32::from(value);
        for (bit, part) in GENERATOR.iter().enumerate() {
            if top >> bit & 1 == 1 {
                self.0 ^= part;
            }
        }
    }
}
