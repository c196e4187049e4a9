//! SQL of what files say of affected versions.

use db::{Corrupt, DbError, Tx, query};
use kernel::Mode;
use serde_json::json;

use crate::{
    cve::{Named, Origin, Status},
    model::Cve,
    names,
};

db::row! {
    struct Row {
        number: i64,
        vendor: String,
        product: String,
        fallback: String,
        entries: String,
        source: String,
    }
}

impl TryFrom<Row> for Named {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let corrupt = |column| Corrupt::new("constituency_named", column, &row.number);
        Ok(Self {
            fallback: Status::from_word(&row.fallback).ok_or_else(|| corrupt("fallback"))?,
            entries: serde_json::from_str(&row.entries).map_err(|_unread| corrupt("entries"))?,
            vendor: row.vendor,
            product: row.product,
            source: row.source,
        })
    }
}

/// What files of an origin say of a vulnerability.
pub(crate) async fn of_origin(
    tx: &mut Tx,
    cve: &Cve,
    origin: Origin,
) -> Result<Vec<Named>, DbError> {
    const SQL: &str = "SELECT number, vendor, product, fallback, entries, source \
                       FROM constituency_named WHERE cve = $1 AND origin = $2 ORDER BY number";
    let statement = query(SQL).bind(cve.as_str()).bind(origin.as_str());
    let rows: Vec<Row> = statement.fetch_all(tx).await?;
    rows.into_iter().map(Named::try_from).collect()
}

/// What files say of a product, whose keys these are, and a vulnerability.
pub(crate) async fn of_product(
    tx: &mut Tx,
    cve: &Cve,
    (vendor_key, product_key): (&str, &str),
) -> Result<Vec<Named>, DbError> {
    const SQL: &str = "SELECT number, vendor, product, fallback, entries, source \
                       FROM constituency_named WHERE cve = $1 AND vendor_key = $2 \
                       AND product_key = $3 ORDER BY number";
    let statement = query(SQL).bind(cve.as_str()).bind(vendor_key);
    let rows: Vec<Row> = statement.bind(product_key).fetch_all(tx).await?;
    rows.into_iter().map(Named::try_from).collect()
}

/// Writes what a file says of a vulnerability in place of what the last one said.
pub(crate) async fn replace(
    tx: &mut Tx,
    (cve, origin): (&Cve, Origin),
    products: &[Named],
) -> Result<(), DbError> {
    const DELETE: &str = "DELETE FROM constituency_named WHERE cve = $1 AND origin = $2";
    const INSERT: &str = "INSERT INTO constituency_named (cve, origin, vendor, product, vendor_key, \
                          product_key, fallback, entries, source) \
                          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let delete = query(DELETE).bind(cve.as_str()).bind(origin.as_str());
    delete.execute(tx).await?;
    for one in products {
        let vendor_key = names::vendor_key(&one.vendor);
        let product_key = names::product_key(&vendor_key, &one.product);
        query(INSERT)
            .bind(cve.as_str())
            .bind(origin.as_str())
            .bind(&one.vendor)
            .bind(&one.product)
            .bind(vendor_key)
            .bind(product_key)
            .bind(one.fallback.as_str())
            .bind(json!(one.entries).to_string())
            .bind(&one.source)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// The versions in which a product stands, each with how many assets; the first `most` assets alone.
pub(crate) async fn versions(
    tx: &mut Tx,
    mode: Mode,
    (product, organisation): (i64, Option<i64>),
    most: i64,
) -> Result<Vec<(String, i64)>, DbError> {
    let mut sql = query(
        "SELECT version, count(*) FROM (SELECT version FROM constituency_asset WHERE product = ",
    );
    sql.push_bind(product)
        .push(" AND exercise = ")
        .push_bind(mode.is_exercise())
        .push(" AND retired_at IS NULL");
    if let Some(number) = organisation {
        sql.push(" AND organisation = ").push_bind(number);
    }
    sql.push(" LIMIT ").push_bind(most);
    sql.push(") AS counted GROUP BY version");
    sql.fetch_all(tx).await
}

/// The keys of a product.
pub(crate) async fn keys(tx: &mut Tx, product: i64) -> Result<(String, String), DbError> {
    const SQL: &str = "SELECT vendor_key, product_key FROM constituency_product WHERE number = $1";
    query(SQL).bind(product).fetch_one(tx).await
}
