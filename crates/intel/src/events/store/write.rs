use std::collections::BTreeMap;

use db::{DbError, Tx, dialect::Sql, query};
use serde_json::json;
use uuid::Uuid;

use crate::events::{
    model::Event,
    parts::{NewAttribute, NewObject},
};

/// Writes an event: a new one, or all columns of one that is there.
pub(crate) async fn event(tx: &mut Tx, event: &Event) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO misp_event (id, slot, uuid, tlp, org, orgc, locked, published, \
                       info, date, timestamp, publish_timestamp, sighted_at, threat_level, \
                       analysis, distribution, attributes, parts, creator, version, head, losses) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
                       $16, $17, $18, $19, $20, $21, $22) \
                       ON CONFLICT (id) DO UPDATE SET tlp = excluded.tlp, \
                       published = excluded.published, info = excluded.info, \
                       date = excluded.date, timestamp = excluded.timestamp, \
                       publish_timestamp = excluded.publish_timestamp, \
                       sighted_at = excluded.sighted_at, threat_level = excluded.threat_level, \
                       analysis = excluded.analysis, distribution = excluded.distribution, \
                       attributes = excluded.attributes, parts = excluded.parts, \
                       version = excluded.version, head = excluded.head, losses = excluded.losses";
    query(SQL)
        .bind(event.id)
        .bind(event.slot)
        .bind(event.uuid)
        .bind(event.tlp)
        .bind(event.org)
        .bind(event.orgc)
        .bind(event.locked)
        .bind(event.published)
        .bind(&event.info)
        .bind(&event.date)
        .bind(event.timestamp)
        .bind(event.publish_timestamp)
        .bind(event.sighted_at)
        .bind(event.threat_level)
        .bind(event.analysis)
        .bind(event.distribution)
        .bind(event.attributes)
        .bind(event.parts)
        .bind(&event.creator)
        .bind(event.version)
        .bind(&event.head)
        .bind(&event.losses)
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes objects: new ones, or those that are there anew.
pub(crate) async fn objects(
    tx: &mut Tx,
    (event, slot): (i64, i64),
    objects: &[NewObject],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO misp_object (id, event, slot, uuid, tlp, name, template, deleted, \
                 timestamp, body) SELECT json_extract(value, '$[0]'), $1, $2, \
                 unhex(json_extract(value, '$[1]')), json_extract(value, '$[2]'), \
                 json_extract(value, '$[3]'), json_extract(value, '$[4]'), \
                 json_extract(value, '$[5]'), json_extract(value, '$[6]'), \
                 json_extract(value, '$[7]') FROM json_each($3) WHERE true \
                 ON CONFLICT (id) DO UPDATE SET tlp = excluded.tlp, name = excluded.name, \
                 template = excluded.template, deleted = excluded.deleted, \
                 timestamp = excluded.timestamp, body = excluded.body",
        postgres: "INSERT INTO misp_object (id, event, slot, uuid, tlp, name, template, deleted, \
                   timestamp, body) SELECT CAST(value->>0 AS bigint), $1, $2, \
                   CAST(value->>1 AS uuid), CAST(value->>2 AS integer), value->>3, value->>4, \
                   CAST(value->>5 AS boolean), CAST(value->>6 AS bigint), value->>7 \
                   FROM json_array_elements(CAST($3 AS json)) AS t(value) \
                   ON CONFLICT (id) DO UPDATE SET tlp = excluded.tlp, name = excluded.name, \
                   template = excluded.template, deleted = excluded.deleted, \
                   timestamp = excluded.timestamp, body = excluded.body",
    };
    if objects.is_empty() {
        return Ok(());
    }
    let row = |object: &NewObject| {
        let record = &object.record;
        json!([
            object.id,
            object.uuid.simple().to_string(),
            object.tlp.code(),
            clean(record.name.as_deref()),
            clean(record.template_uuid.as_deref()),
            record.deleted == Some(true),
            object.timestamp,
            serde_json::to_string(record).unwrap_or_default(),
        ])
    };
    let rows: Vec<_> = objects.iter().map(row).collect();
    let statement = query(SQL.on(tx)).bind(event).bind(slot);
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// Writes attributes: new ones, or those that are there anew, and what they are found by.
pub(crate) async fn attributes(
    tx: &mut Tx,
    (event, slot): (i64, i64),
    attributes: &[NewAttribute],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO misp_attribute (id, event, object, slot, uuid, tlp, type, category, \
                 relation, value, to_ids, deleted, timestamp, body, data) \
                 SELECT json_extract(value, '$[0]'), $1, json_extract(value, '$[1]'), $2, \
                 unhex(json_extract(value, '$[2]')), json_extract(value, '$[3]'), \
                 json_extract(value, '$[4]'), json_extract(value, '$[5]'), \
                 json_extract(value, '$[6]'), json_extract(value, '$[7]'), \
                 json_extract(value, '$[8]'), json_extract(value, '$[9]'), \
                 json_extract(value, '$[10]'), json_extract(value, '$[11]'), \
                 json_extract(value, '$[12]') FROM json_each($3) WHERE true \
                 ON CONFLICT (id) DO UPDATE SET tlp = excluded.tlp, type = excluded.type, \
                 category = excluded.category, relation = excluded.relation, \
                 value = excluded.value, to_ids = excluded.to_ids, deleted = excluded.deleted, \
                 timestamp = excluded.timestamp, body = excluded.body, \
                 data = coalesce(excluded.data, misp_attribute.data)",
        postgres: "INSERT INTO misp_attribute (id, event, object, slot, uuid, tlp, type, \
                   category, relation, value, to_ids, deleted, timestamp, body, data) \
                   SELECT CAST(value->>0 AS bigint), $1, CAST(value->>1 AS bigint), $2, \
                   CAST(value->>2 AS uuid), CAST(value->>3 AS integer), value->>4, value->>5, \
                   value->>6, value->>7, CAST(value->>8 AS boolean), CAST(value->>9 AS boolean), \
                   CAST(value->>10 AS bigint), value->>11, value->>12 \
                   FROM json_array_elements(CAST($3 AS json)) AS t(value) \
                   ON CONFLICT (id) DO UPDATE SET tlp = excluded.tlp, type = excluded.type, \
                   category = excluded.category, relation = excluded.relation, \
                   value = excluded.value, to_ids = excluded.to_ids, deleted = excluded.deleted, \
                   timestamp = excluded.timestamp, body = excluded.body, \
                   data = coalesce(excluded.data, misp_attribute.data)",
    };
    if attributes.is_empty() {
        return Ok(());
    }
    let row = |attribute: &NewAttribute| {
        let record = &attribute.record;
        json!([
            attribute.id,
            attribute.object,
            attribute.uuid.simple().to_string(),
            attribute.tlp.code(),
            clean(record.kind.as_deref()),
            clean(record.category.as_deref()),
            clean(record.object_relation.as_deref()),
            clean(record.value.as_deref()),
            record.to_ids == Some(true),
            record.deleted == Some(true),
            attribute.timestamp,
            serde_json::to_string(record).unwrap_or_default(),
            attribute.data,
        ])
    };
    let rows: Vec<_> = attributes.iter().map(row).collect();
    let statement = query(SQL.on(tx)).bind(event).bind(slot);
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    values(tx, attributes).await
}

async fn values(tx: &mut Tx, attributes: &[NewAttribute]) -> Result<(), DbError> {
    const DELETE: Sql = Sql {
        sqlite: "DELETE FROM misp_value WHERE attribute IN (SELECT value FROM json_each($1))",
        postgres: "DELETE FROM misp_value WHERE attribute IN \
                   (SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST($1 AS json)))",
    };
    const INSERT: Sql = Sql {
        sqlite: "INSERT INTO misp_value (norm, attribute) SELECT json_extract(value, '$[1]'), \
                 json_extract(value, '$[0]') FROM json_each($1) WHERE true ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO misp_value (norm, attribute) \
                   SELECT value->>1, CAST(value->>0 AS bigint) \
                   FROM json_array_elements(CAST($1 AS json)) AS t(value) ON CONFLICT DO NOTHING",
    };
    let ids: Vec<_> = attributes.iter().map(|attribute| attribute.id).collect();
    let statement = query(DELETE.on(tx)).bind(json!(ids).to_string());
    statement.execute(tx).await?;
    let rows: Vec<_> = attributes
        .iter()
        .flat_map(|attribute| {
            let id = attribute.id;
            attribute.norms().into_iter().map(move |norm| (id, norm))
        })
        .collect();
    let statement = query(INSERT.on(tx)).bind(json!(rows).to_string());
    statement.execute(tx).await?;
    Ok(())
}

/// No database takes the character of code 0 in a text.
pub(crate) fn clean(text: Option<&str>) -> String {
    let mut text = text.unwrap_or_default().to_owned();
    text.retain(|c| c != '\0');
    text
}

/// A sighting that is to be written.
#[derive(Debug)]
pub(crate) struct NewSighting {
    pub(crate) id: i64,
    pub(crate) attribute: i64,
    pub(crate) uuid: Uuid,
    pub(crate) org: i64,
    pub(crate) kind: i32,
    pub(crate) date: i64,
    pub(crate) source: String,
    pub(crate) body: String,
}

/// Writes sightings; one that is there already stays as it is. Gives how many are new.
pub(crate) async fn sightings(
    tx: &mut Tx,
    event: i64,
    sightings: &[NewSighting],
) -> Result<u64, DbError> {
    const SQL: &str = "INSERT INTO misp_sighting (id, event, attribute, uuid, org, type, date, \
                       source, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                       ON CONFLICT (attribute, uuid) DO NOTHING";
    let mut written = 0;
    for sighting in sightings {
        let statement = query(SQL)
            .bind(sighting.id)
            .bind(event)
            .bind(sighting.attribute)
            .bind(sighting.uuid)
            .bind(sighting.org)
            .bind(sighting.kind)
            .bind(sighting.date)
            .bind(&sighting.source)
            .bind(&sighting.body);
        written += statement.execute(tx).await?;
    }
    Ok(written)
}

/// Keeps in mind when a sighting was added to an event.
pub(crate) async fn sighted(tx: &mut Tx, event: i64, at: i64) -> Result<(), DbError> {
    const SQL: &str = "UPDATE misp_event SET sighted_at = $2 WHERE id = $1";
    query(SQL).bind(event).bind(at).execute(tx).await?;
    Ok(())
}

/// Takes an event out, with all that belongs to it.
pub(crate) async fn delete_event(tx: &mut Tx, id: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM misp_event WHERE id = $1";
    query(SQL).bind(id).execute(tx).await?;
    Ok(())
}

/// Takes an attribute out for good.
pub(crate) async fn delete_attribute(tx: &mut Tx, event: i64, id: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM misp_attribute WHERE id = $1 AND event = $2";
    const TAGS: &str = "DELETE FROM misp_tagged WHERE event = $1 AND attribute = $2";
    query(TAGS).bind(event).bind(id).execute(tx).await?;
    query(SQL).bind(id).bind(event).execute(tx).await?;
    Ok(())
}

/// Takes an object out for good, whose attributes are gone.
pub(crate) async fn delete_object(tx: &mut Tx, event: i64, id: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM misp_object WHERE id = $1 AND event = $2";
    query(SQL).bind(id).bind(event).execute(tx).await?;
    Ok(())
}

/// Keeps in mind that something was deleted for good.
pub(crate) async fn bury(
    tx: &mut Tx,
    (slot, uuid): (i64, Uuid),
    what: &str,
    (at, by): (i64, &str),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO misp_tombstone (slot, uuid, what, deleted_at, deleted_by) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (slot, uuid) DO NOTHING";
    let statement = query(SQL).bind(slot).bind(uuid).bind(what);
    statement.bind(at).bind(by).execute(tx).await?;
    Ok(())
}

/// Forgets that something was deleted. False if it was not.
pub(crate) async fn unbury(tx: &mut Tx, slot: i64, uuid: Uuid) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM misp_tombstone WHERE slot = $1 AND uuid = $2";
    Ok(query(SQL).bind(slot).bind(uuid).execute(tx).await? == 1)
}

/// Counts the parts of an event anew: attributes that are not deleted, and all parts; and keeps how many
/// of each label there are.
pub(crate) async fn counted(tx: &mut Tx, event: i64) -> Result<(i64, i64), DbError> {
    const ATTRIBUTES: &str = "SELECT tlp, count(*) FILTER (WHERE deleted = $2), count(*) \
                              FROM misp_attribute WHERE event = $1 GROUP BY tlp";
    const OBJECTS: &str = "SELECT tlp, count(*) FILTER (WHERE deleted = $2), count(*) \
                           FROM misp_object WHERE event = $1 GROUP BY tlp";
    const FORGET: &str = "DELETE FROM misp_event_count WHERE event = $1";
    const KEEP: &str = "INSERT INTO misp_event_count (event, tlp, attributes, objects) \
                        VALUES ($1, $2, $3, $4)";
    let mut counts: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
    let (mut live, mut parts) = (0, 0);
    let statement = query(ATTRIBUTES).bind(event).bind(false);
    let rows: Vec<(i32, i64, i64)> = statement.fetch_all(tx).await?;
    for (tlp, kept, all) in rows {
        counts.entry(tlp).or_default().0 = kept;
        (live, parts) = (live + kept, parts + all);
    }
    let statement = query(OBJECTS).bind(event).bind(false);
    let rows: Vec<(i32, i64, i64)> = statement.fetch_all(tx).await?;
    for (tlp, kept, all) in rows {
        counts.entry(tlp).or_default().1 = kept;
        parts += all;
    }
    query(FORGET).bind(event).execute(tx).await?;
    for (tlp, (attributes, objects)) in counts {
        let statement = query(KEEP).bind(event).bind(tlp);
        let statement = statement.bind(attributes).bind(objects);
        statement.execute(tx).await?;
    }
    Ok((live, parts))
}
