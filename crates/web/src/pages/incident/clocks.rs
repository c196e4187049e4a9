//! The clocks of an incident as its tab shows them, and what is added there.

use std::collections::BTreeSet;

use access::policy::Act;
use incidents::{
    Error,
    clocks::{self, Due, Filing, Moment, Reckoned, Regime, Request, Stage},
    model::{Case, Incident, Invalid, Line},
    ops, reporting,
};
use kernel::{IncidentRef, Timestamp};

use super::tabs::who;
use crate::{
    pages::{
        House, Reader,
        clock_words::{counted, local, rule},
        forms::{Answers, choices},
        saying::moment_of,
    },
    views::{
        clocks::{Clocks as Tab, Regime as RegimeLine, Stage as StageLine},
        form::{Choice, Control, Field, Form},
        frame::Link,
    },
    words::Words,
};

/// What the tab can add: a moment, a regime by which it is reported, a report that an authority asked for
/// or that was filed, and that a regime does not apply.
const FORMS: [&str; 5] = ["moment", "duty", "request", "filing", "drop"];

/// What the tab holds; the form that was asked for with its name.
pub(crate) fn tab(
    w: Words,
    case: &Case,
    may_edit: bool,
    form: Option<(String, Form)>,
) -> Result<Tab, Error> {
    let url = format!("/incidents/{}/clocks", case.incident.public);
    let open = form.as_ref().map(|(name, _)| name.clone());
    let offers = FORMS
        .into_iter()
        .filter(|name| may_edit && open.as_deref() != Some(name) && has_use(case, name));
    let offer = |name: &str| Link {
        text: w.word("clock-form", name),
        url: format!("{url}?form={name}#form"),
    };
    let reckoned = case.clocks.reckoned()?;
    let all = clocks::all()?;
    let mut shown = BTreeSet::new();
    let regimes = case.clocks.followed().filter_map(|duty| {
        let regime = all.iter().find(|one| one.key == duty.regime.as_str())?;
        if !shown.insert(&regime.key) {
            return None;
        }
        let stages = reckoned.iter().filter(|one| one.regime.key == regime.key);
        Some(RegimeLine {
            name: w.word("regime", &regime.key),
            trigger: regime.trigger.clone(),
            source: regime.source.clone(),
            verified: regime.verified,
            zone: duty.zone.to_string(),
            taken: (who(w, duty.by.as_str()), duty.entered_at),
            stages: stages.map(|one| stage(w, case, may_edit, one)).collect(),
        })
    });
    let dropped = case.clocks.duties.iter().filter_map(|duty| {
        let dropped = duty.dropped.as_ref()?;
        let name = w.word("regime", duty.regime.as_str());
        let by = who(w, dropped.by.as_str());
        Some((name, dropped.why.to_string(), by, dropped.at))
    });
    let moments = case.clocks.occurred.iter().rev().map(|one| {
        let what = w.word("clock-moment", one.moment.as_str());
        (what, one.at, who(w, one.by.as_str()))
    });
    let may_apply = all
        .iter()
        .filter(|regime| regime.may_apply(&case.incident.facts) && !follows(case, regime));
    Ok(Tab {
        regimes: regimes.collect(),
        moments: moments.collect(),
        may_apply: may_apply
            .map(|regime| w.word("regime", &regime.key))
            .collect(),
        dropped: dropped.collect(),
        submissions: format!("/incidents/{}/submissions", case.incident.public),
        offers: offers.map(offer).collect(),
        form: form.map(|(name, form)| (w.word("clock-form", &name), form)),
    })
}

/// Whether a form has anything to be about.
fn has_use(case: &Case, form: &str) -> bool {
    match form {
        "filing" | "drop" => case.clocks.followed().next().is_some(),
        "request" => {
            let regimes = clocks::all().unwrap_or_default().iter();
            let mut followed = regimes.filter(|regime| follows(case, regime));
            followed.any(|regime| regime.stages.iter().any(Stage::is_on_request))
        }
        _ => true,
    }
}

fn follows(case: &Case, regime: &Regime) -> bool {
    case.clocks.follows(&regime.key)
}

fn stage(w: Words, case: &Case, may_edit: bool, reckoned: &Reckoned) -> StageLine {
    let late = reckoned.is_late(w.now());
    let state = match (&reckoned.due, reckoned.filed) {
        (_, Some(_)) if reckoned.is_early() => "early",
        (Due::At(_), None) if late => "overdue",
        (Due::At(_), None) => "open",
        (Due::At(_), Some(_)) if late => "late",
        (Due::At(_), Some(_)) if !reckoned.has_term() => "filed",
        (Due::At(_), Some(_)) => "in-time",
        (Due::Promptly(_) | Due::Waits(_), Some(_)) => "filed",
        (Due::Promptly(_), None) => "promptly",
        (Due::Waits(_), None) if reckoned.stage.is_on_request() => "unasked",
        (Due::Waits(_), None) => "waiting",
    };
    let asked = case.clocks.requests.iter().filter(|request| {
        request.regime.as_str() == reckoned.regime.key
            && request.stage.as_str() == reckoned.stage.key
    });
    let asked = asked.map(|request| (request.at, request.authority.to_string(), request.due));
    let rules: Vec<String> = reckoned
        .stage
        .limits
        .iter()
        .map(|running| rule(w, running))
        .collect();
    let filed = case.clocks.filings.iter().filter(|filing| {
        filing.regime.as_str() == reckoned.regime.key && filing.stage.as_str() == reckoned.stage.key
    });
    let filed = filed.map(|filing| {
        let reference = filing.reference.as_ref().map(ToString::to_string);
        let with = [Some(filing.authority.to_string()), reference];
        let with: Vec<String> = with.into_iter().flatten().collect();
        (filing.at, with.join(" · "), who(w, filing.by.as_str()))
    });
    StageLine {
        name: w.word("clock-stage", &reckoned.stage.key),
        rule: rules.join(&w.t("comma")),
        due: match reckoned.due {
            Due::At(end) => Some(end),
            Due::Promptly(_) | Due::Waits(_) => None,
        },
        local: reckoned.local.as_ref().map(local),
        counted: reckoned
            .counted
            .as_ref()
            .map(|one| counted(w, one))
            .unwrap_or_default(),
        write: may_edit.then(|| {
            let (regime, key) = (&reckoned.regime.key, &reckoned.stage.key);
            let incident = case.incident.public;
            format!("/incidents/{incident}/submissions?stage={regime}%20{key}")
        }),
        state,
        asked: asked.collect(),
        filed: filed.collect(),
    }
}

/// The zone in which the party's days are counted, for the forms of the tab.
pub(crate) async fn zone(house: &House, reader: &Reader, tab: &str) -> Result<String, Error> {
    if tab != "clocks" || !reader.may(Act::CaseRead) {
        return Ok(String::new());
    }
    let choice = reporting::ops::choice(&house.ground, &reader.viewer).await?;
    Ok(choice.zone.to_string())
}

/// The form of that name; nothing where there is none of it.
pub(crate) fn form(reader: &Reader, case: &Case, name: &str, zone: &str) -> Option<Form> {
    let w = reader.w;
    let name = FORMS.into_iter().find(|known| *known == name)?;
    let line = |name: &str, key: &str| Field::new(name, w.t(key), Control::Text).required();
    let at = || {
        Field::new("at", w.t("field-at-utc"), Control::Moment)
            .required()
            .short()
    };
    let mut fields = vec![Field::new("form", String::new(), Control::Hidden).value(name)];
    match name {
        "moment" => {
            let moments = Moment::ALL.iter().map(|moment| moment.as_str());
            let moments = choices(w, "clock-moment", moments);
            let select = Control::Select(moments);
            fields.push(Field::new("moment", w.t("field-moment"), select).required());
            fields.push(at());
        }
        "duty" => fields.extend(duty_fields(w, case, zone)),
        "drop" => {
            let choice = |duty: &clocks::Duty| regime_choice(w, duty.regime.as_str());
            let all = case.clocks.followed().map(choice).collect();
            let regime = Field::new("regime", w.t("field-regime"), Control::Select(all));
            fields.push(regime.required());
            fields.push(line("reason", "field-custody-reason").longest(500));
        }
        _ => {
            let is_asked = name == "request";
            let fit = |stage: &Stage| !is_asked || stage.is_on_request();
            let stages = Control::Select(stages_that(w, case, fit));
            fields.push(Field::new("stage", w.t("field-stage"), stages).required());
            fields.push(at());
            fields.push(line("authority", "field-authority").longest(200));
            fields.push(if is_asked {
                Field::new("due_at", w.t("field-asked-until"), Control::Moment)
                    .hint(w.t("hint-asked-until"))
                    .short()
            } else {
                Field::new("reference", w.t("field-reference"), Control::Text).longest(200)
            });
        }
    }
    let url = format!("/incidents/{}/clocks", case.incident.public);
    Some(Form {
        action: url.clone(),
        csrf: reader.session.csrf.clone(),
        fields,
        submit: w.t("form-save"),
        cancel: url,
    })
}

/// The fields of the form that takes a regime.
fn duty_fields(w: Words, case: &Case, zone: &str) -> [Field; 2] {
    let regimes = clocks::all().unwrap_or_default();
    let (first, rest): (Vec<&Regime>, Vec<&Regime>) = regimes
        .iter()
        .filter(|regime| !follows(case, regime))
        .partition(|regime| regime.may_apply(&case.incident.facts));
    let all = first.into_iter().chain(rest);
    let all = all.map(|regime| regime_choice(w, &regime.key)).collect();
    [
        Field::new("regime", w.t("field-regime"), Control::Select(all))
            .hint(w.t("hint-regime"))
            .required(),
        Field::new("zone", w.t("field-zone"), Control::Text)
            .required()
            .hint(w.t("hint-zone"))
            .short()
            .longest(60)
            .value(zone),
    ]
}

pub(crate) fn regime_choice(w: Words, key: &str) -> Choice {
    Choice {
        value: key.to_owned(),
        text: w.word("regime", key),
        chosen: false,
    }
}

/// The stages of the regimes by which it is reported.
pub(crate) fn stages(w: Words, case: &Case) -> Vec<Choice> {
    stages_that(w, case, |_| true)
}

fn stages_that(w: Words, case: &Case, fit: impl Fn(&Stage) -> bool) -> Vec<Choice> {
    let fit = &fit;
    let regimes = clocks::all().unwrap_or_default();
    let stages = case.clocks.followed().flat_map(|duty| {
        let regime = regimes.iter().find(|one| one.key == duty.regime.as_str());
        let stages = regime.map_or(&[][..], |regime| &regime.stages);
        let stages = stages.iter().filter(move |stage| fit(stage));
        stages.map(move |stage| Choice {
            value: format!("{} {}", duty.regime, stage.key),
            text: stage_of(w, duty.regime.as_str(), &stage.key),
            chosen: false,
        })
    });
    stages.collect()
}

/// A stage and its regime in words.
pub(crate) fn stage_of(w: Words, regime: &str, stage: &str) -> String {
    let (stage, regime) = (w.word("clock-stage", stage), w.word("regime", regime));
    format!("{stage} · {regime}")
}

/// Keeps what a form of the tab states.
pub(crate) async fn take(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Result<Incident, Error> {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let at = || -> Result<Timestamp, Invalid> {
        moment_of(answers.of("at")).ok_or(Invalid {
            field: "at",
            rule: "a moment in UTC",
        })
    };
    match answers.of("form") {
        "moment" => {
            let moment = answers.of("moment").parse();
            let moment = moment.map_err(|broken: Invalid| broken.at("moment"))?;
            ops::occurred(ground, viewer, id, (moment, at()?)).await
        }
        "duty" => {
            let regime = Line::required(answers.of("regime"), "regime")?;
            let zone = Line::required(answers.of("zone"), "zone")?;
            ops::follow(ground, viewer, id, (regime, zone)).await
        }
        "drop" => {
            let regime = Line::required(answers.of("regime"), "regime")?;
            let why = Line::required(answers.of("reason"), "reason")?;
            ops::drop_duty(ground, viewer, id, (regime, why)).await
        }
        "request" => {
            let (regime, stage) = answers.of("stage").split_once(' ').unwrap_or_default();
            let due = match answers.of("due_at") {
                "" => None,
                text => Some(moment_of(text).ok_or(Invalid {
                    field: "due_at",
                    rule: "a moment in UTC",
                })?),
            };
            let request = Request {
                regime: Line::required(regime, "stage")?,
                stage: Line::required(stage, "stage")?,
                at: at()?,
                authority: Line::required(answers.of("authority"), "authority")?,
                due,
                by: viewer.label().parse()?,
                entered_at: ground.now(),
            };
            ops::request(ground, viewer, id, request).await
        }
        _ => {
            let (regime, stage) = answers.of("stage").split_once(' ').unwrap_or_default();
            let filing = Filing {
                regime: Line::required(regime, "stage")?,
                stage: Line::required(stage, "stage")?,
                at: at()?,
                authority: Line::required(answers.of("authority"), "authority")?,
                reference: Line::optional(answers.given("reference").as_deref(), "reference")?,
                by: viewer.label().parse()?,
                entered_at: ground.now(),
            };
            ops::file(ground, viewer, id, filing).await
        }
    }
}
