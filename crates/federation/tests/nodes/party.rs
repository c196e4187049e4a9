//! Nodes for tests: real stores and cryptography.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use db::{Db, Engine, scratch::Scratch};
use federation::{
    compose::{Draft, Keys, Message, SealedAttachment, compose},
    files::Files,
    model::{Desk, Urgency},
    own::{OwnKeys, origins},
    post::{Delivered, KnownPeer, Parts, Post, Room, Taken},
};
use kernel::{
    Clock, ContactId, ManualClock, MessageId, Mode, OsRng, PartyCode, Rng, ThreadId, Timestamp, Tlp,
};
use queue::Runner;
use seal::{
    Digest, HybridIdentity, Time,
    data::DataKey,
    keys::{KeySet, KeySetChain, Purpose, RootKey, SignedKeySet, Witness, WitnessPolicy},
    vault::{NodeSecrets, PurposeSecrets},
};
use serde_json::json;
use tempfile::TempDir;

use super::network::Network;

pub(crate) const START: i64 = 1_795_000_000_000_000;
const YEAR: i64 = 365 * 86_400_000_000;

pub(crate) struct Party {
    pub(crate) code: PartyCode,
    pub(crate) root: RootKey,
    pub(crate) secrets: NodeSecrets,
    pub(crate) archive: HybridIdentity,
    pub(crate) tls: Digest,
}

impl Party {
    pub(crate) fn new(code: &str) -> Self {
        let code: PartyCode = code.parse().unwrap();
        let mut entropy = |bytes: &mut [u8]| OsRng.fill(bytes);
        let mut of = |mode| {
            let origins = origins(&code, mode);
            let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
            PurposeSecrets::generate(&origins, &mut entropy).unwrap()
        };
        let (real, exercise) = (of(Mode::Real), of(Mode::Exercise));
        Self {
            tls: Digest::of(code.as_str().as_bytes()),
            root: RootKey::generate(&mut entropy),
            archive: HybridIdentity::generate(&mut entropy).unwrap(),
            secrets: NodeSecrets {
                real,
                exercise,
                tls_pkcs8: Vec::new().into(),
                data_key: DataKey::generate(&mut entropy),
            },
            code,
        }
    }

    pub(crate) fn key_set(&self, purpose: Purpose, witness: Option<&Party>) -> SignedKeySet {
        let secrets = self.secrets.of(purpose);
        let witnesses = witness.map_or_else(WitnessPolicy::default, |witness| {
            let mode = Mode::from_exercise(purpose == Purpose::Exercise);
            let keys = witness.own(None).witness(mode).keys();
            WitnessPolicy {
                threshold: 1,
                regions: 0,
                of: keys
                    .iter()
                    .map(|key| Witness {
                        name: witness.code.to_string(),
                        key: key.to_string(),
                        region: None,
                    })
                    .collect(),
            }
        });
        let set = KeySet {
            party: self.code.to_string(),
            root: self.root.public().clone(),
            seq: 1,
            previous_sha256: None,
            purpose,
            valid_from: Time::from_micros(START - YEAR).unwrap(),
            valid_until: Time::from_micros(START + YEAR).unwrap(),
            signing_keys: vec![secrets.signing.public().clone()],
            age_recipient: secrets.identity.recipient(),
            archive_recipient: self.archive.recipient(),
            ledger_keys: secrets
                .ledgers
                .iter()
                .map(seal::keys::LedgerSecret::public)
                .collect(),
            tls_key_sha256: self.tls,
            witnesses,
            revoked: Vec::new(),
        };
        self.root.sign(&set).unwrap()
    }

    pub(crate) fn chain(&self, purpose: Purpose, witness: Option<&Party>) -> KeySetChain {
        let set = self.key_set(purpose, witness);
        KeySetChain::begin(set, &self.root.fingerprint(), purpose).unwrap()
    }

    pub(crate) fn own(&self, witness: Option<&Party>) -> OwnKeys {
        OwnKeys::new(
            self.code.clone(),
            self.secrets.clone(),
            self.chain(Purpose::Real, witness),
            self.chain(Purpose::Exercise, witness),
        )
        .unwrap()
    }
}

/// A running node of a party.
pub(crate) struct Node {
    pub(crate) post: Post,
    pub(crate) runner: Runner,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) taken: Arc<Mutex<Vec<Delivered>>>,
    pub(crate) scratch: Scratch,
    #[expect(dead_code, reason = "held until the test ends")]
    folder: TempDir,
}

impl Node {
    pub(crate) async fn start(
        engine: Engine,
        party: &Party,
        witness: Option<&Party>,
        network: &Network,
    ) -> Self {
        let scratch = Scratch::open(engine).await;
        Self::on(scratch, party, witness, network).await
    }

    /// A node on a database that is there already.
    pub(crate) async fn on(
        scratch: Scratch,
        party: &Party,
        witness: Option<&Party>,
        network: &Network,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(START)));
        let ground = ground(scratch.db.clone(), &clock).await;
        let taken: Arc<Mutex<Vec<Delivered>>> = Arc::default();
        let post = Post::new(Parts {
            ground: ground.clone(),
            keys: party.own(witness),
            files: Files::open(folder.path().join("blobs")).unwrap(),
            transport: network.transport(party.tls),
            rooms: HashMap::from([("RFM", room(&taken))]),
            fates: Vec::new(),
            keep_key_set: Arc::new(|_party, _set| Box::pin(async { Ok(()) })),
        });
        let runner = post.jobs(Runner::new(scratch.db.clone(), ground.clock, ground.rng));
        network.connect(party, &post);
        Self {
            post,
            runner,
            clock,
            taken,
            scratch,
            folder,
        }
    }

    /// Makes peers known to this node in the exercise.
    pub(crate) fn meet(&self, peers: &[(&Party, Option<&Party>)]) {
        let peers = peers
            .iter()
            .map(|(party, witness)| KnownPeer {
                party: party.code.clone(),
                mode: Mode::Exercise,
                chain: party.chain(Purpose::Exercise, *witness),
                authority: Some(party.code.to_string()),
            })
            .collect();
        self.post.set_peers(peers);
    }

    /// Runs everything that is due now, and what follows from it.
    pub(crate) async fn run_due(&self) {
        while self.runner.run_due().await.unwrap() > 0 {}
        self.post.drain().await;
    }

    /// Lets the time pass, and runs what falls due.
    pub(crate) async fn pass(&self, time: std::time::Duration) {
        self.clock.advance(time);
        self.run_due().await;
    }

    pub(crate) fn message(
        &self,
        from: &Party,
        to: &Party,
        attachments: Vec<SealedAttachment>,
    ) -> Message {
        self.composed(from, to, 1, attachments)
    }

    /// A message signed by a later key set.
    pub(crate) fn message_by(&self, from: &Party, to: &Party, keyset: u64) -> Message {
        self.composed(from, to, keyset, Vec::new())
    }

    fn composed(
        &self,
        from: &Party,
        to: &Party,
        keyset: u64,
        attachments: Vec<SealedAttachment>,
    ) -> Message {
        let desk = |party: &Party| Desk {
            contact: ContactId::random(&OsRng),
            party: party.code.clone(),
        };
        let draft = Draft {
            id: MessageId::random(&OsRng),
            thread: ThreadId::random(&OsRng),
            kind: "RFM".parse().unwrap(),
            from: desk(from),
            to: desk(to),
            sent: self.clock.now(),
            parent: None,
            urgency: Urgency::Routine,
            ack_due: None,
            answer_due: None,
            tlp: Tlp::Amber,
            exercise: true,
            content: json!({"title": "Please act"}),
            attachments,
        };
        let recipient = to.secrets.exercise.identity.recipient();
        let archive = from.archive.recipient();
        let keys = Keys {
            signing: &from.secrets.exercise.signing,
            keyset,
            recipient: &recipient,
            archive: &archive,
        };
        compose(draft, keys, &OsRng).unwrap()
    }

    pub(crate) async fn send(&self, message: &Message) {
        let mut tx = self.scratch.db.begin().await.unwrap();
        self.post.submit(&mut tx, message).await.unwrap();
        tx.commit().await.unwrap();
        self.post.sent(message);
        self.post.drain().await;
    }

    pub(crate) async fn delivery(&self, message: &Message) -> federation::state::Delivery {
        let mut tx = self.scratch.db.begin_read().await.unwrap();
        let row = federation::store::delivery(&mut tx, message.header.id)
            .await
            .unwrap();
        row.unwrap().outgoing.delivery
    }

    pub(crate) async fn alarms(&self) -> Vec<String> {
        let mut tx = self.scratch.db.begin_read().await.unwrap();
        let page =
            federation::store::alarms(&mut tx, Mode::Exercise, kernel::PageRequest::default());
        page.await
            .unwrap()
            .items
            .into_iter()
            .map(|alarm| alarm.code)
            .collect()
    }

    /// Somebody says that he knows, once.
    pub(crate) async fn see_alarms(&self) {
        let mut tx = self.scratch.db.begin().await.unwrap();
        let page =
            federation::store::alarms(&mut tx, Mode::Exercise, kernel::PageRequest::default());
        for alarm in page.await.unwrap().items {
            let at = self.clock.now();
            let seen = federation::store::mark_alarm_seen(&mut tx, alarm.id, "user:amina", at);
            assert!(seen.await.unwrap());
            let again = federation::store::mark_alarm_seen(&mut tx, alarm.id, "user:ben", at);
            assert!(!again.await.unwrap(), "the first one counts");
        }
        tx.commit().await.unwrap();
    }

    pub(crate) fn taken(&self) -> usize {
        self.taken.lock().unwrap().len()
    }
}

/// Takes everything, and remembers it.
fn room(taken: &Arc<Mutex<Vec<Delivered>>>) -> Room {
    let kept = Arc::clone(taken);
    Room {
        check: Arc::new(|_header, _body| Ok(())),
        judge: None,
        leave: None,
        take: Arc::new(move |_tx, _ground, delivered| {
            let kept = Arc::clone(&kept);
            let taken: Taken<'_> = Box::pin(async move {
                kept.lock().unwrap().push(delivered.clone());
                Ok(())
            });
            taken
        }),
    }
}

async fn ground(db: Db, clock: &Arc<ManualClock>) -> audit::Ground {
    let clock: Arc<ManualClock> = Arc::clone(clock);
    audit::Ground::open(db, clock, Arc::new(OsRng))
        .await
        .unwrap()
}
