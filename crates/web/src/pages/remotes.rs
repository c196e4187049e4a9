//! The servers of other makers with which collections are exchanged.

use access::policy::{Act, check_house};
use axum::extract::State;
use intel::{
    model::{Note, Remote, Run, Shown},
    ops,
};
use kernel::RemoteId;

use super::{
    Answer, House, Reader,
    collections::{url, url_of},
    draw,
};
use crate::{
    views::{
        frame::{Link, Section},
        remotes::{NoteRow, RemoteRow, Remotes, RunRow},
    },
    words::{Words, key},
};

/// `GET /remotes`.
pub(super) async fn list(State(house): State<House>, reader: Reader) -> Answer {
    check_house(&reader.viewer, Act::IntelManage)?;
    let all = ops::remotes(&house.remotes, &reader.viewer).await?;
    let held = ops::collections(&house.ground, &reader.viewer, None).await?;
    let rows = all
        .iter()
        .map(|(remote, run)| row(reader.w, &held, remote, run.as_ref()));
    draw(&Remotes {
        w: reader.w,
        rows: rows.collect(),
        shell: reader.shell(&house, Section::Intelligence).await?,
    })
}

/// The page of a server.
pub(super) fn page_of(id: RemoteId) -> String {
    format!("/remotes/{id}")
}

/// A server as pages show it.
pub(super) fn row(w: Words, held: &[Shown], remote: &Remote, last: Option<&Run>) -> RemoteRow {
    let here = &remote.here;
    let public = here.collection.uuid().to_string();
    let found = held
        .iter()
        .find(|one| one.collection.public == here.collection);
    let collection = found.map_or_else(
        || Link {
            text: public.clone(),
            url: url(here.root.as_str(), &public),
        },
        |shown| Link {
            text: shown.collection.settings.title.to_string(),
            url: url_of(shown),
        },
    );
    RemoteRow {
        url: page_of(remote.id),
        name: remote.settings.name.to_string(),
        host: remote.settings.address.host().to_owned(),
        kind: remote.kind.as_str(),
        direction: remote.direction.as_str(),
        collection,
        enabled: remote.settings.enabled,
        due: remote.due_at,
        failures: count(remote.failures),
        last: last.map(|run| run_row(w, remote.id, run)),
    }
}

/// A run as pages show it.
pub(super) fn run_row(w: Words, remote: RemoteId, run: &Run) -> RunRow {
    RunRow {
        url: format!("{}/runs/{}", page_of(remote), run.id),
        outcome: run.outcome.as_str(),
        started: run.started_at,
        ended: run.ended_at,
        why: run
            .code
            .as_deref()
            .map_or_else(String::new, |code| why(w, code)),
        detail: run.detail.clone().unwrap_or_default(),
        received: count(run.tally.received),
        added: count(run.tally.added),
        known: count(run.tally.known),
        sent: count(run.tally.sent),
        refused: count(run.tally.refused),
        withdrawn: count(run.tally.withdrawn),
        noted: count(run.noted),
    }
}

/// What a run tells, as pages show it.
pub(super) fn note_row(w: Words, note: &Note) -> NoteRow {
    NoteRow {
        what: note.what.as_str(),
        subject: note.subject.clone(),
        why: why(w, &note.code),
        detail: note.detail.clone(),
    }
}

/// A code that a run tells, as a sentence; empty where there is none.
fn why(w: Words, code: &str) -> String {
    let said = w.find(&key("why", code), &[]);
    said.or_else(|| w.find(&key("error", code), &[]))
        .unwrap_or_default()
}

pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
