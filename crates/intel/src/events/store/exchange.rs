use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use kernel::RemoteId;
use serde_json::json;
use uuid::Uuid;

use super::search::labels;
use crate::events::model::{Exchanged, Indexed, Standing};

/// A page of the index of a collection: events of these labels, by number. It costs what is on it,
/// for all of it stands in the index.
pub(crate) async fn index(
    tx: &mut Tx,
    (slot, mask): (i64, i32),
    (after, most): (i64, u32),
) -> Result<Vec<Indexed>, DbError> {
    const FROM: Sql = Sql {
        sqlite: " FROM misp_event AS e INDEXED BY misp_event_index",
        postgres: " FROM misp_event AS e",
    };
    let mut statement = query(
        "SELECT e.id, e.uuid, e.tlp, e.timestamp, e.sighted_at, e.published, e.locked, \
         e.distribution, o.uuid AS orgc",
    );
    statement.push(FROM.on(tx));
    statement.push(" JOIN misp_org AS o ON o.id = e.orgc WHERE e.slot = ");
    statement.push_bind(slot);
    statement.push(" AND e.id > ").push_bind(after);
    statement.push(" AND e.tlp IN (");
    statement.push_list(labels(mask));
    statement
        .push(") ORDER BY e.id LIMIT ")
        .push_bind(i64::from(most));
    statement.fetch_all(tx).await
}

/// A page of what was exchanged with a remote, by UUID, behind one.
pub(crate) async fn page(
    tx: &mut Tx,
    remote: RemoteId,
    (after, most): (Uuid, i64),
) -> Result<Vec<Exchanged>, DbError> {
    const SQL: &str = "SELECT uuid, timestamp, standing, code FROM misp_exchanged \
                       WHERE remote = $1 AND uuid > $2 ORDER BY uuid LIMIT $3";
    let statement = query(SQL).bind(remote.uuid()).bind(after).bind(most);
    let rows: Vec<(Uuid, i64, String, Option<String>)> = statement.fetch_all(tx).await?;
    let rows = rows.into_iter().map(|(uuid, timestamp, standing, code)| {
        let corrupt = || Corrupt::new("misp_exchanged", "standing", &uuid);
        Ok(Exchanged {
            uuid,
            timestamp,
            standing: standing.parse::<Standing>().map_err(|_bad| corrupt())?,
            code,
        })
    });
    rows.collect()
}

/// Writes how events stand with a remote.
pub(crate) async fn write(
    tx: &mut Tx,
    remote: RemoteId,
    (events, at): (&[Exchanged], i64),
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO misp_exchanged (remote, uuid, timestamp, standing, code, at) \
                 SELECT $1, unhex(json_extract(value, '$[0]')), json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]'), json_extract(value, '$[3]'), $3 \
                 FROM json_each($2) WHERE true ON CONFLICT (remote, uuid) DO UPDATE SET \
                 timestamp = excluded.timestamp, standing = excluded.standing, \
                 code = excluded.code, at = excluded.at",
        postgres: "INSERT INTO misp_exchanged (remote, uuid, timestamp, standing, code, at) \
                   SELECT $1, CAST(value->>0 AS uuid), CAST(value->>1 AS bigint), value->>2, \
                   value->>3, $3 FROM json_array_elements(CAST($2 AS json)) AS t(value) \
                   ON CONFLICT (remote, uuid) DO UPDATE SET \
                   timestamp = excluded.timestamp, standing = excluded.standing, \
                   code = excluded.code, at = excluded.at",
    };
    if events.is_empty() {
        return Ok(());
    }
    let row = |one: &Exchanged| {
        let (uuid, standing) = (one.uuid.simple().to_string(), one.standing.as_str());
        json!([uuid, one.timestamp, standing, one.code])
    };
    let rows: Vec<_> = events.iter().map(row).collect();
    let statement = query(SQL.on(tx)).bind(remote.uuid());
    let statement = statement.bind(json!(rows).to_string()).bind(at);
    statement.execute(tx).await?;
    Ok(())
}
