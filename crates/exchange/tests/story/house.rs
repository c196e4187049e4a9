//! Houses for tests: real stores and cryptography, and a line made of function calls that can be cut
//! and can play what it carried again.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Extension, Router,
    body::{Body as HttpBody, to_bytes},
    http::Request,
};
use db::{Db, scratch::Scratch};
use directory::{
    model::{ContactKind, Duty, Profile, Reach},
    ops::{NewContact, OwnEntry},
};
use exchange::{
    Exchange,
    model::{Kind, NewMessage, Sent, ThreadView},
    ops,
};
use federation::{
    files::Files,
    http::router,
    post::{KnownPeer, Parts, Post},
    transport::{Answer, CallError, Method, PeerKey, Transport},
};
use kernel::{
    ContactId, ManualClock, Mode, OsRng, PartyCode, Role, ThreadId, Timestamp, UserId, Viewer, Who,
};
use queue::Runner;
use seal::{Digest, keys::Purpose};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

use crate::party::Party;
pub(crate) use crate::words::{about, message, mitigation, notice};

pub(crate) const START: i64 = 1_795_000_000_000_000;

/// An envelope: from which key, to which address, its bytes.
type Carried = (Digest, String, Vec<u8>);

/// The line between the houses of one test.
#[derive(Clone)]
pub(crate) struct Line {
    /// The time, which all houses share.
    clock: Arc<ManualClock>,
    routers: Arc<Mutex<HashMap<String, Router>>>,
    /// Nothing gets through.
    pub(crate) cut: Arc<AtomicBool>,
    /// Every envelope that went through, from whom and to whom.
    pub(crate) carried: Arc<Mutex<Vec<Carried>>>,
    /// Envelopes are put aside instead of being carried.
    pub(crate) hold: Arc<AtomicBool>,
}

impl Line {
    fn new() -> Self {
        Self {
            clock: Arc::new(ManualClock::new(Timestamp::from_micros(START))),
            routers: Arc::default(),
            cut: Arc::default(),
            carried: Arc::default(),
            hold: Arc::default(),
        }
    }

    fn connect(&self, code: &PartyCode, router: Router) {
        let mut routers = self.routers.lock().unwrap();
        routers.insert(authority(code), router);
    }

    fn transport(&self, from: Digest) -> Transport {
        let line = self.clone();
        Transport::new(move |call| {
            let line = line.clone();
            Box::pin(async move {
                if line.cut.load(Ordering::SeqCst) {
                    return Err(CallError::Unreachable("the line is cut".to_owned()));
                }
                if matches!(call.method, Method::Post) && call.path.contains("/messages") {
                    let kept = (from, call.to.authority.clone(), call.body.clone());
                    line.carried.lock().unwrap().push(kept);
                    if line.hold.load(Ordering::SeqCst) {
                        return Err(CallError::Interrupted("held".to_owned()));
                    }
                }
                let method = match call.method {
                    Method::Get => "GET",
                    Method::Post => "POST",
                    Method::Put => "PUT",
                    Method::Head => "HEAD",
                };
                line.pass(from, &call.to.authority, (method, &call.path), call.body)
                    .await
            })
        })
    }

    /// Hands one request to a house.
    async fn pass(
        &self,
        from: Digest,
        authority: &str,
        (method, path): (&str, &str),
        body: Vec<u8>,
    ) -> Result<Answer, CallError> {
        let router = self.routers.lock().unwrap().get(authority).cloned();
        let router = router.ok_or(CallError::Unreachable("nobody there".to_owned()))?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(HttpBody::from(body))
            .unwrap();
        let router = router.layer(Extension(PeerKey(from)));
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        Ok(Answer {
            status: status.as_u16(),
            headers: Vec::new(),
            body: body.to_vec(),
        })
    }

    /// Brings an envelope that was carried before once more, and gives the status of the answer.
    pub(crate) async fn replay(&self, number: usize) -> u16 {
        let (from, to, body) = self.carried.lock().unwrap()[number].clone();
        let path = ("POST", "/federation/v1/messages?known=0");
        self.pass(from, &to, path, body).await.unwrap().status
    }
}

/// A house with a node.
pub(crate) struct House {
    pub(crate) x: Exchange,
    pub(crate) runner: Runner,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) folder: TempDir,
    scratch: Option<Scratch>,
    pub(crate) party: Party,
}

impl House {
    pub(crate) async fn open(code: &str, db: Db, line: &Line) -> Self {
        let party = Party::new(code);
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::clone(&line.clock);
        let time: Arc<ManualClock> = Arc::clone(&clock);
        let ground = audit::Ground::open(db.clone(), time, Arc::new(OsRng))
            .await
            .unwrap();
        let data_key = party.secrets.data_key.clone();
        let room = ops::room(&data_key);
        let kinds = Kind::ALL.iter();
        let post = Post::new(Parts {
            ground: ground.clone(),
            keys: party.own(),
            files: Files::open(folder.path().join("blobs")).unwrap(),
            transport: line.transport(party.tls),
            rooms: kinds.map(|kind| (kind.as_str(), room.clone())).collect(),
            fates: Vec::new(),
            keep_key_set: Arc::new(|_party, _set| Box::pin(async { Ok(()) })),
        });
        let x = Exchange {
            ground: ground.clone(),
            post: post.clone(),
            data_key,
        };
        let runner = Runner::new(db, ground.clock, ground.rng);
        let runner = exchange::jobs::jobs(post.jobs(runner), &x);
        line.connect(&party.code, router(post));
        let house = Self {
            x,
            runner,
            clock,
            folder,
            scratch: None,
            party,
        };
        house.set_up().await;
        house
    }

    async fn set_up(&self) {
        let own = OwnEntry {
            code: self.code(),
            title: self.party.code.as_str().parse().unwrap(),
            fingerprint: self.party.root.fingerprint(),
            key_sets: vec![
                self.party.set(Purpose::Real),
                self.party.set(Purpose::Exercise),
            ],
            federation: Some(authority(&self.party.code).parse().unwrap()),
            web: None,
        };
        let ground = &self.x.ground;
        directory::ops::set_up_own(ground, &self.node(Mode::Exercise), own)
            .await
            .unwrap();
        for (mode, kind) in [
            (Mode::Exercise, ContactKind::Technical),
            (Mode::Exercise, ContactKind::Diplomatic),
            (Mode::Real, ContactKind::Technical),
        ] {
            let key = &self.x.data_key;
            let viewer = self.node(mode);
            directory::ops::add_contact(ground, key, &viewer, &self.party.code, desk(kind))
                .await
                .unwrap();
        }
    }

    /// Makes another house known to this one.
    pub(crate) async fn meet(&self, other: &House) {
        let viewer = other.node(Mode::Exercise);
        let card = directory::ops::own_card(&other.x.ground, &viewer, Some(&other.x.data_key))
            .await
            .unwrap();
        let compared = other.party.root.fingerprint();
        let node = self.node(Mode::Exercise);
        directory::ops::add_peer(&self.x.ground, &self.x.data_key, &node, &card, &compared)
            .await
            .unwrap();
        let listed = directory::ops::peers_for_federation(&self.x.ground)
            .await
            .unwrap();
        let others = listed.into_iter().filter(|peer| !peer.party.own);
        let peers = others.map(|peer| KnownPeer {
            authority: Some(authority(&peer.party.code)),
            party: peer.party.code,
            mode: peer.party.mode,
            chain: peer.chain,
        });
        self.x.post.set_peers(peers.collect());
    }

    pub(crate) fn code(&self) -> PartyCode {
        self.party.code.clone()
    }

    pub(crate) fn node(&self, mode: Mode) -> Viewer {
        Viewer::node("test", self.code(), mode)
    }

    pub(crate) fn user(&self, number: u128, role: Role) -> Viewer {
        Viewer {
            who: Who::User {
                id: UserId::from_uuid(Uuid::from_u128(number)),
                name: format!("user{number}"),
            },
            roles: [role].into_iter().collect(),
            party: self.code(),
            circles: Vec::new(),
            mode: Mode::Exercise,
        }
    }

    pub(crate) fn duty(&self) -> Viewer {
        self.user(1, Role::DutyOfficer)
    }

    /// The id of the desk of a party, as this house knows it.
    pub(crate) async fn desk_of(&self, party: &PartyCode, kind: ContactKind) -> ContactId {
        let node = self.node(Mode::Exercise);
        let (_, contacts) = directory::ops::read_party(&self.x.ground, &node, party)
            .await
            .unwrap();
        let found = contacts.iter().find(|one| one.profile.kind == kind);
        found.unwrap().id
    }

    /// Sends a message a second later, and lets it be carried.
    pub(crate) async fn send(&self, viewer: &Viewer, new: NewMessage) -> Sent {
        self.clock.advance(Duration::from_secs(1));
        let sent = ops::send(&self.x, viewer, new).await.unwrap();
        self.x.post.drain().await;
        sent
    }

    pub(crate) async fn thread(&self, viewer: &Viewer, id: ThreadId) -> ThreadView {
        ops::read_thread(&self.x, viewer, id, None).await.unwrap()
    }

    /// Runs everything that is due now, and what follows from it.
    pub(crate) async fn run_due(&self) {
        while self.runner.run_due().await.unwrap() > 0 {}
        self.x.post.drain().await;
    }

    /// Lets the time pass, and runs what falls due.
    pub(crate) async fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.run_due().await;
    }

    /// How often an act was recorded.
    pub(crate) async fn acts(&self, code: &str) -> usize {
        let mut tx = self.x.ground.db.begin_read().await.unwrap();
        let page = kernel::PageRequest {
            after: None,
            limit: kernel::Limit::MAX,
        };
        let acts = audit::acts(&mut tx, &self.node(Mode::Exercise), page)
            .await
            .unwrap();
        acts.items.iter().filter(|act| act.code == code).count()
    }

    /// Ends the house and removes its database, if that is its own.
    pub(crate) async fn end(self) {
        if let Some(scratch) = self.scratch {
            scratch.remove().await;
        }
    }
}

/// Two houses that know each other.
pub(crate) async fn two(db: Db) -> (House, House, Line) {
    let line = Line::new();
    let engine = db.begin_read().await.unwrap().engine();
    let scratch = Scratch::open(engine).await;
    let aldoria = House::open("XA", db, &line).await;
    let mut brevonia = House::open("XB", scratch.db.clone(), &line).await;
    brevonia.scratch = Some(scratch);
    aldoria.meet(&brevonia).await;
    brevonia.meet(&aldoria).await;
    (aldoria, brevonia, line)
}

fn authority(code: &PartyCode) -> String {
    format!("{}.example:7443", code.as_str().to_lowercase())
}

fn desk(kind: ContactKind) -> NewContact {
    NewContact {
        profile: Profile {
            kind,
            entity: "CERT".parse().unwrap(),
            department: None,
            role: None,
            languages: vec!["en".parse().unwrap()],
            time_zone: "Europe/Paris".parse().unwrap(),
            duty: Duty::Always,
            duty_hours: None,
            channels: Vec::new(),
            nominated_by: None,
            valid_from: None,
        },
        reach: Reach {
            person: None,
            emails: vec!["duty@cert.example".parse().unwrap()],
            phones: Vec::new(),
            fallback_phone: None,
        },
        verified: true,
    }
}
