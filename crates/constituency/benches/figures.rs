//! Figures of the constituency: the import of 1,000,000 assets, once from nothing and once more as it
//! was, the memory that it takes, and lists over them, on both engines.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench measures time, prints its figures, and ends at a surprise"
)]

use std::{fmt::Write as _, fs, sync::Arc, time::Instant};

use audit::Ground;
use constituency::{
    model::Filter,
    ops::{self, Begin},
};
use db::{Engine, scratch::Scratch};
use kernel::{Mode, OsRng, PageRequest, Role, SystemClock, UserId, Viewer, Who};

const ASSETS: usize = 1_000_000;
const CALLS: usize = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        runtime.block_on(measure(engine));
    }
}

fn figure(name: &str, value: f64, (unit, bar): (&str, f64)) {
    let figure = serde_json::json!({
        "area": "constituency",
        "name": name,
        "value": (value * 1_000.0).round() / 1_000.0,
        "unit": unit,
        "peer": null,
        "ratio": null,
        "bar": format!("< {bar} {unit}"),
        "ok": value < bar,
    });
    println!("{figure}");
}

/// The most memory that this process has had, in MiB; nothing where the system does not tell.
fn memory_peak() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_024.0)
}

/// A piece of the file: organisations with many hosts, each with one of some thousand products.
fn piece(from: usize, to: usize) -> String {
    let mut text = String::new();
    if from == 0 {
        text.push_str("organisation,hostname,vendor,product,version,owner\n");
    }
    for number in from..to {
        let organisation = number % 400;
        let product = (number * 7_919) % 3_000;
        writeln!(
            text,
            "Organisation {organisation:03},host-{number:07}.example,Maker {},Product {product},{}.{}.{},team {}",
            product % 200,
            number % 20,
            number % 10,
            number % 100,
            number % 50,
        )
        .expect("text can be written");
    }
    text
}

async fn import(ground: &Ground, viewer: &Viewer, whole: bool) -> f64 {
    let step = 40_000;
    let import = ops::open(ground, viewer, "bench").await.expect("an import");
    for (part, from) in (0..).zip((0..ASSETS).step_by(step)) {
        let text = piece(from, from + step);
        ops::put_part(ground, viewer, import.id, (part, text.as_bytes()))
            .await
            .expect("a piece");
    }
    ops::seal(ground, viewer, import.id).await.expect("a file");
    let begun = Instant::now();
    let how = Begin {
        whole,
        ..Begin::default()
    };
    ops::begin(ground, viewer, import.id, how)
        .await
        .expect("a beginning");
    let done = ops::finish(ground, viewer, import.id)
        .await
        .expect("an end");
    assert_eq!(done.refused, 0, "every line is an asset");
    begun.elapsed().as_secs_f64()
}

async fn measure(engine: Engine) {
    let on = match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let scratch = Scratch::open(engine).await;
    let ground = Ground::open(scratch.db.clone(), Arc::new(SystemClock), Arc::new(OsRng))
        .await
        .expect("a ground");
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
    let first = import(&ground, &viewer, false).await;
    figure(
        &format!("import of 1,000,000 assets, {on}"),
        first,
        ("s", 60.0),
    );
    let again = import(&ground, &viewer, true).await;
    figure(
        &format!("the same file once more, as the whole list, {on}"),
        again,
        ("s", 60.0),
    );
    if let Some(peak) = memory_peak() {
        figure(
            &format!("memory of these imports, {on}"),
            peak,
            ("MiB", 256.0),
        );
    }
    scratch.settle().await;
    let of = |organisation, product, name: &str| Filter {
        organisation,
        product,
        name: (!name.is_empty()).then(|| name.to_owned()),
        retired: false,
    };
    let organisation = ops::organisations(&ground, &viewer, "organisation 200").await;
    let organisation = organisation.expect("a list").first().map(|one| one.number);
    let product = ops::products(&ground, &viewer, "product 1500").await;
    let product = product.expect("a list").first().map(|one| one.number);
    for (name, filter) in [
        ("first page", of(None, None, "")),
        ("page by name", of(None, None, "host-05")),
        ("page of an organisation", of(organisation, None, "")),
        ("page of a product", of(None, product, "")),
        ("page of both", of(organisation, product, "")),
    ] {
        let value = p99(&ground, &viewer, &filter).await;
        figure(
            &format!("{name}, 1,000,000 assets, {on}"),
            value,
            ("ms", 50.0),
        );
    }
    scratch.remove().await;
}

/// The 99th percentile of a page and its count, in milliseconds.
async fn p99(ground: &Ground, viewer: &Viewer, filter: &Filter) -> f64 {
    let mut taken = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let begun = Instant::now();
        let page = ops::assets(ground, viewer, filter, PageRequest::default());
        page.await.expect("a page");
        ops::count(ground, viewer, filter).await.expect("a count");
        taken.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    taken.sort_by(f64::total_cmp);
    taken.get(CALLS - 2).copied().unwrap_or_default()
}
