//! The questions of the reporter's form, and what was answered.

use incidents::{
    error::ReportFault,
    intake::{
        model::{Answers as Told, ReportKind},
        personal::Personal,
    },
};

use crate::{
    pages::forms::{Answers, choices, states},
    views::form::{Control, Field, Form},
    words::Words,
};

/// What was typed, as far as the form asks for it.
pub(crate) fn told(given: &Answers) -> Told {
    let of = |name: &str| given.of(name).to_owned();
    Told {
        kind: of("kind"),
        title: of("title"),
        what: of("what"),
        effect: of("effect"),
        done: of("done"),
        began: of("began"),
        noticed: of("noticed"),
        going_on: of("going_on"),
        organisation: of("organisation"),
        field: of("field"),
        country: of("country"),
        abroad: of("abroad"),
        name: of("name"),
        contact: of("contact"),
    }
    .plain()
}

/// Kinds of personal data, in words.
pub(crate) fn kinds(w: Words, found: &[Personal]) -> String {
    let words: Vec<String> = found
        .iter()
        .map(|kind| w.word("personal", kind.as_str()))
        .collect();
    words.join(&w.t("comma"))
}

fn plain(fields: Vec<Field>) -> Form {
    Form {
        action: "/report".to_owned(),
        csrf: String::new(),
        fields,
        submit: String::new(),
        cancel: String::new(),
    }
}

/// What is asked of what happened.
pub(crate) fn questions(w: Words, exercise: bool, answers: &Told) -> Form {
    let line = |name: &str, key: &str| Field::new(name, w.t(key), Control::Text);
    let area = |name: &str, key: &str, rows| Field::new(name, w.t(key), Control::Area(rows));
    let day = |name: &str, key: &str| Field::new(name, w.t(key), Control::Day).short();
    let kinds = choices(w, "kind", ReportKind::ALL.iter().map(|kind| kind.as_str()));
    let going = choices(w, "going", ["yes", "no"]);
    let abroad = choices(w, "going", ["yes", "no"]);
    plain(vec![
        Field::new("kind", w.t("kind-label"), Control::Select(kinds))
            .required()
            .value(&answers.kind),
        line("title", "title-label")
            .hint(w.t("title-hint"))
            .required()
            .longest(200)
            .value(&answers.title),
        area("what", "what-label", 7)
            .hint(w.t("what-hint"))
            .required()
            .longest(8_000)
            .value(&answers.what),
        area("effect", "effect-label", 4)
            .longest(4_000)
            .value(&answers.effect),
        area("done", "done-label", 4)
            .longest(4_000)
            .value(&answers.done),
        day("began", "began-label").value(&answers.began),
        day("noticed", "noticed-label").value(&answers.noticed),
        Field::new("going_on", w.t("going-label"), Control::Select(going))
            .short()
            .value(&answers.going_on),
        line("organisation", "organisation-label")
            .longest(300)
            .value(&answers.organisation),
        line("field", "field-label")
            .hint(w.t("field-hint"))
            .longest(200)
            .value(&answers.field),
        Field::new(
            "country",
            w.t("country-label"),
            Control::Select(states(w, exercise)),
        )
        .value(&answers.country),
        Field::new("abroad", w.t("abroad-label"), Control::Select(abroad))
            .short()
            .value(&answers.abroad),
    ])
}

/// Says at each date that cannot well be why, and lets it be sent all the same, by a box below.
pub(crate) fn ask_again(w: Words, form: &mut Form, (answers, is_sure): (&Told, bool)) {
    let doubts = answers.doubts(w.now());
    for (field, doubt) in &doubts {
        form.refuse(field, w.word("doubt", doubt.as_str()));
    }
    let place = form.fields.iter().position(|field| field.name == "noticed");
    if let Some(place) = place.filter(|_| !doubts.is_empty()) {
        let sure = Field::new("sure", w.t("sure-label"), Control::Tick)
            .hint(w.t("confirm-hint"))
            .value(if is_sure { "on" } else { "" });
        form.fields.insert(place + 1, sure);
    }
}

/// How the reporter is reached.
pub(crate) fn contact(w: Words, answers: &Told) -> Form {
    plain(vec![
        Field::new("name", w.t("name-label"), Control::Text)
            .longest(200)
            .value(&answers.name),
        Field::new("contact", w.t("contact-label"), Control::Text)
            .longest(300)
            .value(&answers.contact),
    ])
}

/// Why an answer is refused, in plain words.
pub(crate) fn rule(w: Words, rule: &str, field: &str) -> String {
    let key = match (rule, field) {
        ("must not be empty", _) => "wrong-needed",
        ("is too long", _) => "wrong-long",
        (_, "began" | "noticed") => "wrong-date",
        (_, "kind" | "country" | "abroad") => "wrong-choice",
        _ => "wrong-other",
    };
    w.t(key)
}

/// Why a report is refused, in plain words.
pub(crate) fn sentence(w: Words, fault: ReportFault) -> String {
    match fault {
        ReportFault::TooMany {
            retry_after_seconds,
        } => w.t1("wrong-late", "seconds", u64::from(retry_after_seconds)),
        ReportFault::Full => w.t("wrong-full"),
        ReportFault::NotFound => w.t("wrong-code"),
        ReportFault::Stale { .. }
        | ReportFault::Step { .. }
        | ReportFault::Undecided { .. }
        | ReportFault::Closed => w.t("wrong-closed"),
    }
}
