//! The post office of a node: it drives [`crate::protocol`] with the database, the ledger, the
//! files and the network.
//!
//! One thing happens at a time between two nodes in one mode: each step holds the peer's row, runs
//! [`handle`] on the rows that it concerns, carries out what belongs into the transaction, commits,
//! and only then says anything to anybody.

mod cosign;
mod receive;
mod send;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
};

use audit::{Ground, Leaf, Log};
use db::Tx;
use kernel::{ActId, MessageId, Mode, PartyCode, Problem};
use queue::Runner;
use seal::{Digest, keys::KeySetChain};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    body::Body,
    error::Error,
    files::Files,
    model::Header,
    own::OwnKeys,
    protocol::{Alarm, Effect, Evidence, Input, LeafAct, Peer, Phase, Row, backoff_ms, handle},
    state::RefusalCode,
    store::{self, NewAlarm, NewEvidence},
    transport::{PeerAddress, Transport},
};

pub use cosign::WitnessAnswer;
pub use receive::Arrival;

/// How many peers' kicks wait at most; what does not fit is left to the timers.
const KICKS_MAX: usize = 4_096;

/// The job that rings a message's timer.
const DUE: &str = "federation.due";
/// The job that fetches a peer's newer key sets.
const KEY_SETS: &str = "federation.keysets";
/// The job that has our ledger cosigned.
const COSIGN: &str = "federation.cosign";

/// A peer as far as messages travel to it.
#[derive(Clone, Debug)]
pub struct KnownPeer {
    /// Whose node.
    pub party: PartyCode,
    /// In which mode.
    pub mode: Mode,
    /// Its key sets.
    pub chain: KeySetChain,
    /// Where it listens, `HOST:PORT`; nothing if it has no node of its own.
    pub authority: Option<String>,
}

impl KnownPeer {
    /// Where the peer is, with the key that it has to prove.
    pub fn address(&self) -> Option<PeerAddress> {
        Some(PeerAddress {
            authority: self.authority.clone()?,
            tls_key_sha256: self.chain.latest().set().tls_key_sha256,
        })
    }
}

/// A message that was taken, as it is handed to the room of its kind.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// Who sent it.
    pub peer: PartyCode,
    /// Its header.
    pub header: Header,
    /// SHA-256 of the header.
    pub digest: Digest,
    /// Its body.
    pub body: Body,
    /// The body's plaintext.
    pub plaintext: zeroize::Zeroizing<Vec<u8>>,
}

/// What a room's work comes to.
pub type Taken<'a> = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'a>>;

type Check = dyn Fn(&Header, &Body) -> Result<(), RefusalCode> + Send + Sync;
type Take = dyn for<'a> Fn(&'a mut Tx, &'a Ground, &'a Delivered) -> Taken<'a> + Send + Sync;

/// What handles the messages of some kinds.
#[derive(Clone)]
pub struct Room {
    /// Whether a body keeps the rules of its kind. Pure.
    pub check: Arc<Check>,
    /// Takes the message, within the transaction that gives the receipt its leaf.
    pub take: Arc<Take>,
}

/// Where a new key set of a peer is kept. `directory` knows.
pub type KeepKeySet = Arc<
    dyn Fn(
            PartyCode,
            seal::keys::SignedKeySet,
        ) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + Send>>
        + Send
        + Sync,
>;

/// What a post office is made of.
pub struct Parts {
    /// The database, the time, chance.
    pub ground: Ground,
    /// The own keys.
    pub keys: OwnKeys,
    /// Sealed files.
    pub files: Files,
    /// The network.
    pub transport: Transport,
    /// Who handles which kind.
    pub rooms: HashMap<&'static str, Room>,
    /// Where new key sets of peers go.
    pub keep_key_set: KeepKeySet,
}

/// The post office of a node. Clones share it.
#[derive(Clone)]
pub struct Post(Arc<Inner>);

struct Inner {
    ground: Ground,
    keys: RwLock<Arc<OwnKeys>>,
    files: Files,
    transport: Transport,
    rooms: HashMap<&'static str, Room>,
    keep_key_set: KeepKeySet,
    peers: RwLock<HashMap<(PartyCode, Mode), Arc<KnownPeer>>>,
    kicks: mpsc::Sender<Kick>,
    taken: std::sync::Mutex<Option<mpsc::Receiver<Kick>>>,
}

/// Something to be done for a peer after a commit.
#[derive(Debug)]
struct Kick {
    party: PartyCode,
    mode: Mode,
    effects: Vec<Effect>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct DueJob {
    party: PartyCode,
    mode: Mode,
    id: MessageId,
    attempt: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct PeerJob {
    party: PartyCode,
    mode: Mode,
}

/// What one step needs beside the state.
#[derive(Default)]
struct Luggage<'a> {
    /// The envelope, where one came or is to be sent.
    envelope: Option<&'a [u8]>,
    /// The opened message, where one may be handed up.
    delivered: Option<&'a Delivered>,
}

impl Post {
    /// A post office. It sends nothing until [`Post::run`].
    pub fn new(parts: Parts) -> Self {
        let (kicks, taken) = mpsc::channel(KICKS_MAX);
        Self(Arc::new(Inner {
            ground: parts.ground,
            keys: RwLock::new(Arc::new(parts.keys)),
            files: parts.files,
            transport: parts.transport,
            rooms: parts.rooms,
            keep_key_set: parts.keep_key_set,
            peers: RwLock::default(),
            kicks,
            taken: std::sync::Mutex::new(Some(taken)),
        }))
    }

    /// The database, the time, chance.
    pub fn ground(&self) -> &Ground {
        &self.0.ground
    }

    /// The sealed files.
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    /// The own keys.
    pub fn keys(&self) -> Arc<OwnKeys> {
        Arc::clone(&self.0.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes new own keys into use.
    pub fn set_keys(&self, keys: OwnKeys) {
        *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// Replaces what is known of the peers.
    pub fn set_peers(&self, peers: Vec<KnownPeer>) {
        let peers = peers
            .into_iter()
            .map(|peer| ((peer.party.clone(), peer.mode), Arc::new(peer)))
            .collect();
        *self.0.peers.write().unwrap_or_else(PoisonError::into_inner) = peers;
    }

    /// A peer, in one mode.
    pub fn peer(&self, party: &PartyCode, mode: Mode) -> Option<Arc<KnownPeer>> {
        let peers = self.0.peers.read().unwrap_or_else(PoisonError::into_inner);
        peers.get(&(party.clone(), mode)).cloned()
    }

    /// All peers of a mode, by their codes.
    pub fn peers(&self, mode: Mode) -> Vec<Arc<KnownPeer>> {
        let peers = self.0.peers.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<_> = peers
            .values()
            .filter(|peer| peer.mode == mode)
            .cloned()
            .collect();
        found.sort_by(|a, b| a.party.cmp(&b.party));
        found
    }

    /// The peer whose TLS key this is.
    pub fn peer_by_tls_key(&self, key: &Digest) -> Option<PartyCode> {
        let peers = self.0.peers.read().unwrap_or_else(PoisonError::into_inner);
        let found = peers
            .values()
            .find(|peer| peer.chain.latest().set().tls_key_sha256 == *key);
        found.map(|peer| peer.party.clone())
    }

    /// The runner with the jobs of federation.
    #[must_use]
    pub fn jobs(&self, runner: Runner) -> Runner {
        let (due, key_sets, cosign) = (self.clone(), self.clone(), self.clone());
        runner
            .with(DUE, move |job| {
                let post = due.clone();
                async move { post.ring(job.read()?).await }
            })
            .with(KEY_SETS, move |job| {
                let post = key_sets.clone();
                async move { post.fetch_key_sets(job.read()?).await }
            })
            .with(COSIGN, move |job| {
                let post = cosign.clone();
                async move { post.have_cosigned(job.read()?).await }
            })
    }

    fn known(&self, party: &PartyCode, mode: Mode) -> Result<Arc<KnownPeer>, Error> {
        self.peer(party, mode).ok_or_else(|| Error::NoPeer {
            party: party.clone(),
            mode,
        })
    }

    /// Hands over what is to be done after a commit. What does not fit is left to the timers, which
    /// were set before.
    fn kick(&self, party: &PartyCode, mode: Mode, effects: Vec<Effect>) {
        let kick = Kick {
            party: party.clone(),
            mode,
            effects,
        };
        if let Err(error) = self.0.kicks.try_send(kick) {
            tracing::debug!(peer.name = %party, "left to the timers: {error}");
        }
    }

    /// One step between this node and a peer: loads what the inputs concern, carries out what
    /// belongs into the transaction, and gives what comes after its commit.
    async fn step(
        &self,
        tx: &mut Tx,
        (party, mode): (&PartyCode, Mode),
        inputs: Vec<Input>,
        luggage: &Luggage<'_>,
    ) -> Result<Vec<Effect>, Error> {
        let ids: Vec<MessageId> = inputs.iter().flat_map(ids_of).collect();
        let mut peer = self.load(tx, (party, mode), ids).await?;
        let mut after = Vec::new();
        for input in inputs {
            for effect in handle(&mut peer, input) {
                match effect.phase() {
                    Phase::Within => self.within(tx, (party, mode), effect, luggage).await?,
                    Phase::After => after.push(effect),
                }
            }
        }
        Ok(after)
    }

    async fn load(
        &self,
        tx: &mut Tx,
        (party, mode): (&PartyCode, Mode),
        ids: impl IntoIterator<Item = MessageId>,
    ) -> Result<Peer, Error> {
        let row = store::lock_peer(tx, party, mode).await?;
        let witnessed = self
            .peer(party, mode)
            .is_some_and(|peer| peer.chain.latest().set().witnesses.threshold > 0);
        let mut peer = Peer {
            standing: row.standing,
            head: row.head,
            witnessed,
            holdings: row.holdings,
            gaps: store::gaps(tx, (party, mode)).await?.into_iter().collect(),
            ..Peer::default()
        };
        for id in ids {
            if let Some(row) = store::delivery(tx, id).await?
                && (&row.party, row.mode) == (party, mode)
            {
                peer.outbox.insert(id, row.outgoing);
            }
            if let Some(row) = store::incoming(tx, (party, mode), id).await? {
                peer.inbox.insert(id, row.incoming);
            }
        }
        Ok(peer)
    }

    async fn within(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        effect: Effect,
        luggage: &Luggage<'_>,
    ) -> Result<(), Error> {
        let (party, mode) = at;
        let ground = &self.0.ground;
        match effect {
            Effect::Persist(row) => self.persist(tx, at, row, luggage).await?,
            Effect::AppendLeaf { act, id, digest } => {
                let leaf = Leaf {
                    act: match act {
                        LeafAct::Sent => ledger::Act::Sent,
                        LeafAct::Received => ledger::Act::Received,
                        LeafAct::Refused => ledger::Act::Refused,
                    },
                    subject: id.to_string(),
                    sha256: *digest.as_bytes(),
                };
                let indices = audit::append(tx, ground, Log::of(mode), &[leaf]).await?;
                match (act, indices.first()) {
                    (LeafAct::Sent, Some(&index)) => store::set_sent_leaf(tx, id, index).await?,
                    (LeafAct::Received, Some(&index)) => {
                        store::bind_leaf(tx, at, id, index).await?;
                        self.ask_cosignatures(tx, mode).await?;
                    }
                    (LeafAct::Refused, _) | (_, None) => {}
                }
            }
            Effect::Schedule { id, attempt, step } => {
                let random = u64::from_le_bytes(kernel::random_array(ground.rng.as_ref()));
                let wait = std::time::Duration::from_millis(backoff_ms(step, random));
                let job = DueJob {
                    party: party.clone(),
                    mode,
                    id,
                    attempt,
                };
                let run_at = ground.now().plus(wait);
                let source = (ground.clock.as_ref(), ground.rng.as_ref());
                queue::enqueue(tx, source, DUE, &job, run_at).await?;
            }
            Effect::HandUp { .. } => {
                if let Some(delivered) = luggage.delivered
                    && let Some(room) = self.0.rooms.get(delivered.header.kind.as_str())
                {
                    (room.take)(tx, ground, delivered)
                        .await
                        .map_err(Error::Room)?;
                }
            }
            Effect::KeepEvidence(evidence) => {
                self.keep_evidence(tx, at, &evidence, luggage).await?;
            }
            Effect::Alarm(alarm) => self.raise(tx, at, &alarm).await?,
            // Not of this phase.
            _ => {}
        }
        Ok(())
    }

    async fn persist(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        row: Row,
        luggage: &Luggage<'_>,
    ) -> Result<(), Error> {
        let now = self.0.ground.now();
        match row {
            Row::Outgoing(id, outgoing) => match luggage.envelope {
                Some(envelope) if store::delivery(tx, id).await?.is_none() => {
                    store::insert_outgoing(tx, at, id, (&outgoing, envelope), now).await?;
                }
                Some(_) | None => store::put_outgoing(tx, id, &outgoing).await?,
            },
            Row::Incoming(id, incoming) => {
                // Bytes are kept only of what is proven to be the peer's.
                let envelope = luggage.envelope.filter(|_bytes| incoming.bound.is_some());
                store::put_incoming(tx, at, id, (&incoming, envelope), now).await?;
            }
            Row::Ledger(standing, head) => store::put_ledger(tx, at, &standing, head).await?,
            Row::Holdings(holdings) => store::put_holdings(tx, at, &holdings).await?,
            Row::Gap(id, gap) => store::put_gap(tx, at, id, gap, now).await?,
        }
        Ok(())
    }

    async fn keep_evidence(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        evidence: &Evidence,
        luggage: &Luggage<'_>,
    ) -> Result<(), Error> {
        let (code, detail, held, shown) = match evidence {
            Evidence::SplitView { known, shown } => (
                "split_view",
                json!({"known": known, "shown": shown}),
                store::checkpoint_note(tx, at, *known)
                    .await?
                    .map(String::into_bytes),
                store::checkpoint_note(tx, at, *shown)
                    .await?
                    .map(String::into_bytes),
            ),
            Evidence::Conflict { id, held, shown } => (
                "conflict",
                json!({"id": id, "held": held, "shown": shown}),
                store::envelope_in(tx, at, *id).await?,
                luggage.envelope.map(<[u8]>::to_vec),
            ),
            Evidence::HeldReceipt { id } => (
                "held_receipt",
                json!({"id": id}),
                None,
                luggage.envelope.map(<[u8]>::to_vec),
            ),
        };
        let ground = &self.0.ground;
        let evidence = NewEvidence {
            id: ActId::new(ground.clock.as_ref(), ground.rng.as_ref()),
            party: at.0,
            mode: at.1,
            at: ground.now(),
            code,
            detail: &detail.to_string(),
            held: held.as_deref(),
            shown: shown.as_deref(),
        };
        store::insert_evidence(tx, &evidence).await?;
        Ok(())
    }

    async fn raise(&self, tx: &mut Tx, at: (&PartyCode, Mode), alarm: &Alarm) -> Result<(), Error> {
        let (code, message, detail) = describe(alarm);
        let (party, mode) = at;
        tracing::warn!(peer.name = %party, alarm.code = code, "alarm about peer {party}: {code}");
        let ground = &self.0.ground;
        let alarm = NewAlarm {
            id: ActId::new(ground.clock.as_ref(), ground.rng.as_ref()),
            party,
            mode,
            at: ground.now(),
            code,
            message,
            detail: &detail.to_string(),
        };
        store::insert_alarm(tx, &alarm).await?;
        tx.wake();
        Ok(())
    }
}

fn describe(alarm: &Alarm) -> (&'static str, Option<MessageId>, serde_json::Value) {
    match alarm {
        Alarm::SplitView { known, shown } => {
            ("split_view", None, json!({"known": known, "shown": shown}))
        }
        Alarm::PeerRestored => ("peer_restored", None, json!({})),
        Alarm::Conflict { id } => ("conflict", Some(*id), json!({})),
        Alarm::Damaged { id, code } => ("damaged", Some(*id), json!({"code": code})),
        Alarm::Refused { id, code } => ("refused", Some(*id), json!({"code": code})),
        Alarm::AlteredOnTheWay { id } => ("altered_on_the_way", Some(*id), json!({})),
        Alarm::BadReceipt { id } => ("bad_receipt", Some(*id), json!({})),
        Alarm::Contradiction { id } => ("contradiction", Some(*id), json!({})),
        Alarm::Undeliverable { id, since } => ("undeliverable", Some(*id), json!({"since": since})),
        Alarm::Gap { id, gap } => ("gap", Some(*id), json!({"gap": gap})),
    }
}

/// The messages whose rows an input needs.
fn ids_of(input: &Input) -> Vec<MessageId> {
    match input {
        Input::Submit { id, .. }
        | Input::Due { id, .. }
        | Input::RetryNow { id }
        | Input::Transmitted { id }
        | Input::Wanted { id, .. }
        | Input::FilesSent { id }
        | Input::Failed { id, .. }
        | Input::Receipt { id, .. }
        | Input::Refusal { id, .. }
        | Input::NotHeld { id }
        | Input::SendAgain { id }
        | Input::Withdraw { id }
        | Input::Carry { id }
        | Input::Arrived { id, .. }
        | Input::Files { id, .. }
        | Input::Cosigned { id }
        | Input::ReceiptAsked { id }
        | Input::Recovered { id, .. } => vec![*id],
        Input::Named { sent, received } => {
            let ids: HashSet<MessageId> = sent.keys().chain(received.keys()).copied().collect();
            ids.into_iter().collect()
        }
        Input::Checkpoint { .. }
        | Input::Restored { .. }
        | Input::Thaw { .. }
        | Input::Compare { .. } => Vec::new(),
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}
