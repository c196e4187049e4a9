//! Figures of the channel: a message sealed, sent and receipted between two nodes on this machine,
//! over their TLS listeners, with durable writes on both sides. `cargo bench -p testkit`
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench measures time, prints its figures, and ends at a surprise"
)]

mod channel;

use std::{
    fs::File,
    os::unix::fs::FileExt,
    sync::Arc,
    time::{Duration, Instant},
};

use channel::Channel;
use tokio::{
    sync::Semaphore,
    task::{JoinHandle, JoinSet},
};

const WARM_UP: usize = 50;
/// Messages one after the other, and at once. What is sent at once first opens the thousand threads.
const SINGLE: usize = 500;
const SATURATED: usize = 1_000;
/// How many are under way at once when nothing holds the sender back.
const WINDOW: usize = 32;
const ATTACHMENT_BYTES: usize = 10_000_000;
/// What a small commit writes.
const SYNC_BYTES: usize = 16 * 1024;
const MESSAGES_A_SECOND_MIN: f64 = 100.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let channel = Channel::open().await;
    let watcher = Arc::clone(&channel);
    let watching = tokio::spawn(async move { watcher.watch().await });
    for _ in 0..WARM_UP {
        channel.deliver(Vec::new()).await;
    }
    latency(&channel, "alone").await;
    throughput(&channel, "alone").await;
    let loaded = "1,000 open threads, 10 MB under way";
    let burden = burden(&channel);
    latency(&channel, loaded).await;
    throughput(&channel, loaded).await;
    burden.abort();
    watching.abort();
    let alarms = channel.alarms().await;
    assert!(alarms.is_empty(), "alarms: {alarms:?}");
}

/// One message with an attachment after the other.
fn burden(channel: &Arc<Channel>) -> JoinHandle<()> {
    let channel = Arc::clone(channel);
    tokio::spawn(async move {
        loop {
            let file = channel.put_file(ATTACHMENT_BYTES).await;
            channel.deliver(vec![file]).await;
        }
    })
}

/// One message after the other, each beside one sync of the same disk.
async fn latency(channel: &Channel, name: &str) {
    let disk = File::create(channel.fleet.folder().join("disk")).unwrap();
    let (mut times, mut syncs) = (Vec::new(), Vec::new());
    for number in 0..SINGLE {
        let start = Instant::now();
        channel.deliver(Vec::new()).await;
        times.push(start.elapsed());
        syncs.push(sync(&disk, number));
    }
    let sync = share(&mut syncs, 99);
    let (p50, p99) = (share(&mut times, 50), share(&mut times, 99));
    let bar = 5.0 * sync + 15.0;
    figure(&format!("fsync p99, {name}"), sync, "ms", None);
    figure(&format!("message p50, {name}"), p50, "ms", None);
    let held = (format!("<= {bar:.1} (5 x fsync p99 + 15 ms)"), p99 <= bar);
    figure(&format!("message p99, {name}"), p99, "ms", Some(held));
}

/// As many at once as the window holds.
async fn throughput(channel: &Arc<Channel>, name: &str) {
    let places = Arc::new(Semaphore::new(WINDOW));
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for _ in 0..SATURATED {
        let place = Arc::clone(&places).acquire_owned().await.unwrap();
        let channel = Arc::clone(channel);
        tasks.spawn(async move {
            channel.deliver(Vec::new()).await;
            drop(place);
        });
        while let Some(done) = tasks.try_join_next() {
            done.unwrap();
        }
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let rate = f64::from(u32::try_from(SATURATED).unwrap()) / start.elapsed().as_secs_f64();
    let held = (
        format!(">= {MESSAGES_A_SECOND_MIN}"),
        rate >= MESSAGES_A_SECOND_MIN,
    );
    figure(
        &format!("messages at saturation, {name}"),
        rate,
        "messages/s",
        Some(held),
    );
}

fn sync(disk: &File, number: usize) -> Duration {
    let bytes = [7; SYNC_BYTES];
    let at = u64::try_from(number * SYNC_BYTES).unwrap();
    let start = Instant::now();
    disk.write_all_at(&bytes, at).unwrap();
    disk.sync_data().unwrap();
    start.elapsed()
}

/// The time that so many of a hundred do not exceed, in milliseconds.
fn share(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len() - 1);
    times.get(at).unwrap().as_secs_f64() * 1e3
}

fn figure(name: &str, value: f64, unit: &str, held: Option<(String, bool)>) {
    let (bar, ok) = held.unzip();
    let line = serde_json::json!({
        "area": "messages",
        "name": name,
        "value": (value * 1_000.0).round() / 1_000.0,
        "unit": unit,
        "peer": null,
        "ratio": null,
        "bar": bar,
        "ok": ok.unwrap_or(true),
    });
    println!("{line}");
}
