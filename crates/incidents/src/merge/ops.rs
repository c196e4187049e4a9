//! Merging entries, and taking it back. Each is one transaction.

use std::ops::Range;

use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Timestamp, Viewer, boxed};
use serde_json::{Value, json};

use super::{
    model::{Difference, Merges, Moved, Order, Preview, same_readers},
    store::{
        self,
        parts::{self, TABLES},
    },
};
use crate::{
    error::Error,
    evidence::{
        self,
        model::Deed,
        ops::{Said, record as record_line},
    },
    model::{Facts, Incident, Invalid, Line},
    ops::{load, load_even_merged, save, settle_anew},
    record::{self, Code},
    reporting,
    state::Status,
    store::work::{add_changes, changes as changes_of, stir},
    wire::FactsBody,
    work::FieldChange,
};

/// What would happen if the other entry were merged into this one.
#[boxed]
pub async fn preview(
    ground: &Ground,
    viewer: &Viewer,
    into: IncidentRef,
    from: IncidentRef,
) -> Result<Preview, Error> {
    let mut tx = ground.db.begin_read().await?;
    let (into, from) = both(&mut tx, viewer, into, from).await?;
    let mut found = Vec::new();
    for table in TABLES.iter().filter(|table| !table.what.is_empty()) {
        let count = parts::count(&mut tx, table, from.id).await?;
        if count > 0 {
            found.push((table.what, count));
        }
    }
    let differences = differences(&into, &from)?;
    Ok(Preview {
        into,
        from,
        differences,
        parts: found,
    })
}

/// How an entry stands to others that it was merged with, as far as the viewer may see those.
#[boxed]
pub async fn merges(ground: &Ground, viewer: &Viewer, id: IncidentRef) -> Result<Merges, Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::IncidentRead, id).await?;
    merges_in(&mut tx, viewer, &incident).await
}

/// [`merges`] of an entry that the viewer may read.
pub(crate) async fn merges_in(
    tx: &mut Tx,
    viewer: &Viewer,
    incident: &Incident,
) -> Result<Merges, Error> {
    let mut into = Vec::new();
    for one in store::merges(tx, incident.id, true).await? {
        if seen(tx, viewer, one.other).await? {
            into.push(one);
        }
    }
    let mut from = Vec::new();
    for one in store::merges(tx, incident.id, false).await? {
        if seen(tx, viewer, one.other).await? {
            from.push(one);
        }
    }
    Ok(Merges {
        into: into.pop(),
        from,
    })
}

pub(crate) async fn seen(tx: &mut Tx, viewer: &Viewer, id: IncidentRef) -> Result<bool, Error> {
    match load(tx, viewer, Act::IncidentRead, id).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound | Error::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Both entries, if the viewer may change both and they can become one.
async fn both(
    tx: &mut Tx,
    viewer: &Viewer,
    into: IncidentRef,
    from: IncidentRef,
) -> Result<(Incident, Incident), Error> {
    let why = |why| Err(Error::Unmergeable { why });
    if into == from {
        return why("incident.merge_itself");
    }
    let into = load(tx, viewer, Act::IncidentEdit, into).await?;
    let from = load(tx, viewer, Act::IncidentEdit, from).await?;
    if !same_readers(&into.facts, &from.facts) {
        return why("incident.merge_other_readers");
    }
    if into.facts.kind != from.facts.kind {
        return why("incident.merge_other_kind");
    }
    for table in TABLES.iter().filter(|table| !table.what.is_empty()) {
        let (here, there) = (
            parts::count(tx, table, into.id).await?,
            parts::count(tx, table, from.id).await?,
        );
        let sum = usize::try_from(here.saturating_add(there)).unwrap_or(usize::MAX);
        if sum > table.max {
            let (what, max) = (table.what, table.max);
            return Err(Error::TooMany { what, max });
        }
    }
    Ok((into, from))
}

fn differences(into: &Incident, from: &Incident) -> Result<Vec<Difference>, Error> {
    let found = record::differences(&from.facts, into)?;
    let shown = found.into_iter().filter(|one| one.field != "rsit_version");
    Ok(shown
        .map(|one| Difference {
            field: one.field,
            here: one.after,
            there: one.before,
        })
        .collect())
}

/// Merges the other entry into this one. Both are at the versions at which the caller saw them.
#[boxed]
pub async fn merge(
    ground: &Ground,
    viewer: &Viewer,
    into: IncidentRef,
    order: &Order,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    // Always in one order, so that two who merge the same two do not wait for each other.
    for id in [into.min(order.from.0), into.max(order.from.0)] {
        let one = load(&mut tx, viewer, Act::IncidentEdit, id).await?;
        stir(&mut tx, one.id, one.updated_at).await?;
    }
    let (mut into, mut from) = both(&mut tx, viewer, into, order.from.0).await?;
    for (one, given) in [(&into, order.version), (&from, order.from.1)] {
        let current = one.version;
        if current != given {
            return Err(Error::Stale { given, current });
        }
    }
    let known = differences(&into, &from)?;
    let facts = taken(&into, &from, &order.take, &known)?;
    let stage = &from.status;
    let by = match stage {
        Status::Closed { by, .. } => Some(by.clone()),
        _ => None,
    };
    let pair = (from.id, into.id);
    let mut moved = Moved {
        ranges: parts::move_all(&mut tx, pair).await?,
        stage: (stage.stage().to_string(), stage.since().as_micros(), by),
        ..Moved::default()
    };
    store::move_keyed(&mut tx, pair, &mut moved).await?;
    let before = std::mem::replace(&mut into.facts, facts);
    if before != into.facts {
        let version = into.version.saturating_add(1);
        moved.before = Some((FactsBody::from(&before), version));
    }
    let now = ground.now();
    from.status = Status::Closed {
        at: now,
        by: viewer.label(),
    };
    let (into, from) = (
        save(&mut tx, ground, into).await?,
        save(&mut tx, ground, from).await?,
    );
    let mut changes = record::differences(&before, &into)?;
    changes.push(said(&into, "took_over", (&from, &order.reason)));
    add_changes(&mut tx, into.id, &changes).await?;
    let changes = [said(&from, "merged_into", (&into, &order.reason))];
    add_changes(&mut tx, from.id, &changes).await?;
    let text = serde_json::to_string(&moved).map_err(Error::Unwritable)?;
    let (by, reason) = (viewer.label(), order.reason.as_str());
    store::add(&mut tx, pair, (&by, now, reason), &text).await?;
    settle(&mut tx, ground, (&into, &from)).await?;
    let range = moved.ranges.iter().find(|one| one.table == "incident_item");
    let came = range.map_or(0..0, |range| {
        range.first..range.first.saturating_add(range.count)
    });
    move_evidence(&mut tx, (ground, viewer), (&from, &into), came).await?;
    let body = json!({ "from": from.public, "into": into.public, "moved": &moved.ranges });
    record::added(&mut tx, ground, viewer, Code::TookOver, (&into, &body)).await?;
    record::added(&mut tx, ground, viewer, Code::MergedInto, (&from, &body)).await?;
    tx.commit().await?;
    Ok(into)
}

/// The level that lists show follows the assessments, which may have gone; reminders follow the clocks.
pub(crate) async fn settle(
    tx: &mut Tx,
    ground: &Ground,
    (one, other): (&Incident, &Incident),
) -> Result<(), Error> {
    for each in [one, other] {
        settle_anew(tx, each).await?;
        reporting::plan(tx, ground, each.id).await?;
    }
    Ok(())
}

/// A line of custody for each piece of evidence that went from one entry to another, where it has these
/// numbers.
pub(crate) async fn move_evidence(
    tx: &mut Tx,
    (ground, viewer): (&Ground, &Viewer),
    (from, to): (&Incident, &Incident),
    numbers: Range<i64>,
) -> Result<(), Error> {
    for item in evidence::store::items(tx, to.id).await? {
        if numbers.contains(&item.number) {
            let said = Said {
                reason: format!("{} – {}", from.public, to.public),
                ..Said::default()
            };
            let at = (to.public, item.id);
            record_line(tx, ground, viewer, at, (Deed::Moved, said)).await?;
        }
    }
    Ok(())
}

/// The facts of the entry, with the values that the other gives.
fn taken(
    into: &Incident,
    from: &Incident,
    take: &[String],
    known: &[Difference],
) -> Result<Facts, Error> {
    if take.is_empty() {
        return Ok(into.facts.clone());
    }
    let value = |facts: &Facts| serde_json::to_value(FactsBody::from(facts));
    let mut here = value(&into.facts).map_err(Error::Unwritable)?;
    let there = value(&from.facts).map_err(Error::Unwritable)?;
    for field in take {
        let differs = known.iter().any(|one| &one.field == field);
        let members = here.as_object_mut().filter(|_| differs);
        let (field_name, rule) = ("take", "names fields in which both differ");
        let members = members.ok_or(Invalid {
            field: field_name,
            rule,
        })?;
        let given = there.get(field).cloned().unwrap_or(Value::Null);
        members.insert(field.clone(), given);
    }
    let body: FactsBody = serde_json::from_value(here).map_err(Error::Unwritable)?;
    Ok(Facts::try_from(body)?.checked(into.mode)?)
}

/// Takes a merge back: what went over goes back, and both stand as two entries again. What was added
/// since stays where it was added. Only the last merge of an entry is taken back.
#[boxed]
pub async fn unmerge(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    why_back: &Line<500>,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let mut back = load_even_merged(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let why = |why| Error::Unmergeable { why };
    let found = store::of_source(&mut tx, back.id).await?;
    let (of, is_last, text) = found.ok_or_else(|| why("incident.not_merged"))?;
    let mut from = load(&mut tx, viewer, Act::IncidentEdit, of).await?;
    stir(&mut tx, from.id, from.updated_at).await?;
    if !is_last {
        return Err(why("incident.merge_not_last"));
    }
    if !same_readers(&from.facts, &back.facts) {
        return Err(why("incident.merge_other_readers"));
    }
    let moved: Moved = serde_json::from_str(&text).map_err(Error::Unwritable)?;
    if parts::is_entangled(&mut tx, from.id, &moved.ranges).await? {
        return Err(why("incident.merge_entangled"));
    }
    let pair = (from.id, back.id);
    parts::move_back(&mut tx, pair, &moved.ranges).await?;
    store::carry(&mut tx, pair, &moved).await?;
    store::remove(&mut tx, back.id).await?;
    back.status = status(&moved)?;
    let before = from.facts.clone();
    // Whoever edited the facts since has decided anew; what he decided stays.
    if let Some((facts, version)) = moved.before.clone()
        && changes_of(&mut tx, from.id)
            .await?
            .iter()
            .all(|one| one.version <= version)
    {
        from.facts = Facts::try_from(facts)?.checked(from.mode)?;
    }
    let (from, back) = (
        save(&mut tx, ground, from).await?,
        save(&mut tx, ground, back).await?,
    );
    settle(&mut tx, ground, (&from, &back)).await?;
    let mut changes = record::differences(&before, &from)?;
    changes.push(said(&from, "gave_back", (&back, why_back)));
    add_changes(&mut tx, from.id, &changes).await?;
    let changes = [said(&back, "unmerged", (&from, why_back))];
    add_changes(&mut tx, back.id, &changes).await?;
    move_evidence(&mut tx, (ground, viewer), (&from, &back), 1..i64::MAX).await?;
    let body = json!({ "from": from.public, "back": back.public, "moved": &moved.ranges });
    record::added(&mut tx, ground, viewer, Code::GaveBack, (&from, &body)).await?;
    record::added(&mut tx, ground, viewer, Code::Unmerged, (&back, &body)).await?;
    tx.commit().await?;
    Ok(back)
}

/// What the history of an entry says of it.
pub(crate) fn said(
    of: &Incident,
    field: &'static str,
    (other, reason): (&Incident, &Line<500>),
) -> FieldChange {
    FieldChange {
        version: of.version,
        field: field.to_owned(),
        before: String::new(),
        after: format!("{} – {} – {reason}", other.facts.title, other.public),
    }
}

/// Where the entry stood before it was merged.
fn status(moved: &Moved) -> Result<Status, Error> {
    let (stage, since, by) = &moved.stage;
    let at = Timestamp::from_micros(*since);
    Ok(match stage.parse()? {
        crate::state::Stage::Open => Status::Open { since: at },
        crate::state::Stage::Investigating => Status::Investigating { since: at },
        crate::state::Stage::Contained => Status::Contained { at },
        crate::state::Stage::Closed => Status::Closed {
            at,
            by: by.clone().unwrap_or_default(),
        },
    })
}
