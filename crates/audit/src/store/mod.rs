//! The rows.

pub(crate) mod act;
pub(crate) mod leaf;
pub(crate) mod salt;
pub(crate) mod tree;
pub(crate) mod witness;
