//! What is shared with whom, where two sides differ, and what is decided about that.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::extract::{Path, State};
use federation::protocol::Tally as Messages;
use kernel::{PartyCode, ShareId, Tlp, hex};
use share::{
    Sharing,
    model::{OutShare, OutState, Sent, Tally},
    ops::{self, IncomingView, OutgoingView, PeerView},
};

use super::{
    Answer, House, Reader,
    circles::code,
    collections::{url, url_of},
    draw,
    forms::Answers,
    go, names, nothing,
    thread::parts::Names,
};
use crate::views::{
    collections::CollectionShare,
    frame::Section,
    known::Holder,
    sharing::{
        GapRow, IncomingPanel, OutgoingPanel, RemovalRow, SharingList, SharingPeer, SharingRow,
        TrafficPanel,
    },
};

fn sharing(house: &House) -> Sharing {
    Sharing {
        ground: house.ground.clone(),
        post: house.post.clone(),
    }
}

pub(super) async fn list(State(house): State<House>, reader: Reader) -> Answer {
    let peers = ops::peers(&sharing(&house), &reader.viewer).await?;
    let names = names::all(&house, &reader).await;
    let rows = peers.into_iter().map(|peer| SharingRow {
        url: format!("/sharing/{}", peer.party),
        party: names.party(reader.w, &peer.party),
        outgoing: many(peer.outgoing),
        incoming: many(peer.incoming),
        offered: many(peer.offered),
        differing: many(peer.differing + peer.gaps),
        unconfirmed: many(peer.unconfirmed),
    });
    draw(&SharingList {
        w: reader.w,
        shell: reader.shell(&house, Section::Directory).await?,
        rows: rows.collect(),
    })
}

/// Who is told of a collection; nobody where the reader may not know.
pub(super) async fn of_collection(
    house: &House,
    reader: &Reader,
    place: (&str, &str),
) -> Result<Vec<CollectionShare>, Refusal> {
    if !reader.may(Act::IntelManage) {
        return Ok(Vec::new());
    }
    let views = ops::shared_with(&sharing(house), &reader.viewer, place).await?;
    if views.is_empty() {
        return Ok(Vec::new());
    }
    let names = names::all(house, reader).await;
    let share = |view: &OutgoingView| CollectionShare {
        url: format!("/sharing/{}", view.share.party),
        party: names.party(reader.w, &view.share.party),
        state: view.share.state.as_str().to_owned(),
        verdict: view.verdict.as_str().to_owned(),
        unstated: many(view.sent.iter().filter(|(row, _)| row.awaits()).count()),
    };
    Ok(views.iter().map(share).collect())
}

/// Which parties that are told of a collection have an object; nothing where the reader may not know.
pub(super) async fn of_object(
    house: &House,
    reader: &Reader,
    place: (&str, &str),
    id: &str,
) -> Result<Option<Vec<Holder>>, Refusal> {
    if !reader.may(Act::IntelManage) {
        return Ok(None);
    }
    let parties = ops::who_has(&sharing(house), &reader.viewer, place, id).await?;
    let names = names::all(house, reader).await;
    let holder = |(party, state, has_it): &(PartyCode, OutState, bool)| Holder {
        url: format!("/sharing/{party}"),
        party: names.party(reader.w, party),
        state: state.as_str().to_owned(),
        has_it: *has_it,
    };
    Ok(Some(parties.iter().map(holder).collect()))
}

pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(party): Path<String>,
) -> Answer {
    let party = named(&party)?;
    let view = ops::peer(&sharing(&house), &reader.viewer, &party).await?;
    let names = names::both(&house, &reader, &party).await;
    page(&house, &reader, (&names, &view)).await
}

/// `POST /sharing/{party}/{act}`.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((party, act)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let party = named(&party)?;
    let (x, viewer) = (sharing(&house), &reader.viewer);
    let id = || {
        answers
            .of("id")
            .parse::<ShareId>()
            .map_err(|_no_id| nothing())
    };
    let said = match act.as_str() {
        "compare" => {
            ops::compare(&x, viewer, &party).await?;
            "sharing-compared"
        }
        "again" => {
            ops::send_again(&x, viewer, id()?).await?;
            "sharing-again"
        }
        "accept" => {
            ops::accept(&x, viewer, id()?, Tlp::AmberStrict).await?;
            "sharing-accepted"
        }
        "decline" => {
            ops::decline(&x, viewer, id()?).await?;
            "sharing-declined"
        }
        _ => return Err(nothing()),
    };
    Ok(go(&reader, &format!("/sharing/{party}"), said))
}

fn named(party: &str) -> Result<PartyCode, Refusal> {
    party.parse().map_err(|_no_code| nothing())
}

fn many(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

async fn page(house: &House, reader: &Reader, (names, view): (&Names, &PeerView)) -> Answer {
    let traffic = &view.traffic;
    let held = intel::ops::collections(&house.ground, &reader.viewer, None).await?;
    let page_of = |share: &OutShare| {
        let found = held.iter();
        let mut found = found.filter(|one| one.collection.public == share.collection);
        found.next().map(url_of).unwrap_or_default()
    };
    let messages = |tally: &Messages| (tally.count, hex(&tally.sum));
    let word = |gap: &federation::protocol::Gap| {
        let word = serde_json::to_value(gap).ok();
        let word = word.as_ref().and_then(serde_json::Value::as_str);
        word.unwrap_or_default().to_owned()
    };
    draw(&SharingPeer {
        w: reader.w,
        shell: reader.shell(house, Section::Directory).await?,
        url: format!("/sharing/{}", view.party),
        party: names.party(reader.w, &view.party),
        traffic: TrafficPanel {
            heard: traffic.heard_at,
            sent: messages(&traffic.sent),
            received: messages(&traffic.received),
            gaps: traffic
                .gaps
                .iter()
                .map(|(id, gap)| (id.to_string(), word(gap)))
                .collect(),
        },
        outgoing: view
            .outgoing
            .iter()
            .map(|one| outgoing(page_of(&one.share), one))
            .collect(),
        incoming: view
            .incoming
            .iter()
            .map(|one| incoming(reader, one))
            .collect(),
    })
}

fn tally(tally: &Tally) -> (u64, String) {
    (tally.items, tally.sum.to_string())
}

fn outgoing(page: String, view: &OutgoingView) -> OutgoingPanel {
    let share = &view.share;
    let removals = view.sent.iter().filter(|(row, _)| row.kind != Sent::Share);
    OutgoingPanel {
        id: share.id.to_string(),
        title: share.title.clone(),
        page,
        state: share.state.as_str().to_owned(),
        verdict: view.verdict.as_str().to_owned(),
        compared: share.compared_at,
        sequence: u64::try_from(share.sequence).unwrap_or_default(),
        ours: tally(&share.tally),
        theirs: share.theirs.as_ref().map(|held| tally(&held.tally)),
        gaps: view
            .gaps
            .iter()
            .map(|one| GapRow {
                object: one.stix_id.clone(),
                gap: one.gap.as_str().to_owned(),
                since: one.since,
            })
            .collect(),
        removals: removals
            .map(|(row, delivery)| RemovalRow {
                items: (row.kind == Sent::Remove)
                    .then_some(u64::try_from(row.items).unwrap_or_default()),
                at: row.sent_at,
                delivery: code(delivery.as_ref()),
                stated: row.confirmed_at,
                onward: row
                    .onward
                    .map_or_else(|| "nobody".to_owned(), |onward| onward.as_str().to_owned()),
            })
            .collect(),
    }
}

fn incoming(reader: &Reader, view: &IncomingView) -> IncomingPanel {
    let share = &view.share;
    let page = view.place.as_ref();
    let page = page.map(|(root, public)| url(root, &public.uuid().to_string()));
    let why = |code: &String| reader.w.word("error", &code.replace('.', "-"));
    IncomingPanel {
        id: share.id.to_string(),
        title: share.about.title.clone(),
        page: page.unwrap_or_default(),
        description: share.about.description.clone(),
        ceiling: share.about.ceiling.to_string(),
        state: share.state.as_str().to_owned(),
        verdict: view.verdict.as_str().to_owned(),
        compared: share.compared_at,
        onward: share.about.onward,
        waiting: many(view.waiting),
        ours: tally(&share.tally),
        theirs: tally(&share.stated),
        unkept: view
            .unkept
            .iter()
            .map(|(id, _, code)| (id.clone(), why(code)))
            .collect(),
    }
}
