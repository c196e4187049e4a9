//! What the `acts` ledger is told of each change: the version, the label, and a commitment to the
//! facts, which proves later what they were; never a content, since auditors read it. The salts of
//! the commitments are erased with the facts, so that nobody can guess them from a copy of the acts.

use audit::{Ground, Salts};
use db::Tx;
use kernel::{IncidentRef, Viewer};
use serde::Serialize;
use serde_json::Value;

use crate::{
    error::Error,
    model::{Case, Facts, Incident},
    ops::Imported,
    state::{Event, Stage},
    wire::FactsBody,
    work::FieldChange,
};

/// What was done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Code {
    Created,
    Moved(Event),
    TimelineAdded,
    HarmAdded,
    StatementAdded,
    Linked,
    Unlinked,
    Attached,
    TakenIn,
    Assessed,
    Rated,
    MomentEntered,
    DutyTaken,
    DutyDropped,
    SubmissionWritten,
    SubmissionReleased,
    Filed,
    Reckoned,
    ReportRequested,
    TaskAdded,
    TaskChanged,
    NoteAdded,
    IndicatorsKept,
    LessonAdded,
    TemplateApplied,
    HarmCorrected,
    MergedInto,
    TookOver,
    Unmerged,
    GaveBack,
    SplitOff,
    SplitFrom,
    CourseEntered,
    CourseCorrected,
    Classified,
    Unclassified,
}

impl Code {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "incident.created",
            Self::Moved(Event::Investigate) => "incident.investigated",
            Self::Moved(Event::Contain) => "incident.contained",
            Self::Moved(Event::Close) => "incident.closed",
            Self::Moved(Event::Reopen) => "incident.reopened",
            Self::TimelineAdded => "incident.timeline_added",
            Self::HarmAdded => "incident.harm_added",
            Self::StatementAdded => "incident.statement_added",
            Self::Linked => "incident.linked",
            Self::Unlinked => "incident.unlinked",
            Self::Attached => "incident.attached",
            Self::TakenIn => "incident.taken_in",
            Self::Assessed => "incident.assessed",
            Self::Rated => "incident.rated",
            Self::MomentEntered => "incident.moment_entered",
            Self::DutyTaken => "incident.duty_taken",
            Self::DutyDropped => "incident.duty_dropped",
            Self::SubmissionWritten => "incident.submission_written",
            Self::SubmissionReleased => "incident.submission_released",
            Self::Filed => "incident.filed",
            Self::Reckoned => "incident.reckoned",
            Self::ReportRequested => "incident.report_requested",
            Self::TaskAdded => "incident.task_added",
            Self::TaskChanged => "incident.task_changed",
            Self::NoteAdded => "incident.note_added",
            Self::IndicatorsKept => "incident.indicators_kept",
            Self::LessonAdded => "incident.lesson_added",
            Self::TemplateApplied => "incident.template_applied",
            Self::CourseEntered => "incident.course_entered",
            Self::CourseCorrected => "incident.course_corrected",
            Self::Classified => "incident.classified",
            Self::Unclassified => "incident.unclassified",
            Self::HarmCorrected => "incident.harm_corrected",
            Self::MergedInto => "incident.merged_into",
            Self::TookOver => "incident.took_over",
            Self::Unmerged => "incident.unmerged",
            Self::GaveBack => "incident.gave_back",
            Self::SplitOff => "incident.split_off",
            Self::SplitFrom => "incident.split_from",
        }
    }
}

#[derive(Serialize)]
struct Changed<'a> {
    version: i64,
    tlp: &'static str,
    stage: Stage,
    /// To the facts as the JSON interface gives them, under the salt `facts VERSION`.
    facts_commitment: String,
    /// The names of the fields that an edit changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<&'a str>,
    /// To what was added, under the salt `added VERSION`.
    #[serde(skip_serializing_if = "Option::is_none")]
    added_commitment: Option<String>,
}

#[derive(Serialize)]
struct Exported {
    incidents: Vec<(IncidentRef, i64)>,
}

/// Records a change of an entry.
pub(crate) async fn act(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: Code,
    incident: &Incident,
) -> Result<(), Error> {
    let facts = body(&incident.facts)?;
    let salts = salts(tx, ground, incident).await?;
    let changed = changed(incident, &facts, Vec::new(), &salts);
    audit::act(
        tx,
        ground,
        viewer,
        code.as_str(),
        &incident.public,
        &changed,
    )
    .await?;
    Ok(())
}

/// Records that entries were taken in, each for itself.
pub(crate) async fn taken_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    incidents: &[&Incident],
) -> Result<(), Error> {
    let subjects: Vec<String> = incidents.iter().map(|one| one.public.to_string()).collect();
    let salts = audit::salts_of(tx, ground, &subjects).await?;
    let mut each = Vec::with_capacity(incidents.len());
    for ((incident, salts), subject) in incidents.iter().zip(&salts).zip(subjects) {
        let facts = body(&incident.facts)?;
        let changed: Changed<'static> = changed(incident, &facts, Vec::new(), salts);
        each.push((subject, changed));
    }
    audit::act_many(tx, ground, viewer, Code::TakenIn.as_str(), &each).await?;
    Ok(())
}

/// Records that something was added, with a commitment to it as the JSON interface gives it.
pub(crate) async fn added(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: Code,
    (incident, added): (&Incident, &impl Serialize),
) -> Result<(), Error> {
    let facts = body(&incident.facts)?;
    let added = serde_json::to_string(added).map_err(Error::Unwritable)?;
    let salts = salts(tx, ground, incident).await?;
    let place = format!("added {}", incident.version);
    let changed = Changed {
        added_commitment: Some(salts.commitment(&place, added.as_bytes())),
        ..changed(incident, &facts, Vec::new(), &salts)
    };
    audit::act(
        tx,
        ground,
        viewer,
        code.as_str(),
        &incident.public,
        &changed,
    )
    .await?;
    Ok(())
}

/// Records an edit and which fields it changed.
pub(crate) async fn edit(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    before: &Facts,
    incident: &Incident,
) -> Result<(), Error> {
    let (before, after) = (body(before)?, body(&incident.facts)?);
    let fields = match &after {
        Value::Object(members) => members
            .iter()
            .filter(|(name, value)| before.get(name.as_str()) != Some(value))
            .map(|(name, _)| name.as_str())
            .collect(),
        _ => Vec::new(),
    };
    let salts = salts(tx, ground, incident).await?;
    let changed = changed(incident, &after, fields, &salts);
    audit::act(
        tx,
        ground,
        viewer,
        "incident.edited",
        &incident.public,
        &changed,
    )
    .await?;
    Ok(())
}

/// The fields that an edit changed, as texts: the history of the register keeps what the ledger, which
/// auditors read, must not.
pub(crate) fn differences(before: &Facts, incident: &Incident) -> Result<Vec<FieldChange>, Error> {
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            items.join(", ")
        }
        Some(Value::Object(members)) => {
            let parts: Vec<&str> = members.values().filter_map(Value::as_str).collect();
            parts.join(" – ")
        }
        Some(other) => other.to_string(),
    };
    let (before, after) = (body(before)?, body(&incident.facts)?);
    let Value::Object(members) = &after else {
        return Ok(Vec::new());
    };
    let changed = members
        .iter()
        .filter(|(name, value)| before.get(name.as_str()) != Some(value));
    let change = |(name, value): (&String, &Value)| FieldChange {
        version: incident.version,
        field: name.clone(),
        before: text(before.get(name)),
        after: text(Some(value)),
    };
    Ok(changed.map(change).collect())
}

/// Records that entries left the house, by id and version.
pub(crate) async fn export(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    cases: &[Case],
) -> Result<(), Error> {
    let ids = cases
        .iter()
        .map(|case| (case.incident.public, case.incident.version));
    let what = Exported {
        incidents: ids.collect(),
    };
    audit::act(tx, ground, viewer, "incident.exported", "incidents", &what).await?;
    Ok(())
}

/// Records an import of what ships with the program.
pub(crate) async fn import(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    done: Imported,
) -> Result<(), Error> {
    audit::act(
        tx,
        ground,
        viewer,
        "incident.imported",
        "shipped-incidents",
        &done,
    )
    .await?;
    Ok(())
}

async fn salts(tx: &mut Tx, ground: &Ground, incident: &Incident) -> Result<Salts, Error> {
    Ok(audit::salts(tx, ground, &incident.public.to_string()).await?)
}

fn changed<'a>(
    incident: &Incident,
    facts: &Value,
    fields: Vec<&'a str>,
    salts: &Salts,
) -> Changed<'a> {
    let place = format!("facts {}", incident.version);
    Changed {
        version: incident.version,
        tlp: incident.facts.tlp.as_str(),
        stage: incident.status.stage(),
        facts_commitment: salts.commitment(&place, facts.to_string().as_bytes()),
        fields,
        added_commitment: None,
    }
}

/// The facts as the JSON interface gives them.
fn body(facts: &Facts) -> Result<Value, Error> {
    serde_json::to_value(FactsBody::from(facts)).map_err(Error::Unwritable)
}
