//! Servers of other makers: which there are, and how exchanges with them go.

mod credentials;
mod run;

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{CollectionRef, Page, PageRequest, RemoteId, RunId, Timestamp, Viewer, boxed};
use outward::Credentials;

use super::look::writable_in;
use crate::{
    Error, jobs,
    model::{Direction, Here, Invalid, Note, Remote, RemoteKind, RemoteSettings, Run, TestStep},
    record,
    remotes::Remotes,
    store,
};

pub use run::plan_remotes;
pub(crate) use run::{Errand, run_remote};

/// The most remotes of a mode.
pub const REMOTES_MAX: i64 = 200;

/// A remote to be added.
#[derive(Clone, Debug)]
pub struct NewRemote {
    /// What it speaks.
    pub kind: RemoteKind,
    /// Which way objects go.
    pub direction: Direction,
    /// The root and the id or alias of our collection.
    pub here: (String, String),
    /// What people decide.
    pub settings: RemoteSettings,
    /// Who we are there.
    pub credentials: Credentials,
}

/// What is to be changed of a remote.
#[derive(Clone, Debug)]
pub struct RemoteChange {
    /// The version that the caller has seen.
    pub version: i64,
    /// The root and the id or alias of our collection.
    pub here: (String, String),
    /// What people decide.
    pub settings: RemoteSettings,
    /// Who we are there; nothing keeps what there is, as long as the server is the same.
    pub credentials: Option<Credentials>,
}

/// The remotes of the viewer's mode, by name, each with its newest run.
#[boxed]
pub async fn remotes(
    remotes: &Remotes,
    viewer: &Viewer,
) -> Result<Vec<(Remote, Option<Run>)>, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let newest = PageRequest {
        limit: kernel::Limit::new(1).unwrap_or_default(),
        ..PageRequest::default()
    };
    let mut tx = remotes.ground.db.begin_read().await?;
    let mut all = Vec::new();
    for remote in store::remote::list(&mut tx, viewer.mode, REMOTES_MAX).await? {
        let runs = store::run::list(&mut tx, remote.id, newest).await?;
        all.push((remote, runs.items.into_iter().next()));
    }
    Ok(all)
}

/// The remotes of the viewer's mode to which a collection goes by itself.
#[boxed]
pub async fn pushed_to(
    ground: &Ground,
    viewer: &Viewer,
    collection: CollectionRef,
) -> Result<Vec<Remote>, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let mut tx = ground.db.begin_read().await?;
    let all = store::remote::list(&mut tx, viewer.mode, REMOTES_MAX).await?;
    let goes = |remote: &Remote| {
        let is_push = remote.direction == Direction::Push;
        is_push && remote.settings.enabled && remote.here.collection == collection
    };
    Ok(all.into_iter().filter(goes).collect())
}

/// A remote.
#[boxed]
pub async fn remote(remotes: &Remotes, viewer: &Viewer, id: RemoteId) -> Result<Remote, Error> {
    let mut tx = remotes.ground.db.begin_read().await?;
    known(&mut tx, viewer, id).await
}

/// Adds a remote. One that is enabled is asked at once.
#[boxed]
pub async fn add_remote(
    remotes: &Remotes,
    viewer: &Viewer,
    new: NewRemote,
) -> Result<Remote, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let settings = new.settings.checked(new.direction)?;
    (remotes.handler(new.kind)?.check)(&settings, new.direction)?;
    let ground = &remotes.ground;
    let now = ground.now();
    let mut tx = ground.db.begin().await?;
    // Serialises, so that the limit holds.
    store::lock_place(&mut tx).await?;
    let there = store::remote::list(&mut tx, viewer.mode, REMOTES_MAX).await?;
    let most = usize::try_from(REMOTES_MAX).unwrap_or(usize::MAX);
    if there.len() >= most {
        return Err(Error::TooMany {
            what: "remotes",
            max: most,
        });
    }
    let (here, slot) = ours(&mut tx, viewer, &new.here).await?;
    let id = RemoteId::random(&*ground.rng);
    let sealed = credentials::seal(remotes, id, &new.credentials)?;
    let remote = Remote {
        id,
        mode: viewer.mode,
        kind: new.kind,
        direction: new.direction,
        here,
        slot,
        settings,
        scheme: credentials::scheme(&new.credentials).to_owned(),
        state: "{}".to_owned(),
        failures: 0,
        due_at: now,
        claimed_until: Timestamp::from_micros(0),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    if !store::remote::insert(&mut tx, &remote, sealed).await? {
        return Err(taken(&remote));
    }
    record::remote(&mut tx, ground, viewer, "intel.remote_added", &remote).await?;
    plan(&mut tx, remotes, &remote).await?;
    tx.commit().await?;
    Ok(remote)
}

/// Changes a remote. Where another server, another part of it or another collection of ours is meant
/// from now on, the exchange begins anew.
#[boxed]
pub async fn edit_remote(
    remotes: &Remotes,
    viewer: &Viewer,
    id: RemoteId,
    change: RemoteChange,
) -> Result<Remote, Error> {
    let ground = &remotes.ground;
    let mut tx = ground.db.begin().await?;
    let before = known(&mut tx, viewer, id).await?;
    let stale = Error::Stale {
        given: change.version,
        current: before.version,
    };
    if before.version != change.version {
        return Err(stale);
    }
    let settings = change.settings.checked(before.direction)?;
    (remotes.handler(before.kind)?.check)(&settings, before.direction)?;
    let (here, slot) = ours(&mut tx, viewer, &change.here).await?;
    let same_server = settings.address.origin() == before.settings.address.origin();
    let keeps = change.credentials.is_none() && before.scheme != "none";
    if keeps && !same_server {
        return Err(Error::Invalid(Invalid {
            field: "credentials",
            rule: "to be given again when the server is another",
        }));
    }
    let same = settings.address == before.settings.address
        && settings.selection == before.settings.selection
        && slot == before.slot;
    let now = ground.now();
    let mut remote = Remote {
        here,
        slot,
        settings,
        state: if same { before.state } else { "{}".to_owned() },
        failures: 0,
        due_at: now,
        version: before.version + 1,
        updated_at: now,
        ..before
    };
    let name = remote.settings.name.as_str();
    if store::remote::is_taken(&mut tx, (id, remote.mode), name).await? {
        return Err(taken(&remote));
    }
    if !store::remote::update(&mut tx, &remote).await? {
        return Err(stale);
    }
    if let Some(given) = &change.credentials {
        let sealed = credentials::seal(remotes, id, given)?;
        credentials::scheme(given).clone_into(&mut remote.scheme);
        store::remote::set_credentials(&mut tx, id, (&remote.scheme, sealed)).await?;
    }
    record::remote(&mut tx, ground, viewer, "intel.remote_edited", &remote).await?;
    plan(&mut tx, remotes, &remote).await?;
    tx.commit().await?;
    Ok(remote)
}

/// Forgets a remote with its runs. What came from it stays.
#[boxed]
pub async fn remove_remote(remotes: &Remotes, viewer: &Viewer, id: RemoteId) -> Result<(), Error> {
    let ground = &remotes.ground;
    let mut tx = ground.db.begin().await?;
    let remote = known(&mut tx, viewer, id).await?;
    store::remote::delete(&mut tx, id).await?;
    record::remote(&mut tx, ground, viewer, "intel.remote_removed", &remote).await?;
    tx.commit().await?;
    Ok(())
}

/// Has a remote asked now and not at its time.
#[boxed]
pub async fn start_remote(
    remotes: &Remotes,
    viewer: &Viewer,
    id: RemoteId,
) -> Result<Remote, Error> {
    let ground = &remotes.ground;
    let mut tx = ground.db.begin().await?;
    let mut remote = known(&mut tx, viewer, id).await?;
    if !remote.settings.enabled {
        return Err(Error::Disabled);
    }
    remote.due_at = ground.now();
    if !store::remote::make_due(&mut tx, id, remote.due_at).await? {
        return Err(Error::Running);
    }
    record::remote(&mut tx, ground, viewer, "intel.remote_started", &remote).await?;
    plan(&mut tx, remotes, &remote).await?;
    tx.commit().await?;
    Ok(remote)
}

/// Tries whether exchanges with a remote would work, step by step, and changes nothing.
#[boxed]
pub async fn test_remote(
    remotes: &Remotes,
    viewer: &Viewer,
    id: RemoteId,
) -> Result<Vec<TestStep>, Error> {
    let mut tx = remotes.ground.db.begin_read().await?;
    let remote = known(&mut tx, viewer, id).await?;
    let visit = run::visit(&mut tx, remotes, remote, None).await?;
    drop(tx);
    let handler = remotes.handler(visit.remote.kind)?;
    Ok((handler.test)(visit).await)
}

/// The runs of a remote, newest first.
#[boxed]
pub async fn runs(
    remotes: &Remotes,
    viewer: &Viewer,
    id: RemoteId,
    page: PageRequest,
) -> Result<Page<Run>, Error> {
    let mut tx = remotes.ground.db.begin_read().await?;
    known(&mut tx, viewer, id).await?;
    Ok(store::run::list(&mut tx, id, page).await?)
}

/// A run of a remote with its notes.
#[boxed]
pub async fn run(
    remotes: &Remotes,
    viewer: &Viewer,
    id: RemoteId,
    run: RunId,
) -> Result<(Run, Vec<Note>), Error> {
    let mut tx = remotes.ground.db.begin_read().await?;
    known(&mut tx, viewer, id).await?;
    let found = store::run::find(&mut tx, id, run).await?;
    let found = found.ok_or(Error::NotFound { what: "run" })?;
    let notes = store::run::notes(&mut tx, run).await?;
    Ok((found, notes))
}

async fn known(tx: &mut Tx, viewer: &Viewer, id: RemoteId) -> Result<Remote, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let found = store::remote::find(tx, id).await?;
    let found = found.filter(|remote| remote.mode == viewer.mode);
    found.ok_or(Error::NotFound { what: "remote" })
}

/// The collection that takes part, if the viewer may write to it himself.
async fn ours(
    tx: &mut Tx,
    viewer: &Viewer,
    (root, name): &(String, String),
) -> Result<(Here, i64), Error> {
    let shown = writable_in(tx, viewer, (root, name), Act::IntelWrite).await?;
    let here = Here {
        root: shown.collection.root.clone(),
        collection: shown.collection.public,
    };
    Ok((here, shown.collection.slot))
}

/// A job for when the remote is due, if it is asked by itself.
async fn plan(tx: &mut Tx, remotes: &Remotes, remote: &Remote) -> Result<(), Error> {
    if remote.settings.enabled {
        let ground = &remotes.ground;
        let errand = Errand { remote: remote.id };
        ground
            .enqueue(tx, jobs::REMOTE, &errand, remote.due_at)
            .await?;
    }
    Ok(())
}

fn taken(remote: &Remote) -> Error {
    Error::Taken {
        name: remote.settings.name.to_string(),
    }
}
