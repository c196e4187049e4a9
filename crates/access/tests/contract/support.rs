//! A node's ground with a clock that stands still, and users on it.

use std::sync::Arc;

use access::{
    model::{Password, Session, User},
    ops::{self, NewUser, SignIn},
    secret::Token,
};
use audit::Ground;
use db::Db;
use kernel::{Language, ManualClock, Mode, Role, SeededRng, Timestamp, Viewer};

pub(crate) const PASSWORD: &str = "seven horses in the yard";

pub(crate) struct House {
    pub(crate) ground: Ground,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) node: Viewer,
}

impl House {
    pub(crate) async fn open(db: Db) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(
            1_795_000_000_000_000,
        )));
        let rng = Arc::new(SeededRng::new(11));
        let ground = Ground::open(db, clock.clone(), rng).await.unwrap();
        let party = "FR".parse().unwrap();
        let mut tx = ground.db.begin().await.unwrap();
        ops::set_node_party_in(&mut tx, &party).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            ground,
            clock,
            node: Viewer::node("test", party, Mode::Real),
        }
    }

    pub(crate) async fn user(&self, name: &str, roles: &[Role]) -> User {
        let new = NewUser {
            name: name.parse().unwrap(),
            display: name.parse().unwrap(),
            roles: roles.iter().copied().collect(),
            language: Language::En,
            password: Some(Password::new(PASSWORD.into()).unwrap()),
        };
        let (user, code) = ops::create_user(&self.ground, &self.node, new)
            .await
            .unwrap();
        assert!(code.is_none());
        user
    }

    pub(crate) async fn sign_in(
        &self,
        name: &str,
        password: &str,
    ) -> Result<(Token, Session), access::Error> {
        let attempt = SignIn {
            name: name.into(),
            password: Password::typed(password.into()),
            address: Some("192.0.2.7".parse().unwrap()),
            mode: None,
            language: None,
        };
        ops::sign_in(&self.ground, attempt).await
    }

    pub(crate) async fn viewer(&self, name: &str) -> Viewer {
        let (_token, session) = self.sign_in(name, PASSWORD).await.unwrap();
        session.viewer("FR".parse().unwrap())
    }
}
