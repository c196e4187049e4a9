//! Texts of the directory, each with its rule.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Invalid;

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $field:literal, $rule:literal, $right:expr) => {
        $(#[$doc])*
        #[derive(Clone, Eq, PartialEq)]
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
                let right: fn(&str) -> bool = $right;
                if right(text) {
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

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
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
    };
}

text! {
    /// One line for people: 1 to 200 characters, no control characters, no space at the ends.
    Line, "text", "1 to 200 characters on one line", |text| {
        (1..=200).contains(&text.chars().count())
            && text.trim() == text
            && !kernel::is_blank(text)
            && !text.chars().any(char::is_control)
    }
}

text! {
    /// Some lines for people: 1 to 2,000 characters, no control characters but line ends, no space at
    /// the ends.
    Text, "purpose", "1 to 2,000 characters", |text| {
        (1..=2_000).contains(&text.chars().count())
            && text.trim() == text
            && !text.chars().any(|c| c.is_control() && c != '\n')
    }
}

text! {
    /// A mail address: something, one `@`, a host; 254 bytes at most (RFC 5321 §4.5.3.1).
    Email, "emails", "a mail address", |text| {
        text.len() <= 254
            && !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\",;".contains(c))
            && text.split_once('@').is_some_and(|(local, host)| {
                !local.is_empty() && !host.contains('@') && is_host(host)
            })
    }
}

text! {
    /// A telephone number with its country code: `+`, then digits, with spaces and hyphens as
    /// people write them; 15 digits at most (ITU-T E.164).
    Phone, "phones", "a telephone number with country code, such as +33 1 23 45 67 89", |text| {
        text.strip_prefix('+').is_some_and(|rest| {
            rest.starts_with(|first: char| first.is_ascii_digit())
                && rest.len() <= 40
                && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b' ' | b'-' | b'(' | b')'))
                && (3..=15).contains(&rest.bytes().filter(u8::is_ascii_digit).count())
        })
    }
}

text! {
    /// A language tag such as `fr` or `zh-Hans` (BCP 47).
    Tag, "languages", "language tags such as en, fr or zh-Hans", |text| {
        let mut parts = text.split('-');
        let primary = parts.next().unwrap_or("");
        text.len() <= 35
            && (2..=3).contains(&primary.len())
            && primary.bytes().all(|byte| byte.is_ascii_lowercase())
            && parts.all(|part| {
                (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
    }
}

text! {
    /// A time zone by its IANA name, such as `Europe/Paris`. Only the form is checked: the table of
    /// zones grows, and a card from a newer node must not be refused. [`Zone::is_known`] asks the
    /// table.
    Zone, "time_zone", "a time zone such as Europe/Paris", |text| {
        text.len() <= 64
            && text.split('/').count() <= 3
            && text.split('/').all(|part| {
                part.starts_with(|first: char| first.is_ascii_uppercase())
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
            })
    }
}

text! {
    /// Where a node listens: a host name or address, and a port.
    Address, "federation", "HOST:PORT", |text| {
        text.len() <= 255
            && text.rsplit_once(':').is_some_and(|(host, port)| {
                let v6 = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                let host_right = v6.map_or_else(
                    || is_host(host),
                    |v6| v6.parse::<std::net::Ipv6Addr>().is_ok(),
                );
                host_right && port.parse::<u16>().is_ok_and(|port| port != 0)
            })
    }
}

text! {
    /// The address of a page: `https://…`, or `http://…` on the same machine.
    WebAddress, "web", "an address that begins with https:// or http://", |text| {
        text.len() <= 255
            && !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\"'\\".contains(c))
            && text
                .strip_prefix("https://")
                .or_else(|| text.strip_prefix("http://"))
                .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '['))
    }
}

fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_texts_are_taken() {
        assert!("cert@ssi.example".parse::<Email>().is_ok());
        assert!("+33 1 (23) 45-67-89".parse::<Phone>().is_ok());
        assert!("zh-Hans".parse::<Tag>().is_ok());
        for zone in [
            "Europe/Paris",
            "UTC",
            "America/Argentina/Buenos_Aires",
            "Etc/GMT+3",
        ] {
            assert!(zone.parse::<Zone>().is_ok(), "{zone}");
        }
        for address in ["node.example:7443", "127.0.0.1:1", "[::1]:7443"] {
            assert!(address.parse::<Address>().is_ok(), "{address}");
        }
        assert!(
            "http://aldoria.localhost:8080"
                .parse::<WebAddress>()
                .is_ok()
        );
    }

    #[test]
    fn wrong_texts_are_refused() {
        for text in ["", "a", "a@", "@b", "a@b@c", "a b@c.d", "a@-b", "<a@b>"] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
        for text in [
            "",
            "+",
            "0123",
            "+1",
            "+33 x",
            "+1234567890123456",
            "+33;1234",
        ] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
        for text in ["", "e", "EN", "english", "en-", "en_GB"] {
            assert!(text.parse::<Tag>().is_err(), "{text}");
        }
        for text in ["", "paris", "Europe/", "A/B/C/D", "../etc/passwd"] {
            assert!(text.parse::<Zone>().is_err(), "{text}");
        }
        for text in [
            "", "node", "node:0", "node:x", "a/b:1", "::1:7443", "a..b:1",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
        for text in [
            "",
            "ftp://x",
            "javascript:alert(1)",
            "https://",
            "https://a b",
        ] {
            assert!(text.parse::<WebAddress>().is_err(), "{text}");
        }
        for text in ["", " a", "a\nb", &"x".repeat(201)] {
            assert!(text.parse::<Line>().is_err(), "{text}");
        }
    }
}
