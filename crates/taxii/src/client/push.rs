//! From here to there, envelope by envelope.

use std::time::Duration;

use intel::{
    model::{Note, NoteKind, Tally},
    remotes::{Ended, Step, Trouble, Visit},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    body::{Failure, Status},
    find::{Target, find},
    talk::{Good, Talk},
};

/// The most objects of an envelope.
const OBJECTS_MAX: u32 = 1_000;
/// The longest envelope where the server names no limit.
const BYTES_DEFAULT: u64 = 10 << 20;
/// The longest envelope whatever the server takes.
const BYTES_MAX: u64 = 32 << 20;
/// What an envelope has besides its objects and the commas between them.
const FRAME_BYTES: u64 = 14;
/// How often a status is looked at before it is left alone.
const LOOKS_MAX: u32 = 100;

/// What is saved with each step.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct State {
    /// The place up to which all went.
    after: i64,
    /// How many objects go at once; fewer after a refusal of many. Zero where nothing is known.
    entries: u32,
    /// An envelope of which is not known yet what became of it.
    pending: Option<Pending>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Pending {
    status: String,
    /// The place of its last object.
    upto: i64,
    objects: i64,
    looks: u32,
}

/// What one step came to.
enum Went {
    On,
    Done,
    Wait(Duration),
}

/// Sends what was added here since the last run.
pub(super) async fn push(mut visit: Visit) -> Result<Ended, Trouble> {
    let mut talk = Talk::begin(&visit).await?;
    let target = find(&visit, &mut talk).await?;
    if !target.collection.can_write {
        let detail = "the collection cannot be written with these credentials";
        return Err(Trouble::lasting("taxii.not_writable", detail));
    }
    let mut state: State = visit.state();
    let mut told = Vec::new();
    loop {
        let went = match state.pending.clone() {
            Some(pending) => look(&mut visit, &mut talk, (&target, &mut state), pending).await?,
            None => send(&mut visit, &mut talk, (&target, &mut state)).await?,
        };
        let notes = talk.told(&mut told);
        if !notes.is_empty() {
            let tally = Tally::default();
            visit.note(Step { tally, notes }, &state).await?;
        }
        let more = |after| Ended::More {
            after,
            code: "intel.run_time",
            detail: "the time of the run was over; the next one goes on".to_owned(),
        };
        match went {
            Went::Done => return Ok(Ended::Complete),
            Went::Wait(after) => {
                return Ok(Ended::More {
                    after,
                    code: "taxii.pending",
                    detail: "the server has not looked at all objects yet".to_owned(),
                });
            }
            Went::On if visit.is_late() => return Ok(more(Duration::ZERO)),
            Went::On => {}
        }
    }
}

/// The next envelope.
async fn send(
    visit: &mut Visit,
    talk: &mut Talk,
    (target, state): (&Target, &mut State),
) -> Result<Went, Trouble> {
    let entries = if state.entries == 0 {
        OBJECTS_MAX
    } else {
        state.entries
    };
    let bytes_max = target.bytes_max.unwrap_or(BYTES_DEFAULT).min(BYTES_MAX);
    let room = bytes_max.saturating_sub(FRAME_BYTES + u64::from(entries));
    let room = i64::try_from(room).unwrap_or(i64::MAX);
    let page = visit.outgoing(state.after, (entries, room)).await?;
    let Some((_, upto)) = page.places else {
        return finish(visit, state).await;
    };
    let list = format!("[{}]", page.content);
    let objects: Vec<&RawValue> = serde_json::from_str(&list)
        .map_err(|error| Trouble::lasting("taxii.unwritable", error.to_string()))?;
    if objects.is_empty() {
        state.after = upto;
        visit.note(Step::default(), state).await?;
        return Ok(Went::On);
    }
    let count = i64::try_from(objects.len()).unwrap_or(i64::MAX);
    let body = format!("{{\"objects\":[{}]}}", page.content);
    if u64::try_from(body.len()).unwrap_or(u64::MAX) > bytes_max {
        let why = format!("it is longer than the {bytes_max} bytes that the server takes");
        return pass_over(
            visit,
            state,
            upto,
            &refusal(&objects, "taxii.too_large", why),
        )
        .await;
    }
    match talk.post(target.objects()?, body).await {
        Ok(good) => {
            state.entries = entries.saturating_mul(2).min(OBJECTS_MAX);
            handed_in(visit, talk, state, (good, upto, count)).await
        }
        // One of many may be what it does not like; alone it is told by name.
        Err(trouble) if matches!(trouble.code, "taxii.refused" | "taxii.too_large") => {
            if count > 1 {
                state.entries = u32::try_from(count / 2).unwrap_or(1).max(1);
                return Ok(Went::On);
            }
            let note = refusal(&objects, trouble.code, trouble.detail);
            pass_over(visit, state, upto, &note).await
        }
        Err(trouble) => Err(trouble),
    }
}

/// An envelope was taken: its status says what became of the objects, now or later.
async fn handed_in(
    visit: &mut Visit,
    talk: &mut Talk,
    state: &mut State,
    (good, upto, objects): (Good, i64, i64),
) -> Result<Went, Trouble> {
    let status: Status = serde_json::from_slice(&good.bytes).unwrap_or_else(|_no_status| {
        talk.defect("taxii.no_status", "an envelope is taken without a status");
        Status::default()
    });
    let pending = Pending {
        status: status.id.clone().unwrap_or_default(),
        upto,
        objects,
        looks: 0,
    };
    if status.stands.as_deref() == Some("pending") && !pending.status.is_empty() {
        state.pending = Some(pending);
        visit.note(Step::default(), state).await?;
        return Ok(Went::On);
    }
    settle(visit, state, &pending, status).await
}

/// Looks at the status of an envelope.
async fn look(
    visit: &mut Visit,
    talk: &mut Talk,
    (target, state): (&Target, &mut State),
    mut pending: Pending,
) -> Result<Went, Trouble> {
    let asked = talk.get(target.status(&pending.status)?).await;
    let status: Option<Status> = match asked {
        Ok(good) => serde_json::from_slice(&good.bytes).ok(),
        Err(trouble) if trouble.code == "taxii.not_found" => None,
        Err(trouble) => return Err(trouble),
    };
    pending.looks += 1;
    let Some(status) = status.filter(|_| pending.looks < LOOKS_MAX) else {
        let note = Note {
            what: NoteKind::Withheld,
            subject: format!("{} objects", pending.objects),
            code: "taxii.status_lost".to_owned(),
            detail: "the server took them and does not say what became of them".to_owned(),
        };
        return pass_over(visit, state, pending.upto, &note).await;
    };
    if status.stands.as_deref() == Some("pending") {
        let wait = queue_wait(pending.looks);
        state.pending = Some(pending);
        visit.note(Step::default(), state).await?;
        return Ok(Went::Wait(wait));
    }
    settle(visit, state, &pending, status).await
}

/// Longer each time, to a minute.
fn queue_wait(looks: u32) -> Duration {
    let seconds = 1_u64.checked_shl(looks).unwrap_or(u64::MAX);
    Duration::from_secs(seconds.min(60))
}

/// What became of all objects of an envelope.
async fn settle(
    visit: &mut Visit,
    state: &mut State,
    envelope: &Pending,
    status: Status,
) -> Result<Went, Trouble> {
    let failures = status.failures.unwrap_or_default();
    let named = i64::try_from(failures.len()).unwrap_or(i64::MAX);
    let refused = status
        .failure_count
        .unwrap_or(named)
        .clamp(named, envelope.objects.max(named));
    let sent = status.success_count.unwrap_or(envelope.objects - refused);
    let mut notes: Vec<Note> = failures.into_iter().map(failed).collect();
    if refused > named {
        notes.push(Note {
            what: NoteKind::Refused,
            subject: format!("{} objects", refused - named),
            code: "taxii.unnamed_failure".to_owned(),
            detail: "the server refused them and does not name them".to_owned(),
        });
    }
    state.after = envelope.upto;
    state.pending = None;
    let tally = Tally {
        sent: sent.clamp(0, envelope.objects),
        refused,
        ..Tally::default()
    };
    visit.note(Step { tally, notes }, state).await?;
    Ok(Went::On)
}

fn failed(failure: Failure) -> Note {
    let id = failure.id.unwrap_or_default();
    let version = failure.version.unwrap_or_default();
    Note {
        what: NoteKind::Refused,
        subject: format!("{id} {version}").trim().to_owned(),
        code: "taxii.failure".to_owned(),
        detail: failure.message.unwrap_or_default(),
    }
}

/// The only object of an envelope, refused.
fn refusal(objects: &[&RawValue], code: &str, detail: String) -> Note {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    let named = objects
        .first()
        .map(|object| serde_json::from_str(object.get()));
    let named: Option<Named> = named.and_then(Result::ok);
    Note {
        what: NoteKind::Refused,
        subject: named.map_or_else(String::new, |named| named.id),
        code: code.to_owned(),
        detail,
    }
}

/// Goes on behind something that did not go.
async fn pass_over(
    visit: &mut Visit,
    state: &mut State,
    upto: i64,
    note: &Note,
) -> Result<Went, Trouble> {
    state.after = upto;
    state.pending = None;
    let tally = Tally {
        refused: i64::from(note.what == NoteKind::Refused),
        ..Tally::default()
    };
    let notes = vec![note.clone()];
    visit.note(Step { tally, notes }, state).await?;
    Ok(Went::On)
}

/// All went that may; what may not is told once a run, by its number.
async fn finish(visit: &mut Visit, state: &State) -> Result<Went, Trouble> {
    let held = visit.withheld().await?;
    if held > 0 {
        let label = visit.remote.settings.label.as_str();
        let note = Note {
            what: NoteKind::Withheld,
            subject: format!("{held} entries"),
            code: "intel.label".to_owned(),
            detail: format!("they are marked above {label} and stay here"),
        };
        let notes = vec![note];
        let tally = Tally::default();
        visit.note(Step { tally, notes }, state).await?;
    }
    Ok(Went::Done)
}
