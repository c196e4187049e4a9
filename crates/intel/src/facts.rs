//! What of an object it is found by: its values, whom it says to have seen what, and what it is about.
//!
//! Values are those of properties that [`paths`] lists: of observables alone and within observed data
//! of STIX 2.0, of comparisons in patterns (`=`, `IN` and `ISSUBSET`, anywhere in the pattern, without
//! `NOT`), of attributes of MISP, and the numbers of vulnerabilities. A URL is also found by its host.
//! What is no value of its kind is found by nothing.

mod misp;
mod paths;

use std::collections::BTreeSet;

use matcher::{Breadth, Kind, Value as Observable};
use stix::{
    Id,
    json::Value,
    pattern::{Comparison, Literal, Observation, Pattern, Proposition, Relation, Test},
};

pub(crate) use misp::kinds as kinds_of_misp;

use crate::model::{Key, Sighted, SightingKind, host_of};

/// The number of these rules: what was found by others is found anew.
pub(crate) const RULES: i32 = 2;
/// So many of the objects that a report or the like is about lead to it.
const ABOUT_MAX: usize = 1_000;

/// A value of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Held {
    pub(crate) key: Key,
    pub(crate) kind: Kind,
    pub(crate) text: Box<str>,
}

/// What an object is found by.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Facts {
    /// Each once.
    pub(crate) values: Vec<Held>,
    /// What it says of others.
    pub(crate) sighted: Option<Sighted>,
    /// The ids of what it relates, or is about; each once.
    pub(crate) about: BTreeSet<Box<str>>,
}

impl Facts {
    /// The facts of an object.
    pub(crate) fn of(object: Value<'_>) -> Self {
        let mut found = Found::default();
        match object.text("type") {
            Some("indicator") => found.pattern(object),
            Some("observed-data") => {
                let nested = object.get("objects").into_iter().flat_map(Value::members);
                for (_, nested) in nested {
                    found.properties(nested);
                }
            }
            Some("vulnerability") => found.vulnerability(object),
            Some("x-misp-attribute") => {
                let kind = object.text("x_misp_type").unwrap_or_default();
                let value = object.text("x_misp_value").unwrap_or_default();
                found.attribute(kind, value);
            }
            Some("x-misp-object") => {
                let attributes = object.get("x_misp_attributes").into_iter();
                for attribute in attributes.flat_map(Value::items) {
                    let kind = attribute.text("type").unwrap_or_default();
                    found.attribute(kind, attribute.text("value").unwrap_or_default());
                }
            }
            _ => found.properties(object),
        }
        Self {
            values: found.values,
            sighted: sighted(object),
            about: about(object),
        }
    }
}

/// The ends of a relationship, and what a report and the like is about.
fn about(object: Value<'_>) -> BTreeSet<Box<str>> {
    let one = |name| object.text(name).into_iter();
    let ids: Vec<&str> = match object.text("type") {
        Some("relationship") => one("source_ref").chain(one("target_ref")).collect(),
        Some("report" | "grouping" | "note" | "opinion" | "observed-data") => {
            let ids = object.get("object_refs").into_iter().flat_map(Value::items);
            ids.filter_map(Value::as_str).take(ABOUT_MAX).collect()
        }
        _ => return BTreeSet::new(),
    };
    let ids = ids.into_iter().filter_map(|id| Id::parse(id).ok());
    ids.map(|id| id.as_str().into()).collect()
}

#[derive(Default)]
struct Found {
    values: Vec<Held>,
    keys: BTreeSet<Key>,
}

impl Found {
    /// Takes the text as a value of the first kind that it is of.
    fn text(&mut self, text: &str, kinds: &[Kind]) {
        let mut read = kinds
            .iter()
            .filter_map(|kind| Observable::parse(*kind, text, Breadth::Narrow).ok());
        let Some(value) = read.next() else { return };
        if let Some(host) = host_of(&value) {
            self.value(&host);
        }
        self.value(&value);
    }

    fn value(&mut self, value: &Observable) {
        let key = Key::of(value);
        if self.keys.insert(key.clone()) {
            self.values.push(Held {
                key,
                kind: value.kind(),
                text: value.to_string().into(),
            });
        }
    }

    fn properties(&mut self, object: Value<'_>) {
        for property in paths::of(object.text("type").unwrap_or_default()) {
            let mut steps = property.path.iter();
            let at = steps.try_fold(object, |at, step| at.get(step));
            let Some(at) = at else { continue };
            if let Some(number) = at.as_i64() {
                self.text(&number.to_string(), property.kinds);
            }
            for text in at
                .as_str()
                .into_iter()
                .chain(at.items().filter_map(Value::as_str))
            {
                self.text(text, property.kinds);
            }
        }
        let hashes = object.get("hashes").into_iter().flat_map(Value::members);
        for (name, hash) in hashes {
            if let (Some(kinds), Some(hash)) = (paths::hash(name), hash.as_str()) {
                self.text(hash, kinds);
            }
        }
    }

    fn vulnerability(&mut self, object: Value<'_>) {
        self.text(object.text("name").unwrap_or_default(), &[Kind::Cve]);
        let references = object.get("external_references").into_iter();
        for reference in references.flat_map(Value::items) {
            let id = reference.text("external_id").unwrap_or_default();
            self.text(id, &[Kind::Cve]);
        }
    }

    fn attribute(&mut self, kind: &str, value: &str) {
        let parts = kind.split('|').count();
        let values: Vec<&str> = if parts > 1 {
            value.splitn(parts, '|').collect()
        } else {
            vec![value]
        };
        for (kind, value) in kind.split('|').zip(values) {
            self.text(value, misp::kinds(kind));
        }
    }

    fn pattern(&mut self, object: Value<'_>) {
        if object.text("pattern_type").unwrap_or("stix") != "stix" {
            return;
        }
        let text = object.text("pattern").unwrap_or_default();
        if let Ok(pattern) = Pattern::parse(text) {
            self.observation(&pattern.expression);
        }
    }

    fn observation(&mut self, expression: &Observation) {
        match expression {
            Observation::Test(test) => self.comparison(test),
            Observation::And(operands)
            | Observation::Or(operands)
            | Observation::FollowedBy(operands) => {
                for operand in operands {
                    self.observation(operand);
                }
            }
            Observation::Qualified(inner, _) => self.observation(inner),
        }
    }

    fn comparison(&mut self, expression: &Comparison) {
        match expression {
            Comparison::Test(test) => self.proposition(test),
            Comparison::And(operands) | Comparison::Or(operands) => {
                for operand in operands {
                    self.comparison(operand);
                }
            }
        }
    }

    fn proposition(&mut self, proposition: &Proposition) {
        let kinds = paths::compared(&proposition.path);
        let (Some(kinds), false) = (kinds, proposition.negated) else {
            return;
        };
        let constants = match &proposition.test {
            Test::Compare(Relation::Equal, constant) => std::slice::from_ref(constant),
            Test::In(constants) => constants,
            Test::IsSubset(network) => return self.text(network, kinds),
            _ => return,
        };
        for constant in constants {
            match constant {
                Literal::String(text) => self.text(text, kinds),
                Literal::Integer(number) => self.text(&number.to_string(), kinds),
                _ => {}
            }
        }
    }
}

/// What a `sighting` says, and an `opinion` that stands for one of MISP.
fn sighted(object: Value<'_>) -> Option<Sighted> {
    let moment = |name| stix::Timestamp::parse(object.text(name)?).ok()?.micros();
    let made = || moment("created").or_else(|| moment("modified"));
    let first_ref = |name| object.get(name)?.items().find_map(Value::as_str);
    let (kind, of) = match object.text("type")? {
        "sighting" => (SightingKind::Seen, object.text("sighting_of_ref")?),
        "opinion" => {
            let kind = SightingKind::of_explanation(object.text("explanation")?)?;
            (kind, first_ref("object_refs")?)
        }
        _ => return None,
    };
    let last = moment("last_seen")
        .or_else(|| moment("first_seen"))
        .or_else(made)?;
    let places = object
        .get("where_sighted_refs")
        .into_iter()
        .flat_map(Value::items);
    let mut places = places.filter_map(Value::as_str);
    let author = places
        .find(|place| place.starts_with("identity--"))
        .or_else(|| object.text("x_misp_author_ref"))
        .or_else(|| object.text("created_by_ref"))
        .and_then(|id| Id::parse(id).ok());
    Some(Sighted {
        of: Id::parse(of).ok()?.as_str().to_owned(),
        kind,
        count: object
            .get("count")
            .and_then(Value::as_i64)
            .unwrap_or(1)
            .clamp(0, Sighted::COUNT_MAX),
        first_us: moment("first_seen").unwrap_or(last).min(last),
        last_us: last,
        author: author.map_or_else(String::new, |id| id.as_str().to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stix::json::Document;

    use super::*;

    fn told(object: &serde_json::Value) -> Vec<String> {
        let text = object.to_string();
        let document = Document::parse(text.as_bytes()).unwrap();
        let facts = Facts::of(document.root());
        let values = facts.values.iter();
        values
            .map(|held| format!("{} {}", held.kind, held.text))
            .collect()
    }

    #[test]
    fn observables_are_found_by_their_properties() {
        let md5 = "44D88612FEA8A8F36DE82E1278ABB02F";
        for (object, expected) in [
            (
                json!({"type": "ipv4-addr", "value": "198.51.100.7"}),
                vec!["ipv4 198.51.100.7"],
            ),
            (
                json!({"type": "ipv4-addr", "value": "198.51.100.0/24"}),
                vec!["ipv4-net 198.51.100.0/24"],
            ),
            (
                json!({"type": "domain-name", "value": "Evil.example"}),
                vec!["domain evil.example"],
            ),
            (
                json!({"type": "url", "value": "http://evil.example/a"}),
                vec!["domain evil.example", "url http://evil.example/a"],
            ),
            (
                json!({"type": "file", "name": "evil.exe", "hashes": {"MD5": md5, "SSDEEP": "3:a:b"}}),
                vec!["file-name evil.exe", "md5 44d88612fea8a8f36de82e1278abb02f"],
            ),
            (
                json!({"type": "autonomous-system", "number": 64496}),
                vec!["asn AS64496"],
            ),
            (
                json!({"type": "network-traffic", "extensions": {"http-request-ext":
                    {"request_header": {"User-Agent": ["Evil/1.0"]}}}}),
                vec!["user-agent evil/1.0"],
            ),
            (
                json!({"type": "vulnerability", "name": "CVE-2024-3400",
                    "external_references": [{"source_name": "cve", "external_id": "cve-2024-3400"}]}),
                vec!["cve CVE-2024-3400"],
            ),
            (
                json!({"type": "observed-data", "objects": {"0": {"type": "domain-name", "value": "a.example"},
                    "1": {"type": "mutex", "name": "evilmutex"}}}),
                vec!["domain a.example", "mutex evilmutex"],
            ),
            (
                json!({"type": "x-misp-attribute", "x_misp_type": "domain|ip",
                    "x_misp_value": "evil.example|198.51.100.7"}),
                vec!["domain evil.example", "ipv4 198.51.100.7"],
            ),
            (
                json!({"type": "x-misp-object", "x_misp_attributes":
                    [{"type": "btc", "value": "no address"}, {"type": "ip-dst", "value": "198.51.100.7"}]}),
                vec!["ipv4 198.51.100.7"],
            ),
            (json!({"type": "malware", "name": "evil.example"}), vec![]),
        ] {
            assert_eq!(told(&object), expected, "{object}");
        }
    }

    #[test]
    fn what_an_object_is_about_is_told() {
        let (one, two) = (
            "malware--00000000-0000-4000-8000-000000000001",
            "tool--00000000-0000-4000-8000-000000000002",
        );
        let told = |object: serde_json::Value| {
            let text = object.to_string();
            let document = Document::parse(text.as_bytes()).unwrap();
            Facts::of(document.root()).about
        };
        let both = BTreeSet::from([one.into(), two.into()]);
        let relation = json!({"type": "relationship", "source_ref": one, "target_ref": two});
        assert_eq!(told(relation), both);
        let report = json!({"type": "report", "object_refs": [two, one, one, "no id", 1]});
        assert_eq!(told(report), both);
        let made = json!({"type": "malware", "created_by_ref": one, "object_refs": [two]});
        assert!(told(made).is_empty());
    }

    #[test]
    fn patterns_are_found_by_what_they_compare() {
        let indicator = |pattern: &str| json!({"type": "indicator", "pattern": pattern});
        for (pattern, expected) in [
            (
                "[ipv4-addr:value = '198.51.100.7' AND domain-name:value IN ('a.example', 'b.example')]",
                vec!["ipv4 198.51.100.7", "domain a.example", "domain b.example"],
            ),
            (
                "[ipv4-addr:value ISSUBSET '198.51.100.0/24']",
                vec!["ipv4-net 198.51.100.0/24"],
            ),
            ("[domain-name:value != 'a.example']", vec![]),
            ("[domain-name:value NOT = 'a.example']", vec![]),
            ("[domain-name:value LIKE 'a.%']", vec![]),
            ("no pattern", vec![]),
        ] {
            assert_eq!(told(&indicator(pattern)), expected, "{pattern}");
        }
        let sigma = json!({"type": "indicator", "pattern_type": "sigma",
            "pattern": "[domain-name:value = 'a.example']"});
        assert!(told(&sigma).is_empty());
    }
}
