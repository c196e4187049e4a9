//! The register and the exchange at a glance.

use access::{http::Refusal, policy::Act};
use incidents::{ops, state::Stage};

use crate::{
    pages::{House, Reader, incidents::ACTIVE},
    views::desk::{LevelShare, Share, StateFigures},
};

/// How many weeks the little chart shows.
const WEEKS: u16 = 8;

/// What the reader may read, in numbers.
pub(crate) async fn figures(house: &House, reader: &Reader) -> Result<StateFigures, Refusal> {
    let threads = if reader.may(Act::ExchangeRead) {
        let open = exchange::ops::count_open(&house.exchange, &reader.viewer).await?;
        Some(u64::from(open))
    } else {
        None
    };
    if !reader.may(Act::IncidentRead) {
        return Ok(StateFigures {
            threads,
            ..StateFigures::default()
        });
    }
    let stages = ops::stages(&house.ground, &reader.viewer).await?;
    let weeks = ops::weeks(&house.ground, &reader.viewer, WEEKS).await?;
    let levels = ops::levels(&house.ground, &reader.viewer).await?;
    let level = |one: &ops::LevelCount| LevelShare {
        level: one.level.number(),
        count: u64::from(one.count),
        url: format!("/incidents?state={ACTIVE}&level={}", one.level.number()),
    };
    let share = |stage: &ops::StageCount| Share {
        text: reader.w.word("investigation", stage.stage.as_str()),
        count: u64::from(stage.count),
        url: format!("/incidents?state={}", stage.stage.as_str()),
    };
    let is_open = |stage: &&ops::StageCount| stage.stage != Stage::Closed;
    let open = stages.iter().filter(is_open);
    Ok(StateFigures {
        open: Some(open.map(|stage| u64::from(stage.count)).sum()),
        shares: stages
            .iter()
            .filter(|stage| stage.count > 0)
            .map(share)
            .collect(),
        levels: levels
            .iter()
            .filter(|one| one.count > 0)
            .map(level)
            .collect(),
        weeks: weeks
            .iter()
            .map(|week| (week.from, u64::from(week.count)))
            .collect(),
        threads,
    })
}
