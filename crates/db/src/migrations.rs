//! The scripts that bring a database to the newest schema.

use std::borrow::Cow;

use sqlx::{
    SqlSafeStr as _,
    migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator},
};

use crate::{DbError, Engine};

/// A script for each engine, under one number and name.
struct Script {
    number: &'static str,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! scripts {
    ($($number:literal $name:literal),+ $(,)?) => {
        &[$(Script {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $number, "_", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $number, "_", $name, ".sql")),
        }),+]
    };
}

/// In their order. A script that was released is never changed.
const SCRIPTS: &[Script] = scripts! {
    "0001" "ground",
    "0002" "audit",
    "0003" "access",
    "0004" "directory",
    "0005" "federation",
    "0006" "incidents",
    "0007" "exchange",
    "0010" "epoch",
    "0015" "taken",
    "0016" "answer",
    "0017" "entered",
    "0018" "envelope",
    "0020" "circle",
    "0021" "intel",
    "0022" "remote",
    "0023" "misp",
    "0024" "correlation",
    "0025" "share",
    "0026" "upload",
    "0027" "exchange",
    "0029" "event_page",
    "0030" "library",
    "0031" "shown",
    "0032" "expressed",
    "0033" "giver",
    "0034" "unknown_mark",
    "0035" "holder",
    "0036" "buried_part",
    "0037" "severity",
    "0038" "clocks",
    "0039" "harm",
    "0040" "course",
    "0041" "calendar",
    "0042" "report",
    "0043" "request",
    "0044" "reminder_mail",
    "0045" "case_work",
    "0046" "mail_health",
    "0047" "mail_waiting",
    "0049" "mail",
    "0053" "evidence",
    "0054" "merge",
    "0055" "hold",
    "0056" "infrastructure_naming",
    "0057" "constituency",
    "0058" "constituency_import",
    "0059" "vulnerability",
    "0060" "infrastructure",
    "0061" "incident_fact",
    "0062" "taxonomy",
    "0063" "crosswalk",
    "0064" "act_salt",
    "0065" "retention",
    "0066" "reporting",
    "0067" "submission",
    "0068" "split",
    "0069" "asset_retired",
    "0070" "affected_range",
    "0071" "harm_among",
    "0072" "classed",
    "0073" "search_row",
    "0078" "mail_begun",
};

/// Runs what a database does not have yet. Refuses one that is newer than this program.
pub(crate) async fn run<C: Migrate>(engine: Engine, connection: &mut C) -> Result<(), DbError> {
    let migrator = of(engine);
    let known = migrator
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0);
    migrator
        .run_direct(None, connection, false)
        .await
        .map_err(|error| match error {
            MigrateError::VersionMissing(found) | MigrateError::VersionTooNew(found, _) => {
                DbError::Newer { found, known }
            }
            MigrateError::VersionMismatch(number) => DbError::Altered { number },
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => {
                match DbError::from(cause) {
                    DbError::Statement(cause) => DbError::Migration(MigrateError::Execute(cause)),
                    named => named,
                }
            }
            other => DbError::Migration(other),
        })
}

/// The scripts of an engine, in their order.
fn of(engine: Engine) -> Migrator {
    let migration = |script: &Script| {
        let text = match engine {
            Engine::Sqlite => script.sqlite,
            Engine::Postgres => script.postgres,
        };
        Migration::new(
            script.number.parse().unwrap_or(i64::MAX),
            Cow::Borrowed(script.name),
            MigrationType::Simple,
            text.into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(SCRIPTS.iter().map(migration).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_of_the_folders_is_known() {
        let known: Vec<String> = SCRIPTS
            .iter()
            .map(|script| format!("{}_{}.sql", script.number, script.name))
            .collect();
        for (folder, engine) in [("sqlite", Engine::Sqlite), ("postgres", Engine::Postgres)] {
            let path = format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
            let mut found: Vec<String> = std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            found.sort();
            assert_eq!(found, known);
            for (script, migration) in SCRIPTS.iter().zip(of(engine).iter()) {
                assert_eq!(Ok(migration.version), script.number.parse());
            }
        }
    }
}
