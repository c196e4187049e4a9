//! What the two engines say differently, both texts side by side.

use crate::{Engine, Tx};

/// One statement in two dialects, with the same binds.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}

impl Sql {
    /// The text for the engine of this transaction.
    pub const fn on(&self, tx: &Tx) -> &'static str {
        match tx.engine() {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

/// Locks the rows that a query reads until the transaction ends. SQLite has one writer, so there
/// the lock is there already.
pub const FOR_UPDATE: Sql = Sql {
    sqlite: "",
    postgres: " FOR UPDATE",
};
