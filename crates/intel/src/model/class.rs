//! What an entry is, as a number that it can be found by.

use kernel::Tlp;

/// A version of STIX.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Spec {
    /// STIX 2.0.
    V20,
    /// STIX 2.1.
    V21,
}

/// What of an entry decides whether it is asked for and whether it may be seen. A collection holds
/// few classes, so that a page is put together from few runs of an index.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Class {
    /// The label.
    pub tlp: Tlp,
    /// True for the newest version of the object, of those of the same specification.
    pub newest: bool,
    /// True for the oldest version of the object, of those of the same specification.
    pub oldest: bool,
    /// True if the collection has the object in no newer specification.
    pub top: bool,
    /// Its specification.
    pub spec: Spec,
}

const NEWEST: i32 = 8;
const OLDEST: i32 = 16;
const TOP: i32 = 32;
const V21: i32 = 64;
const TLP: i32 = 7;

const fn flag(is: bool, code: i32) -> i32 {
    if is { code } else { 0 }
}

impl Spec {
    /// As TAXII writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V20 => "2.0",
            Self::V21 => "2.1",
        }
    }

    /// The specification of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "2.0" => Some(Self::V20),
            "2.1" => Some(Self::V21),
            _ => None,
        }
    }
}

impl Class {
    /// The stored form: the code of the label, and 8, 16, 32 and 64 for the rest.
    pub const fn code(self) -> i32 {
        self.tlp.code()
            + flag(self.newest, NEWEST)
            + flag(self.oldest, OLDEST)
            + flag(self.top, TOP)
            + flag(matches!(self.spec, Spec::V21), V21)
    }

    /// The class of a stored form. A label that nobody knows is RED.
    pub fn from_code(code: i32) -> Self {
        Self {
            tlp: Tlp::from_code(code & TLP),
            newest: code & NEWEST != 0,
            oldest: code & OLDEST != 0,
            top: code & TOP != 0,
            spec: if code & V21 == 0 {
                Spec::V20
            } else {
                Spec::V21
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for code in 0..128 {
            if code & TLP <= Tlp::Red.code() {
                assert_eq!(Class::from_code(code).code(), code);
            }
        }
    }
}
