//! What the templates are given: plain data, already decided. A view knows no room and asks nobody;
//! `pages` fills it, `templates/` draws it.

pub mod circles;
pub mod clocks;
pub mod collections;
pub mod compose;
pub mod custody;
pub mod desk;
pub mod directory;
pub mod entry;
pub mod event;
pub mod files;
pub mod form;
pub mod frame;
pub mod incident;
pub mod known;
pub mod ledger;
pub mod merge;
pub mod remotes;
pub mod reports;
pub mod settings;
pub mod severity;
pub mod sharing;
pub mod sheet;
pub mod thread;
pub mod warninglists;
pub mod work;
