//! The post office of a node: it drives [`crate::protocol`] with the database, the ledger, the
//! files and the network.
//!
//! One thing happens at a time between two nodes in one mode: each step holds the peer's row, runs
//! [`crate::protocol::handle`] on the rows that it concerns, carries out what belongs into the
//! transaction, commits, and only then says anything to anybody.

mod call;
mod cosign;
mod gate;
mod keysets;
mod letter;
mod peers;
mod receipts;
mod receive;
mod reconcile;
mod regain;
mod restore;
mod restored;
mod send;
mod step;
mod thaw;
mod timers;
mod turns;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
};

use audit::Ground;
use db::Tx;
use kernel::{MessageId, Mode, PartyCode, Problem};
use queue::Runner;
use seal::{Digest, keys::KeySetChain};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::{
    body::Body,
    files::Files,
    model::Header,
    own::OwnKeys,
    protocol::Effect,
    state::RefusalCode,
    transport::{PeerAddress, Transport},
};

pub use cosign::WitnessAnswer;
pub use gate::{Gate, RESTORED};
pub use receive::Arrival;
pub use restore::Progress;

/// How many peers' kicks wait at most; what does not fit is left to the timers.
const KICKS_MAX: usize = 4_096;

/// The job that rings a message's timer.
const DUE: &str = "federation.due";
/// The job that fetches a peer's newer key sets.
const KEY_SETS: &str = "federation.keysets";
/// The job that has our ledger cosigned.
const COSIGN: &str = "federation.cosign";
/// The job that plans the comparing of notes with every peer, once an hour.
const RECONCILE_ALL: &str = "federation.reconcile_all";
/// The job that compares notes with one peer.
const RECONCILE: &str = "federation.reconcile";
/// The job that brings a node back that was restored from a backup.
const COME_BACK: &str = "federation.come_back";

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

/// What a room says of a message that keeps the rules of its kind.
pub type Judged<'a> =
    Pin<Box<dyn Future<Output = Result<Result<(), RefusalCode>, Problem>> + Send + 'a>>;

/// What became of a message of ours.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// Nothing more of it is to be sent: it was taken, refused, or taken back before it left. Told
    /// at least once.
    Settled,
    /// The peer lost it after its receipt, and it may not leave again.
    Lost,
}

/// Whether a message may still leave the house.
pub type Leaves<'a> = Pin<Box<dyn Future<Output = Result<bool, Problem>> + Send + 'a>>;

type Leave = dyn for<'a> Fn(&'a mut Tx, &'a Header) -> Leaves<'a> + Send + Sync;
type Tell = dyn for<'a> Fn(&'a mut Tx, &'a Ground, MessageId, Fate) -> Taken<'a> + Send + Sync;
type Judge = dyn for<'a> Fn(&'a mut Tx, &'a Ground, &'a Delivered) -> Judged<'a> + Send + Sync;
type Check = dyn Fn(&Header, &Body) -> Result<(), RefusalCode> + Send + Sync;
type Take = dyn for<'a> Fn(&'a mut Tx, &'a Ground, &'a Delivered) -> Taken<'a> + Send + Sync;

/// What handles the messages of some kinds.
#[derive(Clone)]
pub struct Room {
    /// Whether a body keeps the rules of its kind. Pure.
    pub check: Arc<Check>,
    /// Whether a message can be taken beside what is held already, where that matters: asked in the
    /// transaction that takes or refuses it. What it writes stays either way.
    pub judge: Option<Arc<Judge>>,
    /// Takes the message, within the transaction that gives the receipt its leaf.
    pub take: Arc<Take>,
    /// Whether a message of ours may still leave, where that can change after it was made: asked
    /// before each try. One that may not is taken back as far as nothing of it has left, and no
    /// further byte of it leaves.
    pub leave: Option<Arc<Leave>>,
}

/// Who is told what became of messages of ours, of whatever kind, in the transaction that says so.
pub type Fates = Vec<Arc<Tell>>;

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
    /// Who is told what became of messages that went out.
    pub fates: Fates,
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
    fates: Fates,
    keep_key_set: KeepKeySet,
    peers: RwLock<HashMap<(PartyCode, Mode), Arc<KnownPeer>>>,
    kicks: mpsc::Sender<Kick>,
    taken: std::sync::Mutex<Option<mpsc::Receiver<Kick>>>,
    gate: gate::Keeper,
    /// Whom the database shows as heard, as far as this process knows.
    answering: std::sync::Mutex<HashSet<(PartyCode, Mode)>>,
    turns: turns::Turns,
    timers: timers::Timers,
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
        let keys = in_present_epochs(&parts.ground, &parts.keys);
        Self(Arc::new(Inner {
            ground: parts.ground,
            keys: RwLock::new(Arc::new(keys)),
            files: parts.files,
            transport: parts.transport,
            rooms: parts.rooms,
            fates: parts.fates,
            keep_key_set: parts.keep_key_set,
            peers: RwLock::default(),
            kicks,
            taken: std::sync::Mutex::new(Some(taken)),
            gate: gate::Keeper::default(),
            answering: std::sync::Mutex::default(),
            turns: turns::Turns::default(),
            timers: timers::Timers::default(),
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
    pub fn set_keys(&self, keys: &OwnKeys) {
        let keys = in_present_epochs(self.ground(), keys);
        *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// The runner with the jobs of federation.
    #[must_use]
    pub fn jobs(&self, runner: Runner) -> Runner {
        let (due, key_sets, cosign) = (self.clone(), self.clone(), self.clone());
        let (all, one, back) = (self.clone(), self.clone(), self.clone());
        runner
            .with(RECONCILE_ALL, move |job| {
                let post = all.clone();
                async move { post.reconcile_all(job.read()?).await }
            })
            .with(RECONCILE, move |job| {
                let post = one.clone();
                async move { post.reconcile_one(job.read()?).await }
            })
            .with(COME_BACK, move |_job| {
                let post = back.clone();
                async move { post.come_back_a_step().await }
            })
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
}

#[expect(
    clippy::expect_used,
    reason = "the keys were put together before; an epoch adds a number to a sound origin"
)]
fn in_present_epochs(ground: &Ground, keys: &OwnKeys) -> OwnKeys {
    keys.in_epochs(|log| ground.epoch(log))
        .expect("sound keys sign in every epoch")
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").finish_non_exhaustive()
    }
}
