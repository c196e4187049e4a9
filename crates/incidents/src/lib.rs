//! The register: what happened, to whom, when, and what is known of it.
//!
//! An entry (an incident or a campaign) has facts that are edited under a version, a life cycle
//! ([`state`]), and parts that are only ever added: timeline, harm figures, statements, links to
//! what other rooms hold, attachments. Every read takes a viewer and gives what `access::policy`
//! lets that viewer see; a RED entry is seen by its named users alone. Attribution is a statement of
//! somebody, never a fact of the entry.
//!
//! Historical incidents from United Nations documents ship with the program ([`shipped`]), and so do
//! [`statistics`], which are kept apart so that nobody can add them up.
#![forbid(unsafe_code)]

pub mod clocks;
pub mod course;
pub mod error;
pub mod evidence;
pub mod formats;
pub mod harm;
pub mod hold;
pub mod http;
pub mod intake;
pub mod merge;
pub mod model;
pub mod ops;
mod record;
pub mod reporting;
pub mod retention;
pub mod severity;
pub mod shipped;
pub mod split;
pub mod state;
pub mod statistics;
mod store;
pub mod tally;
pub mod taxonomy;
pub mod wire;
pub mod work;

pub use error::Error;

#[cfg(test)]
mod tests {
    use kernel::{Timestamp, Tlp};

    use crate::{
        course::{Content, Entry},
        model::{Determination, Facts, Kind, Period},
    };

    /// An entry of a course, under its number.
    pub(crate) fn entry(number: u32, content: Content) -> Entry {
        Entry {
            number,
            content,
            source: None,
            corrects: None,
            by: "user:amina".parse().unwrap(),
            entered_at: Timestamp::from_micros(0),
        }
    }

    /// Facts with nothing but a title.
    pub(crate) fn facts(title: &str) -> Facts {
        Facts {
            kind: Kind::Incident,
            title: title.parse().unwrap(),
            description: "".parse().unwrap(),
            victims: Vec::new(),
            worldwide: false,
            organisation: None,
            sectors: Vec::new(),
            sector_text: None,
            rsit: None,
            period: Period::default(),
            detected: None,
            reported: None,
            determination: Determination::Suspected,
            tlp: Tlp::AmberStrict,
            pap: None,
            named: Vec::new(),
            cross_border: None,
        }
    }
}
