//! Attributes of events.

use formats_misp::vocabulary::attribute_type;
use matcher::{Kind, Value as Found};
use serde_json::{Value, json};

use super::{
    super::csv::country,
    LOCATION, is_deleted, items, text,
    write::{changed, named},
};
use crate::model::{Case, Facts, Line};

/// The category of whoever was hit.
const TARGETING: &str = "Targeting data";

/// What MISP calls a kind of indicator. A kind that it does not have is `other`, with the name of the kind
/// as its comment.
const fn kind(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Ipv4 | Kind::Ipv4Net | Kind::Ipv6 | Kind::Ipv6Net => "ip-dst",
        Kind::Domain | Kind::DomainTree => "domain",
        Kind::Url => "url",
        Kind::Email => "email",
        Kind::Md5 => "md5",
        Kind::Sha1 => "sha1",
        Kind::Sha256 => "sha256",
        Kind::Sha512 => "sha512",
        Kind::Ja3 => "ja3-fingerprint-md5",
        Kind::Jarm => "jarm-fingerprint",
        Kind::Asn => "AS",
        Kind::Btc => "btc",
        Kind::Xmr => "xmr",
        Kind::Cve => "vulnerability",
        Kind::FileName => "filename",
        Kind::UserAgent => "user-agent",
        Kind::RegistryKey => "regkey",
        Kind::Mutex => "mutex",
        Kind::Yara => "yara",
        Kind::Sigma => "sigma",
        Kind::StixPattern => "stix2-pattern",
        // JA3S, JA4, Ethereum, Tron, and whatever comes.
        _ => return None,
    })
}

/// What an event says of an entry itself.
pub(super) fn of_facts(case: &Case) -> Vec<Value> {
    let facts = &case.incident.facts;
    let mut attributes = Vec::new();
    let mut add = |kind: &str, category: &str, value: &str| {
        if !value.is_empty() {
            attributes.push(attribute(case, (kind, category), (value, ""), false));
        }
    };
    add("text", "Other", facts.description.as_str());
    let organisation = facts.organisation.as_ref().map(Line::as_str);
    add("target-org", TARGETING, organisation.unwrap_or_default());
    for country in &facts.victims {
        add(LOCATION, TARGETING, country.as_str());
    }
    for link in case.links.iter().filter(|link| link.kind.as_str() == "url") {
        add("link", "External analysis", link.target.as_str());
    }
    attributes
}

/// Brings what an event says of the entry itself up to what was edited since. An attribute that holds
/// no more is taken back as MISP does it: it stays, and says that it is deleted.
pub(super) fn edit(event: &mut Value, case: &Case, theirs: &Facts) {
    let facts = &case.incident.facts;
    if theirs.description != facts.description {
        let told = facts.description.as_str();
        if !edit_report(event, case, told) {
            edit_first(event, case, ("text", "Other"), told);
        }
    }
    if theirs.organisation != facts.organisation {
        let name = facts.organisation.as_ref().map_or("", Line::as_str);
        edit_first(event, case, ("target-org", TARGETING), name);
    }
    if theirs.victims != facts.victims {
        for one in standing(event, LOCATION) {
            let named = text(one, "value").and_then(country);
            if named.is_some_and(|named| !facts.victims.contains(&named)) {
                set(one, case, "deleted", json!(true));
            }
        }
        for new in facts
            .victims
            .iter()
            .filter(|one| !theirs.victims.contains(one))
        {
            let new = attribute(case, (LOCATION, TARGETING), (new.as_str(), ""), false);
            add(event, vec![new]);
        }
    }
}

/// Gives the report that the description was read from another text, where there is one.
fn edit_report(event: &mut Value, case: &Case, told: &str) -> bool {
    let reports = event.get_mut("EventReport").and_then(Value::as_array_mut);
    let mut reports = reports.into_iter().flatten();
    let Some(report) = reports.find(|report| text(report, "content").is_some()) else {
        return false;
    };
    set(report, case, "content", json!(told));
    true
}

/// Gives the attribute of a type that was read another value, takes it back, or adds one.
fn edit_first(event: &mut Value, case: &Case, of: (&str, &str), value: &str) {
    let first = standing(event, of.0).next();
    if let Some(one) = first {
        let (name, new) = if value.is_empty() {
            ("deleted", json!(true))
        } else {
            ("value", json!(value))
        };
        set(one, case, name, new);
    } else if !value.is_empty() {
        add(event, vec![attribute(case, of, (value, ""), false)]);
    }
}

/// The attributes of a type that were not taken back.
fn standing<'d>(event: &'d mut Value, kind: &str) -> impl Iterator<Item = &'d mut Value> {
    let all = event.get_mut("Attribute").and_then(Value::as_array_mut);
    let all = all.into_iter().flatten();
    all.filter(move |one| text(one, "type") == Some(kind) && !is_deleted(one))
}

/// Gives a part of an event another member, and says when.
fn set(part: &mut Value, case: &Case, name: &str, value: Value) {
    if let Some(members) = part.as_object_mut() {
        members.insert(name.to_owned(), value);
        members.insert("timestamp".to_owned(), json!(changed(case)));
    }
}

fn add(event: &mut Value, new: Vec<Value>) {
    if let Some(members) = event.as_object_mut() {
        let list = members.entry("Attribute").or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.extend(new);
        }
    }
}

/// An indicator that was found in an entry. What is only looked at is not looked for: `to_ids` is set where
/// the indicator is a rule or a pattern.
fn of_indicator(case: &Case, found: &Found) -> Value {
    let (value, to_ids) = (found.to_string(), found.kind().is_carried());
    let known = kind(found.kind()).and_then(attribute_type);
    if let Some(known) = known {
        let of = (known.name, known.default_category);
        return attribute(case, of, (&value, ""), to_ids);
    }
    let comment = found.kind().name();
    attribute(case, ("other", "Other"), (&value, comment), to_ids)
}

/// Adds indicators to an event that does not have them.
pub(super) fn add_indicators(event: &mut Value, case: &Case, indicators: &[Found]) {
    let there: std::collections::HashSet<(String, String)> = items(event, "Attribute")
        .filter_map(|one| {
            Some((
                text(one, "type")?.to_owned(),
                text(one, "value")?.to_owned(),
            ))
        })
        .collect();
    let new = indicators.iter().map(|found| of_indicator(case, found));
    let new: Vec<Value> = new
        .filter(|one| {
            let of = |member| text(one, member).unwrap_or_default().to_owned();
            !there.contains(&(of("type"), of("value")))
        })
        .collect();
    if !new.is_empty() {
        add(event, new);
    }
}

fn attribute(
    case: &Case,
    (kind, category): (&str, &str),
    (value, comment): (&str, &str),
    to_ids: bool,
) -> Value {
    json!({
        "uuid": named(case, &format!("{kind} {value}")),
        "type": kind,
        "category": category,
        "value": value,
        "to_ids": to_ids,
        "distribution": "5",
        "comment": comment,
    })
}

#[cfg(test)]
mod tests {
    use formats_misp::vocabulary::types;

    use super::*;

    #[test]
    fn every_kind_that_misp_has_is_of_a_type_of_its_vocabulary() {
        for one in Kind::ALL {
            if let Some(name) = kind(*one) {
                assert!(types().iter().any(|known| known.name == name), "{name}");
            }
        }
    }
}
