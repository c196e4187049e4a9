//! Figures of values: looking one up among 1,000,000 and 10,000,000, what the index takes on disk, and
//! what keeping it adds to handing objects in.
//!
//! The values are addresses, names and hashes of attributes of MISP, a thousand an object. Each figure
//! of a look-up is the 99th percentile of 2,000 calls of the whole operation, with what lies around the
//! value; every second value is there.

use std::time::Instant;

use audit::Ground;
use db::{Engine, query};
use intel::{intake::Reader, ops};
use kernel::Viewer;
use serde_json::json;

use super::{ENVELOPE, PLACE, POSTS, figure, name_of, open};

const SIZES: [u32; 2] = [1_000_000, 10_000_000];
/// Values of an object, and objects that are added at once: so many that most pages of the index are
/// written once for several of them.
const VALUES: u32 = 1_000;
const OBJECTS: u32 = 500;
const CALLS: u32 = 2_000;
const LOOK_UP_BAR_MS: f64 = 5.0;

pub(super) async fn measure(engine: Engine) {
    post(engine).await;
    let (scratch, ground, viewer) = open(engine).await;
    let on = name_of(engine);
    let mut held = 0;
    for size in SIZES {
        while held < size {
            let text = objects(held);
            let batch = Reader::new(text.as_bytes()).next(1_000);
            let batch = batch.expect("an envelope").expect("objects");
            let added = ops::add(&ground, &viewer, PLACE, batch).await;
            assert_eq!(added.expect("objects are added").added, i64::from(OBJECTS));
            held += VALUES * OBJECTS;
        }
        scratch.settle().await;
        let bytes = index_bytes(&ground).await / f64::from(held);
        figure(
            &format!("index of {size} values, {on}, bytes a value"),
            bytes,
            "bytes",
            None,
        );
        let (median, ms) = look_up(&ground, &viewer, held).await;
        let name = format!("look-up among {size} values, {on}");
        figure(&format!("{name}, median"), median, "ms", None);
        let bar = (format!("< {LOOK_UP_BAR_MS} ms"), ms < LOOK_UP_BAR_MS);
        figure(&format!("{name}, p99"), ms, "ms", Some(bar));
        let ms = thousand(&ground, &viewer, held).await;
        figure(
            &format!("look-up of 1,000 values at once among {size}, {on}"),
            ms,
            "ms",
            None,
        );
    }
    scratch.remove().await;
}

/// A value of that number; numbers are scattered, so that no two neighbours stand side by side in an
/// index.
fn value(number: u32) -> (&'static str, String) {
    let scattered = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    match number % 3 {
        // Addresses that nobody has twice: the number itself, its bits turned round.
        0 => {
            let [a, b, c, d] = number.reverse_bits().to_be_bytes();
            ("ip-dst", format!("{a}.{b}.{c}.{d}"))
        }
        1 => ("domain", format!("h{scattered:x}.example")),
        _ => ("sha256", format!("{scattered:016x}").repeat(4)),
    }
}

fn objects(first: u32) -> String {
    let object = |number: u32| {
        let begin = first + number * VALUES;
        let attributes: Vec<_> = (begin..begin + VALUES)
            .map(|number| {
                let (kind, value) = value(number);
                json!({ "type": kind, "value": value })
            })
            .collect();
        json!({
            "type": "x-misp-object",
            "spec_version": "2.1",
            "id": format!("x-misp-object--00000000-0000-4000-8000-{begin:012}"),
            "created": "2026-01-01T00:00:00.000Z",
            "modified": "2026-01-01T00:00:00.000Z",
            "x_misp_attributes": attributes,
        })
    };
    let objects: Vec<_> = (0..OBJECTS).map(object).collect();
    json!({ "objects": objects }).to_string()
}

/// SQLite tells by the pages that are free once the table is dropped, which is then taken back.
async fn index_bytes(ground: &Ground) -> f64 {
    const FREE: &str = "SELECT freelist_count * page_size FROM pragma_freelist_count, \
                        pragma_page_size";
    const SIZE: &str = "SELECT pg_total_relation_size('intel_value')";
    let mut tx = ground.db.begin().await.expect("a transaction");
    let bytes = if tx.engine() == Engine::Sqlite {
        let (before,): (i64,) = query(FREE).fetch_one(&mut tx).await.expect("a size");
        let dropped = query("DROP TABLE intel_value").execute(&mut tx).await;
        dropped.expect("a table can be dropped");
        let (after,): (i64,) = query(FREE).fetch_one(&mut tx).await.expect("a size");
        after - before
    } else {
        let (bytes,): (i64,) = query(SIZE).fetch_one(&mut tx).await.expect("a size");
        bytes
    };
    let kibibytes = u32::try_from(bytes >> 10).expect("less than 4 TiB");
    f64::from(kibibytes) * 1_024.0
}

/// The median and the 99th percentile.
async fn look_up(ground: &Ground, viewer: &Viewer, held: u32) -> (f64, f64) {
    let mut times = Vec::new();
    for call in 0..CALLS {
        // Every second one lies beyond what is there.
        let number = held / CALLS * call + (call % 2) * held;
        let asked = [value(number).1];
        let start = Instant::now();
        let answer = ops::look_up(ground, viewer, &asked, None, false).await;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        let found = answer.expect("an answer").values.pop().expect("a value");
        assert_eq!(found.entries, i64::from(call % 2 == 0), "{asked:?}");
    }
    times.sort_by(f64::total_cmp);
    let part = |hundredths: usize| times.get(times.len() * hundredths / 100).copied();
    (part(50).unwrap_or(f64::NAN), part(99).unwrap_or(f64::NAN))
}

async fn thousand(ground: &Ground, viewer: &Viewer, held: u32) -> f64 {
    let asked: Vec<_> = (0..1_000)
        .map(|number| value(held / 1_000 * number).1)
        .collect();
    let start = Instant::now();
    let answer = ops::look_up(ground, viewer, &asked, None, false).await;
    answer.expect("an answer");
    start.elapsed().as_secs_f64() * 1_000.0
}

/// The same indicators, once with a pattern whose value is indexed and once as a rule that has none.
async fn post(engine: Engine) {
    let (scratch, ground, viewer) = open(engine).await;
    let on = name_of(engine);
    let mut next = 0;
    // Once to warm up; then the two in turn, so that what else the machine does meets both.
    let mut seconds = [0.0, 0.0];
    for round in 0..=POSTS {
        for (place, kind) in ["stix", "sigma"].into_iter().enumerate() {
            let text = super::envelope(next, ENVELOPE);
            let text = text.replace("\"stix\"", &format!("\"{kind}\""));
            next += ENVELOPE;
            let start = Instant::now();
            let done = ops::import(&ground, &viewer, PLACE, text.into_bytes()).await;
            done.expect("objects are taken in");
            if round > 0
                && let Some(total) = seconds.get_mut(place)
            {
                *total += start.elapsed().as_secs_f64();
            }
        }
    }
    let [with, without] = seconds.map(|seconds| f64::from(POSTS * ENVELOPE) / seconds);
    for (rate, what) in [(with, "a value each"), (without, "no value")] {
        let name = format!("objects handed in, 1,000 at once, {what}, {on}");
        let bar = (
            format!(">= {} objects/s", super::POST_BAR),
            rate >= super::POST_BAR,
        );
        figure(&name, rate, "objects/s", Some(bar));
    }
    scratch.remove().await;
}
