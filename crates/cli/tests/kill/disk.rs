//! The disk of the real program fails, by `strace`, which answers its calls in the kernel's place.

use std::{fs, path::Path, time::Duration};

use db::{Engine, query};
use federation::state::{Delivery, Grade};
use kernel::{MessageId, Timestamp};
use testkit::Fleet;
use tokio::runtime::Builder;

use crate::{
    binary::Binary,
    held::{Held, open},
    killed::{pair, ping, receipted, retry},
};

/// How many messages are sent at most until the disk fails.
const MESSAGES_MAX: usize = 200;

fn run(body: impl Future<Output = ()>) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(body);
}

/// Runs a program so that these calls fail, of each thread those that `when` names. What was injected
/// stands in the log.
fn failing(log: &Path, calls: &str, paths: &[String], error: &str, when: &str) -> Vec<String> {
    let mut line: Vec<String> = ["strace", "-D", "-f", "-qq", "-o"]
        .map(str::to_owned)
        .to_vec();
    line.push(log.to_str().unwrap().to_owned());
    line.extend(["-e".to_owned(), format!("trace={calls}")]);
    let inject = format!("inject={calls}:error={error}:when={when}");
    line.extend(["-e".to_owned(), inject]);
    for path in paths {
        line.extend(["-P".to_owned(), path.clone()]);
    }
    line
}

fn has_failed(log: &Path) -> bool {
    fs::read_to_string(log).is_ok_and(|text| text.contains("(INJECTED)"))
}

/// Waits until a delivery has failed for the first time.
async fn failed(fleet: &Fleet, id: MessageId) {
    let look = async || {
        let row = fleet.outgoing("XA", id).await;
        row.failing_since.map(drop)
    };
    fleet.until("XA", "the failure", look).await;
}

/// Sends one message after the other until the disk has failed.
async fn send_until_it_fails(fleet: &Fleet, log: &Path) -> Vec<MessageId> {
    let mut sent = Vec::new();
    for _ in 0..MESSAGES_MAX {
        let id = fleet.send("XA", "XB", ping()).await.0;
        sent.push(id);
        let look = async || {
            let there = matches!(fleet.delivery("XA", id).await, Delivery::Receipted { .. });
            (there || has_failed(log)).then_some(())
        };
        fleet.until("XA", "a receipt or the failure", look).await;
        if has_failed(log) {
            break;
        }
    }
    assert!(
        has_failed(log),
        "the disk never failed: nothing was written"
    );
    let before = receipted(fleet, "XA", &sent).await.len();
    assert!(before > 0, "it worked at first");
    sent
}

/// How long each sync takes here.
const SYNC: Duration = Duration::from_millis(400);

/// Moments in seconds since 1970.
fn seconds(at: Timestamp) -> f64 {
    Duration::from_micros(u64::try_from(at.as_micros()).unwrap()).as_secs_f64()
}

/// Whether, by the log of `strace -ttt`, a sync began after the message was sent and was over before
/// the receipt was there.
fn synced_between(log: &str, sent: f64, receipted: f64) -> bool {
    let begun = log
        .lines()
        .filter(|line| line.contains("sync(") && !line.contains("resumed"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    let over = receipted - SYNC.as_secs_f64();
    let mut within = begun.filter(|begun| (sent..=over).contains(begun));
    within.next().is_some()
}

#[test]
fn a_receipt_without_a_sync_before_it_is_told_apart() {
    let log = "70 100.250000 fdatasync(9) = 0 (DELAYED)\n\
               71 100.700000 fdatasync(9 <unfinished ...>\n\
               71 101.200000 <... fdatasync resumed>) = 0 (DELAYED)\n";
    assert!(synced_between(log, 100.2, 100.7));
    assert!(synced_between(log, 100.6, 101.3));
    // It left while the sync was under way, before it began, or with that of another message.
    assert!(!synced_between(log, 100.2, 100.4));
    assert!(!synced_between(log, 100.1, 100.2));
    assert!(!synced_between(log, 100.8, 102.0));
    assert!(!synced_between("", 100.2, 100.7));
}

#[test]
fn no_receipt_leaves_before_its_commit_was_synced() {
    run(async {
        let (mut fleet, _) = pair(Engine::Sqlite).await;
        fleet.stop("XB").await;
        let log = fleet.folder().join("strace.log");
        let calls = "fsync,fdatasync";
        let under = [
            "strace".to_owned(),
            "-D".to_owned(),
            "-f".to_owned(),
            "-qq".to_owned(),
            "-ttt".to_owned(),
            "-o".to_owned(),
            log.to_str().unwrap().to_owned(),
            "-e".to_owned(),
            format!("trace={calls}"),
            "-e".to_owned(),
            format!("inject={calls}:delay_enter={}", SYNC.as_micros()),
        ];
        let binary = Binary::serve(fleet.member("XB"), &under);
        fleet.line("XA", "XB").lead_to(binary.federation());
        let mut windows = Vec::new();
        // One after the other, so that no sync is that of another message.
        for _ in 0..8 {
            let sent = fleet.node("XA").ground().now();
            let id = fleet.send("XA", "XB", ping()).await.0;
            fleet.receipted("XA", id, Grade::Own).await;
            windows.push((sent, fleet.node("XA").ground().now()));
        }
        assert_eq!(binary.stop(), Some(0));
        let log = fs::read_to_string(&log).unwrap();
        for (sent, receipted) in windows {
            let synced = synced_between(&log, seconds(sent), seconds(receipted));
            assert!(synced, "sent {sent}, receipted {receipted}:\n{log}");
        }
        fleet.end().await;
    });
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost_when_there_is_room_again() {
    run(async {
        let (mut fleet, sender) = pair(Engine::Sqlite).await;
        fleet.stop("XB").await;
        let log = fleet.folder().join("strace.log");
        let wal = fleet.member("XB").config().data.join("comity.db-wal");
        let paths = [wal.to_str().unwrap().to_owned()];
        let under = failing(&log, "pwrite64", &paths, "ENOSPC", "200..205");
        let binary = Binary::serve(fleet.member("XB"), &under);
        fleet.line("XA", "XB").lead_to(binary.federation());
        let sent = send_until_it_fails(&fleet, &log).await;
        // The same process goes on as soon as somebody has made room.
        for id in &sent {
            fleet.receipted("XA", *id, Grade::Own).await;
        }
        let told = binary.log();
        assert!(told.contains("no space is left for the database"), "{told}");
        assert_eq!(binary.stop(), Some(0));
        fleet.start_again("XB").await;
        let held = Held::read(&fleet.node("XB").ground().db, &sender).await;
        assert!(sent.iter().all(|id| held.once(*id)), "{held:?}");
        assert!(held.nothing_doubled());
        fleet.end().await;
    });
}

#[test]
fn a_locked_database_is_said_and_loses_nothing() {
    run(async {
        let (mut fleet, _) = pair(Engine::Sqlite).await;
        fleet.stop("XB").await;
        let binary = Binary::serve(fleet.member("XB"), &[]);
        fleet.line("XA", "XB").lead_to(binary.federation());
        let first = fleet.send("XA", "XB", ping()).await.0;
        fleet.receipted("XA", first, Grade::Own).await;
        // Another program writes, and does not end.
        let other = open(fleet.member("XB")).await;
        let held = other.begin().await.unwrap();
        let id = fleet.send("XA", "XB", ping()).await.0;
        failed(&fleet, id).await;
        let delivery = fleet.delivery("XA", id).await;
        assert!(
            !matches!(delivery, Delivery::Receipted { .. }),
            "{delivery:?}"
        );
        let told = binary.log();
        assert!(told.contains("locked by another program"), "{told}");
        drop(held);
        other.close().await;
        retry(&fleet, "XA", &[id]).await;
        fleet.receipted("XA", id, Grade::Own).await;
        assert_eq!(binary.stop(), Some(0));
        fleet.end().await;
    });
}

#[test]
fn a_database_of_a_newer_program_is_left_alone_and_named() {
    const NEWER: &str = "INSERT INTO _sqlx_migrations \
                         (version, description, success, checksum, execution_time) \
                         VALUES (999999, 'newer', TRUE, x'00', 0)";
    run(async {
        let (mut fleet, _) = pair(Engine::Sqlite).await;
        fleet.stop("XB").await;
        let db = open(fleet.member("XB")).await;
        let mut tx = db.begin().await.unwrap();
        query(NEWER).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
        let ended = std::process::Command::new(env!("CARGO_BIN_EXE_comity"))
            .args([
                "serve",
                "--web",
                "127.0.0.1:0",
                "--federation",
                "127.0.0.1:0",
            ])
            .arg("--data")
            .arg(&fleet.member("XB").config().data)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.contains("it was used by a newer program"), "{said}");
        assert!(said.contains("hint:"), "{said}");
        fleet.end().await;
    });
}
