//! What is shared with whom, how it stands, and where two sides differ.

use access::policy::{Act, check_house};
use federation::{protocol::Gap as TrafficGap, state::Delivery};
use kernel::{CollectionRef, MessageId, PartyCode, Timestamp, Viewer, boxed};

use crate::{
    Error, Sharing,
    model::{Gap, InShare, InState, OutShare, OutState, SentRow, Verdict},
    store::{into, item, out},
};

/// How many differences, messages and objects not kept are shown of one share.
const SHOWN_MAX: i64 = 200;

/// A peer in the list.
#[derive(Clone, Debug)]
pub struct PeerRow {
    /// Whose node.
    pub party: PartyCode,
    /// How many collections it is told of.
    pub outgoing: usize,
    /// How many it shares.
    pub incoming: usize,
    /// How many wait for a decision of this party.
    pub offered: usize,
    /// How many differ, on either side.
    pub differing: usize,
    /// How many removals it has not stated.
    pub unconfirmed: usize,
    /// How many messages of the whole traffic differ.
    pub gaps: usize,
}

/// Everything about one peer.
#[derive(Clone, Debug)]
pub struct PeerView {
    /// Whose node.
    pub party: PartyCode,
    /// All messages between the two.
    pub traffic: Traffic,
    /// What it is told of.
    pub outgoing: Vec<OutgoingView>,
    /// What it shares.
    pub incoming: Vec<IncomingView>,
}

/// All messages between two nodes.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// When the peer last answered.
    pub heard_at: Option<Timestamp>,
    /// Messages of this node that it has a receipt for, with their digest.
    pub sent: federation::protocol::Tally,
    /// Messages that this node gave a receipt for, with their digest.
    pub received: federation::protocol::Tally,
    /// Where the two sides differ.
    pub gaps: Vec<(MessageId, TrafficGap)>,
}

/// A collection of which a party is told.
#[derive(Clone, Debug)]
pub struct OutgoingView {
    /// The share.
    pub share: OutShare,
    /// What the last comparison came to.
    pub verdict: Verdict,
    /// Where the newest messages stand, newest first.
    pub sent: Vec<(SentRow, Option<Delivery>)>,
    /// What differs.
    pub gaps: Vec<Differing>,
}

/// An object in which two sides differ.
#[derive(Clone, Debug)]
pub struct Differing {
    /// Its id.
    pub stix_id: String,
    /// SHA-256 of its canonical form, in hexadecimal.
    pub sha256: String,
    /// How.
    pub gap: Gap,
    /// Since when that is known.
    pub since: Timestamp,
}

/// A collection that a party shares.
#[derive(Clone, Debug)]
pub struct IncomingView {
    /// The share.
    pub share: InShare,
    /// Whether what is held is what it says.
    pub verdict: Verdict,
    /// How many messages wait: for a decision, or for others that come before them.
    pub waiting: usize,
    /// What was given and is not kept: the id, the version, why.
    pub unkept: Vec<(String, String, String)>,
    /// Where it is kept: the root and the collection.
    pub place: Option<(String, CollectionRef)>,
}

/// The peers with which anything is shared, and all others of the mode.
#[boxed]
pub async fn peers(x: &Sharing, viewer: &Viewer) -> Result<Vec<PeerRow>, Error> {
    check_house(viewer, Act::IntelManage)?;
    let mut rows = Vec::new();
    for peer in x.post.peers(viewer.mode) {
        let view = read(x, viewer, &peer.party).await?;
        let states = view.outgoing.iter();
        let unstated = |one: &OutgoingView| {
            let mails = one.sent.iter().map(|(row, _)| row);
            mails.filter(|row| row.awaits()).count()
        };
        let differs = view.outgoing.iter().map(|one| one.verdict);
        let differs = differs.chain(view.incoming.iter().map(|one| one.verdict));
        rows.push(PeerRow {
            party: peer.party.clone(),
            outgoing: view.outgoing.len(),
            incoming: view.incoming.len(),
            offered: view
                .incoming
                .iter()
                .filter(|one| one.share.state == InState::Offered)
                .count(),
            differing: differs
                .filter(|verdict| matches!(verdict, Verdict::Differs | Verdict::NotKnown))
                .count(),
            unconfirmed: states.map(unstated).sum(),
            gaps: view.traffic.gaps.len(),
        });
    }
    Ok(rows)
}

/// Everything about one peer.
#[boxed]
pub async fn peer(x: &Sharing, viewer: &Viewer, party: &PartyCode) -> Result<PeerView, Error> {
    check_house(viewer, Act::IntelManage)?;
    if x.post.peer(party, viewer.mode).is_none() {
        return Err(Error::NotFound);
    }
    read(x, viewer, party).await
}

async fn read(x: &Sharing, viewer: &Viewer, party: &PartyCode) -> Result<PeerView, Error> {
    let mut tx = x.ground.db.begin_read().await?;
    let at = (party, viewer.mode);
    let row = federation::store::peer(&mut tx, party, viewer.mode).await?;
    let mut traffic = Traffic {
        gaps: federation::store::gaps(&mut tx, at).await?,
        ..Traffic::default()
    };
    if let Some(row) = row {
        traffic.heard_at = row.heard_at;
        traffic.sent = row.holdings.sent;
        traffic.received = row.holdings.received;
    }
    let mut outgoing = Vec::new();
    for share in out::of_party(&mut tx, Some(party), viewer.mode).await? {
        outgoing.push(told(&mut tx, share).await?);
    }
    let mut incoming = Vec::new();
    for share in into::of_party(&mut tx, Some(party), viewer.mode).await? {
        let kept = super::apply::kept(&mut tx, &share).await?;
        incoming.push(IncomingView {
            verdict: share.verdict(),
            waiting: into::waiting(&mut tx, share.id).await?.len(),
            unkept: into::unkept(&mut tx, share.id, SHOWN_MAX).await?,
            place: kept.map(|kept| (kept.root.to_string(), kept.public)),
            share,
        });
    }
    Ok(PeerView {
        party: party.clone(),
        traffic,
        outgoing,
        incoming,
    })
}

async fn told(tx: &mut db::Tx, share: OutShare) -> Result<OutgoingView, Error> {
    let mut sent = Vec::new();
    for row in out::sent(tx, share.id, SHOWN_MAX).await? {
        let found = federation::store::delivery(tx, row.message).await?;
        sent.push((row, found.map(|found| found.outgoing.delivery)));
    }
    let gaps = item::gaps(tx, share.id, SHOWN_MAX).await?;
    let differing = |(item, gap, since): (intel::ops::Item, Gap, Timestamp)| Differing {
        stix_id: item.stix_id,
        sha256: kernel::hex(&item.sha256),
        gap,
        since,
    };
    Ok(OutgoingView {
        verdict: share.verdict(),
        sent,
        gaps: gaps.into_iter().map(differing).collect(),
        share,
    })
}

/// Who is told of a collection, and how that stands.
#[boxed]
pub async fn shared_with(
    x: &Sharing,
    viewer: &Viewer,
    (root, name): (&str, &str),
) -> Result<Vec<OutgoingView>, Error> {
    check_house(viewer, Act::IntelManage)?;
    let shown = intel::ops::collection(&x.ground, viewer, root, name).await?;
    let mut tx = x.ground.db.begin_read().await?;
    let mut views = Vec::new();
    for share in out::of_collection(&mut tx, shown.collection.public, viewer.mode).await? {
        views.push(told(&mut tx, share).await?);
    }
    Ok(views)
}

/// The parties that are told of a collection, and whether each was given an object of it.
#[boxed]
pub async fn who_has(
    x: &Sharing,
    viewer: &Viewer,
    (root, name): (&str, &str),
    stix_id: &str,
) -> Result<Vec<(PartyCode, OutState, bool)>, Error> {
    check_house(viewer, Act::IntelManage)?;
    let shown = intel::ops::collection(&x.ground, viewer, root, name).await?;
    let mut tx = x.ground.db.begin_read().await?;
    let mut parties = Vec::new();
    for share in out::of_collection(&mut tx, shown.collection.public, viewer.mode).await? {
        let has = item::has(&mut tx, share.id, stix_id).await?;
        parties.push((share.party, share.state, has));
    }
    Ok(parties)
}

impl SentRow {
    /// True for a removal that the party has not stated.
    pub fn awaits(&self) -> bool {
        self.kind != crate::model::Sent::Share && self.confirmed_at.is_none()
    }
}
