//! Rows of `act`: the readable side of the `acts` ledger.

use db::{
    DbError, Tx, on,
    sqlx::{FromRow, QueryBuilder, query, query_as},
};

#[derive(Debug, FromRow)]
pub(crate) struct ActRow {
    pub(crate) leaf: i64,
    pub(crate) at: i64,
    pub(crate) who: String,
    pub(crate) code: String,
    pub(crate) subject: String,
    pub(crate) exercise: bool,
    pub(crate) body: Option<String>,
}

pub(crate) async fn insert(tx: &mut Tx, row: &ActRow) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO act (leaf, at, who, code, subject, exercise, body) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on!(tx, conn => query(SQL)
        .bind(row.leaf)
        .bind(row.at)
        .bind(&row.who)
        .bind(&row.code)
        .bind(&row.subject)
        .bind(row.exercise)
        .bind(&row.body)
        .execute(conn)
        .await
        .map(drop))?;
    Ok(())
}

/// What was done to a subject, newest first.
pub(crate) async fn of_subject(
    tx: &mut Tx,
    subject: &str,
    exercise: bool,
    before: i64,
    most: i64,
) -> Result<Vec<ActRow>, DbError> {
    const SQL: &str = "SELECT leaf, at, who, code, subject, exercise, body FROM act \
                       WHERE subject = $1 AND exercise = $2 AND leaf < $3 \
                       ORDER BY leaf DESC LIMIT $4";
    Ok(on!(tx, conn => query_as(SQL)
        .bind(subject)
        .bind(exercise)
        .bind(before)
        .bind(most)
        .fetch_all(conn)
        .await)?)
}

/// What was done to any of these, newest first.
pub(crate) async fn of_subjects(
    tx: &mut Tx,
    subjects: &[String],
    exercise: bool,
    most: i64,
) -> Result<Vec<ActRow>, DbError> {
    Ok(on!(tx, conn => {
        let mut sql = QueryBuilder::new(
            "SELECT leaf, at, who, code, subject, exercise, body FROM act WHERE exercise = ");
        sql.push_bind(exercise);
        sql.push(" AND subject IN (");
        let mut some = sql.separated(", ");
        for subject in subjects {
            some.push_bind(subject.as_str());
        }
        sql.push(") ORDER BY leaf DESC LIMIT ").push_bind(most);
        sql.build_query_as().fetch_all(conn).await
    })?)
}

/// What was done, newest first.
pub(crate) async fn all(
    tx: &mut Tx,
    exercise: bool,
    before: i64,
    most: i64,
) -> Result<Vec<ActRow>, DbError> {
    const SQL: &str = "SELECT leaf, at, who, code, subject, exercise, body FROM act \
                       WHERE exercise = $1 AND leaf < $2 ORDER BY leaf DESC LIMIT $3";
    Ok(on!(tx, conn =>
        query_as(SQL).bind(exercise).bind(before).bind(most).fetch_all(conn).await)?)
}

/// Removes the body of the act that a leaf is about, if it is about one.
pub(crate) async fn erase(tx: &mut Tx, leaf: i64) -> Result<(), DbError> {
    const SQL: &str = "UPDATE act SET body = NULL WHERE leaf = $1";
    on!(tx, conn => query(SQL).bind(leaf).execute(conn).await.map(drop))?;
    Ok(())
}
