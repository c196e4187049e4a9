//! What a list of events is known by.

use intel::events::model::Indexed;
use sha2::{Digest, Sha256};

/// Digits of a mark.
const DIGITS: usize = 32;

/// The mark of a list: other events, and events that were changed, sighted or published since, make
/// another.
pub(crate) fn mark<'e>(events: impl IntoIterator<Item = &'e Indexed>) -> String {
    let mut digest = Sha256::new();
    for event in events {
        digest.update(event.uuid.as_bytes());
        digest.update(event.timestamp.to_be_bytes());
        digest.update(event.sighted_at.to_be_bytes());
        digest.update([u8::from(event.published)]);
    }
    let digest = digest.finalize();
    let digit = |half: u8| char::from_digit(u32::from(half), 16);
    let digits = digest
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.flatten().take(DIGITS).collect()
}
