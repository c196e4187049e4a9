//! What every other crate speaks in: typed ids, time, chance, markings, countries, money, viewers,
//! pages and problems.
//!
//! Nothing here does I/O or is asynchronous, with two exceptions that stand in files of their own:
//! [`SystemClock`] reads the time and [`OsRng`] asks the operating system for random bytes. Both
//! hide behind traits, [`Clock`] and [`Rng`], which every operation takes as arguments.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod blank;
mod chance;
mod clock;
mod country;
mod formula;
mod hex;
mod id;
mod marking;
mod mode;
mod money;
mod page;
mod party;
mod problem;
mod timestamp;
mod viewer;

/// Makes an `async fn` return a boxed future, `Pin<Box<dyn Future + Send>>`.
///
/// The compiler makes the body of an `async fn` anew in every unit that awaits it, with all that it
/// awaits. Operations that other crates await bear this attribute, so that each is compiled once,
/// where it is written, at the price of one allocation a call.
pub use async_recursion::async_recursion as boxed;
pub use blank::is_blank;
pub use chance::{OsRng, Rng, SeededRng, SharedRng, random_array, uuid_v4, uuid_v7};
pub use clock::{Clock, ManualClock, SharedClock, SystemClock};
pub use country::{Country, CountryError, Language, Membership, RegionalGroup, Victims};
pub use formula::is_formula;
pub use hex::hex;
pub use id::{
    ActId, ApiKeyId, AssetId, CircleId, CollectionId, CollectionRef, ContactId, EvidenceRef,
    FileId, IdError, ImportId, IncidentId, IncidentRef, InfrastructureId, JobId, MailId, MatchId,
    MessageId, ParticipantId, PartyId, RemedyId, RemoteId, RunId, SessionId, ShareId, ThreadId,
    UserId,
};
pub use marking::{MarkingError, Pap, Tlp};
pub use mode::Mode;
pub use money::{Currency, Money, MoneyError};
pub use page::{Cursor, Limit, Page, PageError, PageRequest};
pub use party::{PartyCode, PartyCodeError};
pub use problem::{Problem, ProblemKind, chain};
pub use timestamp::{Timestamp, TimestampError};
pub use viewer::{Role, Roles, Scope, Scopes, Viewer, Who};
