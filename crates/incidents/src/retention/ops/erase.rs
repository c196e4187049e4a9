//! The one operation: an incident with all that hangs on it, as a whole or but for what is counted.

use audit::Ground;
use db::Tx;
use kernel::{IncidentId, IncidentRef, Viewer};
use seal::Digest;

use crate::{
    error::Error,
    intake::ops::retained::{erase_of, forget_acts},
    model::{Facts, Period},
    ops::save,
    retention::{
        model::Counts,
        store::{family, parts as rows},
    },
    store,
};

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
    let (mut counts, mut files) = (Counts::default(), Vec::new());
    for member in family(tx, id).await? {
        let (row, public) = member;
        let gone = (&mut counts, &mut files);
        if row != id {
            remove(tx, ground, viewer, member, gone).await?;
            continue;
        }
        hanging(tx, ground, viewer, member, gone).await?;
        rows::clear(tx, member).await?;
        if let Some(mut incident) = store::find(tx, public).await? {
            strip(&mut incident.facts, public)?;
            save(tx, ground, incident).await?;
        }
        rows::mark(tx, row, ground.now()).await?;
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
    hanging(tx, ground, viewer, (id, public), gone).await?;
    rows::remove(tx, (id, public)).await?;
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
