//! What can be done with the exchange. Each op asks the policy, loads, decides, saves and records the
//! act in one transaction.
//!
//! Who sees a message: the policy decides by its label. A RED message names its readers: its author,
//! and whoever staffs the desk of this party that it is from or for; duty officers staff technical
//! desks, diplomats diplomatic ones, and both those that the directory does not know. What a viewer
//! does not see is not there for him, but for one thing: where a request stands follows from all
//! messages, so that nobody answers twice.

mod circle;
mod compose;
mod confirm;
mod desks;
mod evidence;
mod files;
mod history;
mod links;
mod list;
mod prepare;
mod preview;
mod proof;
mod read;
mod retry;
mod sealed;
mod send;
mod take;
mod unpack;

use access::policy::{self, Act, Area, Subject};
use audit::Ground;
use db::Tx;
use directory::model::{Contact, ContactKind};
use kernel::{MessageId, PartyCode, Role, Timestamp, Viewer, Who};
use uuid::Uuid;

use crate::{
    error::Error,
    state::{RequestState, Said, Thread},
    store::{
        Place, Sight,
        message::{self, Clocks, Kept},
        thread,
    },
};

pub use circle::{
    CircleState, SentCopy, ask_steward, change_circle, circle_room, create_circle, decline_request,
    read_circle,
};
pub(crate) use circle::{answer, send_copy, send_wish};
pub(crate) use confirm::confirm;
pub use evidence::{Evidence, EvidenceFile, evidence, evidence_archive};
pub use files::{Plaintext, drop_unsent, put_file, read_file};
pub use history::history;
pub use list::{clocks, count_open, counts, list_threads, timeless};
pub use preview::preview;
pub use proof::{envelope, proof};
pub use read::{mark_read, read_message, read_thread};
pub use retry::retry;
pub use send::send;
pub use take::room;
pub use unpack::is_used_in;
pub(crate) use unpack::{remove_blobs, unpack};

/// A technical desk.
pub(crate) const TECHNICAL: i32 = 1;
/// A diplomatic desk.
pub(crate) const DIPLOMATIC: i32 = 2;

/// The bit of a desk; both where the directory does not know it, so that somebody sees what came.
fn desk_bits(contact: Option<&Contact>) -> i32 {
    match contact.map(|contact| contact.profile.kind) {
        Some(ContactKind::Technical) => TECHNICAL,
        Some(ContactKind::Diplomatic) => DIPLOMATIC,
        None => TECHNICAL | DIPLOMATIC,
    }
}

/// The desks that a viewer staffs. The node itself carries all messages.
fn desks_of(viewer: &Viewer) -> i32 {
    if matches!(viewer.who, Who::Node(_)) {
        return TECHNICAL | DIPLOMATIC;
    }
    let bits = viewer.roles.iter().map(|role| match role {
        Role::DutyOfficer => TECHNICAL,
        Role::Diplomat => DIPLOMATIC,
        Role::Admin | Role::Analyst | Role::PolicyOfficer | Role::Reporter | Role::Auditor => 0,
    });
    bits.fold(0, |all, bit| all | bit)
}

/// What the viewer sees of the exchange, if he may read it at all.
fn sight(viewer: &Viewer) -> Result<Sight, Error> {
    policy::check_house(viewer, Act::ExchangeRead)?;
    let visible = policy::visible(viewer, Area::Exchange);
    Ok(Sight {
        open_mask: visible.open_mask,
        named_mask: visible.named_mask,
        exercise: visible.exercise,
        // No user has the nil id, so whoever is no user is named nowhere.
        user: viewer.user().map_or(Uuid::nil(), kernel::UserId::uuid),
        desks: desks_of(viewer),
    })
}

/// The subject that the policy decides on.
fn subject(viewer: &Viewer, kept: &Kept) -> Subject {
    let author = kept.author.is_some() && kept.author == viewer.user();
    let named = author || kept.desk & desks_of(viewer) != 0;
    Subject::content(kept.place.mode(), kept.tlp, named)
}

/// May the viewer do this to the message? Whoever may not know of it hears that there is none.
fn check(viewer: &Viewer, act: Act, kept: &Kept) -> Result<(), Error> {
    match policy::check(viewer, act, &subject(viewer, kept)) {
        Ok(()) => Ok(()),
        Err(refused) if refused.hidden => Err(Error::NoMessage),
        Err(refused) => Err(Error::Refused(refused)),
    }
}

/// The message, if the viewer may do this to it.
async fn load(tx: &mut Tx, viewer: &Viewer, act: Act, id: MessageId) -> Result<Kept, Error> {
    policy::check_house(viewer, act)?;
    let kept = message::find(tx, viewer.mode, id).await?;
    let kept = kept.ok_or(Error::NoMessage)?;
    check(viewer, act, &kept)?;
    Ok(kept)
}

/// The thread with one party: the one named, or the first that is there. The viewer sees something
/// of it.
async fn place_of(
    tx: &mut Tx,
    viewer: &Viewer,
    id: kernel::ThreadId,
    party: Option<&PartyCode>,
) -> Result<(Place, Vec<PartyCode>, Vec<Kept>), Error> {
    let sight = sight(viewer)?;
    let mut with = Vec::new();
    for one in thread::parties(tx, viewer.mode, id).await? {
        let place = Place::new(viewer.mode, one, id);
        let seen = message::seen(tx, sight, std::slice::from_ref(&place)).await?;
        if !seen.is_empty() {
            with.push((place, seen));
        }
    }
    let wanted = match party {
        Some(party) => with.iter().position(|(place, _)| place.party == *party),
        None => (!with.is_empty()).then_some(0),
    };
    let (place, seen) = with.remove(wanted.ok_or(Error::NoThread)?);
    let others = with.into_iter().map(|(place, _)| place.party).collect();
    Ok((place, others, seen))
}

/// The life cycles of a thread.
fn thread_of(us: &PartyCode, place: &Place, all: Vec<Said>) -> Thread {
    let mut thread = Thread::new(us.clone(), place.party.clone());
    for said in all {
        // Rows are filed by the two parties that the header names, so nobody is a stranger here.
        if let Err(stranger) = thread.add(said) {
            tracing::warn!("a message of {} is left out: {stranger}", place.thread);
        }
    }
    thread
}

/// Writes what lists are narrowed by, after something was said that is in the thread already.
async fn refresh(
    tx: &mut Tx,
    ground: &Ground,
    (place, thread): (&Place, &Thread),
    us: &PartyCode,
) -> Result<(), Error> {
    let now = ground.now();
    let state = thread.state(now);
    thread::put(tx, place, (&state, thread.closes_at(now)), now).await?;
    for request in thread.requests(now) {
        let clocks = clocks_of(us, &request, now);
        message::set_clocks(tx, place, request.id, clocks).await?;
    }
    Ok(())
}

/// What a request waits for, and until when.
fn clocks_of(us: &PartyCode, request: &crate::state::Request, now: Timestamp) -> Clocks {
    if request.state.ended() {
        return Clocks::default();
    }
    let clarifying = matches!(request.state, RequestState::Clarifying { .. });
    // A notice wants to be seen; nothing more is owed.
    let done = request.answer_due.is_none() && request.acknowledged.is_some() && !clarifying;
    let waits_for_addressee = !clarifying;
    let waits = match (done, (request.addressee == *us) == waits_for_addressee) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    };
    Clocks {
        waits,
        ack_by: request
            .ack_due
            .filter(|_due| request.acknowledged.is_none()),
        answer_by: request.answer_due_now(now).filter(|_due| !clarifying),
    }
}
