//! SQL of the register. Entries are in this file, their parts in [`parts`], lists in [`list`].

pub(crate) mod attention;
pub(crate) mod calendar;
pub(crate) mod classed;
pub(crate) mod clocks;
pub(crate) mod course;
mod facets;
pub(crate) mod harm;
pub(crate) mod indicators;
mod keyed;
pub(crate) mod list;
pub(crate) mod parts;
mod row;
pub(crate) mod severity;
pub(crate) mod taken;
pub(crate) mod tally;
pub(crate) mod work;
pub(crate) mod writing;

use db::{DbError, Tx, query};
use kernel::{IncidentId, IncidentRef, UserId};
use uuid::Uuid;

use crate::model::Incident;
use row::IncidentRow;
pub(crate) use row::{date, date_columns};

/// The columns of an entry, in the order of [`IncidentRow`].
macro_rules! columns {
    () => {
        "id, public_id, exercise, tlp, sort_at, status, status_at, status_by, kind, title, \
         description, organisation, victims, worldwide, sectors, sector_text, rsit_class, \
         rsit_type, rsit_version, from_at, from_fidelity, to_at, to_fidelity, period_text, \
         period_first, period_last, detected_at, detected_fidelity, reported_at, \
         reported_fidelity, determination, pap, cross_border, version, created_at, updated_at, \
         shipped_key, shipped_sha256, shipped_version"
    };
}

/// Writes an entry whose version is one above the stored one, or 1 for a new entry, with all that
/// lists are filtered by. False if the stored version is another.
pub(crate) async fn save(tx: &mut Tx, incident: &Incident) -> Result<bool, DbError> {
    const SQL: &str = concat!(
        "INSERT INTO incident (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, \
         $35, $36, $37, $38, $39) ON CONFLICT (id) DO UPDATE SET tlp = excluded.tlp, \
         sort_at = excluded.sort_at, status = excluded.status, status_at = excluded.status_at, \
         status_by = excluded.status_by, kind = excluded.kind, title = excluded.title, \
         description = excluded.description, organisation = excluded.organisation, \
         victims = excluded.victims, worldwide = excluded.worldwide, sectors = excluded.sectors, \
         sector_text = excluded.sector_text, rsit_class = excluded.rsit_class, \
         rsit_type = excluded.rsit_type, rsit_version = excluded.rsit_version, \
         from_at = excluded.from_at, from_fidelity = excluded.from_fidelity, \
         to_at = excluded.to_at, to_fidelity = excluded.to_fidelity, \
         period_text = excluded.period_text, period_first = excluded.period_first, \
         period_last = excluded.period_last, detected_at = excluded.detected_at, \
         detected_fidelity = excluded.detected_fidelity, reported_at = excluded.reported_at, \
         reported_fidelity = excluded.reported_fidelity, \
         determination = excluded.determination, pap = excluded.pap, \
         cross_border = excluded.cross_border, version = excluded.version, \
         updated_at = excluded.updated_at, shipped_key = excluded.shipped_key, \
         shipped_sha256 = excluded.shipped_sha256, shipped_version = excluded.shipped_version \
         WHERE incident.version = excluded.version - 1"
    );
    let row = IncidentRow::from(incident);
    let values = row.values().into_iter();
    let written = values.fold(query(SQL), db::Query::bind).execute(tx).await?;
    if written == 0 {
        return Ok(false);
    }
    if incident.version > 1 {
        facets::clear(tx, incident.id).await?;
    }
    facets::save(tx, incident).await?;
    Ok(true)
}

/// Writes entries that are not there, with all that lists are filtered by.
pub(crate) async fn insert(tx: &mut Tx, incidents: &[&Incident]) -> Result<(), DbError> {
    const INTO: &str = concat!("INSERT INTO incident (", columns!(), ")");
    let rows = incidents.iter().copied().map(IncidentRow::from);
    db::rows((INTO, ""), rows.map(IncidentRow::values))
        .insert(tx)
        .await?;
    facets::insert(tx, incidents).await
}

/// Raises the version of an entry to which something was added.
pub(crate) async fn touch(tx: &mut Tx, incident: &Incident) -> Result<bool, DbError> {
    const SQL: &str =
        "UPDATE incident SET version = $2, updated_at = $3 WHERE id = $1 AND version = $2 - 1";
    let written = query(SQL)
        .bind(incident.id.uuid())
        .bind(incident.version)
        .bind(incident.updated_at.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// The entry that others know by `public`, whoever asks: the op decides what may be shown.
pub(crate) async fn find(tx: &mut Tx, public: IncidentRef) -> Result<Option<Incident>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM incident WHERE public_id = $1");
    let row: Option<IncidentRow> = query(SQL).bind(public.uuid()).fetch_optional(tx).await?;
    complete(tx, row).await
}

/// The entry that was imported under a shipped key.
pub(crate) async fn find_shipped(tx: &mut Tx, key: &str) -> Result<Option<Incident>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM incident WHERE shipped_key = $1"
    );
    let row: Option<IncidentRow> = query(SQL).bind(key).fetch_optional(tx).await?;
    complete(tx, row).await
}

/// The entries after one, in the order of their ids; without the users that they name.
pub(crate) async fn after(tx: &mut Tx, id: Uuid, most: i64) -> Result<Vec<Incident>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM incident WHERE id > $1 ORDER BY id LIMIT $2"
    );
    let rows: Vec<IncidentRow> = query(SQL).bind(id).bind(most).fetch_all(tx).await?;
    let whole = rows.into_iter().map(|row| row.into_incident(Vec::new()));
    whole.collect()
}

async fn complete(tx: &mut Tx, row: Option<IncidentRow>) -> Result<Option<Incident>, DbError> {
    let Some(row) = row else { return Ok(None) };
    let named = named(tx, row.id()).await?;
    Ok(Some(row.into_incident(named)?))
}

async fn named(tx: &mut Tx, incident: IncidentId) -> Result<Vec<UserId>, DbError> {
    const SQL: &str = "SELECT user_id FROM incident_named WHERE incident = $1 ORDER BY user_id";
    let rows: Vec<(Uuid,)> = query(SQL).bind(incident.uuid()).fetch_all(tx).await?;
    Ok(rows
        .into_iter()
        .map(|(user,)| UserId::from_uuid(user))
        .collect())
}
