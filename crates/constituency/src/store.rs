//! SQL of products and assets.

pub(crate) mod import;
pub(crate) mod named;
pub(crate) mod organisation;
mod product;
pub(crate) mod remedy;
pub(crate) mod retire;
pub(crate) mod vulnerability;

use db::{DbError, Query, Tx, dialect::Sql, query};
use kernel::{AssetId, Mode, PageRequest, Timestamp};
use serde_json::json;
use uuid::Uuid;

pub(crate) use product::{product_keys, product_of, products};

use crate::{
    line::Line,
    model::{Asset, COUNT_MAX, Filter, Product},
};

/// Rows that match a condition are fetched and put in order where they are no more than this; where
/// they are more, the order is followed until the page is full.
const FEW: i64 = 4_000;

/// What a batch of an import looks for: an asset that is there.
pub(crate) struct Known {
    pub(crate) id: Uuid,
    pub(crate) digest: i64,
    /// The number of the import that wrote or saw it last.
    pub(crate) import: i64,
    pub(crate) is_retired: bool,
}

/// An asset to be written.
pub(crate) struct New<'l> {
    pub(crate) id: AssetId,
    pub(crate) line: &'l Line,
    pub(crate) organisation: i64,
    pub(crate) product: i64,
}

db::row! {
    struct AssetRow {
        id: Uuid,
        organisation: i64,
        organisation_name: String,
        product: i64,
        vendor: String,
        product_name: String,
        name: String,
        tag: String,
        version: String,
        cpe: String,
        purl: String,
        owner: String,
        place: String,
        changed_at: i64,
        retired_at: Option<i64>,
    }
}

impl From<AssetRow> for Asset {
    fn from(row: AssetRow) -> Self {
        Self {
            id: AssetId::from_uuid(row.id),
            organisation: (row.organisation, row.organisation_name),
            name: row.name,
            tag: row.tag,
            product: Product {
                number: row.product,
                vendor: row.vendor,
                name: row.product_name,
            },
            version: row.version,
            cpe: row.cpe,
            purl: row.purl,
            owner: row.owner,
            place: row.place,
            changed_at: Timestamp::from_micros(row.changed_at),
            retired_at: row.retired_at.map(Timestamp::from_micros),
        }
    }
}

/// The assets of these ids that are there.
pub(crate) async fn known(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Known>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT a.id, a.digest, a.import, a.retired_at FROM json_each($1) AS w \
                 CROSS JOIN constituency_asset AS a WHERE a.id = unhex(w.value)",
        postgres: "SELECT a.id, a.digest, a.import, a.retired_at \
                   FROM json_array_elements_text(CAST($1 AS json)) AS w(value) \
                   JOIN constituency_asset AS a ON a.id = CAST(w.value AS uuid)",
    };
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
    let statement = query(SQL.on(tx)).bind(json!(ids).to_string());
    let rows: Vec<(Uuid, i64, i64, Option<i64>)> = statement.fetch_all(tx).await?;
    let known = |(id, digest, import, retired_at): (Uuid, i64, i64, Option<i64>)| Known {
        id,
        digest,
        import,
        is_retired: retired_at.is_some(),
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Notes that an import has seen these assets as they were. The number of a later import stays: by it
/// a whole list knows what it has not seen.
pub(crate) async fn see(tx: &mut Tx, import: i64, ids: &[Uuid]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "UPDATE constituency_asset SET import = max(import, $1) \
                 WHERE id IN (SELECT unhex(value) FROM json_each($2))",
        postgres: "UPDATE constituency_asset SET import = greatest(import, $1) WHERE id IN \
                   (SELECT CAST(value AS uuid) \
                   FROM json_array_elements_text(CAST($2 AS json)) AS w(value))",
    };
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
    let statement = query(SQL.on(tx)).bind(import).bind(json!(ids).to_string());
    statement.execute(tx).await?;
    Ok(())
}

/// Writes assets: new ones, or those that are there anew.
pub(crate) async fn put(
    tx: &mut Tx,
    (mode, import, at): (Mode, i64, Timestamp),
    assets: &[New<'_>],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO constituency_asset (id, exercise, organisation, product, name, \
                 name_key, tag, version, cpe, purl, owner, place, digest, import, changed_at) \
                 SELECT unhex(json_extract(value, '$[0]')), $1, json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]'), json_extract(value, '$[3]'), \
                 json_extract(value, '$[4]'), json_extract(value, '$[5]'), \
                 json_extract(value, '$[6]'), json_extract(value, '$[7]'), \
                 json_extract(value, '$[8]'), json_extract(value, '$[9]'), \
                 json_extract(value, '$[10]'), json_extract(value, '$[11]'), $2, $3 \
                 FROM json_each($4) WHERE true ON CONFLICT (id) DO UPDATE SET \
                 name = excluded.name, version = excluded.version, cpe = excluded.cpe, \
                 purl = excluded.purl, owner = excluded.owner, place = excluded.place, \
                 digest = excluded.digest, changed_at = excluded.changed_at, \
                 import = max(constituency_asset.import, excluded.import), retired_at = NULL",
        postgres: "INSERT INTO constituency_asset (id, exercise, organisation, product, name, \
                   name_key, tag, version, cpe, purl, owner, place, digest, import, changed_at) \
                   SELECT CAST(value->>0 AS uuid), $1, CAST(value->>1 AS bigint), \
                   CAST(value->>2 AS bigint), value->>3, value->>4, value->>5, value->>6, \
                   value->>7, value->>8, value->>9, value->>10, CAST(value->>11 AS bigint), \
                   $2, $3 FROM json_array_elements(CAST($4 AS json)) AS t(value) \
                   ON CONFLICT (id) DO UPDATE SET \
                   name = excluded.name, version = excluded.version, cpe = excluded.cpe, \
                   purl = excluded.purl, owner = excluded.owner, place = excluded.place, \
                   digest = excluded.digest, changed_at = excluded.changed_at, \
                   import = greatest(constituency_asset.import, excluded.import), \
                   retired_at = NULL",
    };
    if assets.is_empty() {
        return Ok(());
    }
    let row = |new: &New<'_>| {
        let line = new.line;
        json!([
            new.id.uuid().simple().to_string(),
            new.organisation,
            new.product,
            line.name,
            line.name.to_lowercase(),
            line.tag,
            line.version,
            line.cpe,
            line.purl,
            line.owner,
            line.place,
            line.digest(),
        ])
    };
    let rows: Vec<_> = assets.iter().map(row).collect();
    query(SQL.on(tx))
        .bind(mode.is_exercise())
        .bind(import)
        .bind(at.as_micros())
        .bind(json!(rows).to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// The first name of an asset under which a list is kept.
async fn name_key(tx: &mut Tx, id: Uuid) -> Result<Option<String>, DbError> {
    const SQL: &str = "SELECT name_key FROM constituency_asset WHERE id = $1";
    let found: Option<(String,)> = query(SQL).bind(id).fetch_optional(tx).await?;
    Ok(found.map(|(key,)| key))
}

/// Pushes which assets are meant.
fn push_filter(sql: &mut Query<'_>, mode: Mode, filter: &Filter) {
    sql.push("a.exercise = ").push_bind(mode.is_exercise());
    sql.push(if filter.retired {
        " AND a.retired_at IS NOT NULL"
    } else {
        " AND a.retired_at IS NULL"
    });
    if let Some(number) = filter.organisation {
        sql.push(" AND a.organisation = ").push_bind(number);
    }
    if let Some(number) = filter.product {
        sql.push(" AND a.product = ").push_bind(number);
    }
    if let Some(name) = &filter.name {
        let first = name.to_lowercase();
        // Every name that begins so stands before the same with the last character there is.
        let after = format!("{first}\u{10ffff}");
        sql.push(" AND a.name_key >= ").push_bind(first);
        sql.push(" AND a.name_key < ").push_bind(after);
    }
}

/// What an engine is told of where to begin.
#[derive(Clone, Copy)]
enum Way {
    Name,
    Organisation,
    Product,
    Retired,
}

impl Way {
    /// The table with its index. PostgreSQL has statistics and needs no word.
    const fn from(self) -> Sql {
        let sqlite = match self {
            Self::Name => "constituency_asset a INDEXED BY constituency_asset_name",
            Self::Organisation => "constituency_asset a INDEXED BY constituency_asset_organisation",
            Self::Product => "constituency_asset a INDEXED BY constituency_asset_product",
            Self::Retired => "constituency_asset a INDEXED BY constituency_asset_retired",
        };
        Sql {
            sqlite,
            postgres: "constituency_asset a",
        }
    }
}

/// How many assets match, counted up to `most`.
async fn counted(
    tx: &mut Tx,
    (mode, way): (Mode, Way),
    filter: &Filter,
    most: i64,
) -> Result<i64, DbError> {
    let mut sql = query("SELECT count(*) FROM (SELECT 1 FROM ");
    sql.push(way.from().on(tx)).push(" WHERE ");
    push_filter(&mut sql, mode, filter);
    sql.push(" LIMIT ").push_bind(most);
    sql.push(") AS counted");
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}

/// Which index leads to the assets with the least rows read. Where both an organisation and a product
/// are asked for, the one with fewer rows.
async fn way(tx: &mut Tx, mode: Mode, filter: &Filter) -> Result<Way, DbError> {
    if filter.retired {
        return Ok(Way::Retired);
    }
    match (filter.organisation, filter.product) {
        (None, None) => Ok(Way::Name),
        (Some(_), None) => Ok(Way::Organisation),
        (None, Some(_)) => Ok(Way::Product),
        (organisation, product) => {
            let alone = |organisation, product| Filter {
                organisation,
                product,
                ..Filter::default()
            };
            let of_product = alone(None, product);
            let products = counted(tx, (mode, Way::Product), &of_product, FEW).await?;
            if products < FEW {
                return Ok(Way::Product);
            }
            let of_organisation = alone(organisation, None);
            let all = counted(tx, (mode, Way::Organisation), &of_organisation, FEW).await?;
            Ok(if all < FEW {
                Way::Organisation
            } else {
                Way::Product
            })
        }
    }
}

/// A page of assets by their names; one row more than the page holds.
pub(crate) async fn page(
    tx: &mut Tx,
    mode: Mode,
    filter: &Filter,
    request: PageRequest,
) -> Result<Vec<Asset>, DbError> {
    let after = match request.after {
        None => None,
        Some(end) => match name_key(tx, end.id).await? {
            // The row is gone: nobody can say where the list went on.
            None => return Ok(Vec::new()),
            Some(key) => Some((key, end.id)),
        },
    };
    run(tx, mode, filter, (after, request.limit.probe())).await
}

/// Assets by their names, after one of that name and id; up to so many.
pub(crate) async fn run(
    tx: &mut Tx,
    mode: Mode,
    filter: &Filter,
    (after, most): (Option<(String, Uuid)>, i64),
) -> Result<Vec<Asset>, DbError> {
    const SELECT: &str = "SELECT a.id, a.organisation, o.name AS organisation_name, a.product, \
                          p.vendor, p.name AS product_name, a.name, a.tag, a.version, a.cpe, \
                          a.purl, a.owner, a.place, a.changed_at, a.retired_at FROM (SELECT a.id, \
                          a.organisation, a.product, a.name, a.name_key, a.tag, a.version, a.cpe, \
                          a.purl, a.owner, a.place, a.changed_at, a.retired_at FROM ";
    let way = way(tx, mode, filter).await?;
    let mut sql = query(SELECT);
    sql.push(way.from().on(tx)).push(" WHERE ");
    push_filter(&mut sql, mode, filter);
    if let Some((key, id)) = after {
        sql.push(" AND (a.name_key, a.id) > (").push_bind(key);
        sql.push(", ").push_bind(id).push(")");
    }
    sql.push(" ORDER BY a.name_key, a.id LIMIT ")
        .push_bind(most);
    sql.push(
        ") AS a JOIN constituency_organisation o ON o.number = a.organisation \
         JOIN constituency_product p ON p.number = a.product ORDER BY a.name_key, a.id",
    );
    let rows: Vec<AssetRow> = sql.fetch_all(tx).await?;
    Ok(rows.into_iter().map(Asset::from).collect())
}

/// How many assets match, counted up to 1,000 and one more.
pub(crate) async fn count(tx: &mut Tx, mode: Mode, filter: &Filter) -> Result<i64, DbError> {
    let way = way(tx, mode, filter).await?;
    counted(tx, (mode, way), filter, COUNT_MAX + 1).await
}

/// An asset's organisation and name.
pub(crate) async fn asset(
    tx: &mut Tx,
    mode: Mode,
    id: AssetId,
) -> Result<Option<(i64, String)>, DbError> {
    const SQL: &str =
        "SELECT organisation, name FROM constituency_asset WHERE id = $1 AND exercise = $2";
    let statement = query(SQL).bind(id.uuid()).bind(mode.is_exercise());
    statement.fetch_optional(tx).await
}

/// Takes an asset out. False if it is not there.
pub(crate) async fn remove(tx: &mut Tx, mode: Mode, id: AssetId) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM constituency_asset WHERE id = $1 AND exercise = $2";
    let statement = query(SQL).bind(id.uuid()).bind(mode.is_exercise());
    Ok(statement.execute(tx).await? == 1)
}
