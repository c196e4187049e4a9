//! A register on a scratch database, and the people who use it.

use std::sync::Arc;

use access::ops::{self as access_ops, NewUser};
use audit::Ground;
use db::Db;
use infrastructure::{
    Register,
    model::{Content, Dependency, Operator, Record, Rights, Service},
    ops,
};
use kernel::{
    InfrastructureId, Language, ManualClock, Mode, Role, SeededRng, Timestamp, Viewer, Who,
};
use seal::data::DataKey;
use zeroize::Zeroizing;

/// 2026-11-21T00:00:00Z.
pub(crate) const START: Timestamp = Timestamp::from_micros(1_795_219_200_000_000);

pub(crate) async fn register(db: Db) -> Register {
    let clock = Arc::new(ManualClock::new(START));
    let ground = Ground::open(db, clock, Arc::new(SeededRng::new(7)));
    Register {
        ground: ground.await.unwrap(),
        data_key: DataKey::from_bytes(Zeroizing::new([7; 32])),
    }
}

pub(crate) fn node() -> Viewer {
    Viewer::node("test", "XA".parse().unwrap(), Mode::Real)
}

pub(crate) async fn person(register: &Register, name: &str, role: Role) -> Viewer {
    let new = NewUser {
        name: name.parse().unwrap(),
        display: name.parse().unwrap(),
        roles: [role].into_iter().collect(),
        language: Language::En,
        password: None,
    };
    let made = access_ops::create_user(&register.ground, &node(), new).await;
    let (user, _code) = made.unwrap();
    Viewer {
        who: Who::User {
            id: user.id,
            name: name.to_owned(),
        },
        roles: user.roles,
        ..node()
    }
}

/// The same person, whom the register names.
pub(crate) async fn named(
    register: &Register,
    viewer: &Viewer,
    (may_edit, may_export): (bool, bool),
) {
    let rights = Rights {
        is_named: true,
        may_edit,
        may_export,
    };
    let user = viewer.user().unwrap();
    ops::grant(register, &node(), user, (rights, "on duty"))
        .await
        .unwrap();
}

pub(crate) fn operator(name: &str) -> Content {
    Content::Operator(Operator {
        name: name.to_owned(),
        ..Operator::default()
    })
}

pub(crate) fn service(
    name: &str,
    operator: InfrastructureId,
    needs: &[InfrastructureId],
) -> Content {
    let depends = |on: &InfrastructureId| Dependency {
        service: Some(*on),
        hours: Some(4),
        ..Dependency::default()
    };
    Content::Service(Service {
        name: name.to_owned(),
        operator,
        sector: "health".to_owned(),
        category: infrastructure::model::Category::National,
        serves: Vec::new(),
        note: String::new(),
        contacts: Vec::new(),
        depends: needs.iter().map(depends).collect(),
        assessment: infrastructure::model::Assessment::default(),
        incidents: Vec::new(),
    })
}

/// An operator with a power service, and a hospital that needs it.
pub(crate) async fn filled(register: &Register, viewer: &Viewer) -> [Record; 3] {
    let grid = ops::create(register, viewer, operator("Grid"))
        .await
        .unwrap();
    let power = service("Power", grid.id, &[]);
    let power = ops::create(register, viewer, power).await.unwrap();
    let hospital = service("Hospital", grid.id, &[power.id]);
    let hospital = ops::create(register, viewer, hospital).await.unwrap();
    [grid, power, hospital]
}
