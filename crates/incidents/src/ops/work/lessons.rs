use std::time::Duration;

use audit::Ground;
use kernel::{IncidentRef, Language, Viewer, boxed};
use serde_json::json;

use super::{begin, finish, hand, next, tasks::put_new};
use crate::{
    error::Error,
    model::{Incident, Invalid, Line, Prose},
    record::Code,
    store::work::{self as sql, Counted},
    wire::LessonBody,
    work::{self, LESSONS_MAX, Lesson, LessonKind, TaskFacts, TaskState},
};

/// Adds what was learnt.
#[boxed]
pub async fn add_lesson(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    (kind, body): (LessonKind, Prose),
) -> Result<Incident, Error> {
    let (mut tx, incident) = begin(ground, viewer, public).await?;
    let room = (Counted::Lessons, "lessons", LESSONS_MAX);
    let ordinal = next(&mut tx, &incident, room, 1).await?;
    let lesson = Lesson {
        kind,
        body,
        written: hand(ground, viewer)?,
    };
    sql::add_lesson(&mut tx, incident.id, ordinal, &lesson).await?;
    let body = LessonBody::from(&lesson);
    finish(tx, ground, viewer, (Code::LessonAdded, incident), &body).await
}

/// Applies a template: adds its tasks, in that language, each with its time from now on. A second time
/// changes nothing.
#[boxed]
pub async fn apply_template(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    (key, language): (&str, Language),
) -> Result<Incident, Error> {
    let found = work::templates()?.iter().find(|one| one.key == key);
    let template = found.ok_or(Invalid {
        field: "template",
        rule: "the key of a template",
    })?;
    let (mut tx, incident) = begin(ground, viewer, public).await?;
    let (by, at) = hand(ground, viewer)?;
    if !sql::add_template(&mut tx, incident.id, key, (by.as_str(), at)).await? {
        return Ok(incident);
    }
    for task in &template.tasks {
        let due = task
            .due_minutes
            .map(|minutes| at.plus(Duration::from_mins(u64::from(minutes))));
        let facts = TaskFacts {
            title: Line::required(task.title.read(language), "title")?,
            detail: Prose::default(),
            assignee: None,
            due,
            state: TaskState::Open,
        };
        put_new(&mut tx, ground, viewer, (&incident, facts)).await?;
    }
    let body = json!({ "template": key });
    finish(tx, ground, viewer, (Code::TemplateApplied, incident), &body).await
}
