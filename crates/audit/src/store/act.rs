//! Rows of `act`: the readable side of the `acts` ledger.

use db::{DbError, Tx, query};
use kernel::Timestamp;

db::row! {
    #[derive(Debug)]
    pub(crate) struct ActRow {
        pub(crate) leaf: i64,
        pub(crate) at: i64,
        pub(crate) who: String,
        pub(crate) code: String,
        pub(crate) subject: String,
        pub(crate) exercise: bool,
        pub(crate) body: Option<String>,
    }
}

/// An act, to be inserted once its leaf is there.
#[derive(Debug)]
pub(crate) struct NewAct {
    pub(crate) at: Timestamp,
    pub(crate) who: String,
    pub(crate) code: String,
    pub(crate) subject: String,
    pub(crate) exercise: bool,
    pub(crate) body: String,
}

pub(crate) async fn insert(tx: &mut Tx, leaf: i64, new: &NewAct) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO act (leaf, at, who, code, subject, exercise, body) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7)";
    query(SQL)
        .bind(leaf)
        .bind(new.at.as_micros())
        .bind(&new.who)
        .bind(&new.code)
        .bind(&new.subject)
        .bind(new.exercise)
        .bind(&new.body)
        .execute(tx)
        .await?;
    Ok(())
}

/// Many acts, with few statements.
pub(crate) async fn insert_many(tx: &mut Tx, many: &[(i64, &NewAct)]) -> Result<(), DbError> {
    const INTO: &str = "INSERT INTO act (leaf, at, who, code, subject, exercise, body)";
    let rows = many.iter().map(|&(leaf, new)| {
        [
            leaf.into(),
            new.at.as_micros().into(),
            (&new.who).into(),
            (&new.code).into(),
            (&new.subject).into(),
            new.exercise.into(),
            (&new.body).into(),
        ]
    });
    db::rows((INTO, ""), rows).insert(tx).await
}

/// What was done to a subject, newest first, but for the acts whose codes begin with one of `hidden`.
pub(crate) async fn of_subject(
    tx: &mut Tx,
    (subject, exercise): (&str, bool),
    hidden: &[&str],
    before: i64,
    most: i64,
) -> Result<Vec<ActRow>, DbError> {
    let mut sql =
        query("SELECT leaf, at, who, code, subject, exercise, body FROM act WHERE subject = ");
    sql.push_bind(subject);
    sql.push(" AND exercise = ").push_bind(exercise);
    sql.push(" AND leaf < ").push_bind(before);
    for start in hidden {
        // Not LIKE: an underscore stands for itself.
        sql.push(" AND SUBSTR(code, 1, LENGTH(").push_bind(*start);
        sql.push(")) <> ").push_bind(*start);
    }
    sql.push(" ORDER BY leaf DESC LIMIT ").push_bind(most);
    sql.fetch_all(tx).await
}

/// What was done to any of these, newest first.
pub(crate) async fn of_subjects(
    tx: &mut Tx,
    subjects: &[String],
    exercise: bool,
    most: i64,
) -> Result<Vec<ActRow>, DbError> {
    let mut sql =
        query("SELECT leaf, at, who, code, subject, exercise, body FROM act WHERE exercise = ");
    sql.push_bind(exercise);
    sql.push(" AND subject IN (");
    sql.push_list(subjects);
    sql.push(") ORDER BY leaf DESC LIMIT ").push_bind(most);
    sql.fetch_all(tx).await
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
    query(SQL)
        .bind(exercise)
        .bind(before)
        .bind(most)
        .fetch_all(tx)
        .await
}

/// Removes the body of the act that a leaf is about, if it is about one.
pub(crate) async fn erase(tx: &mut Tx, leaf: i64) -> Result<(), DbError> {
    const SQL: &str = "UPDATE act SET body = NULL WHERE leaf = $1";
    query(SQL).bind(leaf).execute(tx).await?;
    Ok(())
}

/// The leaves of the acts on a subject that still have a body, of whichever epoch and mode, oldest
/// first.
pub(crate) async fn with_body(tx: &mut Tx, subject: &str, most: i64) -> Result<Vec<i64>, DbError> {
    const SQL: &str = "SELECT leaf FROM act WHERE subject = $1 AND body IS NOT NULL \
                       ORDER BY leaf LIMIT $2";
    let rows: Vec<(i64,)> = query(SQL).bind(subject).bind(most).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(leaf,)| leaf).collect())
}
