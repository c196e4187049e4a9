use db::{DbError, Tx, dialect::Sql, query};
use serde_json::json;
use uuid::Uuid;

use crate::events::model::{Attribute, Event, Object, Sighting};

/// The columns of an event.
macro_rules! event_columns {
    () => {
        "e.id, e.slot, e.uuid, e.tlp, e.org, e.orgc, e.locked, e.published, e.info, e.date, \
         e.timestamp, e.publish_timestamp, e.sighted_at, e.threat_level, e.analysis, \
         e.distribution, e.attributes, e.parts, e.creator, e.version, e.head, e.losses"
    };
}
/// The columns of an attribute without its file.
macro_rules! attribute_columns {
    () => {
        "a.id, a.event, a.object, a.slot, a.uuid, a.tlp, a.type AS kind, a.category, a.relation, \
         a.value, a.to_ids, a.deleted, a.timestamp, a.body"
    };
}
macro_rules! object_columns {
    () => {
        "o.id, o.event, o.slot, o.uuid, o.tlp, o.name, o.template, o.deleted, o.timestamp, o.body"
    };
}
pub(crate) use {attribute_columns, event_columns, object_columns};

/// The event with this number.
pub(crate) async fn event(tx: &mut Tx, id: i64) -> Result<Option<Event>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        event_columns!(),
        " FROM misp_event AS e WHERE e.id = $1"
    );
    query(SQL).bind(id).fetch_optional(tx).await
}

/// The events with this UUID, of whatever collection, the newest first.
pub(crate) async fn events_of(tx: &mut Tx, uuid: Uuid) -> Result<Vec<Event>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        event_columns!(),
        " FROM misp_event AS e WHERE e.uuid = $1 ORDER BY e.timestamp DESC, e.id"
    );
    query(SQL).bind(uuid).fetch_all(tx).await
}

/// The event with this UUID in a collection.
pub(crate) async fn event_in(tx: &mut Tx, slot: i64, uuid: Uuid) -> Result<Option<Event>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        event_columns!(),
        " FROM misp_event AS e WHERE e.slot = $1 AND e.uuid = $2"
    );
    query(SQL).bind(slot).bind(uuid).fetch_optional(tx).await
}

/// Those of these UUIDs that were deleted for good.
pub(crate) async fn buried(tx: &mut Tx, slot: i64, uuids: &[Uuid]) -> Result<Vec<Uuid>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT t.uuid FROM json_each($2) AS w CROSS JOIN misp_tombstone AS t \
                 ON t.slot = $1 AND t.uuid = unhex(w.value)",
        postgres: "SELECT t.uuid FROM json_array_elements_text(CAST($2 AS json)) AS w(value) \
                   JOIN misp_tombstone AS t ON t.slot = $1 AND t.uuid = CAST(w.value AS uuid)",
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(simple(uuids));
    let rows: Vec<(Uuid,)> = statement.fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(uuid,)| uuid).collect())
}

/// The attributes of a collection with these UUIDs.
pub(crate) async fn attributes_in(
    tx: &mut Tx,
    slot: i64,
    uuids: &[Uuid],
) -> Result<Vec<Attribute>, DbError> {
    const SQL: Sql = Sql {
        sqlite: concat!(
            "SELECT ",
            attribute_columns!(),
            ", NULL AS data FROM json_each($2) AS w CROSS JOIN misp_attribute AS a \
             ON a.slot = $1 AND a.uuid = unhex(w.value)"
        ),
        postgres: concat!(
            "SELECT ",
            attribute_columns!(),
            ", CAST(NULL AS text) AS data FROM json_array_elements_text(CAST($2 AS json)) \
             AS w(value) JOIN misp_attribute AS a ON a.slot = $1 \
             AND a.uuid = CAST(w.value AS uuid)"
        ),
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(simple(uuids));
    statement.fetch_all(tx).await
}

/// The objects of a collection with these UUIDs.
pub(crate) async fn objects_in(
    tx: &mut Tx,
    slot: i64,
    uuids: &[Uuid],
) -> Result<Vec<Object>, DbError> {
    const SQL: Sql = Sql {
        sqlite: concat!(
            "SELECT ",
            object_columns!(),
            " FROM json_each($2) AS w CROSS JOIN misp_object AS o \
             ON o.slot = $1 AND o.uuid = unhex(w.value)"
        ),
        postgres: concat!(
            "SELECT ",
            object_columns!(),
            " FROM json_array_elements_text(CAST($2 AS json)) AS w(value) \
             JOIN misp_object AS o ON o.slot = $1 AND o.uuid = CAST(w.value AS uuid)"
        ),
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(simple(uuids));
    statement.fetch_all(tx).await
}

/// The labels of the attributes and objects of a collection with these UUIDs.
pub(crate) async fn labels_in(
    tx: &mut Tx,
    slot: i64,
    uuids: &[Uuid],
) -> Result<Vec<(Uuid, i32)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT a.uuid, a.tlp FROM json_each($2) AS w CROSS JOIN misp_attribute AS a \
                 ON a.slot = $1 AND a.uuid = unhex(w.value) UNION ALL \
                 SELECT o.uuid, o.tlp FROM json_each($2) AS w CROSS JOIN misp_object AS o \
                 ON o.slot = $1 AND o.uuid = unhex(w.value)",
        postgres: "SELECT a.uuid, a.tlp FROM json_array_elements_text(CAST($2 AS json)) \
                   AS w(value) JOIN misp_attribute AS a ON a.slot = $1 \
                   AND a.uuid = CAST(w.value AS uuid) UNION ALL \
                   SELECT o.uuid, o.tlp FROM json_array_elements_text(CAST($2 AS json)) \
                   AS w(value) JOIN misp_object AS o ON o.slot = $1 \
                   AND o.uuid = CAST(w.value AS uuid)",
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(simple(uuids));
    statement.fetch_all(tx).await
}

fn simple(uuids: &[Uuid]) -> String {
    let uuids: Vec<_> = uuids.iter().map(|uuid| uuid.simple().to_string()).collect();
    json!(uuids).to_string()
}

/// The attribute with this number.
pub(crate) async fn attribute(tx: &mut Tx, id: i64) -> Result<Option<Attribute>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        attribute_columns!(),
        ", a.data FROM misp_attribute AS a WHERE a.id = $1"
    );
    query(SQL).bind(id).fetch_optional(tx).await
}

/// The attributes with this UUID, of whatever collection.
pub(crate) async fn attributes_of(tx: &mut Tx, uuid: Uuid) -> Result<Vec<Attribute>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        attribute_columns!(),
        ", a.data FROM misp_attribute AS a WHERE a.uuid = $1 ORDER BY a.timestamp DESC, a.id"
    );
    query(SQL).bind(uuid).fetch_all(tx).await
}

/// The object with this number.
pub(crate) async fn object(tx: &mut Tx, id: i64) -> Result<Option<Object>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        object_columns!(),
        " FROM misp_object AS o WHERE o.id = $1"
    );
    query(SQL).bind(id).fetch_optional(tx).await
}

/// The objects with this UUID, of whatever collection.
pub(crate) async fn objects_of(tx: &mut Tx, uuid: Uuid) -> Result<Vec<Object>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        object_columns!(),
        " FROM misp_object AS o WHERE o.uuid = $1 ORDER BY o.timestamp DESC, o.id"
    );
    query(SQL).bind(uuid).fetch_all(tx).await
}

/// The sightings of these attributes, by number.
pub(crate) async fn sightings_of(
    tx: &mut Tx,
    attributes: &[i64],
) -> Result<Vec<Sighting>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT s.id, s.event, s.attribute, s.uuid, s.org, s.type AS kind, s.date, \
                 s.source, s.body FROM json_each($1) AS w CROSS JOIN misp_sighting AS s \
                 ON s.attribute = w.value ORDER BY s.id",
        postgres: "SELECT s.id, s.event, s.attribute, s.uuid, s.org, s.type AS kind, s.date, \
                   s.source, s.body FROM misp_sighting AS s WHERE s.attribute IN \
                   (SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST($1 AS json))) \
                   ORDER BY s.id",
    };
    let statement = query(SQL.on(tx)).bind(json!(attributes).to_string());
    statement.fetch_all(tx).await
}

/// Sightings of those attributes of an event that have a label of the mask, by number.
pub(crate) async fn sightings_of_event(
    tx: &mut Tx,
    (event, mask): (i64, i32),
    (after, most): (i64, u32),
) -> Result<Vec<Sighting>, DbError> {
    let mut statement = query(
        "SELECT s.id, s.event, s.attribute, s.uuid, s.org, s.type AS kind, s.date, s.source, \
         s.body FROM misp_sighting AS s JOIN misp_attribute AS a ON a.id = s.attribute \
         WHERE s.event = ",
    );
    statement.push_bind(event);
    statement.push(" AND s.id > ").push_bind(after);
    statement.push(" AND a.tlp IN (");
    statement.push_list(super::search::labels(mask));
    statement
        .push(") ORDER BY s.id LIMIT ")
        .push_bind(i64::from(most));
    statement.fetch_all(tx).await
}
