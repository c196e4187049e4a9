//! Backups of nodes with PostgreSQL.

use std::{env, fs, path::Path, process::Command};

use crate::command::{comity, done, text};

/// A database on the server of the tests, which goes with it.
struct Database {
    server: String,
    name: String,
}

impl Database {
    fn make(name: &str) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "where the server of the tests is, its runner says"
        )]
        let server = env::var("COMITY_TEST_POSTGRES").unwrap();
        let name = format!("{name}_{}", kernel::uuid_v4(&kernel::OsRng).simple());
        let made = Self { server, name };
        made.tell(&format!("CREATE DATABASE {}", made.name));
        made
    }

    fn tell(&self, sql: &str) {
        let told = Command::new("psql")
            .args(["--quiet", "--command", sql, &self.server])
            .status();
        assert!(told.unwrap().success(), "{sql}");
    }

    fn address(&self) -> String {
        let (server, _database) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.tell(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// Runs a command on a machine that has no other program.
fn alone(data: &Path, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(words)
        .args(["--data", text(data)])
        .env("PATH", "")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{words:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_node_with_postgresql_comes_back_with_its_database() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let (data, back, file) = (at("xa"), at("back"), at("backup.age"));
    let (first, second) = (Database::make("first"), Database::make("second"));
    let (here, there) = (first.address(), second.address());
    done(&data, &["init", "--party", "XA", "--database", &here]);
    done(&data, &["import", "--shipped", "--database", &here]);
    let away = at("safe");
    fs::rename(data.join("take-offline"), &away).unwrap();
    let backup = ["backup", text(&file), "--database", &here];
    let said = alone(&data, &backup);
    assert!(said.contains("pg_dump is not on this machine"), "{said}");
    assert!(said.contains("postgresql-client"), "{said}");
    assert!(!file.exists());
    done(&data, &backup);

    let key = away.join("archive.secret");
    let restore = ["restore", text(&file), "--archive-key", text(&key)];
    let said = String::from_utf8(comity(&back, &restore).stderr).unwrap();
    assert!(said.contains("a node with PostgreSQL"), "{said}");
    fs::remove_dir_all(&back).unwrap();
    let restore = [&restore[..], &["--database", &there]].concat();
    let said = alone(&back, &restore);
    assert!(said.contains("pg_restore is not on this machine"), "{said}");
    fs::remove_dir_all(&back).unwrap();
    done(&back, &restore);
    fs::copy(data.join("vault.key"), back.join("vault.key")).unwrap();
    let found = done(&back, &["doctor", "--database", &there]);
    assert!(!found.contains("FAIL"), "{found}");
    let out = at("out.jsonl");
    let export = ["export", text(&out), "--what", "incidents", "--json"];
    let written = done(&back, &[&export[..], &["--database", &there]].concat());
    assert!(written.contains("\"incidents\": 36"), "{written}");

    // What is there is not written into.
    let again = at("again");
    let output = comity(&again, &restore);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("pg_restore failed") && said.contains("must be"),
        "{said}"
    );
}

#[test]
fn a_copy_of_ones_own_is_left_out_and_brought_back_first() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let (data, back, file) = (at("xa"), at("back"), at("backup.age"));
    let (first, second) = (Database::make("first"), Database::make("second"));
    let (here, there) = (first.address(), second.address());
    done(&data, &["init", "--party", "XA", "--database", &here]);
    let key = data.join("take-offline/archive.secret");
    let backup = ["backup", text(&file), "--without-database"];
    done(&data, &[&backup[..], &["--database", &here]].concat());
    let restore = ["restore", text(&file), "--archive-key", text(&key)];
    let restore = [&restore[..], &["--database", &there]].concat();
    let output = comity(&back, &restore);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("bring the database back first"), "{said}");
}
