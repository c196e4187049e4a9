//! A node, an analyst who fills it, and somebody who asks.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use db::{Engine, scratch::counted};
use intel::{
    model::{Reader, Settings},
    ops,
};
use kernel::{CircleId, OsRng, Role, Tlp};
use server::{listen::Remote, problem::Renderer, rooms};
use testkit::Fleet;
use tokio::sync::Mutex;
use tower::ServiceExt;

use crate::{
    asks::Ask,
    people::{Key, Person, enrol, key_of},
    steady::steady,
};

pub(crate) const ROOT: &str = "exercise";
/// How a page sends what was filled in.
const FORM: &str = "application/x-www-form-urlencoded";

/// Who asks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Asker {
    /// A guest of the party, by session and by password.
    Guest,
    /// A colleague in the house, by session and by password.
    Colleague,
    /// The same by an API key, where another key of hers is let see more.
    Program,
}

/// What came out.
#[derive(Clone, Debug)]
pub(crate) struct Exit {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
    pub(crate) statements: usize,
}

impl Exit {
    /// The same, with the names by which the question was put taken out.
    pub(crate) fn without(mut self, names: &[String]) -> Self {
        for name in names {
            assert_eq!(name.len(), name.chars().count(), "one length for all");
            self.body = self.body.replace(name.as_str(), "NAME");
            for value in self.headers.values_mut() {
                *value = value.replace(name.as_str(), "NAME");
            }
        }
        self
    }
}

pub(crate) struct House {
    pub(crate) fleet: Fleet,
    pub(crate) asker: Asker,
    door: Mutex<(Router, u32)>,
    pub(crate) writer: Person,
    guest: Person,
    colleague: Person,
    key: Key,
    other_key: Key,
    circle: CircleId,
}

impl House {
    /// A node with a collection that the asker reads and writes.
    pub(crate) async fn open(engine: Engine, asker: Asker) -> Self {
        let fleet = Fleet::start(engine, &["XA"], false).await;
        let door = Mutex::new((router(&fleet), 0));
        let writer = enrol(&fleet, "writer", Role::Analyst).await;
        let guest = enrol(&fleet, "guest", Role::Reporter).await;
        let colleague = enrol(&fleet, "colleague", Role::Analyst).await;
        let key = key_of(&fleet, &colleague).await;
        let other_key = key_of(&fleet, &colleague).await;
        let new = directory::ops::NewCircle {
            name: "Harbours".parse().unwrap(),
            purpose: "Ports".parse().unwrap(),
        };
        let viewer = fleet.viewer("XA");
        let circle = exchange::ops::create_circle(&fleet.exchange("XA"), &viewer, new).await;
        let circle = circle.unwrap().circle.version().id;
        let house = Self {
            fleet,
            asker,
            door,
            writer,
            guest,
            colleague,
            key,
            other_key,
            circle,
        };
        for alias in ["open", "misp"] {
            // Where a collection names other parties, a change is noted once for them.
            let mut readers = house.others();
            readers.retain(Reader::is_here);
            if asker == Asker::Guest {
                readers.push(Reader::User(house.guest.id));
            }
            house.collection(alias, readers).await;
        }
        house.note_use().await;
        house
    }

    /// Everybody who can be named and does not ask: a party, a circle, a user, keys.
    pub(crate) fn others(&self) -> Vec<Reader> {
        let mut others = vec![
            Reader::User(self.writer.id),
            Reader::Key(self.other_key.id),
            Reader::Party("XB".parse().unwrap()),
            Reader::Circle(self.circle),
        ];
        match self.asker {
            Asker::Guest => others.push(Reader::User(self.colleague.id)),
            Asker::Colleague => others.push(Reader::Key(self.key.id)),
            Asker::Program => others.push(Reader::User(self.guest.id)),
        }
        others
    }

    /// Makes a collection with these readers.
    pub(crate) async fn collection(&self, alias: &str, readers: Vec<Reader>) {
        let settings = Settings {
            alias: Some(alias.parse().unwrap()),
            title: format!("About {alias}").parse().unwrap(),
            description: "".parse().unwrap(),
            ceiling: Tlp::Red,
            unmarked: Tlp::AmberStrict,
        };
        let ground = self.fleet.node("XA").ground();
        let (root, viewer) = (ROOT.parse().unwrap(), &self.writer.viewer);
        let made = ops::create(ground, viewer, &root, settings).await;
        let version = made.unwrap().version;
        let readers = readers.into_iter().map(|reader| (reader, true)).collect();
        ops::set_readers(ground, viewer, (ROOT, alias), version, readers)
            .await
            .unwrap();
    }

    /// That somebody uses the node is noted now and then, with statements of its own. Here it was noted
    /// for some time to come.
    async fn note_use(&self) {
        const SESSIONS: &str = "UPDATE access_session SET used_at = used_at + $1";
        const KEYS: &str = "UPDATE access_key SET last_used_at = created_at + $1";
        const MINUTES: i64 = 50 * 60 * 1_000_000;
        let mut tx = self.fleet.node("XA").ground().db.begin().await.unwrap();
        for sql in [SESSIONS, KEYS] {
            let noted = db::query(sql).bind(MINUTES).execute(&mut tx).await;
            assert_ne!(noted.unwrap(), 0);
        }
        tx.commit().await.unwrap();
    }

    /// Asks as the asker.
    pub(crate) async fn ask(&self, ask: &Ask) -> Exit {
        match self.asker {
            Asker::Guest => self.once(ask, &self.guest, None).await,
            Asker::Colleague => self.once(ask, &self.colleague, None).await,
            Asker::Program => self.once(ask, &self.colleague, Some(&self.key)).await,
        }
    }

    /// Asks as the analyst, who must be answered.
    pub(crate) async fn tell(&self, path: &str, body: &serde_json::Value) {
        let ask = Ask::post(path.to_owned(), body.to_string());
        let done = self.once(&ask, &self.writer, None).await;
        assert!(done.status < 300, "{path}: {} {}", done.status, done.body);
    }

    /// Waits until the node has done what is to be done now.
    pub(crate) async fn settled(&self) {
        const LEFT: &str = "SELECT count(*) FROM job \
                            WHERE state = 'running' OR (state = 'waiting' AND run_at <= $1)";
        let ground = self.fleet.node("XA").ground();
        self.fleet
            .until("XA", "all jobs", async || {
                let mut tx = ground.db.begin_glance(ground.now()).await.unwrap();
                let left = db::query(LEFT).bind(ground.now().as_micros());
                let (left,): (i64,) = left.fetch_one(&mut tx).await.unwrap();
                (left == 0).then_some(())
            })
            .await;
    }

    pub(crate) async fn end(self) {
        self.fleet.end().await;
    }

    fn request(ask: &Ask, person: &Person, key: Option<&Key>) -> Request<Body> {
        let taxii = ask.path.starts_with("/taxii2/");
        let page = !taxii && !ask.path.starts_with("/misp/") && !ask.path.starts_with("/api/");
        let media = match (taxii, page && ask.method == "POST") {
            (true, _) => "application/taxii+json;version=2.1",
            (false, true) => FORM,
            (false, false) => "application/json",
        };
        let mut request = Request::builder()
            .method(ask.method)
            .uri(ask.path.replace('[', "%5B").replace(']', "%5D"))
            .header("host", "localhost")
            .header("content-type", media);
        if taxii {
            request = request.header("accept", media);
        }
        request = match key {
            Some(key) => request.header("authorization", format!("Bearer {}", key.secret)),
            None if ask.path.starts_with("/taxii2/") || ask.path.starts_with("/misp/") => {
                request.header("authorization", &person.basic)
            }
            None => request
                .header("cookie", &person.cookie)
                .header("x-csrf-token", &person.csrf),
        };
        let body = ask.body.replace("CSRF", &person.csrf);
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(Remote(somewhere()));
        request
    }

    /// The node's routes. They count how much one asks in a minute, and have forgotten it when they
    /// are put together anew; whose password was right is found out before anything is counted.
    async fn routes(&self) -> Router {
        const SOME: u32 = 200;
        let mut door = self.door.lock().await;
        if door.1.is_multiple_of(SOME) {
            door.0 = router(&self.fleet);
            for path in ["/taxii2/", "/misp/servers/getVersion"] {
                for person in [&self.guest, &self.colleague, &self.writer] {
                    let known = Self::request(&Ask::get(path.to_owned()), person, None);
                    let answer = door.0.clone().oneshot(known).await.unwrap();
                    assert!(answer.status().is_success(), "{path}: {answer:?}");
                }
            }
        }
        door.1 += 1;
        door.0.clone()
    }

    async fn once(&self, ask: &Ask, person: &Person, key: Option<&Key>) -> Exit {
        let routes = self.routes().await;
        let request = Self::request(ask, person, key);
        let work = async {
            let answer = routes.oneshot(request).await.unwrap();
            let (head, body) = answer.into_parts();
            let body = to_bytes(body, 16 << 20).await.unwrap();
            (head, String::from_utf8_lossy(&body).into_owned())
        };
        let ((head, text), statements) = counted(work).await;
        // The length is that of the body, which is compared.
        let told = ["content-length", "x-request-id", "date", "set-cookie"];
        let headers = head
            .headers
            .iter()
            .filter(|(name, _)| !told.contains(&name.as_str()));
        Exit {
            status: head.status.as_u16(),
            headers: headers
                .map(|(name, value)| {
                    let value = value.to_str().unwrap_or_default();
                    (name.to_string(), steady(value))
                })
                .collect(),
            body: steady(&text),
            statements,
        }
    }
}

fn router(fleet: &Fleet) -> Router {
    let renderer = Renderer {
        rng: Arc::new(OsRng),
        page: rooms::error_page,
    };
    fleet
        .node("XA")
        .web_router(renderer, "https://console.example")
}

/// Another address each time: how many questions one may ask a minute is not the matter here.
fn somewhere() -> IpAddr {
    static NEXT: AtomicU32 = AtomicU32::new(u32::from_be_bytes([10, 0, 0, 1]));
    Ipv4Addr::from(NEXT.fetch_add(1, Ordering::SeqCst)).into()
}
