//! A tamper-evident log, and receipts that hold up without it.
//!
//! The tree is that of RFC 6962 / RFC 9162; what is exchanged is in the
//! formats of C2SP: `tlog-tiles`, `signed-note`, `tlog-checkpoint`,
//! `tlog-cosignature`, `tlog-witness` and `tlog-proof`. The crate does no I/O,
//! reads no clock and draws no random number: hashes come from whatever stores
//! them, time and seeds are arguments.
//!
//! - [`Frontier`] appends in O(log n) and knows the root.
//! - [`Plan`] says which nodes an inclusion or consistency proof needs, so that
//!   a database can fetch them in whatever way suits it; [`verify_inclusion`]
//!   and [`verify_consistency`] check a finished one.
//! - [`LedgerSigner`] signs a [`Checkpoint`] with Ed25519 and ML-DSA-44;
//!   [`WitnessSigner`] cosigns it; [`decide`] is a witness's whole judgement.
//! - [`Record`] is what a leaf stands for; [`receipt`] and [`verify_receipt`]
//!   make and check a `tlog-proof` that carries one.
//!
//! Every parser takes bytes from anywhere, has a limit on their number, and
//! accepts only what its printer would write.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod checkpoint;
mod error;
mod frontier;
mod hash;
mod key;
mod note;
mod proof;
mod receipt;
mod record;
mod text;
mod tile;
mod tlog_proof;
mod witness;

pub use checkpoint::{
    Checkpoint, Cosignature, LedgerKeys, LedgerSigner, ORIGIN_BYTES_MAX, WitnessSigner,
};
pub use error::Error;
pub use frontier::{FRONTIER_BYTES_MAX, Frontier, TREE_SIZE_MAX};
pub use hash::{Hash, empty_root, leaf_hash, node_hash, sha256};
pub use key::{ED25519_BYTES, KeyKind, MLDSA44_BYTES, VerifierKey};
pub use note::{NOTE_BYTES_MAX, Note, SIGNATURES_MAX, SignatureLine};
pub use proof::{
    NodeId, PROOF_HASHES_MAX, Plan, perfect_root, verify_consistency, verify_inclusion,
};
pub use receipt::{
    Check, Expected, RECEIPT_BYTES_MAX, Verdict, Witness, WitnessPolicy, WitnessTime, receipt,
    verify_receipt,
};
pub use record::{Act, RECORD_BYTES_MAX, Record};
pub use tile::{
    BUNDLE_BYTES_MAX, ENTRY_BYTES_MAX, TILE_WIDTH, TileId, TileKind, TilePath, bundle,
    parse_bundle, parse_tile,
};
pub use tlog_proof::{EXTRA_BYTES_MAX, TlogProof};
pub use witness::{ADD_CHECKPOINT_BYTES_MAX, AddCheckpoint, Refusal, decide};

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
