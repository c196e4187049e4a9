//! What can be done. Each op asks the policy, loads, decides, saves and records the act in one
//! transaction.

mod assets;
mod begin;
mod catalogue;
mod export;
mod ranges;
mod remedy;
mod retire;
mod review;
mod take_in;
mod upload;

use access::policy::{self, Act};
use kernel::Viewer;

pub use assets::{assets, count, organisations, products, remove};
pub use begin::{Begin, begin, finish, foresee};
pub use catalogue::{Stated, import_kev, look, matches, state_versions, take_back};
pub use export::{Writing, export};
pub use ranges::{Ranges, import_ranges};
pub use remedy::{NewRemedy, change, plan, remedies, remedy};
pub use retire::retire_held;
pub use review::{organisation, review, waiting};
pub use take_in::take_in;
pub use upload::{
    PART_BYTES_MAX, discard, imports, open, preview, put_part, refused, seal, status,
};

use crate::Error;

/// The longest list of choices.
const CHOICES_MAX: i64 = 50;

fn may_read(viewer: &Viewer) -> Result<(), Error> {
    policy::check_house(viewer, Act::ConstituencyRead).map_err(Error::Refused)
}

fn may_edit(viewer: &Viewer) -> Result<(), Error> {
    policy::check_house(viewer, Act::ConstituencyEdit).map_err(Error::Refused)
}
