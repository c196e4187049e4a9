//! What is written for authorities, and what of it went to whom.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse,
};
use incidents::{
    Error,
    clocks::Clocks,
    reporting::submission::{Nature, Part, Recipient, Share, Submission, ops, wire::SentBody},
};
use kernel::IncidentRef;

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, refuse},
    go,
    incident::named,
    incident_clocks::stage_of,
    incident_submission_form::{form, read},
    incident_tabs::who,
    nothing,
};
use crate::{
    views::{
        frame::{Flash, Link, Pager, Section},
        tables::{Cell, Table, Tables},
    },
    words::{Fidelity, Words},
};

/// `GET /incidents/{id}/submissions`; with `stage` or `corrects`, the form for a report.
pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<Answers>,
) -> Answer {
    page(&house, &reader, named(&id)?, (&query, None)).await
}

/// `POST /incidents/{id}/submissions`: a report is written.
pub(super) async fn write(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let done = match read(&answers) {
        Ok(new) => ops::write(&house.ground, &reader.viewer, id, new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok((_, number)) => Ok(go(&reader, &url(id, number), "added")),
        Err(error) => page(&house, &reader, id, (&answers, Some(error))).await,
    }
}

fn url(id: IncidentRef, number: i64) -> String {
    format!("/incidents/{id}/submissions/{number}")
}

async fn page(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    (answers, error): (&Answers, Option<Error>),
) -> Answer {
    let w = reader.w;
    let (all, clocks) = ops::submissions(&house.ground, &reader.viewer, id).await?;
    let mut page = blank(house, reader, id).await?;
    page.title = w.t("submissions");
    page.intro = w.t("submissions-intro");
    let rows = all.iter().rev();
    page.tables = vec![Table {
        title: String::new(),
        head: ["submission", "submission-written", "submission-for"]
            .map(|key| w.t(key))
            .into(),
        rows: rows
            .map(|one| row(w, id, one, &clocks))
            .collect::<Result<_, _>>()?,
        empty: w.t("submissions-empty"),
    }];
    let asked = ["stage", "corrects"].iter().any(|name| answers.is_on(name));
    if asked && reader.may(Act::IncidentEdit) {
        let mut form = form(house, reader, id, (answers, &all, &clocks)).await?;
        if let Some(error) = error {
            answers.fill(&mut form);
            let text = refuse(w, &mut form, error.into())?;
            page.shell.flash = (!text.is_empty()).then_some(Flash { good: false, text });
        }
        page.forms = vec![(w.t("submission-new"), form, true)];
    } else if let Some(error) = error {
        return Err(error.into());
    }
    draw(&page)
}

/// A page below the incident with nothing on it yet.
async fn blank(house: &House, reader: &Reader, id: IncidentRef) -> Result<Tables, Refusal> {
    let w = reader.w;
    let case = incidents::ops::view(&house.ground, &reader.viewer, id).await?;
    let link = |text: String, url: String| Link { text, url };
    let title = case.incident.facts.title.to_string();
    Ok(Tables {
        w,
        shell: reader.shell(house, Section::Incidents).await?,
        title: String::new(),
        intro: String::new(),
        crumbs: vec![
            link(w.t("nav-incidents"), "/incidents".to_owned()),
            link(title, format!("/incidents/{id}")),
            link(w.t("tab-clocks"), format!("/incidents/{id}/clocks")),
        ],
        tabs: Vec::new(),
        acts: Vec::new(),
        facts: Vec::new(),
        find: None,
        picture: None,
        tables: Vec::new(),
        pager: Pager::default(),
        forms: Vec::new(),
        forms_first: false,
    })
}

/// What a report is called.
pub(super) fn name(w: Words, one: &Submission) -> String {
    let stage = stage_of(w, one.regime.as_str(), one.stage.as_str());
    format!("{} · {stage}", one.number)
}

/// How it stands to the one before; nothing where there is none.
fn nature(w: Words, one: &Submission) -> String {
    let of = one.corrects.map(|number| number.to_string());
    of.map_or_else(String::new, |number| {
        w.t2(
            "submission-of",
            &("nature", w.word("submission-nature", one.nature.as_str())),
            &("number", number),
        )
    })
}

fn row(w: Words, id: IncidentRef, one: &Submission, clocks: &Clocks) -> Result<Vec<Cell>, Error> {
    let mut recipients = Vec::new();
    for recipient in &one.recipients {
        let gone = recipient
            .shares
            .iter()
            .filter(|share| share.released.is_some());
        recipients.push(w.t3(
            "submission-to",
            &("authority", recipient.name.to_string()),
            &("state", state(w, one, recipient, clocks)?.0),
            &(
                "parts",
                format!("{}/{}", gone.count(), recipient.shares.len()),
            ),
        ));
    }
    Ok(vec![
        Cell::link(name(w, one), url(id, one.number)).below(nature(w, one)),
        Cell::text(w.date(&one.written.1)).below(who(w, one.written.0.as_str())),
        Cell::styled(recipients.join("\n"), "pre"),
    ])
}

/// How an authority stands to the time that is due: a word, and whether it is late.
fn state(
    w: Words,
    one: &Submission,
    recipient: &Recipient,
    clocks: &Clocks,
) -> Result<(String, bool), Error> {
    let timing = one.timing(recipient, clocks, w.now())?;
    let code = match (timing.due, timing.filed, timing.late) {
        (Some(_), Some(_), true) => "late",
        (Some(_), Some(_), false) => "in-time",
        (Some(_), None, true) => "overdue",
        (_, None, _) => "open",
        (None, Some(_), _) => "filed",
    };
    Ok((w.word("clock-is", code), timing.late))
}

/// `GET /incidents/{id}/submissions/{number}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((id, number)): Path<(String, String)>,
) -> Answer {
    let (w, id) = (reader.w, named(&id)?);
    let number: i64 = number.parse().map_err(|_no_number| nothing())?;
    let (all, clocks) = ops::submissions(&house.ground, &reader.viewer, id).await?;
    let one = all.iter().find(|one| one.number == number);
    let one = one.ok_or_else(nothing)?;
    let mut page = blank(&house, &reader, id).await?;
    page.crumbs.push(Link {
        text: w.t("submissions"),
        url: format!("/incidents/{id}/submissions"),
    });
    page.title = name(w, one);
    page.intro = nature(w, one);
    let may_edit = reader.may(Act::IncidentEdit);
    let offer = |nature: Nature| Link {
        text: w.word("submission-nature", nature.as_str()),
        url: format!("/incidents/{id}/submissions?corrects={number}&nature={nature}"),
    };
    if may_edit {
        page.acts = [Nature::Correction, Nature::Supplement].map(offer).into();
    }
    let texts = one.parts.iter().map(|(part, body)| {
        let name = w.word("submission-part", part.as_str());
        (name, Cell::styled(body.as_str(), "pre"))
    });
    page.facts = texts.collect();
    for recipient in &one.recipients {
        page.tables
            .push(table(w, id, one, recipient, (&clocks, may_edit))?);
    }
    draw(&page)
}

fn table(
    w: Words,
    id: IncidentRef,
    one: &Submission,
    recipient: &Recipient,
    (clocks, may_edit): (&Clocks, bool),
) -> Result<Table, Error> {
    let place = format!("{}/{}", url(id, one.number), recipient.place);
    let (state, late) = state(w, one, recipient, clocks)?;
    let share = |share: &Share| {
        let name = w.word("submission-part", share.part.as_str());
        let gone = match &share.released {
            Some((by, at)) => Cell::text(w.t2(
                "submission-released",
                &("who", who(w, by.as_str())),
                &("when", w.dated_to(at, &Fidelity::Minute)),
            )),
            None if may_edit => {
                Cell::press(format!("{place}/{}", share.part), w.t("submission-release"))
            }
            None => Cell::text("–"),
        };
        vec![Cell::text(name), gone]
    };
    let mut rows: Vec<Vec<Cell>> = recipient.shares.iter().map(share).collect();
    let style = if late { "chip bad" } else { "chip" };
    rows.insert(
        0,
        vec![Cell::text(w.t("clock-state")), Cell::styled(state, style)],
    );
    let gone = recipient
        .shares
        .iter()
        .any(|share| share.released.is_some());
    if gone {
        let file = |format: &str, key: &str| Cell::link(w.t(key), format!("{place}/{format}"));
        rows.push(vec![
            Cell::text(w.t("submission-file")),
            file("text", "submission-text"),
        ]);
        rows.push(vec![Cell::default(), file("json", "submission-json")]);
    }
    Ok(Table {
        title: recipient.name.to_string(),
        head: vec![w.t("submission-part"), w.t("submission-gone")],
        rows,
        empty: String::new(),
    })
}

/// `POST /incidents/{id}/submissions/{number}/{place}/{part}`: a part goes to an authority.
pub(super) async fn release(
    State(house): State<House>,
    reader: Reader,
    Path((id, number, place, part)): Path<(String, String, String, String)>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let number: i64 = number.parse().map_err(|_no_number| nothing())?;
    let place: i64 = place.parse().map_err(|_no_number| nothing())?;
    let part: Part = part.parse().map_err(|_no_part| nothing())?;
    ops::release(&house.ground, &reader.viewer, (id, number, place), &[part]).await?;
    Ok(go(&reader, &url(id, number), "saved"))
}

/// `GET /incidents/{id}/submissions/{number}/{place}/{format}`: what went to an authority, as a file.
pub(super) async fn file(
    State(house): State<House>,
    reader: Reader,
    Path((id, number, place, format)): Path<(String, String, String, String)>,
) -> Answer {
    let id = named(&id)?;
    let number: i64 = number.parse().map_err(|_no_number| nothing())?;
    let place: i64 = place.parse().map_err(|_no_number| nothing())?;
    let one = ops::submission(&house.ground, &reader.viewer, (id, number)).await?;
    let sent = SentBody::new(id, &one, place).ok_or_else(nothing)?;
    let (media_type, ending, text) = match format.as_str() {
        "text" => (
            "text/plain; charset=utf-8",
            "txt",
            text(reader.w, &one, &sent),
        ),
        "json" => {
            let text = serde_json::to_string_pretty(&sent).map_err(Error::Unwritable)?;
            ("application/json", "json", text)
        }
        _ => return Err(nothing()),
    };
    let name = format!("attachment; filename=\"{id}-{number}-{place}.{ending}\"");
    let head = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((head, text).into_response())
}

fn text(w: Words, one: &Submission, sent: &SentBody) -> String {
    let mut lines = vec![
        name(w, one),
        nature(w, one),
        sent.authority.clone(),
        sent.incident.to_string(),
    ];
    lines.retain(|line| !line.is_empty());
    for part in &sent.parts {
        let name = w.word("submission-part", part.part.as_str());
        lines.push(format!("\n## {name}\n\n{}\n", part.text));
        lines.push(format!("{} · SHA-256 {}", part.released_at, part.sha256));
    }
    lines.push(String::new());
    lines.join("\n")
}
