//! TAXII: eight clients at once, on both engines, and what other servers do on the same machine.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use e2e::{Account, Connection, Node, Program, Setup};
use serde_json::json;
use uuid::Uuid;

use crate::{
    MEMORY_KIB_MAX,
    load::{self, Ask, Bar, Figures, Load},
};

const FIGURES: Figures = Figures("taxii");
const CLIENTS: u32 = 8;
const TIME: Duration = Duration::from_secs(5);
const SIZES: [u32; 2] = [24_771, 1_000_000];
/// Objects of an envelope.
const ENVELOPE: u32 = 1_000;
const MEDIA_TYPE: &str = "application/taxii+json;version=2.1";
const COLLECTION: &str = "/taxii2/intel/collections/feed/";
const PAGES_A_SECOND_MIN: f64 = 1_600.0;
const PAGE_P99_MS_MAX: f64 = 10.0;
const DISCOVERIES_A_SECOND_MIN: f64 = 10_000.0;
const OBJECTS_A_SECOND_MIN: f64 = 20_000.0;
/// Objects that the other servers are given.
const PEER_OBJECTS: u32 = 1_000;

pub(crate) fn measure(program: &Program, largest: Option<u32>) -> Result<()> {
    let database = env::var("COMITY_TEST_POSTGRES");
    let database =
        database.context("COMITY_TEST_POSTGRES is not set: run `cargo xtask bench taxii`")?;
    let ours = measure_on(program, None, "SQLite", largest)?;
    measure_on(program, Some(&database), "PostgreSQL", largest)?;
    peers(&ours)
}

/// What the peers are compared with.
struct Ours {
    pages: f64,
    objects: f64,
}

fn measure_on(
    program: &Program,
    database: Option<&str>,
    on: &str,
    largest: Option<u32>,
) -> Result<Ours> {
    let setup = Setup {
        database,
        memory_kib: Some(MEMORY_KIB_MAX),
        // All clients have one address.
        requests_per_minute: Some(u32::MAX),
        ..Setup::default()
    };
    let node = Node::set_up(program, setup)?;
    let account = node.account()?;
    let collection = json!({"root": "intel", "alias": "feed", "title": "Feed", "ceiling": "AMBER", "unmarked": "GREEN"});
    account.post("/api/v1/intel/collections", &collection)?;
    for (way, authorization) in [("Bearer", &account.bearer), ("Basic", &account.basic)] {
        let load = ask(&account, authorization, |_, _| "/taxii2/".to_owned())?;
        let name = format!("discovery, {way}, {CLIENTS} clients, {on}");
        let bar = Bar::AtLeast(DISCOVERIES_A_SECOND_MIN);
        FIGURES.with_bar(&name, load.rate, "requests/s", &bar);
    }
    let mut ours = Ours {
        pages: 0.0,
        objects: 0.0,
    };
    let mut held = 0;
    let [first, last] = SIZES;
    for size in [first, largest.unwrap_or(last)] {
        let rate = fill(&account, held, size)?;
        ours.objects = rate;
        let name = format!("objects handed in, 1,000 at once, {held} to {size}, {on}");
        let bar = Bar::AtLeast(OBJECTS_A_SECOND_MIN);
        FIGURES.with_bar(&name, rate, "objects/s", &bar);
        held = size;
        let places = places(&account, size, on)?;
        for entries in [100, 1_000] {
            let load = pages(&account, &places, entries)?;
            let name = format!("page of {entries} from {size}, {CLIENTS} clients, {on}");
            if entries == 100 {
                ours.pages = load.rate;
                let bar = Bar::AtLeast(PAGES_A_SECOND_MIN);
                FIGURES.with_bar(&name, load.rate, "pages/s", &bar);
                let bar = Bar::Below(PAGE_P99_MS_MAX);
                FIGURES.with_bar(&format!("{name}, p99"), load.p99, "ms", &bar);
            } else {
                FIGURES.plain(&name, load.rate, "pages/s");
                FIGURES.plain(&format!("{name}, p99"), load.p99, "ms");
            }
            FIGURES.plain(&format!("{name}, p50"), load.p50, "ms");
        }
    }
    let peak = node.peak_kib()?;
    let peak = f64::from(u32::try_from(peak)?) / 1024.0;
    let name = format!("most memory under all of this, {on}");
    FIGURES.with_bar(&name, peak, "MiB", &Bar::Below(512.0));
    Ok(ours)
}

fn ask(
    account: &Account,
    authorization: &str,
    path: impl Fn(u32, u32) -> String + Sync,
) -> Result<Load> {
    let headers = [("Authorization", authorization), ("Accept", MEDIA_TYPE)];
    load::run(account.authority(), CLIENTS, TIME, 200, |client, number| {
        Ask {
            method: "GET",
            path: path(client, number),
            headers: &headers,
            body: None,
        }
    })
}

/// Hands objects in, from one number to another, by one client; objects a second.
fn fill(account: &Account, from: u32, to: u32) -> Result<f64> {
    let mut connection = Connection::open(account.authority())?;
    let headers = [
        ("Authorization", account.bearer.as_str()),
        ("Accept", MEDIA_TYPE),
        ("Content-Type", MEDIA_TYPE),
    ];
    let mut waited = Duration::ZERO;
    let mut held = from;
    while held < to {
        let count = (to - held).min(ENVELOPE);
        let body = envelope(held, count);
        let path = format!("{COLLECTION}objects/");
        let start = Instant::now();
        let answer = connection.ask(("POST", &path), &headers, Some(body.as_bytes()))?;
        waited += start.elapsed();
        let said: serde_json::Value = serde_json::from_slice(&answer.body)?;
        let taken = said
            .get("success_count")
            .and_then(serde_json::Value::as_u64);
        if answer.status != 202 || taken != Some(u64::from(count)) {
            bail!("objects were not taken: {} {said}", answer.status);
        }
        held += count;
    }
    Ok(f64::from(to - from) / waited.as_secs_f64())
}

/// An envelope of indicators, each of about 500 bytes.
fn envelope(first: u32, count: u32) -> String {
    let object = |number: u32| {
        json!({
            "type": "indicator",
            "spec_version": "2.1",
            "id": format!("indicator--{}", scattered(number)),
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

/// A UUID that is made of the number and, as UUIDs by chance do, stands anywhere in an index.
fn scattered(number: u32) -> Uuid {
    let mixed = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    uuid::Builder::from_random_bytes(mixed.to_be_bytes()).into_uuid()
}

/// Reads the whole collection and gives places all over it.
fn places(account: &Account, size: u32, on: &str) -> Result<Vec<String>> {
    let mut connection = Connection::open(account.authority())?;
    let headers = [
        ("Authorization", account.bearer.as_str()),
        ("Accept", MEDIA_TYPE),
    ];
    let mut places = Vec::new();
    let mut after = String::new();
    let begin = Instant::now();
    let mut read = 0;
    while read < size {
        let path = format!("{COLLECTION}objects/?limit=5000{after}");
        let answer = connection.ask(("GET", &path), &headers, None)?;
        let last = answer.header("x-taxii-date-added-last");
        let last = last.with_context(|| format!("{path}: {}", answer.status))?;
        after = format!("&added_after={last}");
        read += 5_000.min(size - read);
        if read < size {
            places.push(after.clone());
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    let name = format!("all of {size} read by one client, 5,000 a page, {on}");
    FIGURES.plain(&name, f64::from(size) / seconds, "objects/s");
    Ok(places)
}

fn pages(account: &Account, places: &[String], entries: u32) -> Result<Load> {
    let count = u32::try_from(places.len())?.max(1);
    ask(account, &account.bearer, |client, number| {
        let place = (client * 7_919 + number * 104_729) % count;
        let after = places.get(usize::try_from(place).unwrap_or(0));
        let after = after.map_or("", String::as_str);
        format!("{COLLECTION}objects/?limit={entries}{after}")
    })
}

/// A server of others; it ends when this is dropped.
struct Peer {
    child: Child,
    authority: String,
    /// The path of its collection.
    path: String,
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait().map(drop)) {
            eprintln!("note: a server could not be stopped: {error}");
        }
    }
}

impl Peer {
    fn start(script: &str, argument: &str) -> Result<Self> {
        let python = env::var_os("COMITY_TEST_PYTHON");
        let python =
            python.context("COMITY_TEST_PYTHON is not set: run `cargo xtask bench taxii`")?;
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/testkit/tests/clients");
        let mut child = Command::new(python)
            .arg(scripts.join(script))
            .arg(argument)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let said = BufReader::new(child.stdout.take().context("no output")?);
        for line in said.lines() {
            let line = line?;
            if let Some(rest) = line.strip_prefix("http://") {
                let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
                return Ok(Self {
                    child,
                    authority: authority.to_owned(),
                    path: format!("/{path}"),
                });
            }
        }
        bail!("{script} did not start")
    }

    fn pages(&self, path: &str, headers: &[(&str, &str)]) -> Result<Load> {
        load::run(&self.authority, CLIENTS, TIME, 200, |_, _| Ask {
            method: "GET",
            path: path.to_owned(),
            headers,
            body: None,
        })
    }
}

/// medallion and `OpenTAXII`, with the few objects that they can answer with.
fn peers(ours: &Ours) -> Result<()> {
    let medallion = Peer::start("medallion_server.py", &PEER_OBJECTS.to_string())?;
    let basic = "Basic Y29taXR5Om9wZW4gc2VzYW1l";
    let headers = [("Authorization", basic), ("Accept", MEDIA_TYPE)];
    let path = "/root/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/objects/?limit=100";
    let load = medallion.pages(path, &headers)?;
    let peer = format!("medallion 3.0.0 with {PEER_OBJECTS}: {:.1}/s", load.rate);
    FIGURES.beside(
        "page of 100, SQLite",
        ours.pages,
        "pages/s",
        &peer,
        ours.pages / load.rate,
    );
    drop(medallion);
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite:///{}", folder.path().join("opentaxii.db").display());
    let opentaxii = Peer::start("opentaxii_server.py", &database)?;
    let headers = [("Accept", MEDIA_TYPE), ("Content-Type", MEDIA_TYPE)];
    let body = envelope(0, PEER_OBJECTS).into_bytes();
    let path = format!("{}objects/", opentaxii.path);
    let start = Instant::now();
    let answer =
        Connection::open(&opentaxii.authority)?.ask(("POST", &path), &headers, Some(&body))?;
    let rate = f64::from(PEER_OBJECTS) / start.elapsed().as_secs_f64();
    if answer.status != 202 {
        bail!(
            "OpenTAXII: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    let peer = format!("OpenTAXII 0.9.3, SQLite: {rate:.0}/s");
    FIGURES.beside(
        "objects handed in, SQLite",
        ours.objects,
        "objects/s",
        &peer,
        ours.objects / rate,
    );
    // One client alone: with eight, none of them has an answer within two minutes.
    let start = Instant::now();
    let asked = Connection::open(&opentaxii.authority)?.ask(
        ("GET", &format!("{path}?limit=100")),
        &headers,
        None,
    );
    let seconds = start.elapsed().as_secs_f64();
    let how = match asked {
        Ok(answer) if answer.status == 200 => format!("one in {seconds:.1} s"),
        Ok(answer) => bail!("OpenTAXII: {}", answer.status),
        Err(_too_slow) => format!("none in {seconds:.0} s"),
    };
    let peer = format!("OpenTAXII 0.9.3 with {PEER_OBJECTS}, SQLite, one client: {how}");
    FIGURES.beside(
        "page of 100, SQLite",
        ours.pages,
        "pages/s",
        &peer,
        ours.pages * seconds,
    );
    Ok(())
}
