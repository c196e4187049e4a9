//! Moving what SQLite's write-ahead log holds into the database, beside the writer.
//!
//! SQLite itself does so within the commit that fills the log, which then takes many times as long
//! as the others. Here a task with a connection of its own does it every few commits. What was
//! committed is durable either way.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;
use tracing::debug;

/// After how many commits the log is moved.
const COMMITS: u32 = 32;
/// At how many pages of 4 KiB in the log the writer moves them himself, because the task does not
/// keep up or a single transaction was as large.
pub(crate) const WRITER_PAGES: &str = "16384";

/// Moves the log of one database until it is stopped or dropped.
#[derive(Debug)]
pub(crate) struct WalKeeper {
    bell: Arc<Bell>,
    tasks: TaskTracker,
}

#[derive(Debug, Default)]
struct Bell {
    commits: AtomicU32,
    enough: Notify,
    stop: Notify,
}

impl WalKeeper {
    /// Starts the task.
    pub(crate) async fn start(file: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let connection = file.connect().await?;
        let bell = Arc::new(Bell::default());
        let tasks = TaskTracker::new();
        tasks.spawn(keep(connection, Arc::clone(&bell)));
        tasks.close();
        Ok(Self { bell, tasks })
    }

    /// Counts a commit.
    pub(crate) fn committed(&self) {
        if self.bell.commits.fetch_add(1, Ordering::Relaxed) + 1 >= COMMITS {
            self.bell.commits.store(0, Ordering::Relaxed);
            self.bell.enough.notify_one();
        }
    }

    /// Ends the task and closes its connection.
    pub(crate) async fn stop(&self) {
        self.bell.stop.notify_one();
        self.tasks.wait().await;
    }
}

impl Drop for WalKeeper {
    fn drop(&mut self) {
        self.bell.stop.notify_one();
    }
}

async fn keep(mut connection: SqliteConnection, bell: Arc<Bell>) {
    // Never waits for anybody: what is still read stays in the log until the next time.
    const MOVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";
    loop {
        tokio::select! {
            biased;
            () = bell.stop.notified() => break,
            () = bell.enough.notified() => {}
        }
        // A full or failing disk: the log holds everything, and the writer's own commits say so.
        if let Err(error) = sqlx::query(MOVE).execute(&mut connection).await {
            debug!(error = %error, "the write-ahead log stays as it is");
        }
    }
    if let Err(error) = connection.close().await {
        debug!(error = %error, "the keeper of the write-ahead log cannot close its connection");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::{Address, Engine, scratch::Scratch, setting};

    /// Whether the page that holds the text is in the database file itself, not in its log alone.
    fn is_in_the_file(address: &Address, text: &str) -> bool {
        let Address::Sqlite(path) = address else {
            return false;
        };
        let bytes = fs::read(path).unwrap();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    }

    #[tokio::test]
    async fn the_log_is_moved_after_some_commits_and_all_at_the_end() {
        let scratch = Scratch::open(Engine::Sqlite).await;
        let write = async |text: &str| {
            let mut tx = scratch.db.begin().await.unwrap();
            setting::write(&mut tx, "where", text).await.unwrap();
            tx.commit().await.unwrap();
        };
        write("first of all").await;
        assert!(!is_in_the_file(&scratch.address, "first of all"));
        while !is_in_the_file(&scratch.address, "in the middle") {
            write("in the middle").await;
            tokio::task::yield_now().await;
        }
        write("at the end").await;
        scratch.db.close().await;
        assert!(is_in_the_file(&scratch.address, "at the end"));
        scratch.remove().await;
    }
}
