//! How a mail was protected, and what of that was checked.

use crate::Address;

/// How a mail was protected on its way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Protection {
    /// Not at all.
    None,
    /// With a signature of OpenPGP.
    Signed(Signature),
    /// Encrypted for us with OpenPGP, and opened. There may be a signature inside.
    Encrypted(Signature),
    /// Encrypted with OpenPGP, and not to be opened with the key of this mailbox, or broken.
    Unopened,
    /// With S/MIME, which is not read.
    Smime,
}

/// What became of a signature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Signature {
    /// There is none.
    None,
    /// It is of a key that nobody here vouched for.
    Unverified,
    /// It is right, of a key that is known for the address the mail says it is from.
    Good,
    /// It is right, of a key that is known for another address.
    Other(Address),
    /// It is of a known key, and does not fit the text, or is not valid any more.
    Wrong,
}

impl Protection {
    /// A stable word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Signed(signature) => match signature {
                Signature::None | Signature::Unverified => "signed_unverified",
                Signature::Good => "signed_good",
                Signature::Other(_) => "signed_other",
                Signature::Wrong => "signed_wrong",
            },
            Self::Encrypted(signature) => match signature {
                Signature::None => "encrypted",
                Signature::Unverified => "encrypted_unverified",
                Signature::Good => "encrypted_good",
                Signature::Other(_) => "encrypted_other",
                Signature::Wrong => "encrypted_wrong",
            },
            Self::Unopened => "unopened",
            Self::Smime => "smime",
        }
    }

    /// All words, in the order of the page that explains them.
    pub const WORDS: [&str; 12] = [
        "none",
        "signed_unverified",
        "signed_good",
        "signed_other",
        "signed_wrong",
        "encrypted",
        "encrypted_unverified",
        "encrypted_good",
        "encrypted_other",
        "encrypted_wrong",
        "unopened",
        "smime",
    ];
}
