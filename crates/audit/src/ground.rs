//! What every operation stands on.

use db::Db;
use kernel::{SharedClock, SharedRng};

/// The database, the time and chance. Cheap to clone; every operation takes one.
#[derive(Clone)]
pub struct Ground {
    /// The node's database.
    pub db: Db,
    /// The time.
    pub clock: SharedClock,
    /// Random bytes.
    pub rng: SharedRng,
}
