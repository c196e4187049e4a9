//! Nodes for tests: real stores and cryptography, and a network made of function calls that can be
//! cut and can alter what it carries.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Extension, Router,
    body::{Body as HttpBody, to_bytes},
    http::{Request, StatusCode},
};
use db::{Db, Engine, scratch::Scratch};
use federation::{
    compose::{Draft, Keys, Message, SealedAttachment, compose},
    files::Files,
    http::router,
    model::{Desk, Urgency},
    own::{OwnKeys, origins},
    post::{Delivered, KnownPeer, Parts, Post, Room, Taken},
    transport::{Answer, CallError, Method, PeerKey, Transport},
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
use tower::ServiceExt;

pub(crate) const START: i64 = 1_795_000_000_000_000;
const YEAR: i64 = 365 * 86_400_000_000;

/// The network between the nodes of one test.
#[derive(Clone, Default)]
pub(crate) struct Network {
    routers: Arc<Mutex<HashMap<String, Router>>>,
    /// Nothing gets through.
    pub(crate) cut: Arc<AtomicBool>,
    /// Requests get through, answers do not.
    pub(crate) deaf: Arc<AtomicBool>,
    /// One byte of the next request's body is flipped.
    pub(crate) tamper: Arc<AtomicBool>,
}

impl Network {
    pub(crate) fn connect(&self, party: &Party, post: &Post) {
        let mut routers = self.routers.lock().unwrap();
        routers.insert(party.code.to_string(), router(post.clone()));
    }

    /// A node is gone: nobody answers at its address.
    pub(crate) fn disconnect(&self, party: &Party) {
        self.routers.lock().unwrap().remove(party.code.as_str());
    }

    fn transport(&self, from: Digest) -> Transport {
        let network = self.clone();
        Transport::new(move |call| {
            let network = network.clone();
            Box::pin(async move {
                if network.cut.load(Ordering::SeqCst) {
                    return Err(CallError::Unreachable("the line is cut".to_owned()));
                }
                let router = network
                    .routers
                    .lock()
                    .unwrap()
                    .get(&call.to.authority)
                    .cloned();
                let router = router.ok_or(CallError::Unreachable("nobody there".to_owned()))?;
                let mut body = call.body;
                if network.tamper.swap(false, Ordering::SeqCst)
                    && let Some(byte) = body.get_mut(200)
                {
                    *byte ^= 1;
                }
                let method = match call.method {
                    Method::Get => "GET",
                    Method::Post => "POST",
                    Method::Put => "PUT",
                    Method::Head => "HEAD",
                };
                let request = Request::builder()
                    .method(method)
                    .uri(call.path)
                    .body(HttpBody::from(body))
                    .unwrap();
                let router = router.layer(Extension(PeerKey(from)));
                let response = router.oneshot(request).await.unwrap();
                if network.deaf.load(Ordering::SeqCst) {
                    return Err(CallError::Interrupted("the line broke".to_owned()));
                }
                let status = response.status();
                let body = to_bytes(response.into_body(), 1 << 22).await.unwrap();
                assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{body:?}");
                Ok(Answer {
                    status: status.as_u16(),
                    headers: Vec::new(),
                    body: body.to_vec(),
                })
            })
        })
    }
}

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
            keyset: 1,
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
