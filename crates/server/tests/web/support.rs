//! The web listener of a node, with users, and those who ask.

use std::{path::Path, sync::Arc};

use access::{
    http::Door as PageDoor,
    model::Password,
    ops::{self, NewUser, SignIn},
};
use audit::Ground;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, Response, StatusCode},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use directory::ops::OwnEntry;
use kernel::{
    Language, Mode, OsRng, PartyCode, Rng, Role, SharedClock, SharedRng, SystemClock, UserId,
    Viewer,
};
use seal::{HybridIdentity, data::DataKey, vault::Lock};
use server::{
    config::{Config, Settings},
    folder::Folder,
    health::Health,
    keys::NewNode,
    listen::Remote,
    middleware::{door::Door, once::Answers, rate::Rates},
    node::Node,
    problem::Renderer,
    rooms::{self, Book, House},
    router::{self, Faces, Frame},
};
use tower::ServiceExt;

/// Operations for whoever has no session yet.
pub(crate) const OPEN: [(&str, &str); 2] = [
    ("post", "/api/v1/session"),
    ("post", "/api/v1/password-resets"),
];

pub(crate) struct Web {
    pub(crate) router: Router,
    pub(crate) document: utoipa::openapi::OpenApi,
    pub(crate) ground: Ground,
    folder: tempfile::TempDir,
}

impl Web {
    /// The sealed files of the node, those that are still coming included.
    pub(crate) fn files(&self) -> Vec<std::path::PathBuf> {
        let mut folders = vec![Folder::at(self.folder.path()).blobs()];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let list = if path.is_dir() {
                    &mut folders
                } else {
                    &mut found
                };
                list.push(path);
            }
        }
        found
    }
}

/// A node of XA.
async fn node(folder: &Path) -> Node {
    let (clock, rng): (SharedClock, SharedRng) = (Arc::new(SystemClock), Arc::new(OsRng));
    let party: PartyCode = "XA".parse().unwrap();
    let made = NewNode::make(&party, clock.now(), &OsRng).unwrap();
    let identity = HybridIdentity::generate(&mut |bytes: &mut [u8]| OsRng.fill(bytes)).unwrap();
    let lock = Lock::KeyFile(identity);
    let settings = Settings {
        data: Some(folder.to_owned()),
        ..Settings::default()
    };
    let config = Config::of(settings).unwrap();
    made.write(&Folder::at(&config.data), &lock).unwrap();
    let ground = server::node::open_ground(&config, Arc::clone(&clock), Arc::clone(&rng))
        .await
        .unwrap();
    let own = OwnEntry {
        code: party.clone(),
        title: "Aldoria".parse().unwrap(),
        fingerprint: made.root.fingerprint(),
        key_sets: made.key_sets.to_vec(),
        federation: None,
        web: None,
    };
    let viewer = Viewer::node("test", party, Mode::Real);
    directory::ops::set_up_own(&ground, &viewer, own)
        .await
        .unwrap();
    Node::open(config, &lock, (clock, rng), Book::of)
        .await
        .unwrap()
}

/// The web listener of a node, which takes so many requests a minute.
pub(crate) async fn web(a_minute: u32) -> Web {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    let (ground, db) = (node.ground().clone(), node.ground().db.clone());
    let shutdown = node.shutdown().clone();
    let data_key = DataKey::from_bytes(zeroize::Zeroizing::new([7; 32]));
    let frame = Frame {
        door: Arc::new(Door {
            proxies: Vec::new(),
            hosts: vec!["comity.example".to_owned()],
            pages: PageDoor {
                cookie: "comity-XA".into(),
                secure: true,
            },
            rates: Rates::new(Arc::new(SystemClock), a_minute),
        }),
        renderer: Renderer {
            rng: Arc::new(OsRng),
            page: rooms::error_page,
        },
        health: Health {
            db,
            shutdown: shutdown.clone(),
            token: None,
        },
        answers: Answers {
            ground: ground.clone(),
            data_key: data_key.clone(),
            shutdown,
        },
        https: true,
    };
    let house = House {
        ground: ground.clone(),
        data_key,
        exchange: node.exchange(),
        remotes: node.remotes().clone(),
        mailbox: node.mailbox().clone(),
    };
    let (_, document) = router::api(rooms::api(house.clone()), rooms::taxii(ground.clone()));
    let faces = Faces {
        api: rooms::api(house),
        taxii: rooms::taxii(ground.clone()),
        misp: rooms::misp(ground.clone()),
        pages: Router::new()
            .route("/falls", get(falls))
            .merge(crate::pressed::page(ground.clone())),
    };
    Web {
        router: router::web(faces, frame),
        document,
        ground,
        folder,
    }
}

#[expect(clippy::panic, reason = "a handler that falls over")]
async fn falls() -> &'static str {
    panic!("a secret of the house");
}

pub(crate) fn request(method: &str, path: &str, body: &str) -> Request<Body> {
    let mut request = Request::builder()
        .method(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap())
        .uri(path)
        .header("host", "comity.example")
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let remote = Remote("192.0.2.1".parse().unwrap());
    request.extensions_mut().insert(remote);
    request
}

pub(crate) async fn ask(web: &Web, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response: Response<Body> = web.router.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    (head.status, head.headers, text)
}

/// What everybody here signs in with.
pub(crate) const PASSWORD: &str = "seven horses in the yard";

/// A name and a password as RFC 7617 sends them.
pub(crate) fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

/// A user with one role, signed in: the cookie and the token that goes with each change.
pub(crate) struct Person {
    cookie: String,
    pub(crate) csrf: String,
    /// Name and password, for programs.
    basic: String,
    pub(crate) id: UserId,
}

impl Person {
    pub(crate) async fn with(web: &Web, role: Role) -> Self {
        let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Real);
        let new = NewUser {
            name: role.as_str().replace('_', "-").parse().unwrap(),
            display: "Somebody".parse().unwrap(),
            roles: [role].into_iter().collect(),
            language: Language::En,
            password: Some(Password::new(PASSWORD.to_owned()).unwrap()),
        };
        let (user, _) = ops::create_user(&web.ground, &node, new).await.unwrap();
        let attempt = SignIn {
            name: user.name.as_str().to_owned(),
            password: Password::typed(PASSWORD.to_owned()),
            address: None,
            mode: None,
            language: None,
        };
        let (token, session) = ops::sign_in(&web.ground, attempt).await.unwrap();
        Self {
            cookie: format!("comity-XA={}", token.to_text()),
            csrf: session.csrf,
            id: user.id,
            basic: basic(user.name.as_str(), PASSWORD),
        }
    }

    /// The request, as this person's.
    pub(crate) fn asks(&self, mut request: Request<Body>) -> Request<Body> {
        let taxii = request.uri().path().starts_with("/taxii2/");
        let misp = request.uri().path().starts_with("/misp/");
        let headers = request.headers_mut();
        if misp {
            headers.insert("authorization", self.basic.parse().unwrap());
        }
        if taxii {
            headers.insert("authorization", self.basic.parse().unwrap());
            headers.insert("content-type", taxii::TAXII.parse().unwrap());
        }
        headers.insert("cookie", self.cookie.parse().unwrap());
        headers.insert("x-csrf-token", self.csrf.parse().unwrap());
        request
    }
}

/// A path with something in place of its parameters that is nothing in particular.
pub(crate) fn concrete(path: &str) -> String {
    let parts: Vec<_> = path
        .split('/')
        .map(|part| match part.strip_prefix('{') {
            Some(_) => "018f0000-0000-7000-8000-000000000000",
            None => part,
        })
        .collect();
    parts.join("/")
}
