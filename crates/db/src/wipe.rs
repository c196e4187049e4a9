//! Making sure that what was deleted is not left in the file.
//!
//! SQLite marks deleted rows and pages as free and writes over them when it needs the room. Every
//! connection overwrites deleted rows at once (`secure_delete=FAST`), which costs no page more; whole
//! pages that become free are overwritten where a transaction asks for it ([`thoroughly`]), and
//! nothing that is not in use is left by [`crate::Db::compact`]. PostgreSQL keeps dead rows until
//! `VACUUM`.

use crate::{DbError, Engine, Tx, query};

/// What [`crate::Db::compact`] did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Compacted {
    /// The file was written anew, and its log emptied.
    Whole,
    /// The file was written anew; somebody reads an older state, so the log goes later.
    Read,
    /// The file is larger than was allowed.
    TooLarge,
    /// PostgreSQL does it by itself, or on the operator's `VACUUM FULL`.
    NotHere,
}

/// From now on, or no longer, pages that become free are overwritten with zeros. On PostgreSQL it does
/// nothing. Whoever turns it on turns it off before he commits; where he does not get there it goes on,
/// which costs time and nothing else.
pub async fn thoroughly(tx: &mut Tx, on: bool) -> Result<(), DbError> {
    const ON: &str = "PRAGMA secure_delete = ON";
    const FAST: &str = "PRAGMA secure_delete = FAST";
    if tx.engine() == Engine::Sqlite {
        let sql = if on { ON } else { FAST };
        let _set: Vec<(i64,)> = query(sql).fetch_all(tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{Address, scratch::Scratch, setting};

    #[tokio::test]
    async fn nothing_deleted_is_left_in_the_file() {
        const DELETE: &str = "DELETE FROM setting WHERE name LIKE 'n%'";
        let scratch = Scratch::open(Engine::Sqlite).await;
        let Address::Sqlite(path) = &scratch.address else {
            return;
        };
        let left = || {
            let mut bytes = fs::read(path).unwrap();
            bytes.extend(fs::read(path.with_extension("db-wal")).unwrap_or_default());
            let found = bytes.windows(7).filter(|window| window == b"zephyri");
            found.count()
        };
        let mut tx = scratch.db.begin().await.unwrap();
        for number in 0..300 {
            let text = format!("zephyri {number}").repeat(60);
            setting::write(&mut tx, &format!("n{number}"), &text)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        assert!(left() > 300);
        let mut tx = scratch.db.begin().await.unwrap();
        thoroughly(&mut tx, true).await.unwrap();
        query(DELETE).execute(&mut tx).await.unwrap();
        thoroughly(&mut tx, false).await.unwrap();
        tx.commit().await.unwrap();
        let small = scratch.db.compact(Some(1)).await.unwrap();
        assert_eq!(small, Compacted::TooLarge);
        assert_eq!(scratch.db.compact(None).await.unwrap(), Compacted::Whole);
        assert_eq!(left(), 0);
        scratch.remove().await;
    }

    #[tokio::test]
    async fn the_other_engine_does_it_by_itself() {
        let scratch = Scratch::open(Engine::Postgres).await;
        let mut tx = scratch.db.begin().await.unwrap();
        thoroughly(&mut tx, true).await.unwrap();
        drop(tx);
        assert_eq!(scratch.db.compact(None).await.unwrap(), Compacted::NotHere);
        scratch.remove().await;
    }
}
