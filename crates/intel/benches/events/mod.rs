//! Figures of an event with 350,000 attributes: its first page, a page in its middle, and the page of
//! somebody who sees few of them; each with sightings, warninglists and what else has the values.
//!
//! A page is the event, what it says of itself, and a hundred attributes: what its page in the browser
//! asks for. Each figure is of two hundred calls.

use std::time::Instant;

use audit::Ground;
use db::Engine;
use formats_misp::full::Event;
use intel::{
    events::{
        model::{Expected, Origin, Scope, Which},
        ops as events,
    },
    model::Reader,
    ops,
};
use kernel::{Role, Viewer, Who};
use serde_json::json;

use super::{CALLS, PLACE, figure, name_of, open};

const ATTRIBUTES: u32 = 350_000;
/// One of so many is GREEN; all others are for the house alone.
const SEEN: u32 = 1_000;
const PAGE_BAR_MS: f64 = 100.0;

pub(super) async fn measure(engine: Engine) {
    let (scratch, ground, viewer) = open(engine).await;
    let on = name_of(engine);
    let guest = guest(&ground, &viewer).await;
    let start = Instant::now();
    let how = (Origin::Own, Expected::New);
    let kept = events::put(&ground, &viewer, PLACE, event(), how).await;
    let kept = kept.expect("an event is taken in");
    assert_eq!(
        kept.attributes.len(),
        usize::try_from(ATTRIBUTES).unwrap_or(0)
    );
    let seconds = start.elapsed().as_secs_f64();
    figure(
        &format!("event of {ATTRIBUTES} attributes taken in, {on}"),
        seconds,
        "s",
        None,
    );
    scratch.settle().await;
    let middle = kept.attributes.get(kept.attributes.len() / 2);
    let middle = middle.copied().unwrap_or_default();
    for (what, who, after) in [
        ("first page", &viewer, 0),
        ("page in the middle", &viewer, middle),
        ("first page for a guest who sees one of 1,000", &guest, 0),
    ] {
        let (median, p99) = page(&ground, who, (kept.id, after)).await;
        let name = format!("{what} of an event of {ATTRIBUTES} attributes, {on}");
        figure(&format!("{name}, median"), median, "ms", None);
        let bar = (format!("< {PAGE_BAR_MS} ms"), p99 < PAGE_BAR_MS);
        figure(&format!("{name}, p99"), p99, "ms", Some(bar));
    }
    scratch.remove().await;
}

/// Somebody whom the collection names, and who sees what is GREEN.
async fn guest(ground: &Ground, viewer: &Viewer) -> Viewer {
    let mut guest = viewer.clone();
    guest.roles = [Role::Reporter].into_iter().collect();
    if let Who::User { name, .. } = &mut guest.who {
        "guest".clone_into(name);
    }
    let readers = Reader::of(&guest).into_iter().take(1);
    let readers = readers.map(|reader| (reader, false)).collect();
    let shown = ops::collection(ground, viewer, PLACE.0, PLACE.1).await;
    let version = shown.expect("a collection").collection.version;
    let set = ops::set_readers(ground, viewer, PLACE, version, readers).await;
    set.expect("readers are set");
    guest
}

fn event() -> Box<Event> {
    let attribute = |number: u32| {
        let [a, b, c, d] = number.reverse_bits().to_be_bytes();
        let distribution = if number.is_multiple_of(SEEN) {
            "5"
        } else {
            "0"
        };
        json!({
            "type": "ip-dst", "category": "Network activity", "to_ids": true,
            "value": format!("{a}.{b}.{c}.{d}"), "distribution": distribution,
            "comment": "An address from which credentials were stolen in a campaign.",
        })
    };
    let attributes: Vec<_> = (0..ATTRIBUTES).map(attribute).collect();
    let event = json!({
        "uuid": "10000000-0000-4000-8000-000000000001", "info": "A large event",
        "date": "2026-11-20", "distribution": "3", "Tag": [{"name": "tlp:green"}],
        "Attribute": attributes,
    });
    Box::new(serde_json::from_value(event).expect("an event"))
}

/// The median and the 99th percentile.
async fn page(ground: &Ground, viewer: &Viewer, (event, after): (i64, i64)) -> (f64, f64) {
    let scope = Scope {
        place: Some((PLACE.0.to_owned(), PLACE.1.to_owned())),
    };
    let which = Which::Id(event);
    let mut times = Vec::new();
    for _ in 0..CALLS {
        let start = Instant::now();
        let seen = events::event(ground, viewer, &scope, which).await;
        events::head(&seen.expect("an event")).expect("a head");
        let page = events::details(ground, viewer, (&scope, which), (0, after)).await;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        assert_eq!(page.expect("a page").rows.len(), 100);
    }
    times.sort_by(f64::total_cmp);
    let part = |hundredths: usize| times.get(times.len() * hundredths / 100).copied();
    (part(50).unwrap_or(f64::NAN), part(99).unwrap_or(f64::NAN))
}
