use audit::Ground;
use kernel::{Timestamp, Viewer, boxed};

use super::list::sight;
use crate::{error::Error, store::list as sql};

const DAY_MICROS: i64 = 86_400_000_000;
const WEEK_MICROS: i64 = 7 * DAY_MICROS;
/// The first Monday after the beginning of 1970, which was a Thursday.
const MONDAY_MICROS: i64 = 4 * DAY_MICROS;
/// How many weeks are counted at most.
const WEEKS_MAX: u16 = 260;

/// A week, from Monday to Sunday in UTC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Week {
    /// When it began.
    pub from: Timestamp,
    /// How many entries were entered in it.
    pub count: u32,
}

/// How many entries that the viewer may read were entered in each of the last weeks, the running one
/// last. What ships with the program was not entered by anybody and is left out.
#[boxed]
pub async fn weeks(ground: &Ground, viewer: &Viewer, weeks: u16) -> Result<Vec<Week>, Error> {
    let sight = sight(viewer)?;
    let weeks = i64::from(weeks.clamp(1, WEEKS_MAX));
    let first = monday(ground.now(), weeks);
    let mut tx = ground.db.begin_read().await?;
    let counted = sql::entered(&mut tx, sight, (first, WEEK_MICROS)).await?;
    let of = |number: i64| {
        let found = counted.iter().find(|&&(week, _)| week == number);
        found.map_or(0, |&(_, count)| u32::try_from(count).unwrap_or(u32::MAX))
    };
    Ok((0..weeks)
        .map(|number| Week {
            from: Timestamp::from_micros(
                first
                    .as_micros()
                    .saturating_add(number.saturating_mul(WEEK_MICROS)),
            ),
            count: of(number),
        })
        .collect())
}

/// The Monday with which the last so many weeks begin.
fn monday(now: Timestamp, weeks: i64) -> Timestamp {
    let into = (now.as_micros().saturating_sub(MONDAY_MICROS)).rem_euclid(WEEK_MICROS);
    let before = weeks.saturating_sub(1).saturating_mul(WEEK_MICROS);
    Timestamp::from_micros(now.as_micros().saturating_sub(into).saturating_sub(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        // 21 November 2026 is a Saturday.
        let saturday = Timestamp::from_micros(1_795_255_200_000_000);
        assert_eq!(monday(saturday, 1).to_string(), "2026-11-16T00:00:00.000Z");
        assert_eq!(monday(saturday, 8).to_string(), "2026-09-28T00:00:00.000Z");
        let itself = monday(saturday, 1);
        assert_eq!(monday(itself, 1), itself);
        let eve = itself.minus(std::time::Duration::from_micros(1));
        assert_eq!(monday(eve, 1).to_string(), "2026-11-09T00:00:00.000Z");
    }
}
