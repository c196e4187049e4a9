//! VERIS as JSON: incidents in and out.
//!
//! The document is kept whole under `/veris`. What is taken from it into fields of the register, and
//! what is written back, stands in `docs/users/incident-formats.md`.

mod figures;
mod terms;
mod write;

pub(crate) use terms::{Term, to_rsit};

use kernel::Country;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{
    clean::{kept, line, prose},
    model::{Draft, Key, Read, Remark, Settings, Why},
};
use crate::model::{
    Dated, Determination, Facts, Kind, Line, Link, Period, Prose, Statement, StatementKind,
    TimelineEntry,
};

pub use write::write;

/// Where the document is kept.
pub const POINTER: &str = "/veris";
/// Where a title stands that cannot be derived: VERIS has no place for one, and leaves `plus` free.
const TITLE: &str = "/plus/comity/title";
/// Where it is said that all of it is an exercise: VERIS has no place for that either.
const EXERCISE: &str = "/plus/comity/exercise";
/// Years that an incident can be of.
const YEARS: std::ops::RangeInclusive<i64> = 1950..=2100;
/// Links that are taken from the references of a document.
const LINKS_MAX: usize = 20;

/// A document as an entry, and the digest by which it is known again.
pub fn read(text: &str, settings: &Settings) -> (String, [u8; 32], Read) {
    let sha256 = Sha256::digest(text).into();
    let doc: Value = match serde_json::from_str(text) {
        Ok(doc) => doc,
        Err(error) => {
            let remark = Remark::new("", Why::Unreadable, error.to_string());
            return (String::new(), sha256, Err(vec![remark]));
        }
    };
    let name = string(&doc, "/incident_id").unwrap_or_default().to_owned();
    let name = name.chars().filter(|c| !c.is_control()).take(200).collect();
    // Of the document as it means, so that white space and order make no other one of it.
    let sha256 = Sha256::digest(doc.to_string()).into();
    (name, sha256, draft(doc, settings))
}

fn string<'d>(doc: &'d Value, pointer: &str) -> Option<&'d str> {
    let text = doc.pointer(pointer)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

fn strings<'d>(doc: &'d Value, pointer: &str) -> impl Iterator<Item = &'d str> {
    let list = doc.pointer(pointer);
    // Before 1.3, some lists were one text.
    let one = list.and_then(Value::as_str);
    let many = list.and_then(Value::as_array).into_iter().flatten();
    one.into_iter().chain(many.filter_map(Value::as_str))
}

/// The versions whose documents are understood; parts of a number are parted by `.` or `_`.
fn version(doc: &Value) -> Result<(), Remark> {
    let at = "/schema_version";
    let Some(found) = string(doc, at) else {
        return Err(Remark::new(at, Why::Missing, "it says no version of VERIS"));
    };
    let plain = found.replace('_', ".");
    let mut parts = plain.split('.');
    if let (Some("1"), Some("2" | "3" | "4")) = (parts.next(), parts.next()) {
        return Ok(());
    }
    let shown: String = found.chars().take(40).collect();
    let detail = format!("{shown}: 1.2 to 1.4 are read");
    Err(Remark::new(at, Why::Unreadable, detail))
}

fn draft(doc: Value, settings: &Settings) -> Read {
    if !doc.is_object() {
        let remark = Remark::new("", Why::Unreadable, "a document of VERIS is an object");
        return Err(vec![remark]);
    }
    let mut wrong = Vec::new();
    wrong.extend(version(&doc).err());
    let id = string(&doc, "/incident_id");
    if id.is_none() {
        wrong.push(Remark::new("/incident_id", Why::Missing, "it has no id"));
    }
    let determination = determination(&doc, &mut wrong);
    let date = date(&doc, "/timeline/incident", &mut wrong);
    let (Some(id), Some(determination), true) = (id, determination, wrong.is_empty()) else {
        return Err(wrong);
    };
    let mut remarks = Vec::new();
    let Some(facts) = facts(&doc, (determination, date), settings, &mut remarks) else {
        let detail = "nothing in it can be its title";
        return Err(vec![Remark::new("", Why::Missing, detail)]);
    };
    let draft = Draft {
        key: key(&doc, id),
        timeline: timeline(&doc, date, &mut remarks),
        harm: figures::harm(&doc, &mut remarks),
        statements: statements(&doc, &mut remarks),
        links: links(&doc),
        classes: Vec::new(),
        stage: settings.stage,
        facts,
        kept: Map::new(),
        exercise: is_exercise(&doc),
        remarks,
    };
    let kept = Map::from_iter([(POINTER.to_owned(), doc)]);
    Ok(Box::new(Draft { kept, ..draft }))
}

/// What it is known by: its source, its id, and the id by which the master of the source knows it,
/// since one `incident_id` stands on two incidents of VCDB.
fn key(doc: &Value, id: &str) -> Key {
    let source = string(doc, "/source_id").unwrap_or_default();
    match string(doc, "/plus/master_id").filter(|master| *master != id) {
        Some(master) => Key::of(source, &format!("{id}\n{master}")),
        None => Key::of(source, id),
    }
}

fn determination(doc: &Value, wrong: &mut Vec<Remark>) -> Option<Determination> {
    let at = "/security_incident";
    match string(doc, at) {
        Some("Confirmed") => Some(Determination::Confirmed),
        Some("Suspected") => Some(Determination::Suspected),
        Some("Near miss") => Some(Determination::FailedAttempt),
        Some("False positive") => Some(Determination::FalsePositive),
        Some(other) => {
            let shown: String = other.chars().take(80).collect();
            let detail = format!("{shown}: Confirmed, Suspected, Near miss or False positive");
            wrong.push(Remark::new(at, Why::UnknownTerm, detail));
            None
        }
        None => {
            let detail = "it says not whether it is confirmed";
            wrong.push(Remark::new(at, Why::Missing, detail));
            None
        }
    }
}

/// A date of parts: a year, and where known a month and a day.
fn date(doc: &Value, at: &str, wrong: &mut Vec<Remark>) -> Option<Dated> {
    let date = doc.pointer(at)?;
    let part = |name: &str| date.get(name).filter(|part| !part.is_null());
    let mut text = String::new();
    for (name, width) in [("year", 4), ("month", 2), ("day", 2)] {
        let Some(value) = part(name) else { break };
        let number = value.as_i64();
        let fits = number.filter(|number| name != "year" || YEARS.contains(number));
        let Some(number) = fits else {
            let detail = format!("{value} is no {name} of an incident");
            wrong.push(Remark::new(format!("{at}/{name}"), Why::Absurd, detail));
            return None;
        };
        let parted = if text.is_empty() { "" } else { "-" };
        text = format!("{text}{parted}{number:0width$}");
    }
    if text.is_empty() {
        return None;
    }
    kept(text.parse(), at, Why::Absurd, wrong)
}

/// Whether it says that all of it is an exercise.
fn is_exercise(doc: &Value) -> bool {
    doc.pointer(EXERCISE) == Some(&Value::Bool(true))
}

fn facts(
    doc: &Value,
    (determination, date): (Determination, Option<Dated>),
    settings: &Settings,
    remarks: &mut Vec<Remark>,
) -> Option<Facts> {
    let at = "/victim/country";
    let mut victims: Vec<Country> = Vec::new();
    for code in strings(doc, at).filter(|code| !matches!(*code, "Unknown" | "Other")) {
        match code.parse::<Country>() {
            Ok(country) if country.is_exercise() == is_exercise(doc) => victims.push(country),
            Ok(_) | Err(_) => {
                let shown: String = code.chars().take(40).collect();
                let detail = format!("{shown} is no State in the list of the register");
                remarks.push(Remark::new(at, Why::UnknownTerm, detail));
            }
        }
    }
    victims.sort_unstable();
    victims.dedup();
    let organisation =
        string(doc, "/victim/victim_id").and_then(|name| line(name, "/victim/victim_id", remarks));
    let industry = string(doc, "/victim/industry").filter(|code| *code != "000");
    let (mut rsit, mut sectors) = (None, Vec::new());
    if settings.crosswalk {
        rsit = terms::class(doc, remarks);
        sectors.extend(industry.and_then(|code| terms::sector(code, remarks)));
    }
    // VERIS tells when it began; an entry that is closed did not go on beyond what is known.
    let over = settings.stage == crate::state::Stage::Closed;
    let to = date.filter(|_| over);
    Some(Facts {
        kind: Kind::Incident,
        title: title(doc, organisation.as_ref())?,
        description: string(doc, "/summary")
            .map_or_else(Prose::default, |text| prose(text, "/summary", remarks)),
        victims,
        worldwide: false,
        organisation,
        sectors,
        sector_text: industry
            .and_then(|code| line(&format!("NAICS {code}"), "/victim/industry", remarks)),
        rsit,
        period: Period::new(date, to, None).unwrap_or_default(),
        detected: None,
        reported: None,
        determination,
        tlp: settings.tlp,
        pap: None,
        named: Vec::new(),
        cross_border: None,
    })
}

/// What an entry without a title is called: what was done, to whom.
fn title(doc: &Value, organisation: Option<&Line<300>>) -> Option<Line<200>> {
    if let Some(given) = string(doc, TITLE) {
        return line(given, TITLE, &mut Vec::new());
    }
    let mut done: Vec<String> = Vec::new();
    let actions = doc.pointer("/action").and_then(Value::as_object);
    for (action, what) in actions.into_iter().flatten() {
        let varieties: Vec<&str> = strings(what, "/variety")
            .filter(|variety| !matches!(*variety, "Unknown" | "Other"))
            .take(2)
            .collect();
        done.push(if varieties.is_empty() {
            action.clone()
        } else {
            format!("{action}: {}", varieties.join(", "))
        });
    }
    let done = if done.is_empty() {
        "incident".to_owned()
    } else {
        done.join("; ")
    };
    let whole = organisation.map_or_else(|| done.clone(), |name| format!("{name}: {done}"));
    let mut cut = Vec::new();
    line(&whole, "", &mut cut)
}

fn timeline(doc: &Value, began: Option<Dated>, remarks: &mut Vec<Remark>) -> Vec<TimelineEntry> {
    let at = "/plus/timeline/notification";
    let Some(notified) = date(doc, at, remarks) else {
        return Vec::new();
    };
    if began.is_some_and(|began| notified.last() < began.first()) {
        let detail = format!("{notified} lies before the incident began");
        remarks.push(Remark::new(at, Why::Contradiction, detail));
    }
    let (Ok(what), source) = ("Notification".parse(), "VERIS".parse().ok()) else {
        return Vec::new();
    };
    vec![TimelineEntry {
        at: notified,
        what,
        source,
    }]
}

/// Who is named as the actor, as a statement of the source.
fn statements(doc: &Value, remarks: &mut Vec<Remark>) -> Vec<Statement> {
    let source = string(doc, "/source_id").unwrap_or("VERIS");
    let mut said = Vec::new();
    for side in ["external", "internal", "partner"] {
        let at = format!("/actor/{side}/name");
        let names: Vec<&str> = strings(doc, &at)
            .filter(|name| !name.trim().is_empty())
            .collect();
        if names.is_empty() {
            continue;
        }
        let varieties: Vec<&str> = strings(doc, &format!("/actor/{side}/variety")).collect();
        let says = format!("Actor: {side}; {}", varieties.join(", "));
        let by = line(source, "/source_id", remarks);
        let says = line(&says, &at, remarks);
        let actor = line(&names.join(", "), &at, remarks);
        if let (Some(by), Some(says), Some(actor)) = (by, says, actor) {
            said.push(Statement {
                kind: StatementKind::Attribution,
                by,
                country: None,
                role: None,
                actor: Some(actor),
                says,
                cites: None,
                document: None,
                line: None,
                at: None,
                note: None,
            });
        }
    }
    said
}

/// The addresses among the references.
fn links(doc: &Value) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    let references = string(doc, "/reference").unwrap_or_default();
    for word in references.split([' ', ';', '\n', '\t', ',']) {
        let word = word.trim_matches(['(', ')', '<', '>']);
        if !word.starts_with("http://") && !word.starts_with("https://") {
            continue;
        }
        let (Ok(kind), Ok(target), Ok(label)) = ("url".parse(), word.parse(), word.parse()) else {
            continue;
        };
        let link = Link {
            kind,
            target,
            label,
        };
        if !found.iter().any(|known| known.target == link.target) && found.len() < LINKS_MAX {
            found.push(link);
        }
    }
    found
}

#[cfg(test)]
mod tests;
