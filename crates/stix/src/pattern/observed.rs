//! Observed data made ready for patterns.

use std::collections::HashMap;

use super::error::MatchError;
use crate::{Timestamp, json::Value};

/// The objects of a bundle by their id; of several with one id the last.
#[derive(Clone, Debug, Default)]
pub struct Objects<'d>(HashMap<&'d str, Value<'d>>);

impl<'d> Objects<'d> {
    /// Those of a bundle, or of an array of objects.
    pub fn of(bundle: Value<'d>) -> Self {
        let with_id = |object: Value<'d>| Some((object.text("id")?, object));
        Self(items(bundle).filter_map(with_id).collect())
    }

    /// The object of this id.
    pub fn get(&self, id: &str) -> Option<Value<'d>> {
        self.0.get(id).copied()
    }
}

/// The objects of a bundle; the items of an array; otherwise the value itself.
fn items(bundle: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let list = match bundle.text("type") {
        Some("bundle") => bundle.get("objects"),
        Some(_) => None,
        None => Some(bundle),
    };
    let single = list.is_none() && bundle.text("type") != Some("bundle");
    let single = single.then_some(bundle);
    list.into_iter().flat_map(Value::items).chain(single)
}

/// One observed-data object (STIX 2.1 §4.14): what was seen, when, and how often.
///
/// It stands for `number_observed` observations of the same objects, each of which happened
/// somewhere between `first_observed` and `last_observed`.
#[derive(Clone, Debug)]
pub struct Observed<'d> {
    id: &'d str,
    first: Timestamp,
    last: Timestamp,
    number: u64,
    scos: Vec<Sco<'d>>,
    /// What references within its objects can mean: those objects, by id or by their key in the
    /// deprecated dictionary. Sorted.
    referable: Vec<(&'d str, Value<'d>)>,
}

/// One of the objects that were observed.
#[derive(Clone, Copy, Debug)]
pub struct Sco<'d> {
    /// Its `type`.
    pub object_type: &'d str,
    /// All of it.
    pub value: Value<'d>,
}

impl<'d> Observed<'d> {
    /// All observed-data objects of a bundle (or of an array of objects) in their order.
    ///
    /// # Errors
    /// [`MatchError::Observation`] for the first that [`Observed::new`] refuses.
    pub fn from_bundle(bundle: Value<'d>) -> Result<Vec<Self>, MatchError> {
        let objects = Objects::of(bundle);
        let is_observed = |object: &Value<'d>| object.text("type") == Some("observed-data");
        items(bundle)
            .filter(is_observed)
            .map(|object| Self::new(object, &objects))
            .collect()
    }

    /// One observed-data object. Its objects are those of `object_refs` that `objects` has, and
    /// those of the deprecated `objects` dictionary. A reference to what is not there is no error,
    /// since bundles are often parts.
    ///
    /// # Errors
    /// [`MatchError::Observation`] if it does not say when and how often, or ends before it begins.
    pub fn new(observed_data: Value<'d>, objects: &Objects<'d>) -> Result<Self, MatchError> {
        let id = observed_data.text("id").unwrap_or_default();
        let error = |problem| MatchError::Observation {
            id: id.into(),
            problem,
        };
        let moment = |name, problem| {
            let text = observed_data.text(name);
            text.and_then(|text| Timestamp::parse(text).ok())
                .ok_or_else(|| error(problem))
        };
        let first = moment("first_observed", "first_observed is no timestamp")?;
        let last = moment("last_observed", "last_observed is no timestamp")?;
        if last < first {
            return Err(error("last_observed lies before first_observed"));
        }
        let number = observed_data.get("number_observed").and_then(Value::as_i64);
        let number = number
            .and_then(|number| u64::try_from(number).ok())
            .filter(|n| *n > 0);
        let number = number.ok_or_else(|| error("number_observed is no positive whole number"))?;

        let dictionary = observed_data
            .get("objects")
            .into_iter()
            .flat_map(Value::members);
        let ids = observed_data
            .get("object_refs")
            .into_iter()
            .flat_map(Value::items);
        let from_bundle = ids.filter_map(|id| {
            let id = id.as_str()?;
            Some((id, objects.get(id)?))
        });
        let mut referable: Vec<_> = dictionary.chain(from_bundle).collect();
        let scos = referable
            .iter()
            .filter_map(|(_, object)| Sco::new(*object))
            .collect();
        referable.sort_by_key(|(id, _)| *id);
        Ok(Self {
            id,
            first,
            last,
            number,
            scos,
            referable,
        })
    }

    /// Its id, empty if it has none.
    pub fn id(&self) -> &'d str {
        self.id
    }

    /// When the first of its observations was made.
    pub fn first_observed(&self) -> Timestamp {
        self.first
    }

    /// When the last of its observations was made.
    pub fn last_observed(&self) -> Timestamp {
        self.last
    }

    /// How many observations it stands for.
    pub fn number_observed(&self) -> u64 {
        self.number
    }

    /// What was observed.
    pub fn scos(&self) -> &[Sco<'d>] {
        &self.scos
    }

    /// The object that a reference within one of its objects means. It must be one of the same
    /// observation.
    pub fn referenced(&self, id: &str) -> Option<Value<'d>> {
        let at = self
            .referable
            .binary_search_by_key(&id, |(id, _)| *id)
            .ok()?;
        self.referable.get(at).map(|(_, object)| *object)
    }
}

/// The types of objects that are no cyber-observables, sorted. Any other may be a custom one.
const NO_SCO: [&str; 25] = [
    "attack-pattern",
    "bundle",
    "campaign",
    "course-of-action",
    "extension-definition",
    "grouping",
    "identity",
    "incident",
    "indicator",
    "infrastructure",
    "intrusion-set",
    "language-content",
    "location",
    "malware",
    "malware-analysis",
    "marking-definition",
    "note",
    "observed-data",
    "opinion",
    "relationship",
    "report",
    "sighting",
    "threat-actor",
    "tool",
    "vulnerability",
];

impl<'d> Sco<'d> {
    /// Patterns are about cyber-observables, though `object_refs` may name relationships too.
    fn new(value: Value<'d>) -> Option<Self> {
        let object_type = value.text("type")?;
        NO_SCO
            .binary_search(&object_type)
            .is_err()
            .then_some(Self { object_type, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;

    const TIMES: &str = r#""type":"observed-data","first_observed":"2020-01-01T00:00:00Z","last_observed":"2020-01-01T00:00:01Z""#;

    #[test]
    fn objects_come_from_the_bundle_and_from_the_dictionary() {
        let text = format!(
            r#"{{"type":"bundle","objects":[
                {{{TIMES},"id":"a","number_observed":2,"object_refs":["f","gone",5]}},
                {{"type":"file","id":"f"}},
                {{{TIMES},"id":"b","number_observed":1,"objects":{{"0":{{"type":"url"}},"1":{{}}}}}}
            ]}}"#
        );
        let document = Document::parse(text.as_bytes()).unwrap();
        let observed = Observed::from_bundle(document.root()).unwrap();
        let types = |observed: &Observed<'_>| -> Vec<String> {
            observed
                .scos()
                .iter()
                .map(|sco| sco.object_type.into())
                .collect()
        };
        assert_eq!(
            observed.iter().map(types).collect::<Vec<_>>(),
            [["file"], ["url"]]
        );
        assert_eq!(observed[0].number_observed(), 2);
        assert!(observed[1].referenced("1").is_some());
        assert!(observed[0].referenced("1").is_none());
    }

    #[test]
    fn an_observation_without_time_or_number_is_refused() {
        for (members, problem) in [
            (
                r#""type":"observed-data""#.into(),
                "first_observed is no timestamp",
            ),
            (
                TIMES.to_string(),
                "number_observed is no positive whole number",
            ),
            (
                format!("{TIMES},\"number_observed\":0"),
                "number_observed is no positive whole number",
            ),
            (
                TIMES
                    .replace("01:00", "00:00")
                    .replace(":01Z", ":00Z")
                    .replacen("00:00:00", "01:00:00", 1)
                    + ",\"number_observed\":1",
                "last_observed lies before first_observed",
            ),
        ] {
            let text = format!("[{{\"id\":\"x\",{members}}}]");
            let document = Document::parse(text.as_bytes()).unwrap();
            let error = Observed::from_bundle(document.root()).unwrap_err();
            assert_eq!(
                error,
                MatchError::Observation {
                    id: "x".into(),
                    problem
                },
                "{text}"
            );
            assert_eq!(error.code(), "pattern.bad_observation");
        }
    }
}
