//! Figures of collections: pages of 100 and 1,000 from 1,000 to 1,000,000 objects, and handing in
//! 1,000 objects, on both engines.
//!
//! Each figure of a page is the 99th percentile of two hundred calls of the whole operation, policy
//! and transaction included, at places all over the collection. Objects are handed in as an envelope
//! and are durable when the operation returns.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench measures time, prints its figures, and ends at a surprise"
)]

mod events;
mod values;

use std::{sync::Arc, time::Instant};

use audit::Ground;
use db::{Engine, scratch::Scratch};
use intel::{
    intake::Reader,
    model::{Cut, Filter, Settings},
    ops,
};
use kernel::{Mode, OsRng, Role, SystemClock, Tlp, UserId, Viewer, Who};
use serde_json::json;

const SIZES: [u32; 5] = [1_000, 24_771, 100_000, 1_000_000, 5_000_000];
const PLACE: (&str, &str) = ("intel", "feed");
const CALLS: u32 = 200;
/// Objects of an envelope.
const ENVELOPE: u32 = 1_000;
const POSTS: u32 = 20;
const PAGE_BAR_MS: f64 = 10.0;
const POST_BAR: f64 = 20_000.0;

/// A word chooses a part: `pages`, `values` or `events`.
fn main() {
    let words: Vec<String> = std::env::args().collect();
    let wanted = |part: &str| {
        let named = |word: &str| words.iter().any(|known| known == word);
        named(part) || !["pages", "values", "events"].into_iter().any(named)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if wanted("pages") {
            runtime.block_on(measure(engine));
        }
        if wanted("values") {
            runtime.block_on(values::measure(engine));
        }
        if wanted("events") {
            runtime.block_on(events::measure(engine));
        }
    }
}

/// A node with an empty collection, and somebody who uses it.
async fn open(engine: Engine) -> (Scratch, Ground, Viewer) {
    let scratch = Scratch::open(engine).await;
    let ground = Ground::open(scratch.db.clone(), Arc::new(SystemClock), Arc::new(OsRng));
    let ground = ground.await.expect("a ground");
    let viewer = Viewer {
        who: Who::User {
            id: UserId::new(&SystemClock, &OsRng),
            name: "bench".to_owned(),
        },
        roles: [Role::Analyst].into_iter().collect(),
        party: "XA".parse().expect("a party"),
        circles: Vec::new(),
        mode: Mode::Real,
    };
    let settings = Settings {
        alias: PLACE.1.parse().ok(),
        title: "A feed".parse().expect("a title"),
        description: "".parse().expect("a description"),
        ceiling: Tlp::Red,
        unmarked: Tlp::AmberStrict,
    };
    let root = PLACE.0.parse().expect("a root");
    let made = ops::create(&ground, &viewer, &root, settings).await;
    made.expect("a collection");
    (scratch, ground, viewer)
}

const fn name_of(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}

async fn measure(engine: Engine) {
    let (scratch, ground, viewer) = open(engine).await;
    let on = name_of(engine);
    let mut held = 0;
    for size in SIZES {
        while held < size {
            let count = (size - held).min(ENVELOPE);
            let text = envelope(held, count);
            let batch = Reader::new(text.as_bytes()).next(usize::try_from(count).unwrap_or(0));
            let batch = batch.expect("an envelope").expect("objects");
            let added = ops::add(&ground, &viewer, PLACE, batch).await;
            held += u32::try_from(added.expect("objects are added").added).unwrap_or(0);
        }
        scratch.settle().await;
        for entries in [100, 1_000] {
            let ms = page_p99(&ground, &viewer, entries).await;
            let name = format!("page of {entries} from {size} objects, {on}, p99");
            let bar = (entries == 100).then_some(PAGE_BAR_MS);
            figure(
                &name,
                ms,
                "ms",
                bar.map(|bar| (format!("< {bar} ms"), ms < bar)),
            );
        }
    }
    let rate = post_rate(&ground, &viewer, held).await;
    let name = format!("objects handed in, 1,000 at once, {on}");
    let bar = (format!(">= {POST_BAR} objects/s"), rate >= POST_BAR);
    figure(&name, rate, "objects/s", Some(bar));
    scratch.remove().await;
}

/// An envelope of indicators, each of about 500 bytes.
fn envelope(first: u32, count: u32) -> String {
    let object = |number: u32| {
        json!({
            "type": "indicator",
            "spec_version": "2.1",
            "id": format!("indicator--00000000-0000-4000-8000-{number:012}"),
            "created_by_ref": "identity--00000000-0000-4000-8000-000000000001",
            "created": "2026-01-01T00:00:00.000Z",
            "modified": "2026-01-01T00:00:00.000Z",
            "name": format!("Indicator {number}"),
            "description": "An address from which credentials were stolen in a campaign.",
            "indicator_types": ["malicious-activity"],
            "pattern": format!("[domain-name:value = 'host{number}.example']"),
            "pattern_type": "stix",
            "valid_from": "2026-01-01T00:00:00Z",
        })
    };
    let objects: Vec<_> = (first..first + count).map(object).collect();
    json!({ "objects": objects }).to_string()
}

async fn page_p99(ground: &Ground, viewer: &Viewer, entries: u32) -> f64 {
    let filter = Filter::default();
    let whole = Cut {
        after: i64::MIN,
        entries: 1,
    };
    let first = ops::objects(ground, viewer, PLACE, &filter, whole).await;
    let (first, _) = first.expect("a page").places.expect("an entry");
    let last = ground.now().as_micros();
    let mut times = Vec::new();
    for call in 0..CALLS {
        let after = first + (last - first) / i64::from(CALLS) * i64::from(call) - 1;
        let start = Instant::now();
        let cut = Cut { after, entries };
        let page = ops::objects(ground, viewer, PLACE, &filter, cut).await;
        page.expect("a page");
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let place = times.len() * 99 / 100;
    times.get(place).copied().unwrap_or(f64::NAN)
}

async fn post_rate(ground: &Ground, viewer: &Viewer, held: u32) -> f64 {
    let envelopes: Vec<_> = (0..POSTS)
        .map(|number| envelope(held + number * ENVELOPE, ENVELOPE).into_bytes())
        .collect();
    let start = Instant::now();
    for envelope in envelopes {
        let done = ops::import(ground, viewer, PLACE, envelope).await;
        done.expect("objects are taken in");
    }
    f64::from(POSTS * ENVELOPE) / start.elapsed().as_secs_f64()
}

fn figure(name: &str, value: f64, unit: &str, bar: Option<(String, bool)>) {
    let ok = bar.as_ref().is_none_or(|(_, ok)| *ok);
    let figure = json!({
        "area": "intel",
        "name": name,
        "value": (value * 1_000.0).round() / 1_000.0,
        "unit": unit,
        "peer": null,
        "ratio": null,
        "bar": bar.map(|(bar, _)| bar),
        "ok": ok,
    });
    println!("{figure}");
}
