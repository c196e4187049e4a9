//! What both engines do, behind two objects: the connections to a database, and a transaction.
//!
//! They are objects and not generics so that a caller compiles nothing of the drivers but what drops
//! a row.

use std::{fmt::Debug, future::Future, path::Path, pin::Pin};

use crate::{DbError, Engine, Query, Row, Rows, wipe::Compacted};

/// What a call to a database comes to.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, DbError>> + Send + 'a>>;

/// The connections to a database.
pub(crate) trait Pools: Debug + Send + Sync {
    fn engine(&self) -> Engine;

    /// Begins a transaction that may write.
    fn begin(&self) -> Boxed<'_, Box<dyn Transaction>>;

    /// Begins a transaction that reads one consistent state.
    fn begin_read(&self) -> Boxed<'_, Box<dyn Transaction>>;

    /// A reader without a transaction around its statements.
    fn reader(&self) -> Boxed<'_, Box<dyn Transaction>>;

    /// Closes all connections; what is under way ends first.
    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// Writes a consistent copy to a new file; false where the engine has a better way.
    fn copy_to<'a>(&'a self, path: &'a Path) -> Boxed<'a, bool>;

    /// Leaves nothing in the file that is not in use, if the file is not larger than that.
    fn compact(&self, bytes_max: Option<u64>) -> Boxed<'_, Compacted>;
}

/// A transaction on one of them.
pub(crate) trait Transaction: Debug + Send {
    fn run<'t>(&'t mut self, statement: Query<'t>) -> Boxed<'t, Written>;

    fn rows<'t>(&'t mut self, statement: Query<'t>) -> Boxed<'t, Vec<Row>>;

    fn row<'t>(&'t mut self, statement: Query<'t>) -> Boxed<'t, Option<Row>>;

    /// Inserts rows in the way that suits the engine.
    fn insert<'t>(&'t mut self, rows: Rows<'t>) -> Boxed<'t, ()>;

    fn commit(self: Box<Self>) -> Boxed<'static, ()>;
}

/// What a statement did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub(crate) rows: u64,
    /// The key of the row inserted last, where the engine tells it unasked.
    pub(crate) key: Option<i64>,
}

/// Runs statements on `self.tx`, a transaction of that engine.
macro_rules! run_statements {
    ($engine:ty, $done:ident => $key:expr, $ready:ident) => {
        fn run<'t>(&'t mut self, statement: Query<'t>) -> Boxed<'t, Written> {
            Box::pin(async move {
                let (text, values) = statement.ready::<$engine>()?;
                let $done = query_with(text, values).execute(&mut *self.tx).await?;
                Ok(Written {
                    rows: $done.rows_affected(),
                    key: $key,
                })
            })
        }

        fn rows<'t>(&'t mut self, statement: Query<'t>) -> Boxed<'t, Vec<Row>> {
            Box::pin(async move {
                let (text, values) = statement.ready::<$engine>()?;
                let rows = query_with(text, values).fetch_all(&mut *self.tx).await?;
                Ok(rows.into_iter().map(Row::from).collect())
            })
        }

        fn row<'t>(&'t mut self, statement: Query<'t>) -> Boxed<'t, Option<Row>> {
            Box::pin(async move {
                let (text, values) = statement.ready::<$engine>()?;
                let row = query_with(text, values)
                    .fetch_optional(&mut *self.tx)
                    .await?;
                Ok(row.map(Row::from))
            })
        }

        fn insert<'t>(&'t mut self, rows: Rows<'t>) -> Boxed<'t, ()> {
            Box::pin(async move {
                for statement in rows.$ready() {
                    let (text, values) = statement?;
                    query_with(text, values).execute(&mut *self.tx).await?;
                }
                Ok(())
            })
        }
    };
}
pub(crate) use run_statements;
