//! Whether an attribute is what its type says.

use super::{AttributeType, attribute_type, categories, shape};
use crate::{composite, full::Attribute};

/// The longest value of an attribute, in bytes.
pub const VALUE_BYTES_MAX: usize = 65_535;

/// What is wrong with an attribute.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AttributeError {
    /// It has no type.
    #[error("type is missing: name one, such as ip-dst")]
    TypeMissing,
    /// No such type is known.
    #[error("type {kind:?} is not known; describeTypes lists those that are")]
    TypeUnknown {
        /// What it says.
        kind: String,
    },
    /// No such category is known.
    #[error("category {category:?} is not known; describeTypes lists those that are")]
    CategoryUnknown {
        /// What it says.
        category: String,
    },
    /// The category is not one for the type.
    #[error("category {category:?} does not go with type {kind}; one of: {}", .fitting.join(", "))]
    CategoryMismatch {
        /// The type.
        kind: &'static str,
        /// What it says.
        category: String,
        /// The categories that go with the type.
        fitting: &'static [&'static str],
    },
    /// It has no value, or one of blanks.
    #[error("value is missing")]
    ValueMissing,
    /// The value is longer than [`VALUE_BYTES_MAX`].
    #[error("value has {bytes} bytes, more than {VALUE_BYTES_MAX}; attach it as data instead")]
    ValueTooLong {
        /// How long it is.
        bytes: usize,
    },
    /// The value has not the two parts of its type.
    #[error("value of type {kind} has two parts with a bar between them")]
    ValueParts {
        /// The type.
        kind: &'static str,
    },
    /// The value, or a part of it, is not what the type is of.
    #[error("value of type {kind} is not {expected}")]
    Value {
        /// The type of the value, or of the part of it.
        kind: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl AttributeError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TypeMissing => "attribute.type_missing",
            Self::TypeUnknown { .. } => "attribute.type_unknown",
            Self::CategoryUnknown { .. } => "attribute.category_unknown",
            Self::CategoryMismatch { .. } => "attribute.category_mismatch",
            Self::ValueMissing => "attribute.value_missing",
            Self::ValueTooLong { .. } => "attribute.value_too_long",
            Self::ValueParts { .. } => "attribute.value_parts",
            Self::Value { .. } => "attribute.value",
        }
    }

    /// The member of the attribute that is wrong.
    pub fn member(&self) -> &'static str {
        match self {
            Self::TypeMissing | Self::TypeUnknown { .. } => "type",
            Self::CategoryUnknown { .. } | Self::CategoryMismatch { .. } => "category",
            Self::ValueMissing
            | Self::ValueTooLong { .. }
            | Self::ValueParts { .. }
            | Self::Value { .. } => "value",
        }
    }
}

/// All that is wrong with type, category and value of an attribute. One without a category has that
/// of its type.
pub fn check_attribute(attribute: &Attribute) -> Vec<AttributeError> {
    let mut errors = Vec::new();
    let kind = match attribute.kind.as_deref() {
        None | Some("") => Err(AttributeError::TypeMissing),
        Some(name) => attribute_type(name).ok_or_else(|| AttributeError::TypeUnknown {
            kind: name.to_owned(),
        }),
    };
    let value = attribute.value.as_deref().unwrap_or_default();
    match kind {
        Ok(kind) => {
            errors.extend(category(kind, attribute.category.as_deref()).err());
            errors.extend(self::value(kind, value).err());
        }
        Err(error) => {
            errors.push(error);
            errors.extend(given(value).err());
        }
    }
    errors
}

fn category(kind: &'static AttributeType, category: Option<&str>) -> Result<(), AttributeError> {
    match category {
        None | Some("") => Ok(()),
        Some(name) if kind.categories.contains(&name) => Ok(()),
        Some(name) if categories().contains(&name) => Err(AttributeError::CategoryMismatch {
            kind: kind.name,
            category: name.to_owned(),
            fitting: &kind.categories,
        }),
        Some(name) => Err(AttributeError::CategoryUnknown {
            category: name.to_owned(),
        }),
    }
}

fn given(value: &str) -> Result<(), AttributeError> {
    if value.trim().is_empty() {
        return Err(AttributeError::ValueMissing);
    }
    if value.len() > VALUE_BYTES_MAX {
        return Err(AttributeError::ValueTooLong { bytes: value.len() });
    }
    Ok(())
}

fn value(kind: &'static AttributeType, value: &str) -> Result<(), AttributeError> {
    given(value)?;
    if composite::kinds(kind.name).is_none() {
        return one(kind.name, value);
    }
    let parts = composite::split(kind.name, value);
    let parts = parts.filter(|parts| parts.iter().all(|(_, part)| !part.trim().is_empty()));
    let parts = parts.ok_or(AttributeError::ValueParts { kind: kind.name })?;
    parts
        .into_iter()
        .try_for_each(|(kind, part)| one(kind, part))
}

fn one(kind: &str, value: &str) -> Result<(), AttributeError> {
    match shape::expected(kind) {
        Some((expected, fits)) if !fits(value) => Err(AttributeError::Value {
            kind: kind.to_owned(),
            expected,
        }),
        _ => Ok(()),
    }
}
