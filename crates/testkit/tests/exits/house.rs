//! A node, an analyst who fills it, and a guest who asks.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use access::{
    model::Password,
    ops::{self as people, NewUser, SignIn},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use db::{Engine, scratch::counted};
use intel::{
    model::{Reader, Settings},
    ops,
};
use kernel::{Language, Mode, OsRng, Role, Tlp, UserId, Viewer, Who};
use server::{listen::Remote, problem::Renderer, rooms};
use testkit::Fleet;
use tokio::sync::Mutex;
use tower::ServiceExt;

pub(crate) const ROOT: &str = "exercise";
const PASSWORD: &str = "seven horses in the yard";

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: String,
}

impl Ask {
    pub(crate) fn get(path: String) -> Self {
        Self::of("GET", path, String::new())
    }

    pub(crate) fn post(path: String, body: String) -> Self {
        Self::of("POST", path, body)
    }

    pub(crate) fn delete(path: String) -> Self {
        Self::of("DELETE", path, String::new())
    }

    fn of(method: &'static str, path: String, body: String) -> Self {
        Self { method, path, body }
    }

    fn request(&self, person: &Person) -> Request<Body> {
        let taxii = self.path.starts_with("/taxii2/");
        let media = if taxii {
            "application/taxii+json;version=2.1"
        } else {
            "application/json"
        };
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.path.replace('[', "%5B").replace(']', "%5D"))
            .header("host", "localhost")
            .header("content-type", media);
        request = if taxii || self.path.starts_with("/misp/") {
            request
                .header("accept", media)
                .header("authorization", &person.basic)
        } else {
            request
                .header("cookie", &person.cookie)
                .header("x-csrf-token", &person.csrf)
        };
        let mut request = request.body(Body::from(self.body.clone())).unwrap();
        request.extensions_mut().insert(Remote(somewhere()));
        request
    }
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

/// Who signs in with a name and a password, and has a session.
pub(crate) struct Person {
    basic: String,
    cookie: String,
    csrf: String,
    pub(crate) id: UserId,
}

pub(crate) struct House {
    pub(crate) fleet: Fleet,
    door: Mutex<(Router, u32)>,
    pub(crate) analyst: Viewer,
    writer: Person,
    guest: Person,
}

impl House {
    /// A node with a collection that the guest reads and writes, and one that he does not know.
    pub(crate) async fn open(engine: Engine) -> Self {
        let fleet = Fleet::start(engine, &["XA"], false).await;
        let door = Mutex::new((router(&fleet), 0));
        let writer = person(&fleet, Role::Analyst).await;
        let guest = person(&fleet, Role::Reporter).await;
        let analyst = Viewer {
            who: Who::User {
                id: writer.id,
                name: "analyst".to_owned(),
            },
            roles: [Role::Analyst].into_iter().collect(),
            party: "XA".parse().unwrap(),
            circles: Vec::new(),
            mode: Mode::Exercise,
        };
        let house = Self {
            fleet,
            door,
            analyst,
            writer,
            guest,
        };
        house.collection("open", true).await;
        house.collection("misp", true).await;
        house
    }

    /// Makes a collection, for the guest or not.
    pub(crate) async fn collection(&self, alias: &str, open: bool) {
        let settings = Settings {
            alias: Some(alias.parse().unwrap()),
            title: format!("About {alias}").parse().unwrap(),
            description: "".parse().unwrap(),
            ceiling: Tlp::Red,
            unmarked: Tlp::AmberStrict,
        };
        let ground = self.fleet.node("XA").ground();
        let root = ROOT.parse().unwrap();
        let made = ops::create(ground, &self.analyst, &root, settings).await;
        let version = made.unwrap().version;
        if open {
            let readers = vec![(Reader::User(self.guest.id), true)];
            let place = (ROOT, alias);
            ops::set_readers(ground, &self.analyst, place, version, readers)
                .await
                .unwrap();
        }
    }

    /// Asks as the guest.
    pub(crate) async fn ask(&self, ask: &Ask) -> Exit {
        self.once(ask, &self.guest).await
    }

    /// Asks as the analyst, who must be answered.
    pub(crate) async fn tell(&self, path: &str, body: &serde_json::Value) {
        let ask = Ask::post(path.to_owned(), body.to_string());
        let done = self.once(&ask, &self.writer).await;
        assert!(done.status < 300, "{path}: {} {}", done.status, done.body);
    }

    pub(crate) async fn end(self) {
        self.fleet.end().await;
    }

    /// The node's routes. They count how much one asks in a minute, and have forgotten it when they
    /// are put together anew; whose password was right is found out before anything is counted.
    async fn routes(&self) -> Router {
        const SOME: u32 = 200;
        let mut door = self.door.lock().await;
        if door.1.is_multiple_of(SOME) {
            door.0 = router(&self.fleet);
            for path in ["/taxii2/", "/misp/servers/getVersion"] {
                for person in [&self.guest, &self.writer] {
                    let known = Ask::get(path.to_owned()).request(person);
                    let answer = door.0.clone().oneshot(known).await.unwrap();
                    assert!(answer.status().is_success(), "{path}: {answer:?}");
                }
            }
        }
        door.1 += 1;
        door.0.clone()
    }

    async fn once(&self, ask: &Ask, person: &Person) -> Exit {
        let routes = self.routes().await;
        let request = ask.request(person);
        let work = async {
            let answer = routes.oneshot(request).await.unwrap();
            let (head, body) = answer.into_parts();
            // A stream of news has no end.
            let text = if ask.path.ends_with("/live") && head.status.is_success() {
                String::new()
            } else {
                let body = to_bytes(body, 16 << 20).await.unwrap();
                String::from_utf8_lossy(&body).into_owned()
            };
            (head, text)
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
    fleet.node("XA").web_router(Renderer {
        rng: Arc::new(OsRng),
        page: rooms::error_page,
    })
}

/// Another address each time: how many questions one may ask a minute is not the matter here.
fn somewhere() -> IpAddr {
    static NEXT: AtomicU32 = AtomicU32::new(u32::from_be_bytes([10, 0, 0, 1]));
    Ipv4Addr::from(NEXT.fetch_add(1, Ordering::SeqCst)).into()
}

async fn person(fleet: &Fleet, role: Role) -> Person {
    let ground = fleet.node("XA").ground();
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let new = NewUser {
        name: role.as_str().parse().unwrap(),
        display: "Somebody".parse().unwrap(),
        roles: [role].into_iter().collect(),
        language: Language::En,
        password: Some(Password::new(PASSWORD.to_owned()).unwrap()),
    };
    let (user, _) = people::create_user(ground, &node, new).await.unwrap();
    let attempt = SignIn {
        name: user.name.as_str().to_owned(),
        password: Password::typed(PASSWORD.to_owned()),
        address: None,
        mode: Some(Mode::Exercise),
        language: None,
    };
    let (token, session) = people::sign_in(ground, attempt).await.unwrap();
    let pair = format!("{}:{PASSWORD}", user.name.as_str());
    Person {
        basic: format!("Basic {}", STANDARD.encode(pair)),
        cookie: format!("comity-XA={}", token.to_text()),
        csrf: session.csrf,
        id: user.id,
    }
}

/// A text without what is new in each answer: bundles are named by chance, and pages say what time it
/// is and how long ago something was.
fn steady(text: &str) -> String {
    const BUNDLE: &str = "\"bundle--";
    let mut parts = text.split(BUNDLE);
    let mut steady = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        steady.push_str(BUNDLE);
        steady.extend(part.chars().skip(36));
    }
    if let Some((before, rest)) = steady.split_once("data-clock>UTC ") {
        steady = format!("{before}{}", rest.chars().skip(5).collect::<String>());
    }
    let mut parts = steady.split(" ago<");
    let mut plain = String::with_capacity(steady.len());
    let mut next = parts.next();
    while let Some(part) = next {
        next = parts.next();
        let end = if next.is_some() {
            part.rfind('>')
        } else {
            None
        };
        plain.push_str(end.map_or(part, |end| &part[..=end]));
    }
    plain
}
