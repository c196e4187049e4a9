use access::policy::{self, Act};
use audit::Ground;
use kernel::{IncidentRef, Timestamp, Viewer, boxed};

use super::{load, subject, touch, view::complete};
use crate::{
    course::{AT_ONCE_MAX, Content, Course, Draft, ENTRIES_MAX, Entry, check},
    error::Error,
    model::{Case, Incident, Invalid},
    record::{self, Code},
    store::course,
    wire::EntryBody,
};

/// Adds to the course of an incident, all drafts or none. A draft about a step, a vendor or a system says
/// which entry about it was seen last, so that two officers do not overwrite each other.
#[boxed]
pub async fn enter(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    drafts: Vec<Draft>,
) -> Result<(Incident, Vec<u32>), Error> {
    if drafts.is_empty() || drafts.len() > AT_ONCE_MAX {
        return Err(Invalid {
            field: "entries",
            rule: "1 to 500 at once",
        }
        .into());
    }
    let now = ground.now();
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let mut there = course::entries(&mut tx, incident.id).await?;
    let first = there.len();
    if first.saturating_add(drafts.len()) > ENTRIES_MAX {
        return Err(Error::TooMany {
            what: "entries of the course",
            max: ENTRIES_MAX,
        });
    }
    for draft in drafts {
        let number = there.last().map_or(0, |last| last.number.saturating_add(1));
        let entry = entered(&there, draft, (number, now), viewer)?;
        course::add(&mut tx, incident.id, &entry).await?;
        there.push(entry);
    }
    let new = there.get(first..).unwrap_or_default();
    let incident = touch(&mut tx, ground, incident).await?;
    let body: Vec<EntryBody> = new.iter().map(EntryBody::from).collect();
    let code = if new.iter().any(|entry| entry.corrects.is_some()) {
        Code::CourseCorrected
    } else {
        Code::CourseEntered
    };
    record::added(&mut tx, ground, viewer, code, (&incident, &body)).await?;
    tx.commit().await?;
    let numbers = new.iter().map(|entry| entry.number).collect();
    Ok((incident, numbers))
}

/// The entry that a draft makes beside those that are there.
fn entered(
    there: &[Entry],
    draft: Draft,
    (number, now): (u32, Timestamp),
    viewer: &Viewer,
) -> Result<Entry, Error> {
    let so_far = Course::of(there);
    if let Some(correction) = &draft.corrects {
        let given = correction.number;
        let known = there.iter().find(|entry| entry.number == given);
        let known = known.ok_or(Invalid {
            field: "corrects",
            rule: "the number of an entry of this incident",
        })?;
        if so_far.is_corrected(given) {
            return Err(Error::EnteredMeanwhile {
                given: Some(given),
                current: so_far.resolve(given),
            });
        }
        let taken_back = draft.content == Content::Withdrawn;
        if !taken_back && known.content.kind() != draft.content.kind() {
            return Err(Invalid {
                field: "corrects",
                rule: "an entry of the same kind",
            }
            .into());
        }
    } else if let Some(current) = so_far.last_about(&draft.content)
        && draft.seen != Some(current)
    {
        return Err(Error::EnteredMeanwhile {
            given: draft.seen,
            current,
        });
    }
    check(&so_far, &draft, now)?;
    Ok(Entry {
        number,
        content: draft.content,
        source: draft.source,
        corrects: draft.corrects,
        by: viewer.label().parse()?,
        entered_at: now,
    })
}

/// The entry with everything that belongs to it, for a file that leaves the house, which is recorded.
#[boxed]
pub async fn take_out(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<Case, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentRead, public).await?;
    policy::check(viewer, Act::IncidentExport, &subject(viewer, &incident))
        .map_err(Error::Refused)?;
    let case = complete(&mut tx, incident).await?;
    record::export(&mut tx, ground, viewer, std::slice::from_ref(&case)).await?;
    tx.commit().await?;
    Ok(case)
}
