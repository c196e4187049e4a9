//! Numbers and texts with limits (STIX 2.1 §2).

use super::{
    Kind,
    form::{is_base64, is_hex},
    value::{ReadError, ValueType},
};
use crate::json::{self, Value};

/// STIX 2.1 §2.10: integers are those that a double holds exactly.
const INTEGER_MAX: i64 = (1 << 53) - 1;

impl ValueType for i64 {
    const KIND: Kind = Kind::Integer(-INTEGER_MAX, INTEGER_MAX);
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        integer(value, -INTEGER_MAX, INTEGER_MAX)
    }
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

fn integer(value: Value<'_>, low: i64, high: i64) -> Result<i64, ReadError> {
    let number = value
        .as_i64()
        .ok_or_else(|| ReadError::here("a whole number"))?;
    if number < low {
        return Err(ReadError::here("a whole number that is not so low"));
    }
    if number > high {
        return Err(ReadError::here("a whole number that is not so high"));
    }
    Ok(number)
}

/// Declares a whole number with limits.
macro_rules! integer_value {
    ($(#[$meta:meta])* $name:ident, $low:expr, $high:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(pub i64);

        impl ValueType for $name {
            const KIND: Kind = Kind::Integer($low, $high);
            fn read(value: Value<'_>) -> Result<Self, ReadError> {
                integer(value, $low, $high).map(Self)
            }
            fn write(&self, out: &mut String) {
                self.0.write(out);
            }
        }
    };
}

integer_value! {
    /// From 0 to 100.
    Percent, 0, 100
}
integer_value! {
    /// From 0.
    Natural, 0, INTEGER_MAX
}
integer_value! {
    /// From 1.
    Positive, 1, INTEGER_MAX
}
integer_value! {
    /// From 0 to 999 999 999: how often something was seen, or not at all.
    Count, 0, 999_999_999
}
integer_value! {
    /// From 1 to 999 999 999: how often something was observed.
    PositiveCount, 1, 999_999_999
}
integer_value! {
    /// From 0 to 65535.
    Port, 0, 65_535
}

/// The text of a number between two others, both included.
fn float(value: Value<'_>, low: f64, high: f64) -> Result<Box<str>, ReadError> {
    let number = value
        .as_number()
        .ok_or_else(|| ReadError::here("a number"))?;
    if !(low..=high).contains(&number.as_f64()) {
        return Err(ReadError::here("a number between other limits"));
    }
    Ok(number.as_text().into())
}

/// Declares a number with limits, kept in its own text.
macro_rules! float_value {
    ($(#[$meta:meta])* $name:ident, $low:expr, $high:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name(Box<str>);

        impl $name {
            /// This number. Nothing where it is not between the limits.
            pub fn new(value: f64) -> Option<Self> {
                ($low..=$high).contains(&value).then(|| Self(value.to_string().into()))
            }

            /// The nearest double.
            pub fn value(&self) -> f64 {
                self.0.parse().unwrap_or(f64::NAN)
            }

            /// As it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ValueType for $name {
            const KIND: Kind = Kind::Float($low, $high);
            fn read(value: Value<'_>) -> Result<Self, ReadError> {
                float(value, $low, $high).map(Self)
            }
            fn write(&self, out: &mut String) {
                out.push_str(&self.0);
            }
        }
    };
}

float_value! {
    /// Degrees from −90 to 90.
    Latitude, -90.0, 90.0
}
float_value! {
    /// Degrees from −180 to 180.
    Longitude, -180.0, 180.0
}
float_value! {
    /// Any number.
    Float, f64::MIN, f64::MAX
}
float_value! {
    /// A number from 0.
    NonNegative, 0.0, f64::MAX
}

/// A string that keeps to a form.
fn text(
    value: Value<'_>,
    keeps: fn(&str) -> bool,
    wanted: &'static str,
) -> Result<Box<str>, ReadError> {
    let text = ReadError::text(value)?;
    if keeps(text) {
        Ok(text.into())
    } else {
        Err(ReadError::here(wanted))
    }
}

/// Declares a value that is a checked string.
macro_rules! text_value {
    ($(#[$meta:meta])* $name:ident, $kind:expr, $keeps:expr, $wanted:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Box<str>);

        impl $name {
            /// This text. Nothing where it has another form.
            pub fn new(text: &str) -> Option<Self> {
                $keeps(text).then(|| Self(text.into()))
            }

            /// As it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ValueType for $name {
            const KIND: Kind = $kind;
            fn read(value: Value<'_>) -> Result<Self, ReadError> {
                text(value, $keeps, $wanted).map(Self)
            }
            fn write(&self, out: &mut String) {
                json::write_string(&self.0, out);
            }
        }
    };
}

text_value! {
    /// Base64 (§2.1).
    Binary, Kind::Binary, is_base64, "base64"
}
text_value! {
    /// Hexadecimal digits (§2.8).
    Hex, Kind::Hex, is_hex, "an even number of hexadecimal digits"
}
text_value! {
    /// A URL (RFC 3986), of which reading asks no more than that it is a text: what others call one
    /// must be passed on as it came.
    Url, Kind::Url, is_text, "a URL"
}

fn is_text(_: &str) -> bool {
    true
}
