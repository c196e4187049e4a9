//! Keys, signatures, commitments and encrypted files: what makes a message safe to send and
//! possible to prove.
//!
//! The crate does no I/O of its own and knows nothing of what the messages say. It offers
//!
//! - [`hybrid`]: the post-quantum recipient `mlkem768x25519` of the age file format;
//! - [`keys`]: root keys, signing pairs (Ed25519 with ML-DSA-65) and numbered, signed key sets;
//! - [`dsse`]: strict DSSE envelopes with two signatures;
//! - [`commitment`], [`padding`], [`file`](mod@file), [`outer`]: what is sealed, how long it looks
//!   and how it is opened;
//! - [`vault`] and [`data`]: private keys and personal data at rest.
//!
//! Functions that need chance take it as an argument, `&mut impl FnMut(&mut [u8])`, which must
//! fill the slice from a cryptographic generator. The exception is the age file itself: file keys,
//! payload nonces and key encapsulations are drawn from the operating system by `age` and `hpke`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod bech32;
pub mod commitment;
pub mod data;
mod digest;
pub mod dsse;
mod error;
pub mod file;
pub mod hybrid;
pub mod json;
pub mod keys;
pub mod outer;
pub mod padding;
mod text;
mod time;
pub mod vault;

pub use digest::{Digest, Meter, Metered};
pub use error::Error;
pub use hybrid::{HybridIdentity, HybridRecipient};
pub use time::Time;

/// The example of the README is compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
