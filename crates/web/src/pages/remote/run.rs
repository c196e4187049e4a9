//! One exchange with a server, and what it tells of single objects.

use axum::extract::{Path, Query, State};
use intel::{
    model::{Note, NoteKind},
    ops,
};
use kernel::RunId;

use super::edit::named;
use crate::{
    pages::{
        Answer, House, Reader, draw,
        forms::Answers,
        nothing,
        remotes::{count, note_row, page_of, run_row},
    },
    views::{
        frame::{Link, Pager, Section, Tab},
        remotes::RemoteRun,
    },
};

/// Notes on a page.
const ROWS: usize = 100;
/// What a run tells, by kind.
const KINDS: [NoteKind; 4] = [
    NoteKind::Refused,
    NoteKind::Withheld,
    NoteKind::Withdrawn,
    NoteKind::Defect,
];

/// `GET /remotes/{id}/runs/{run}`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((id, run)): Path<(String, String)>,
    Query(query): Query<Answers>,
) -> Answer {
    let w = reader.w;
    let run: RunId = run.parse().map_err(|_no_id| nothing())?;
    let remote = ops::remote(&house.remotes, &reader.viewer, named(&id)?).await?;
    let (run, notes) = ops::run(&house.remotes, &reader.viewer, remote.id, run).await?;
    let what: Option<NoteKind> = query.of("what").parse().ok();
    let from: usize = query.of("from").parse().unwrap_or_default();
    let shown = run_row(w, remote.id, &run);
    let is_meant = |note: &&Note| what.is_none_or(|what| note.what == what);
    let meant: Vec<&Note> = notes.iter().filter(is_meant).collect();
    let page = |from: usize| {
        let what = what.map_or("", NoteKind::as_str);
        format!("{}?what={what}&from={from}", shown.url)
    };
    let next = from.saturating_add(ROWS);
    let pager = Pager {
        first: (from > 0).then(|| page(0)),
        next: meant.get(next).map(|_| page(next)),
    };
    let kept = i64::try_from(notes.len()).unwrap_or(i64::MAX);
    let of = |kind: NoteKind| notes.iter().filter(|note| note.what == kind).count();
    let tab = |kind: NoteKind| Tab {
        text: w.word("note-tab", kind.as_str()),
        url: format!("{}?what={kind}", shown.url),
        count: u64::try_from(of(kind)).ok(),
        here: what == Some(kind),
    };
    let all = Tab {
        text: w.t("run-told-all"),
        url: shown.url.clone(),
        count: u64::try_from(notes.len()).ok(),
        here: what.is_none(),
    };
    let tabs = KINDS.into_iter().filter(|kind| {
        let is_there = of(*kind) > 0;
        is_there || what == Some(*kind)
    });
    draw(&RemoteRun {
        w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        page: Link {
            text: remote.settings.name.to_string(),
            url: page_of(remote.id),
        },
        direction: remote.direction.as_str(),
        tabs: std::iter::once(all).chain(tabs.map(tab)).collect(),
        notes: meant
            .iter()
            .skip(from)
            .take(ROWS)
            .map(|note| note_row(w, note))
            .collect(),
        left_out: count(run.noted.saturating_sub(kept)),
        pager,
        run: shown,
    })
}
