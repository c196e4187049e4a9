//! The one operation: an incident with all that hangs on it, as a whole or but for what is counted.

use audit::Ground;
use db::{Tx, query, search};
use kernel::{IncidentId, IncidentRef, Viewer};
use seal::Digest;

use super::{model::Counts, store::family};
use crate::{
    error::Error,
    intake::ops::retained::{erase_of, forget_acts},
    model::{Facts, Period},
    ops::save,
    store,
};

/// What of the parts says something of somebody.
const PARTS: [&str; 22] = [
    "DELETE FROM incident_timeline WHERE incident = $1",
    "DELETE FROM incident_statement WHERE incident = $1",
    "DELETE FROM incident_link WHERE incident = $1",
    "DELETE FROM incident_attachment WHERE incident = $1",
    "DELETE FROM incident_course WHERE incident = $1",
    "DELETE FROM incident_task WHERE incident = $1",
    "DELETE FROM incident_note WHERE incident = $1",
    "DELETE FROM incident_mention WHERE incident = $1",
    "DELETE FROM incident_watch WHERE incident = $1",
    "DELETE FROM incident_indicator WHERE incident = $1",
    "DELETE FROM incident_change WHERE incident = $1",
    "DELETE FROM incident_lesson WHERE incident = $1",
    "DELETE FROM incident_item WHERE incident = $1",
    "DELETE FROM incident_hold WHERE incident = $1",
    "DELETE FROM incident_taken WHERE incident = $1",
    "UPDATE incident_assessment SET note = NULL WHERE incident = $1",
    "UPDATE incident_factor SET reason = CASE WHEN reason IS NULL THEN NULL ELSE '-' END, \
     evidence = '' WHERE incident = $1",
    "UPDATE incident_rating SET said_by = '-', source = NULL, note = NULL WHERE incident = $1",
    "UPDATE incident_filing SET reference = NULL WHERE incident = $1",
    "UPDATE incident_duty SET dropped_why = '-' WHERE incident = $1 AND dropped_why IS NOT NULL",
    "DELETE FROM incident_submission_part WHERE incident = $1",
    "UPDATE incident_split SET reason = '-' WHERE target = $1 OR source = $1",
];

/// Of figures of harm the numbers, their units and grades stay, and which measure they are of.
const HARM: &str = "UPDATE incident_harm SET what = coalesce(measure, unit), source = NULL, \
                    note = NULL, method = NULL, baseline = NULL, merge_key = NULL, cells = NULL, \
                    causality_evidence = CASE WHEN causality_evidence IS NULL THEN NULL ELSE '-' END, \
                    correction = CASE WHEN correction IS NULL THEN NULL ELSE '-' END \
                    WHERE incident = $1";

/// Deletes an incident and those that were merged into it, as a whole. Gives what went, and the
/// sealed files that nothing names any more.
pub(super) async fn whole(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<(Counts, Vec<Digest>), Error> {
    let (mut counts, mut files) = (Counts::default(), Vec::new());
    for member in family(tx, id).await? {
        remove(tx, ground, viewer, member, (&mut counts, &mut files)).await?;
    }
    Ok((counts, files))
}

/// Erases what names or describes somebody in an incident. Those that were merged into it count
/// nowhere any more and go as a whole; the merge cannot be taken back afterwards.
pub(super) async fn personal(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    id: IncidentId,
) -> Result<(Counts, Vec<Digest>), Error> {
    const LABELS: &str = "UPDATE incident_link SET label = target WHERE target = $1";
    const MARK: &str = "INSERT INTO incident_erased (incident, at) VALUES ($1, $2) \
                        ON CONFLICT (incident) DO UPDATE SET at = excluded.at";
    let (mut counts, mut files) = (Counts::default(), Vec::new());
    for member in family(tx, id).await? {
        let (row, public) = member;
        let gone = (&mut counts, &mut files);
        if row != id {
            remove(tx, ground, viewer, member, gone).await?;
            continue;
        }
        hanging(tx, ground, viewer, member, gone).await?;
        for sql in PARTS.into_iter().chain([HARM]) {
            query(sql).bind(row.uuid()).execute(tx).await?;
        }
        query(LABELS).bind(public.to_string()).execute(tx).await?;
        if let Some(mut incident) = store::find(tx, public).await? {
            strip(&mut incident.facts, public)?;
            save(tx, ground, incident).await?;
        }
        let mark = query(MARK).bind(row.uuid());
        mark.bind(ground.now().as_micros()).execute(tx).await?;
    }
    Ok((counts, files))
}

/// What an entry says of itself, without a name.
fn strip(facts: &mut Facts, public: IncidentRef) -> Result<(), Error> {
    facts.title = public.to_string().parse()?;
    facts.description = "".parse()?;
    facts.organisation = None;
    facts.sector_text = None;
    facts.period = Period::new(facts.period.from(), facts.period.to(), None)?;
    Ok(())
}

/// Deletes one entry.
async fn remove(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (id, public): (IncidentId, IncidentRef),
    gone: (&mut Counts, &mut Vec<Digest>),
) -> Result<(), Error> {
    const LINKS: &str = "DELETE FROM incident_link WHERE target = $1";
    const ROW: &str = "DELETE FROM incident WHERE id = $1";
    hanging(tx, ground, viewer, (id, public), gone).await?;
    query(LINKS).bind(public.to_string()).execute(tx).await?;
    search::remove(tx, search::Area::Incidents, id.uuid()).await?;
    query(ROW).bind(id.uuid()).execute(tx).await?;
    Ok(())
}

/// What hangs on an entry outside of its own rows: sealed files, reports, acts.
async fn hanging(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (id, public): (IncidentId, IncidentRef),
    (counts, files): (&mut Counts, &mut Vec<Digest>),
) -> Result<(), Error> {
    let gone = crate::evidence::store::files_of(tx, id).await?;
    let (reports, acts) = erase_of(tx, ground, viewer, public).await?;
    counts.entries += 1;
    counts.reports += reports;
    counts.files += u64::try_from(gone.len()).unwrap_or(u64::MAX);
    counts.acts += acts + forget_acts(tx, &public.to_string()).await?;
    files.extend(gone);
    Ok(())
}
