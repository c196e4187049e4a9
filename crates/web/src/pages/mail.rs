//! One mail: what it says, as text, and what is done with it.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::extract::{Path, State};
use kernel::MailId;
use mailbox::{
    Error,
    model::{Shown, Why},
    ops,
};

use super::{
    Answer, House, Reader,
    constituency::wrong,
    draw,
    forms::Answers,
    go,
    mails::{crumbs, page_of, reference, state, table},
    nothing,
    remotes::count,
    retention::blank,
    settings::{form_of, mail::moment},
};
use crate::{
    views::{
        form::{Control, Field, Form},
        frame::{Link, Section},
        tables::{Cell, Table},
    },
    words::Words,
};

fn named(id: &str) -> Result<MailId, Refusal> {
    id.parse().map_err(|_no_id| nothing())
}

/// `GET /mails/{id}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    page(&house, &reader, named(&id)?, None).await
}

/// `POST /mails/{id}/{act}`.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((id, act)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let (mailbox, viewer) = (&house.mailbox, &reader.viewer);
    let done = match act.as_str() {
        "answer" => ops::reply(mailbox, viewer, id, answers.of("text"))
            .await
            .map(|_| "mail-answered"),
        "report" => ops::file(mailbox, viewer, id, None)
            .await
            .map(|_| "mail-filed"),
        "attach" => ops::file(mailbox, viewer, id, Some(answers.of("reference")))
            .await
            .map(|_| "mail-filed"),
        "aside" => ops::set_aside(mailbox, viewer, id, answers.of("reason"))
            .await
            .map(|_| "mail-set-aside"),
        _ => return Err(nothing()),
    };
    match done {
        Ok(said) => Ok(go(&reader, &page_of(id), said)),
        Err(error) => page(&house, &reader, id, Some((&act, &answers, error))).await,
    }
}

async fn page(
    house: &House,
    reader: &Reader,
    id: MailId,
    refused: Option<(&str, &Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let shown = ops::view(&house.mailbox, &reader.viewer, id).await?;
    let title = match shown.letter.subject.as_str() {
        "" => w.t("mail-no-subject"),
        subject => subject.to_owned(),
    };
    let mut page = blank(house, reader, title, Section::Incidents).await?;
    page.intro = w.t("mail-untrusted");
    page.crumbs = crumbs(w);
    page.facts = facts(w, &shown);
    page.acts.push(Link {
        text: w.t("mail-take-out"),
        url: format!("/api/v1/mails/{id}/whole"),
    });
    if !shown.letter.parts.is_empty() {
        page.tables.push(parts(w, &shown));
    }
    if shown.matter.len() > 1 {
        page.tables.push(Table {
            title: w.t("mail-matter"),
            ..table(w, &shown.matter, String::new())
        });
    }
    let answers = house.mailbox.settings().is_ok_and(|all| all.smtp.is_some());
    let mut forms = if reader.may(Act::MailAnswer) {
        forms(reader, &shown, answers)
    } else {
        Vec::new()
    };
    if let Some((act, answers, error)) = refused {
        let mut none = form_of(reader, "", "form-save", Vec::new());
        let meant = forms.iter_mut().find(|(name, ..)| *name == act);
        let form = meant.map_or(&mut none, |(_, _, form)| form);
        answers.fill(form);
        page.shell.flash = wrong(reader, form, error)?;
    }
    page.forms = forms
        .into_iter()
        .map(|(_, word, form)| (word, form, false))
        .collect();
    draw(&page)
}

fn facts(w: Words, shown: &Shown) -> Vec<(String, Cell)> {
    let (item, letter) = (&shown.item, &shown.letter);
    let head = &item.head;
    let other = if item.is_incoming {
        "mail-from"
    } else {
        "mail-to"
    };
    let mut facts = vec![
        (w.t(other), Cell::text(&head.name).below(&head.address)),
        (w.t("mail-at"), Cell::text(moment(w, item.at))),
        (w.t("mail-number"), reference(item)),
        (w.t("mail-state"), state(w, item)),
    ];
    if item.waits() {
        let why = head.why.unwrap_or(Why::Closed);
        let to_do = w.word("mail-do", why.as_str());
        facts.push((w.t("mail-to-do"), Cell::text(to_do)));
    }
    let protection = letter.protection.word();
    facts.push((
        w.t("mail-protection"),
        Cell::text(w.word("mail-protection", protection)),
    ));
    if let Some(sent) = letter.sent_at {
        facts.push((w.t("mail-sent"), Cell::text(moment(w, sent))));
    }
    let to = letter.answer_to.as_ref().filter(|_| item.is_incoming);
    if let Some(to) = to {
        facts.push((w.t("mail-answer-to"), Cell::text(to.as_str())));
    }
    for note in &letter.notes {
        let said = Cell::text(w.word("mail-note", note.word()));
        facts.push((w.t("mail-reading"), said));
    }
    let text = match letter.text.as_str() {
        "" => Cell::text(w.t("mail-no-text")),
        text => Cell::styled(text, "pre"),
    };
    facts.push((w.t("mail-text"), text));
    facts
}

/// What came with it, by name and digest. It is in the mail alone.
fn parts(w: Words, shown: &Shown) -> Table {
    let row = |part: &mail::Part| {
        vec![
            Cell::text(&part.name).below(&part.kind),
            Cell::text(w.number(&count(i64::try_from(part.bytes).unwrap_or(i64::MAX)))),
            Cell::styled(&part.sha256, "mono"),
        ]
    };
    Table {
        title: w.t("mail-parts"),
        head: ["name", "bytes", "sha256"]
            .map(|name| w.word("mail-part", name))
            .to_vec(),
        rows: shown.letter.parts.iter().map(row).collect(),
        empty: String::new(),
    }
}

/// What can be done: the name of the act, its word, its form.
fn forms(reader: &Reader, shown: &Shown, answers: bool) -> Vec<(&'static str, String, Form)> {
    let (w, item) = (reader.w, &shown.item);
    let url = page_of(item.id);
    let form = |act: &'static str, key: &str, fields: Vec<Field>| {
        let form = form_of(reader, &format!("{url}/{act}"), key, fields);
        (act, w.t(key), form)
    };
    let mut forms = Vec::new();
    if item.can_be_filed() && item.is_incoming {
        forms.push(form("report", "mail-make-report", Vec::new()));
        let number = Field::new("reference", w.t("mail-attach-number"), Control::Text);
        let number = number.hint(w.t("hint-mail-attach")).required().longest(40);
        forms.push(form("attach", "mail-attach", vec![number.short()]));
    }
    if item.is_incoming && answers && shown.letter.answer_to.is_some() {
        let text = Field::new("text", w.t("mail-answer-text"), Control::Area(6));
        let text = text
            .hint(w.t("hint-mail-answer"))
            .required()
            .longest(50_000);
        forms.push(form("answer", "mail-answer", vec![text]));
    }
    if item.waits() {
        let reason = Field::new("reason", w.t("mail-aside-reason"), Control::Text);
        let reason = reason.hint(w.t("hint-mail-aside")).required().longest(500);
        forms.push(form("aside", "mail-aside", vec![reason]));
    }
    forms
}
