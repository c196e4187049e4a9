//! Forms about a match: what is done about it, and which versions are affected.

use constituency::{
    Error,
    model::{Detail, Plan},
    ops::{self, NewRemedy},
    wire::PlanBody,
};
use kernel::MatchId;

use super::matches::url;
use crate::{
    pages::{
        House, Reader,
        forms::{Answers, choices},
        settings::form_of,
    },
    views::form::{Choice, Control, Field, Form},
    words::Words,
};

/// What a form decides.
pub(super) fn plan_of(answers: &Answers) -> Result<Plan, Error> {
    let body = PlanBody {
        version: None,
        due_on: answers.of("due_on").to_owned(),
        owner: answers.of("owner").to_owned(),
        state: answers.given("state").unwrap_or_else(|| "open".to_owned()),
        reason: answers.of("reason").to_owned(),
        until: answers.given("until_on"),
    };
    Ok(Plan::try_from(&body)?)
}

/// The fields for that.
pub(super) fn plan_fields(w: Words, plan: Option<&Plan>) -> Vec<Field> {
    let states = constituency::model::State::ALL
        .iter()
        .map(|state| state.as_str());
    let (due, owner, state, reason, until) = plan.map_or_else(<_>::default, |plan| {
        (
            plan.due_on.to_string(),
            plan.owner.clone(),
            plan.state.as_str(),
            plan.reason.clone(),
            plan.until.map(|day| day.to_string()).unwrap_or_default(),
        )
    });
    let state = if state.is_empty() { "open" } else { state };
    vec![
        Field::new("due_on", w.t("remedy-due"), Control::Day)
            .value(&due)
            .required()
            .short(),
        Field::new("owner", w.t("remedy-owner"), Control::Text)
            .value(&owner)
            .longest(1_000),
        Field::new(
            "state",
            w.t("remedy-state"),
            Control::Select(choices(w, "remedy", states)),
        )
        .value(state)
        .required()
        .short(),
        Field::new("reason", w.t("remedy-reason"), Control::Area(3))
            .hint(w.t("hint-remedy-reason"))
            .value(&reason)
            .longest(1_000),
        Field::new("until_on", w.t("remedy-until"), Control::Day)
            .value(&until)
            .short(),
    ]
}

/// Puts a match into the calendar.
pub(super) async fn plan(
    house: &House,
    reader: &Reader,
    id: MatchId,
    answers: &Answers,
) -> Result<(), Error> {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let detail = ops::look(ground, viewer, id, <_>::default()).await?;
    let whom = answers.of("whom");
    let new = NewRemedy {
        cve: detail.matched.cve,
        organisation: whom.parse().ok(),
        asset: whom.parse().ok(),
        plan: plan_of(answers)?,
    };
    ops::plan(ground, viewer, new).await.map(|_| ())
}

/// What can be done with a match.
pub(crate) fn forms(reader: &Reader, detail: &Detail) -> Vec<(String, Form, bool)> {
    let w = reader.w;
    let own = url(detail.matched.id);
    let mut whom: Vec<Choice> = Vec::new();
    for (asset, _) in &detail.assets.items {
        let number = asset.organisation.0.to_string();
        if !whom.iter().any(|choice| choice.value == number) {
            whom.push(Choice {
                value: number,
                text: asset.organisation.1.clone(),
                chosen: false,
            });
        }
    }
    let assets = detail.assets.items.iter().map(|(asset, _)| Choice {
        value: asset.id.to_string(),
        text: format!("{} · {}", asset.organisation.1, asset.name),
        chosen: false,
    });
    whom.extend(assets);
    let mut fields = vec![Field::new("whom", w.t("remedy-whom"), Control::Select(whom)).required()];
    fields.extend(plan_fields(w, None));
    if let Some(due) = detail.matched.due_on
        && let Some(field) = fields.get_mut(1)
    {
        *field = field.clone().value(&due.to_string());
    }
    let plan = form_of(reader, &format!("{own}/plan"), "remedy-plan", fields);
    let line = |name: &str, key: &str| {
        Field::new(name, w.t(key), Control::Text)
            .longest(100)
            .short()
    };
    let fields = vec![
        line("since", "affected-since"),
        line("until", "affected-until").hint(w.t("hint-affected-until")),
        Field::new("inclusive", w.t("affected-inclusive"), Control::Tick),
        Field::new("source", w.t("affected-source"), Control::Text)
            .hint(w.t("hint-affected-source"))
            .required(),
    ];
    let state = form_of(reader, &format!("{own}/state"), "affected-state", fields);
    vec![
        (w.t("remedy-plan"), plan, false),
        (w.t("affected-state"), state, false),
    ]
}
