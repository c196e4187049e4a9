//! The work on an incident by its tabs: tasks, notes, indicators; and what waits on the desk.

use access::{http::Refusal, policy::Act};
use incidents::{
    Error,
    model::Case,
    ops,
    work::{Figures, Task, Work as Done},
};
use kernel::{IncidentRef, Timestamp};

use super::{
    hand,
    tabs::who,
    work_form::{conflict, first, form, keep_form, offers, take},
};
use crate::{
    pages::{
        Answer, House, Reader, draw,
        forms::{Answers, refuse_below},
        go, nothing,
        reader::escaped,
    },
    views::{
        desk::News,
        frame::{Flash, Pager, Section},
        incident::{Incident, IncidentHead, Part},
        work::{AppliedTemplate, IndicatorRow, NoteRow, TaskRow, Work, WorkLine, WorkPart},
    },
    words::Words,
};

/// The tabs on which work stands.
pub(crate) const TABS: [&str; 3] = ["tasks", "notes", "indicators"];
/// Indicators on a page.
const ROWS: u16 = 200;
/// Lines of work on the desk.
const ON_DESK: usize = 12;

/// What is asked of a tab.
#[derive(Default)]
pub(crate) struct Asked {
    /// The form that shall be open.
    pub(crate) form: String,
    /// With which row the list begins.
    pub(crate) from: i64,
    /// Behind which line the history goes on.
    pub(crate) after: String,
    /// What was typed and why it was refused.
    pub(crate) refused: Option<(Answers, Error)>,
    /// What was typed, by whoever goes on writing from another's version.
    pub(crate) again: Option<Answers>,
    /// A pasted text, whose indicators are to be looked at.
    pub(crate) pasted: Option<String>,
}

/// A tab; where something was refused on it, with what was typed and why it was.
pub(crate) async fn show(
    house: &House,
    reader: &Reader,
    (case, head): (&Case, IncidentHead),
    tab: &'static str,
    asked: Asked,
) -> Answer {
    let (w, id) = (reader.w, case.incident.public);
    let done = ops::work(&house.ground, &reader.viewer, id).await?;
    // What was merged into another takes nothing more.
    let may_edit = head.may_edit;
    let url = format!("/incidents/{id}/{tab}");
    let mut shell = reader.shell(house, Section::Incidents).await?;
    let mut open = None;
    let name = if asked.form.is_empty() {
        first(tab).to_owned()
    } else {
        asked.form.clone()
    };
    if let Some(text) = &asked.pasted {
        let found = ops::find_indicators(&house.ground, &reader.viewer, id, text).await;
        match found.and_then(|found| keep_form(reader, &url, &found)) {
            Ok(form) => open = Some(("keep".to_owned(), form)),
            Err(error) => {
                let mut form = form(house, reader, (case, &done), (tab, "text")).await?;
                if let Some(form) = &mut form {
                    let pasted = Answers(vec![("text".to_owned(), text.clone())]);
                    pasted.fill(form);
                    say(&mut shell, refuse_below(w, form, error.into())?);
                }
                open = form.map(|form| ("text".to_owned(), form));
            }
        }
    } else if may_edit {
        let drawn = form(house, reader, (case, &done), (tab, &name)).await?;
        open = drawn.map(|form| (name, form));
    }
    if let (Some(answers), Some((_, form))) = (&asked.again, &mut open) {
        answers.fill(form);
    }
    if let Some((answers, error)) = asked.refused {
        let Some((_, form)) = &mut open else {
            return Err(error.into());
        };
        answers.fill(form);
        say(&mut shell, refuse_below(w, form, error.into())?);
    }
    let part = match tab {
        "tasks" => tasks(w, &done, &url, may_edit),
        "notes" => notes(w, case, &done),
        _ => indicators(house, reader, id, (asked.from, done.indicators)).await?,
    };
    let work = Work {
        csrf: shell.csrf.clone(),
        may_edit,
        watched: done.watched,
        watchers: done.watchers,
        offers: offers(w, tab, &url, open.as_ref().map(|(name, _)| name.as_str()))
            .into_iter()
            .filter(|_| may_edit)
            .collect(),
        form: open.map(|(name, form)| (heading(w, &name), form)),
        part,
        url,
    };
    draw(&Incident {
        w,
        shell,
        head,
        part: Part::Work(Box::new(work)),
    })
}

fn say(shell: &mut crate::views::frame::Shell, text: String) {
    if !text.is_empty() {
        shell.flash = Some(Flash { good: false, text });
    }
}

fn heading(w: Words, name: &str) -> String {
    let name = if name.starts_with("task-") {
        "task-change"
    } else {
        name
    };
    w.word("work-form", name)
}

/// What a form of these tabs does; on a conflict both texts are shown.
pub(crate) async fn change(
    house: &House,
    reader: &Reader,
    (id, tab): (IncidentRef, &'static str),
    answers: Answers,
) -> Result<Result<Asked, axum::response::Response>, Refusal> {
    let form = answers.of("form").to_owned();
    if answers.is_on("again") {
        let again = Some(answers);
        return Ok(Ok(Asked {
            form,
            again,
            ..Asked::default()
        }));
    }
    if form == "text" {
        // What was pasted is shown first, and nothing of it is kept.
        return Ok(Ok(Asked {
            form,
            pasted: Some(answers.of("text").to_owned()),
            ..Asked::default()
        }));
    }
    if form == "hand" {
        let to = hand::hand(house, reader, id, &answers).await?;
        return Ok(Err(to));
    }
    match take(house, reader, id, &answers).await {
        Ok(_) => {
            let said = match form.as_str() {
                "state" | "watch" | "seen" => "saved",
                task if task.starts_with("task-") => "saved",
                _ => "added",
            };
            Ok(Err(go(reader, &format!("/incidents/{id}/{tab}"), said)))
        }
        Err(Error::TaskStale { .. }) => Ok(Err(conflict(house, reader, id, &answers).await?)),
        Err(error) => Ok(Ok(Asked {
            form,
            refused: Some((answers, error)),
            ..Asked::default()
        })),
    }
}

/// The tab of that name.
pub(super) fn tab_of(name: &str) -> Result<&'static str, Refusal> {
    TABS.into_iter()
        .find(|known| *known == name)
        .ok_or_else(nothing)
}

pub(crate) fn tasks(w: Words, done: &Done, url: &str, may_edit: bool) -> WorkPart {
    let row = |task: &Task| TaskRow {
        number: task.number,
        version: task.version,
        title: task.facts.title.to_string(),
        detail: task.facts.detail.as_str().to_owned(),
        assignee: task.facts.assignee.clone().unwrap_or_default(),
        due: task.facts.due,
        state: task.facts.state.as_str(),
        open: task.facts.state.is_open(),
        change: if may_edit {
            format!("{url}?form=task-{}#form", task.number)
        } else {
            String::new()
        },
    };
    let applied = done.applied.iter().map(|one| {
        let read = |text: &incidents::work::Text| text.read(w.language()).to_owned();
        let moments = one.template.moments.iter();
        AppliedTemplate {
            name: read(&one.template.name),
            by: (who(w, one.by.0.as_str()), one.by.1),
            points: one.template.points.iter().map(read).collect(),
            moments: moments
                .map(|moment| w.word("clock-moment", moment.as_str()))
                .collect(),
        }
    });
    WorkPart::Tasks(done.tasks.iter().map(row).collect(), applied.collect())
}

pub(crate) fn notes(w: Words, case: &Case, done: &Done) -> WorkPart {
    let row = |by: &incidents::severity::Author, at: Timestamp, text: &str| NoteRow {
        who: who(w, by.as_str()),
        at,
        text: text.to_owned(),
    };
    let notes = done.notes.iter();
    let lessons = done.lessons.iter();
    WorkPart::Notes {
        notes: notes
            .map(|note| row(&note.written.0, note.written.1, note.body.as_str()))
            .collect(),
        unseen: done.unseen,
        lessons: lessons
            .map(|one| {
                let text = one.body.as_str();
                (one.kind.as_str(), row(&one.written.0, one.written.1, text))
            })
            .collect(),
        figures: figures(w, &Figures::of(case, done)),
    }
}

/// The figures of a case, label and value; what is not known is left out.
fn figures(w: Words, figures: &Figures) -> Vec<(String, String)> {
    let span = |span: std::time::Duration| w.span(&i64::try_from(span.as_secs()).unwrap_or(0));
    let spans = [
        ("figure-until-detected", figures.until_detected),
        ("figure-until-reported", figures.until_reported),
        ("figure-until-closed", figures.until_closed),
    ];
    let spans = spans
        .into_iter()
        .filter_map(|(key, known)| Some((w.t(key), span(known?))));
    let (ready, all) = figures.tasks;
    let of = w.t2("figure-of", &("n", ready), &("all", all));
    let counts = [
        ("tab-timeline", figures.timeline),
        ("tab-notes", figures.notes),
        ("tab-indicators", figures.indicators),
        ("figure-filings", figures.filings),
    ];
    let counts = counts.map(|(key, count)| (w.t(key), w.number(&count)));
    spans
        .chain([(w.t("figure-tasks"), of)])
        .chain(counts)
        .collect()
}

async fn indicators(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    (from, all): (i64, u64),
) -> Result<WorkPart, Refusal> {
    let w = reader.w;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let (found, next) = ops::indicators(ground, viewer, id, (from, ROWS)).await?;
    let url = format!("/incidents/{id}/indicators");
    Ok(WorkPart::Indicators {
        rows: found.iter().map(|one| indicator(w, one)).collect(),
        all,
        pager: Pager {
            first: (from > 0).then(|| url.clone()),
            next: next.map(|next| format!("{url}?from={next}")),
        },
    })
}

pub(crate) fn indicator(w: Words, one: &incidents::work::Indicator) -> IndicatorRow {
    let value = one.value.to_string();
    IndicatorRow {
        kind: one.value.kind().name().to_owned(),
        search: format!("/collections/search?q={}", escaped(&value)),
        by: (who(w, one.added.0.as_str()), one.added.1),
        value,
    }
}

/// What waits for the reader, and what happened in the incidents that he watches.
pub(crate) async fn on_desk(
    house: &House,
    reader: &Reader,
    since: Option<Timestamp>,
) -> Result<(Vec<WorkLine>, Vec<News>), Refusal> {
    if !reader.may(Act::CaseRead) {
        return Ok((Vec::new(), Vec::new()));
    }
    let w = reader.w;
    let mine = ops::mine(&house.ground, &reader.viewer).await?;
    let mentions = mine.mentions.into_iter().map(|one| WorkLine {
        due: None,
        kind: "mention",
        what: who(w, &one.by),
        title: one.incident,
        url: format!("/incidents/{}/notes", one.public),
    });
    let tasks = mine.tasks.into_iter().map(|one| WorkLine {
        due: one.due,
        kind: "task",
        what: one.title,
        title: one.incident,
        url: format!("/incidents/{}/tasks#task-{}", one.public, one.number),
    });
    let watched = mine.watched.into_iter();
    let news = watched
        .filter(|one| since.is_some_and(|since| one.changed > since))
        .map(|one| News {
            text: w.t1("news-watched", "title", one.incident),
            url: format!("/incidents/{}/history", one.public),
            bad: false,
        });
    Ok((
        mentions.chain(tasks).take(ON_DESK).collect(),
        news.collect(),
    ))
}
