//! Texts with limits.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A text that breaks a limit of its type.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// Too long.
    #[error("has more than {chars_max} characters")]
    TooLong {
        /// The limit.
        chars_max: usize,
    },
    /// A character that may not stand here.
    #[error("holds the character U+{code_point:04X}, which may not stand here")]
    Character {
        /// Which.
        code_point: u32,
    },
    /// Not of the form asked for.
    #[error("is not {expected}")]
    Form {
        /// What is asked for.
        expected: &'static str,
    },
}

fn check(text: &str, chars_max: usize, allowed: fn(char) -> bool) -> Result<(), TextError> {
    if kernel::is_blank(text) {
        return Err(TextError::Empty);
    }
    // Four bytes a character at most: no long walk through what is too long anyway.
    if text.len() > chars_max.saturating_mul(4) || text.chars().count() > chars_max {
        return Err(TextError::TooLong { chars_max });
    }
    match text.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(TextError::Character {
            code_point: u32::from(c),
        }),
        None => Ok(()),
    }
}

/// No control characters, and none that turn the writing direction over and so show a text other
/// than it is (Unicode TR 9, overrides). Marks and isolates stay: Arabic and Hebrew need them.
fn printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{202D}' | '\u{202E}')
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($chars_max:expr, $allowed:expr, $form:expr);)*) => {$(
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
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                check(text, $chars_max, $allowed)?;
                let form: fn(&str) -> Result<(), TextError> = $form;
                form(text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

texts! {
    /// One line of up to 300 characters: titles, names, values.
    Line(300, printable, |_| Ok(()));
    /// Paragraphs of up to 20,000 characters.
    Text(20_000, |c| printable(c) || matches!(c, '\n' | '\t'), |_| Ok(()));
    /// A language tag (BCP 47) of up to 35 characters.
    LanguageTag(35, |c| c.is_ascii_alphanumeric() || c == '-', |text| {
        let first = text.split('-').next().unwrap_or_default();
        let sound = (2..=8).contains(&first.len()) && first.chars().all(|c| c.is_ascii_lowercase());
        if sound { Ok(()) } else { Err(TextError::Form { expected: "a language tag such as zh-Hans" }) }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(
            "a\nb".parse::<Line>(),
            Err(TextError::Character { code_point: 10 })
        );
        assert_eq!(" \u{3000}".parse::<Line>(), Err(TextError::Empty));
        assert_eq!(
            "x".repeat(301).parse::<Line>(),
            Err(TextError::TooLong { chars_max: 300 })
        );
        assert!("مستشفى الميناء".parse::<Line>().is_ok());
        assert!("x".repeat(300).parse::<Line>().is_ok());
    }

    #[test]
    fn a_text_cannot_show_itself_as_another() {
        let reversed = "invoice\u{202E}fdp.exe".parse::<Line>();
        assert_eq!(reversed, Err(TextError::Character { code_point: 0x202E }));
        assert!("a\n\tb".parse::<Text>().is_ok());
        assert!("a\u{0}".parse::<Text>().is_err());
    }

    #[test]
    fn tags_have_their_form() {
        assert!("zh-Hans".parse::<LanguageTag>().is_ok());
        assert!("-".parse::<LanguageTag>().is_err());
    }
}
