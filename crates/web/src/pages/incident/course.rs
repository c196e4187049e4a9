//! The forms of what is entered of the course of an incident, on the tabs on harm and on care.

use incidents::{
    Error,
    course::{Care, Content, Course, Draft, Entry, Event, Procedure, SystemState, VendorState},
    harm::{Correction, curve::Shape},
    model::{Case, Dated, Incident, Invalid},
    ops,
    wire::ContentBody,
};
use kernel::{Country, IncidentRef};
use serde_json::{Map, Value, json};

use crate::{
    pages::{
        House, Reader,
        forms::{Answers, choices, states},
        incidents::dated,
    },
    views::form::{Choice, Control, Field, Form},
    words::Words,
};

/// How a field of an entry is filled in.
#[derive(Clone, Copy)]
enum How {
    Line,
    Date,
    Number,
    Country,
    Service,
    Word(&'static str, fn() -> Vec<&'static str>),
}

/// A field: its name, how it is filled in, and whether it must be.
type Spec = (&'static str, How, bool);

const LINE: How = How::Line;

/// The fields of a form, by its name; nothing for a form that there is not.
#[expect(clippy::too_many_lines, reason = "one piece for each kind")]
fn specs(form: &str) -> Option<&'static [Spec]> {
    Some(match form {
        "service" => &[
            ("name", LINE, true),
            ("facility", LINE, false),
            ("ward", LINE, false),
            (
                "care",
                How::Word("care", || words(Care::ALL, Care::as_str)),
                false,
            ),
            ("people", How::Number, false),
            ("weight", LINE, false),
            ("yearly", How::Number, false),
            ("yearly_unit", LINE, false),
            (
                "shape",
                How::Word("shape", || words(Shape::ALL, Shape::as_str)),
                true,
            ),
        ],
        "capacity" => &[
            ("service", How::Service, true),
            ("at", How::Date, true),
            ("share", LINE, true),
        ],
        "milestone" => &[
            (
                "event",
                How::Word("course-event", || words(Event::ALL, Event::as_str)),
                true,
            ),
            ("at", How::Date, true),
            ("service", How::Service, false),
            ("site", LINE, false),
            ("hospitals", How::Number, false),
        ],
        "effect" => &[
            ("from", LINE, true),
            ("from_country", How::Country, false),
            ("to", LINE, true),
            ("to_country", How::Country, false),
            (
                "order",
                How::Word("effect-order", || vec!["1", "2", "3"]),
                true,
            ),
            ("lag_hours", How::Number, false),
        ],
        "step" => &[
            (
                "procedure",
                How::Word("procedure", || words(Procedure::ALL, Procedure::as_str)),
                true,
            ),
            ("text", LINE, false),
            ("site", LINE, false),
            ("done_at", How::Date, false),
        ],
        "vendor" => &[
            ("name", LINE, true),
            ("service", LINE, false),
            (
                "state",
                How::Word("vendor", || words(VendorState::ALL, VendorState::as_str)),
                true,
            ),
            ("evidence", LINE, false),
            ("attested_by", LINE, false),
            ("at", How::Date, true),
        ],
        "system" => &[
            ("name", LINE, true),
            ("site", LINE, true),
            (
                "state",
                How::Word("system", || words(SystemState::ALL, SystemState::as_str)),
                true,
            ),
            ("at", How::Date, true),
        ],
        "backlog" => &[
            ("site", LINE, false),
            ("pages", How::Number, true),
            ("at", How::Date, true),
        ],
        "vendors" | "withdrawn" => &[],
        _ => return None,
    })
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|&one| word(one)).collect()
}

/// The name of a form, and the entry that it goes on from: `vendor-12` is about the vendor of entry 12.
fn split(asked: &str) -> (&str, Option<u32>) {
    match asked.rsplit_once('-') {
        Some((form, number)) => (form, number.parse().ok()),
        None => (asked, None),
    }
}

/// An entry in a few words, for lists to choose from.
pub(super) fn in_short(w: Words, entry: &Entry) -> String {
    let kind = w.word("course-kind", entry.content.kind());
    let what = match &entry.content {
        Content::Service(one) => one.name.to_string(),
        Content::Capacity(one) => format!(
            "{} · {} %",
            dated(w, one.at),
            f64::from(one.share.thousandths()) / 10.0
        ),
        Content::Milestone(one) => {
            format!(
                "{} · {}",
                w.word("course-event", one.event.as_str()),
                dated(w, one.at)
            )
        }
        Content::Effect(one) => format!("{} → {}", one.from, one.to),
        Content::Step(one) => one.text.as_ref().map_or_else(
            || w.word("procedure", one.procedure.as_str()),
            ToString::to_string,
        ),
        Content::Vendor(one) => one.name.to_string(),
        Content::System(one) => format!("{} · {}", one.name, one.site),
        Content::Backlog(one) => format!("{} · {}", w.number(&one.pages), dated(w, one.at)),
        Content::Withdrawn => String::new(),
    };
    format!("{} · {kind} · {what}", entry.number)
}

/// The form of that name on a tab; nothing where there is none of it.
pub(crate) fn form(reader: &Reader, case: &Case, tab: &str, asked: &str) -> Option<Form> {
    let w = reader.w;
    let (name, about) = split(asked);
    let specs = specs(name)?;
    let course = Course::of(&case.course);
    let known = about.and_then(|number| case.course.iter().find(|one| one.number == number));
    let filled = known.map(|entry| ContentBody::from(&entry.content));
    let filled = filled.and_then(|body| serde_json::to_value(body).ok());
    let mut fields = vec![Field::new("form", String::new(), Control::Hidden).value(asked)];
    for &(field, how, required) in specs {
        let mut made = control(reader, &course, (name, field), how);
        if let Some(value) = filled.as_ref().and_then(|body| body.get(field)) {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            if field != "at" && field != "done_at" {
                made = made.value(&text);
            }
        }
        made.required = required;
        fields.push(made);
    }
    if name == "vendors" {
        let names = Field::new("names", w.t("field-vendor-names"), Control::Area(8));
        fields.push(
            names
                .hint(w.t("hint-vendor-names"))
                .longest(100_000)
                .required(),
        );
        fields.push(control(reader, &course, (name, "at"), How::Date).required());
    }
    let correctable = |entry: &&&Entry| name == "withdrawn" || entry.content.kind() == name;
    let earlier: Vec<Choice> = course
        .standing()
        .iter()
        .filter(correctable)
        .map(|entry| Choice {
            value: entry.number.to_string(),
            text: in_short(w, entry),
            chosen: false,
        })
        .collect();
    if name != "vendors" && about.is_none() && !earlier.is_empty() {
        let mut which = Field::new("corrects", w.t("field-corrects"), Control::Select(earlier));
        let mut why = Field::new("correction", w.t("field-correction"), Control::Text);
        (which.required, why.required) = (name == "withdrawn", name == "withdrawn");
        fields.extend([which, why]);
    }
    if name != "withdrawn" {
        fields.push(Field::new("source", w.t("field-source"), Control::Text).longest(200));
    }
    let url = format!("/incidents/{}/{tab}", case.incident.public);
    Some(Form {
        action: url.clone(),
        csrf: reader.session.csrf.clone(),
        fields,
        submit: w.t("form-save"),
        cancel: url,
    })
}

fn control(reader: &Reader, course: &Course<'_>, (form, name): (&str, &str), how: How) -> Field {
    let w = reader.w;
    let label = match (form, name) {
        ("vendor", "service") => w.t("course-field-purpose"),
        ("vendor" | "system", "at") => w.t("course-field-since"),
        _ => w.word("course-field", name),
    };
    match how {
        How::Line if matches!(name, "weight" | "share" | "yearly_unit") => {
            let hint = w.word("course-hint", name);
            Field::new(name, label, Control::Text)
                .hint(hint)
                .short()
                .longest(40)
        }
        How::Line if name == "evidence" => Field::new(name, label, Control::Text).longest(500),
        How::Line => Field::new(name, label, Control::Text).longest(200),
        How::Number => Field::new(name, label, Control::Text).short().longest(20),
        How::Date => {
            let hint = if name == "done_at" {
                w.t("course-hint-done-at")
            } else {
                w.t("hint-dated")
            };
            Field::new(name, label, Control::Text).hint(hint).short()
        }
        How::Country => {
            let exercise = reader.viewer.mode.is_exercise();
            Field::new(name, label, Control::Select(states(w, exercise)))
        }
        How::Word(family, all) => {
            Field::new(name, label, Control::Select(choices(w, family, all())))
        }
        How::Service => {
            let services = course.services().map(|(entry, service)| Choice {
                value: entry.number.to_string(),
                text: service.name.to_string(),
                chosen: false,
            });
            Field::new(name, label, Control::Select(services.collect()))
        }
    }
}

/// What a form states, as the JSON interface takes it.
fn body(form: &str, specs: &[Spec], answers: &Answers) -> Result<ContentBody, Invalid> {
    let mut body = Map::new();
    body.insert("kind".to_owned(), json!(form));
    for &(name, how, _) in specs {
        let Some(text) = answers.given(name) else {
            continue;
        };
        let value = match how {
            How::Number | How::Service => number(name, &text)?,
            How::Date => json!(text.parse::<Dated>().map_err(|broken| broken.at(name))?),
            How::Country => json!(text.parse::<Country>().map_err(|_unknown| Invalid {
                field: name,
                rule: "a State",
            })?),
            How::Word(..) if name == "order" => number(name, &text)?,
            How::Line | How::Word(..) => json!(text),
        };
        body.insert(name.to_owned(), value);
    }
    serde_json::from_value(Value::Object(body)).map_err(|_unreadable| Invalid {
        field: specs
            .iter()
            .find(|(name, _, required)| *required && answers.of(name).is_empty())
            .map_or("form", |(name, ..)| name),
        rule: "must not be empty",
    })
}

fn number(name: &'static str, text: &str) -> Result<Value, Invalid> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | ',' | '\u{202f}'))
        .collect();
    let number: u64 = plain.parse().map_err(|_letters| Invalid {
        field: name,
        rule: "a whole number of zero or more",
    })?;
    Ok(json!(number))
}

/// Keeps what a form of the tabs states.
pub(crate) async fn take(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Result<Incident, Error> {
    let drafts = drafts(answers)?;
    let done = ops::enter(&house.ground, &reader.viewer, id, drafts).await?;
    Ok(done.0)
}

fn drafts(answers: &Answers) -> Result<Vec<Draft>, Error> {
    let (name, seen) = split(answers.of("form"));
    let specs = specs(name).ok_or(Invalid {
        field: "form",
        rule: "a form of this page",
    })?;
    let corrects = answers.given("corrects").map(|number| number.parse());
    let corrects = corrects.transpose().map_err(|_letters| Invalid {
        field: "corrects",
        rule: "the number of an entry",
    })?;
    let source = answers.given("source");
    let draft = |body: ContentBody| -> Result<Draft, Invalid> {
        Ok(Draft {
            content: Content::try_from(body)?,
            source: incidents::model::Line::optional(source.as_deref(), "source")?,
            corrects: Correction::read(corrects, answers.given("correction").as_deref())?,
            seen,
        })
    };
    if name == "vendors" {
        let at = answers.of("at").parse::<Dated>();
        let at = at.map_err(|broken| broken.at("at"))?;
        let cut = |name: String| ContentBody::Vendor {
            name,
            service: None,
            state: VendorState::Cut,
            evidence: None,
            attested_by: None,
            at,
        };
        let all = answers
            .lines("names")
            .into_iter()
            .map(|name| draft(cut(name)));
        let all: Result<Vec<Draft>, Invalid> = all.collect();
        return all.map_err(|broken| Error::from(broken.at("names")));
    }
    Ok(vec![draft(body(name, specs, answers)?)?])
}

#[cfg(test)]
mod tests;
