//! One server: how it is asked, what came of it, and what can be done with it.

pub(super) mod edit;
pub(super) mod form;
pub(super) mod run;

use access::http::CsrfForm;
use axum::extract::{Path, Query, State};
use intel::{
    Error,
    model::{Direction, NoteKind, Remote, RemoteKind, Run, TestStep},
    ops::{self, RemoteChange},
};
use kernel::{Limit, PageRequest};
use serde_json::Value;

use self::{
    edit::named,
    form::{here_of, words_of},
};
use super::{
    Answer, House, Reader, draw,
    forms::{Answers, refuse},
    go, nothing,
    remotes::{note_row, page_of, row, run_row},
    settings::form_of,
};
use crate::{
    views::{
        form::{Control, Field, Form},
        frame::{Flash, Pager, Section},
        remotes::{NoteRow, Remote as RemotePage, StepRow},
    },
    words::{Words, key},
};

/// Runs on a page.
const RUNS: u16 = 20;
/// Defects that are shown of the newest run.
const DEFECTS: usize = 20;
/// How much of the state of an exchange is shown, in characters.
const PROGRESS_CHARS_MAX: usize = 4_000;

/// What a page shows besides the server.
#[derive(Default)]
struct More {
    query: Answers,
    steps: Vec<TestStep>,
    refused: Option<(Answers, Error)>,
}

/// `GET /remotes/{id}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<Answers>,
) -> Answer {
    let remote = ops::remote(&house.remotes, &reader.viewer, named(&id)?).await?;
    let more = More {
        query,
        ..More::default()
    };
    page(&house, &reader, &remote, more).await
}

/// `POST /remotes/{id}/{act}`.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((id, act)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let (remotes, viewer) = (&house.remotes, &reader.viewer);
    let remote = ops::remote(remotes, viewer, named(&id)?).await?;
    let done = match act.as_str() {
        "test" => {
            let steps = ops::test_remote(remotes, viewer, remote.id).await?;
            let more = More {
                steps,
                ..More::default()
            };
            return page(&house, &reader, &remote, more).await;
        }
        "start" => ops::start_remote(remotes, viewer, remote.id)
            .await
            .map(|_| "remote-started"),
        "on" if is_confirmed(&remote, &answers) => switch(&house, &reader, &remote, true)
            .await
            .map(|()| "remote-switched-on"),
        "on" => {
            let invalid = intel::model::Invalid {
                field: "confirm",
                rule: "the host to which objects go",
            };
            Err(invalid.into())
        }
        "off" => switch(&house, &reader, &remote, false)
            .await
            .map(|()| "remote-switched-off"),
        "remove" => {
            ops::remove_remote(remotes, viewer, remote.id).await?;
            return Ok(go(&reader, "/remotes", "remote-removed"));
        }
        _ => return Err(nothing()),
    };
    match done {
        Ok(said) => Ok(go(&reader, &page_of(remote.id), said)),
        Err(error) => {
            let more = More {
                refused: Some((answers, error)),
                ..More::default()
            };
            page(&house, &reader, &remote, more).await
        }
    }
}

/// What leaves the house is confirmed by typing where it goes.
fn is_confirmed(remote: &Remote, answers: &Answers) -> bool {
    let host = remote.settings.address.host();
    remote.direction == Direction::Pull || answers.of("confirm").eq_ignore_ascii_case(host)
}

async fn switch(house: &House, reader: &Reader, remote: &Remote, on: bool) -> Result<(), Error> {
    let mut settings = remote.settings.clone();
    settings.enabled = on;
    let change = RemoteChange {
        version: remote.version,
        here: here_of(remote),
        settings,
        credentials: None,
    };
    ops::edit_remote(&house.remotes, &reader.viewer, remote.id, change).await?;
    Ok(())
}

async fn page(house: &House, reader: &Reader, remote: &Remote, more: More) -> Answer {
    let w = reader.w;
    let (remotes, viewer) = (&house.remotes, &reader.viewer);
    let asked = PageRequest {
        after: more.query.of("after").parse().ok(),
        limit: Limit::new(RUNS).unwrap_or_default(),
    };
    let newest = PageRequest {
        after: None,
        ..asked
    };
    let first = ops::runs(remotes, viewer, remote.id, newest).await?;
    let last = first.items.first().cloned();
    let runs = match asked.after {
        None => first,
        Some(_) => ops::runs(remotes, viewer, remote.id, asked).await?,
    };
    let defects = defects(house, reader, remote, last.as_ref()).await?;
    let held = ops::collections(&house.ground, viewer, None).await?;
    let shown = row(w, &held, remote, last.as_ref());
    let mut shell = reader.shell(house, Section::Intelligence).await?;
    let mut begin = begin_form(reader, remote);
    if let Some((answers, error)) = more.refused {
        let text = refused(w, begin.as_mut(), &answers, error)?;
        if !text.is_empty() {
            shell.flash = Some(Flash { good: false, text });
        }
    }
    let settings = &remote.settings;
    let pager = Pager {
        first: asked.after.map(|_| format!("{}#runs", shown.url)),
        next: runs
            .next
            .map(|next| format!("{}?after={next}#runs", shown.url)),
    };
    draw(&RemotePage {
        w,
        shell,
        address: settings.address.to_string(),
        label: settings.label,
        every: i64::try_from(settings.every.as_secs()).unwrap_or(i64::MAX),
        scheme: remote.scheme.clone(),
        selection: selection(w, remote),
        progress: progress(remote),
        steps: more.steps.iter().map(|step| step_row(w, step)).collect(),
        defects,
        seen_by: w.t3(
            "remote-seen-by",
            &("collection", &shown.collection.text),
            &("tlp", settings.label.as_str()),
            &("host", &shown.host),
        ),
        begin,
        runs: runs
            .items
            .iter()
            .map(|run| run_row(w, remote.id, run))
            .collect(),
        pager,
        row: shown,
    })
}

/// What the server does against its specification, by its newest run.
async fn defects(
    house: &House,
    reader: &Reader,
    remote: &Remote,
    last: Option<&Run>,
) -> Result<Vec<NoteRow>, Error> {
    let Some(run) = last.filter(|run| run.noted > 0) else {
        return Ok(Vec::new());
    };
    let (_, notes) = ops::run(&house.remotes, &reader.viewer, remote.id, run.id).await?;
    let defects = notes.iter().filter(|note| note.what == NoteKind::Defect);
    let shown = defects.take(DEFECTS);
    Ok(shown.map(|note| note_row(reader.w, note)).collect())
}

/// For switching a push on that is off.
fn begin_form(reader: &Reader, remote: &Remote) -> Option<Form> {
    let waits = remote.direction == Direction::Push && !remote.settings.enabled;
    waits.then(|| {
        let w = reader.w;
        let host = remote.settings.address.host();
        let confirm = Field::new("confirm", w.t("remote-confirm"), Control::Text)
            .hint(host.to_owned())
            .required()
            .longest(300);
        let action = format!("{}/on", page_of(remote.id));
        let mut form = form_of(reader, &action, "remote-begin", vec![confirm]);
        form.submit = w.t1("remote-begin-to", "host", host);
        form
    })
}

/// Why an act came to nothing: at the field of the form, or as a sentence.
fn refused(
    w: Words,
    form: Option<&mut Form>,
    answers: &Answers,
    error: Error,
) -> Result<String, access::http::Refusal> {
    if let Error::Stale { .. } = error {
        return Ok(w.t("remote-stale"));
    }
    let mut none = Form {
        action: String::new(),
        csrf: String::new(),
        fields: Vec::new(),
        submit: String::new(),
        cancel: String::new(),
    };
    let form = form.unwrap_or(&mut none);
    answers.fill(form);
    if matches!(&error, Error::Invalid(invalid) if invalid.field == "confirm") {
        let sentence = w.t("remote-wrong-confirm");
        let placed = form.refuse("confirm", sentence.clone());
        return Ok(if placed { String::new() } else { sentence });
    }
    refuse(w, form, error.into())
}

/// Which of the server's things are meant, in words.
fn selection(w: Words, remote: &Remote) -> Vec<(String, String)> {
    let settings = &remote.settings;
    let text = |name: &str| {
        let value = settings.selection.get(name).and_then(Value::as_str);
        value.map(str::to_owned)
    };
    let listed = |name| {
        let words = words_of(settings, name);
        (!words.is_empty()).then(|| words.join(", "))
    };
    let all = match remote.kind {
        RemoteKind::Taxii => vec![
            ("remote-their-collection", text("collection")),
            ("remote-their-root", text("root")),
        ],
        RemoteKind::Misp | RemoteKind::MispFeed => {
            let kept = settings.selection.get("withdraw") == Some(&Value::Bool(false));
            let kept = kept && remote.direction == Direction::Push;
            vec![
                ("remote-tags", listed("tags")),
                ("remote-orgs", listed("orgs")),
                ("remote-withdraw", kept.then(|| w.t("remote-withdraw-no"))),
            ]
        }
    };
    let given = all.into_iter();
    given
        .filter_map(|(name, value)| Some((w.t(name), value?)))
        .collect()
}

/// How far the exchange has come, laid out for people; empty before it began.
fn progress(remote: &Remote) -> String {
    let state: Value = serde_json::from_str(remote.progress()).unwrap_or_default();
    let is_empty = match &state {
        Value::Object(map) => map.is_empty(),
        Value::Null => true,
        _ => false,
    };
    if is_empty {
        return String::new();
    }
    let text = serde_json::to_string_pretty(&state).unwrap_or_default();
    text.chars().take(PROGRESS_CHARS_MAX).collect()
}

fn step_row(w: Words, step: &TestStep) -> StepRow {
    let is_defect = step.step == "defect";
    let came = match step.worked {
        Some(true) if is_defect => "odd",
        Some(true) => "yes",
        Some(false) => "no",
        None => "not-tried",
    };
    let advice = if step.worked == Some(false) {
        w.find(&key("remote-advice", step.step), &[])
    } else {
        None
    };
    StepRow {
        step: step.step.to_owned(),
        came,
        detail: step.detail.clone(),
        advice: advice.unwrap_or_default(),
    }
}
