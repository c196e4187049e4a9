//! Parties, their contacts and their keys, and circles of parties.
//!
//! A party is added from a card, a file of its own making, and the fingerprint of its root key,
//! which people compare over another channel. From then on its numbered key sets follow one another
//! ([`seal::keys::KeySetChain`]); a changed root means comparing again. Real and exercise entries
//! of one party stand side by side and never mix.
//!
//! What a contact is called, and which languages and hours it keeps, is for all who may read the
//! directory. Names of persons, telephone numbers and addresses are sealed under the node's data
//! key, are shown to users of listed parties alone, and each look is recorded.
//!
//! A circle is a named list of parties, numbered version by version and signed by the party that
//! keeps it, its steward. [`state`] says how versions follow one another; they travel as messages,
//! which is the business of `exchange`.
#![forbid(unsafe_code)]

pub mod card;
pub mod circle;
pub mod error;
pub mod http;
pub mod model;
pub mod ops;
pub mod state;
mod store;
pub mod wire;

pub use card::Card;
pub use circle::{Pen, SignedCircle};
pub use error::{CircleRefusal, Error};
