use db::{Corrupt, DbError, Tx, query};
use kernel::{CollectionId, CollectionRef, Mode, PartyCode, Timestamp, Tlp};
use uuid::Uuid;

use crate::model::{Collection, Reader, Root, Settings};

/// The columns of a collection, in the order of [`Row`].
macro_rules! columns {
    () => {
        "id, public_id, slot, root, exercise, alias, title, description, ceiling, unmarked, \
         version, created_at, updated_at, steward, onward"
    };
}

db::row! {
    struct Row {
        id: Uuid,
        public_id: Uuid,
        slot: i64,
        root: String,
        exercise: bool,
        alias: Option<String>,
        title: String,
        description: String,
        ceiling: i32,
        unmarked: i32,
        version: i64,
        created_at: i64,
        updated_at: i64,
        steward: Option<String>,
        onward: bool,
    }
}

impl TryFrom<Row> for Collection {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let corrupt = |column| Corrupt::new("collection", column, &row.id);
        Ok(Self {
            id: CollectionId::from_uuid(row.id),
            public: CollectionRef::from_uuid(row.public_id),
            slot: row.slot,
            root: row.root.parse().map_err(|_bad| corrupt("root"))?,
            mode: Mode::from_exercise(row.exercise),
            settings: Settings {
                alias: row
                    .alias
                    .as_deref()
                    .map(str::parse)
                    .transpose()
                    .map_err(|_bad| corrupt("alias"))?,
                title: row.title.parse().map_err(|_bad| corrupt("title"))?,
                description: row
                    .description
                    .parse()
                    .map_err(|_bad| corrupt("description"))?,
                ceiling: tlp(row.ceiling).ok_or_else(|| corrupt("ceiling"))?,
                unmarked: tlp(row.unmarked).ok_or_else(|| corrupt("unmarked"))?,
            },
            steward: row
                .steward
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(|_bad| corrupt("steward"))?,
            onward: row.onward,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

fn tlp(code: i32) -> Option<Tlp> {
    Tlp::ALL.into_iter().find(|tlp| tlp.code() == code)
}

/// Writes a new root. False if the name is taken.
pub(crate) async fn insert_root(tx: &mut Tx, root: &Root) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO intel_root (name, exercise, title, description) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let written = query(SQL)
        .bind(root.name.as_str())
        .bind(root.mode.is_exercise())
        .bind(root.title.as_str())
        .bind(root.description.as_str())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// The roots of a mode, by name.
pub(crate) async fn roots(tx: &mut Tx, mode: Mode) -> Result<Vec<Root>, DbError> {
    const SQL: &str = "SELECT name, title, description FROM intel_root WHERE exercise = $1 \
                       ORDER BY name";
    let rows: Vec<(String, String, String)> =
        query(SQL).bind(mode.is_exercise()).fetch_all(tx).await?;
    let root = |(name, title, description): (String, String, String)| {
        let corrupt = |column| Corrupt::new("intel_root", column, &name);
        Ok(Root {
            mode,
            title: title.parse().map_err(|_bad| corrupt("title"))?,
            description: description.parse().map_err(|_bad| corrupt("description"))?,
            name: name.parse().map_err(|_bad| corrupt("name"))?,
        })
    };
    rows.into_iter().map(root).collect()
}

/// Writes a new collection. False if its alias is taken under its root.
pub(crate) async fn insert(tx: &mut Tx, collection: &Collection) -> Result<bool, DbError> {
    const SQL: &str = concat!(
        "INSERT INTO collection (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
         $15) ON CONFLICT (root, alias) DO NOTHING"
    );
    let settings = &collection.settings;
    let written = query(SQL)
        .bind(collection.id.uuid())
        .bind(collection.public.uuid())
        .bind(collection.slot)
        .bind(collection.root.as_str())
        .bind(collection.mode.is_exercise())
        .bind(
            settings
                .alias
                .as_ref()
                .map(|alias| alias.as_str().to_owned()),
        )
        .bind(settings.title.as_str())
        .bind(settings.description.as_str())
        .bind(settings.ceiling.code())
        .bind(settings.unmarked.code())
        .bind(collection.version)
        .bind(collection.created_at.as_micros())
        .bind(collection.updated_at.as_micros())
        .bind(collection.steward.as_ref().map(PartyCode::to_string))
        .bind(collection.onward)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Writes changed settings of a collection, whose version is one above the stored one. False if the
/// stored version is another.
pub(crate) async fn update(tx: &mut Tx, collection: &Collection) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE collection SET alias = $2, title = $3, description = $4, \
                       ceiling = $5, unmarked = $6, version = $7, updated_at = $8, onward = $9 \
                       WHERE id = $1 AND version = $7 - 1";
    let settings = &collection.settings;
    let written = query(SQL)
        .bind(collection.id.uuid())
        .bind(
            settings
                .alias
                .as_ref()
                .map(|alias| alias.as_str().to_owned()),
        )
        .bind(settings.title.as_str())
        .bind(settings.description.as_str())
        .bind(settings.ceiling.code())
        .bind(settings.unmarked.code())
        .bind(collection.version)
        .bind(collection.updated_at.as_micros())
        .bind(collection.onward)
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// The number for one more collection. The caller has locked the place.
pub(crate) async fn next_slot(tx: &mut Tx) -> Result<i64, DbError> {
    const SQL: &str = "SELECT coalesce(max(slot), 0) + 1 FROM collection";
    let (slot,): (i64,) = query(SQL).fetch_one(tx).await?;
    Ok(slot)
}

/// The collection of a root with that id or alias.
pub(crate) async fn find(
    tx: &mut Tx,
    (root, mode): (&str, Mode),
    name: &str,
) -> Result<Option<Collection>, DbError> {
    const BY_ID: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM collection WHERE public_id = $3 AND root = $1 AND exercise = $2"
    );
    const BY_ALIAS: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM collection WHERE alias = $3 AND root = $1 AND exercise = $2"
    );
    let row: Option<Row> = match Uuid::try_parse(name) {
        Ok(id) => {
            let statement = query(BY_ID).bind(root).bind(mode.is_exercise()).bind(id);
            statement.fetch_optional(tx).await?
        }
        Err(_alias) => {
            let statement = query(BY_ALIAS).bind(root).bind(mode.is_exercise());
            statement.bind(name).fetch_optional(tx).await?
        }
    };
    row.map(Collection::try_from).transpose()
}

/// The collection with that id outside of the house.
pub(crate) async fn by_ref(
    tx: &mut Tx,
    id: CollectionRef,
    mode: Mode,
) -> Result<Option<Collection>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM collection WHERE public_id = $1 AND exercise = $2"
    );
    let statement = query(SQL).bind(id.uuid()).bind(mode.is_exercise());
    let row: Option<Row> = statement.fetch_optional(tx).await?;
    row.map(Collection::try_from).transpose()
}

/// The collection with that number.
pub(crate) async fn in_slot(tx: &mut Tx, slot: i64) -> Result<Option<Collection>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM collection WHERE slot = $1");
    let row: Option<Row> = query(SQL).bind(slot).fetch_optional(tx).await?;
    row.map(Collection::try_from).transpose()
}

/// The collections of a mode, of one root or of all, in the order in which they were made, up to
/// `most`.
pub(crate) async fn list(
    tx: &mut Tx,
    mode: Mode,
    root: Option<&str>,
    most: i64,
) -> Result<Vec<Collection>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM collection WHERE exercise = $1 AND (root = $2 OR $2 IS NULL) \
         ORDER BY slot LIMIT $3"
    );
    let rows: Vec<Row> = query(SQL)
        .bind(mode.is_exercise())
        .bind(root.map(str::to_owned))
        .bind(most)
        .fetch_all(tx)
        .await?;
    rows.into_iter().map(Collection::try_from).collect()
}

/// Who a collection names, and whether each may write.
pub(crate) async fn readers(tx: &mut Tx, slot: i64) -> Result<Vec<(Reader, bool)>, DbError> {
    const SQL: &str = "SELECT reader, may_write FROM collection_reader WHERE slot = $1 \
                       ORDER BY reader";
    let rows: Vec<(String, bool)> = query(SQL).bind(slot).fetch_all(tx).await?;
    let reader = |(reader, may_write): (String, bool)| {
        let parsed = reader.parse();
        let parsed = parsed.map_err(|_bad| Corrupt::new("collection_reader", "reader", &reader))?;
        Ok((parsed, may_write))
    };
    rows.into_iter().map(reader).collect()
}

/// The collections that name one of these readers: which, by which name, and whether he may write.
pub(crate) async fn named(
    tx: &mut Tx,
    readers: &[Reader],
) -> Result<Vec<(i64, Reader, bool)>, DbError> {
    let mut statement =
        query("SELECT slot, reader, may_write FROM collection_reader WHERE reader IN (");
    // A list of none is no SQL; nobody is called by the empty name.
    let names = readers.iter().map(Reader::to_string);
    statement.push_list(names.chain([String::new()]));
    statement.push(") ORDER BY slot, reader");
    let rows: Vec<(i64, String, bool)> = statement.fetch_all(tx).await?;
    let row = |(slot, reader, may_write): (i64, String, bool)| {
        let parsed = reader.parse();
        let parsed = parsed.map_err(|_bad| Corrupt::new("collection_reader", "reader", &reader))?;
        Ok((slot, parsed, may_write))
    };
    rows.into_iter().map(row).collect()
}

/// Replaces whom a collection names.
pub(crate) async fn set_readers(
    tx: &mut Tx,
    slot: i64,
    readers: &[(Reader, bool)],
) -> Result<(), DbError> {
    const CLEAR: &str = "DELETE FROM collection_reader WHERE slot = $1";
    const SQL: &str = "INSERT INTO collection_reader (slot, reader, may_write) \
                       VALUES ($1, $2, $3)";
    query(CLEAR).bind(slot).execute(tx).await?;
    for (reader, may_write) in readers {
        query(SQL)
            .bind(slot)
            .bind(reader.to_string())
            .bind(*may_write)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Takes a collection away, with its entries and with contents that stand in no other. Gives the
/// number of entries.
pub(crate) async fn drop(tx: &mut Tx, slot: i64) -> Result<i64, DbError> {
    const COUNT: &str = "SELECT count(*) FROM collection_entry WHERE slot = $1";
    const CONTENTS: &str = "DELETE FROM stix_version WHERE number IN \
                            (SELECT object FROM intel_dropped) \
                            AND NOT EXISTS (SELECT 1 FROM collection_entry AS e \
                            WHERE e.object = stix_version.number)";
    const NOTE: &str = "INSERT INTO intel_dropped (object) \
                        SELECT DISTINCT object FROM collection_entry WHERE slot = $1";
    const ENTRIES: &str = "DELETE FROM collection_entry WHERE slot = $1";
    const COLLECTION: &str = "DELETE FROM collection WHERE slot = $1";
    const FORGET: &str = "DELETE FROM intel_dropped";
    let (entries,): (i64,) = query(COUNT).bind(slot).fetch_one(tx).await?;
    query(NOTE).bind(slot).execute(tx).await?;
    query(ENTRIES).bind(slot).execute(tx).await?;
    super::value::forget_slot(tx, slot).await?;
    query(CONTENTS).execute(tx).await?;
    query(FORGET).execute(tx).await?;
    query(COLLECTION).bind(slot).execute(tx).await?;
    Ok(entries)
}

/// Notes that a collection has changed which others get. True if nothing was noted before.
pub(crate) async fn note_change(tx: &mut Tx, slot: i64, always: bool) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO collection_changed (slot) SELECT $1 WHERE $2 OR EXISTS \
                       (SELECT 1 FROM collection_reader WHERE slot = $1 \
                       AND (reader LIKE 'party--%' OR reader LIKE 'circle--%')) \
                       ON CONFLICT (slot) DO NOTHING";
    let written = query(SQL).bind(slot).bind(always).execute(tx).await?;
    Ok(written == 1)
}

/// Whoever looks after a change forgets that it was noted.
pub(crate) async fn forget_change(tx: &mut Tx, slot: i64) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM collection_changed WHERE slot = $1";
    query(SQL).bind(slot).execute(tx).await?;
    Ok(())
}

/// The collections that name a circle.
pub(crate) async fn naming(tx: &mut Tx, reader: &Reader) -> Result<Vec<i64>, DbError> {
    const SQL: &str = "SELECT slot FROM collection_reader WHERE reader = $1 ORDER BY slot";
    let rows: Vec<(i64,)> = query(SQL).bind(reader.to_string()).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(slot,)| slot).collect())
}
