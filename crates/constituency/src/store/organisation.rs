//! SQL of organisations and of the reviews of their lists.

use db::{DbError, Tx, query};
use kernel::{Mode, Timestamp};

use crate::{
    day::Day,
    model::{Organisation, Review},
    names,
};

db::row! {
    struct OrganisationRow {
        number: i64,
        name: String,
        reviewed_on: Option<i64>,
        review_due: i64,
    }
}

impl From<OrganisationRow> for Organisation {
    fn from(row: OrganisationRow) -> Self {
        Self {
            number: row.number,
            name: row.name,
            reviewed_on: row.reviewed_on.map(Day::from_number),
            review_due: Day::from_number(row.review_due),
        }
    }
}

/// The number of an organisation, which is entered if it is not there.
pub(crate) async fn number_of(
    tx: &mut Tx,
    mode: Mode,
    name: &str,
    review_due: Day,
) -> Result<i64, DbError> {
    const INSERT: &str = "INSERT INTO constituency_organisation (exercise, key, name, review_due) \
                          VALUES ($1, $2, $3, $4) ON CONFLICT (exercise, key) DO NOTHING";
    const SELECT: &str =
        "SELECT number FROM constituency_organisation WHERE exercise = $1 AND key = $2";
    let key = names::key(name);
    let insert = query(INSERT).bind(mode.is_exercise()).bind(&key).bind(name);
    insert.bind(review_due.number()).execute(tx).await?;
    let select = query(SELECT).bind(mode.is_exercise()).bind(&key);
    let (number,): (i64,) = select.fetch_one(tx).await?;
    Ok(number)
}

/// The number of an organisation that is there.
pub(crate) async fn known(tx: &mut Tx, mode: Mode, key: &str) -> Result<Option<i64>, DbError> {
    const SQL: &str =
        "SELECT number FROM constituency_organisation WHERE exercise = $1 AND key = $2";
    let statement = query(SQL).bind(mode.is_exercise()).bind(key);
    let found: Option<(i64,)> = statement.fetch_optional(tx).await?;
    Ok(found.map(|(number,)| number))
}

/// Organisations whose key holds these letters, by name.
pub(crate) async fn list(
    tx: &mut Tx,
    mode: Mode,
    (text, most): (&str, i64),
) -> Result<Vec<Organisation>, DbError> {
    const SQL: &str = "SELECT number, name, reviewed_on, review_due \
                       FROM constituency_organisation WHERE exercise = $1 \
                       AND key LIKE $2 ORDER BY key LIMIT $3";
    let like = format!("%{}%", names::key(text));
    let statement = query(SQL).bind(mode.is_exercise()).bind(like).bind(most);
    let rows: Vec<OrganisationRow> = statement.fetch_all(tx).await?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}

/// One organisation.
pub(crate) async fn find(
    tx: &mut Tx,
    mode: Mode,
    number: i64,
) -> Result<Option<Organisation>, DbError> {
    const SQL: &str = "SELECT number, name, reviewed_on, review_due \
                       FROM constituency_organisation WHERE exercise = $1 AND number = $2";
    let statement = query(SQL).bind(mode.is_exercise()).bind(number);
    let row: Option<OrganisationRow> = statement.fetch_optional(tx).await?;
    Ok(row.map(Organisation::from))
}

/// Organisations whose review is due up to a day, the earliest first.
pub(crate) async fn due(
    tx: &mut Tx,
    mode: Mode,
    (up_to, most): (Day, i64),
) -> Result<Vec<Organisation>, DbError> {
    const SQL: &str = "SELECT number, name, reviewed_on, review_due \
                       FROM constituency_organisation WHERE exercise = $1 AND review_due <= $2 \
                       ORDER BY review_due, number LIMIT $3";
    let statement = query(SQL)
        .bind(mode.is_exercise())
        .bind(up_to.number())
        .bind(most);
    let rows: Vec<OrganisationRow> = statement.fetch_all(tx).await?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}

/// Records a review, and when the next one is due.
pub(crate) async fn review(
    tx: &mut Tx,
    (number, at, next): (i64, Timestamp, Day),
    review: &Review,
) -> Result<(), DbError> {
    const INSERT: &str = "INSERT INTO constituency_review (organisation, at, held_on, by_whom, found) \
                          VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, at) DO NOTHING";
    const UPDATE: &str = "UPDATE constituency_organisation SET reviewed_on = $2, review_due = $3 \
                          WHERE number = $1";
    query(INSERT)
        .bind(number)
        .bind(at.as_micros())
        .bind(review.held_on.number())
        .bind(&review.by)
        .bind(&review.found)
        .execute(tx)
        .await?;
    let update = query(UPDATE).bind(number).bind(review.held_on.number());
    update.bind(next.number()).execute(tx).await?;
    Ok(())
}

/// The latest reviews of an organisation.
pub(crate) async fn reviews(tx: &mut Tx, number: i64, most: i64) -> Result<Vec<Review>, DbError> {
    const SQL: &str = "SELECT held_on, by_whom, found FROM constituency_review \
                       WHERE organisation = $1 ORDER BY at DESC LIMIT $2";
    let rows: Vec<(i64, String, String)> = query(SQL).bind(number).bind(most).fetch_all(tx).await?;
    let review = |(held_on, by, found)| Review {
        held_on: Day::from_number(held_on),
        by,
        found,
    };
    Ok(rows.into_iter().map(review).collect())
}
