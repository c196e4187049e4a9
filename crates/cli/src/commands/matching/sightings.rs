//! What was found as STIX 2.1: sightings with observed data, ready to share.
//!
//! An indicator that has an id of STIX is referred to by it; for others one is made, with a pattern
//! that says the same. A sighting has the marking of its indicator, and so has all that tells of it.
//! The records themselves are not in it: what stands around an indicator is not for others to see.

use std::collections::HashSet;

use kernel::{Rng, Timestamp, Tlp};
use matcher::{Indicator, Kind};
use serde_json::{Map, Value as Json, json};
use stix::{Id, json::Document, objects::observable_id};

use super::{
    observe::{full_key, normal, object},
    tally::{Tallies, Tally},
};

/// The most that `number_observed` and `count` may say (STIX 2.1 §4.14, §5.2).
const COUNT_MAX: u64 = 999_999_999;

/// What the bundle is made with.
pub(super) struct Sightings<'a> {
    /// Who saw it.
    pub(super) identity: Option<&'a str>,
    /// When this was found; the time of what has no time of its own.
    pub(super) now: Timestamp,
    pub(super) rng: &'a dyn Rng,
}

/// A bundle, and how many indicators are of kinds that STIX has no word for.
pub(super) struct Bundle {
    pub(super) text: String,
    pub(super) left_out: usize,
}

impl Sightings<'_> {
    pub(super) fn bundle(&self, tallies: Tallies) -> anyhow::Result<Bundle> {
        let mut objects = Objects::default();
        let identity = self
            .identity
            .map(|name| objects.push(self.domain("identity").with("name", name)));
        let mut left_out = 0;
        for (indicator, tally) in tallies.in_order() {
            let told = self.sighting(&indicator, &tally, identity.as_deref(), &mut objects)?;
            left_out += usize::from(!told);
        }
        let bundle = json!({
            "type": "bundle",
            "id": self.id("bundle"),
            "objects": objects.all,
        });
        Ok(Bundle {
            text: serde_json::to_string_pretty(&bundle)?,
            left_out,
        })
    }

    /// Adds what tells of one indicator; false where STIX has no word for it.
    fn sighting(
        &self,
        indicator: &Indicator<'_>,
        tally: &Tally,
        identity: Option<&str>,
        objects: &mut Objects,
    ) -> anyhow::Result<bool> {
        let marking = objects.marking(indicator)?;
        let known = Id::parse(&indicator.id).ok();
        let known = known.filter(|id| id.object_type() == "indicator");
        let sighted = match known {
            Some(id) => id.as_str().to_owned(),
            None => match self.sighted(indicator) {
                Some(made) => objects.push(made.marked(&marking).by(identity)),
                None => return Ok(false),
            },
        };
        let (first, last) = (
            tally.first.unwrap_or(self.now),
            tally.last.unwrap_or(self.now),
        );
        let count = tally.count.min(COUNT_MAX);
        let mut sighting = self
            .domain("sighting")
            .with("sighting_of_ref", sighted)
            .with("count", count)
            .with("first_seen", first.to_string())
            .with("last_seen", last.to_string())
            .marked(&marking)
            .by(identity);
        if let Some(identity) = identity {
            sighting = sighting.with("where_sighted_refs", vec![identity]);
        }
        let seen = observables(indicator, tally, objects)?;
        if !seen.is_empty() {
            let observed = self
                .domain("observed-data")
                .with("first_observed", first.to_string())
                .with("last_observed", last.to_string())
                .with("number_observed", count)
                .with("object_refs", seen)
                .marked(&marking)
                .by(identity);
            sighting = sighting.with("observed_data_refs", vec![objects.push(observed)]);
        }
        objects.push(sighting);
        Ok(true)
    }

    /// What was sighted, for an indicator that came without an id of STIX.
    fn sighted(&self, indicator: &Indicator<'_>) -> Option<Made> {
        let value = indicator.value.to_string();
        if indicator.value.kind() == Kind::Cve {
            let reference = json!([{"source_name": "cve", "external_id": value}]);
            let vulnerability = self.domain("vulnerability").with("name", value);
            return Some(vulnerability.with("external_references", reference));
        }
        let moment = |us: i64| Timestamp::from_micros(us).to_string();
        let valid_from = indicator.valid_from_us.map(moment);
        let mut made = self
            .domain("indicator")
            .with("pattern", pattern(indicator.value.kind(), &value)?)
            .with("pattern_type", "stix")
            .with(
                "valid_from",
                valid_from.unwrap_or_else(|| self.now.to_string()),
            )
            .with("name", value)
            .with(
                "description",
                format!("From the list {}.", indicator.source),
            );
        if let Some(until) = indicator.valid_until_us {
            made = made.with("valid_until", moment(until));
        }
        if let Some(confidence) = indicator.confidence {
            made = made.with("confidence", confidence);
        }
        Some(made)
    }

    /// An object with a new id and nothing but what it must have.
    fn domain(&self, object_type: &str) -> Made {
        let now = self.now.to_string();
        Made::default()
            .with("type", object_type)
            .with("spec_version", "2.1")
            .with("id", self.id(object_type))
            .with("created", now.clone())
            .with("modified", now)
    }

    fn id(&self, object_type: &str) -> String {
        let mut random = [0; 16];
        self.rng.fill(&mut random);
        Id::random(object_type, random).map_or_else(String::new, |id| id.as_str().to_owned())
    }
}

/// An object that is being made.
#[derive(Default)]
struct Made(Map<String, Json>);

impl Made {
    fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    fn marked(self, marking: &str) -> Self {
        self.with("object_marking_refs", vec![marking])
    }

    fn by(self, identity: Option<&str>) -> Self {
        match identity {
            Some(identity) => self.with("created_by_ref", identity),
            None => self,
        }
    }
}

/// The objects of a bundle, each once, in the order of coming.
#[derive(Default)]
struct Objects {
    all: Vec<Json>,
    ids: HashSet<String>,
}

impl Objects {
    fn push(&mut self, Made(object): Made) -> String {
        let id = object.get("id").and_then(Json::as_str);
        let id = id.unwrap_or_default().to_owned();
        if self.ids.insert(id.clone()) {
            self.all.push(object.into());
        }
        id
    }

    /// The id of the marking definition of an indicator: of TLP 2.0, unmarked is AMBER+STRICT.
    fn marking(&mut self, indicator: &Indicator<'_>) -> serde_json::Result<String> {
        let tlp = match Tlp::from_foreign(indicator.marking.as_deref()) {
            Tlp::Clear => stix::marking::Tlp::Clear,
            Tlp::Green => stix::marking::Tlp::Green,
            Tlp::Amber => stix::marking::Tlp::Amber,
            Tlp::AmberStrict => stix::marking::Tlp::AmberStrict,
            Tlp::Red => stix::marking::Tlp::Red,
        };
        Ok(self.push(Made(serde_json::from_str(&tlp.definition())?)))
    }
}

/// The observables that were found of an indicator; their ids.
fn observables(
    indicator: &Indicator<'_>,
    tally: &Tally,
    objects: &mut Objects,
) -> anyhow::Result<Vec<String>> {
    let kind = indicator.value.kind();
    if object_pattern(kind).is_none() {
        return Ok(Vec::new());
    }
    let mut ids = Vec::new();
    for text in &tally.found {
        let made = object(kind, &normal(plain(kind), text));
        let draft = made.to_string();
        let document = Document::parse(draft.as_bytes())?;
        if let Some(id) = observable_id(document.root())?
            && let Json::Object(made) = made
        {
            let made = Made(made)
                .with("id", id.as_str())
                .with("spec_version", "2.1");
            let id = objects.push(made);
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    Ok(ids)
}

/// The kind of what is found by an indicator of a kind.
fn plain(kind: Kind) -> Kind {
    match kind {
        Kind::Ipv4Net => Kind::Ipv4,
        Kind::Ipv6Net => Kind::Ipv6,
        Kind::DomainTree => Kind::Domain,
        other => other,
    }
}

/// The path of STIX that has values of a kind, where there is one.
fn object_pattern(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Ipv4 | Kind::Ipv4Net => "ipv4-addr:value",
        Kind::Ipv6 | Kind::Ipv6Net => "ipv6-addr:value",
        Kind::Domain | Kind::DomainTree => "domain-name:value",
        Kind::Url => "url:value",
        Kind::Email => "email-addr:value",
        Kind::Md5 => "file:hashes.MD5",
        Kind::Sha1 => "file:hashes.'SHA-1'",
        Kind::Sha256 => "file:hashes.'SHA-256'",
        Kind::Sha512 => "file:hashes.'SHA-512'",
        Kind::FileName => "file:name",
        Kind::RegistryKey => "windows-registry-key:key",
        Kind::Mutex => "mutex:name",
        Kind::Asn => "autonomous-system:number",
        _ => return None,
    })
}

/// A pattern of STIX for a value of a kind (STIX 2.1 §9).
fn pattern(kind: Kind, value: &str) -> Option<String> {
    let path = object_pattern(kind)?;
    let value = match kind {
        Kind::RegistryKey => full_key(value),
        _ => value.into(),
    };
    let inner = value.replace('\\', "\\\\").replace('\'', "\\'");
    Some(match kind {
        Kind::Ipv4Net | Kind::Ipv6Net => format!("[{path} ISSUBSET '{inner}']"),
        // In LIKE an underscore is any character.
        Kind::DomainTree if value.contains('_') => {
            let dotted = inner.replace('.', "\\\\.");
            format!("[{path} MATCHES '^(.+\\\\.)?{dotted}$']")
        }
        Kind::DomainTree => format!("[{path} = '{inner}' OR {path} LIKE '%.{inner}']"),
        Kind::Asn => format!("[{path} = {}]", value.trim_start_matches("AS")),
        _ => format!("[{path} = '{inner}']"),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::SeededRng;
    use matcher::{Breadth, Value};
    use stix::{
        ReadLimits, Stream,
        check::{Report, check_object},
        pattern::Pattern,
    };

    use super::*;

    fn tallies() -> Tallies {
        let mut tallies = Tallies::default();
        let samples = [
            (Kind::DomainTree, "evil.example", "www.evil.example"),
            (Kind::Ipv4Net, "198.51.100.0/24", "198.51.100.7"),
            (Kind::Sha256, &"ab".repeat(32), &"AB".repeat(32)),
            (
                Kind::RegistryKey,
                r"HKLM\Software\It's",
                r"HKLM\Software\It's",
            ),
            (Kind::Asn, "AS64496", "as64496"),
            (Kind::Cve, "CVE-2024-12345", "cve-2024-12345"),
            (Kind::Jarm, &"1".repeat(62), &"1".repeat(62)),
        ];
        for (kind, value, found) in samples {
            let value = Value::parse(kind, value, Breadth::Narrow).unwrap();
            let mut indicator = Indicator::new(value, "", "feed.csv");
            indicator.marking = (kind == Kind::Cve).then(|| "TLP:GREEN".into());
            let tally = Tally {
                count: 2,
                first: Some(Timestamp::from_micros(1_000_000)),
                last: Some(Timestamp::from_micros(2_000_000)),
                found: [found.to_owned()].into(),
            };
            tallies.add(&indicator, tally);
        }
        tallies
    }

    #[test]
    fn the_bundle_is_valid_stix_and_all_of_it_is_marked() {
        let sightings = Sightings {
            identity: Some("CSIRT of XA"),
            now: Timestamp::from_micros(1_800_000_000_000_000),
            rng: &SeededRng::new(7),
        };
        let bundle = sightings.bundle(tallies()).unwrap();
        assert_eq!(bundle.left_out, 1, "STIX has no word for JARM");
        let mut stream = Stream::new(bundle.text.as_bytes(), ReadLimits::default());
        let mut types = BTreeMap::<_, usize>::new();
        loop {
            let next = stream.next(|object| {
                let mut report = Report::default();
                check_object(object, &mut report);
                assert!(report.is_valid(), "{report:?}");
                let object_type = object.text("type").unwrap().to_owned();
                if ["sighting", "indicator", "observed-data"].contains(&object_type.as_str()) {
                    assert!(object.get("object_marking_refs").is_some());
                }
                *types.entry(object_type).or_default() += 1;
            });
            if next.unwrap().is_none() {
                break;
            }
        }
        assert_eq!(types["sighting"], 6);
        assert_eq!(types["observed-data"], 5);
        assert_eq!(types["indicator"], 5);
        assert_eq!(types["vulnerability"], 1);
        assert_eq!(types["marking-definition"], 2, "AMBER+STRICT and GREEN");
    }

    #[test]
    fn patterns_mean_what_the_indicator_means() {
        assert_eq!(
            pattern(Kind::DomainTree, "b.example").unwrap(),
            "[domain-name:value = 'b.example' OR domain-name:value LIKE '%.b.example']"
        );
        assert_eq!(
            pattern(Kind::DomainTree, "a_b.example").unwrap(),
            r"[domain-name:value MATCHES '^(.+\\.)?a_b\\.example$']"
        );
        for kind in Kind::ALL {
            let value = if *kind == Kind::Asn {
                "AS64496"
            } else {
                r"1\2'3"
            };
            if let Some(made) = pattern(*kind, value) {
                assert!(made.parse::<Pattern>().is_ok(), "{made}");
            }
        }
    }
}
