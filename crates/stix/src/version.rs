//! Versions of objects (STIX 2.1 §3.6).
//!
//! A new version is the old object with another `modified`. Everything that the caller does not
//! change is kept as it came, in its order, whether the specification knows it or not.

use std::cmp::Ordering;

use crate::{
    Timestamp,
    id::raw_json,
    json::{Document, JsonError, Kind, Value},
    objects,
    schema::{Draft, Family},
};

/// What cannot differ between versions: an object that differs in these is another object (§3.6).
const FIXED: [&str; 5] = ["type", "id", "created", "created_by_ref", "spec_version"];

/// The values of one property in a new version.
#[derive(Clone, Copy, Debug)]
pub enum Change<'c> {
    /// The property gets this JSON value.
    Set(&'c str, &'c str),
    /// The property is taken out.
    Remove(&'c str),
}

impl<'c> Change<'c> {
    fn name(self) -> &'c str {
        match self {
            Self::Set(name, _) | Self::Remove(name) => name,
        }
    }
}

/// Why there is no new version.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionError {
    /// The type has no versions: observables and marking definitions (§3.6, §7.2.1).
    #[error("{0} objects have no versions; make a new object")]
    NotVersioned(String),
    /// `type`, `created` or `modified` is missing or malformed, or it is no object.
    #[error("the object has no well-formed {0}")]
    Malformed(&'static str),
    /// A revoked object stays as it is (§3.6).
    #[error("the object is revoked; make a new object")]
    Revoked,
    /// Someone else made the object; only its maker may make versions (§3.6).
    #[error("the object belongs to {owner}; make a new object and relate it to this one")]
    NotTheMaker {
        /// Who made it.
        owner: String,
    },
    /// `modified` must be later than before, in its milliseconds (§3.6).
    #[error("the new version must be later than {0}")]
    NotLater(Timestamp),
    /// This property is the same in all versions, or is set by the version itself.
    #[error("{0} cannot be changed by a new version")]
    Fixed(String),
    /// The new value is not JSON.
    #[error("the value of {name} is not JSON")]
    Value {
        /// The property.
        name: String,
        /// What is wrong.
        #[source]
        cause: JsonError,
    },
}

impl VersionError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotVersioned(_) => "version.not_versioned",
            Self::Malformed(_) => "version.malformed",
            Self::Revoked => "version.revoked",
            Self::NotTheMaker { .. } => "version.not_the_maker",
            Self::NotLater(_) => "version.not_later",
            Self::Fixed(_) => "version.fixed",
            Self::Value { .. } => "version.value",
        }
    }
}

/// A new version of `object` as JSON: with these changes, made by `maker` at `modified`.
///
/// `maker` is the id of an identity, or nothing if the maker stays unnamed. Where the object names
/// its maker in `created_by_ref`, only the same may make a version; where it names none, the caller
/// must know that it is his. `modified` is cut to milliseconds, which is what versions are told
/// apart by (§3.2).
pub fn new_version(
    object: Value<'_>,
    changes: &[Change<'_>],
    maker: Option<&str>,
    modified: Timestamp,
) -> Result<String, VersionError> {
    for change in changes {
        let name = change.name();
        if FIXED.contains(&name) || matches!(name, "modified" | "revoked") {
            return Err(VersionError::Fixed(name.into()));
        }
        if let Change::Set(_, value) = change {
            Document::parse(value.as_bytes()).map_err(|cause| VersionError::Value {
                name: name.into(),
                cause,
            })?;
        }
    }
    write(object, changes, maker, modified)
}

/// The version of `object` that says that its maker holds it true no longer (§3.6): all else stays
/// as it is. The same rules hold as for [`new_version`].
pub fn revoke(
    object: Value<'_>,
    maker: Option<&str>,
    modified: Timestamp,
) -> Result<String, VersionError> {
    write(object, &[Change::Set("revoked", "true")], maker, modified)
}

fn write(
    object: Value<'_>,
    changes: &[Change<'_>],
    maker: Option<&str>,
    modified: Timestamp,
) -> Result<String, VersionError> {
    may(object, maker)?;
    let modified = milliseconds(modified);
    let before = moment(object, "modified")?;
    // An older version may have more digits than a new one; the new one must be later all the same.
    if modified <= before {
        return Err(VersionError::NotLater(before));
    }
    let last = |name: &str| {
        changes
            .iter()
            .rev()
            .find(|change| change.name() == name)
            .copied()
    };
    let mut out = String::with_capacity(object.raw().len());
    let mut draft = Draft::open(&mut out);
    for (name, value) in object.members() {
        match last(name) {
            _ if name == "modified" => draft.text(name, &modified.to_string()),
            Some(Change::Set(_, json)) => draft.raw(name, json),
            Some(Change::Remove(_)) => {}
            None => draft.raw(name, &raw_json(value)),
        }
    }
    for (at, change) in changes.iter().enumerate() {
        let again = changes
            .iter()
            .skip(at + 1)
            .any(|later| later.name() == change.name());
        if let (Change::Set(name, json), false) = (change, again)
            && object.get(name).is_none()
        {
            draft.raw(name, json);
        }
    }
    draft.close();
    Ok(out)
}

/// Whether there may be a further version, and one of this maker's.
fn may(object: Value<'_>, maker: Option<&str>) -> Result<(), VersionError> {
    let object_type = object.text("type").ok_or(VersionError::Malformed("type"))?;
    if !is_versioned(object) {
        return Err(VersionError::NotVersioned(object_type.into()));
    }
    moment(object, "created")?;
    if object.get("revoked").and_then(Value::as_bool) == Some(true) {
        return Err(VersionError::Revoked);
    }
    match (object.text("created_by_ref"), maker) {
        (Some(owner), maker) if !maker.is_some_and(|maker| maker.eq_ignore_ascii_case(owner)) => {
            Err(VersionError::NotTheMaker {
                owner: owner.into(),
            })
        }
        _ => Ok(()),
    }
}

/// Whether objects of this one's type have versions. Of types that the specification does not know
/// those have that say when they were modified.
pub fn is_versioned(object: Value<'_>) -> bool {
    let object_type = object.text("type");
    match object_type
        .and_then(objects::schema_of)
        .map(|schema| schema.family)
    {
        Some(Family::Domain | Family::Meta) => true,
        Some(_) => false,
        None => {
            object.kind() == Kind::Object
                && !matches!(object_type, None | Some("bundle"))
                && object.get("modified").is_some()
        }
    }
}

/// Which of two versions of one object is the later. Nothing, where they are not versions of one
/// object or do not say when they were made.
///
/// Two versions of one moment are equal in this order, whatever they say: the specification knows no
/// later one of them (§3.6).
pub fn compare(one: Value<'_>, other: Value<'_>) -> Option<Ordering> {
    let id = |object: Value<'_>| Some(object.text("id")?.to_ascii_lowercase());
    if id(one)? != id(other)? || !is_versioned(one) || !is_versioned(other) {
        return None;
    }
    Some(
        moment(one, "modified")
            .ok()?
            .cmp(&moment(other, "modified").ok()?),
    )
}

fn moment(object: Value<'_>, name: &'static str) -> Result<Timestamp, VersionError> {
    let text = object.text(name);
    let moment = text.and_then(|text| Timestamp::parse(text).ok());
    moment.ok_or(VersionError::Malformed(name))
}

fn milliseconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_parts(moment.seconds(), moment.nanos() / 1_000_000 * 1_000_000)
}
