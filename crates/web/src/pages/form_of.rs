//! The form of a message: the fields of its kind, with what is known already.

use access::{http::Refusal, policy::Act};
use exchange::model::{Kind, ThreadView};
use kernel::{IncidentRef, Limit, PageRequest, Tlp};

use super::{
    House, Reader,
    draft::{Draft, Kept},
    forms::Answers,
    incidents::filter,
    writing::fields,
};
use crate::views::form::{Choice, Control, Field, Form};

/// How many incidents are offered to choose from.
const INCIDENTS: u16 = 50;

/// What stands in a form before anything is typed.
#[derive(Default)]
struct Known {
    title: Option<String>,
    tlp: Option<Tlp>,
    sector: Option<String>,
}

/// The empty form of a message.
pub(super) async fn form(
    house: &House,
    reader: &Reader,
    draft: &Draft,
    view: Option<&ThreadView>,
) -> Result<Form, Refusal> {
    let w = reader.w;
    let known = known(house, reader, draft, view).await;
    let mut draft = draft.clone();
    if draft.kind == Kind::Close && draft.covers.is_empty() {
        let asked = view.into_iter().flat_map(|view| &view.requests);
        draft.covers = asked.map(|request| request.id).collect();
    }
    let mut all = draft.hidden();
    if draft.kind == Kind::NotifyInc {
        all.push(
            Field::new(
                "incident",
                w.t("field-incident"),
                Control::Select(choices(house, reader, draft.incident).await?),
            )
            .required(),
        );
    }
    for field in fields(w, draft.kind) {
        let value = match field.name.as_str() {
            "title" if !field.is_hidden() => known.title.clone(),
            "tlp" => known.tlp.map(|tlp| tlp.to_string()),
            "victim_sector" => known.sector.clone(),
            _ => None,
        };
        all.push(match value {
            Some(value) => field.value(&value),
            None => field,
        });
    }
    Ok(Form {
        action: "/compose/preview".to_owned(),
        csrf: reader.session.csrf.clone(),
        fields: all,
        submit: w.t("form-preview"),
        cancel: back(&draft),
    })
}

/// Puts what was typed into the form, with the files that are here already.
pub(super) fn fill(reader: &Reader, form: &mut Form, answers: &Answers) {
    answers.fill(form);
    restore(form, "covers", answers);
    let at = form
        .fields
        .iter()
        .position(|field| matches!(field.control, Control::Files | Control::File));
    if let (Some(at), Some(field)) = (at, Kept::field(reader.w, &Kept::all(answers))) {
        form.fields.insert(at, field);
    }
}

/// A name that comes several times keeps each of its values.
fn restore(form: &mut Form, name: &str, answers: &Answers) {
    let values: Vec<String> = answers.all(name).map(str::to_owned).collect();
    if values.is_empty() {
        return;
    }
    form.fields.retain(|field| field.name != name);
    let hidden = |value: &String| Field::new(name, String::new(), Control::Hidden).value(value);
    form.fields.extend(values.iter().map(hidden));
}

/// Where the way back leads.
pub(super) fn back(draft: &Draft) -> String {
    match draft.thread {
        Some(thread) => format!("/threads/{thread}?with={}", draft.to),
        None => "/threads".to_owned(),
    }
}

async fn known(house: &House, reader: &Reader, draft: &Draft, view: Option<&ThreadView>) -> Known {
    let followed = draft.question.or(draft.parent);
    if let Some(view) = view {
        let message = view.messages.iter().find(|one| Some(one.id) == followed);
        let title = message
            .and_then(|message| message.statement.as_ref())
            .map(|statement| statement.title.to_string());
        return Known {
            title: title.filter(|_| draft.kind.follows()),
            tlp: Some(message.map_or(view.tlp, |message| message.header.tlp)),
            sector: None,
        };
    }
    let Some(id) = draft.incident else {
        return Known::default();
    };
    let case = incidents::ops::view(&house.ground, &reader.viewer, id).await;
    case.map_or_else(
        |_not_here| Known::default(),
        |case| {
            let facts = &case.incident.facts;
            Known {
                title: Some(facts.title.to_string()),
                tlp: Some(facts.tlp),
                sector: facts.sectors.first().map(ToString::to_string),
            }
        },
    )
}

/// The incidents that the reader may see, the latest first, with one of them chosen.
async fn choices(
    house: &House,
    reader: &Reader,
    chosen: Option<IncidentRef>,
) -> Result<Vec<Choice>, Refusal> {
    if !reader.may(Act::IncidentRead) {
        return Ok(Vec::new());
    }
    let request = PageRequest {
        after: None,
        limit: Limit::new(INCIDENTS).unwrap_or_default(),
    };
    let nothing = filter(&Answers::default());
    let page = incidents::ops::list(&house.ground, &reader.viewer, &nothing, request).await?;
    let mut choices: Vec<Choice> = page
        .items
        .iter()
        .map(|listed| Choice {
            value: listed.public.to_string(),
            text: listed.title.clone(),
            chosen: Some(listed.public) == chosen,
        })
        .collect();
    if let Some(id) = chosen
        && !choices.iter().any(|choice| choice.chosen)
        && let Ok(case) = incidents::ops::view(&house.ground, &reader.viewer, id).await
    {
        choices.push(Choice {
            value: id.to_string(),
            text: case.incident.facts.title.to_string(),
            chosen: true,
        });
    }
    Ok(choices)
}
