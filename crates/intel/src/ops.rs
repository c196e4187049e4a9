//! What can be done with collections and objects.

mod about;
mod barred;
mod changed;
mod collect;
mod correlate;
pub(crate) mod delete;
mod export;
mod fetch;
mod find;
mod galaxy;
mod given;
pub(crate) mod import;
mod index;
mod life;
pub(crate) mod look;
mod preview;
mod remote;
mod sight;
mod taxonomy;
mod upload;
pub(crate) mod warn;

pub use about::{ABOUT_SHOWN_MAX, Referrer, Referring, referring};
pub(crate) use barred::barred_in;
pub use barred::{Barring, barred_of_in, barred_since_in, staying};
pub(crate) use changed::changed_in;
pub use changed::{changed_by_circle_in, seen_in};
pub use collect::{add_root, create, drop_collection, edit, readers, set_onward, set_readers};
pub use correlate::{
    Answer, COUNT_MAX, Common, HITS_MAX, Hit, Known, Related, Relations, VALUES_MAX, common,
    look_up, related,
};
pub use delete::{delete, restore};
pub use export::{Export, ExportReport, Exporting, file_name, look_at_export};
pub use fetch::{manifest, newest, objects};
pub use find::{Found, SEARCH_CHARS_MAX, SEARCH_OBJECTS_MAX, find, is_deleted};
pub use galaxy::{
    GALAXIES_MAX, GALAXY_BYTES_MAX, TakenGalaxy, delete_galaxy, galaxies, import_galaxy,
};
pub use given::{
    Adopted, Given, Gone, ITEMS_MAX, Item, adopt_in, collection_by_ref_in, collections_in,
    empty_in, given_in, gone_in, items_in, newest_gone_in, readers_in, readopt_in, settle_in,
    take_given_in, take_out_in,
};
pub use import::{BYTES_MAX, REFUSALS_SHOWN_MAX, add, import, status};
pub(crate) use import::{Progress, Target, add_in, go_on};
pub use index::{COMMON_OVER, index_all, plan_index};
pub use life::{decay, life, live_objects, set_decay};
pub use look::{COLLECTIONS_MAX, Contents, collection, collections, contents, roots};
pub use preview::{PREVIEW_OBJECTS_MAX, preview};
pub(crate) use remote::{Errand, run_remote};
pub use remote::{
    NewRemote, REMOTES_MAX, RemoteChange, add_remote, edit_remote, plan_remotes, pushed_to, remote,
    remotes, remove_remote, run, runs, start_remote, test_remote,
};
pub use sight::{can_be_sighted, sight, sightings};
pub use taxonomy::{
    TAXONOMIES_MAX, TAXONOMY_BYTES_MAX, TakenTaxonomy, delete_taxonomy, enable_taxonomy,
    import_taxonomy, tags_known, taxonomies, taxonomy,
};
pub use upload::{
    FILE_BYTES_MAX, PART_BYTES_MAX, begin, discard, finish, import_of, imports, open_upload,
    put_part, seal,
};
pub use warn::{
    ListedValue, WARNINGLIST_BYTES_MAX, WARNINGLISTS_MAX, check_values, delete_warninglist,
    enable_warninglist, import_warninglist, listed_attributes, warninglists,
};
