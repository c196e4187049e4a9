//! The node's ledgers in its database: every act that counts, every envelope, provable afterwards.
//!
//! There are three ledgers of one code ([`Log`]): `exchange` holds the envelopes of real traffic,
//! `exercise` those of exercises, which have keys of their own, and `acts` every local act. A leaf
//! is appended in the transaction of the change that it is about ([`append`], [`act`]), and that
//! is one plain insert. The tree is built, tile by tile, when somebody asks for a checkpoint
//! ([`checkpoint`]): what is hashed then is only what was appended since.
//!
//! A transaction that appends to several ledgers does so in the order exchange, exercise, acts, and
//! signs a ledger only after its appends to it: on PostgreSQL the next id is taken until the
//! transaction ends, and two that hold one and wait for the other's would be stopped.
//!
//! Nothing here asks who may see what: that is for the room that calls, by `access`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod acts;
mod append;
mod erase;
mod error;
mod ground;
mod jobs;
mod log;
mod nodes;
mod recent;
mod salt;
mod store;
mod subject;
mod tree;
mod witness;

pub use acts::{
    ACT_BODY_BYTES_MAX, ActEntry, act, act_many, acts, histories, history, history_without,
};
pub use append::{Leaf, LeafView, append, leaf, leaves, record};
pub use erase::{ERASED_AT_ONCE, erase, erase_in, erase_subject};
pub use error::Error;
pub use ground::Ground;
pub use jobs::{ACTS_CHECKPOINT, CHECKPOINTS_KEPT, acts_checkpoint, schedule};
pub use log::Log;
pub use salt::{Salts, salts, salts_of};
pub use tree::{
    add_cosignatures, check, checkpoint, checkpoint_in, consistency, inclusion, newest_checkpoint,
    open_epoch, receipt, receipt_at, size, tile,
};
pub use witness::{
    Conflict, Observed, Outcome, add_checkpoint, conflicts, frozen_since, last_seen, observe,
    unfreeze,
};
