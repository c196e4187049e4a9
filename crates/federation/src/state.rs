//! *Delivery*: the life of one envelope on its way to one party.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// How much a receipt proves.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The receiver's own signature: that the holder of its ledger key committed to having it.
    Own,
    /// With the cosignatures that the receiver's key set asks for: that it did so by their time.
    Witnessed,
}

/// Where an envelope stands: `queued → sent → receipted`, or one of the ways beside it.
///
/// ```text
/// queued ──→ sent ──→ receipted{own} ──→ receipted{witnessed}
///   │  ↖       ↕          ↑ from every state: a receipt is proof
///   │   undeliverable{since}, carried      (both go on being tried)
///   ├──→ refused{code}                     final, unless a receipt comes
///   └──→ withdrawn                         only while no byte has left
/// ```
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Delivery {
    /// To be sent.
    Queued,
    /// The other node has answered for it, and has given no receipt yet.
    Sent,
    /// The other node has proven that it holds all of it.
    Receipted {
        /// How much the receipt proves.
        grade: Grade,
    },
    /// The other node will not take it.
    Refused {
        /// Why.
        code: RefusalCode,
    },
    /// The other node cannot be reached. It goes on being tried.
    Undeliverable {
        /// When the first of the failures happened.
        since: Timestamp,
    },
    /// It left the house in a pouch. It goes on being tried over the network.
    Carried,
    /// Withdrawn before anything of it left the house.
    Withdrawn,
}

/// What can happen to a delivery.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum DeliveryEvent {
    /// The other node has answered for it without a receipt.
    Transmitted,
    /// Too many tries failed in a row.
    GivenUp {
        /// When the first of them failed.
        since: Timestamp,
    },
    /// It was put into a pouch.
    Carried,
    /// A valid receipt came.
    Receipted {
        /// How much it proves.
        grade: Grade,
    },
    /// The other node refused it.
    Refused {
        /// Why.
        code: RefusalCode,
    },
    /// It is withdrawn, and nothing of it has left the house.
    Withdrawn,
}

/// An event that a life cycle does not allow in its present state.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a delivery that is {from} cannot become {event}")]
pub struct InvalidTransition {
    /// The state's name.
    pub from: &'static str,
    /// The event's name.
    pub event: &'static str,
}

impl Delivery {
    /// The name of the state, as stored and shown.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Receipted { .. } => "receipted",
            Self::Refused { .. } => "refused",
            Self::Undeliverable { .. } => "undeliverable",
            Self::Carried => "carried",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state after `event`. An event that changes nothing because it comes late or twice is an
    /// [`InvalidTransition`] too: the caller decides whether that matters.
    pub fn advance(self, event: DeliveryEvent) -> Result<Self, InvalidTransition> {
        use DeliveryEvent as E;
        let invalid = InvalidTransition {
            from: self.code(),
            event: event.code(),
        };
        match (self, event) {
            (
                Self::Queued | Self::Sent | Self::Undeliverable { .. } | Self::Carried,
                E::Transmitted,
            ) => Ok(Self::Sent),
            (Self::Queued | Self::Sent, E::GivenUp { since }) => Ok(Self::Undeliverable { since }),
            (
                Self::Queued | Self::Sent | Self::Undeliverable { .. } | Self::Carried,
                E::Carried,
            ) => Ok(Self::Carried),
            (
                Self::Queued
                | Self::Sent
                | Self::Undeliverable { .. }
                | Self::Carried
                | Self::Refused { .. }
                | Self::Withdrawn,
                E::Receipted { grade },
            ) => Ok(Self::Receipted { grade }),
            (Self::Receipted { grade: held }, E::Receipted { grade }) if grade > held => {
                Ok(Self::Receipted { grade })
            }
            (
                Self::Queued | Self::Sent | Self::Undeliverable { .. } | Self::Carried,
                E::Refused { code },
            ) => Ok(Self::Refused { code }),
            (Self::Queued | Self::Undeliverable { .. }, E::Withdrawn) => Ok(Self::Withdrawn),
            // Late, doubled, or against a state that stands.
            (
                Self::Receipted { .. },
                E::Transmitted
                | E::GivenUp { .. }
                | E::Carried
                | E::Receipted { .. }
                | E::Refused { .. }
                | E::Withdrawn,
            )
            | (
                Self::Refused { .. } | Self::Withdrawn,
                E::Transmitted | E::GivenUp { .. } | E::Carried | E::Refused { .. } | E::Withdrawn,
            )
            | (Self::Undeliverable { .. } | Self::Carried, E::GivenUp { .. })
            | (Self::Sent | Self::Carried, E::Withdrawn) => Err(invalid),
        }
    }
}

impl DeliveryEvent {
    const fn code(&self) -> &'static str {
        match self {
            Self::Transmitted => "sent",
            Self::GivenUp { .. } => "undeliverable",
            Self::Carried => "carried",
            Self::Receipted { .. } => "receipted",
            Self::Refused { .. } => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

macro_rules! refusal_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// Why a node refuses an envelope. The code stands in the answer to the sender and in the
        /// record of the `refused` leaf.
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum RefusalCode {
            $($(#[$doc])* $name,)*
            /// A code of the room that handles the kind, or of a newer peer, cut to 64 printable
            /// characters.
            Other(String),
        }

        impl RefusalCode {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Other(code) => code,
                }
            }

            /// The refusal that a code from outside means.
            pub fn from_foreign(code: &str) -> Self {
                match code {
                    $($code => Self::$name,)*
                    other => Self::Other(
                        other.chars().filter(char::is_ascii_graphic).take(64).collect(),
                    ),
                }
            }
        }
    };
}

refusal_codes! {
    /// Cannot be read as an envelope or a header.
    Malformed = "envelope.malformed";
    /// A signature is missing or does not verify.
    BadSignature = "envelope.bad_signature";
    /// A sealed file has another digest or size than the header says.
    FileDiffers = "envelope.file_differs";
    /// A version that the receiver does not know.
    FormatVersion = "header.format_version";
    /// A larger message than the receiver takes.
    TooLarge = "envelope.too_large";
    /// For another party, or a contact that does not exist.
    WrongAddressee = "header.wrong_addressee";
    /// The header names another sender than the peer.
    WrongSender = "header.wrong_sender";
    /// The exercise flag does not fit the key set or the thread.
    ExerciseMismatch = "header.exercise_mismatch";
    /// Nobody here handles this kind.
    KindUnknown = "header.kind_unknown";
    /// Signed by a key set that is no longer valid.
    KeySetExpired = "keyset.expired";
    /// Signed by a key that was revoked.
    KeyRevoked = "keyset.revoked";
    /// A sealed file cannot be opened.
    Unopenable = "body.unopenable";
    /// The copy in the body differs from the header.
    CopyDiffers = "body.copy_differs";
    /// The plaintext does not match its commitment.
    CommitmentDiffers = "body.commitment_differs";
    /// The body breaks a rule of its kind.
    BodyInvalid = "body.invalid";
    /// The parent is known here with another digest.
    ParentDiffers = "header.parent_differs";
    /// The thread belongs to other parties.
    ThreadForeign = "thread.foreign";
    /// Another message came under this id.
    Conflict = "message.conflict";
}

impl RefusalCode {
    /// True where the envelope that was refused cannot be told from one that was damaged on the way,
    /// so that sending it again may help. Such an envelope is not known to be the peer's: it must
    /// neither take up the id nor count against the peer.
    pub const fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Malformed | Self::BadSignature | Self::FileDiffers
        )
    }
}

impl Serialize for RefusalCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RefusalCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|code| Self::from_foreign(&code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINCE: Timestamp = Timestamp::from_micros(7);

    fn states() -> Vec<Delivery> {
        vec![
            Delivery::Queued,
            Delivery::Sent,
            Delivery::Receipted { grade: Grade::Own },
            Delivery::Receipted {
                grade: Grade::Witnessed,
            },
            Delivery::Refused {
                code: RefusalCode::TooLarge,
            },
            Delivery::Undeliverable { since: SINCE },
            Delivery::Carried,
            Delivery::Withdrawn,
        ]
    }

    fn table(event: &DeliveryEvent) -> String {
        states()
            .into_iter()
            .map(|state| {
                let from = state.code();
                match state.advance(event.clone()) {
                    Ok(to) => format!("{from}→{} ", to.code()),
                    Err(_) => format!("{from}✗ "),
                }
            })
            .collect::<String>()
            .trim_end()
            .to_owned()
    }

    #[test]
    fn the_whole_table() {
        assert_eq!(
            table(&DeliveryEvent::Transmitted),
            "queued→sent sent→sent receipted✗ receipted✗ refused✗ undeliverable→sent carried→sent withdrawn✗"
        );
        assert_eq!(
            table(&DeliveryEvent::GivenUp { since: SINCE }),
            "queued→undeliverable sent→undeliverable receipted✗ receipted✗ refused✗ undeliverable✗ carried✗ withdrawn✗"
        );
        assert_eq!(
            table(&DeliveryEvent::Carried),
            "queued→carried sent→carried receipted✗ receipted✗ refused✗ undeliverable→carried carried→carried withdrawn✗"
        );
        assert_eq!(
            table(&DeliveryEvent::Receipted {
                grade: Grade::Witnessed
            }),
            "queued→receipted sent→receipted receipted→receipted receipted✗ refused→receipted undeliverable→receipted carried→receipted withdrawn→receipted"
        );
        assert_eq!(
            table(&DeliveryEvent::Refused {
                code: RefusalCode::TooLarge
            }),
            "queued→refused sent→refused receipted✗ receipted✗ refused✗ undeliverable→refused carried→refused withdrawn✗"
        );
        assert_eq!(
            table(&DeliveryEvent::Withdrawn),
            "queued→withdrawn sent✗ receipted✗ receipted✗ refused✗ undeliverable→withdrawn carried✗ withdrawn✗"
        );
    }

    #[test]
    fn a_receipt_never_loses_its_witnesses() {
        let witnessed = Delivery::Receipted {
            grade: Grade::Witnessed,
        };
        assert!(
            witnessed
                .advance(DeliveryEvent::Receipted { grade: Grade::Own })
                .is_err()
        );
    }

    #[test]
    fn codes_of_newer_peers_are_kept() {
        assert_eq!(
            RefusalCode::from_foreign("message.conflict"),
            RefusalCode::Conflict
        );
        let newer = RefusalCode::from_foreign("future.code\n");
        assert_eq!(newer, RefusalCode::Other("future.code".to_owned()));
        let json = serde_json::to_string(&newer).unwrap();
        assert_eq!(serde_json::from_str::<RefusalCode>(&json).unwrap(), newer);
    }
}
