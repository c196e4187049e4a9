//! An incident and its harm as a STIX 2.1 bundle with the Incident Core extension (version 2.0, draft of
//! 10 October 2023).
//!
//! An impact object has one category. A figure without a category of its own there is `external` of
//! public health or of the economy. Groups of people and what follows by computation stay at home, and
//! so does attribution.

use kernel::{IncidentRef, Timestamp, Tlp};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::{
    course::{Content, Course, Entry, Service},
    harm::{Measure, Nature, sum},
    model::{Bound, Case, Grade, HarmFigure, Quantity},
    state::Stage,
    taxonomy::shipped::{RSIT, SECTORS},
};

pub(crate) const INCIDENT: &str = "extension-definition--ef765651-680c-498d-9894-99799f2fa126";
const TLP_2: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";
pub(crate) const IMPACT: &str = "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9";

/// The bundle of an incident, with the definitions of its markings.
pub(crate) fn bundle(case: &Case) -> Value {
    let mut objects = objects(case);
    objects.extend(definitions(&objects));
    let id = named("bundle", case.incident.public, "whole");
    json!({ "type": "bundle", "id": id, "objects": objects })
}

/// The incident, who is hit where, and an impact for each figure that stands.
pub(crate) fn objects(case: &Case) -> Vec<Value> {
    let standing = sum::standing(&case.harm);
    let figures = standing.iter();
    let impacts: Vec<Value> = figures
        .map(|&(number, figure)| impact(case, number, figure))
        .chain(outages(case))
        .collect();
    let refs: Vec<Value> = impacts.iter().map(|one| one["id"].clone()).collect();
    let mut objects = vec![incident(case, refs)];
    objects.extend(impacts);
    objects
}

/// The id of an object that belongs to an incident: the same each time it is written.
fn named(kind: &str, public: IncidentRef, what: &str) -> String {
    let digest = Sha256::digest(format!("{kind} {public} {what}"));
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(digest) {
        *byte = from;
    }
    let uuid = Builder::from_random_bytes(bytes).into_uuid();
    format!("{kind}--{uuid}")
}

/// The id of the impact that a figure becomes.
pub(crate) fn impact_id(public: IncidentRef, number: u32) -> String {
    named("impact", public, &number.to_string())
}

/// Another id for an impact, where something else has this one: the same each time.
pub(crate) fn another_id(public: IncidentRef, id: &str) -> String {
    named("impact", public, id)
}

/// The definitions of the markings of TLP 2.0 that these objects name: STIX 2.1 itself has those of
/// TLP 1 alone.
pub(crate) fn definitions(objects: &[Value]) -> Vec<Value> {
    let asks_for = |id: &str| {
        let marked = |object: &Value| {
            let refs = object.get("object_marking_refs").and_then(Value::as_array);
            refs.is_some_and(|refs| refs.iter().any(|one| one == id))
        };
        objects.iter().any(marked) && !objects.iter().any(|object| object["id"] == id)
    };
    let named = MARKINGS.iter().filter(|(id, _)| asks_for(id));
    let definition = |(id, tlp): &(&str, Tlp)| {
        json!({
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": id,
            "created": "2022-10-01T00:00:00.000Z",
            "name": format!("TLP:{tlp}"),
            "extensions": { TLP_2: {
                "extension_type": "property-extension",
                "tlp_2_0": tlp.as_str().to_ascii_lowercase(),
            } },
        })
    };
    named.map(definition).collect()
}

/// STIX asks for milliseconds.
pub(crate) fn moment(at: Timestamp) -> String {
    let micros = at.as_micros();
    Timestamp::from_micros(micros - micros.rem_euclid(1_000)).to_string()
}

/// The marking objects of TLP 2.0, which every reader knows.
pub(crate) const MARKINGS: [(&str, Tlp); 5] = [
    (marking(Tlp::Clear), Tlp::Clear),
    (marking(Tlp::Green), Tlp::Green),
    (marking(Tlp::Amber), Tlp::Amber),
    (marking(Tlp::AmberStrict), Tlp::AmberStrict),
    (marking(Tlp::Red), Tlp::Red),
];

pub(crate) const fn marking(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
        Tlp::Green => "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        Tlp::Amber => "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
        Tlp::AmberStrict => "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
        Tlp::Red => "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    }
}

fn common(case: &Case, kind: &str, id: &str) -> Map<String, Value> {
    let incident = &case.incident;
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| {
        object.insert(name.to_owned(), value);
    };
    put("type", json!(kind));
    put("spec_version", json!("2.1"));
    put("id", json!(id));
    put("created", json!(moment(incident.created_at)));
    put("modified", json!(moment(incident.updated_at)));
    put("object_marking_refs", json!([marking(incident.facts.tlp)]));
    if incident.mode.is_exercise() {
        put("labels", json!(["exercise"]));
    }
    object
}

fn incident(case: &Case, impacts: Vec<Value>) -> Value {
    let facts = &case.incident.facts;
    let mut object = common(case, "incident", &case.incident.public.to_string());
    object.insert("name".to_owned(), json!(facts.title.as_str()));
    if !facts.description.as_str().is_empty() {
        object.insert("description".to_owned(), json!(facts.description.as_str()));
    }
    let classes = classes(case);
    if !classes.is_empty() {
        object.insert("external_references".to_owned(), Value::Array(classes));
    }
    let status = match case.incident.status.stage() {
        Stage::Open => "new",
        Stage::Investigating | Stage::Contained => "open",
        Stage::Closed => "closed",
    };
    let mut extension = json!({
        "extension_type": "property-extension",
        "determination": facts.determination.as_str(),
        "investigation_status": status,
    });
    if let Value::Object(extension) = &mut extension {
        if !impacts.is_empty() {
            extension.insert("impact_refs".to_owned(), Value::Array(impacts));
        }
        if let Some(severity) = case.severity()
            && let Some(point) = severity.point
        {
            // A number in STIX; what is shown has one decimal place.
            let value: Value = serde_json::from_str(&point.to_string()).unwrap_or(Value::Null);
            let scores = json!([{ "name": "SEV-1", "value": value }]);
            extension.insert("scores".to_owned(), scores);
        }
    }
    object.insert("extensions".to_owned(), json!({ INCIDENT: extension }));
    Value::Object(object)
}

/// Its classes, each as a reference to the taxonomy that has it.
fn classes(case: &Case) -> Vec<Value> {
    let reference = |source: &str, id: &str, name: &str| json!({ "source_name": source, "external_id": id, "description": name });
    let facts = &case.incident.facts;
    let rsit = facts.rsit.iter();
    let rsit = rsit.map(|one| reference(RSIT, &one.to_string(), one.name()));
    let sectors = facts.sectors.iter();
    let sectors = sectors.map(|one| reference(SECTORS, one.as_str(), one.name()));
    let mut all: Vec<Value> = rsit.chain(sectors).collect();
    for one in &case.classes {
        let (taxonomy, code) = (one.taxonomy.as_str(), one.code.as_str());
        let given = reference(taxonomy, code, one.name.as_str());
        if !all.contains(&given) {
            all.push(given);
        }
    }
    all
}

/// For each service whose capacity was counted how much of it was missing at the worst.
fn outages(case: &Case) -> Vec<Value> {
    let course = Course::of(&case.course);
    let worst = |number: u32| {
        let shares = course
            .standing()
            .iter()
            .filter_map(|entry| match &entry.content {
                Content::Capacity(one) if course.resolve(one.service) == number => {
                    Some(one.share.thousandths().min(1_000))
                }
                _ => None,
            });
        shares.min()
    };
    let outage = |(entry, service): (&Entry, &Service)| {
        let missing = 100 - worst(entry.number)? / 10;
        let id = named(
            "impact",
            case.incident.public,
            &format!("service {}", entry.number),
        );
        let mut object = common(case, "impact", &id);
        let extensions = json!({
            IMPACT: { "extension_type": "new-sdo" },
            "availability": { "availability_impact": missing },
        });
        object.insert("impact_category".to_owned(), json!("availability"));
        object.insert("description".to_owned(), json!(service.name.as_str()));
        object.insert("extensions".to_owned(), extensions);
        Some(Value::Object(object))
    };
    course.services().filter_map(outage).collect()
}

/// The numbers of a figure from the least to the most; nothing where one is open.
fn ends(bound: Bound) -> (Option<Quantity>, Option<Quantity>) {
    let (low, high) = bound.ends();
    match bound {
        Bound::Exact(_) | Bound::About(_) | Bound::Range(..) => (Some(low), Some(high)),
        Bound::AtLeast(_) => (Some(low), None),
        Bound::AtMost(_) => (None, Some(high)),
    }
}

fn number(quantity: Quantity) -> Value {
    serde_json::from_str(&quantity.to_string()).unwrap_or(Value::Null)
}

fn impact(case: &Case, number_of: u32, figure: &HarmFigure) -> Value {
    let public = case.incident.public;
    let id = impact_id(public, number_of);
    let mut object = common(case, "impact", &id);
    let sectors = &case.incident.facts.sectors;
    let health = sectors.iter().any(|sector| sector.as_str() == "health");
    let (category, nested) = category(figure, health);
    object.insert("impact_category".to_owned(), json!(category));
    object.insert("description".to_owned(), json!(told(figure)));
    object.insert("confidence".to_owned(), json!(confidence(figure.grade)));
    if let Some(counts) = counted(figure) {
        object.insert("impacted_entity_counts".to_owned(), counts);
    }
    if let Some(at) = figure.detail.as_of {
        object.insert("start_time".to_owned(), json!(moment(at.first())));
        object.insert(
            "start_time_fidelity".to_owned(),
            json!(at.fidelity().as_str()),
        );
    }
    if let Some(source) = &figure.source {
        let told = json!([{ "source_name": "source", "description": source.as_str() }]);
        object.insert("external_references".to_owned(), told);
    }
    let extensions = json!({
        IMPACT: { "extension_type": "new-sdo" },
        category: nested,
    });
    object.insert("extensions".to_owned(), extensions);
    Value::Object(object)
}

/// The figure as a sentence: the reader sees what was stated and how good it is, whatever his program
/// makes of the numbers.
fn told(figure: &HarmFigure) -> String {
    let (low, high) = figure.bound.ends();
    let unit = figure.unit.as_str();
    let number = match figure.bound {
        Bound::Exact(_) => format!("{low} {unit}"),
        Bound::AtLeast(_) => format!("at least {low} {unit}"),
        Bound::AtMost(_) => format!("at most {high} {unit}"),
        Bound::About(_) => format!("about {low} {unit}"),
        Bound::Range(..) => format!("{low} to {high} {unit}"),
    };
    let measure = figure
        .measure
        .map_or_else(String::new, |measure| format!(" ({measure})"));
    let causality = figure
        .detail
        .causality
        .as_ref()
        .map_or_else(String::new, |one| format!("; {}", one.word()));
    format!(
        "{}{measure}: {number}; grade {}{causality}",
        figure.what, figure.grade
    )
}

/// Whether a figure counts records, by its measure or, where nobody named one, by its unit.
fn is_of_records(figure: &HarmFigure) -> bool {
    let by_unit = figure.measure.is_none() && figure.unit.as_str() == "record";
    by_unit || figure.measure == Some(Measure::Records)
}

/// How sure a figure is (STIX 2.1, appendix A): probably true, possibly true, doubtful.
const fn confidence(grade: Grade) -> u8 {
    match grade {
        Grade::A => 90,
        Grade::B => 70,
        Grade::C => 50,
        Grade::D => 30,
    }
}

/// The category and what its extension says.
fn category(figure: &HarmFigure, health: bool) -> (&'static str, Value) {
    let (low, high) = ends(figure.bound);
    let external = |kind: &str| ("external", json!({ "impact_type": kind }));
    match figure.measure {
        Some(Measure::Cost) | None if figure.unit.is_money() => {
            let variety = match figure.detail.nature {
                Some(Nature::Demanded) => "ransom-demand",
                Some(Nature::Paid) => "ransom-payment",
                Some(Nature::Response) => "response-and-recovery",
                Some(Nature::LostRevenue) => "business-disruption",
                Some(Nature::Legal) => "legal-and-regulatory",
                _ => "uncategorized",
            };
            let mut money = Map::new();
            money.insert("variety".to_owned(), json!(variety));
            money.insert("currency".to_owned(), json!(figure.unit.as_str()));
            // Of a demand nothing may have been paid: the least is 0.
            let low = if variety == "ransom-demand" {
                Some(Quantity::from_thousandths(0))
            } else {
                low
            };
            for (name, end) in [("min_amount", low), ("max_amount", high)] {
                if let Some(end) = end {
                    money.insert(name.to_owned(), number(end));
                }
            }
            ("monetary", Value::Object(money))
        }
        Some(Measure::Trust) => external("public-confidence"),
        _ if is_of_records(figure) => {
            let sure = matches!(figure.grade, Grade::A | Grade::B);
            let loss = if sure {
                "confirmed-loss"
            } else {
                "suspected-loss"
            };
            let mut data = json!({ "loss_type": loss });
            if let (Value::Object(data), Some(low)) = (&mut data, low.or(high))
                && figure.unit.as_str() == "record"
            {
                data.insert("record_count".to_owned(), json!(low.thousandths() / 1_000));
            }
            ("confidentiality", data)
        }
        Some(
            Measure::Postponed
            | Measure::Diversion
            | Measure::ExcessDeaths
            | Measure::Burden
            | Measure::SpillOver,
        ) => external("public-health"),
        // Time and capacity lost: the scale of availability is for a share, which no figure states.
        _ if health => external("public-health"),
        _ => external("economic"),
    }
}

/// How many of what were hit, where that is a whole number of things.
fn counted(figure: &HarmFigure) -> Option<Value> {
    let additive = figure.measure.is_none_or(Measure::is_additive);
    let (low, _) = figure.bound.ends();
    let whole = low.thousandths() % 1_000 == 0;
    let unit = figure.unit.as_str();
    let thing = !figure.unit.is_money()
        && !matches!(
            unit,
            "percent" | "minute" | "hour" | "day" | "week" | "month" | "year" | "km"
        );
    (additive && whole && thing && !is_of_records(figure))
        .then(|| json!({ unit: low.thousandths() / 1_000 }))
}

#[cfg(test)]
mod tests;
