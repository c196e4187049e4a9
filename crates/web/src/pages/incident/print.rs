//! The whole case on one page, to be printed or kept as PDF: what stands on its tabs, as far as the
//! reader may see it, and all of it.

use access::{http::Refusal, policy::Act};
use incidents::{evidence::ops as kept, model::Case, ops};
use kernel::{IncidentRef, Limit, PageRequest};

use super::{
    care, clocks,
    evidence::{self, locker},
    exchange::Exchanged,
    harm, hold, merge,
    parts::{head, summary_of},
    severity, split,
    tabs::{change_of, files, linked, source, timeline},
    work,
};
use crate::{
    pages::{Answer, House, Reader, draw},
    views::{
        custody::Items,
        frame::{Pager, Section},
        incident::Part,
        print::{CasePaper, PaperPart},
        sheet::Sheet,
        work::{Work, WorkPart},
    },
    words::Words,
};

/// Indicators that are read at a time.
const AT_A_TIME: u16 = 5_000;
/// Local times beside UTC.
const ZONES: usize = 3;

/// `GET /incidents/{id}/print`: with tasks and notes where the reader asks for them.
pub(crate) async fn show(house: &House, reader: &Reader, id: IncidentRef, inner: bool) -> Answer {
    let w = reader.w.on_paper();
    let case = ops::view(&house.ground, &reader.viewer, id).await?;
    let told = Exchanged::about(house, reader, &case).await?;
    let may_inner = reader.may(Act::CaseRead);
    let mut head = head(w, (&case, &told), "", (false, false));
    head.merged = merge::band(house, reader, id, false).await?;
    head.split = split::band(house, reader, id, false).await?;
    let mut parts = of_case(w, &case, &told)?;
    if may_inner {
        parts.extend(work(house, reader, (w, &case), inner).await?);
        parts.push(indicators(house, reader, (w, id)).await?);
        parts.push(kept(house, reader, (w, id)).await?);
    }
    parts.push(history(house, reader, (w, id)).await?);
    let (full, empty): (Vec<PaperPart>, Vec<PaperPart>) =
        parts.into_iter().partition(|(_, part, _)| !is_empty(part));
    let empty: Vec<String> = empty.iter().map(|(name, ..)| w.word("tab", name)).collect();
    let zones = zones(house, reader, &case).await;
    let local = zones.iter().filter_map(|zone| w.local(&w.now(), zone));
    draw(&CasePaper {
        w,
        shell: reader.shell(house, Section::Incidents).await?,
        summary: summary_of(w, &case, &told),
        head,
        at: w.now(),
        local: local.collect(),
        parts: full,
        empty: empty.join(&w.t("comma")),
        inner: may_inner.then_some(inner),
    })
}

/// What everybody sees who may read the incident.
fn of_case(w: Words, case: &Case, told: &Exchanged) -> Result<Vec<PaperPart>, Refusal> {
    let sheet = |sheet: Sheet| {
        let pages = Vec::new();
        Part::Sheet(Box::new(Sheet { pages, ..sheet }))
    };
    let severity = severity::tab(w, case, false, None);
    let clocks = clocks::tab(w, case, false, None)?;
    let statements = case.statements.iter().map(|said| source(w, said));
    let links = case.links.iter().map(|link| linked(told, link));
    let all = [
        ("severity", Part::Severity(Box::new(severity))),
        ("harm", sheet(harm::tab(w, case, false, None))),
        ("care", sheet(care::tab(w, case, false, None))),
        ("clocks", Part::Clocks(Box::new(clocks))),
        (
            "timeline",
            Part::Timeline {
                entries: case
                    .timeline
                    .iter()
                    .map(|one| timeline(told, one))
                    .collect(),
                pager: Pager::default(),
                form: None,
            },
        ),
        (
            "sources",
            Part::Sources {
                statements: statements.collect(),
                // They stand under harm, with all that is known of them.
                figures: Vec::new(),
                form: None,
            },
        ),
        (
            "links",
            Part::Links {
                links: links.collect(),
                form: None,
            },
        ),
        (
            "attachments",
            Part::Attachments {
                files: files(case),
                form: None,
            },
        ),
    ];
    Ok(all.map(|(name, part)| (name, part, Vec::new())).into())
}

/// Tasks and notes, where they are asked for.
async fn work(
    house: &House,
    reader: &Reader,
    (w, case): (Words, &Case),
    asked: bool,
) -> Result<Vec<PaperPart>, Refusal> {
    if !asked {
        return Ok(Vec::new());
    }
    let id = case.incident.public;
    let done = ops::work(&house.ground, &reader.viewer, id).await?;
    let mut notes = work::notes(w, case, &done);
    if let WorkPart::Notes { unseen, .. } = &mut notes {
        *unseen = 0;
    }
    let tasks = work::tasks(w, &done, "", false);
    Ok(vec![worked("tasks", tasks), worked("notes", notes)])
}

fn worked(name: &'static str, part: WorkPart) -> PaperPart {
    let work = Work {
        url: String::new(),
        csrf: String::new(),
        may_edit: false,
        watched: false,
        watchers: 0,
        offers: Vec::new(),
        form: None,
        part,
    };
    (name, Part::Work(Box::new(work)), Vec::new())
}

/// All indicators, however many.
async fn indicators(
    house: &House,
    reader: &Reader,
    (w, id): (Words, IncidentRef),
) -> Result<PaperPart, Refusal> {
    let mut rows = Vec::new();
    let mut from = Some(0);
    while let Some(first) = from {
        let page = (first, AT_A_TIME);
        let (found, next) = ops::indicators(&house.ground, &reader.viewer, id, page).await?;
        rows.extend(found.iter().map(|one| work::indicator(w, one)));
        from = next;
    }
    let all = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let pager = Pager::default();
    Ok(worked(
        "indicators",
        WorkPart::Indicators { rows, all, pager },
    ))
}

/// The evidence with its custody, to which this look adds a line, and the legal holds.
async fn kept(
    house: &House,
    reader: &Reader,
    (w, id): (Words, IncidentRef),
) -> Result<PaperPart, Refusal> {
    let all = kept::view_all(&locker(house), &reader.viewer, id).await?;
    let (holds, _) = hold::section(house, reader, (id, false), "").await?;
    let rows: Vec<_> = all
        .iter()
        .map(|(item, _)| evidence::row(w, id, item))
        .collect();
    let custody = all.iter().zip(&rows).map(|((_, lines), row)| {
        let lines = lines.iter();
        let lines = lines.map(|line| evidence::line_of(w, line));
        (format!("{} · {}", row.number, row.name), lines.collect())
    });
    let custody = custody.collect();
    let items = Items {
        rows,
        form: None,
        holds,
        hold: None,
    };
    Ok(("evidence", Part::Evidence(Box::new(items)), custody))
}

/// The history from its end to its beginning.
async fn history(
    house: &House,
    reader: &Reader,
    (w, id): (Words, IncidentRef),
) -> Result<PaperPart, Refusal> {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let changes = ops::changes(ground, viewer, id).await?;
    let mut all = Vec::new();
    let mut request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    loop {
        let page = ops::history(ground, viewer, id, request).await?;
        all.extend(page.items.iter().map(|act| change_of(w, act, &changes)));
        match page.next {
            Some(next) => request.after = Some(next),
            None => return Ok(("history", Part::History(all, Pager::default()), Vec::new())),
        }
    }
}

/// Where nothing was entered; the paper says so in one line.
fn is_empty(part: &Part) -> bool {
    match part {
        Part::Summary(_) => false,
        Part::Timeline { entries, .. } => entries.is_empty(),
        Part::Sources { statements, .. } => statements.is_empty(),
        Part::Severity(severity) => severity.judged.is_none() && severity.ratings.is_empty(),
        Part::Clocks(clocks) => clocks.regimes.is_empty() && clocks.moments.is_empty(),
        Part::Work(work) => match &work.part {
            WorkPart::Tasks(tasks, applied) => tasks.is_empty() && applied.is_empty(),
            WorkPart::Notes { notes, lessons, .. } => notes.is_empty() && lessons.is_empty(),
            WorkPart::Indicators { rows, .. } => rows.is_empty(),
        },
        Part::Evidence(items) => items.rows.is_empty() && items.holds.is_empty(),
        Part::Sheet(sheet) => sheet.panels.is_empty() && sheet.lead.is_empty(),
        Part::Links { links, .. } => links.is_empty(),
        Part::Attachments { files, .. } => files.is_empty(),
        Part::History(changes, _) => changes.is_empty(),
    }
}

/// The zones in which the house and those with whom it files reckon.
async fn zones(house: &House, reader: &Reader, case: &Case) -> Vec<String> {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    // Whoever may not read the directory has no desks; the paper has UTC then.
    let own = ::directory::ops::read_party(ground, viewer, &viewer.party).await;
    let desks = own.map(|(_, contacts)| contacts).unwrap_or_default();
    let desks = desks.iter().map(|one| one.profile.time_zone.to_string());
    let duties = case.clocks.duties.iter().map(|one| one.zone.to_string());
    let mut zones: Vec<String> = Vec::new();
    for zone in desks.chain(duties) {
        if zone != "UTC" && !zones.contains(&zone) && zones.len() < ZONES {
            zones.push(zone);
        }
    }
    zones
}
