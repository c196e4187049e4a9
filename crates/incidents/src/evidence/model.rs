//! What is known of a piece of evidence, and of whose hands it was in.

use kernel::{EvidenceRef, Timestamp, Tlp, UserId};

use crate::model::{Dated, Invalid, Line, Prose, words};

/// The most bytes of one item.
pub const ITEM_BYTES_MAX: u64 = 4 << 30;
/// The most items of one incident.
pub const ITEMS_MAX: usize = 1_000;
/// The most lines of custody that are shown of one item, from the first on.
pub const LINES_MAX: usize = 10_000;

words! {
    /// What an item is, as whoever puts it in says.
    #[schema(as = incidents::EvidenceKind)]
    Kind, "log, disk-image, memory-dump, network-capture, malware, mail, document, picture or other", {
        /// Logs.
        Log = "log",
        /// A copy of a disk.
        DiskImage = "disk-image",
        /// A copy of a machine's memory.
        MemoryDump = "memory-dump",
        /// What went over a network.
        NetworkCapture = "network-capture",
        /// A program that does harm.
        Malware = "malware",
        /// A mail.
        Mail = "mail",
        /// A document.
        Document = "document",
        /// A picture, such as one of a screen.
        Picture = "picture",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// Where an item stands.
    #[schema(as = incidents::EvidenceState)]
    State, "coming, held, sealed or destroyed", {
        /// Its bytes are still coming; nobody sees it.
        Coming = "coming",
        /// It is here.
        Held = "held",
        /// It is here, and no copy is given out until the seal is broken.
        Sealed = "sealed",
        /// Its bytes are gone for good; what was known of it stays.
        Destroyed = "destroyed",
    }
}

words! {
    /// What was done with an item.
    Deed, "put, viewed, copied, verified, handed-over, received, declined, sealed, unsealed, destroyed, exported or moved", {
        /// It was put in.
        Put = "put",
        /// What is known of it was looked at.
        Viewed = "viewed",
        /// A copy of its bytes was taken.
        Copied = "copied",
        /// Its bytes were hashed anew.
        Verified = "verified",
        /// It was handed over; the receiver has not said yet that he has it.
        HandedOver = "handed-over",
        /// The receiver said that he has it.
        Received = "received",
        /// The receiver said that he does not.
        Declined = "declined",
        /// It was sealed.
        Sealed = "sealed",
        /// The seal was broken.
        Unsealed = "unsealed",
        /// Its bytes were destroyed.
        Destroyed = "destroyed",
        /// The record of its custody was written out.
        Exported = "exported",
        /// It went to another incident, by merging or splitting.
        Moved = "moved",
    }
}

words! {
    /// What came of hashing the bytes anew.
    Outcome, "matches, differs, missing or unreadable", {
        /// They are what they were.
        Matches = "matches",
        /// They are not.
        Differs = "differs",
        /// Some of them are not there.
        Missing = "missing",
        /// Some of them cannot be opened: they were changed where they lie.
        Unreadable = "unreadable",
    }
}

/// What whoever puts an item in says of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Facts {
    /// The name of the file. It is never used as one here.
    pub name: Line<200>,
    /// What it is.
    pub kind: Kind,
    /// When it was collected.
    pub collected_at: Option<Dated>,
    /// By whom.
    pub collected_by: Option<Line<200>>,
    /// Where: a machine, a room.
    pub place: Option<Line<300>>,
    /// More on it; may be empty.
    pub description: Prose,
    /// Who may know of it, beside what the incident's own label says.
    pub tlp: Tlp,
}

/// An item.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// What others know it by.
    pub id: EvidenceRef,
    /// Its number within the incident, from 1.
    pub number: i64,
    /// Where it stands.
    pub state: State,
    /// What is known of it.
    pub facts: Facts,
    /// How many bytes it has.
    pub size: u64,
    /// The SHA-256 of its bytes, taken while they came in.
    pub sha256: [u8; 32],
    /// Who has it in hand, since he said so.
    pub holder: Option<String>,
    /// Who put it in, as the ledger of acts names him.
    pub put_by: String,
    /// When.
    pub put_at: Timestamp,
    /// The last time that its bytes were hashed anew.
    pub verified: Option<(Timestamp, Outcome)>,
    /// The number of the line of a hand-over that nobody answered yet.
    pub pending: Option<i64>,
}

impl Item {
    /// Whether its bytes were found changed, or not at all.
    pub fn is_broken(&self) -> bool {
        self.verified
            .is_some_and(|(_, outcome)| outcome != Outcome::Matches)
    }
}

/// A line of custody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its number, from 1.
    pub number: i64,
    /// What was done.
    pub deed: Deed,
    /// When.
    pub at: Timestamp,
    /// By whom, as the ledger of acts names him.
    pub who: String,
    /// Why; empty where nobody is asked why.
    pub reason: String,
    /// To whom it was handed over.
    pub receiver: Option<String>,
    /// The user behind the receiver, if he is one of this node.
    pub user: Option<UserId>,
    /// The hand-over that this line answers.
    pub answers: Option<i64>,
    /// What came of hashing.
    pub outcome: Option<Outcome>,
    /// The index of its leaf in the ledger of acts.
    pub leaf: u64,
}

/// To whom an item is handed over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Receiver {
    /// A user of this node, by his name; he alone can say that he has it.
    User(String),
    /// Somebody else: a person, an office, a party. An officer writes down how he said so.
    Other(Line<200>),
}

/// Why something was done.
pub type Reason = Line<500>;

/// A reason that must be given.
pub fn reason(text: &str) -> Result<Reason, Invalid> {
    Line::required(text, "reason")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_plays_tricks_is_refused() {
        for name in ["a\u{202e}gpj.exe", "a\nb", "a\0b", "", " ", "a\u{2066}b"] {
            assert!(name.parse::<Line<200>>().is_err(), "{name:?}");
        }
        // It is words and no path: nothing is ever opened by it.
        assert!("../../etc/passwd".parse::<Line<200>>().is_ok());
    }

    #[test]
    fn what_was_done_without_why_is_refused() {
        assert_eq!(reason("  ").unwrap_err().field, "reason");
        assert!(reason("for the court").is_ok());
    }
}
