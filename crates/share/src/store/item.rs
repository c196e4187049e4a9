//! What a party was given, and where its statements differ from that.

use std::collections::BTreeSet;

use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use intel::ops::Item;
use kernel::{ShareId, Timestamp, Tlp, hex};
use serde_json::json;

use crate::model::Gap;

db::row! {
    struct Row {
        added: i64,
        stix_id: String,
        sha256: Vec<u8>,
        tlp: i32,
    }
}

impl Row {
    fn item(self) -> (i64, Item) {
        let item = Item {
            stix_id: self.stix_id,
            sha256: self.sha256,
            tlp: Tlp::from_code(self.tlp),
        };
        (self.added, item)
    }
}

/// Writes what a party is given, by place.
pub(crate) async fn insert(
    tx: &mut Tx,
    share: ShareId,
    items: &[(i64, Item)],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO share_item (share, added, stix_id, sha256, tlp) \
                 SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 unhex(json_extract(value, '$[2]')), json_extract(value, '$[3]') \
                 FROM json_each($2)",
        postgres: "INSERT INTO share_item (share, added, stix_id, sha256, tlp) \
                   SELECT $1, CAST(value->>0 AS bigint), value->>1, decode(value->>2, 'hex'), \
                   CAST(value->>3 AS integer) FROM json_array_elements(CAST($2 AS json)) \
                   AS t(value)",
    };
    let rows: Vec<_> = items
        .iter()
        .map(|(place, item)| json!([place, item.stix_id, hex(&item.sha256), item.tlp.code()]))
        .collect();
    let statement = query(SQL.on(tx)).bind(share.uuid());
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// Those of these places at which the party was given something.
pub(crate) async fn at(
    tx: &mut Tx,
    share: ShareId,
    places: &[i64],
) -> Result<Vec<(i64, Item)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT i.added, i.stix_id, i.sha256, i.tlp FROM json_each($2) AS w \
                 CROSS JOIN share_item AS i ON i.share = $1 AND i.added = w.value",
        postgres: "SELECT i.added, i.stix_id, i.sha256, i.tlp \
                   FROM json_array_elements_text(CAST($2 AS json)) AS w(value) \
                   JOIN share_item AS i ON i.share = $1 AND i.added = CAST(w.value AS bigint)",
    };
    let statement = query(SQL.on(tx)).bind(share.uuid());
    let rows: Vec<Row> = statement
        .bind(json!(places).to_string())
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(Row::item).collect())
}

/// What the party was given under labels that a mask does not hold.
pub(crate) async fn beyond(
    tx: &mut Tx,
    share: ShareId,
    mask: i32,
    most: i64,
) -> Result<Vec<(i64, Item)>, DbError> {
    const SQL: &str = "SELECT added, stix_id, sha256, tlp FROM share_item \
                       WHERE share = $1 AND ((1 << tlp) & $2) = 0 ORDER BY added LIMIT $3";
    let statement = query(SQL).bind(share.uuid()).bind(mask).bind(most);
    let rows: Vec<Row> = statement.fetch_all(tx).await?;
    Ok(rows.into_iter().map(Row::item).collect())
}

/// What the party was given of the ids after one and up to another, by id.
pub(crate) async fn between(
    tx: &mut Tx,
    share: ShareId,
    (after, until): (&str, Option<&str>),
) -> Result<Vec<(i64, Item)>, DbError> {
    const SQL: &str = "SELECT added, stix_id, sha256, tlp FROM share_item \
                       WHERE share = $1 AND stix_id > $2 AND (stix_id <= $3 OR $3 IS NULL) \
                       ORDER BY stix_id, added";
    let statement = query(SQL).bind(share.uuid()).bind(after);
    let rows: Vec<Row> = statement
        .bind(until.map(str::to_owned))
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(Row::item).collect())
}

/// What the party was given of these objects.
pub(crate) async fn of(
    tx: &mut Tx,
    share: ShareId,
    ids: &BTreeSet<String>,
) -> Result<Vec<(i64, Item)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT i.added, i.stix_id, i.sha256, i.tlp FROM json_each($2) AS w \
                 CROSS JOIN share_item AS i ON i.share = $1 AND i.stix_id = w.value",
        postgres: "SELECT i.added, i.stix_id, i.sha256, i.tlp \
                   FROM json_array_elements_text(CAST($2 AS json)) AS w(value) \
                   JOIN share_item AS i ON i.share = $1 AND i.stix_id = w.value",
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = query(SQL.on(tx)).bind(share.uuid());
    let rows: Vec<Row> = statement.bind(json!(ids).to_string()).fetch_all(tx).await?;
    Ok(rows.into_iter().map(Row::item).collect())
}

/// Whether the party was given an object, in whatever version.
pub(crate) async fn has(tx: &mut Tx, share: ShareId, stix_id: &str) -> Result<bool, DbError> {
    const SQL: &str = "SELECT count(*) FROM (SELECT 1 FROM share_item \
                       WHERE share = $1 AND stix_id = $2 LIMIT 1) AS found";
    let statement = query(SQL).bind(share.uuid()).bind(stix_id);
    let (found,): (i64,) = statement.fetch_one(tx).await?;
    Ok(found > 0)
}

/// Forgets what was at these places.
pub(crate) async fn remove(tx: &mut Tx, share: ShareId, places: &[i64]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "DELETE FROM share_item WHERE share = $1 \
                 AND added IN (SELECT value FROM json_each($2))",
        postgres: "DELETE FROM share_item WHERE share = $1 AND added IN \
                   (SELECT CAST(value AS bigint) \
                   FROM json_array_elements_text(CAST($2 AS json)) AS w(value))",
    };
    let statement = query(SQL.on(tx)).bind(share.uuid());
    statement
        .bind(json!(places).to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets all.
pub(crate) async fn clear(tx: &mut Tx, share: ShareId) -> Result<(), DbError> {
    const ITEMS: &str = "DELETE FROM share_item WHERE share = $1";
    query(ITEMS).bind(share.uuid()).execute(tx).await?;
    clear_gaps(tx, share).await
}

/// The differences are resolved, or looked for anew.
pub(crate) async fn clear_gaps(tx: &mut Tx, share: ShareId) -> Result<(), DbError> {
    const GAPS: &str = "DELETE FROM share_gap WHERE share = $1";
    query(GAPS).bind(share.uuid()).execute(tx).await?;
    Ok(())
}

/// Writes down a difference.
pub(crate) async fn put_gap(
    tx: &mut Tx,
    share: ShareId,
    (item, gap): (&Item, Gap),
    since: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO share_gap (share, stix_id, sha256, gap, since) \
                       VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT (share, stix_id, sha256) DO UPDATE SET gap = excluded.gap";
    query(SQL)
        .bind(share.uuid())
        .bind(item.stix_id.as_str())
        .bind(item.sha256.as_slice())
        .bind(gap.as_str())
        .bind(since.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// The differences, by id.
pub(crate) async fn gaps(
    tx: &mut Tx,
    share: ShareId,
    most: i64,
) -> Result<Vec<(Item, Gap, Timestamp)>, DbError> {
    const SQL: &str = "SELECT stix_id, sha256, gap, since FROM share_gap WHERE share = $1 \
                       ORDER BY stix_id, sha256 LIMIT $2";
    let statement = query(SQL).bind(share.uuid()).bind(most);
    let rows: Vec<(String, Vec<u8>, String, i64)> = statement.fetch_all(tx).await?;
    rows.into_iter()
        .map(|(stix_id, sha256, gap, since)| {
            let gap = Gap::from_word(&gap);
            let gap = gap.ok_or_else(|| Corrupt::new("share_gap", "gap", &stix_id))?;
            let item = Item {
                stix_id,
                sha256,
                tlp: Tlp::Red,
            };
            Ok((item, gap, Timestamp::from_micros(since)))
        })
        .collect()
}

/// Differences of a kind are looked after.
pub(crate) async fn drop_gaps(tx: &mut Tx, share: ShareId, gap: Gap) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM share_gap WHERE share = $1 AND gap = $2";
    query(SQL)
        .bind(share.uuid())
        .bind(gap.as_str())
        .execute(tx)
        .await?;
    Ok(())
}
