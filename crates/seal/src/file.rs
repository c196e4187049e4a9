//! Sealed files: age v1 files whose readers are exactly those that were meant.
//!
//! A message's body and each attachment is such a file, encrypted to two hybrid recipients: the
//! receiver and the sender's own archive. The header holds these two stanzas and nothing else, in
//! random order, so that neither place tells whose it is. The text inside is padded
//! ([`crate::padding`]), and since hybrid stanzas have a fixed length, the size of the whole file
//! depends on the rung alone ([`message_size`]). In an emergency the standard age tool opens it
//! with the same identity.
//!
//! [`Sealer`] and [`Opener`] stream; [`seal_message`] and [`open_message`] work in memory.

mod header;
mod read;
mod write;

use std::io::{Read, Write};

use zeroize::Zeroizing;

pub use read::Opener;
pub use write::Sealer;

use crate::{Error, HybridIdentity, HybridRecipient, Metered, padding};

/// What an encrypted file is sealed for: it decides how many stanzas its header has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// Part of a message: the receiver and the sender's archive.
    Message,
    /// A cover around something sealed already, or a text for one reader.
    Single,
}

impl Kind {
    pub(crate) const fn stanzas(self) -> usize {
        match self {
            Self::Message => 2,
            Self::Single => 1,
        }
    }
}

const PAYLOAD_NONCE_BYTES: u64 = 16;
const CHUNK_BYTES: u64 = 64 * 1024;
const CHUNK_TAG_BYTES: u64 = 16;

/// The size of the sealed file of a message's part; `None` when the text is above the ladder.
pub fn message_size(text_bytes: u64) -> Option<u64> {
    let padded = padding::rung(text_bytes)?;
    let header = u64::try_from(header::length(Kind::Message)).ok()?;
    let tags = padded.div_ceil(CHUNK_BYTES) * CHUNK_TAG_BYTES;
    Some(header + PAYLOAD_NONCE_BYTES + padded + tags)
}

/// Whether a sealed file of a message's part can have this size. Anything else need not be fetched.
pub fn is_message_size(size: u64) -> bool {
    // The texts that just do not fit the rung below, one for each rung.
    std::iter::successors(Some(0), |text_bytes| padding::rung(*text_bytes))
        .any(|text_bytes| message_size(text_bytes) == Some(size))
}

/// Seals a text in memory for a receiver and the sender's archive.
pub fn seal_message(
    text: &[u8],
    to: &HybridRecipient,
    archive: &HybridRecipient,
) -> Result<(Vec<u8>, Metered), Error> {
    let mut sealer = Sealer::message(Vec::with_capacity(text.len()), to, archive)?;
    sealer.write_all(text).map_err(Error::from_stream)?;
    sealer.finish()
}

/// Opens a sealed text in memory, as the receiver or from the archive.
pub fn open_message(file: &[u8], identity: &HybridIdentity) -> Result<Zeroizing<Vec<u8>>, Error> {
    open(file, identity, Kind::Message)
}

pub(crate) fn open(
    file: &[u8],
    identity: &HybridIdentity,
    kind: Kind,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    // Room for all of it at once: growing would leave copies of the text behind.
    let mut text = Zeroizing::new(Vec::with_capacity(file.len()));
    Opener::new(file, identity, kind)?
        .read_to_end(&mut text)
        .map_err(Error::from_stream)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn identity(seed: u8) -> HybridIdentity {
        HybridIdentity::from_seed(&[seed; 32]).unwrap()
    }

    fn sealed(text: &[u8]) -> Vec<u8> {
        seal_message(text, &identity(1).recipient(), &identity(2).recipient())
            .unwrap()
            .0
    }

    #[test]
    fn receiver_and_archive_open_and_nobody_else() {
        let file = sealed(b"text");
        for seed in [1, 2] {
            assert_eq!(
                open_message(&file, &identity(seed)).unwrap().as_slice(),
                b"text"
            );
        }
        assert_eq!(
            open_message(&file, &identity(3)).unwrap_err().code(),
            "seal.open"
        );
    }

    #[test]
    fn the_header_has_exactly_two_stanzas() {
        let file = sealed(b"text");
        let stanzas = file.windows(4).filter(|window| window == b"\n-> ").count();
        assert_eq!(stanzas, 2);
    }

    #[test]
    fn the_order_of_the_stanzas_is_not_fixed() {
        // Which stanza opens is seen by cutting the other one off: ask age for each alone.
        let first_is_receiver = |file: &[u8]| {
            let header =
                String::from_utf8_lossy(&file[..header::length(Kind::Message)]).into_owned();
            let mut lines = header.lines().skip(1);
            let (argument, body) = (lines.next().unwrap(), lines.next().unwrap());
            let stanza = age_core::format::Stanza {
                tag: crate::hybrid::STANZA_TAG.to_owned(),
                args: vec![argument.rsplit(' ').next().unwrap().to_owned()],
                body: crate::text::unbase64_bare(body).unwrap(),
            };
            age::Identity::unwrap_stanza(&identity(1), &stanza).is_some()
        };
        // 64 files: the chance that all have one order is 2^-63.
        let orders: std::collections::HashSet<bool> = (0..64)
            .map(|_| first_is_receiver(&sealed(b"text")))
            .collect();
        assert_eq!(orders.len(), 2);
    }

    #[test]
    fn the_size_depends_on_the_rung_alone() {
        for length in [0, 1, 4095, 4096, 65_535, 65_536, 200_000] {
            let (file, metered) = seal_message(
                &vec![0x80; length],
                &identity(1).recipient(),
                &identity(2).recipient(),
            )
            .unwrap();
            assert_eq!(Some(metered.size), message_size(length.try_into().unwrap()));
            assert_eq!(file.len(), usize::try_from(metered.size).unwrap());
            assert_eq!(crate::Digest::of(&file), metered.sha256);
            assert!(is_message_size(metered.size));
            assert!(!is_message_size(metered.size - 1) && !is_message_size(metered.size + 1));
        }
        assert!(!is_message_size(0) && !is_message_size(u64::MAX));
    }

    #[test]
    fn every_rung_has_a_size_that_is_known() {
        let mut text_bytes = 0;
        while let Some(size) = message_size(text_bytes) {
            assert!(is_message_size(size), "{size}");
            text_bytes = padding::rung(text_bytes).unwrap();
        }
    }

    #[test]
    fn the_standard_reader_opens_it_too() {
        let file = sealed(b"text");
        let padded = age::decrypt(&identity(2), &file).unwrap();
        assert_eq!(&padded[..5], b"text\x80");
        assert_eq!(padded.len(), 4096);
    }

    #[test]
    fn files_with_other_stanzas_are_refused() {
        let to = identity(1).recipient();
        // Written by the plain encryptor: one stanza more, of no meaning.
        let plain = age::encrypt(&to, &[0; 4096]).unwrap();
        let single = crate::outer::seal(b"text", &to).unwrap().bytes;
        for file in [plain, single] {
            assert_eq!(
                open_message(&file, &identity(1)).unwrap_err().code(),
                "seal.wrong_stanzas"
            );
        }
        for not_age in [&b""[..], b"age-encryption.org/v2\n", &[0; 5000]] {
            assert_eq!(
                open_message(not_age, &identity(1)).unwrap_err().code(),
                "seal.open"
            );
        }
    }

    #[test]
    fn a_text_above_the_ladder_is_refused_while_it_is_written() {
        let (to, archive) = (identity(1).recipient(), identity(2).recipient());
        let mut sealer = Sealer::message(std::io::sink(), &to, &archive).unwrap();
        let megabyte = vec![0; 1 << 20];
        for _ in 0..63 {
            sealer.write_all(&megabyte).unwrap();
        }
        let refusal = sealer
            .write_all(&megabyte)
            .map_err(Error::from_stream)
            .unwrap_err();
        assert_eq!(refusal.code(), "seal.too_large");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_text_comes_back_in_pieces_of_any_size(
            length in prop_oneof![0_usize..300, 4000_usize..4200, 65_000_usize..66_000],
            marks in any::<bool>(),
            piece in 1_usize..5000,
        ) {
            // Runs of the marker and of zeros are what the reading of the padding has to survive.
            let text: Vec<u8> = (0..length)
                .map(|at| if marks { [0x80, 0, 0, 0, 7][at * at % 5] } else { u8::try_from(at % 251).unwrap() })
                .collect();
            let file = sealed(&text);
            let mut opener = Opener::message(&file[..], &identity(1)).unwrap();
            let (mut got, mut buffer) = (Vec::new(), vec![0; piece]);
            loop {
                let read = opener.read(&mut buffer).unwrap();
                if read == 0 { break }
                got.extend_from_slice(&buffer[..read]);
            }
            prop_assert_eq!(got, text);
        }

        #[test]
        fn any_changed_or_missing_or_added_byte_is_noticed(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let good = sealed(b"text");
            let at = at.index(good.len());
            let mut flipped = good.clone();
            flipped[at] ^= 1 << bit;
            prop_assert!(open_message(&flipped, &identity(1)).is_err());
            prop_assert!(open_message(&good[..at], &identity(1)).is_err());
            let mut longer = good;
            longer.push(bit);
            prop_assert!(open_message(&longer, &identity(1)).is_err());
        }
    }
}
