//! Entries as files of other formats.

use access::policy::Act;
use audit::Ground;
use kernel::{Cursor, IncidentRef, PageRequest, Viewer, boxed};
use serde_json::{Value, json};

use crate::{
    error::Error,
    formats::{csv, iodef, misp, model::Written, stix, veris},
    model::{Case, Filter},
    ops::{cases, complete, load},
    record,
    store::taken,
    wire::stix::bundle,
};

/// A file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Exported {
    /// What it holds.
    pub text: String,
    /// How it is told to programs.
    pub media_type: &'static str,
    /// How its name ends.
    pub ending: &'static str,
    /// How many entries it has.
    pub entries: usize,
    /// Where the next file goes on.
    pub next: Option<Cursor>,
}

/// One entry in another format, for a viewer who may export it. That it left the house is recorded.
#[boxed]
pub async fn export_one(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    format: Written,
) -> Result<Exported, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentExport, public).await?;
    let taken = taken::find(&mut tx, incident.id).await?;
    let case = complete(&mut tx, incident).await?;
    let cases = [case];
    record::export(&mut tx, ground, viewer, &cases).await?;
    tx.commit().await?;
    let kept = taken.map(|taken| Value::Object(taken.kept));
    let [case] = cases;
    Ok(file(format, &[(case, kept)], None))
}

/// A page of the entries that the viewer may export and that match, as one file of another format.
#[boxed]
pub async fn export_as(
    ground: &Ground,
    viewer: &Viewer,
    (filter, request): (&Filter, PageRequest),
    format: Written,
) -> Result<Exported, Error> {
    let mut tx = ground.db.begin().await?;
    let page = cases(&mut tx, ground, viewer, filter, request).await?;
    let mut with = Vec::with_capacity(page.items.len());
    for case in page.items {
        let taken = taken::find(&mut tx, case.incident.id).await?;
        with.push((case, taken.map(|taken| Value::Object(taken.kept))));
    }
    tx.commit().await?;
    Ok(file(format, &with, page.next))
}

fn file(format: Written, cases: &[(Case, Option<Value>)], next: Option<Cursor>) -> Exported {
    let kept = |kept: &'_ Option<Value>, name: &str| kept.as_ref()?.get(name).cloned();
    let each = |write: &dyn Fn(&Case, Option<&Value>) -> Value, name: &str| -> Vec<Value> {
        let one = |(case, all): &(Case, Option<Value>)| write(case, kept(all, name).as_ref());
        cases.iter().map(one).collect()
    };
    let (text, media_type, ending) = match format {
        Written::Veris => {
            let mut all = each(&veris::write, veris::POINTER);
            let one = if all.len() == 1 { all.pop() } else { None };
            let text = one.unwrap_or(Value::Array(all)).to_string();
            (text, "application/json", "veris.json")
        }
        Written::Misp => {
            let mut all = each(&misp::write, misp::POINTER);
            let one = if all.len() == 1 { all.pop() } else { None };
            let text = one
                .unwrap_or_else(|| json!({ "response": all }))
                .to_string();
            (text, "application/json", "misp.json")
        }
        Written::Stix => {
            let all: Vec<Value> = cases
                .iter()
                .flat_map(|(case, all)| stix_objects(case, kept(all, stix::POINTER)))
                .collect();
            let id = format!("bundle--{}", first_id(cases));
            let text = json!({ "type": "bundle", "id": id, "objects": all }).to_string();
            (text, "application/stix+json;version=2.1", "stix.json")
        }
        Written::Csv => {
            let rows: String = cases.iter().map(|(case, _)| csv::write(case)).collect();
            // The mark lets spreadsheets know that it is UTF-8.
            let text = format!("\u{feff}{}{rows}", csv::head());
            (text, "text/csv; charset=utf-8", "csv")
        }
        Written::IodefJson => {
            let text = iodef::json(cases.iter().map(|(case, _)| case)).to_string();
            (text, "application/json", "iodef.json")
        }
        Written::IodefXml => {
            let text = iodef::xml(cases.iter().map(|(case, _)| case));
            (text, "application/xml", "iodef.xml")
        }
    };
    Exported {
        text,
        media_type,
        ending,
        entries: cases.len(),
        next,
    }
}

/// The objects of an entry, and those that it came with and that the register does not write.
fn stix_objects(case: &Case, kept: Option<Value>) -> Vec<Value> {
    let mut ours = match bundle(case).get_mut("objects").map(Value::take) {
        Some(Value::Array(objects)) => objects,
        _ => Vec::new(),
    };
    let theirs = kept.and_then(|mut kept| kept.get_mut("objects").map(Value::take));
    let Some(Value::Array(theirs)) = theirs else {
        return ours;
    };
    for mut object in theirs {
        let id = object.get("id").cloned();
        match ours.iter_mut().find(|one| one.get("id").cloned() == id) {
            Some(one) => merge(one, &mut object),
            None => ours.push(object),
        }
    }
    ours
}

/// Gives an object the members that only the other has, and lists all that either has.
fn merge(ours: &mut Value, theirs: &mut Value) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (name, value) in theirs.iter_mut() {
                match ours.get_mut(name) {
                    Some(one) => merge(one, value),
                    None => {
                        ours.insert(name.clone(), value.take());
                    }
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.iter().all(Value::is_string) => {
            for value in theirs.iter_mut() {
                // A label that was changed here is not joined with the one that it had.
                let marking = value
                    .as_str()
                    .is_some_and(|one| one.starts_with("marking-definition--"));
                if !marking && !ours.contains(value) {
                    ours.push(value.take());
                }
            }
        }
        _ => {}
    }
}

fn first_id(cases: &[(Case, Option<Value>)]) -> uuid::Uuid {
    cases
        .first()
        .map_or_else(uuid::Uuid::nil, |(case, _)| case.incident.public.uuid())
}
