//! What can be done with collections and objects.

mod collect;
pub(crate) mod delete;
mod fetch;
pub(crate) mod import;
pub(crate) mod look;
mod remote;

pub use collect::{add_root, create, edit, readers, set_readers};
pub use delete::{delete, restore};
pub use fetch::{manifest, objects};
pub use import::{BYTES_MAX, REFUSALS_SHOWN_MAX, add, import, status};
pub(crate) use import::{Progress, add_in, go_on};
pub use look::{COLLECTIONS_MAX, Contents, collection, collections, contents, roots};
pub(crate) use remote::{Errand, run_remote};
pub use remote::{
    NewRemote, REMOTES_MAX, RemoteChange, add_remote, edit_remote, plan_remotes, remote, remotes,
    remove_remote, run, runs, start_remote, test_remote,
};
