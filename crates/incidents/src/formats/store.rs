//! SQL of imports: what is there of many entries, and what many were taken from.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, IncidentRef, Mode, Tlp, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::store::taken::Taken;

/// What is there under an id.
#[derive(Clone, Debug)]
pub(crate) struct There {
    pub(crate) public: IncidentRef,
    pub(crate) mode: Mode,
    pub(crate) tlp: Tlp,
    /// Whether it names the user who asks as its reader.
    pub(crate) named: bool,
    pub(crate) version: i64,
    /// The digest of what it was taken from, and the version that was written then.
    pub(crate) taken: Option<([u8; 32], i64)>,
}

db::row! {
    struct ThereRow {
        id: Uuid,
        public_id: Uuid,
        exercise: bool,
        tlp: i32,
        version: i64,
        taken_sha256: Option<Vec<u8>>,
        taken_version: Option<i64>,
        names: i64,
    }
}

/// What is there under these ids, for a user.
pub(crate) async fn there(
    tx: &mut Tx,
    publics: &[IncidentRef],
    user: Option<UserId>,
) -> Result<Vec<There>, DbError> {
    if publics.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = query(
        "SELECT i.id AS id, i.public_id AS public_id, i.exercise AS exercise, i.tlp AS tlp, \
         i.version AS version, t.sha256 AS taken_sha256, t.version AS taken_version, \
         (SELECT count(*) FROM incident_named n WHERE n.incident = i.id AND n.user_id = ",
    );
    let nobody = Uuid::nil();
    sql.push_bind(user.map_or(nobody, UserId::uuid));
    sql.push(
        ") AS names FROM incident i LEFT JOIN incident_taken t ON t.incident = i.id \
         WHERE i.public_id IN (",
    );
    sql.push_list(publics.iter().map(|public| public.uuid()))
        .push(")");
    let rows: Vec<ThereRow> = sql.fetch_all(tx).await?;
    let there = |row: ThereRow| {
        let bad = |_length| Corrupt::new("incident_taken", "sha256", &row.id);
        let taken = match (row.taken_sha256, row.taken_version) {
            (Some(sha256), Some(version)) => Some((sha256.try_into().map_err(bad)?, version)),
            _ => None,
        };
        Ok(There {
            public: IncidentRef::from_uuid(row.public_id),
            mode: Mode::from_exercise(row.exercise),
            tlp: Tlp::from_code(row.tlp),
            named: row.names > 0,
            version: row.version,
            taken,
        })
    };
    rows.into_iter().map(there).collect()
}

/// Remembers what entries that are new were taken from.
pub(crate) async fn keep(tx: &mut Tx, taken: Vec<(IncidentId, Taken)>) -> Result<(), DbError> {
    const INTO: &str = "INSERT INTO incident_taken (incident, sha256, version, kept)";
    let rows = taken.into_iter().map(|(id, taken)| {
        [
            id.uuid().into(),
            taken.sha256.to_vec().into(),
            taken.version.into(),
            Value::Object(taken.kept).to_string().into(),
        ]
    });
    db::rows((INTO, ""), rows).insert(tx).await
}
