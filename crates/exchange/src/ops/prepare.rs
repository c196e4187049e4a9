//! Everything that is decided before a message is made; a preview and a sending ask the same.

use std::time::Duration;

use access::{
    Refused,
    policy::{self, Act as PolicyAct, Decision, Leaving, Origin, Subject},
};
use db::Tx;
use directory::model::{Contact, Party, Trust};
use federation::model::{Desk, Parent};
use kernel::{IncidentRef, MessageId, PartyCode, ThreadId, Timestamp, Tlp, Viewer, boxed};

use super::{check, desks::desks, sight, thread_of};
use crate::{
    Exchange,
    error::Error,
    model::{Details, Kind, NewMessage, Statement},
    state::{Act, Said, Thread},
    store::{Place, list, message},
};

/// The incidents named that the viewer may read, and their labels; read before the transaction.
pub(super) type Named = Vec<(IncidentRef, Tlp)>;

/// What the directory knows of both sides.
pub(super) struct Sides {
    pub(super) theirs: Vec<Contact>,
    pub(super) own: Vec<Contact>,
    /// Whether the other party is one that messages go to.
    trusted: bool,
}

/// A message that may be made.
pub(super) struct Prepared {
    pub(super) place: Place,
    /// What was said there before.
    pub(super) thread: Thread,
    pub(super) kind: Kind,
    pub(super) to: Desk,
    pub(super) from: Desk,
    pub(super) parent: Option<Parent>,
    pub(super) sent: Timestamp,
    pub(super) ack_due: Option<Timestamp>,
    pub(super) answer_due: Option<Timestamp>,
    pub(super) statement: Statement,
    /// The kind of our desk.
    pub(super) desk: i32,
    /// Why it may not leave, or not by this viewer.
    pub(super) refused: Option<Refused>,
}

/// The act that sending a message of this kind is.
pub(super) const fn act_of(kind: Kind) -> PolicyAct {
    match kind {
        Kind::Close => PolicyAct::ExchangeClose,
        Kind::NotifyInc
        | Kind::NotifyOrig
        | Kind::Rfi
        | Kind::Rfm
        | Kind::Ack
        | Kind::Resp
        | Kind::Clarify
        | Kind::Update
        | Kind::Withdraw
        | Kind::Ping
        | Kind::Pong => PolicyAct::ExchangeSend,
    }
}

/// Reads what the register knows of the incidents that a message names.
pub(super) async fn gather(
    x: &Exchange,
    viewer: &Viewer,
    new: &NewMessage,
) -> Result<Named, Error> {
    let mut named = new.statement.incidents.clone();
    named.extend(new.statement.details.incident());
    named.sort_unstable();
    named.dedup();
    let mut known = Vec::new();
    for public in named {
        match incidents::ops::view(&x.ground, viewer, public).await {
            Ok(case) => known.push((public, case.incident.facts.tlp)),
            // One of another party's register, or one that the viewer does not see: for him the same.
            Err(incidents::Error::NotFound | incidents::Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(known)
}

async fn sides(tx: &mut Tx, viewer: &Viewer, to: &PartyCode) -> Result<Sides, Error> {
    let theirs = directory::ops::read_in(tx, to, viewer.mode).await?;
    let own = directory::ops::read_in(tx, &viewer.party, viewer.mode).await?;
    Ok(Sides {
        trusted: theirs.as_ref().is_some_and(|(party, _)| may_get(party)),
        theirs: theirs.map(|(_, contacts)| contacts).unwrap_or_default(),
        own: own.map(|(_, contacts)| contacts).unwrap_or_default(),
    })
}

/// Whether messages go to this party.
fn may_get(party: &Party) -> bool {
    !party.own && party.trust == Trust::Trusted
}

/// Decides everything about a message, on the thread as this transaction sees it.
#[boxed]
pub(super) async fn prepare_in(
    x: &Exchange,
    tx: &mut Tx,
    viewer: &Viewer,
    new: &NewMessage,
    incidents: &Named,
) -> Result<Prepared, Error> {
    let kind = new.statement.kind();
    let now = x.ground.now();
    let (place, all) = find_thread(x, tx, viewer, new).await?;
    let thread = thread_of(&viewer.party, &place, all.clone());
    let statement = cover(new.statement.clone(), &thread)?;
    let act = statement.details.act();
    let parent_id = new.parent.or_else(|| referred(&act, &all));
    permit(&thread, (viewer, now), (kind, &act, parent_id), &all)?;
    let parent = match parent_id {
        Some(id) => Some(find_parent(tx, viewer, &place, id).await?),
        None if kind.follows() => {
            return Err(Error::Invalid {
                field: "parent",
                rule: "names the message that is followed",
            });
        }
        None => None,
    };
    let sides = sides(tx, viewer, &new.to).await?;
    let (from, to, named, desk) = desks(
        viewer,
        new,
        &sides,
        (kind, parent.as_ref().map(|(_, kept)| kept)),
    )?;
    let targets = kind.targets(new.urgency);
    let ack_due = due("ack_due", now, new.ack_due, targets.ack)?;
    let answer_due = due("answer_due", now, new.answer_due, targets.answer)?;
    let refused = weigh(viewer, new, (sides.trusted, named), incidents);
    Ok(Prepared {
        thread,
        kind,
        from,
        to,
        parent: parent.map(|(parent, _)| parent),
        sent: now,
        ack_due,
        answer_due,
        statement,
        desk,
        refused,
        place,
    })
}

/// Whether what was decided about a message still holds: nothing was said in the thread since, and
/// messages go to the party.
pub(super) async fn stands_in(
    tx: &mut Tx,
    viewer: &Viewer,
    new: &NewMessage,
    prepared: &Prepared,
) -> Result<bool, Error> {
    let party = directory::ops::find_in(tx, &new.to, viewer.mode).await?;
    if !party.as_ref().is_some_and(may_get) {
        return Ok(false);
    }
    // Nobody else knows the id of a fresh thread.
    if new.thread.is_none() {
        return Ok(true);
    }
    let all = message::said(tx, &prepared.place).await?;
    Ok(thread_of(&viewer.party, &prepared.place, all) == prepared.thread)
}

/// The thread that the message goes into, and what was said in it. A new party can be asked under an
/// id that the viewer knows; nothing else is said where nothing was asked.
async fn find_thread(
    x: &Exchange,
    tx: &mut Tx,
    viewer: &Viewer,
    new: &NewMessage,
) -> Result<(Place, Vec<Said>), Error> {
    let kind = new.statement.kind();
    let Some(id) = new.thread else {
        if kind.follows() {
            return Err(Error::Invalid {
                field: "thread",
                rule: "names the thread that is spoken in",
            });
        }
        let fresh = ThreadId::random(x.ground.rng.as_ref());
        return Ok((Place::new(viewer.mode, new.to.clone(), fresh), Vec::new()));
    };
    if !list::sees_thread(tx, sight(viewer)?, id).await? {
        return Err(Error::NoThread);
    }
    let place = Place::new(viewer.mode, new.to.clone(), id);
    let all = message::said(tx, &place).await?;
    if all.is_empty() && kind.follows() {
        return Err(Error::NoThread);
    }
    Ok((place, all))
}

/// A close covers all that was asked: it is filled in, and one that was written before something
/// else was asked is stale.
fn cover(mut statement: Statement, thread: &Thread) -> Result<Statement, Error> {
    if let Details::Close(close) = &mut statement.details {
        let asked: Vec<MessageId> = thread.asks().collect();
        if close.covers.is_empty() {
            close.covers = asked;
        } else if asked.iter().any(|ask| !close.covers.contains(ask)) {
            return Err(Error::Stale);
        }
    }
    Ok(statement)
}

/// The message that the details refer to; for a close the last that was said.
fn referred(act: &Act, all: &[Said]) -> Option<MessageId> {
    match act {
        Act::Ask => None,
        Act::Acknowledge { request }
        | Act::Progress { request }
        | Act::Question { request }
        | Act::Respond { request } => Some(*request),
        Act::Answer { question, .. } => Some(*question),
        Act::Withdraw { target } => Some(*target),
        Act::Close { .. } => all
            .iter()
            .map(|said| (said.sent, said.id))
            .max()
            .map(|(_, id)| id),
    }
}

/// Whether this party may say this now. What a colleague said first is named.
fn permit(
    thread: &Thread,
    (viewer, now): (&Viewer, Timestamp),
    (kind, act, parent): (Kind, &Act, Option<MessageId>),
    all: &[Said],
) -> Result<(), Error> {
    let us = &viewer.party;
    if let Act::Respond { request } = act
        && let Some(request) = thread.request(*request, now)
        && request.addressee == *us
        && let Some((by, _)) = request.response
        && parent != Some(by)
    {
        return Err(Error::Meanwhile { by });
    }
    if thread.permits(us, act, kind, now) {
        return Ok(());
    }
    let same = all.iter().find(|said| {
        let close = matches!((&said.act, act), (Act::Close { .. }, Act::Close { .. }));
        said.by == *us && (said.act == *act || close) && !thread.withdrawn(said.id)
    });
    match same {
        Some(said) => Err(Error::Meanwhile { by: said.id }),
        None => Err(Error::NotAllowed {
            kind: kind.as_str(),
            state: thread.state(now).code(),
        }),
    }
}

async fn find_parent(
    tx: &mut Tx,
    viewer: &Viewer,
    place: &Place,
    id: MessageId,
) -> Result<(Parent, message::Kept), Error> {
    let found = message::find_of(tx, (&place.party, viewer.mode), id).await?;
    let kept = found
        .filter(|kept| kept.place.thread == place.thread)
        .ok_or(Error::NoMessage)?;
    check(viewer, PolicyAct::ExchangeRead, &kept)?;
    let parent = Parent {
        id,
        sha256: kept.sha256,
    };
    Ok((parent, kept))
}

fn due(
    field: &'static str,
    now: Timestamp,
    wished: Option<Timestamp>,
    target: Option<Duration>,
) -> Result<Option<Timestamp>, Error> {
    match wished {
        Some(due) if due < now => Err(Error::Invalid {
            field,
            rule: "lies in the future",
        }),
        Some(due) => Ok(Some(due)),
        None => Ok(target.map(|target| now.plus(target))),
    }
}

/// Why the message may not leave, or not by this viewer.
fn weigh(
    viewer: &Viewer,
    new: &NewMessage,
    (trusted, desk_named): (bool, bool),
    incidents: &Named,
) -> Option<Refused> {
    let act = act_of(new.statement.kind());
    let subject = Subject::content(viewer.mode, new.tlp, true);
    if let Err(refused) = policy::check(viewer, act, &subject) {
        return Some(refused);
    }
    let carries: Vec<(Tlp, Origin)> = incidents
        .iter()
        .map(|(_, tlp)| (*tlp, Origin::Own))
        .collect();
    let leaving = Leaving {
        tlp: new.tlp,
        trusted,
        desk_named,
        carries: &carries,
    };
    match policy::may_leave(&leaving) {
        Decision::Allowed => None,
        Decision::Refused(refused) => Some(refused),
    }
}

/// What is decided about the confirmation of a removal, which no life cycle asks for: it goes back to
/// the desk that withdrew, from the one that was written to.
pub(super) async fn confirmation_in(
    tx: &mut Tx,
    node: &Viewer,
    new: &NewMessage,
    (withdrawal, now): (&message::Kept, Timestamp),
    said: Vec<Said>,
) -> Result<Prepared, Error> {
    let party = directory::ops::find_in(tx, &new.to, node.mode).await?;
    let trusted = party.as_ref().is_some_and(may_get);
    Ok(Prepared {
        thread: thread_of(&node.party, &withdrawal.place, said),
        place: withdrawal.place.clone(),
        kind: Kind::Ack,
        to: withdrawal.header.from.clone(),
        from: withdrawal.header.to.clone(),
        parent: Some(Parent {
            id: withdrawal.id,
            sha256: withdrawal.sha256,
        }),
        sent: now,
        ack_due: None,
        answer_due: None,
        statement: new.statement.clone(),
        desk: withdrawal.desk,
        refused: weigh(node, new, (trusted, true), &Vec::new()),
    })
}
