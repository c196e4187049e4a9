use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Viewer, boxed};

use super::{list::sight, load, touch};
use crate::{
    error::Error,
    model::{Facts, Incident, Invalid, doubt::is_ahead},
    record,
    severity::{ASSESSMENTS_MAX, Assessment, Level, Proposal, RATINGS_MAX, Rated, Stated},
    store::{parts, severity},
    wire::{AssessmentBody, RatingBody},
};

/// How many open entries stand at a level.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LevelCount {
    /// The level.
    pub level: Level,
    /// How many.
    pub count: u32,
}

/// Judges how severe an entry is, for somebody who knows of so many assessments of it. Nothing that
/// was judged before is changed: the new assessment stands after the others, and holds.
#[boxed]
pub async fn assess(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    known: usize,
    proposal: Proposal,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let id = incident.id;
    let before = severity::assessments(&mut tx, id).await?;
    let current = before.len();
    if current != known {
        let given = known;
        return Err(Error::AssessedMeanwhile { given, current });
    }
    within(current, ASSESSMENTS_MAX, "assessments")?;
    let by = viewer.label().parse()?;
    let made = proposal.assessed(before.last(), by, ground.now())?;
    let links = parts::links(&mut tx, id).await?;
    let files = parts::attachments(&mut tx, id).await?;
    made.stands_on(&links, &files)?;
    severity::add_assessment(&mut tx, id, ordinal(current), &made).await?;
    settle(&mut tx, &incident, Some(&made)).await?;
    let incident = touch(&mut tx, ground, incident).await?;
    let body = AssessmentBody::from(&made);
    let code = record::Code::Assessed;
    record::added(&mut tx, ground, viewer, code, (&incident, &body)).await?;
    tx.commit().await?;
    Ok(incident)
}

/// Adds what somebody says of the severity by another scale; earlier ratings stay.
#[boxed]
pub async fn rate(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    stated: Stated,
) -> Result<Incident, Error> {
    if is_ahead(stated.at, ground.now()) {
        return Err(Invalid {
            field: "at",
            rule: "a time that has come",
        }
        .into());
    }
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let there = severity::ratings(&mut tx, incident.id).await?.len();
    within(there, RATINGS_MAX, "ratings")?;
    let rated = Rated {
        stated,
        by: viewer.label().parse()?,
        entered_at: ground.now(),
    };
    severity::add_rating(&mut tx, incident.id, ordinal(there), &rated).await?;
    let incident = touch(&mut tx, ground, incident).await?;
    let body = RatingBody::from(&rated);
    let code = record::Code::Rated;
    record::added(&mut tx, ground, viewer, code, (&incident, &body)).await?;
    tx.commit().await?;
    Ok(incident)
}

/// How many entries on which work goes on the viewer may read at each level, the gravest first;
/// levels without any count zero.
#[boxed]
pub async fn levels(ground: &Ground, viewer: &Viewer) -> Result<Vec<LevelCount>, Error> {
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let counted = severity::levels(&mut tx, sight).await?;
    let of = |level: Level| {
        let found = counted.iter().find(|&&(one, _)| one == level);
        found.map_or(0, |&(_, count)| u32::try_from(count).unwrap_or(u32::MAX))
    };
    let counts = Level::all().rev().map(|level| LevelCount {
        level,
        count: of(level),
    });
    Ok(counts.collect())
}

/// Writes the level that lists and counts show: that of the assessment that holds, under the facts of the
/// entry.
pub(super) async fn settle(
    tx: &mut Tx,
    incident: &Incident,
    holds: Option<&Assessment>,
) -> Result<(), Error> {
    let level = level(holds, &incident.facts);
    severity::set_level(tx, incident.id, level).await?;
    super::tally::settle(tx, incident).await
}

/// The same where the facts have changed, on which the level depends.
pub(super) async fn resettle(tx: &mut Tx, incident: &Incident) -> Result<(), Error> {
    let there = severity::assessments(tx, incident.id).await?;
    if there.is_empty() {
        return super::tally::settle(tx, incident).await;
    }
    settle(tx, incident, there.last()).await
}

/// The same where assessments came from another entry, or went to one.
pub(crate) async fn settle_anew(tx: &mut Tx, incident: &Incident) -> Result<(), Error> {
    let there = severity::assessments(tx, incident.id).await?;
    settle(tx, incident, there.last()).await
}

fn level(holds: Option<&Assessment>, facts: &Facts) -> Option<Level> {
    holds?.severity(facts).level
}

fn within(there: usize, max: usize, what: &'static str) -> Result<(), Error> {
    if there < max {
        Ok(())
    } else {
        Err(Error::TooMany { what, max })
    }
}

fn ordinal(there: usize) -> i64 {
    i64::try_from(there).unwrap_or(i64::MAX)
}
