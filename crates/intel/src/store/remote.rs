use std::time::Duration;

use db::{Corrupt, DbError, Tx, query};
use kernel::{CollectionRef, Mode, RemoteId, RunId, Timestamp, Tlp};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::model::{Here, Remote, RemoteSettings};

/// The columns of a remote with its collection, in the order of [`Row`].
macro_rules! columns {
    () => {
        "r.id, r.exercise, r.kind, r.direction, r.name, r.address, r.slot, c.root, c.public_id, \
         r.selection, r.label, r.every_s, r.enabled, r.authority, r.scheme, r.state, r.failures, \
         r.due_at, r.claimed_until, r.version, r.created_at, r.updated_at \
         FROM intel_remote AS r JOIN collection AS c ON c.slot = r.slot"
    };
}

db::row! {
    struct Row {
        id: Uuid,
        exercise: bool,
        kind: String,
        direction: String,
        name: String,
        address: String,
        slot: i64,
        root: String,
        public_id: Uuid,
        selection: String,
        label: i32,
        every_s: i64,
        enabled: bool,
        authority: Option<String>,
        scheme: String,
        state: String,
        failures: i64,
        due_at: i64,
        claimed_until: i64,
        version: i64,
        created_at: i64,
        updated_at: i64,
    }
}

impl TryFrom<Row> for Remote {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let corrupt = |column| Corrupt::new("intel_remote", column, &row.id);
        let selection: Map<String, Value> =
            serde_json::from_str(&row.selection).map_err(|_bad| corrupt("selection"))?;
        let label = Tlp::ALL.into_iter().find(|tlp| tlp.code() == row.label);
        let every = u64::try_from(row.every_s).map_err(|_bad| corrupt("every_s"))?;
        Ok(Self {
            id: RemoteId::from_uuid(row.id),
            mode: Mode::from_exercise(row.exercise),
            kind: row.kind.parse().map_err(|_bad| corrupt("kind"))?,
            direction: row.direction.parse().map_err(|_bad| corrupt("direction"))?,
            here: Here {
                root: row.root.parse().map_err(|_bad| corrupt("root"))?,
                collection: CollectionRef::from_uuid(row.public_id),
            },
            slot: row.slot,
            settings: RemoteSettings {
                name: row.name.parse().map_err(|_bad| corrupt("name"))?,
                address: row.address.parse().map_err(|_bad| corrupt("address"))?,
                selection,
                label: label.ok_or_else(|| corrupt("label"))?,
                every: Duration::from_secs(every),
                enabled: row.enabled,
                authority: row.authority,
            },
            scheme: row.scheme,
            state: row.state,
            failures: row.failures,
            due_at: Timestamp::from_micros(row.due_at),
            claimed_until: Timestamp::from_micros(row.claimed_until),
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

/// The remotes of a mode, by name, up to `most`.
pub(crate) async fn list(tx: &mut Tx, mode: Mode, most: i64) -> Result<Vec<Remote>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " WHERE r.exercise = $1 ORDER BY r.name LIMIT $2"
    );
    let statement = query(SQL).bind(mode.is_exercise()).bind(most);
    let rows: Vec<Row> = statement.fetch_all(tx).await?;
    rows.into_iter().map(Remote::try_from).collect()
}

/// The remote with that id.
pub(crate) async fn find(tx: &mut Tx, id: RemoteId) -> Result<Option<Remote>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " WHERE r.id = $1");
    let row: Option<Row> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    row.map(Remote::try_from).transpose()
}

/// The sealed credentials of a remote.
pub(crate) async fn credentials(tx: &mut Tx, id: RemoteId) -> Result<Option<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT credentials FROM intel_remote WHERE id = $1";
    let row: Option<(Option<Vec<u8>>,)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.and_then(|(credentials,)| credentials))
}

/// Writes a new remote. False if its name is taken.
pub(crate) async fn insert(
    tx: &mut Tx,
    remote: &Remote,
    credentials: Option<Vec<u8>>,
) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO intel_remote (id, exercise, kind, direction, name, address, \
                       slot, selection, label, every_s, enabled, authority, scheme, credentials, \
                       state, failures, due_at, claimed_until, version, created_at, updated_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
                       $16, $17, $18, $19, $20, $21) ON CONFLICT (exercise, name) DO NOTHING";
    let settings = &remote.settings;
    let written = query(SQL)
        .bind(remote.id.uuid())
        .bind(remote.mode.is_exercise())
        .bind(remote.kind.as_str())
        .bind(remote.direction.as_str())
        .bind(settings.name.as_str())
        .bind(settings.address.to_string())
        .bind(remote.slot)
        .bind(Value::Object(settings.selection.clone()).to_string())
        .bind(settings.label.code())
        .bind(seconds(settings.every))
        .bind(settings.enabled)
        .bind(settings.authority.clone())
        .bind(remote.scheme.as_str())
        .bind(credentials)
        .bind(remote.state.as_str())
        .bind(remote.failures)
        .bind(remote.due_at.as_micros())
        .bind(remote.claimed_until.as_micros())
        .bind(remote.version)
        .bind(remote.created_at.as_micros())
        .bind(remote.updated_at.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Writes a changed remote, whose version is one above the stored one; a run that is under way has
/// lost it. False if the stored version is another.
pub(crate) async fn update(tx: &mut Tx, remote: &Remote) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE intel_remote SET name = $2, address = $3, slot = $4, \
                       selection = $5, label = $6, every_s = $7, enabled = $8, authority = $9, \
                       state = $10, failures = $11, due_at = $12, version = $13, \
                       updated_at = $14, running = NULL, claimed_until = 0 \
                       WHERE id = $1 AND version = $13 - 1";
    let settings = &remote.settings;
    let written = query(SQL)
        .bind(remote.id.uuid())
        .bind(settings.name.as_str())
        .bind(settings.address.to_string())
        .bind(remote.slot)
        .bind(Value::Object(settings.selection.clone()).to_string())
        .bind(settings.label.code())
        .bind(seconds(settings.every))
        .bind(settings.enabled)
        .bind(settings.authority.clone())
        .bind(remote.state.as_str())
        .bind(remote.failures)
        .bind(remote.due_at.as_micros())
        .bind(remote.version)
        .bind(remote.updated_at.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Whether another remote of the mode has that name.
pub(crate) async fn is_taken(
    tx: &mut Tx,
    (id, mode): (RemoteId, Mode),
    name: &str,
) -> Result<bool, DbError> {
    const SQL: &str = "SELECT count(*) FROM intel_remote WHERE exercise = $1 AND name = $2 \
                       AND id <> $3";
    let statement = query(SQL).bind(mode.is_exercise()).bind(name);
    let (others,): (i64,) = statement.bind(id.uuid()).fetch_one(tx).await?;
    Ok(others > 0)
}

/// Gives a remote other credentials.
pub(crate) async fn set_credentials(
    tx: &mut Tx,
    id: RemoteId,
    (scheme, sealed): (&str, Option<Vec<u8>>),
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE intel_remote SET scheme = $2, credentials = $3 WHERE id = $1";
    let statement = query(SQL).bind(id.uuid()).bind(scheme).bind(sealed);
    statement.execute(tx).await?;
    Ok(())
}

/// Forgets a remote and its runs. False if there is none.
pub(crate) async fn delete(tx: &mut Tx, id: RemoteId) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM intel_remote WHERE id = $1";
    Ok(query(SQL).bind(id.uuid()).execute(tx).await? == 1)
}

/// Makes a remote due. False while a run has it.
pub(crate) async fn make_due(tx: &mut Tx, id: RemoteId, at: Timestamp) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE intel_remote SET due_at = $2 WHERE id = $1 AND claimed_until <= $2";
    let statement = query(SQL).bind(id.uuid()).bind(at.as_micros());
    Ok(statement.execute(tx).await? == 1)
}

/// Takes a remote that is due for a run alone. False if another was quicker.
pub(crate) async fn claim(
    tx: &mut Tx,
    (id, run): (RemoteId, RunId),
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE intel_remote SET running = $2, claimed_until = $4 \
                       WHERE id = $1 AND enabled = $5 AND due_at <= $3 AND claimed_until <= $3";
    let written = query(SQL)
        .bind(id.uuid())
        .bind(run.uuid())
        .bind(now.as_micros())
        .bind(until.as_micros())
        .bind(true)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Writes how far a run has come. False if the remote is no longer the run's.
pub(crate) async fn advance(
    tx: &mut Tx,
    (id, run): (RemoteId, RunId),
    state: &str,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE intel_remote SET state = $3 WHERE id = $1 AND running = $2";
    let statement = query(SQL).bind(id.uuid()).bind(run.uuid()).bind(state);
    Ok(statement.execute(tx).await? == 1)
}

/// Lets a remote go at the end of a run. False if it is no longer the run's.
pub(crate) async fn release(
    tx: &mut Tx,
    (id, run): (RemoteId, RunId),
    failures: i64,
    due_at: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE intel_remote SET running = NULL, claimed_until = 0, failures = $3, \
                       due_at = $4 WHERE id = $1 AND running = $2";
    let written = query(SQL)
        .bind(id.uuid())
        .bind(run.uuid())
        .bind(failures)
        .bind(due_at.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// The remotes that are asked by themselves, and when each is due.
pub(crate) async fn enabled(tx: &mut Tx) -> Result<Vec<(RemoteId, Timestamp)>, DbError> {
    const SQL: &str = "SELECT id, due_at FROM intel_remote WHERE enabled = $1 ORDER BY id";
    let rows: Vec<(Uuid, i64)> = query(SQL).bind(true).fetch_all(tx).await?;
    let of = |(id, due): (Uuid, i64)| (RemoteId::from_uuid(id), Timestamp::from_micros(due));
    Ok(rows.into_iter().map(of).collect())
}

fn seconds(every: Duration) -> i64 {
    i64::try_from(every.as_secs()).unwrap_or(i64::MAX)
}
