//! Real logs against real lists, with the hits found once more in another way: records are cut into
//! words by a few lines below, and the words are asked of a hash set.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs::{self, File},
    io::{BufRead as _, BufReader, Read},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::{Path, PathBuf},
};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use serde_json::Value;

use super::Bench;

/// File, line and value of a hit.
type Hit = (String, u64, String);

/// An address of a search engine. It is listed as an indicator now and then, and it is in many logs.
const SEARCH_ENGINE: &str = "204.79.197.200";

/// The data that tests share, beside the workspace unless the environment says otherwise.
fn data() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their environment"
    )]
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = given.map_or_else(|_| root.join("../shared/data"), PathBuf::from);
    assert!(data.is_dir(), "no test data in {}", data.display());
    fs::canonicalize(data).unwrap()
}

/// Files below a folder, by their paths.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Zeek as tables and as JSON, plain and packed, and Suricata.
const LOGS: [&str; 12] = [
    "slips/test10-mixed-zeek-dir/conn.log",
    "slips/test10-mixed-zeek-dir/dns.log",
    "slips/test15-malicious-zeek-dir/ssl.log",
    "slips/test6-malicious.suricata.first1000.json",
    "slips/test9-mixed-zeek-dir/conn.log",
    "slips/test9-mixed-zeek-dir/dns.log",
    "slips/test9-mixed-zeek-dir/files.log",
    "slips/test9-mixed-zeek-dir/http.log",
    "suricata/honeypot-2018-alerts-only.json",
    "suricata/wrccdc-2018-alerts-only.json",
    "wrccdc-zeek-json/notice.json.gz",
    "wrccdc-zeek-json/smtp.json.gz",
];

fn logs() -> Vec<PathBuf> {
    let logs = data().join("logs");
    LOGS.iter().map(|name| logs.join(name)).collect()
}

/// The first records of a member that is deflated into a zip, which begins behind its name.
fn host_records(zip: &Path, records: usize) -> Vec<u8> {
    let mut file = BufReader::new(File::open(zip).unwrap());
    let mut head = [0; 30];
    file.read_exact(&mut head).unwrap();
    assert_eq!(&head[..4], b"PK\x03\x04");
    assert_eq!(head[8..10], [8, 0], "deflated");
    let names = u64::from(u16::from_le_bytes([head[26], head[27]]))
        + u64::from(u16::from_le_bytes([head[28], head[29]]));
    file.by_ref()
        .take(names)
        .read_to_end(&mut Vec::new())
        .unwrap();
    let mut text = Vec::new();
    let mut lines = BufReader::new(DeflateDecoder::new(file));
    for _ in 0..records {
        lines.read_until(b'\n', &mut text).unwrap();
    }
    text
}

fn lines(path: &Path) -> Vec<Vec<u8>> {
    let file = BufReader::new(File::open(path).unwrap());
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|name| name == "gz") {
        MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    } else {
        BufReader::new(file).read_to_end(&mut bytes).unwrap();
    }
    bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

/// The texts of a record: itself, or where it is JSON all of its texts, whose escapes are undone.
fn texts(record: &[u8]) -> Vec<String> {
    fn walk(value: Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text),
            Value::Array(values) => values.into_iter().for_each(|value| walk(value, texts)),
            Value::Object(members) => members.into_values().for_each(|value| walk(value, texts)),
            Value::Null | Value::Bool(_) | Value::Number(_) => (),
        }
    }
    let mut texts = Vec::new();
    match serde_json::from_slice(record) {
        Ok(value) => walk(value, &mut texts),
        Err(_not_json) => texts.push(String::from_utf8_lossy(record).into_owned()),
    }
    texts
}

/// The addresses, names with their parents, and hashes of a text, each as a list would have it.
fn observables(text: &str, mut found: impl FnMut(&str)) {
    let text = text.to_ascii_lowercase();
    let runs = |others: &'static [u8]| {
        let part = move |byte: &u8| byte.is_ascii_alphanumeric() || others.contains(byte);
        let runs = text.as_bytes().split(move |byte| !part(byte));
        runs.map(|run| str::from_utf8(run).unwrap())
    };
    runs(b"").filter(|run| run.len() >= 32).for_each(&mut found);
    for word in runs(b".").flat_map(|run| run.split("..")) {
        let word = word.trim_matches('.');
        if word.parse::<Ipv4Addr>().is_ok() {
            found(word);
        }
    }
    for word in runs(b".:").filter(|run| run.contains(':')) {
        if let Ok(address) = word.trim_matches('.').parse::<Ipv6Addr>() {
            found(&IpAddr::from(address).to_canonical().to_string());
        }
    }
    for word in runs(b"-_.").flat_map(|run| run.split("..")) {
        let start = word.trim_start_matches(['.', '-']);
        let mut name = start.trim_end_matches(['.', '-', '_']);
        while let Some((_, parent)) = name.split_once('.') {
            found(name);
            name = parent;
        }
    }
}

/// What the values of a list are found in, by the words of the records.
fn expected(logs: &[PathBuf], values: &HashSet<String>) -> BTreeSet<Hit> {
    let mut hits = BTreeSet::new();
    for log in logs {
        let name = log.to_str().unwrap();
        for (number, record) in (1..).zip(lines(log)) {
            for text in texts(&record) {
                observables(&text, |word| {
                    if values.contains(word) {
                        hits.insert((name.to_owned(), number, word.to_owned()));
                    }
                });
            }
        }
    }
    hits
}

/// What the program finds.
fn hits(bench: &Bench, lists: &[&str], logs: &[PathBuf]) -> BTreeSet<Hit> {
    let lists = lists.iter().flat_map(|list| ["-i", list]);
    let logs = logs.iter().map(|log| log.to_str().unwrap());
    let words: Vec<_> = lists.chain(logs).collect();
    let found = bench.found(&words);
    let hit = |line: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let value = text(line.pointer("/indicator/value").unwrap());
        (text(&line["file"]), line["line"].as_u64().unwrap(), value)
    };
    found.iter().map(hit).collect()
}

/// The same both ways; what is printed is what differs.
fn assert_same(found: &BTreeSet<Hit>, expected: &BTreeSet<Hit>) {
    let missed: Vec<_> = expected.difference(found).collect();
    let more: Vec<_> = found.difference(expected).collect();
    assert_eq!((missed, more), (vec![], vec![]));
}

/// How many hits each value has.
fn by_value(hits: &BTreeSet<Hit>) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for (_, _, value) in hits {
        *counts.entry(value.as_str()).or_default() += 1;
    }
    counts
}

fn is_name(text: &str) -> bool {
    let top = text.rsplit('.').next().unwrap();
    let right = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    text.contains('.')
        && text.bytes().all(right)
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Addresses, names and hashes in the first column, or the column of this number.
fn column(path: &Path, number: usize) -> HashSet<String> {
    let text = fs::read_to_string(path).unwrap().to_lowercase();
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let cell = |row: &str| {
        let cell = row.split([',', '\t']).nth(number)?.trim();
        let host = cell.split(':').next().unwrap();
        let is_hash = cell.len() >= 32 && cell.chars().all(|c| c.is_ascii_hexdigit());
        if host.parse::<Ipv4Addr>().is_ok() {
            Some(host.to_owned())
        } else {
            (is_hash || is_name(cell)).then(|| cell.to_owned())
        }
    };
    rows.filter_map(cell).collect()
}

/// What an event wants to be looked for.
fn attributes(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| attributes(value, found)),
        Value::Object(members) => {
            members.values().for_each(|value| attributes(value, found));
            let text = |name| value.get(name).and_then(Value::as_str).unwrap_or("");
            let kinds = ["ip-", "domain", "hostname", "md5", "sha"];
            let kinds = text("type")
                .split('|')
                .map(|kind| kinds.iter().any(|start| kind.starts_with(start)));
            let values = text("value").to_lowercase();
            let values = values.split('|').zip(kinds).filter(|(_, wanted)| *wanted);
            if value["to_ids"] == true {
                found.extend(values.map(|(value, _)| value.to_owned()));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => (),
    }
}

/// The lists by their paths, each with its addresses, names and hashes.
fn lists() -> HashMap<PathBuf, HashSet<String>> {
    let data = data();
    let indicators = data.join("indicators");
    let mut lists = HashMap::new();
    for (name, number) in [
        ("ipsum-2026-08-22.txt", 0),
        ("threatfox-ips-2026-08-22.txt", 0),
        ("openphish-feed-2026-08-22.txt", 0),
        ("blackbook.csv", 0),
        ("cert-w-ukraine/IOC-Network.csv", 1),
        ("cert-w-ukraine/IOC-Files.csv", 0),
    ] {
        let path = indicators.join(name);
        let values = column(&path, number);
        lists.insert(path, values);
    }
    let trails = indicators.join("maltrail/trails/static");
    let apt = |path: &PathBuf| path.to_str().unwrap().contains("/apt_");
    let paths = files(&trails.join("malware")).into_iter().filter(apt);
    for path in paths {
        let values = column(&path, 0);
        lists.insert(path, values);
    }
    for path in files(&data.join("misp-events/eset")) {
        if path.extension().is_some_and(|name| name == "json") {
            let event: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let mut values = HashSet::new();
            attributes(&event, &mut values);
            lists.insert(path, values);
        }
    }
    lists
}

#[test]
fn published_lists_find_in_logs_what_their_words_say() {
    let bench = Bench::new(&[]);
    let lists = lists();
    let values: HashSet<String> = lists.values().flatten().cloned().collect();
    // A log that quotes the lists, so that each of them has hits.
    let some_of = |values: &HashSet<String>| {
        let mut values: Vec<_> = values.iter().collect();
        values.sort();
        let some = values
            .iter()
            .step_by(97)
            .map(|value| format!("{value}\t443\t-\n"));
        some.collect::<String>()
    };
    let quoted: String = lists.values().map(some_of).collect();
    bench.write("quoted.log", quoted.as_bytes());
    let mut logs = logs();
    logs.push(bench.path().join("quoted.log"));
    let paths: Vec<_> = lists.keys().map(|path| path.to_str().unwrap()).collect();
    let found = hits(&bench, &paths, &logs);
    assert_same(&found, &expected(&logs, &values));
    assert!(found.len() > quoted.lines().count());
    // 57 by `grep -no` and `awk` over one list, and 5 by `grep -c` of an address of another.
    let real = found
        .into_iter()
        .filter(|(log, ..)| !log.ends_with("quoted.log"));
    let real: BTreeSet<_> = real.collect();
    assert_eq!(real.len(), 62);
    assert_eq!(by_value(&real)["88.214.26.37"], 5);
}

#[test]
fn names_of_well_known_sites_and_every_hash_are_found_like_words() {
    let path = data().join("misp-warninglists/tranco10k/list.json");
    let list: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let names = list["list"].as_array().unwrap().iter();
    let names: HashSet<_> = names
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let host = host_records(
        &data().join("logs/otrf/empire_mimikatz_sam_access.zip"),
        500,
    );
    let bench = Bench::new(&[("host.json", &host)]);
    let mut logs = logs();
    logs.push(bench.path().join("host.json"));
    let mut values = names.clone();
    // Each hash of a file that stands in a log of Windows or Zeek.
    for log in &logs {
        for text in lines(log).iter().flat_map(|record| texts(record)) {
            observables(&text, |word| {
                let is_hash = [32, 40, 64].contains(&word.len())
                    && word.bytes().all(|byte| byte.is_ascii_hexdigit());
                if is_hash {
                    values.insert(word.to_owned());
                }
            });
        }
    }
    let mut all: Vec<_> = values.iter().map(String::as_str).collect();
    all.sort_unstable();
    bench.write("list.txt", all.join("\n").as_bytes());
    let found = hits(&bench, &["list.txt"], &logs);
    assert_same(&found, &expected(&logs, &values));
    let counts = by_value(&found);
    let hashes = counts.keys().filter(|value| !value.contains('.')).count();
    assert_eq!((hashes, counts.len() - hashes), (1_123, 129));
}

#[test]
fn an_address_of_a_search_engine_is_found_until_a_warninglist_is_given() {
    let list = format!("{SEARCH_ENGINE}\n185.220.101.206\n");
    let bench = Bench::new(&[("list.txt", list.as_bytes())]);
    let logs = logs();
    let found = hits(&bench, &["list.txt"], &logs);
    let both = [SEARCH_ENGINE, "185.220.101.206"].map(str::to_owned);
    assert_same(&found, &expected(&logs, &both.into()));
    // grep -c, where the address does not go on.
    let counts = by_value(&found);
    assert_eq!(counts, [("185.220.101.206", 3), (SEARCH_ENGINE, 27)].into());
    let azure = data().join("misp-warninglists/microsoft-azure/list.json");
    let found = hits(&bench, &["list.txt", azure.to_str().unwrap()], &logs);
    assert_eq!(by_value(&found), [("185.220.101.206", 3)].into());
}
