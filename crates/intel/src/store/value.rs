use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, Query, Tx, dialect::Sql, query};
use kernel::hex;
use serde_json::json;

use crate::model::{Class, Key};

/// Rows of one statement.
pub(super) const ROWS_MAX: usize = 20_000;

/// Keys with the places of the entries that have them.
pub(crate) type Placed<'k> = (&'k Key, i64);

db::row! {
    /// An entry that has a value.
    #[derive(Clone, Debug)]
    pub(crate) struct Found {
        pub(crate) key: Vec<u8>,
        pub(crate) slot: i64,
        pub(crate) added: i64,
        pub(crate) class: i32,
        pub(crate) kind: String,
        pub(crate) stix_id: String,
    }
}

/// The labels that a viewer sees in each slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sees {
    masks: BTreeMap<i64, i32>,
}

impl Sees {
    pub(crate) fn new(masks: impl IntoIterator<Item = (i64, i32)>) -> Self {
        Self {
            masks: masks.into_iter().collect(),
        }
    }

    /// Whether this is the newest version of an object that the viewer sees.
    pub(crate) fn newest(&self, slot: i64, class: i32) -> bool {
        let mask = self.masks.get(&slot).copied().unwrap_or(0);
        Class::from_code(class).is_last(mask)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.masks.is_empty()
    }

    /// Adds that the entry `e` is the newest version of an object that the viewer sees, which is what
    /// [`Class::is_last`] says of the stored form.
    pub(crate) fn push(&self, statement: &mut Query<'_>, slot: &'static str) {
        let mut by_mask: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
        for (slot, mask) in &self.masks {
            by_mask.entry(*mask).or_default().push(*slot);
        }
        statement.push(" AND e.class & 40 = 40 AND (1 = 0");
        for (mask, slots) in by_mask {
            statement.push(" OR (").push(slot).push(" IN (");
            statement.push_list(slots);
            statement.push(") AND (CAST(").push_bind(mask);
            statement.push(" AS integer) >> (e.class & 7)) & 1 = 1 AND (CAST(");
            statement.push_bind(mask);
            statement.push(" AS integer) >> (7 - ((e.class >> 7) & 7))) = 0 AND (CAST(");
            statement.push_bind(mask);
            statement.push(" AS integer) >> (7 - ((e.class >> 13) & 7))) = 0)");
        }
        statement.push(")");
    }
}

/// Adds values of entries.
pub(crate) async fn insert(tx: &mut Tx, slot: i64, rows: &[Placed<'_>]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO intel_value (key, slot, added) \
                 SELECT unhex(json_extract(value, '$[0]')), $1, json_extract(value, '$[1]') \
                 FROM json_each($2) WHERE true ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO intel_value (key, slot, added) \
                   SELECT decode(value->>0, 'hex'), $1, CAST(value->>1 AS bigint) \
                   FROM json_array_elements(CAST($2 AS json)) AS t(value) ON CONFLICT DO NOTHING",
    };
    write(tx, slot, rows, SQL).await
}

/// Takes values of entries out.
pub(crate) async fn delete(tx: &mut Tx, slot: i64, rows: &[Placed<'_>]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "DELETE FROM intel_value WHERE (key, slot, added) IN \
                 (SELECT unhex(json_extract(value, '$[0]')), $1, json_extract(value, '$[1]') \
                 FROM json_each($2))",
        postgres: "DELETE FROM intel_value AS v USING json_array_elements(CAST($2 AS json)) \
                   AS t(value) WHERE v.key = decode(t.value->>0, 'hex') AND v.slot = $1 \
                   AND v.added = CAST(t.value->>1 AS bigint)",
    };
    write(tx, slot, rows, SQL).await
}

async fn write(tx: &mut Tx, slot: i64, rows: &[Placed<'_>], sql: Sql) -> Result<(), DbError> {
    for rows in rows.chunks(ROWS_MAX) {
        let rows: Vec<_> = rows
            .iter()
            .map(|(key, place)| (hex(key.bytes()), place))
            .collect();
        let statement = query(sql.on(tx)).bind(slot);
        statement.bind(json!(rows).to_string()).execute(tx).await?;
    }
    Ok(())
}

/// All entries that have one of the keys, none of which is common.
pub(crate) async fn entries(tx: &mut Tx, keys: &[&Key]) -> Result<Vec<Found>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT v.key, v.slot, v.added, e.class, e.type AS kind, e.stix_id \
                 FROM json_each($1) AS w CROSS JOIN intel_value AS v ON v.key = unhex(w.value) \
                 CROSS JOIN collection_entry AS e ON e.slot = v.slot AND e.added = v.added",
        postgres: "SELECT v.key, v.slot, v.added, e.class, e.type AS kind, e.stix_id \
                   FROM json_array_elements_text(CAST($1 AS json)) AS w(value) \
                   JOIN intel_value AS v ON v.key = decode(w.value, 'hex') \
                   JOIN collection_entry AS e ON e.slot = v.slot AND e.added = v.added",
    };
    query(SQL.on(tx)).bind(hexes(keys)).fetch_all(tx).await
}

/// The first of the entries that the viewer sees with a key from `first` to `last`.
pub(crate) async fn range(
    tx: &mut Tx,
    (first, last): (&Key, &Key),
    sees: &Sees,
    most: i64,
) -> Result<Vec<Found>, DbError> {
    let mut statement = query("");
    push_found(&mut statement, (first, last), sees, most);
    statement.fetch_all(tx).await
}

/// Adds the statement of [`range`].
pub(super) fn push_found(
    statement: &mut Query<'_>,
    (first, last): (&Key, &Key),
    sees: &Sees,
    most: i64,
) {
    statement.push(
        "SELECT v.key, v.slot, v.added, e.class, e.type AS kind, e.stix_id \
         FROM intel_value AS v CROSS JOIN collection_entry AS e \
         WHERE e.slot = v.slot AND e.added = v.added AND ",
    );
    push_range(statement, (first, last));
    sees.push(statement, "v.slot");
    statement
        .push(" ORDER BY v.key, v.slot, v.added LIMIT ")
        .push_bind(most);
}

fn push_range(statement: &mut Query<'_>, (first, last): (&Key, &Key)) {
    if first == last {
        statement.push("v.key = ").push_bind(first.bytes().to_vec());
    } else {
        statement
            .push("v.key >= ")
            .push_bind(first.bytes().to_vec());
        statement
            .push(" AND v.key <= ")
            .push_bind(last.bytes().to_vec());
    }
}

/// The lengths of prefixes that networks of the index have, by family.
pub(crate) async fn prefixes(tx: &mut Tx) -> Result<Vec<(u8, u8)>, DbError> {
    const SQL: &str = "SELECT family, bits FROM intel_prefix ORDER BY family, bits";
    let rows: Vec<(i32, i32)> = query(SQL).fetch_all(tx).await?;
    let byte = |number| u8::try_from(number).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|(family, bits)| (byte(family), byte(bits)))
        .collect())
}

/// Adds lengths of prefixes that are not known yet.
pub(crate) async fn insert_prefixes(tx: &mut Tx, all: &BTreeSet<(u8, u8)>) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO intel_prefix (family, bits) \
                 SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') \
                 FROM json_each($1) WHERE true ON CONFLICT (family, bits) DO NOTHING",
        postgres: "INSERT INTO intel_prefix (family, bits) \
                   SELECT CAST(value->>0 AS integer), CAST(value->>1 AS integer) \
                   FROM json_array_elements(CAST($1 AS json)) AS t(value) \
                   ON CONFLICT (family, bits) DO NOTHING",
    };
    let statement = query(SQL.on(tx)).bind(json!(all).to_string());
    statement.execute(tx).await?;
    Ok(())
}

/// The texts of entries, by their places.
pub(crate) async fn bodies(
    tx: &mut Tx,
    slot: i64,
    places: &[i64],
) -> Result<Vec<(i64, String)>, DbError> {
    let mut statement = query(
        "SELECT e.added, v.body FROM collection_entry AS e \
         JOIN stix_version AS v ON v.number = e.object WHERE e.slot = ",
    );
    statement.push_bind(slot).push(" AND e.added IN (");
    statement.push_list(places.iter().copied());
    statement.push(")");
    statement.fetch_all(tx).await
}

db::row! {
    /// An object in a collection.
    #[derive(Clone, Debug)]
    pub(crate) struct Newest {
        pub(crate) added: i64,
        pub(crate) class: i32,
        pub(crate) body: String,
    }
}

/// The newest version of an object in a collection, of those that a mask of labels shows.
pub(crate) async fn newest(
    tx: &mut Tx,
    (slot, mask): (i64, i32),
    stix_id: &str,
) -> Result<Option<Newest>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT e.added, e.class, v.body FROM collection_entry AS e \
                 INDEXED BY collection_entry_id JOIN stix_version AS v ON v.number = e.object \
                 WHERE e.slot = $1 AND e.stix_id = $2 AND e.class & 40 = 40",
        postgres: "SELECT e.added, e.class, v.body FROM collection_entry AS e \
                   JOIN stix_version AS v ON v.number = e.object \
                   WHERE e.slot = $1 AND e.stix_id = $2 AND e.class & 40 = 40",
    };
    // There is one for each who looks, at most five; an order would tempt the engines into reading the
    // collection backwards.
    let statement = query(SQL.on(tx)).bind(slot).bind(stix_id);
    let rows: Vec<Newest> = statement.fetch_all(tx).await?;
    Ok(rows
        .into_iter()
        .find(|row| Class::from_code(row.class).is_last(mask)))
}

/// By which rules the index is made, and how far it has come; nothing once it is whole.
pub(crate) async fn state(tx: &mut Tx) -> Result<(i32, Option<i64>), DbError> {
    const SQL: &str = "SELECT rules, upto FROM intel_index WHERE id = 1";
    query(SQL).fetch_one(tx).await
}

/// Notes how far the index has come.
pub(crate) async fn set_state(tx: &mut Tx, rules: i32, upto: Option<i64>) -> Result<(), DbError> {
    const SQL: &str = "UPDATE intel_index SET rules = $1, upto = $2 WHERE id = 1";
    query(SQL).bind(rules).bind(upto).execute(tx).await?;
    Ok(())
}

/// Forgets the values, sightings and references of a collection.
pub(crate) async fn forget_slot(tx: &mut Tx, slot: i64) -> Result<(), DbError> {
    const VALUES: &str = "DELETE FROM intel_value WHERE slot = $1";
    const SIGHTINGS: &str = "DELETE FROM intel_sighting WHERE slot = $1";
    const REFERENCES: &str = "DELETE FROM intel_reference WHERE slot = $1";
    query(VALUES).bind(slot).execute(tx).await?;
    query(SIGHTINGS).bind(slot).execute(tx).await?;
    query(REFERENCES).bind(slot).execute(tx).await?;
    Ok(())
}

/// Empties the index, because other rules hold.
pub(crate) async fn clear(tx: &mut Tx) -> Result<(), DbError> {
    for sql in [
        "DELETE FROM intel_value",
        "DELETE FROM intel_prefix",
        "DELETE FROM intel_common",
        "DELETE FROM intel_sighting",
        "DELETE FROM intel_reference",
    ] {
        query(sql).execute(tx).await?;
    }
    Ok(())
}

/// The next contents after a number, with their numbers.
pub(crate) async fn contents_after(
    tx: &mut Tx,
    after: i64,
    most: i64,
) -> Result<Vec<(i64, String)>, DbError> {
    const SQL: &str = "SELECT number, body FROM stix_version WHERE number > $1 \
                       ORDER BY number LIMIT $2";
    query(SQL).bind(after).bind(most).fetch_all(tx).await
}

/// Where contents with numbers from `first` to `last` stand: number, slot, place.
pub(crate) async fn places_of(
    tx: &mut Tx,
    (first, last): (i64, i64),
) -> Result<Vec<(i64, i64, i64)>, DbError> {
    const SQL: &str = "SELECT object, slot, added FROM collection_entry \
                       WHERE object BETWEEN $1 AND $2";
    query(SQL).bind(first).bind(last).fetch_all(tx).await
}

pub(super) fn hexes(keys: &[&Key]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| hex(key.bytes())).collect();
    json!(keys).to_string()
}
