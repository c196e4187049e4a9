//! Events to another instance.

use std::collections::{HashMap, HashSet};

use axum::http::StatusCode;
use formats_misp::{full::Event, transfer};
use intel::{
    events::model::{Exchanged, Indexed, Standing},
    model::{Note, NoteKind},
    remotes::{Ended, Step, Trouble, Visit},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    missed::Missed,
    peer::{Peer, limits},
    pull::count,
    rules::Rules,
};
use crate::mark::mark;

/// Events that an instance is asked about at once.
const ASKED_AT_ONCE: usize = 20_000;
/// Events whose outcome is written with one transaction.
const NOTED_AT_ONCE: usize = 20;
/// After so many events in a row that did not get there, something is wrong with the server.
const MISSED_IN_A_ROW_MAX: usize = 5;
/// The other side is asked again after so long, though nothing changed here: it may have lost some.
const ASKED_AGAIN_S: i64 = 24 * 3_600;
/// MISP's numbers for "connected communities" and "all communities".
const GOES: [i32; 2] = [2, 3];

/// How far the exchange has come. What was sent stands with the events.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct State {
    /// What all was offered, as a digest, and nothing of it is left.
    offered: Option<String>,
    /// When, in seconds since 1970.
    offered_at: i64,
}

/// One run.
struct Push {
    visit: Visit,
    peer: Peer,
    state: State,
    events: Vec<Exchanged>,
    step: Step,
}

/// Why an event did not go.
struct Held {
    code: &'static str,
    detail: String,
    /// What the other side answered, if it was asked.
    missed: Option<Missed>,
}

/// Hands on what the other side has not, or has in an older form.
pub(super) async fn run(visit: Visit) -> Result<Ended, Trouble> {
    let rules = Rules::of(&visit.remote.settings).map_err(intel::Error::Invalid)?;
    let now = visit.remotes.ground.now();
    let all = visit.events().await?;
    let offer = offer(&all, visit.mask());
    let digest = mark(offer.iter().copied());
    let state: State = visit.state();
    let is_recent = now.as_seconds() - state.offered_at < ASKED_AGAIN_S;
    if is_recent && state.offered.as_ref() == Some(&digest) {
        return Ok(Ended::Complete);
    }
    let session = visit.session(limits()).await?;
    let peer = Peer::new(session, &visit.remote.settings.address, now)?;
    let version = peer.version().await?;
    if !version.perm_sync {
        let detail = "our account there may not hand events on: it needs a role with sync";
        return Err(Trouble::lasting("misp.no_sync", detail));
    }
    let before = visit.exchanged().await?;
    let mut push = Push {
        visit,
        peer,
        state,
        events: Vec::new(),
        step: Step::default(),
    };
    push.tell_withheld(&all, &offer);
    if rules.withdraw != Some(false) {
        push.withdraw(&before, &offer).await?;
    }
    let wanted = push.wanted(&offer, before).await?;
    if let Some(ended) = push.send(wanted).await? {
        return Ok(ended);
    }
    push.state = State {
        offered: Some(digest),
        offered_at: now.as_seconds(),
    };
    push.write().await?;
    Ok(Ended::Complete)
}

/// The events that may go: published, for connected communities at least, not above the label.
fn offer(all: &[Indexed], mask: i32) -> Vec<&Indexed> {
    all.iter()
        .filter(|event| held(event, mask).is_none())
        .collect()
}

/// Why an event stays.
fn held(event: &Indexed, mask: i32) -> Option<&'static str> {
    if !event.published {
        Some("misp.unpublished")
    } else if mask & (1 << event.tlp) == 0 {
        Some("misp.label")
    } else if !GOES.contains(&event.distribution) {
        Some("misp.distribution")
    } else {
        None
    }
}

impl Push {
    /// Tells how many events stay, by reason.
    fn tell_withheld(&mut self, all: &[Indexed], offer: &[&Indexed]) {
        if all.len() == offer.len() {
            return;
        }
        let mask = self.visit.mask();
        let mut reasons: HashMap<&'static str, usize> = HashMap::new();
        for why in all.iter().filter_map(|event| held(event, mask)) {
            *reasons.entry(why).or_default() += 1;
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_unstable();
        self.step
            .notes
            .extend(reasons.into_iter().map(|(code, number)| Note {
                what: NoteKind::Withheld,
                subject: format!("{number} events"),
                code: code.to_owned(),
                detail: "they stay here".to_owned(),
            }));
    }

    /// Asks for what was sent and may not go any more to be deleted there.
    async fn withdraw(&mut self, before: &[Exchanged], offer: &[&Indexed]) -> Result<(), Trouble> {
        let goes: HashSet<Uuid> = offer.iter().map(|event| event.uuid).collect();
        let stays = before
            .iter()
            .filter(|one| one.standing == Standing::Sent && !goes.contains(&one.uuid));
        for one in stays {
            let (standing, code, detail) = match self.peer.delete(one.uuid).await {
                Ok(()) => (
                    Standing::Withdrawn,
                    "misp.withdrawn",
                    "it was deleted there".to_owned(),
                ),
                Err(missed) if missed.status() == Some(StatusCode::NOT_FOUND) => {
                    let detail = "it is not there any more";
                    (Standing::Withdrawn, "misp.withdrawn", detail.to_owned())
                }
                Err(missed) if missed.may_pass() => return Err(missed.into()),
                // It is asked again with each run, and told each time, until somebody does it there.
                Err(missed) => (Standing::Sent, "misp.not_withdrawn", missed.detail()),
            };
            let is_gone = standing == Standing::Withdrawn;
            self.step.tally.withdrawn += i64::from(is_gone);
            self.step.tally.refused += i64::from(!is_gone);
            self.step.notes.push(Note {
                what: if is_gone {
                    NoteKind::Withdrawn
                } else {
                    NoteKind::Refused
                },
                subject: one.uuid.to_string(),
                code: code.to_owned(),
                detail,
            });
            self.events.push(Exchanged {
                standing,
                code: (!is_gone).then(|| code.to_owned()),
                ..one.clone()
            });
        }
        self.write().await
    }

    /// What the other side would have of the offer, the oldest first. What it rejected is offered
    /// again when it is newer.
    async fn wanted(
        &mut self,
        offer: &[&Indexed],
        before: Vec<Exchanged>,
    ) -> Result<Vec<Indexed>, Trouble> {
        let rejected: HashMap<Uuid, i64> = before
            .into_iter()
            .filter(|one| one.standing == Standing::Rejected)
            .map(|one| (one.uuid, one.timestamp))
            .collect();
        let offered: Vec<&Indexed> = offer
            .iter()
            .filter(|event| {
                rejected
                    .get(&event.uuid)
                    .is_none_or(|then| *then < event.timestamp)
            })
            .copied()
            .collect();
        let mut wanted = HashSet::new();
        for part in offered.chunks(ASKED_AT_ONCE) {
            let part: Vec<_> = part
                .iter()
                .map(|event| (event.uuid, event.timestamp))
                .collect();
            wanted.extend(self.peer.wanted(&part).await?);
        }
        let mut events: Vec<Indexed> = offered
            .into_iter()
            .filter(|event| wanted.remove(&event.uuid))
            .cloned()
            .collect();
        if !wanted.is_empty() {
            // Answering with what was not offered is how one would look for what there is.
            self.step.notes.push(Note {
                what: NoteKind::Defect,
                subject: format!("{} events", wanted.len()),
                code: "misp.not_offered".to_owned(),
                detail: "it asks for what was not offered; nothing of it was sent".to_owned(),
            });
        }
        events.sort_by_key(|event| (event.timestamp, event.id));
        self.step.tally.known += count(offer.len() - events.len());
        Ok(events)
    }

    async fn send(&mut self, wanted: Vec<Indexed>) -> Result<Option<Ended>, Trouble> {
        let (mut in_a_row, mut missed) = (0, 0);
        for event in wanted {
            match self.send_one(&event).await? {
                Ok(()) => {
                    in_a_row = 0;
                    self.step.tally.sent += 1;
                    self.stands(&event, Standing::Sent, None);
                }
                Err(Held {
                    code,
                    detail,
                    missed: None,
                }) => {
                    in_a_row = 0;
                    self.step.tally.refused += 1;
                    self.tell(&event, NoteKind::Withheld, code, detail);
                    self.stands(&event, Standing::Rejected, Some(code));
                }
                Err(Held {
                    code,
                    detail,
                    missed: Some(error),
                }) => {
                    in_a_row += 1;
                    self.step.tally.refused += 1;
                    self.tell(&event, NoteKind::Refused, code, detail);
                    if error.may_pass() {
                        missed += 1;
                    } else {
                        self.stands(&event, Standing::Rejected, Some(code));
                    }
                    if in_a_row >= MISSED_IN_A_ROW_MAX {
                        self.write().await?;
                        return Err(error.into());
                    }
                }
            }
            if self.events.len() >= NOTED_AT_ONCE {
                self.write().await?;
            }
            if self.visit.is_late() {
                self.write().await?;
                return Ok(Some(Ended::More {
                    after: std::time::Duration::ZERO,
                    code: "intel.run_time",
                    detail: "the time of the run was over; the next one goes on".to_owned(),
                }));
            }
        }
        self.write().await?;
        if missed > 0 {
            let detail = format!("{missed} events did not get there and are sent again");
            return Err(Trouble {
                cut: true,
                ..Trouble::passing("misp.missed", detail)
            });
        }
        Ok(None)
    }

    /// Sends an event. The inner error is why it did not go.
    async fn send_one(&self, event: &Indexed) -> Result<Result<(), Held>, Trouble> {
        let Some(mut whole) = self.visit.whole(event.id).await? else {
            return Ok(Err(Held {
                code: "misp.changed",
                detail: "it was changed or deleted meanwhile".to_owned(),
                missed: None,
            }));
        };
        if let Err(withheld) = transfer::send(&mut whole) {
            return Ok(Err(Held {
                code: withheld.code(),
                detail: withheld.to_string(),
                missed: None,
            }));
        }
        whole.locked = Some(true);
        let handed = self.hand_on(event.uuid, whole).await;
        Ok(handed.map_err(|missed| Held {
            code: missed.code(),
            detail: missed.detail(),
            missed: Some(missed),
        }))
    }

    async fn hand_on(&self, uuid: Uuid, event: Box<Event>) -> Result<(), Missed> {
        if !self.peer.has(uuid).await? {
            return self.peer.add(event).await;
        }
        match self.peer.edit(uuid, event.clone()).await {
            // It is hidden from us there, or was deleted meanwhile.
            Err(missed) if missed.status() == Some(StatusCode::NOT_FOUND) => {
                self.peer.add(event).await
            }
            done => done,
        }
    }

    fn stands(&mut self, event: &Indexed, standing: Standing, code: Option<&'static str>) {
        self.events.push(Exchanged {
            uuid: event.uuid,
            timestamp: event.timestamp,
            standing,
            code: code.map(str::to_owned),
        });
    }

    fn tell(&mut self, event: &Indexed, what: NoteKind, code: &'static str, detail: String) {
        self.step.notes.push(Note {
            what,
            subject: event.uuid.to_string(),
            code: code.to_owned(),
            detail,
        });
    }

    async fn write(&mut self) -> Result<(), Trouble> {
        let step = std::mem::take(&mut self.step);
        self.visit
            .note_events(&self.events, step, &self.state)
            .await?;
        self.events.clear();
        Ok(())
    }
}
