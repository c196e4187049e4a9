//! What can be wrong with bytes that claim to be one of our formats.

/// Why bytes were not accepted, or why a proof does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    /// Longer, or more of them, than the named limit.
    #[error("{what} exceeds the limit of {limit}")]
    TooLarge {
        /// The thing that is limited.
        what: &'static str,
        /// The limit, in the unit that `what` names.
        limit: usize,
    },
    /// Not in the one form that the format allows.
    #[error("{what} is malformed")]
    Malformed {
        /// The part that could not be read.
        what: &'static str,
    },
    /// A key that is no valid point, is weak, or has the wrong length.
    #[error("key is not usable for {kind}")]
    BadKey {
        /// The algorithm that the key was offered for.
        kind: &'static str,
    },
    /// A signature line of a known key that does not verify.
    #[error("signature does not verify")]
    BadSignature,
    /// Hashes that do not lead to the root.
    #[error("proof does not lead to the root")]
    BadProof,
    /// An index or size beyond the tree, or beyond what a tree may hold.
    #[error("index or size is out of the tree")]
    OutOfTree,
    /// A tile that a proof needs was not supplied, or is narrower than it must be.
    #[error("tile {level}/{index} is missing or too narrow")]
    MissingTile {
        /// Tile level, 0 for leaf hashes.
        level: u8,
        /// Index of the tile in its level.
        index: u64,
    },
}

impl Error {
    /// A stable code for programs and translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "ledger.too_large",
            Self::Malformed { .. } => "ledger.malformed",
            Self::BadKey { .. } => "ledger.bad_key",
            Self::BadSignature => "ledger.bad_signature",
            Self::BadProof => "ledger.bad_proof",
            Self::OutOfTree => "ledger.out_of_tree",
            Self::MissingTile { .. } => "ledger.missing_tile",
        }
    }
}
