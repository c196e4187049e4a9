//! An entry as one line of a file that goes from one register to another.
//!
//! A line is `{"incident": …, "past": …, "kept": …}`: a [`CaseBody`], what became of the entry in the
//! register that writes the line, and by its JSON pointer what another program wrote into it and this one
//! does not know. The past of another register is kept as such; where this one writes a past of its own,
//! that of the other stands in it as `before`. What stood in an object comes back to its
//! place when the entry is written again; what stood in an item of a list stays under `kept`, since
//! lists may be in another order by then.

use kernel::{IncidentId, Mode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{CaseBody, EntryBody, StatusBody, course, harm::all_shown};
use crate::{
    course::ENTRIES_MAX,
    model::{Case, Facts, Incident, Invalid, PARTS_MAX, TIMELINE_MAX},
    severity::{ASSESSMENTS_MAX, RATINGS_MAX},
    state::{Stage, Status},
    taxonomy::{self, CLASSES_MAX},
};

/// The longest line.
pub const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Where the past that another register wrote is kept.
pub(crate) const PAST: &str = "/past";

const LINE: &[&str] = &["incident", "kept"];
const CASE: &[&str] = &[
    "id",
    "version",
    "exercise",
    "status",
    "facts",
    "timeline",
    "harm",
    "statements",
    "links",
    "attachments",
    "assessments",
    "ratings",
    "severity",
    "clocks",
    "course",
    "classes",
    "created_at",
    "updated_at",
    "shipped_key",
];
const STATUS: &[&str] = &["stage", "since", "by", "allows"];
const FACTS: &[&str] = &[
    "kind",
    "title",
    "description",
    "victims",
    "worldwide",
    "organisation",
    "sectors",
    "sector_text",
    "rsit",
    "rsit_version",
    "period",
    "detected",
    "reported",
    "determination",
    "tlp",
    "pap",
    "named",
    "cross_border",
];
const PERIOD: &[&str] = &["from", "to", "text"];
const LISTS: [(&str, &[&str]); 8] = [
    ("timeline", &["at", "what", "source"]),
    (
        "harm",
        &[
            "what",
            "measure",
            "bound",
            "value",
            "low",
            "high",
            "unit",
            "grade",
            "source",
            "note",
            "method",
            "as_of",
            "confidence",
            "origin",
            "causality",
            "causality_evidence",
            "baseline",
            "nature",
            "merge_key",
            "cells",
            "among",
            "groups",
            "ratios",
            "corrects",
            "correction",
            "by",
            "entered_at",
        ],
    ),
    (
        "statements",
        &[
            "kind", "by", "country", "role", "actor", "says", "cites", "document", "line", "at",
            "note",
        ],
    ),
    ("links", &["kind", "target", "label"]),
    ("classes", &["taxonomy", "version", "code", "name"]),
    ("attachments", &["sha256", "size", "name", "media_type"]),
    ("assessments", &["factors", "emergency", "note", "by", "at"]),
    (
        "ratings",
        &[
            "scale",
            "name",
            "value",
            "nciss",
            "nis2",
            "result",
            "said_by",
            "country",
            "at",
            "source",
            "note",
            "by",
            "entered_at",
        ],
    ),
];

/// What a line holds: the entry, and by JSON pointer what was not understood of it; or why it
/// cannot be read.
pub fn read(mut line: Value) -> Result<(CaseBody, Map<String, Value>), String> {
    let mut kept = match line.get_mut("kept").map(Value::take) {
        Some(Value::Object(kept)) => kept,
        Some(_) => return Err("kept: an object of what was not understood".to_owned()),
        None => Map::new(),
    };
    prune(Some(&mut line), "", LINE, &mut kept);
    let incident = line.get_mut("incident").ok_or("it holds no incident")?;
    prune(Some(incident), "/incident", CASE, &mut kept);
    prune(
        incident.get_mut("status"),
        "/incident/status",
        STATUS,
        &mut kept,
    );
    prune(
        incident.get_mut("facts"),
        "/incident/facts",
        FACTS,
        &mut kept,
    );
    let period = incident
        .get_mut("facts")
        .and_then(|facts| facts.get_mut("period"));
    prune(period, "/incident/facts/period", PERIOD, &mut kept);
    for (list, known) in LISTS {
        let items = incident.get_mut(list).and_then(Value::as_array_mut);
        for (at, item) in items.into_iter().flatten().enumerate() {
            prune(
                Some(item),
                &format!("/incident/{list}/{at}"),
                known,
                &mut kept,
            );
        }
    }
    unknown_entries(incident, &mut kept);
    let case = serde_json::from_value(incident.take()).map_err(|error| error.to_string())?;
    Ok((case, kept))
}

/// Moves the entries of the course that say what is not known here out of the list.
fn unknown_entries(incident: &mut Value, kept: &mut Map<String, Value>) {
    let Some(entries) = incident.get_mut("course").and_then(Value::as_array_mut) else {
        return;
    };
    for (at, entry) in std::mem::take(entries).into_iter().enumerate() {
        if EntryBody::deserialize(&entry).is_ok() {
            entries.push(entry);
        } else {
            kept.insert(format!("/incident/course/{at}"), entry);
        }
    }
}

/// Moves the members that are not known out of an object.
fn prune(object: Option<&mut Value>, path: &str, known: &[&str], kept: &mut Map<String, Value>) {
    let Some(members) = object.and_then(Value::as_object_mut) else {
        return;
    };
    let unknown = |name: &String| !known.contains(&name.as_str());
    let unknown: Vec<String> = members
        .keys()
        .filter(|name| unknown(name))
        .cloned()
        .collect();
    for name in unknown {
        if let Some(value) = members.remove(&name) {
            // RFC 6901 §3.
            let name = name.replace('~', "~0").replace('/', "~1");
            kept.insert(format!("{path}/{name}"), value);
        }
    }
}

/// The line of an entry, with what was kept of it.
pub fn write(case: &Case, kept: &Map<String, Value>) -> Value {
    written(case, None, kept.clone())
}

/// [`write`], with what became of the entry.
pub(crate) fn written(
    case: &Case,
    past: Option<Map<String, Value>>,
    mut kept: Map<String, Value>,
) -> Value {
    let mut line = json!({ "incident": CaseBody::from(case) });
    if let Some(mut past) = past {
        if let Some(before) = kept.remove(PAST) {
            past.insert("before".to_owned(), before);
        }
        if let Value::Object(line) = &mut line {
            line.insert("past".to_owned(), Value::Object(past));
        }
    }
    let mut rest = Map::new();
    for (pointer, value) in kept {
        if !put_back(&mut line, &pointer, &value) {
            rest.insert(pointer, value);
        }
    }
    if let (Value::Object(line), false) = (&mut line, rest.is_empty()) {
        line.insert("kept".to_owned(), Value::Object(rest));
    }
    line
}

fn put_back(line: &mut Value, pointer: &str, value: &Value) -> bool {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        return false;
    };
    // An item of a list has another place by now, and what is known here is never overwritten.
    let known = match parent {
        "" => LINE,
        "/incident" => CASE,
        "/incident/status" => STATUS,
        "/incident/facts" => FACTS,
        "/incident/facts/period" => PERIOD,
        _ => return false,
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    if known.contains(&name.as_str()) {
        return false;
    }
    match line.pointer_mut(parent) {
        Some(Value::Object(members)) if !members.contains_key(&name) => {
            members.insert(name, value.clone());
            true
        }
        _ => false,
    }
}

impl CaseBody {
    /// The entry under a row of this register, or the first rule that it breaks.
    pub fn into_case(self, id: IncidentId) -> Result<Case, Invalid> {
        let mode = Mode::from_exercise(self.exercise);
        let within = |field, items: usize| {
            let (rule, most) = match field {
                "assessments" => ("at most 200", ASSESSMENTS_MAX),
                "timeline" => ("at most 10,000", TIMELINE_MAX),
                "ratings" => ("at most 200", RATINGS_MAX),
                "course" => ("at most 5,000", ENTRIES_MAX),
                "classes" => ("at most 100", CLASSES_MAX),
                _ => ("at most 1,000", PARTS_MAX),
            };
            if items <= most {
                Ok(())
            } else {
                Err(Invalid { field, rule })
            }
        };
        within("timeline", self.timeline.len())?;
        within("harm", self.harm.len())?;
        within("statements", self.statements.len())?;
        within("links", self.links.len())?;
        within("attachments", self.attachments.len())?;
        within("assessments", self.assessments.len())?;
        within("ratings", self.ratings.len())?;
        within("course", self.course.len())?;
        within("classes", self.classes.len())?;
        if self.version < 1 {
            return Err(Invalid {
                field: "version",
                rule: "1 or more",
            });
        }
        Ok(Case {
            incident: Incident {
                id,
                public: self.id,
                mode,
                facts: Facts::try_from(self.facts)?.checked(mode)?,
                status: self.status.into_status()?,
                version: self.version,
                created_at: self.created_at,
                updated_at: self.updated_at,
                shipped: None,
            },
            timeline: all(self.timeline)?,
            harm: all(self.harm)?,
            statements: all(self.statements)?,
            links: all(self.links)?,
            attachments: all(self.attachments)?,
            assessments: all(self.assessments)?,
            ratings: all(self.ratings)?,
            clocks: self.clocks.try_into()?,
            course: course::entries(self.course)?,
            classes: taxonomy::sorted(all(self.classes)?),
        })
    }

    /// The entry as readers see it: no group of few people.
    #[must_use]
    pub fn shown(mut self) -> Self {
        self.harm = all_shown(self.harm);
        self
    }

    /// What the entry says, without what each register writes by itself.
    pub(crate) fn content(mut self) -> Self {
        self.version = 0;
        self.updated_at = self.created_at;
        self.status.allows.clear();
        self.facts.rsit_version = None;
        self.shipped_key = None;
        self.severity = None;
        self.clocks.due.clear();
        self
    }
}

impl StatusBody {
    fn into_status(self) -> Result<Status, Invalid> {
        let since = self.since;
        Ok(match self.stage {
            Stage::Open => Status::Open { since },
            Stage::Investigating => Status::Investigating { since },
            Stage::Contained => Status::Contained { at: since },
            Stage::Closed => Status::Closed {
                at: since,
                by: self
                    .by
                    .filter(|by| by.len() <= 200 && !by.chars().any(char::is_control))
                    .ok_or(Invalid {
                        field: "status.by",
                        rule: "who closed it",
                    })?,
            },
        })
    }
}

fn all<T: TryFrom<B, Error = Invalid>, B>(bodies: Vec<B>) -> Result<Vec<T>, Invalid> {
    bodies.into_iter().map(T::try_from).collect()
}

#[cfg(test)]
pub(super) mod tests;
