//! Identifiers: `object-type--UUID` (STIX 2.1 §2.9).

use std::{borrow::Cow, fmt};

use uuid::Uuid;

use crate::json::{self, JsonError, Value};

/// The name space of deterministic observable ids (STIX 2.1 §2.9).
const OBSERVABLES: Uuid = Uuid::from_u128(0x00ab_edb4_aa42_466c_9c01_fed2_3315_a9b7);

/// The identifier of an object. Its text is kept as it came.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Id(Box<str>);

/// A text that is no identifier.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// There is no `--`.
    #[error("expected an identifier such as indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f")]
    Shape,
    /// What stands before `--` is no type name.
    #[error("the part before -- is not an object type")]
    Type,
    /// What stands behind `--` is no UUID of RFC 4122 in lower or upper case with hyphens.
    #[error("the part behind -- is not a UUID")]
    Uuid,
}

impl Id {
    /// Reads an identifier.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        parts(text)?;
        Ok(Self(text.into()))
    }

    /// A new identifier with these 16 random bytes as UUIDv4. Nothing if `object_type` is no type
    /// name.
    pub fn random(object_type: &str, random: [u8; 16]) -> Option<Self> {
        let uuid = uuid::Builder::from_random_bytes(random).into_uuid();
        is_type_name(object_type).then(|| Self(format!("{object_type}--{uuid}").into()))
    }

    /// The deterministic identifier of an observable whose id-contributing properties are
    /// `contributing`, a JSON object: UUIDv5 over its canonical form (STIX 2.1 §2.9).
    /// [`crate::objects::observable_id`] chooses the properties.
    pub fn deterministic(object_type: &str, contributing: Value<'_>) -> Result<Self, JsonError> {
        let canonical = json::canonical(contributing)?;
        let uuid = Uuid::new_v5(&OBSERVABLES, canonical.as_bytes());
        Ok(Self(format!("{object_type}--{uuid}").into()))
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before `--`.
    pub fn object_type(&self) -> &str {
        self.0
            .split_once("--")
            .map_or("", |(object_type, _)| object_type)
    }

    /// What stands behind `--`.
    pub fn uuid(&self) -> Uuid {
        let uuid = self
            .0
            .split_once("--")
            .map(|(_, uuid)| Uuid::parse_str(uuid));
        uuid.and_then(Result::ok).unwrap_or_default()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The type and the UUID of an identifier.
pub(crate) fn parts(text: &str) -> Result<(&str, UuidFacts), IdError> {
    const UUID_BYTES: usize = 36;
    let uuid_at = text.len().saturating_sub(UUID_BYTES);
    let found = text.split_at_checked(uuid_at);
    let right = found.and_then(|(head, uuid)| Some((head.strip_suffix("--")?, uuid_facts(uuid)?)));
    match right {
        Some((object_type, facts)) if is_type_name(object_type) => Ok((object_type, facts)),
        Some(_) => Err(IdError::Type),
        None => Err(match text.split_once("--") {
            Some((object_type, _)) if is_type_name(object_type) => IdError::Uuid,
            Some(_) => IdError::Type,
            None => IdError::Shape,
        }),
    }
}

/// What the rules ask of a UUID.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct UuidFacts {
    /// The version digit, if the variant is that of RFC 4122.
    pub(crate) version: Option<u8>,
}

/// The facts of a hyphenated UUID, without making one: this runs for every reference.
fn uuid_facts(text: &str) -> Option<UuidFacts> {
    let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let right = bytes.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let [
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        version,
        _,
        _,
        _,
        _,
        variant,
        ..,
    ] = bytes;
    let rfc4122 = matches!(variant, b'8' | b'9' | b'a' | b'b' | b'A' | b'B');
    let version = (rfc4122 && version.is_ascii_digit()).then(|| version - b'0');
    right.then_some(UuidFacts { version })
}

/// Whether `name` can be an object type (STIX 2.1 §3.1: `a` to `z`, digits and single hyphens, 3 to
/// 250 characters).
pub(crate) fn is_type_name(name: &str) -> bool {
    // Beginning and end count as hyphens: one may not stand beside another.
    let mut hyphen = true;
    let good = name.bytes().all(|byte| {
        let after_hyphen = std::mem::replace(&mut hyphen, byte == b'-');
        matches!(byte, b'a'..=b'z' | b'0'..=b'9') || (byte == b'-' && !after_hyphen)
    });
    (3..=250).contains(&name.len()) && good && !hyphen
}

/// The value as JSON text.
pub(crate) fn raw_json(value: Value<'_>) -> Cow<'_, str> {
    match value.as_str() {
        None => Cow::Borrowed(value.raw()),
        Some(text) => {
            let mut quoted = String::with_capacity(text.len() + 2);
            json::write_string(text, &mut quoted);
            Cow::Owned(quoted)
        }
    }
}
