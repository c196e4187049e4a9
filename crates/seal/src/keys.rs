//! Keys: a party's root, its signing pairs, its numbered key sets and how they follow each other.

mod chain;
mod fingerprint;
mod ledger;
mod pair;
mod root;
mod set;
mod wire;
mod words;

pub use chain::{Acceptance, Claim, KeySetChain};
pub use fingerprint::Fingerprint;
pub use ledger::{LedgerPublic, LedgerSecret};
pub use pair::{KeyId, SignaturePair, SigningKeys, SigningPublic};
pub use root::RootKey;
pub use set::{
    KEY_SET_BYTES_MAX, KeySet, PAYLOAD_TYPE, Purpose, Revocation, SignedKeySet, Witness,
    WitnessPolicy,
};
