//! Entries as files of other formats.

use std::collections::HashSet;

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{Cursor, IncidentRef, PageRequest, Viewer, boxed};
use matcher::Value as Found;
use serde_json::{Value, json};

use crate::{
    error::Error,
    formats::{csv, iodef, misp, model::Written, stix, veris},
    model::{Case, Filter, Incident},
    ops::{cases, complete, load, subject},
    record,
    store::{indicators as sql, taken},
    wire::stix::definitions,
    work::INDICATORS_MAX,
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
    let indicators = indicators(&mut tx, viewer, &incident, format).await?;
    let case = complete(&mut tx, incident).await?;
    let cases = [case];
    record::export(&mut tx, ground, viewer, &cases).await?;
    tx.commit().await?;
    let [case] = cases;
    let one = Whole {
        case,
        kept: taken.map(|taken| Value::Object(taken.kept)),
        indicators,
    };
    Ok(file(format, &[one], viewer.party.as_str(), None))
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
        with.push(Whole {
            indicators: indicators(&mut tx, viewer, &case.incident, format).await?,
            kept: taken.map(|taken| Value::Object(taken.kept)),
            case,
        });
    }
    tx.commit().await?;
    Ok(file(format, &with, viewer.party.as_str(), page.next))
}

/// An entry with what a file of it is made of.
struct Whole {
    case: Case,
    /// What it came from, by the pointers of formats.
    kept: Option<Value>,
    indicators: Vec<Found>,
}

impl Whole {
    fn kept(&self, pointer: &str) -> Option<&Value> {
        self.kept.as_ref()?.get(pointer)
    }
}

/// The indicators of an entry, where the format has a place for them and the viewer sees them.
async fn indicators(
    tx: &mut Tx,
    viewer: &Viewer,
    incident: &Incident,
    format: Written,
) -> Result<Vec<Found>, Error> {
    let sees = policy::decide(viewer, Act::CaseRead, &subject(viewer, incident)).is_allowed();
    if format != Written::Misp || !sees {
        return Ok(Vec::new());
    }
    let most = i64::try_from(INDICATORS_MAX).unwrap_or(i64::MAX);
    let all = sql::page(tx, incident.id, 0, most).await?;
    Ok(all.into_iter().map(|one| one.value).collect())
}

/// The documents of entries as one: alone, or together.
fn together(mut all: Vec<Value>, several: impl FnOnce(Vec<Value>) -> Value) -> String {
    let one = if all.len() == 1 { all.pop() } else { None };
    one.unwrap_or_else(|| several(all)).to_string()
}

fn file(format: Written, cases: &[Whole], party: &str, next: Option<Cursor>) -> Exported {
    let (text, media_type, ending) = match format {
        Written::Veris => {
            let one = |whole: &Whole| veris::write(&whole.case, whole.kept(veris::POINTER));
            let text = together(cases.iter().map(one).collect(), Value::Array);
            (text, "application/json", "veris.json")
        }
        Written::Misp => {
            let one = |whole: &Whole| {
                misp::write(&whole.case, &whole.indicators, whole.kept(misp::POINTER))
            };
            let answer = |all| json!({ "response": all });
            let text = together(cases.iter().map(one).collect(), answer);
            (text, "application/json", "misp.json")
        }
        Written::Stix => {
            let mut all: Vec<Value> = cases
                .iter()
                .flat_map(|one| stix::objects(&one.case, one.kept(stix::POINTER).cloned()))
                .collect();
            all.extend(definitions(&all));
            // Entries that are marked with one statement each bring its definition.
            let mut seen = HashSet::new();
            all.retain(|one| {
                one["type"] != "marking-definition" || seen.insert(one["id"].to_string())
            });
            let id = format!("bundle--{}", first_id(cases));
            let text = json!({ "type": "bundle", "id": id, "objects": all }).to_string();
            (text, "application/stix+json;version=2.1", "stix.json")
        }
        Written::Csv => {
            let rows: String = cases.iter().map(|one| csv::write(&one.case)).collect();
            // The mark lets spreadsheets know that it is UTF-8.
            let text = format!("\u{feff}{}{rows}", csv::head());
            (text, "text/csv; charset=utf-8", "csv")
        }
        Written::IodefJson => {
            let text = iodef::json(cases.iter().map(|one| &one.case), party).to_string();
            (text, "application/json", "iodef.json")
        }
        Written::IodefXml => {
            let text = iodef::xml(cases.iter().map(|one| &one.case), party);
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

fn first_id(cases: &[Whole]) -> uuid::Uuid {
    cases
        .first()
        .map_or_else(uuid::Uuid::nil, |one| one.case.incident.public.uuid())
}
