//! The node's two ledgers in its database: every act that counts, every envelope, provable afterwards.
#![forbid(unsafe_code)]

mod ground;

pub use ground::Ground;
