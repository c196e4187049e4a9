//! Bech32 as BIP 173 has it, without the limit on the length, as the age format asks.

use crate::Error;

const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const CHECKSUM_LETTERS: usize = 6;
/// The longest text that is read. A hybrid recipient has 1,959 letters.
const TEXT_BYTES_MAX: usize = 4096;

/// Writes in lower case. `prefix` is lower case too.
pub(crate) fn encode(prefix: &str, data: &[u8]) -> String {
    let mut values: Vec<u8> = Vec::with_capacity(data.len() * 8 / 5 + 1);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in data {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            values.push(low_five(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        values.push(low_five(held << (5 - bits)));
    }
    let mut state = Checksum::over_prefix(prefix);
    for value in values.iter().chain(&[0; CHECKSUM_LETTERS]) {
        state.take(*value);
    }
    let sum = state.0 ^ 1;
    let tail = [25, 20, 15, 10, 5, 0].map(|shift| low_five(sum >> shift));
    let letter = |value: &u8| char::from(LETTERS.get(usize::from(*value)).copied().unwrap_or(b'q'));
    let mut out = String::with_capacity(prefix.len() + 1 + values.len() + CHECKSUM_LETTERS);
    out.push_str(prefix);
    out.push('1');
    out.extend(values.iter().chain(&tail).map(letter));
    out
}

/// Reads a text that is all lower or all upper case and begins with `prefix` in that same case.
pub(crate) fn decode(text: &str, prefix: &str, what: &'static str) -> Result<Vec<u8>, Error> {
    let refused = |why| Error::malformed(what, why);
    if text.len() > TEXT_BYTES_MAX || !text.is_ascii() {
        return Err(refused("it is too long or not ASCII"));
    }
    let body = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('1'))
        .ok_or_else(|| refused("it does not begin as it must"))?;
    let upper = prefix.bytes().any(|byte| byte.is_ascii_uppercase());
    let mut state = Checksum::over_prefix(&prefix.to_ascii_lowercase());
    let mut values = Vec::with_capacity(body.len());
    for byte in body.bytes() {
        if (upper && byte.is_ascii_lowercase()) || (!upper && byte.is_ascii_uppercase()) {
            return Err(refused("it mixes upper and lower case"));
        }
        let value = LETTERS
            .iter()
            .position(|letter| *letter == byte.to_ascii_lowercase())
            .and_then(|at| u8::try_from(at).ok())
            .ok_or_else(|| refused("it has a letter outside the alphabet"))?;
        state.take(value);
        values.push(value);
    }
    if state.0 != 1 || values.len() < CHECKSUM_LETTERS {
        return Err(refused("its checksum is wrong"));
    }
    values.truncate(values.len() - CHECKSUM_LETTERS);
    regroup(&values).ok_or_else(|| refused("its last letter has stray bits"))
}

/// Five-bit values to bytes; `None` when the rest is a whole value or not zero.
fn regroup(values: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(values.len() * 5 / 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for value in values {
        held = (held << 5) | u32::from(*value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
        held &= (1 << bits) - 1;
    }
    (bits < 5 && held == 0).then_some(out)
}

fn low_five(value: u32) -> u8 {
    u8::try_from(value & 31).unwrap_or_default()
}

/// The running checksum of BIP 173.
struct Checksum(u32);

impl Checksum {
    fn over_prefix(prefix: &str) -> Self {
        let mut state = Self(1);
        prefix.bytes().for_each(|byte| state.take(byte >> 5));
        state.take(0);
        prefix.bytes().for_each(|byte| state.take(byte & 31));
        state
    }

    fn take(&mut self, value: u8) {
        let top = self.0 >> 25;
        self.0 = ((self.0 & 0x01ff_ffff) << 5) ^ u32::from(value);
        let generators = [
            0x3b6a_57b2,
            0x2650_8e6d,
            0x1ea1_19fa,
            0x3d42_33dd,
            0x2a14_62b3,
        ];
        for (at, generator) in generators.into_iter().enumerate() {
            if (top >> at) & 1 == 1 {
                self.0 ^= generator;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_age_format_are_read() {
        // C2SP age.md, "The X25519 recipient type": an identity of 32 bytes 0x42.
        let identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
        let bytes = decode(identity, "AGE-SECRET-KEY-", "identity").unwrap();
        assert_eq!(bytes, [0x42; 32]);
        assert_eq!(
            encode("age-secret-key-", &bytes).to_ascii_uppercase(),
            identity
        );
    }

    #[test]
    fn a_wrong_letter_case_or_prefix_is_refused() {
        let good = encode("age", &[7; 32]);
        let mixed = good.replacen('1', "1Q", 1);
        let other = good.replacen("age", "agf", 1);
        for bad in [
            "",
            "age",
            "age1",
            &good.to_ascii_uppercase(),
            &mixed,
            &other,
        ] {
            assert!(decode(bad, "age", "test").is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(data in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode(&encode("age1pq", &data), "age1pq", "test").unwrap(), data);
        }

        #[test]
        fn any_changed_letter_is_noticed(data in any::<[u8; 20]>(), at in 4_usize..40, to in 0_usize..32) {
            let good = encode("age", &data);
            let mut bad = good.clone().into_bytes();
            bad[at] = LETTERS[to];
            let bad = String::from_utf8(bad).unwrap();
            prop_assume!(bad != good);
            prop_assert!(decode(&bad, "age", "test").is_err());
        }
    }
}
