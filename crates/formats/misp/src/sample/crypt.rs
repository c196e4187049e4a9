//! The traditional encryption of PKZIP (APPNOTE 6.1), which protects nothing: it keeps a sample from
//! being run or deleted by accident, under a password that everybody knows.

/// What an encrypted entry begins with.
pub(super) const HEADER_BYTES: usize = 12;

const PASSWORD: &[u8] = b"infected";

/// The three keys, which change with each byte.
#[derive(Clone, Debug)]
pub(super) struct Keys(u32, u32, u32);

impl Keys {
    pub(super) fn new() -> Self {
        let mut keys = Self(0x1234_5678, 0x2345_6789, 0x3456_7890);
        for &byte in PASSWORD {
            keys.update(byte);
        }
        keys
    }

    pub(super) fn decrypt(&mut self, bytes: &[u8]) -> Vec<u8> {
        let step = |&byte: &u8| {
            let plain = byte ^ self.next();
            self.update(plain);
            plain
        };
        bytes.iter().map(step).collect()
    }

    pub(super) fn encrypt(&mut self, bytes: &[u8]) -> Vec<u8> {
        let step = |&plain: &u8| {
            let byte = plain ^ self.next();
            self.update(plain);
            byte
        };
        bytes.iter().map(step).collect()
    }

    fn next(&self) -> u8 {
        let key = (self.2 | 2) & 0xffff;
        let [_, second, ..] = key.wrapping_mul(key ^ 1).to_le_bytes();
        second
    }

    fn update(&mut self, plain: u8) {
        self.0 = crc(self.0, plain);
        let [lowest, ..] = self.0.to_le_bytes();
        self.1 = self
            .1
            .wrapping_add(u32::from(lowest))
            .wrapping_mul(134_775_813)
            .wrapping_add(1);
        let [.., highest] = self.1.to_le_bytes();
        self.2 = crc(self.2, highest);
    }
}

/// One step of CRC-32.
fn crc(state: u32, byte: u8) -> u32 {
    let [lowest, ..] = state.to_le_bytes();
    let entry = TABLE.get(usize::from(lowest ^ byte)).copied();
    // The table has an entry for each byte.
    (state >> 8) ^ entry.unwrap_or_default()
}

static TABLE: [u32; 256] = table();

#[expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "computed when the program is built, where an index out of range fails the build"
)]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < table.len() {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 {
                0xedb8_8320 ^ (value >> 1)
            } else {
                value >> 1
            };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_is_that_of_crc_32() {
        let state = b"123456789"
            .iter()
            .fold(u32::MAX, |state, &b| crc(state, b));
        assert_eq!(!state, 0xcbf4_3926);
    }

    #[test]
    fn what_is_encrypted_is_decrypted() {
        let plain = b"a sample of no harm";
        let sealed = Keys::new().encrypt(plain);
        assert_ne!(sealed, plain);
        assert_eq!(Keys::new().decrypt(&sealed), plain);
    }
}
