use db::{DbError, Query, Tx, dialect::Sql, query};
use serde_json::json;

use super::value::Sees;
use crate::model::Sighted;

/// Adds what entries say of others, by their places.
pub(crate) async fn insert(
    tx: &mut Tx,
    slot: i64,
    sighted: &[(i64, &Sighted)],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO intel_sighting (slot, added, of_id, kind, count, first_at, last_at, \
                 author) SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]'), json_extract(value, '$[3]'), \
                 json_extract(value, '$[4]'), json_extract(value, '$[5]'), \
                 json_extract(value, '$[6]') FROM json_each($2) WHERE true ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO intel_sighting (slot, added, of_id, kind, count, first_at, \
                   last_at, author) SELECT $1, CAST(value->>0 AS bigint), value->>1, \
                   CAST(value->>2 AS integer), CAST(value->>3 AS bigint), \
                   CAST(value->>4 AS bigint), CAST(value->>5 AS bigint), value->>6 \
                   FROM json_array_elements(CAST($2 AS json)) AS t(value) ON CONFLICT DO NOTHING",
    };
    if sighted.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = sighted
        .iter()
        .map(|(place, said)| {
            let times = (said.first_us, said.last_us);
            json!([
                place,
                said.of,
                said.kind.code(),
                said.count,
                times.0,
                times.1,
                said.author
            ])
        })
        .collect();
    let statement = query(SQL.on(tx)).bind(slot);
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// Takes out what an entry says of another.
pub(crate) async fn delete(tx: &mut Tx, slot: i64, place: i64, of: &str) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM intel_sighting WHERE of_id = $1 AND slot = $2 AND added = $3";
    query(SQL)
        .bind(of)
        .bind(slot)
        .bind(place)
        .execute(tx)
        .await?;
    Ok(())
}

db::row! {
    /// What an entry says of another, and who says it: the identity that it names, and the one that
    /// this node knows of.
    #[derive(Clone, Debug)]
    pub(crate) struct Said {
        pub(crate) kind: i32,
        pub(crate) count: i64,
        pub(crate) first_at: i64,
        pub(crate) last_at: i64,
        pub(crate) author: String,
        pub(crate) unnamed: Option<String>,
    }
}

/// What is said of an object by entries that the viewer sees, the newest first.
pub(crate) async fn of(
    tx: &mut Tx,
    id: &str,
    sees: &Sees,
    most: i64,
) -> Result<Vec<Said>, DbError> {
    let mut statement = query(
        "SELECT s.kind, s.count, s.first_at, s.last_at, s.author, u.author AS unnamed \
         FROM intel_sighting AS s CROSS JOIN collection_entry AS e \
         LEFT JOIN intel_unnamed AS u ON u.stix_id = e.stix_id \
         WHERE e.slot = s.slot AND e.added = s.added AND s.of_id = ",
    );
    statement.push_bind(id.to_owned());
    sees.push(&mut statement, "s.slot");
    push_unrevoked(&mut statement);
    statement
        .push(" ORDER BY s.added DESC LIMIT ")
        .push_bind(most);
    statement.fetch_all(tx).await
}

/// When each kind of thing was last said of these objects until a moment, by entries that the viewer
/// sees.
pub(crate) async fn last(
    tx: &mut Tx,
    ids: &[&str],
    sees: &Sees,
    until: i64,
) -> Result<Vec<(String, i32, i64)>, DbError> {
    let mut statement = query(
        "SELECT s.of_id, s.kind, max(s.last_at) FROM intel_sighting AS s \
         CROSS JOIN collection_entry AS e \
         WHERE e.slot = s.slot AND e.added = s.added AND s.last_at <= ",
    );
    statement.push_bind(until).push(" AND s.of_id IN (");
    statement.push_list(ids.iter().map(|id| (*id).to_owned()));
    statement.push(")");
    sees.push(&mut statement, "s.slot");
    push_unrevoked(&mut statement);
    statement.push(" GROUP BY s.of_id, s.kind");
    statement.fetch_all(tx).await
}

/// Adds that the entry `e` was not taken back.
fn push_unrevoked(statement: &mut Query<'_>) {
    statement.push(
        " AND NOT EXISTS (SELECT 1 FROM stix_version AS v WHERE v.number = e.object AND v.revoked)",
    );
}

/// Keeps in mind who said what names nobody.
pub(crate) async fn keep_unnamed(tx: &mut Tx, stix_id: &str, author: &str) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO intel_unnamed (stix_id, author) VALUES ($1, $2) \
                       ON CONFLICT (stix_id) DO NOTHING";
    query(SQL).bind(stix_id).bind(author).execute(tx).await?;
    Ok(())
}
