//! Writing reports for authorities, and releasing their parts.

use access::policy::Act;
use audit::Ground;
use kernel::{IncidentRef, Viewer, boxed};
use serde_json::json;

use super::{NewSubmission, Part, SUBMISSIONS_MAX, Submission, store, wire::WriteBody};
use crate::{
    clocks::{Clocks, Filing},
    error::Error,
    model::{Incident, Invalid},
    ops::{begin, enter_filing, finish, load},
    record::Code,
    store::clocks::clocks,
};

/// The reports of an incident for authorities, the first one first, and its clocks.
#[boxed]
pub async fn submissions(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<(Vec<Submission>, Clocks), Error> {
    let mut tx = ground.db.begin_read().await?;
    let id = load(&mut tx, viewer, Act::CaseRead, public).await?.id;
    let all = store::submissions(&mut tx, id).await?;
    Ok((all, clocks(&mut tx, id).await?))
}

/// One report of an incident.
#[boxed]
pub async fn submission(
    ground: &Ground,
    viewer: &Viewer,
    (public, number): (IncidentRef, i64),
) -> Result<Submission, Error> {
    let (all, _) = submissions(ground, viewer, public).await?;
    let mut all = all.into_iter();
    all.find(|one| one.number == number).ok_or(Error::NotFound)
}

/// Writes a report. Nobody gets anything by that. Gives its number.
#[boxed]
pub async fn write(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    new: NewSubmission,
) -> Result<(Incident, i64), Error> {
    let (mut tx, incident, there) = begin(ground, viewer, public).await?;
    let before = store::submissions(&mut tx, incident.id).await?;
    if before.len() >= SUBMISSIONS_MAX {
        let (what, max) = ("submissions", SUBMISSIONS_MAX);
        return Err(Error::TooMany { what, max });
    }
    let new = new.checked(&there, &before)?;
    let ordinal = i64::try_from(before.len()).unwrap_or(i64::MAX);
    let (by, at) = (viewer.label(), (incident.id, ordinal));
    store::add(&mut tx, at, &new, (&by, ground.now())).await?;
    let body = WriteBody::from(&new);
    let code = Code::SubmissionWritten;
    let incident = finish(tx, ground, viewer, (code, incident), &body).await?;
    Ok((incident, ordinal.saturating_add(1)))
}

/// Releases parts of a report to an authority: from now on they have gone to it. The first release of
/// a stage to an authority is a filing with it.
#[boxed]
pub async fn release(
    ground: &Ground,
    viewer: &Viewer,
    (public, number, place): (IncidentRef, i64, i64),
    parts: &[Part],
) -> Result<Incident, Error> {
    let (mut tx, incident, there) = begin(ground, viewer, public).await?;
    let before = store::submissions(&mut tx, incident.id).await?;
    let found = before.into_iter().find(|one| one.number == number);
    let submission = found.ok_or(Error::NotFound)?;
    let recipient = submission.recipient(place).ok_or(Error::NotFound)?;
    let refused = Invalid {
        field: "parts",
        rule: "one or more that are meant for the authority and were not released to it",
    };
    if parts.is_empty() {
        return Err(refused.into());
    }
    let (by, now) = (viewer.label(), ground.now());
    let at = (incident.id, number.saturating_sub(1));
    for part in parts {
        if !store::release(&mut tx, at, (place, *part), (&by, now)).await? {
            return Err(refused.into());
        }
    }
    let filed = submission.timing(recipient, &there, now)?.filed;
    if filed.is_none() && there.follows(submission.regime.as_str()) {
        let filing = Filing {
            regime: submission.regime.clone(),
            stage: submission.stage.clone(),
            at: now,
            authority: recipient.name.clone(),
            reference: None,
            by: by.parse()?,
            entered_at: now,
        };
        enter_filing(&mut tx, incident.id, &there, &filing).await?;
    }
    let texts: Vec<_> = parts
        .iter()
        .map(|part| (part.as_str(), submission.text(*part)))
        .collect();
    let body = json!({
        "submission": number,
        "authority": recipient.name.as_str(),
        "parts": texts,
        "released_at": now.to_string(),
    });
    let code = Code::SubmissionReleased;
    finish(tx, ground, viewer, (code, incident), &body).await
}
