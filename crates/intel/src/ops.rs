//! What can be done with collections and objects.

mod collect;
pub(crate) mod delete;
mod fetch;
pub(crate) mod import;
pub(crate) mod look;

pub use collect::{add_root, create, edit, readers, set_readers};
pub use delete::{delete, restore};
pub use fetch::{manifest, objects};
pub use import::{BYTES_MAX, REFUSALS_SHOWN_MAX, add, import, status};
pub(crate) use import::{Progress, go_on};
pub use look::{COLLECTIONS_MAX, Contents, collection, collections, contents, roots};
