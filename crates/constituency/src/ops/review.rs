use audit::Ground;
use kernel::{Viewer, boxed};

use super::{CHOICES_MAX, may_edit, may_read};
use crate::{
    Error,
    day::Day,
    model::{Invalid, Organisation, Review, Waiting},
    store::{organisation as sql, remedy},
};

/// A list is reviewed twice a year.
const MONTHS: i32 = 6;
/// So many days before it is due, something waits on the desk.
const AHEAD_DAYS: i64 = 14;
/// The longest finding, in characters.
const FOUND_CHARS_MAX: usize = 4_000;

/// When the first review of a list is due that came in today.
pub(super) fn first_due(today: Day) -> Day {
    today.months_later(MONTHS)
}

/// An organisation, and the latest reviews of its list.
#[boxed]
pub async fn organisation(
    ground: &Ground,
    viewer: &Viewer,
    number: i64,
) -> Result<(Organisation, Vec<Review>), Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let found = sql::find(&mut tx, viewer.mode, number).await?;
    let found = found.ok_or(Error::NotFound {
        what: "organisation",
    })?;
    let reviews = sql::reviews(&mut tx, number, CHOICES_MAX).await?;
    Ok((found, reviews))
}

/// Records that a list was reviewed. The next review is due half a year later.
#[boxed]
pub async fn review(
    ground: &Ground,
    viewer: &Viewer,
    number: i64,
    (held_on, text): (Day, &str),
) -> Result<Organisation, Error> {
    may_edit(viewer)?;
    let today = Day::of(ground.now());
    let found = text.trim().replace("\r\n", "\n");
    let control = found
        .chars()
        .any(|one| one.is_control() && !matches!(one, '\n' | '\t'));
    if control || found.chars().count() > FOUND_CHARS_MAX {
        let rule = "a text of up to 4,000 characters";
        return Err(Invalid {
            field: "found",
            rule,
        }
        .into());
    }
    if held_on > today {
        let rule = "a day that has come";
        return Err(Invalid {
            field: "held_on",
            rule,
        }
        .into());
    }
    let mut tx = ground.db.begin().await?;
    let organisation = sql::find(&mut tx, viewer.mode, number).await?;
    let organisation = organisation.ok_or(Error::NotFound {
        what: "organisation",
    })?;
    if organisation.reviewed_on.is_some_and(|last| last > held_on) {
        let rule = "the day of the last review or a later one";
        return Err(Invalid {
            field: "held_on",
            rule,
        }
        .into());
    }
    let next = held_on.months_later(MONTHS);
    let review = Review {
        held_on,
        by: viewer.label(),
        found,
    };
    sql::review(&mut tx, (number, ground.now(), next), &review).await?;
    let said = (number, held_on.to_string());
    audit::act(
        &mut tx,
        ground,
        viewer,
        "asset.reviewed",
        "constituency",
        &said,
    )
    .await?;
    tx.commit().await?;
    Ok(Organisation {
        reviewed_on: Some(held_on),
        review_due: next,
        ..organisation
    })
}

/// What is due within two weeks or should have been done; nothing for whoever may not read it.
#[boxed]
pub async fn waiting(ground: &Ground, viewer: &Viewer) -> Result<Waiting, Error> {
    if may_read(viewer).is_err() {
        return Ok(Waiting::default());
    }
    let today = Day::of(ground.now());
    let up_to = today.plus(AHEAD_DAYS);
    let mut tx = ground.db.begin_read().await?;
    Ok(Waiting {
        reviews: sql::due(&mut tx, viewer.mode, (up_to, CHOICES_MAX)).await?,
        remedies: remedy::due(&mut tx, viewer.mode, (today, up_to, CHOICES_MAX)).await?,
    })
}
