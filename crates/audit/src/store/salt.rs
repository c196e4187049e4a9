//! Rows of `act_salt`.

use std::collections::BTreeMap;

use db::{Corrupt, DbError, Tx, query};

/// Rows that one statement writes or reads.
const ROWS_AT_ONCE: usize = 500;

pub(crate) async fn find(tx: &mut Tx, subject: &str) -> Result<Option<[u8; 32]>, DbError> {
    const SQL: &str = "SELECT salt FROM act_salt WHERE subject = $1";
    let row: Option<(Vec<u8>,)> = query(SQL).bind(subject).fetch_optional(tx).await?;
    row.map(|(salt,)| whole(subject, salt)).transpose()
}

/// Gives each subject that has no salt yet the one drawn for it. Gives the salts of all, in order.
pub(crate) async fn draw(
    tx: &mut Tx,
    subjects: &[String],
    drawn: &[[u8; 32]],
) -> Result<Vec<[u8; 32]>, DbError> {
    const INTO: &str = "INSERT INTO act_salt (subject, salt)";
    const AFTER: &str = " ON CONFLICT (subject) DO NOTHING";
    let mut all = Vec::with_capacity(subjects.len());
    let chunks = subjects
        .chunks(ROWS_AT_ONCE)
        .zip(drawn.chunks(ROWS_AT_ONCE));
    for (subjects, drawn) in chunks {
        let rows = subjects.iter().zip(drawn);
        let rows = rows.map(|(subject, salt)| [subject.into(), salt.as_slice().into()]);
        db::rows((INTO, AFTER), rows).insert(tx).await?;
        let mut sql = query("SELECT subject, salt FROM act_salt WHERE subject IN (");
        sql.push_list(subjects);
        sql.push(")");
        let rows: Vec<(String, Vec<u8>)> = sql.fetch_all(tx).await?;
        let found: BTreeMap<String, Vec<u8>> = rows.into_iter().collect();
        for subject in subjects {
            let salt = found.get(subject).ok_or_else(|| lost(subject))?;
            all.push(whole(subject, salt.clone())?);
        }
    }
    Ok(all)
}

pub(crate) async fn remove(tx: &mut Tx, subject: &str) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM act_salt WHERE subject = $1";
    query(SQL).bind(subject).execute(tx).await?;
    Ok(())
}

/// A row that was written and is not there.
pub(crate) fn lost(subject: &str) -> DbError {
    Corrupt::new("act_salt", "salt", &subject).into()
}

fn whole(subject: &str, salt: Vec<u8>) -> Result<[u8; 32], DbError> {
    salt.try_into().map_err(|_wrong_length| lost(subject))
}
