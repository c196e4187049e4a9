//! Addresses, message ids and reference numbers: small texts that stand in headers, and therefore
//! hold nothing that could end one.

use std::{fmt, str::FromStr};

const LOCAL_BYTES_MAX: usize = 64;
const ADDRESS_BYTES_MAX: usize = 254;
const ID_BYTES_MAX: usize = 250;
const REFERENCE_BYTES_MAX: usize = 40;
/// Before each reference in a subject.
const MARK: &str = "R-";

/// The address of a mailbox, as every server takes it: ASCII, without quotes and comments.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Address(String);

/// A text that is no address we can write to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("it is not NAME@HOST in ASCII")]
pub struct AddressError;

impl Address {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands behind the `@`, in small letters.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether mail to both reaches one mailbox, as far as one can know from outside.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError)?;
        let is_local =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
        let is_label = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let fits = text.len() <= ADDRESS_BYTES_MAX
            && !local.is_empty()
            && local.len() <= LOCAL_BYTES_MAX
            && !local.starts_with(['.', '-'])
            && !local.ends_with('.')
            && !local.contains("..")
            && local.bytes().all(is_local)
            && domain.split('.').all(is_label);
        if fits {
            Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
        } else {
            Err(AddressError)
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a mail, without its angle brackets.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct MessageId(String);

/// Before the ids of mails that Comity wrote.
const OURS: &str = "comity-";

impl MessageId {
    /// The id of a mail that goes out from an address.
    pub fn new(name: &str, from: &Address) -> Self {
        let name: String = name
            .chars()
            .filter(|one| one.is_ascii_alphanumeric() || *one == '-')
            .collect();
        Self(format!("{OURS}{name}@{}", from.domain()))
    }

    /// What another program gave, if it can be repeated in a header.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('<').trim_end_matches('>');
        let fits = !text.is_empty()
            && text.len() <= ID_BYTES_MAX
            && text
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>');
        fits.then(|| Self(text.to_owned()))
    }

    /// The text, without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether Comity wrote it for this address.
    pub fn is_of(&self, address: &Address) -> bool {
        self.0.starts_with(OURS)
            && self
                .0
                .rsplit_once('@')
                .is_some_and(|(_, domain)| domain.eq_ignore_ascii_case(address.domain()))
    }
}

/// The number by which mails of one matter find each other. It stands in subjects as `[R-…]`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Reference(String);

impl Reference {
    /// A number as people copy it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let number = text.strip_prefix(MARK)?;
        let fits = !number.is_empty()
            && text.len() <= REFERENCE_BYTES_MAX
            && number
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        fits.then_some(Self(text))
    }

    /// Those in a subject, first ones first.
    pub fn find(subject: &str) -> Vec<Self> {
        const REFERENCES_MAX: usize = 8;
        let inside = subject
            .split('[')
            .skip(1)
            .filter_map(|rest| rest.split_once(']'));
        inside
            .filter_map(|(text, _)| Self::parse(text))
            .take(REFERENCES_MAX)
            .collect()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_every_server_takes_is_an_address() {
        for good in ["a@b", "First.Last+tag@Example.ORG", "o'neil@x-y.example"] {
            assert!(good.parse::<Address>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "@",
            "a@",
            "@b",
            "a b@c",
            "a@b\r\nBcc: c@d",
            "a\n@b",
            "<a@b>",
            "\"a\"@b",
            "ä@b",
            "a@ä",
            ".a@b",
            "a..b@c",
            "a@-b",
            "a@b..c",
            "-oQ@b",
            "a@[127.0.0.1]",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
        assert!(format!("{}@b", "a".repeat(65)).parse::<Address>().is_err());
        assert!(
            format!("a@{}", "b.".repeat(200))
                .parse::<Address>()
                .is_err()
        );
        let address: Address = "First.Last@Example.ORG".parse().unwrap();
        assert_eq!(
            (address.local(), address.domain()),
            ("First.Last", "example.org")
        );
        assert!(address.is_same(&"first.last@example.org".parse().unwrap()));
    }

    #[test]
    fn ids_and_references_hold_nothing_that_ends_a_header() {
        let ours: Address = "desk@example.org".parse().unwrap();
        let id = MessageId::new("018f-\r\nBcc: x", &ours);
        assert_eq!(id.as_str(), "comity-018f-Bccx@example.org");
        assert!(id.is_of(&ours));
        assert!(
            !MessageId::parse("<other@example.org>")
                .unwrap()
                .is_of(&ours)
        );
        assert_eq!(MessageId::parse("a b@c"), None);
        assert_eq!(MessageId::parse("<>"), None);
        let made = Reference::parse("R-7K3M2-9QXT4").unwrap();
        assert_eq!(made.as_str().len(), 13);
        let subject = format!(
            "Re: [list] [{}] Спасибо [r-abc] [R-] [R-\u{202e}X] [",
            made.as_str().to_lowercase()
        );
        assert_eq!(
            Reference::find(&subject),
            [made, Reference::parse("R-ABC").unwrap()]
        );
    }
}
