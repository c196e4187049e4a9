//! How a leaf's subject is kept: 17 bytes where it is a typed id, else its text.

use uuid::Uuid;

/// The kinds of id that are kept short, by their place. Append only: rows hold the places.
const KINDS: &[&str] = &[
    "message",
    "thread",
    "incident",
    "incident-row",
    "contact",
    "participant",
    "user",
    "session",
    "key",
    "party-row",
    "job",
    "act",
    "party",
    "circle",
    "indicator",
    "identity",
];

/// The first byte of a subject that is kept as text. No text begins with a lower byte.
const TEXT_FROM: u8 = 0x21;

pub(crate) fn encode(subject: &str) -> Vec<u8> {
    encode_id(subject).unwrap_or_else(|| subject.as_bytes().to_vec())
}

fn encode_id(subject: &str) -> Option<Vec<u8>> {
    let (kind, id) = subject.split_once("--")?;
    let place = KINDS.iter().position(|known| *known == kind)?;
    let place = u8::try_from(place)
        .ok()
        .filter(|place| *place < TEXT_FROM)?;
    let uuid = Uuid::try_parse(id).ok()?;
    // Only the spelling that is printed again may be kept short.
    (uuid.hyphenated().to_string() == id).then(|| [&[place][..], uuid.as_bytes()].concat())
}

pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let (first, rest) = bytes.split_first()?;
    if *first >= TEXT_FROM {
        return String::from_utf8(bytes.to_vec()).ok();
    }
    let kind = KINDS.get(usize::from(*first))?;
    let uuid = Uuid::from_slice(rest).ok()?;
    Some(format!("{kind}--{uuid}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_are_short_and_come_back() {
        let id = "message--6f9c1c44-0000-4000-8000-000000000000";
        assert_eq!(encode(id).len(), 17);
        assert_eq!(decode(&encode(id)).as_deref(), Some(id));
        assert!(KINDS.len() < usize::from(TEXT_FROM));
    }

    proptest! {
        #[test]
        fn any_subject_comes_back(subject in prop_oneof![
            "[!-~]{1,128}",
            "(message|thread|other)--[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "message--[0-9a-f]{32}",
        ]) {
            prop_assert_eq!(decode(&encode(&subject)), Some(subject));
        }
    }
}
