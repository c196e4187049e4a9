//! Events as STIX in their collection, so that who reads it by TAXII has them too.
//!
//! A large event is turned in pieces, by a job. What is labelled more strictly than the event is
//! turned apart from it, and stands in no report.

mod pieces;
mod settle;
mod withdraw;

use std::collections::{BTreeMap, BTreeSet};

use audit::Ground;
use db::Tx;
use formats_misp::{
    full::{Event, Organisation},
    stix::{Loss, to_stix},
};
use kernel::{Mode, PartyCode, Tlp, Viewer, boxed};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

pub(super) use self::withdraw::withdraw_in;
pub(crate) use self::withdraw::{Withdrawing, withdraw_on};
use self::{
    pieces::{Cursor, Piece},
    withdraw::{Stale, withdraw_all, withdraw_some},
};
use crate::{
    Error,
    events::{label, model, ops::org::OWN_OWNER, store},
    intake::kernel_tlp,
    jobs,
    model::Collection,
    ops::import::{
        adding::{Target, add_in},
        held::{Giver, HOUSE},
    },
};

/// Up to so many parts an event is turned in the transaction that writes it.
const AT_ONCE: i64 = 2_000;
/// So many objects are added at once.
const AT_ONCE_ADDED: usize = 1_000;
/// The most losses that are kept of an event; their number is kept of all.
const LOSSES_MAX: usize = 200;
/// What a job needs to turn an event.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Expressing {
    event: i64,
    version: i64,
    party: PartyCode,
}

/// Puts an event into STIX, now or by a job.
pub(super) async fn express_in(
    tx: &mut Tx,
    ground: &Ground,
    collection: &Collection,
    row: &mut model::Event,
    viewer: &Viewer,
) -> Result<(), Error> {
    if row.parts > AT_ONCE {
        let job = Expressing {
            event: row.id,
            version: row.version,
            party: viewer.party.clone(),
        };
        ground
            .enqueue(tx, jobs::EVENT_STIX, &job, ground.now())
            .await?;
        return Ok(());
    }
    let mut turned = Turned::default();
    let mut cursor = Cursor::default();
    while let Some(piece) = cursor.next(tx, row).await? {
        turned.piece(tx, ground, (collection, row), piece).await?;
    }
    turned.end(tx, ground, (collection, row)).await?;
    let by = viewer.label();
    let giver = turned.number_in(tx, row).await?;
    let stale = Stale::of((row.id, giver), row.version);
    while withdraw_some(tx, ground, stale, &by).await? {}
    row.losses = turned.losses_as_json();
    Ok(())
}

/// Turns a large event. Run twice, it does nothing more; of an event that was changed meanwhile the
/// later job turns the newer version.
#[boxed]
pub(crate) async fn express_on(ground: &Ground, job: &Expressing) -> Result<(), Error> {
    let mut turned = Turned::default();
    let mut cursor = Cursor::default();
    let giver;
    loop {
        let mut tx = ground.db.begin().await?;
        let row = store::read::event(&mut tx, job.event).await?;
        let Some(row) = row.filter(|row| row.version == job.version) else {
            return Ok(());
        };
        let collection = crate::store::collection::in_slot(&mut tx, row.slot).await?;
        let Some(collection) = collection else {
            return Ok(());
        };
        let about = (&collection, &row);
        if let Some(piece) = cursor.next(&mut tx, &row).await? {
            turned.piece(&mut tx, ground, about, piece).await?;
            tx.commit().await?;
            continue;
        }
        turned.end(&mut tx, ground, about).await?;
        giver = turned.number_in(&mut tx, &row).await?;
        let done = model::Event {
            losses: turned.losses_as_json(),
            ..row.clone()
        };
        store::write::event(&mut tx, &done).await?;
        tx.commit().await?;
        break;
    }
    let by = Viewer::node("misp", job.party.clone(), Mode::Real).label();
    withdraw_all(ground, Stale::of((job.event, giver), job.version), &by).await
}

/// What has become of an event so far.
#[derive(Default)]
struct Turned {
    /// The report or grouping, which names what the pieces became.
    report: Option<Value>,
    maker: Option<Organisation>,
    giver: Option<Giver>,
    refs: BTreeSet<String>,
    losses: BTreeMap<(String, String), u64>,
}

impl Turned {
    async fn piece(
        &mut self,
        tx: &mut Tx,
        ground: &Ground,
        (collection, row): (&Collection, &model::Event),
        piece: Piece,
    ) -> Result<(), Error> {
        let piece_label = piece.label;
        let main = piece_label.code() == row.tlp;
        if self.maker.is_none() {
            let maker = store::org::by_id(tx, row.orgc).await?;
            self.maker = maker.map(|maker| Organisation {
                uuid: Some(maker.uuid.to_string()),
                name: Some(maker.name),
                ..Organisation::default()
            });
        }
        let mut event = part(row, piece, main && self.report.is_none())?;
        if event.orgc.is_none() {
            event.orgc = self.maker.clone().map(Box::new);
        }
        let turned = spawn_blocking(move || to_stix(&event)).await;
        let (mut objects, losses) = turned.map_err(|_ended| Error::Unreadable {
            detail: "the program ended while it was read".to_owned(),
        })?;
        for loss in losses {
            self.lose(loss);
        }
        let is_report = |object: &Value| {
            let kind = object.get("type").and_then(Value::as_str);
            let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
            matches!(kind, Some("report" | "grouping")) && id.ends_with(&row.uuid.to_string())
        };
        if let Some(at) = objects.iter().position(is_report) {
            let report = objects.remove(at);
            if main {
                let stricter = stricter(&objects, piece_label);
                let refs = report.get("object_refs").and_then(Value::as_array);
                let refs = refs.into_iter().flatten().filter_map(Value::as_str);
                let refs = refs.filter(|id| !stricter.contains(id));
                self.refs.extend(refs.map(str::to_owned));
                self.report.get_or_insert(report);
            }
        }
        self.add(tx, ground, (collection, row), objects).await
    }

    async fn end(
        &mut self,
        tx: &mut Tx,
        ground: &Ground,
        about: (&Collection, &model::Event),
    ) -> Result<(), Error> {
        let Some(mut report) = self.report.take() else {
            return Ok(());
        };
        if let Some(members) = report.as_object_mut() {
            members.insert("object_refs".to_owned(), json!(self.refs));
        }
        self.add(tx, ground, about, vec![report]).await
    }

    async fn add(
        &mut self,
        tx: &mut Tx,
        ground: &Ground,
        (collection, row): (&Collection, &model::Event),
        mut objects: Vec<Value>,
    ) -> Result<(), Error> {
        for some in objects.chunks_mut(AT_ONCE_ADDED) {
            let number = self.number_in(tx, row).await?;
            let about = (collection, row, number);
            let (batch, behind) = settle::settle(tx, about, some).await?;
            let into = match &self.giver {
                // What a guest's event becomes is taken as if it stood alone: he is told of it.
                Some(giver @ Giver::Guest(_)) => Target {
                    collection,
                    sees: 0,
                    giver,
                },
                Some(Giver::House) | None => Target::whole(collection),
            };
            let outcome = add_in(tx, ground, into, batch).await?;
            for refusal in outcome.refusals {
                self.lose(Loss {
                    place: refusal.stix_id,
                    name: refusal.detail,
                    count: 1,
                });
            }
            store::stix::note(tx, (row.id, row.slot, row.version), &behind).await?;
        }
        Ok(())
    }

    /// The number of who gave the event, among those who give objects.
    async fn number_in(&mut self, tx: &mut Tx, row: &model::Event) -> Result<i64, Error> {
        if self.giver.is_none() {
            self.giver = Some(giver_of(tx, row).await?);
        }
        match &self.giver {
            Some(giver) => giver.known_in(tx).await,
            None => Ok(HOUSE),
        }
    }

    fn lose(&mut self, loss: Loss) {
        let steps = loss.place.split('/').map(|step| {
            let number = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
            if number { "*" } else { step }
        });
        let place = steps.collect::<Vec<_>>().join("/");
        *self.losses.entry((place, loss.name)).or_default() += loss.count;
    }

    fn losses_as_json(&self) -> String {
        let losses = self.losses.iter().take(LOSSES_MAX);
        let losses = losses.map(|((place, name), count)| json!([place, name, count]));
        json!(losses.collect::<Vec<_>>()).to_string()
    }
}

/// Who gave an event: behind whom its organisation here stands.
pub(super) async fn giver_of(tx: &mut Tx, row: &model::Event) -> Result<Giver, Error> {
    let org = store::org::by_id(tx, row.org).await?;
    let owner = org.and_then(|org| org.owner);
    let guest = owner.filter(|owner| owner != OWN_OWNER);
    Ok(guest.map_or(Giver::House, Giver::Guest))
}

/// The ids of those objects that are marked more strictly than a label.
fn stricter(objects: &[Value], label: Tlp) -> BTreeSet<&str> {
    let marked = |object: &&Value| {
        let marks = object.get("object_marking_refs").and_then(Value::as_array);
        let marks = marks.into_iter().flatten().filter_map(Value::as_str);
        let tlps = marks.filter_map(stix::marking::Tlp::from_marking_id);
        tlps.map(kernel_tlp).max() > Some(label)
    };
    let ids = objects.iter().filter(marked);
    ids.filter_map(|object| object.get("id")?.as_str())
        .collect()
}

/// Says a label, by its code, on an event and all its attributes.
pub fn mark(event: &mut Event, tlp: i32) {
    let label = Tlp::from_code(tlp);
    label::say(&mut event.tags, label);
    let of_objects = event.objects.iter_mut().flat_map(|one| &mut one.attributes);
    for attribute in event.attributes.iter_mut().chain(of_objects) {
        label::say(&mut attribute.tags, label);
    }
}

/// A piece as an event of its own that says its label.
fn part(row: &model::Event, piece: Piece, whole: bool) -> Result<Event, Error> {
    let unreadable = |_cause| db::Corrupt::new("misp_event", "head", &row.id);
    let mut event: Event = serde_json::from_str(&row.head).map_err(unreadable)?;
    event.uuid = Some(row.uuid.to_string());
    event.timestamp = Some(row.timestamp);
    event.publish_timestamp = Some(row.publish_timestamp);
    // What was published once stays a report, though a newer version of it waits.
    event.published = Some(row.publish_timestamp > 0);
    if !whole {
        event.reports.clear();
        event.notes.clear();
        event.opinions.clear();
        event.relationships.clear();
        event.proposals.clear();
        event.galaxies.clear();
    }
    event.attributes = piece.attributes;
    event.objects = piece.objects;
    mark(&mut event, piece.label.code());
    Ok(event)
}
