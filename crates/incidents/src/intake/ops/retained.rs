//! Reports that are deleted because of what they led to, or because their time has passed.

use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Viewer};

use super::{save, store};
use crate::{error::Error, intake::model::Reference};

/// Erases what the reports say that led to an incident. Gives how many, and how many of their acts
/// lost their meaning.
pub(crate) async fn erase_of(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    incident: IncidentRef,
) -> Result<(u64, u64), Error> {
    let (mut reports, mut acts) = (0, 0);
    for reference in store::told_of(tx, incident).await? {
        acts += erase(tx, ground, viewer, &reference.parse()?).await?;
        reports += 1;
    }
    Ok((reports, acts))
}

/// Erases what a decided report says, with the acts on it; its number and what became of it stay, and
/// its mails go. Gives how many acts lost their meaning.
pub(crate) async fn erase(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    reference: &Reference,
) -> Result<u64, Error> {
    let Some(mut report) = store::find(tx, reference).await? else {
        return Ok(0);
    };
    (report.answers, report.note, report.reason) = (None, None, None);
    store::erase(tx, report.id).await?;
    let acts = forget_acts(tx, reference.as_str()).await?;
    save(tx, ground, viewer, "report.erased", report).await?;
    Ok(acts)
}

/// Deletes a report as a whole, with the acts on it; its mails go.
pub(crate) async fn remove(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    reference: &Reference,
) -> Result<u64, Error> {
    let acts = erase(tx, ground, viewer, reference).await?;
    if let Some(report) = store::find(tx, reference).await? {
        store::remove(tx, report.id).await?;
    }
    Ok(acts)
}

/// Erases what was recorded of a subject until now.
pub(crate) async fn forget_acts(tx: &mut Tx, subject: &str) -> Result<u64, Error> {
    let mut all = 0;
    loop {
        let some = audit::erase_subject(tx, subject).await?;
        all += some;
        if i64::try_from(some).unwrap_or(i64::MAX) < audit::ERASED_AT_ONCE {
            return Ok(all);
        }
    }
}
