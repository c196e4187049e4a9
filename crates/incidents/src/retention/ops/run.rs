//! Deleting, one entry a transaction.

use access::policy::{self, Act};
use audit::Ground;
use db::{
    Tx, setting,
    wipe::{Compacted, thoroughly},
};
use kernel::{EvidenceRef, IncidentId, IncidentRef, Timestamp, Viewer, boxed, uuid_v7};
use seal::Digest;
use serde_json::json;

use super::{
    erase::{personal as strip, whole},
    held, keeping,
};
use crate::{
    error::{Error, EvidenceFault},
    evidence::{
        jobs::{REMOVE, RemoveJob},
        model::Deed,
        ops::{Said, record, remove_from},
        store as evidence,
    },
    intake::{
        ops::retained::{erase, remove},
        personal,
    },
    model::{Invalid, Line},
    ops::load,
    retention::{
        Shredder,
        model::{Candidate, Counts, Deletion, Done, Kept, Kind, Rule, day_of},
        store,
    },
};

/// How many candidates are read at once.
const PORTION: i64 = 100;
/// How large an SQLite file may be to be written anew after a run unasked: writers wait meanwhile.
const COMPACTED_BYTES_MAX: u64 = 256 << 20;

/// The setting that says whether something was deleted since the file was written anew.
const DUE: &str = "retention.compact";

/// What became of one candidate.
enum Fate {
    Deleted,
    Held,
    /// It is not what the rule is about any more.
    Gone,
}

/// Follows the rules: deletes what is due, up to `most` entries. What a hold keeps stays. Whatever ends
/// it, what was deleted is deleted as a whole, and the next run goes on.
#[boxed]
pub async fn run(shredder: &Shredder, viewer: &Viewer, most: u64) -> Result<Done, Error> {
    policy::check_house(viewer, Act::RetentionManage).map_err(Error::Refused)?;
    let ground = &shredder.ground;
    let today = day_of(ground.now());
    let exercise = viewer.mode.is_exercise();
    let mut tx = ground.db.begin_read().await?;
    let rules = store::rules(&mut tx, exercise).await?;
    drop(tx);
    let mut done = Done::default();
    for rule in rules {
        let Some(before) = rule.before(today) else {
            continue;
        };
        follow(shredder, viewer, (&rule, before), (&mut done, most)).await?;
    }
    wring(ground).await?;
    Ok(done)
}

/// Writes the database anew, whatever its size, so that nothing deleted is left in it.
#[boxed]
pub async fn compact(ground: &Ground, viewer: &Viewer) -> Result<Compacted, Error> {
    policy::check_house(viewer, Act::RetentionManage).map_err(Error::Refused)?;
    let done = ground.db.compact(None).await?;
    told(ground, done).await?;
    Ok(done)
}

/// The same where something was deleted since, and the file is small enough not to keep writers waiting.
async fn wring(ground: &Ground) -> Result<(), Error> {
    let mut tx = ground.db.begin_read().await?;
    let is_due = setting::read(&mut tx, DUE).await?.as_deref() == Some("1");
    drop(tx);
    if is_due {
        let done = ground.db.compact(Some(COMPACTED_BYTES_MAX)).await?;
        told(ground, done).await?;
    }
    Ok(())
}

async fn told(ground: &Ground, done: Compacted) -> Result<(), Error> {
    if matches!(done, Compacted::Whole | Compacted::NotHere) {
        let mut tx = ground.db.begin().await?;
        setting::write(&mut tx, DUE, "0").await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn follow(
    shredder: &Shredder,
    viewer: &Viewer,
    (rule, before): (&Rule, Timestamp),
    (done, most): (&mut Done, u64),
) -> Result<(), Error> {
    let ground = &shredder.ground;
    let exercise = viewer.mode.is_exercise();
    let mut last: Option<Candidate> = None;
    loop {
        let mut tx = ground.db.begin_read().await?;
        let page = (last.as_ref(), PORTION);
        let found = store::candidates(&mut tx, (rule, exercise), before, page).await?;
        drop(tx);
        if found.is_empty() {
            return Ok(());
        }
        for one in &found {
            if done.deleted >= most {
                done.more = true;
                return Ok(());
            }
            match follow_one(shredder, viewer, (rule, before), one).await? {
                Fate::Deleted => done.deleted += 1,
                Fate::Held => done.held += 1,
                Fate::Gone => {}
            }
        }
        last = found.into_iter().next_back();
    }
}

/// Deletes one candidate, unless it is held or not what the rule is about any more. Both are asked for
/// behind the lock that placing a hold takes as well.
async fn follow_one(
    shredder: &Shredder,
    viewer: &Viewer,
    (rule, before): (&Rule, Timestamp),
    one: &Candidate,
) -> Result<Fate, Error> {
    let ground = &shredder.ground;
    let exercise = viewer.mode.is_exercise();
    let mut tx = ground.db.begin().await?;
    thoroughly(&mut tx, true).await?;
    lock(&mut tx, rule.kind, one).await?;
    let rules = store::rules(&mut tx, exercise).await?;
    if !rules.contains(rule) || !store::is_still(&mut tx, (rule, exercise), before, one.id).await? {
        return Ok(Fate::Gone);
    }
    if !held(&mut tx, ground, rule.kind, one).await?.is_empty() {
        return Ok(Fate::Held);
    }
    let id = IncidentId::from_uuid(one.id);
    let (counts, files) = match rule.kind {
        Kind::Incident => whole(&mut tx, ground, viewer, id).await?,
        Kind::PersonalData => strip(&mut tx, ground, viewer, id).await?,
        Kind::Evidence => destroy(&mut tx, ground, viewer, one).await?,
        Kind::Draft | Kind::WaitingReport => {
            let acts = remove(&mut tx, ground, viewer, &one.subject.parse()?).await?;
            (report(acts), Vec::new())
        }
        Kind::RefusedReport => {
            let acts = erase(&mut tx, ground, viewer, &one.subject.parse()?).await?;
            (report(acts), Vec::new())
        }
    };
    let why = format!(
        "{} {} {}: {}",
        rule.kind, rule.since, rule.period, rule.basis
    );
    let said = (rule.kind, one.subject.as_str(), why);
    conclude(tx, shredder, viewer, said, (counts, files)).await?;
    Ok(Fate::Deleted)
}

fn report(acts: u64) -> Counts {
    Counts {
        reports: 1,
        acts,
        ..Counts::default()
    }
}

/// Waits for whoever writes of the same, and keeps others from it until the end.
async fn lock(tx: &mut Tx, kind: Kind, one: &Candidate) -> Result<(), Error> {
    let id = match kind {
        Kind::Draft | Kind::WaitingReport | Kind::RefusedReport => {
            store::incident_of_report(tx, one.id).await?
        }
        Kind::Evidence => {
            evidence::next_line(tx, EvidenceRef::from_uuid(one.id)).await?;
            store::incident_of(tx, one.id).await?.map(|(id, _)| id)
        }
        Kind::PersonalData | Kind::Incident => Some(IncidentId::from_uuid(one.id)),
    };
    if let Some(id) = id {
        lock_family(tx, id).await?;
    }
    Ok(())
}

async fn lock_family(tx: &mut Tx, id: IncidentId) -> Result<(), Error> {
    for (member, _) in store::family(tx, id).await? {
        store::lock(tx, member).await?;
    }
    Ok(())
}

/// Destroys the bytes of a piece of evidence. What was known of it and its custody stay.
async fn destroy(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    one: &Candidate,
) -> Result<(Counts, Vec<Digest>), Error> {
    let id = EvidenceRef::from_uuid(one.id);
    let Some((_, public)) = store::incident_of(tx, one.id).await? else {
        return Err(EvidenceFault::NotFound.into());
    };
    let files = evidence::pieces(tx, id).await?;
    evidence::destroy(tx, id).await?;
    let said = (Deed::Destroyed, Said::default());
    record(tx, ground, viewer, (public, id), said).await?;
    let counts = Counts {
        files: u64::try_from(files.len()).unwrap_or(u64::MAX),
        ..Counts::default()
    };
    Ok((counts, files))
}

/// Deletes one incident by hand, with those that were merged into it.
#[boxed]
pub async fn delete(
    shredder: &Shredder,
    viewer: &Viewer,
    (public, version): (IncidentRef, i64),
    why: &Line<500>,
) -> Result<(), Error> {
    if !personal::found(why.as_str()).is_empty() {
        let (field, rule) = ("reason", "without data of persons: it stays");
        return Err(Invalid { field, rule }.into());
    }
    let ground = &shredder.ground;
    let mut tx = ground.db.begin().await?;
    thoroughly(&mut tx, true).await?;
    let found = load(&mut tx, viewer, Act::IncidentDelete, public).await?;
    if crate::merge::store::is_merged(&mut tx, found.id).await? {
        return Err(Error::Merged);
    }
    lock_family(&mut tx, found.id).await?;
    let incident = load(&mut tx, viewer, Act::IncidentDelete, public).await?;
    if incident.version != version {
        let (given, current) = (version, incident.version);
        return Err(Error::Stale { given, current });
    }
    let kept = keeping(&mut tx, ground, incident.id, None).await?;
    if let Some(one) = kept.first() {
        return Err(match one.why {
            Kept::Hold => Error::Held,
            Kept::Sealed => EvidenceFault::Sealed.into(),
            Kept::HandedOver => EvidenceFault::Pending.into(),
        });
    }
    let gone = whole(&mut tx, ground, viewer, incident.id).await?;
    let subject = public.to_string();
    let said = (Kind::Incident, subject.as_str(), why.as_str().to_owned());
    conclude(tx, shredder, viewer, said, gone).await?;
    wring(ground).await
}

/// Writes down that it was deleted, commits, and removes the sealed files.
async fn conclude(
    mut tx: Tx,
    shredder: &Shredder,
    viewer: &Viewer,
    (kind, subject, why): (Kind, &str, String),
    (counts, files): (Counts, Vec<Digest>),
) -> Result<(), Error> {
    let ground = &shredder.ground;
    let now = ground.now();
    let one = Deletion {
        kind,
        subject: subject.to_owned(),
        at: now,
        who: viewer.label(),
        ground: why,
        counts,
    };
    let at = (uuid_v7(now, &*ground.rng), viewer.mode.is_exercise());
    store::add_deletion(&mut tx, at, &one).await?;
    let body = json!({
        "kind": kind.as_str(),
        "entries": counts.entries,
        "reports": counts.reports,
        "files": counts.files,
        "acts": counts.acts,
    });
    audit::act(&mut tx, ground, viewer, "retention.deleted", subject, &body).await?;
    if !files.is_empty() {
        let job = RemoveJob {
            files: files.clone(),
        };
        ground.enqueue(&mut tx, REMOVE, &job, now).await?;
    }
    setting::write(&mut tx, DUE, "1").await?;
    thoroughly(&mut tx, false).await?;
    tx.commit().await?;
    // At once; the job is for the case that this process ends here.
    remove_from(&shredder.files, files).await
}
