//! SQL of products.

use db::{DbError, Tx, query};
use kernel::Mode;

use crate::{model::Product, names};

/// The number of a product, and whether it was entered because it was not there.
pub(crate) async fn product_of(
    tx: &mut Tx,
    vendor: &str,
    name: &str,
) -> Result<(i64, bool), DbError> {
    const INSERT: &str = "INSERT INTO constituency_product (vendor, name, vendor_key, product_key) \
                          VALUES ($1, $2, $3, $4) ON CONFLICT (vendor_key, product_key) DO NOTHING";
    const SELECT: &str =
        "SELECT number FROM constituency_product WHERE vendor_key = $1 AND product_key = $2";
    let vendor_key = names::vendor_key(vendor);
    let product_key = names::product_key(&vendor_key, name);
    let insert = query(INSERT).bind(vendor).bind(name).bind(&vendor_key);
    let is_new = insert.bind(&product_key).execute(tx).await? == 1;
    let select = query(SELECT).bind(&vendor_key).bind(&product_key);
    let (number,): (i64,) = select.fetch_one(tx).await?;
    Ok((number, is_new))
}

/// The keys of all products, by number.
pub(crate) async fn product_keys(tx: &mut Tx) -> Result<Vec<(i64, String, String)>, DbError> {
    const SQL: &str = "SELECT number, vendor_key, product_key FROM constituency_product";
    query(SQL).fetch_all(tx).await
}

/// Products that some asset of the mode is of and whose maker's or own key holds these letters.
pub(crate) async fn products(
    tx: &mut Tx,
    mode: Mode,
    (text, most): (&str, i64),
) -> Result<Vec<Product>, DbError> {
    const SQL: &str = "SELECT p.number, p.vendor, p.name FROM constituency_product p \
                       WHERE p.vendor_key || ' ' || p.product_key LIKE $1 \
                       AND EXISTS (SELECT 1 FROM constituency_asset a \
                       WHERE a.product = p.number AND a.exercise = $2 \
                       AND a.retired_at IS NULL) \
                       ORDER BY p.vendor_key, p.product_key LIMIT $3";
    let like = format!("%{}%", names::key(text));
    let statement = query(SQL).bind(like).bind(mode.is_exercise()).bind(most);
    let rows: Vec<(i64, String, String)> = statement.fetch_all(tx).await?;
    let product = |(number, vendor, name)| Product {
        number,
        vendor,
        name,
    };
    Ok(rows.into_iter().map(product).collect())
}
