//! Bounded texts.

use std::{fmt, str::FromStr};

/// A value that is not allowed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Invalid {
    /// The field.
    pub field: &'static str,
    /// What holds for it.
    pub rule: &'static str,
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $field:literal, $rule:literal, $fits:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                let text = text.trim();
                let fits: fn(&str) -> bool = $fits;
                if fits(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(Invalid { field: $field, rule: $rule })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text!(
    /// What stands in addresses for a root or a collection: 1 to 64 of `a-z`, `0-9`, `-` and `_`,
    /// the first a letter or digit.
    Name, "name", "1 to 64 of a-z, 0-9, - and _, the first a letter or digit",
    |text| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        text.len() <= 64
            && text.bytes().next().is_some_and(fits)
            && text.bytes().all(|byte| fits(byte) || byte == b'-' || byte == b'_')
    }
);

text!(
    /// A title: one line of 1 to 200 characters.
    Title, "title", "one line of 1 to 200 characters",
    |text| {
        !kernel::is_blank(text) && text.chars().count() <= 200 && !text.chars().any(char::is_control)
    }
);

text!(
    /// A description: up to 10,000 characters, or none.
    Prose, "description", "at most 10,000 characters",
    |text| {
        text.chars().count() <= 10_000
            && !text.chars().any(|found| found.is_control() && found != '\n' && found != '\t')
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_stand_in_an_address() {
        assert!("phishing-2026_a".parse::<Name>().is_ok());
        for bad in ["", "-a", "A", "a b", "a/b", "é", &"a".repeat(65)] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_title_is_one_line() {
        assert!("قائمة المؤشرات".parse::<Title>().is_ok());
        assert!("two\nlines".parse::<Title>().is_err());
        assert!("\u{200b}".parse::<Title>().is_err());
        assert!("two\nlines".parse::<Prose>().is_ok());
    }
}
