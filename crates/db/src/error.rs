//! What can go wrong between a room and its rows.

use std::borrow::Cow;

use kernel::{Problem, ProblemKind};

/// A failure of the database, named by what the operator can do about it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database was written by a newer program.
    #[error(
        "the database has migration {found}, this program knows none later than {known}: it was \
         used by a newer program; run that one, or restore a backup made before the upgrade"
    )]
    Newer {
        /// The migration found in the database.
        found: i64,
        /// The newest migration of this program.
        known: i64,
    },
    /// A migration that ran is not the one this program has under that number.
    #[error("migration {number} of the database is not the one of this program")]
    Altered {
        /// The number of the migration.
        number: i64,
    },
    /// A migration failed; the database is as it was before it.
    #[error("a migration failed")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// The file is in use by another program, or a lock was held for too long.
    #[error("the database is locked by another program")]
    Locked(#[source] sqlx::Error),
    /// The database may not be written to.
    #[error("the database is read-only")]
    ReadOnly(#[source] sqlx::Error),
    /// There is no room left to write.
    #[error("no space is left for the database")]
    Full(#[source] sqlx::Error),
    /// All connections are busy, or none could be had in time.
    #[error("the database did not answer in time")]
    Busy(#[source] sqlx::Error),
    /// Others wrote first, each time that it was tried.
    #[error("other transactions were quicker, again and again")]
    Contended,
    /// The server or file cannot be reached.
    #[error("the database cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// A connection does not give the durability that was promised.
    #[error("the database does not write durably: {setting} is {found}, not {wanted}")]
    NotDurable {
        /// The setting.
        setting: &'static str,
        /// What it should be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// Two transactions got in each other's way; the later one may try again.
    #[error("the transaction met another one")]
    Conflict(#[source] sqlx::Error),
    /// A rule of the schema was broken, such as a second row of a unique key.
    #[error("the row breaks the rule {constraint:?} of the schema")]
    Constraint {
        /// The name of the rule, as far as the engine tells it.
        constraint: Option<String>,
        /// True if a row with that key is there already.
        duplicate: bool,
        /// The engine's error.
        #[source]
        source: sqlx::Error,
    },
    /// A row holds what this program would not have written.
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
    /// Anything else that the engine says.
    #[error("the database refused a statement")]
    Statement(#[source] sqlx::Error),
}

/// A row that cannot become a value: which table, column and key.
#[derive(Debug, thiserror::Error)]
#[error("column {column} of row {key} in table {table} is unreadable")]
pub struct Corrupt {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's key, as text.
    pub key: String,
}

impl Corrupt {
    /// A row of `table` whose `column` cannot be read.
    pub fn new(table: &'static str, column: &'static str, key: &impl ToString) -> Self {
        Self {
            table,
            column,
            key: key.to_string(),
        }
    }
}

impl DbError {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "db.newer",
            Self::Altered { .. } => "db.altered",
            Self::Migration(_) => "db.migration_failed",
            Self::Locked(_) => "db.locked",
            Self::ReadOnly(_) => "db.read_only",
            Self::Full(_) => "db.full",
            Self::Busy(_) | Self::Contended => "db.busy",
            Self::Unreachable(_) => "db.unreachable",
            Self::NotDurable { .. } => "db.not_durable",
            Self::Conflict(_) => "db.conflict",
            Self::Constraint { .. } => "db.constraint",
            Self::Corrupt(_) => "db.corrupt",
            Self::Statement(_) => "db.statement",
        }
    }

    /// True where trying again later may help.
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Locked(_)
                | Self::Full(_)
                | Self::Busy(_)
                | Self::Contended
                | Self::Unreachable(_)
                | Self::Conflict(_)
        )
    }

    /// True if a row with that key is there already.
    pub const fn is_duplicate(&self) -> bool {
        matches!(
            self,
            Self::Constraint {
                duplicate: true,
                ..
            }
        )
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy(error),
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed => {
                Self::Unreachable(error)
            }
            sqlx::Error::Database(database) => {
                let code = database.code().map(Cow::into_owned);
                if database.is_unique_violation()
                    || database.is_foreign_key_violation()
                    || database.is_check_violation()
                {
                    return Self::Constraint {
                        constraint: database.constraint().map(str::to_owned),
                        duplicate: database.is_unique_violation(),
                        source: error,
                    };
                }
                Self::from_code(code.as_deref().unwrap_or(""), error)
            }
            _ => Self::Statement(error),
        }
    }
}

impl DbError {
    /// SQLite gives its extended result code as a number, PostgreSQL its SQLSTATE.
    fn from_code(code: &str, error: sqlx::Error) -> Self {
        match code {
            "53100" => return Self::Full(error),
            "25006" => return Self::ReadOnly(error),
            "40001" | "40P01" => return Self::Conflict(error),
            "53300" | "55P03" | "57014" => return Self::Busy(error),
            "57P01" | "57P02" | "57P03" | "08006" | "08001" => return Self::Unreachable(error),
            _ => {}
        }
        match code.parse::<u32>().map(|extended| extended & 0xff) {
            Ok(5 | 6) => Self::Locked(error),
            Ok(8) => Self::ReadOnly(error),
            Ok(13) => Self::Full(error),
            Ok(10 | 14) => Self::Unreachable(error),
            _ => Self::Statement(error),
        }
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        let code = error.code();
        if error.is_transient() {
            Self::new(
                ProblemKind::Unavailable,
                code,
                "the node cannot reach or write its database at the moment",
            )
            .caused_by(error)
        } else {
            Self::internal(code, error)
        }
    }
}
