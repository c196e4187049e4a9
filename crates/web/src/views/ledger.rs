//! The two ledgers, their witnesses, and what other nodes showed of theirs.

use askama::Template;
use kernel::Timestamp;

use super::{
    frame::{Pager, PartyName, Shell},
    incident::Change,
};
use crate::words::Words;

/// `GET /ledger`.
#[derive(Debug, Template)]
#[template(path = "ledger.html")]
pub struct Ledger {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// The two trees.
    pub logs: Vec<Log>,
    /// Who cosigns them.
    pub witnesses: Vec<Witness>,
    /// The newest checkpoints of other nodes.
    pub heads: Vec<Head>,
    /// Recent acts; nothing for a reader who may not see them.
    pub acts: Option<Vec<Change>>,
    /// Where the acts go on.
    pub pager: Pager,
}

/// One tree.
#[derive(Clone, Debug)]
pub struct Log {
    /// `exchange` or `acts`.
    pub name: String,
    /// Its origin line.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root hash of the newest checkpoint.
    pub root: String,
    /// When that was signed; nothing where there is none yet.
    pub at: Option<Timestamp>,
    /// How many witnesses cosigned it.
    pub cosigned: u64,
    /// The checkpoint as text.
    pub note: String,
}

/// A node that cosigns.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Its name.
    pub name: String,
    /// When it last cosigned, if ever.
    pub at: Option<Timestamp>,
    /// The size that it saw.
    pub size: u64,
}

/// The newest checkpoint of another node.
#[derive(Clone, Debug)]
pub struct Head {
    /// Whose.
    pub party: PartyName,
    /// Its origin line.
    pub origin: String,
    /// Its size.
    pub size: u64,
    /// When it was seen.
    pub at: Timestamp,
    /// Whether it contradicted an earlier one.
    pub frozen: bool,
}

/// `GET /ledger/evidence/{party}`: two checkpoints that cannot both be true.
#[derive(Debug, Template)]
#[template(path = "evidence.html")]
pub struct Evidence {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// Whose ledger.
    pub party: PartyName,
    /// When it was found.
    pub at: Timestamp,
    /// Why the two cannot both be true, as a code: `split`, `shrunk`, `proof`.
    pub reason: String,
    /// The checkpoint that was kept.
    pub kept: String,
    /// The one that came after.
    pub shown: String,
}
