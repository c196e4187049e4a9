//! Two entries that turn out to be one: merging, and taking it back.
//!
//! What belongs to the entry that is merged goes over to the other, part by part, with its author and its
//! time; both histories stay where they are. The entry itself stays readable under its id, says into which
//! it went, and takes nothing more. Only entries that the same people may see are merged, so that no part
//! is seen by anybody else afterwards. Where both say something of the same, it is shown side by side
//! before anything happens.

pub mod http;
pub mod model;
pub mod ops;
pub(crate) mod store;
pub mod wire;
