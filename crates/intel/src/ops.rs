//! What can be done with collections and objects.

mod collect;
mod delete;
mod export;
mod fetch;
mod find;
mod import;
mod look;
mod preview;
mod upload;

pub use collect::{add_root, create, drop_collection, edit, readers, set_readers};
pub use delete::{delete, restore};
pub use export::{Export, ExportReport, Exporting, file_name, look_at_export};
pub use fetch::{manifest, newest, objects};
pub use find::{Found, SEARCH_CHARS_MAX, SEARCH_OBJECTS_MAX, find, is_deleted};
pub use import::{BYTES_MAX, REFUSALS_SHOWN_MAX, add, import, status};
pub(crate) use import::{Progress, go_on};
pub use look::{COLLECTIONS_MAX, Contents, collection, collections, contents, roots};
pub use preview::{PREVIEW_OBJECTS_MAX, preview};
pub use upload::{
    FILE_BYTES_MAX, PART_BYTES_MAX, begin, discard, finish, import_of, imports, open_upload,
    put_part, seal,
};
