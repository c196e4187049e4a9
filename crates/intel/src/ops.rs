//! What can be done with collections and objects.

mod collect;
mod delete;
mod fetch;
mod given;
mod import;
mod look;

pub use collect::{add_root, create, edit, readers, set_onward, set_readers};
pub use delete::{delete, restore};
pub use fetch::{manifest, objects};
pub use given::{
    Adopted, Given, Gone, ITEMS_MAX, Item, adopt_in, changed_by_circle_in, collection_by_ref_in,
    collections_in, empty_in, given_in, gone_in, items_in, newest_gone_in, readers_in, readopt_in,
    seen_in, settle_in, take_given_in, take_out_in,
};
pub use import::{BYTES_MAX, REFUSALS_SHOWN_MAX, add, import, status};
pub(crate) use import::{Progress, go_on};
pub use look::{COLLECTIONS_MAX, Contents, collection, collections, contents, roots};
