//! What a search asks, in MISP's words.

mod terms;

use intel::events::model::{Filter, TERMS_MAX, Terms, Which};
use kernel::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use self::terms::{codes, day, terms, texts};
pub(crate) use self::terms::{flag, moments, text_of};
use crate::{answer::Fail, out::warned};

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Format {
    #[default]
    Json,
    Csv,
    Text,
    Suricata,
    Hashes,
    Stix2,
}

/// A search.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "MISP's flags, each of which is said on its own"
)]
pub(crate) struct Ask {
    pub(crate) filter: Filter,
    pub(crate) format: Format,
    pub(crate) limit: Option<u32>,
    /// From 1.
    pub(crate) page: u32,
    pub(crate) metadata: bool,
    pub(crate) attachments: bool,
    pub(crate) sightings: bool,
    pub(crate) event_tags: bool,
    pub(crate) context: bool,
    pub(crate) headerless: bool,
    pub(crate) warnings: warned::Asked,
    pub(crate) minimal: bool,
    /// Columns of a table; the usual ones where none are named.
    pub(crate) columns: Vec<String>,
}

/// The words of an index in those of a search.
pub(crate) fn of_index(asked: Map<String, Value>) -> Map<String, Value> {
    let word = |name: String| match name.trim_start_matches("search") {
        "datefrom" => "from".to_owned(),
        "dateuntil" => "to".to_owned(),
        "threatlevel" => "threat_level_id".to_owned(),
        "attribute" | "all" if name.starts_with("search") || name == "attribute" => {
            "value".to_owned()
        }
        "tag" => "tags".to_owned(),
        "sharinggroup" => "sharinggroup".to_owned(),
        other => other.to_owned(),
    };
    let asked = asked.into_iter().filter(|(_, value)| !is_nothing(value));
    asked.map(|(name, value)| (word(name), value)).collect()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

impl Ask {
    /// Reads a search for events, or for attributes.
    pub(crate) fn read(
        asked: &Map<String, Value>,
        events: bool,
        now: Timestamp,
    ) -> Result<Self, Fail> {
        let mut ask = Self {
            page: 1,
            ..Self::default()
        };
        let now = now.as_seconds();
        for (name, value) in asked.iter().filter(|(_, value)| !is_nothing(value)) {
            let known = ask.filter(name, value, (events, now))?;
            if !known {
                ask.option(name, value)?;
            }
        }
        Ok(ask)
    }

    /// Takes a filter; false if that is none.
    fn filter(
        &mut self,
        name: &str,
        value: &Value,
        (events, now): (bool, i64),
    ) -> Result<bool, Fail> {
        let filter = &mut self.filter;
        let found = match name {
            "value" => Some(&mut filter.value),
            "type" => Some(&mut filter.kind),
            "category" => Some(&mut filter.category),
            "object_relation" => Some(&mut filter.relation),
            "object_name" => Some(&mut filter.object_name),
            "org" => Some(&mut filter.org),
            "tags" | "tag" => Some(&mut filter.tags),
            "eventinfo" => Some(&mut filter.info),
            _ => None,
        };
        if let Some(place) = found {
            *place = terms(name, value)?;
            if name == "eventinfo" {
                widen(place);
            }
            return Ok(true);
        }
        match name {
            "searchall" | "quickFilter" | "quickfilter" => {
                filter.value = terms(name, value)?;
                widen(&mut filter.value);
            }
            "eventid" | "event_id" => which(filter, name, value)?,
            "uuid" => filter.uuids = uuids(value)?,
            "id" if !events => filter.ids = numbers(name, value)?,
            "timestamp" | "attribute_timestamp" => filter.changed = moments(Some(value), now)?,
            "event_timestamp" => filter.event_changed = moments(Some(value), now)?,
            "publish_timestamp" | "last" => filter.published_at = moments(Some(value), now)?,
            "from" | "datefrom" => filter.date_from = Some(day(name, value, now)?),
            "to" | "dateuntil" => filter.date_to = Some(day(name, value, now)?),
            "date" => dates(filter, value, now)?,
            "published" => filter.published = either(name, value)?,
            "to_ids" => filter.to_ids = either(name, value)?,
            "deleted" => {
                let both = value.as_array().is_some_and(|all| all.len() > 1);
                filter.with_deleted = both;
                filter.deleted = if both { None } else { either(name, value)? };
            }
            "threat_level_id" => filter.threat_levels = codes(name, value)?,
            "analysis" => filter.analyses = codes(name, value)?,
            "distribution" => filter.distributions = codes(name, value)?,
            // There are none here that anything could belong to.
            "sharinggroup" | "sharing_group_id" => filter.ids = vec![0],
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn option(&mut self, name: &str, value: &Value) -> Result<(), Fail> {
        match name {
            "returnFormat" => self.format = format(value)?,
            "limit" => {
                let limit = number(name, value)?;
                self.limit = (limit > 0).then_some(limit);
            }
            "page" => self.page = number(name, value)?.max(1),
            "metadata" => self.metadata = flag(value),
            "withAttachments" | "attachments" => self.attachments = flag(value),
            "includeSightings" => self.sightings = flag(value),
            "includeEventTags" => self.event_tags = flag(value),
            "includeContext" => self.context = flag(value),
            "headerless" => self.headerless = flag(value),
            "enforceWarninglist" => self.warnings.enforced = flag(value),
            "includeWarninglistHits" => self.warnings.included = flag(value),
            "minimal" => self.minimal = flag(value),
            "requested_attributes" => self.columns = texts(value),
            // What MISP does not know either, it passes over.
            _ => {}
        }
        Ok(())
    }
}

/// Words that may stand anywhere in a text.
fn widen(terms: &mut Terms) {
    let all = terms
        .any
        .iter_mut()
        .chain(&mut terms.all)
        .chain(&mut terms.none);
    for term in all.filter(|term| !term.contains('%')) {
        *term = format!("%{term}%");
    }
}

fn format(value: &Value) -> Result<Format, Fail> {
    let word = text_of(value).unwrap_or_default();
    Ok(match word.as_str() {
        "json" => Format::Json,
        "csv" => Format::Csv,
        "text" => Format::Text,
        "suricata" => Format::Suricata,
        "hashes" => Format::Hashes,
        "stix2" => Format::Stix2,
        other => {
            let known = "json, csv, text, suricata, hashes, stix2";
            return Err(Fail::bad(format!(
                "The return format {other} is not supported here; one of: {known}."
            )));
        }
    })
}

fn which(filter: &mut Filter, name: &str, value: &Value) -> Result<(), Fail> {
    let terms = terms(name, value)?;
    let read = |word: &String| {
        Which::parse(word).ok_or_else(|| Fail::bad(format!("{name}: {word} is no id.")))
    };
    let any = terms.any.iter().chain(&terms.all);
    filter.events = any.map(read).collect::<Result<_, _>>()?;
    filter.not_events = terms.none.iter().map(read).collect::<Result<_, _>>()?;
    Ok(())
}

fn uuids(value: &Value) -> Result<Vec<Uuid>, Fail> {
    let read = |word: String| {
        Uuid::try_parse(&word).map_err(|_none| Fail::bad(format!("uuid: {word} is none.")))
    };
    let all = texts(value);
    limited("uuid", all.len())?;
    all.into_iter().map(read).collect()
}

fn numbers(name: &str, value: &Value) -> Result<Vec<i64>, Fail> {
    let read = |word: String| {
        let read = word.parse();
        read.map_err(|_none| Fail::bad(format!("{name}: {word} is no number.")))
    };
    let all = texts(value);
    limited(name, all.len())?;
    all.into_iter().map(read).collect()
}

/// Refuses a filter of too many words.
pub(crate) fn limited(name: &str, count: usize) -> Result<(), Fail> {
    if count > TERMS_MAX {
        return Err(Fail::bad(format!("{name}: at most {TERMS_MAX} are taken.")));
    }
    Ok(())
}

fn number(name: &str, value: &Value) -> Result<u32, Fail> {
    let read = text_of(value).and_then(|text| text.parse().ok());
    read.ok_or_else(|| Fail::bad(format!("{name}: a whole number is expected.")))
}

/// True, false, or nothing where both are meant.
fn either(name: &str, value: &Value) -> Result<Option<bool>, Fail> {
    let words = texts(value);
    let mut answers = Vec::new();
    for word in &words {
        answers.push(match word.as_str() {
            "1" | "true" | "only" => true,
            "0" | "false" | "exclude" => false,
            // MISP's index has 2 for "either".
            "2" => return Ok(None),
            _ => return Err(Fail::bad(format!("{name}: 0 or 1 is expected."))),
        });
    }
    let first = answers.first().copied();
    Ok(first.filter(|first| answers.iter().all(|one| one == first)))
}

fn dates(filter: &mut Filter, value: &Value, now: i64) -> Result<(), Fail> {
    match value {
        Value::Array(all) => {
            let mut all = all.iter();
            if let Some(from) = all.next() {
                filter.date_from = Some(day("date", from, now)?);
            }
            if let Some(to) = all.next() {
                filter.date_to = Some(day("date", to, now)?);
            }
        }
        one => {
            let text = text_of(one).unwrap_or_default();
            let day = day("date", one, now)?;
            // A span such as `7d` goes on to this day.
            filter.date_to = text.contains('-').then(|| day.clone());
            filter.date_from = Some(day);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ask(asked: &Value) -> Result<Ask, Fail> {
        let now = Timestamp::from_micros(1_795_219_200_000_000);
        Ask::read(asked.as_object().unwrap(), false, now)
    }

    #[test]
    fn what_pymisp_sends_is_read() {
        let asked = ask(&json!({
            "returnFormat": "csv", "page": 2, "limit": "100", "type": ["ip-dst", "!ip-src"],
            "value": {"OR": ["a%"], "NOT": ["b"], "AND": ["c"]}, "tags": "tlp:green&&!tlp:red",
            "publish_timestamp": "7d", "timestamp": ["30d", "1795000000"], "to_ids": [0, 1],
            "eventid": "7", "deleted": [0, 1], "date_from": null, "from": "2026-01-31",
            "enforceWarninglist": 0, "metadata": 1, "eventinfo": "words", "published": true,
        }));
        let asked = asked.unwrap();
        assert_eq!(
            (asked.format, asked.page, asked.limit),
            (Format::Csv, 2, Some(100))
        );
        assert!(asked.metadata);
        let filter = asked.filter;
        assert_eq!(
            (filter.kind.any, filter.kind.none),
            (vec!["ip-dst".to_owned()], vec!["ip-src".to_owned()])
        );
        assert_eq!(
            (
                filter.value.any[0].as_str(),
                filter.value.none[0].as_str(),
                filter.value.all[0].as_str()
            ),
            ("a%", "b", "c")
        );
        assert_eq!(
            (filter.tags.any[0].as_str(), filter.tags.none[0].as_str()),
            ("tlp:green", "tlp:red")
        );
        assert_eq!(filter.published_at.from, Some(1_795_219_200 - 7 * 86_400));
        assert_eq!(filter.changed.to, Some(1_795_000_000));
        assert_eq!(
            (filter.to_ids, filter.deleted, filter.with_deleted),
            (None, None, true)
        );
        assert_eq!(filter.events, [Which::Id(7)]);
        assert_eq!(filter.date_from.as_deref(), Some("2026-01-31"));
        assert_eq!(
            (filter.published, filter.info.any[0].as_str()),
            (Some(true), "%words%")
        );
    }

    #[test]
    fn what_cannot_be_asked_is_named() {
        for bad in [
            json!({"returnFormat": "openioc"}),
            json!({"limit": "many"}),
            json!({"uuid": "none"}),
            json!({"eventid": "x"}),
            json!({"timestamp": "soon"}),
            json!({"from": "yesterday"}),
            json!({"to_ids": "maybe"}),
            json!({"value": vec!["x"; TERMS_MAX + 1]}),
        ] {
            assert!(ask(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nobody_finds_by_a_sharing_group_what_is_in_none() {
        assert_eq!(ask(&json!({"sharinggroup": [1]})).unwrap().filter.ids, [0]);
    }
}
