//! Who uses the node.

use access::{
    model::Password,
    ops::{self, NewKey, NewUser, SignIn},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{ApiKeyId, Language, Mode, Role, Scope, UserId, Viewer, Who};
use testkit::Fleet;

const PASSWORD: &str = "seven horses in the yard";

/// Who signs in with a name and a password, and has a session.
pub(crate) struct Person {
    pub(crate) basic: String,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
    pub(crate) id: UserId,
    pub(crate) viewer: Viewer,
}

/// An API key.
pub(crate) struct Key {
    pub(crate) id: ApiKeyId,
    pub(crate) secret: String,
}

pub(crate) async fn enrol(fleet: &Fleet, name: &str, role: Role) -> Person {
    let ground = fleet.node("XA").ground();
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let new = NewUser {
        name: name.parse().unwrap(),
        display: "Somebody".parse().unwrap(),
        roles: [role].into_iter().collect(),
        language: Language::En,
        password: Some(Password::new(PASSWORD.to_owned()).unwrap()),
    };
    let (user, _) = ops::create_user(ground, &node, new).await.unwrap();
    let attempt = SignIn {
        name: user.name.as_str().to_owned(),
        password: Password::typed(PASSWORD.to_owned()),
        address: None,
        mode: Some(Mode::Exercise),
        language: None,
    };
    let (token, session) = ops::sign_in(ground, attempt).await.unwrap();
    let pair = format!("{}:{PASSWORD}", user.name.as_str());
    Person {
        basic: format!("Basic {}", STANDARD.encode(pair)),
        cookie: format!("comity-XA={}", token.to_text()),
        csrf: session.csrf,
        id: user.id,
        viewer: Viewer {
            who: Who::User {
                id: user.id,
                name: name.to_owned(),
            },
            roles: [role].into_iter().collect(),
            party: "XA".parse().unwrap(),
            circles: Vec::new(),
            mode: Mode::Exercise,
        },
    }
}

/// A key of a person, for a program that reads and writes.
pub(crate) async fn key_of(fleet: &Fleet, person: &Person) -> Key {
    let new = NewKey {
        label: "A program".parse().unwrap(),
        scopes: [Scope::IntelRead, Scope::IntelWrite].into_iter().collect(),
        mode: Mode::Exercise,
        days: 7,
    };
    let ground = fleet.node("XA").ground();
    let made = ops::create_key(ground, &person.viewer, new).await;
    let (key, secret) = made.unwrap();
    Key {
        id: key.id,
        secret: secret.to_text(),
    }
}
