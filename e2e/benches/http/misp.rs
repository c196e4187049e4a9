//! What a MISP asks for: large events, many events, and ATT&CK taken in whole.

use std::{
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use e2e::{Account, Connection, Node, Program, Response, Setup};
use serde_json::{Value, json};

use crate::{
    MEMORY_KIB_MAX,
    load::{Bar, Figures},
};

const FIGURES: Figures = Figures("misp");
const ATTRIBUTES: u32 = 45_000;
const LARGEST: u32 = 350_000;
/// Attributes that are added at once.
const PORTION: u32 = 25_000;
const EVENTS: u32 = 70_000;
const WRITERS: u32 = 4;

pub(crate) fn measure(program: &Program, events: Option<u32>) -> Result<()> {
    let setup = Setup {
        memory_kib: Some(MEMORY_KIB_MAX),
        requests_per_minute: Some(u32::MAX),
        ..Setup::default()
    };
    let node = Node::set_up(program, setup)?;
    let account = node.account()?;
    for alias in ["attack", "large", "many"] {
        let collection =
            json!({"root": "intel", "alias": alias, "title": alias, "ceiling": "AMBER"});
        account.post("/api/v1/intel/collections", &collection)?;
    }
    attack(program, &node)?;
    large(&account)?;
    many(&account, events.unwrap_or(EVENTS))?;
    let peak = f64::from(u32::try_from(node.peak_kib()?)?) / 1024.0;
    let bar = Bar::Below(512.0);
    FIGURES.with_bar("most memory under all of this", peak, "MiB", &bar);
    Ok(())
}

/// Takes ATT&CK for enterprises in with the command, beside the serving node.
fn attack(program: &Program, node: &Node) -> Result<()> {
    let data = env::var_os("COMITY_TEST_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let packed = data.join("attack/enterprise-attack-2.1.json.gz");
    let folder = tempfile::tempdir()?;
    let bundle = folder.path().join("enterprise-attack.json");
    let unpacked = Command::new("gzip")
        .arg("-dc")
        .arg(&packed)
        .stdout(File::create(&bundle)?)
        .status()?;
    if !unpacked.success() {
        let packed = packed.display();
        bail!("{packed} cannot be unpacked: COMITY_TEST_DATA names the folder with the test data");
    }
    let size = fs::metadata(&bundle)?.len() / 1_000_000;
    let bundle = bundle
        .to_str()
        .context("a temporary folder that is no text")?;
    let mut line = vec!["import", "--collection", "attack", bundle];
    line.extend(node.place().iter().map(String::as_str));
    let begin = Instant::now();
    program.run(line)?.expect(0)?;
    let seconds = begin.elapsed().as_secs_f64();
    let name = format!("ATT&CK enterprise taken in, {size} MB");
    FIGURES.with_bar(&name, seconds, "s", &Bar::Below(2.0));
    Ok(())
}

/// A way to ask a collection as MISP is asked.
struct Misp<'a> {
    account: &'a Account,
    connection: Connection,
    collection: &'a str,
}

impl<'a> Misp<'a> {
    fn open(account: &'a Account, collection: &'a str) -> Result<Self> {
        Ok(Self {
            account,
            connection: Connection::open(account.authority())?,
            collection,
        })
    }

    fn ask(
        &mut self,
        (method, path): (&str, &str),
        more: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Response> {
        let path = format!("/misp/in/intel/{}/{path}", self.collection);
        let mut headers = vec![
            ("Authorization", self.account.bearer.as_str()),
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
        ];
        headers.extend(more);
        let body = body.map(Value::to_string);
        let body = body.as_deref().map(str::as_bytes);
        self.connection.ask((method, &path), &headers, body)
    }

    /// The answer, which must say that it worked, and how many seconds it took.
    fn timed(&mut self, what: (&str, &str), body: Option<&Value>) -> Result<(Response, f64)> {
        let begin = Instant::now();
        let answer = self.ask(what, &[], body)?;
        let seconds = begin.elapsed().as_secs_f64();
        if answer.status != 200 {
            let said = String::from_utf8_lossy(&answer.body);
            bail!("{} {}: {} {said:.500}", what.0, what.1, answer.status);
        }
        Ok((answer, seconds))
    }
}

fn attribute(number: u32) -> Value {
    json!({
        "uuid": format!("10000000-0000-4000-8000-{number:012}"),
        "type": "domain",
        "category": "Network activity",
        "value": format!("host{number}.example"),
        "to_ids": true,
        "timestamp": "1767225600",
    })
}

fn event(number: u32, attributes: &[Value]) -> Value {
    json!({"Event": {
        "uuid": format!("20000000-0000-4000-8000-{number:012}"),
        "info": format!("Event {number}"),
        "date": "2026-01-01",
        "threat_level_id": "2",
        "analysis": "2",
        "distribution": "1",
        "published": true,
        "timestamp": "1767225600",
        "Attribute": attributes,
    }})
}

/// Events with very many attributes.
fn large(account: &Account) -> Result<()> {
    let mut misp = Misp::open(account, "large")?;
    for (number, count) in [(1, ATTRIBUTES), (2, LARGEST)] {
        let first = number * 1_000_000;
        let begin = Instant::now();
        let added = misp
            .timed(("POST", "events/add"), Some(&event(number, &[])))?
            .0;
        let added: Value = serde_json::from_slice(&added.body)?;
        let uuid = added.pointer("/Event/uuid").and_then(Value::as_str);
        let uuid = uuid.context("an event without an id")?;
        for portion in (0..count).step_by(usize::try_from(PORTION)?) {
            let end = count.min(portion + PORTION);
            let portion: Vec<_> = (portion..end).map(|at| attribute(first + at)).collect();
            let path = format!("attributes/add/{uuid}");
            misp.timed(("POST", &path), Some(&Value::Array(portion)))?;
        }
        let rate = f64::from(count) / begin.elapsed().as_secs_f64();
        let name = format!("attributes added to one event, {count}");
        FIGURES.plain(&name, rate, "attributes/s");
    }
    let one = "20000000-0000-4000-8000-000000000001";
    let asked = json!({"uuid": one, "returnFormat": "json"});
    for (name, what, body) in [
        (
            "events/restSearch",
            ("POST", "events/restSearch"),
            Some(&asked),
        ),
        (
            "attributes/restSearch",
            ("POST", "attributes/restSearch"),
            Some(&asked),
        ),
        ("events/view", ("GET", &*format!("events/view/{one}")), None),
    ] {
        let (answer, seconds) = misp.timed(what, body)?;
        let text = String::from_utf8(answer.body)?;
        let written = u32::try_from(text.matches("\"value\":").count())?;
        if written < ATTRIBUTES {
            bail!("{name} has {written} attributes of {ATTRIBUTES}");
        }
        let name = format!("{ATTRIBUTES} attributes as MISP JSON, {name}");
        FIGURES.with_bar(&name, seconds, "s", &Bar::Below(2.0));
    }
    let asked = json!({"uuid": "20000000-0000-4000-8000-000000000002", "returnFormat": "json"});
    let (_, seconds) = misp.timed(("POST", "attributes/restSearch"), Some(&asked))?;
    let name = format!("{LARGEST} attributes as MISP JSON, attributes/restSearch");
    FIGURES.plain(&name, seconds, "s");
    Ok(())
}

/// Very many events, and a peer that asks whether there are new ones.
fn many(account: &Account, events: u32) -> Result<()> {
    let begin = Instant::now();
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn(move || -> Result<()> {
                    let mut misp = Misp::open(account, "many")?;
                    for number in (writer..events).step_by(usize::try_from(WRITERS)?) {
                        let attributes = [attribute(10_000_000 + number)];
                        let event = event(1_000 + number, &attributes);
                        misp.timed(("POST", "events/add"), Some(&event))?;
                    }
                    Ok(())
                })
            })
            .collect();
        for writer in writers {
            writer.join().expect("a writer does not panic")?;
        }
        anyhow::Ok(())
    })?;
    let rate = f64::from(events) / begin.elapsed().as_secs_f64();
    FIGURES.plain(
        &format!("events added one by one, {WRITERS} clients"),
        rate,
        "events/s",
    );
    let mut misp = Misp::open(account, "many")?;
    let asked = json!({"minimal": 1, "published": 1});
    let (index, seconds) = misp.timed(("POST", "events/index"), Some(&asked))?;
    let mark = index
        .header("etag")
        .context("an index without a mark")?
        .to_owned();
    let lines: Vec<Value> = serde_json::from_slice(&index.body)?;
    if u32::try_from(lines.len())? != events {
        bail!("the index has {} events of {events}", lines.len());
    }
    let name = format!("index of {events} events, as a MISP asks");
    FIGURES.with_bar(&name, seconds, "s", &Bar::Below(1.0));
    let begin = Instant::now();
    let mark = [("If-None-Match", mark.as_str())];
    let again = misp.ask(("POST", "events/index"), &mark, Some(&asked))?;
    let seconds = begin.elapsed().as_secs_f64();
    if again.status != 304 {
        bail!("asked again: {}", again.status);
    }
    let name = format!("sync of {events} events without a change");
    FIGURES.with_bar(&name, seconds, "s", &Bar::Below(1.0));
    Ok(())
}
