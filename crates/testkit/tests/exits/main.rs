//! What a viewer may not know shows at no exit of a node: not in a status, a header, a body, its
//! length, nor in the number of statements that the database is asked.
//!
//! Two ways of looking. What is hidden is asked for by name, and answered as what is not there. And
//! all lists, counts and searches are asked before and after hidden things are added, and stay as
//! they were to the byte.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod house;
mod world;

use std::collections::BTreeSet;

use db::Db;
use house::{Ask, Exit, House};
use kernel::{SeededRng, random_array};
use world::{Secret, World};

db::contract! {
    what_is_hidden_is_answered_as_what_is_absent,
    what_is_added_unseen_changes_no_answer,
}

const SEEDS: [u64; 2] = [4, 5];

/// One number below another.
fn below(rng: &SeededRng, many: u32) -> u32 {
    u32::from_le_bytes(random_array(rng)) % many
}

/// What differs between two answers, in words; nothing if they are alike.
fn differs(hidden: &Exit, absent: &Exit) -> Option<String> {
    let mut found = Vec::new();
    if hidden.status != absent.status {
        found.push(format!("status {} and {}", hidden.status, absent.status));
    }
    let names: BTreeSet<_> = hidden.headers.keys().chain(absent.headers.keys()).collect();
    for name in names {
        let (one, other) = (hidden.headers.get(name), absent.headers.get(name));
        if one != other {
            found.push(format!("{name}: {one:?} and {other:?}"));
        }
    }
    if hidden.body != absent.body {
        let same = hidden.body.chars().zip(absent.body.chars());
        let at = same.take_while(|(one, other)| one == other).count();
        let from = at.saturating_sub(80);
        let cut = |text: &str| text.chars().skip(from).take(240).collect::<String>();
        found.push(format!(
            "bodies of {} and {} bytes:\n    {}\n    {}",
            hidden.body.len(),
            absent.body.len(),
            cut(&hidden.body),
            cut(&absent.body)
        ));
    }
    if hidden.statements != absent.statements {
        found.push(format!(
            "{} and {} statements",
            hidden.statements, absent.statements
        ));
    }
    (!found.is_empty()).then(|| found.join("; "))
}

/// Everything that can be asked for by the name of one thing.
fn by_name(secret: &Secret) -> Vec<Ask> {
    let objects = "/taxii2/exercise/collections/open/objects/";
    let api = "/api/v1/intel/roots/exercise/collections";
    match secret {
        Secret::Object { id, value, word } => vec![
            Ask::get(format!("{objects}{id}/")),
            Ask::get(format!("{objects}{id}/?match[version]=all")),
            Ask::get(format!("{objects}{id}/versions/")),
            Ask::get(format!("{objects}?match[id]={id}")),
            Ask::get(format!(
                "/taxii2/exercise/collections/open/manifest/?match[id]={id}"
            )),
            Ask::get(format!("{api}/open/objects/{id}/life")),
            Ask::get(format!("{api}/open/objects/{id}/related")),
            Ask::get(format!("{api}/open/objects/{id}/sightings")),
            Ask::post(
                "/api/v1/intel/values/look-up".to_owned(),
                format!("{{\"values\":[\"{value}\"],\"within\":true}}"),
            ),
            Ask::post(
                format!("{api}/open/sightings"),
                format!("{{\"object\":\"{id}\",\"count\":1}}"),
            ),
            Ask::delete(format!("{api}/open/objects/{id}")),
            Ask::delete(format!("{objects}{id}/")),
            Ask::get(format!("/collections/exercise/open/objects/{id}")),
            Ask::get(format!("/collections/exercise/open?q={word}")),
            Ask::get(format!("/collections/search?q={word}")),
            Ask::get(format!("/collections/search?q={value}")),
            Ask::get(format!("/collections/search?q={id}")),
            Ask::get(format!("/search?q={word}")),
            Ask::post(
                "/misp/attributes/restSearch".to_owned(),
                format!("{{\"value\":\"{value}\"}}"),
            ),
        ],
        Secret::Collection { name } => vec![
            Ask::get(format!("/taxii2/exercise/collections/{name}/")),
            Ask::get(format!("/taxii2/exercise/collections/{name}/objects/")),
            Ask::get(format!("/taxii2/exercise/collections/{name}/manifest/")),
            Ask::get(format!("{api}/{name}")),
            Ask::get(format!("{api}/{name}/contents")),
            Ask::get(format!("{api}/{name}/decay")),
            Ask::get(format!("{api}/{name}/export")),
            Ask::get(format!("{api}/{name}/export/report")),
            Ask::get(format!("{api}/{name}/imports")),
            Ask::get(format!("{api}/{name}/live")),
            Ask::post(
                format!("/taxii2/exercise/collections/{name}/objects/"),
                "{\"objects\":[]}".to_owned(),
            ),
            Ask::get(format!("/collections/exercise/{name}")),
            Ask::get(format!("/collections/exercise/{name}/export")),
            Ask::get(format!(
                "/collections/exercise/{name}/export/file?format=stix"
            )),
            Ask::get(format!("/collections/exercise/{name}/upload")),
            Ask::get(format!("/collections/exercise/{name}/settings")),
            Ask::get(format!("/misp/in/exercise/{name}/events/index")),
            Ask::get(format!("/misp/in/exercise/{name}/feed/manifest.json")),
        ],
        Secret::Import { id } => vec![
            Ask::get(format!("/taxii2/exercise/status/{id}/")),
            Ask::get(format!("/api/v1/intel/roots/exercise/imports/{id}")),
            Ask::get(format!("/imports/exercise/{id}")),
        ],
        Secret::Event { uuid, value, tag } => vec![
            Ask::get(format!("/misp/events/view/{uuid}")),
            Ask::get(format!("/misp/feed/{uuid}.json")),
            Ask::post(
                "/misp/events/restSearch".to_owned(),
                format!("{{\"uuid\":\"{uuid}\"}}"),
            ),
            Ask::post(
                "/misp/events/restSearch".to_owned(),
                format!("{{\"value\":\"{value}\"}}"),
            ),
            Ask::post(
                "/misp/attributes/restSearch".to_owned(),
                format!("{{\"value\":\"{value}\",\"returnFormat\":\"csv\"}}"),
            ),
            Ask::post(
                "/misp/attributes/restSearch".to_owned(),
                format!("{{\"tags\":[\"{tag}\"]}}"),
            ),
            Ask::post(
                "/misp/tags/search".to_owned(),
                format!("{{\"name\":\"{tag}\"}}"),
            ),
            Ask::post(
                "/misp/sightings/restSearch/event".to_owned(),
                format!("{{\"id\":\"{uuid}\"}}"),
            ),
            Ask::get(format!("/collections/search?q={value}")),
            Ask::post(
                format!("/misp/events/edit/{uuid}"),
                "{\"Event\":{\"info\":\"changed\"}}".to_owned(),
            ),
            Ask::post(format!("/misp/events/delete/{uuid}"), String::new()),
            Ask::post(format!("/misp/events/publish/{uuid}"), String::new()),
            Ask::post(
                format!("/misp/attributes/add/{uuid}"),
                "{\"type\":\"domain\",\"value\":\"x.example\"}".to_owned(),
            ),
            Ask::post(
                "/misp/tags/attachTagToObject".to_owned(),
                format!("{{\"uuid\":\"{uuid}\",\"tag\":\"a:b\"}}"),
            ),
        ],
        Secret::Attribute { uuid } => vec![
            Ask::post(
                format!("/misp/attributes/edit/{uuid}"),
                "{\"comment\":\"changed\"}".to_owned(),
            ),
            Ask::post(format!("/misp/attributes/delete/{uuid}"), String::new()),
            Ask::get(format!("/misp/attributes/view/{uuid}")),
            Ask::post(
                "/misp/attributes/restSearch".to_owned(),
                format!("{{\"uuid\":\"{uuid}\"}}"),
            ),
            Ask::post(
                "/misp/sightings/add".to_owned(),
                format!("{{\"uuid\":\"{uuid}\"}}"),
            ),
        ],
    }
}

async fn what_is_hidden_is_answered_as_what_is_absent(db: Db) {
    let house = House::open(db.engine()).await;
    let mut leaks = BTreeSet::new();
    for seed in SEEDS {
        let world = World::new(SeededRng::new(seed), u32::try_from(seed).unwrap());
        let pairs = world.build(&house).await;
        // The questions are good ones: what may be seen is found by them.
        for (ask, word) in world.visible() {
            let found = house.ask(&ask).await;
            assert_eq!(found.status, 200, "{}: {}", ask.path, found.body);
            assert!(found.body.contains(&word), "{}: {}", ask.path, found.body);
        }
        for (hidden, absent) in pairs {
            let asks = by_name(&hidden).into_iter().zip(by_name(&absent));
            for (one, other) in asks {
                let names = [hidden.names(), absent.names()].concat();
                let what = one.path.clone();
                let (one, other) = (house.ask(&one).await, house.ask(&other).await);
                let (one, other) = (one.without(&names), other.without(&names));
                if let Some(how) = differs(&one, &other) {
                    leaks.insert(format!("seed {seed}, {what}: {how}"));
                }
            }
        }
    }
    let all: Vec<_> = leaks.into_iter().collect();
    assert!(all.is_empty(), "{} leaks:\n{}", all.len(), all.join("\n"));
    house.end().await;
}

/// All lists, counts, searches and exports of a viewer.
fn everything() -> Vec<Ask> {
    let api = "/api/v1/intel/roots/exercise/collections/open";
    let taxii = "/taxii2/exercise/collections";
    let mut all: Vec<Ask> = [
        format!("{taxii}/"),
        format!("{taxii}/open/"),
        format!("{taxii}/open/objects/"),
        format!("{taxii}/open/objects/?limit=2"),
        format!("{taxii}/open/objects/?match[type]=malware&limit=1"),
        format!("{taxii}/open/objects/?match[version]=all"),
        format!("{taxii}/open/manifest/"),
        format!("{taxii}/open/manifest/?limit=3"),
        "/api/v1/intel/collections".to_owned(),
        api.to_owned(),
        format!("{api}/contents"),
        format!("{api}/export"),
        format!("{api}/export?format=csv"),
        format!("{api}/export/report"),
        "/api/v1/intel/values/common".to_owned(),
        "/collections".to_owned(),
        "/collections/exercise/open".to_owned(),
        "/collections/exercise/open?q=visible".to_owned(),
        "/collections/exercise/open?q=nowhere".to_owned(),
        "/collections/exercise/open/export".to_owned(),
        "/collections/search?q=visible".to_owned(),
        "/collections/search?q=nowhere".to_owned(),
        "/desk".to_owned(),
        "/search?q=visible".to_owned(),
        "/misp/events/index".to_owned(),
        "/misp/tags/index".to_owned(),
        "/misp/feed/manifest.json".to_owned(),
        "/misp/feed/hashes.csv".to_owned(),
        "/misp/organisations/index".to_owned(),
        "/misp/sharing_groups/index".to_owned(),
    ]
    .into_iter()
    .map(Ask::get)
    .collect();
    for format in ["json", "csv", "text", "stix2", "suricata", "hashes"] {
        let body = format!("{{\"returnFormat\":\"{format}\"}}");
        for kind in ["events", "attributes"] {
            all.push(Ask::post(format!("/misp/{kind}/restSearch"), body.clone()));
        }
    }
    all.push(Ask::post(
        "/misp/attributes/restSearch".to_owned(),
        "{\"limit\":1,\"page\":2}".to_owned(),
    ));
    all.push(Ask::post(
        "/misp/events/restSearch".to_owned(),
        "{\"metadata\":true}".to_owned(),
    ));
    all
}

async fn what_is_added_unseen_changes_no_answer(db: Db) {
    let house = House::open(db.engine()).await;
    let mut leaks = BTreeSet::new();
    for seed in SEEDS {
        let world = World::new(SeededRng::new(seed), u32::try_from(seed).unwrap());
        world.show(&house).await;
        let mut asks = everything();
        asks.extend(world.about_visible());
        let mut before = Vec::new();
        for ask in &asks {
            before.push(house.ask(ask).await);
        }
        world.hide(&house).await;
        for (ask, before) in asks.iter().zip(before) {
            let after = house.ask(ask).await;
            if let Some(how) = differs(&after, &before) {
                leaks.insert(format!("seed {seed}, {} {}: {how}", ask.path, ask.body));
            }
        }
    }
    let all: Vec<_> = leaks.into_iter().collect();
    assert!(all.is_empty(), "{} leaks:\n{}", all.len(), all.join("\n"));
    house.end().await;
}
