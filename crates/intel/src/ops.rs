//! What can be done with collections and objects.

mod collect;
mod correlate;
mod delete;
mod fetch;
mod import;
mod index;
mod life;
mod look;
mod sight;
mod warn;

pub use collect::{add_root, create, edit, readers, set_readers};
pub use correlate::{
    Answer, COUNT_MAX, Common, HITS_MAX, Hit, Known, Related, Relations, VALUES_MAX, common,
    look_up, related,
};
pub use delete::{delete, restore};
pub use fetch::{manifest, objects};
pub use import::{BYTES_MAX, REFUSALS_SHOWN_MAX, add, import, status};
pub(crate) use import::{Progress, go_on};
pub use index::{COMMON_OVER, index_all, plan_index};
pub use life::{decay, life, live_objects, set_decay};
pub use look::{COLLECTIONS_MAX, Contents, collection, collections, contents, roots};
pub use sight::{sight, sightings};
pub use warn::{
    WARNINGLIST_BYTES_MAX, WARNINGLISTS_MAX, check_values, delete_warninglist, enable_warninglist,
    import_warninglist, warninglists,
};
