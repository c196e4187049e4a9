use access::policy::{self, Act};
use kernel::Viewer;

use crate::{
    error::Error,
    statistics::{Statistic, StatisticKind, all},
};

/// The statements that ship with the program and are no incidents, of one kind or of all.
pub fn statistics(viewer: &Viewer, kind: Option<StatisticKind>) -> Result<Vec<Statistic>, Error> {
    policy::check_house(viewer, Act::StatisticsRead).map_err(Error::Refused)?;
    let mut found = all()?;
    found.retain(|one| kind.is_none_or(|kind| one.kind == kind));
    Ok(found)
}
