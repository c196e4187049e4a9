//! Runs: begun when a remote is due, one at a time, and ended with what came of them.

use std::time::Duration;

use db::Tx;
use kernel::{RemoteId, RunId, Timestamp, Viewer, boxed};
use serde::{Deserialize, Serialize};

use super::credentials;
use crate::{
    Error, jobs,
    model::{Remote, RunOutcome},
    record,
    remotes::{Ended, Remotes, Trouble, Visit},
    store,
};

/// How long a run may go on before it ends and another goes on: less than a job may take.
const TIME_MAX: Duration = Duration::from_mins(2);
/// How long a run has a remote to itself, whatever becomes of its program.
const CLAIM: Duration = Duration::from_secs(270);
/// Runs of a remote that are kept.
const RUNS_KEPT: i64 = 500;
/// The first failure waits as if there had been so many already.
const FAILURES_BEFORE: u32 = 5;

/// What a job needs: whom to ask.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Errand {
    pub(crate) remote: RemoteId,
}

/// Plans the next run of every remote; at the start of a node, where jobs may have been given up.
#[boxed]
pub async fn plan_remotes(remotes: &Remotes) -> Result<(), Error> {
    let mut tx = remotes.ground.db.begin().await?;
    for (remote, due_at) in store::remote::enabled(&mut tx).await? {
        enqueue(&mut tx, remotes, remote, due_at).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Asks a remote, if it is due and nobody else is at it. Run twice, it asks once.
#[boxed]
pub(crate) async fn run_remote(remotes: &Remotes, errand: Errand) -> Result<(), Error> {
    let Some(visit) = begin(remotes, errand.remote).await? else {
        return Ok(());
    };
    let (remote, run) = (visit.remote.clone(), visit.run);
    let viewer = visit.viewer.clone();
    let ended = match remotes.handler(remote.kind) {
        Ok(handler) => (handler.run)(visit).await,
        Err(invalid) => Err(Trouble::lasting("intel.invalid", invalid.to_string())),
    };
    match run {
        Some(run) => end(remotes, &viewer, (&remote, run), ended).await,
        None => Ok(()),
    }
}

/// The visit of a new run; nothing if the remote is not due or another run has it.
async fn begin(remotes: &Remotes, id: RemoteId) -> Result<Option<Visit>, Error> {
    let ground = &remotes.ground;
    let now = ground.now();
    let mut tx = ground.db.begin().await?;
    let Some(remote) = store::remote::find(&mut tx, id).await? else {
        return Ok(None);
    };
    if !remote.settings.enabled || remote.due_at > now {
        return Ok(None);
    }
    let run = RunId::random(&*ground.rng);
    if !store::remote::claim(&mut tx, (id, run), now, now.plus(CLAIM)).await? {
        // Another run has it, or had it and is gone: look again when its claim is over.
        enqueue(&mut tx, remotes, id, remote.claimed_until).await?;
        tx.commit().await?;
        return Ok(None);
    }
    let gone = (
        "intel.run_abandoned",
        "the program ended before the run did",
    );
    store::run::abandon(&mut tx, id, now, gone).await?;
    store::run::insert(&mut tx, id, (run, now)).await?;
    store::run::prune(&mut tx, id, RUNS_KEPT).await?;
    let visit = visit(&mut tx, remotes, remote, Some(run)).await;
    match visit {
        Ok(visit) => {
            tx.commit().await?;
            Ok(Some(visit))
        }
        Err(error @ Error::Sealed) => {
            tx.commit().await?;
            let mut tx = ground.db.begin_read().await?;
            if let Some(remote) = store::remote::find(&mut tx, id).await? {
                drop(tx);
                let viewer = Viewer::node("remote", remotes.party.clone(), remote.mode);
                end(remotes, &viewer, (&remote, run), Err(error.into())).await?;
            }
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A visit with the remote's credentials.
pub(super) async fn visit(
    tx: &mut Tx,
    remotes: &Remotes,
    remote: Remote,
    run: Option<RunId>,
) -> Result<Visit, Error> {
    let sealed = store::remote::credentials(tx, remote.id).await?;
    Ok(Visit {
        credentials: credentials::open(remotes, remote.id, sealed)?,
        viewer: Viewer::node("remote", remotes.party.clone(), remote.mode),
        until: remotes.ground.now().plus(TIME_MAX),
        remotes: remotes.clone(),
        remote,
        run,
    })
}

/// Writes what came of a run, and when the next one is due.
async fn end(
    remotes: &Remotes,
    viewer: &Viewer,
    (remote, run): (&Remote, RunId),
    ended: Result<Ended, Trouble>,
) -> Result<(), Error> {
    let ground = &remotes.ground;
    let now = ground.now();
    let every = remote.settings.every;
    let (outcome, why, failures, wait) = match &ended {
        Ok(Ended::Complete) => (RunOutcome::Complete, None, 0, every),
        Ok(Ended::More {
            after,
            code,
            detail,
        }) => {
            let why = Some((*code, detail.as_str()));
            (RunOutcome::Cut, why, 0, *after)
        }
        Err(trouble) => {
            let outcome = if trouble.cut {
                RunOutcome::Cut
            } else {
                RunOutcome::Failed
            };
            let why = Some((trouble.code, trouble.detail.as_str()));
            let failures = remote.failures.saturating_add(1);
            (
                outcome,
                why,
                failures,
                pause(remotes, trouble, failures, every),
            )
        }
    };
    let mut tx = ground.db.begin().await?;
    store::run::end(&mut tx, run, (now, outcome), why).await?;
    let due_at = now.plus(wait);
    if store::remote::release(&mut tx, (remote.id, run), failures, due_at).await? {
        enqueue(&mut tx, remotes, remote.id, due_at).await?;
    }
    let done = store::run::find(&mut tx, remote.id, run).await?;
    if let Some(done) = done.filter(|done| !done.tally.is_nothing()) {
        record::run(&mut tx, ground, viewer, remote, &done).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// How long a remote is left alone after a failure: as long as it asks, or longer each time, and
/// what does not pass until its time comes.
fn pause(remotes: &Remotes, trouble: &Trouble, failures: i64, every: Duration) -> Duration {
    const LONGEST: Duration = Duration::from_hours(24);
    let failures = u32::try_from(failures).unwrap_or(u32::MAX);
    let back_off = if trouble.passing {
        let wait = queue::backoff(failures.saturating_add(FAILURES_BEFORE));
        queue::jittered(wait, &*remotes.ground.rng).min(every)
    } else {
        every
    };
    trouble.wait.unwrap_or_default().min(LONGEST).max(back_off)
}

async fn enqueue(
    tx: &mut Tx,
    remotes: &Remotes,
    remote: RemoteId,
    at: Timestamp,
) -> Result<(), Error> {
    let ground = &remotes.ground;
    ground
        .enqueue(tx, jobs::REMOTE, &Errand { remote }, at)
        .await?;
    Ok(())
}
