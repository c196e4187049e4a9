//! Figures of events out and in, one line of JSON each, with the bar of the design. Exit code 1
//! where it does not hold. `cargo bench -p formats-misp --bench events`
//!
//! The event has 45,000 attributes, a third of them in objects, with the members that MISP writes.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "bench code: it measures time, prints figures, and a surprise ends the run"
)]

use std::{
    fs,
    hint::black_box,
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    process::ExitCode,
    time::Instant,
};

use formats_misp::{
    full::{
        Attribute, Distribution, Event, EventLimits, EventWriter, Object, Tag, read_events,
        write_event,
    },
    stix::{from_stix, to_stix},
};
use serde_json::json;

const ATTRIBUTES: u64 = 45_000;
const ROUNDS: usize = 5;
/// Seconds for the export of all attributes.
const EXPORT_SECONDS_MAX: f64 = 2.0;
/// KiB by which a streamed export may raise the peak of memory.
const STREAM_KIB_MAX: f64 = 2048.0;

fn main() -> ExitCode {
    let before = peak_kib();
    let streamed = median(|| stream(io::sink()));
    let grown = peak_kib() - before;
    let mut ok = figure(
        "streamed export of 45,000 attributes",
        (streamed, "s"),
        Some(EXPORT_SECONDS_MAX),
    );
    ok &= figure(
        "growth of peak memory by it",
        (grown, "KiB"),
        Some(STREAM_KIB_MAX),
    );
    let event = whole();
    let mut text = Vec::new();
    write_event(&mut text, &event).unwrap();
    let bytes = u32::try_from(text.len()).unwrap();
    figure("size of the event", (f64::from(bytes) / 1e6, "MB"), None);
    let written = median(|| write_event(BufWriter::new(io::sink()), &event).unwrap());
    ok &= figure(
        "export of the event from memory",
        (written, "s"),
        Some(EXPORT_SECONDS_MAX),
    );
    let read = median(|| {
        let seen = read_events(&text[..], &EventLimits::default(), |event| {
            black_box(&event);
            ControlFlow::Continue(())
        });
        assert_eq!(seen.unwrap().events, 1);
    });
    figure("reading it", (read, "s"), None);
    let forth = median(|| drop(black_box(to_stix(&event))));
    figure("to STIX", (forth, "s"), None);
    let (objects, _) = to_stix(&event);
    let back = median(|| drop(black_box(from_stix(&objects))));
    figure("from STIX", (back, "s"), None);
    if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn stream(out: impl Write) {
    let mut head = whole_without_parts();
    head.info = Some("a large case".to_owned());
    let mut writer = EventWriter::begin(BufWriter::new(out), &head).unwrap();
    let of_objects = ATTRIBUTES / 3;
    for number in of_objects..ATTRIBUTES {
        writer.attribute(&attribute(number)).unwrap();
    }
    for number in 0..of_objects / 3 {
        writer.object(&object(number)).unwrap();
    }
    writer.end().unwrap().flush().unwrap();
}

fn whole() -> Event {
    let of_objects = ATTRIBUTES / 3;
    Event {
        attributes: (of_objects..ATTRIBUTES).map(attribute).collect(),
        objects: (0..of_objects / 3).map(object).collect(),
        ..whole_without_parts()
    }
}

fn whole_without_parts() -> Event {
    Event {
        uuid: Some(uuid(u64::MAX)),
        info: Some("a large case".to_owned()),
        date: Some("2026-01-31".to_owned()),
        timestamp: Some(1_769_817_600),
        distribution: Some(Distribution::All),
        tags: vec![Tag {
            name: Some("tlp:amber".to_owned()),
            ..Tag::default()
        }],
        ..Event::default()
    }
}

fn object(number: u64) -> Object {
    Object {
        uuid: Some(uuid(number | 1 << 40)),
        name: Some("file".to_owned()),
        meta_category: Some("file".to_owned()),
        timestamp: Some(1_769_817_600),
        attributes: (number * 3..number * 3 + 3).map(attribute).collect(),
        ..Object::default()
    }
}

fn attribute(number: u64) -> Attribute {
    let (kind, category, value) = match number % 4 {
        0 => (
            "domain",
            "Network activity",
            format!("host{number}.bad.example"),
        ),
        1 => ("sha256", "Payload delivery", format!("{number:064x}")),
        2 => (
            "ip-dst",
            "Network activity",
            format!("10.{}.{}.1", number / 250 % 250, number % 250),
        ),
        _ => (
            "url",
            "Network activity",
            format!("https://bad.example/{number}"),
        ),
    };
    let mut attribute = Attribute {
        uuid: Some(uuid(number)),
        id: Some(number),
        event_id: Some(7),
        object_id: Some(0),
        kind: Some(kind.to_owned()),
        category: Some(category.to_owned()),
        value: Some(value),
        to_ids: Some(!number.is_multiple_of(3)),
        comment: Some(String::new()),
        timestamp: Some(1_769_817_600),
        distribution: Some(Distribution::Inherited),
        sharing_group_id: Some(0),
        deleted: Some(false),
        disable_correlation: Some(false),
        ..Attribute::default()
    };
    for (name, value) in [
        ("first_seen", json!(null)),
        ("last_seen", json!(null)),
        ("object_relation", json!(null)),
        ("Galaxy", json!([])),
        ("ShadowAttribute", json!([])),
    ] {
        attribute.rest.set(name, &value);
    }
    attribute
}

/// A UUID of version 4 with this number in it.
fn uuid(number: u64) -> String {
    format!(
        "{:08x}-{:04x}-4000-8000-{:012x}",
        number >> 32,
        number >> 16 & 0xffff,
        number & 0xffff
    )
}

/// The median of the times, in seconds.
fn median(mut run: impl FnMut()) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    let mut times: Vec<f64> = times.collect();
    times.sort_by(f64::total_cmp);
    *times.get(ROUNDS / 2).unwrap()
}

/// Prints a figure as a line of JSON and says whether it is at most its bar.
fn figure(name: &str, (value, unit): (f64, &str), bar: Option<f64>) -> bool {
    let ok = bar.is_none_or(|bar| value <= bar);
    let value = (value * 1e3).round() / 1e3;
    let bar = bar.map(|bar| format!("<= {bar}"));
    println!(
        "{}",
        json!({"area": "misp", "name": name, "value": value, "unit": unit, "bar": bar, "ok": ok})
    );
    ok
}

/// What Linux says this process had at most of memory, in KiB.
fn peak_kib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
