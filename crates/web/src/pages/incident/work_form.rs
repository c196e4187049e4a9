//! What is added to the work on an incident, and what to do when somebody else was quicker.

use access::http::Refusal;
use incidents::{
    Error,
    model::{Case, Incident, Invalid},
    ops,
    work::{Found, LessonKind, TaskFacts, TaskState, Work as Done, parsed, templates, written},
};
use kernel::{IncidentRef, Timestamp};

use super::{hand, tabs::who};
use crate::{
    pages::{
        Answer, House, Reader, draw,
        forms::{Answers, choices},
        saying::moment_of,
    },
    views::{
        form::{Choice, Control, Field, Form},
        frame::{Link, Section},
        incident::IncidentConflict,
    },
    words::Words,
};

/// The form that a tab opens with.
pub(crate) fn first(tab: &str) -> &'static str {
    match tab {
        "notes" => "note",
        "indicators" => "text",
        _ => "",
    }
}

/// What else can be added on a tab.
pub(crate) fn offers(w: Words, tab: &str, url: &str, open: Option<&str>) -> Vec<Link> {
    let names: &[&str] = match tab {
        "tasks" => &["task", "template"],
        "notes" => &["note", "lesson"],
        _ => &["text", "hand"],
    };
    let names = names.iter().filter(|name| open != Some(*name));
    names
        .map(|name| Link {
            text: w.word("work-form", name),
            url: format!("{url}?form={name}#form"),
        })
        .collect()
}

fn hidden(name: &str, value: &str) -> Field {
    Field::new(name, String::new(), Control::Hidden).value(value)
}

fn area(w: Words, name: &str, key: &str, rows: u8) -> Field {
    Field::new(name, w.t(key), Control::Area(rows)).longest(20_000)
}

/// The form of that name; nothing where there is none of it.
pub(crate) async fn form(
    house: &House,
    reader: &Reader,
    (case, done): (&Case, &Done),
    (tab, name): (&str, &str),
) -> Result<Option<Form>, Refusal> {
    let w = reader.w;
    let id = case.incident.public;
    let mut fields = vec![hidden("form", name)];
    match (tab, name) {
        ("tasks", "template") => fields.push(template_field(w, done)?),
        ("tasks", name) if name.starts_with("task") => {
            let number: Option<i64> = name.strip_prefix("task-").and_then(|n| n.parse().ok());
            let task = number.and_then(|n| done.tasks.iter().find(|task| task.number == n));
            if name != "task" && task.is_none() {
                return Ok(None);
            }
            fields.extend(task_fields(house, reader, id).await?);
            if let Some(task) = task {
                let answers = answers_of(&task.facts, (task.number, task.version));
                for field in &mut fields {
                    if field.name != "form" {
                        *field = field.clone().value(answers.of(&field.name));
                    }
                }
            } else {
                fields.retain(|field| !matches!(&*field.name, "number" | "version" | "state"));
            }
        }
        ("notes", "note") => fields.push(
            area(w, "body", "field-note-body", 4)
                .hint(w.t("hint-mention"))
                .required(),
        ),
        ("notes", "lesson") => fields.extend(lesson_fields(w)),
        ("indicators", "text" | "keep") => fields.push(
            area(w, "text", "field-pasted", 8)
                .hint(w.t("hint-pasted"))
                .longest(1_000_000)
                .required(),
        ),
        ("indicators", "hand") => fields.push(hand::field(house, reader).await?),
        _ => return Ok(None),
    }
    let url = format!("/incidents/{id}/{tab}");
    let submit = match name {
        "text" => "indicators-look",
        "template" => "template-apply",
        "hand" => "indicators-hand",
        _ => "form-save",
    };
    Ok(Some(Form {
        action: url.clone(),
        csrf: reader.session.csrf.clone(),
        fields,
        submit: w.t(submit),
        cancel: if first(tab) == name {
            String::new()
        } else {
            url
        },
    }))
}

/// The templates that were not applied yet.
fn template_field(w: Words, done: &Done) -> Result<Field, Refusal> {
    let there = |key: &str| done.applied.iter().any(|one| one.template.key == key);
    let rest = templates()?.iter().filter(|one| !there(&one.key));
    let choice = |one: &incidents::work::Template| Choice {
        value: one.key.clone(),
        text: one.name.read(w.language()).to_owned(),
        chosen: false,
    };
    let select = Control::Select(rest.map(choice).collect());
    let field = Field::new("template", w.t("field-template"), select);
    Ok(field.hint(w.t("hint-template")).required())
}

fn lesson_fields(w: Words) -> [Field; 2] {
    let kinds = LessonKind::ALL.iter().map(|kind| kind.as_str());
    let kinds = Control::Select(choices(w, "lesson", kinds));
    let kind = Field::new("kind", w.t("field-lesson-kind"), kinds);
    [
        kind.required().short(),
        area(w, "body", "field-lesson-body", 4).required(),
    ]
}

async fn task_fields(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
) -> Result<Vec<Field>, Refusal> {
    let w = reader.w;
    let people = ops::colleagues(&house.ground, &reader.viewer, id).await?;
    let person = |one: access::model::Person| Choice {
        value: one.name.to_string(),
        text: one.display.as_str().to_owned(),
        chosen: false,
    };
    let people = Control::Select(people.into_iter().map(person).collect());
    let states = TaskState::ALL.iter().map(|state| state.as_str());
    let states = Control::Select(choices(w, "task-is", states));
    Ok(vec![
        hidden("number", ""),
        hidden("version", ""),
        Field::new("title", w.t("task-what"), Control::Text)
            .required()
            .longest(200),
        area(w, "detail", "field-task-detail", 3),
        Field::new("assignee", w.t("task-who"), people)
            .hint(w.t("hint-assignee"))
            .short(),
        Field::new("due", w.t("field-due-utc"), Control::Moment).short(),
        Field::new("state", w.t("task-state"), states)
            .required()
            .short(),
    ])
}

/// The form on which people look at what was found in a text. What says little is not ticked.
pub(super) fn keep_form(reader: &Reader, url: &str, found: &[Found]) -> Result<Form, Error> {
    let w = reader.w;
    if found.is_empty() {
        return Err(Invalid {
            field: "text",
            rule: "nothing new was found in it",
        }
        .into());
    }
    let choice = |one: &Found| {
        let kind = one.value.kind().name();
        Choice {
            value: format!("{kind} {}", one.value),
            text: format!("{} · {kind}", one.value),
            chosen: !one.doubtful,
        }
    };
    let all = Control::Many(found.iter().map(choice).collect());
    Ok(Form {
        action: url.to_owned(),
        csrf: reader.session.csrf.clone(),
        fields: vec![
            hidden("form", "keep"),
            Field::new("indicators", w.t("field-found"), all).hint(w.t("hint-found")),
        ],
        submit: w.t("indicators-keep"),
        cancel: url.to_owned(),
    })
}

/// Keeps what a form of these tabs states.
pub(crate) async fn take(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Result<Incident, Error> {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    match answers.of("form") {
        "watch" => ops::watch(ground, viewer, id, answers.of("watch") == "on").await,
        "seen" => ops::see_mentions(ground, viewer, id).await,
        "note" => {
            let body = written(answers.of("body"), "body")?;
            ops::add_note(ground, viewer, id, body).await
        }
        "lesson" => {
            let kind = answers.of("kind").parse();
            let kind = kind.map_err(|broken: Invalid| broken.at("kind"))?;
            let body = written(answers.of("body"), "body")?;
            ops::add_lesson(ground, viewer, id, (kind, body)).await
        }
        "template" => {
            let what = (answers.of("template"), reader.w.language());
            ops::apply_template(ground, viewer, id, what).await
        }
        "keep" => {
            let values = answers.all("indicators").map(|one| {
                let (kind, value) = one.split_once(' ').unwrap_or_default();
                parsed(kind, value).map_err(|broken| broken.at("indicators"))
            });
            let values = values.collect::<Result<Vec<_>, Invalid>>()?;
            ops::keep_indicators(ground, viewer, id, values).await
        }
        "state" => {
            let (number, version) = place(answers);
            let work = ops::work(ground, viewer, id).await?;
            let task = work.tasks.into_iter().find(|task| task.number == number);
            let facts = TaskFacts {
                state: answers.of("state").parse()?,
                ..task.ok_or(Error::NotFound)?.facts
            };
            ops::change_task(ground, viewer, id, (number, version), facts).await
        }
        "task" => {
            let (incident, _number) = ops::add_task(ground, viewer, id, facts(answers)?).await?;
            Ok(incident)
        }
        _ => ops::change_task(ground, viewer, id, place(answers), facts(answers)?).await,
    }
}

fn place(answers: &Answers) -> (i64, i64) {
    let number = |name: &str| answers.of(name).parse().unwrap_or_default();
    (number("number"), number("version"))
}

fn facts(answers: &Answers) -> Result<TaskFacts, Invalid> {
    let due = answers.given("due").map(|due| {
        moment_of(&due).ok_or(Invalid {
            field: "due",
            rule: "a moment in UTC",
        })
    });
    let state = answers.given("state").map(|state| state.parse());
    Ok(TaskFacts {
        title: incidents::model::Line::required(answers.of("title"), "title")?,
        detail: answers
            .of("detail")
            .parse()
            .map_err(|broken: Invalid| broken.at("detail"))?,
        assignee: answers.given("assignee"),
        due: due.transpose()?,
        state: state.transpose()?.unwrap_or(TaskState::Open),
    })
}

/// A task as the answers of its form.
fn answers_of(facts: &TaskFacts, (number, version): (i64, i64)) -> Answers {
    let due = |due: Timestamp| due.to_string().chars().take(16).collect();
    let pairs = [
        ("number", number.to_string()),
        ("version", version.to_string()),
        ("title", facts.title.to_string()),
        ("detail", facts.detail.as_str().to_owned()),
        ("assignee", facts.assignee.clone().unwrap_or_default()),
        ("due", facts.due.map_or_else(String::new, due)),
        ("state", facts.state.as_str().to_owned()),
    ];
    Answers(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

/// Somebody changed the task meanwhile: both texts side by side, and a way to save nonetheless.
pub(crate) async fn conflict(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Answer {
    let w = reader.w;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let (number, _) = place(answers);
    let work = ops::work(ground, viewer, id).await?;
    let case = ops::view(ground, viewer, id).await?;
    let task = work.tasks.into_iter().find(|task| task.number == number);
    let task = task.ok_or(Error::NotFound)?;
    let saved = answers_of(&task.facts, (task.number, task.version));
    let mut yours = answers.clone();
    if answers.of("form") == "state" {
        // A button states the state alone.
        let rest = saved.0.iter().filter(|(name, _)| name != "state");
        yours.0.extend(rest.cloned());
    }
    let fields = task_fields(house, reader, id).await?;
    let shown = fields.iter().filter(|field| !field.is_hidden());
    let differences = shown.filter_map(|field| {
        let (theirs, mine) = (saved.of(&field.name), yours.of(&field.name));
        let label = field.label.clone();
        (theirs != mine).then(|| (label, field.said(theirs), field.said(mine)))
    });
    let differences = differences.collect();
    let kept = fields.iter().filter(|field| field.name != "version");
    let mut fields: Vec<Field> = kept
        .map(|field| hidden(&field.name, yours.of(&field.name)))
        .collect();
    fields.push(hidden("version", &task.version.to_string()));
    fields.push(hidden("form", &format!("task-{number}")));
    let shell = reader.shell(house, Section::Incidents).await?;
    let version = u64::try_from(task.version).unwrap_or(0);
    let url = format!("/incidents/{id}/tasks");
    draw(&IncidentConflict {
        w,
        title: case.incident.facts.title.to_string(),
        other: (who(w, task.changed.0.as_str()), task.changed.1),
        version,
        differences,
        form: Form {
            action: url.clone(),
            csrf: shell.csrf.clone(),
            fields,
            submit: w.t1("conflict-save", "version", version.saturating_add(1)),
            cancel: url.clone(),
        },
        shell,
        url,
    })
}
