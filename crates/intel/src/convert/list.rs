//! Lists of indicators as objects: each value becomes an indicator.
//!
//! Its id is made of the collection and the pattern, so that a list that comes again brings nothing
//! twice. It carries the label that the list or the collection gives it.

use std::io::{BufReader, Read};

use indicators::{Domains, Format, Item, Options, Problem, ReadError, Report, Sink, SinkError};
use kernel::{Timestamp, Tlp, chain};
use matcher::{Breadth, Indicator, Kind, Value};
use serde_json::{Map, json};
use stix::{json::Document, marking};
use uuid::Uuid;

use super::{Context, pump::Pump};
use crate::Error;

/// What an indicator is made of.
struct Made<'a> {
    name: &'a str,
    pattern: &'a str,
    pattern_type: &'a str,
    marking: Option<&'a str>,
    from: Option<i64>,
    until: Option<i64>,
    confidence: Option<u8>,
}

struct Taker<'t, 'o> {
    pump: &'t mut Pump<'o>,
    context: &'t Context,
}

/// Reads a list.
pub(super) fn read(
    source: impl Read,
    format: Format,
    context: &Context,
    pump: &mut Pump<'_>,
) -> Result<(), Error> {
    let options = Options {
        format: Some(format),
        domains: Some(Domains::Exact),
        include_expired: true,
        breadth: Breadth::Narrow,
        ..Options::new(context.at)
    };
    let mut taker = Taker { pump, context };
    let input = BufReader::new(source);
    match indicators::read(&context.source, input, &options, &mut taker) {
        Ok(report) => {
            told(&report, pump);
            Ok(())
        }
        Err(ReadError::Sink(_)) => Ok(()),
        Err(error) => Err(Error::Unreadable {
            detail: chain(&error),
        }),
    }
}

fn told(report: &Report, pump: &mut Pump<'_>) {
    let left = &report.left;
    for (name, count) in [
        ("revoked", left.revoked),
        ("broad", left.broad),
        ("not_for_matching", left.not_for_matching),
        ("ports_dropped", report.ports_dropped),
    ] {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        pump.losses.add(report.format.name(), name, count);
    }
}

impl Sink for Taker<'_, '_> {
    fn item(&mut self, item: Item<'_>) -> Result<(), SinkError> {
        match item {
            Item::Indicator(indicator) => self.indicator(&indicator),
            Item::Pattern(told) => self.rule(&told, "stix"),
            Item::Carried { kind_name, rule } => self.rule(&rule, kind_name),
            Item::Exclusions(_) => {}
        }
        if self.pump.is_stopped() {
            return Err("nobody listens".into());
        }
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) {
        self.pump.refuse("intel.entry", problem.to_string());
    }

    fn warning(&mut self, warning: &Problem) {
        self.pump.losses.add("", &warning.reason.to_string(), 1);
    }
}

impl Taker<'_, '_> {
    fn indicator(&mut self, indicator: &Indicator<'_>) {
        let name = indicator.value.to_string();
        let Some(pattern) = pattern(&indicator.value) else {
            let kind = indicator.value.kind().name();
            let detail = format!("{name}: STIX has no pattern for values of kind {kind}");
            self.pump.refuse("intel.no_pattern", detail);
            return;
        };
        self.made(&Made {
            name: &name,
            pattern: &pattern,
            pattern_type: "stix",
            marking: indicator.marking.as_deref(),
            from: indicator.valid_from_us,
            until: indicator.valid_until_us,
            confidence: indicator.confidence,
        });
    }

    fn rule(&mut self, told: &indicators::Told<'_>, pattern_type: &str) {
        let name = if told.id.is_empty() {
            pattern_type
        } else {
            told.id
        };
        self.made(&Made {
            name,
            pattern: told.text,
            pattern_type,
            marking: told.marking,
            from: told.valid_from_us,
            until: told.valid_until_us,
            confidence: told.confidence,
        });
    }

    fn made(&mut self, made: &Made<'_>) {
        let text = object(self.context, made);
        match Document::parse(text.as_bytes()) {
            Ok(document) => self.pump.made(document.root()),
            Err(error) => self.pump.refuse("intel.convert", chain(&error)),
        }
    }
}

fn object(context: &Context, made: &Made<'_>) -> String {
    let words = format!("{}\0{}", made.pattern_type, made.pattern);
    let id = Uuid::new_v5(&context.space, words.as_bytes());
    let moment = |micros: i64| Timestamp::from_micros(micros).to_string();
    let at = context.at.as_micros();
    let from = made.from.unwrap_or(at);
    let mut object = Map::new();
    let mut put = |name: &str, value| object.insert(name.to_owned(), value);
    put("type", json!("indicator"));
    put("spec_version", json!("2.1"));
    put("id", json!(format!("indicator--{id}")));
    put("created", json!(moment(at)));
    put("modified", json!(moment(at)));
    put("name", json!(made.name));
    put("pattern", json!(made.pattern));
    put("pattern_type", json!(made.pattern_type));
    put("valid_from", json!(moment(from)));
    if let Some(until) = made.until.filter(|until| *until > from) {
        put("valid_until", json!(moment(until)));
    }
    if let Some(confidence) = made.confidence {
        put("confidence", json!(confidence));
    }
    let label = made.marking.and_then(label).unwrap_or(context.unmarked);
    put("object_marking_refs", json!([definition_id(label)]));
    serde_json::Value::Object(object).to_string()
}

fn label(word: &str) -> Option<Tlp> {
    word.strip_prefix("TLP:").unwrap_or(word).parse().ok()
}

/// The id of the definition of a label.
fn definition_id(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => marking::Tlp::Clear,
        Tlp::Green => marking::Tlp::Green,
        Tlp::Amber => marking::Tlp::Amber,
        Tlp::AmberStrict => marking::Tlp::AmberStrict,
        Tlp::Red => marking::Tlp::Red,
    }
    .marking_id()
}

/// The pattern that a value is looked for by; nothing where STIX has no object for it.
fn pattern(value: &Value) -> Option<String> {
    let text = value.to_string();
    let (path, operator) = match value.kind() {
        Kind::Ipv4 => ("ipv4-addr:value", "="),
        Kind::Ipv4Net => ("ipv4-addr:value", "ISSUBSET"),
        Kind::Ipv6 => ("ipv6-addr:value", "="),
        Kind::Ipv6Net => ("ipv6-addr:value", "ISSUBSET"),
        Kind::Domain | Kind::DomainTree => ("domain-name:value", "="),
        Kind::Url => ("url:value", "="),
        Kind::Email => ("email-addr:value", "="),
        Kind::Md5 => ("file:hashes.MD5", "="),
        Kind::Sha1 => ("file:hashes.'SHA-1'", "="),
        Kind::Sha256 => ("file:hashes.'SHA-256'", "="),
        Kind::Sha512 => ("file:hashes.'SHA-512'", "="),
        Kind::FileName => ("file:name", "="),
        Kind::RegistryKey => ("windows-registry-key:key", "="),
        Kind::Mutex => ("mutex:name", "="),
        Kind::Asn => {
            let number = text.trim_start_matches(|found: char| !found.is_ascii_digit());
            return Some(format!("[autonomous-system:number = {number}]"));
        }
        Kind::UserAgent => (
            "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'",
            "=",
        ),
        _ => return None,
    };
    let quoted = text.replace('\\', "\\\\").replace('\'', "\\'");
    Some(format!("[{path} {operator} '{quoted}']"))
}
