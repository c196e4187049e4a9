//! A register on a scratch database, and the people who use it.

use std::sync::Arc;

use audit::Ground;
use db::Db;
use incidents::model::{Dated, Determination, Facts, Kind, Period};
use kernel::{ManualClock, Mode, Role, SeededRng, Timestamp, Tlp, UserId, Viewer, Who};
use uuid::Uuid;

/// 2026-11-21T00:00:00Z.
pub(crate) const START: Timestamp = Timestamp::from_micros(1_795_219_200_000_000);

/// What an operation stands on, with a clock that stands still.
pub(crate) async fn ground(db: Db) -> Ground {
    let clock = Arc::new(ManualClock::new(START));
    Ground::open(db, clock, Arc::new(SeededRng::new(7)))
        .await
        .unwrap()
}

/// A user with that number and role.
pub(crate) fn user(number: u128, role: Role) -> Viewer {
    Viewer {
        who: Who::User {
            id: user_id(number),
            name: format!("user{number}"),
        },
        roles: [role].into_iter().collect(),
        party: "XA".parse().unwrap(),
        circles: Vec::new(),
        mode: Mode::Real,
    }
}

/// The id of the user with that number.
pub(crate) fn user_id(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

/// The same person, looking at the exercise.
pub(crate) fn in_exercise(viewer: Viewer) -> Viewer {
    Viewer {
        mode: Mode::Exercise,
        ..viewer
    }
}

/// Facts with a title and what an entry cannot be without.
pub(crate) fn facts(title: &str) -> Facts {
    Facts {
        kind: Kind::Incident,
        title: title.parse().unwrap(),
        description: "".parse().unwrap(),
        victims: Vec::new(),
        worldwide: false,
        organisation: None,
        sectors: Vec::new(),
        sector_text: None,
        rsit: None,
        period: Period::default(),
        detected: None,
        reported: None,
        determination: Determination::Suspected,
        tlp: Tlp::Green,
        pap: None,
        named: Vec::new(),
        cross_border: None,
    }
}

/// A period from one date to another; an empty text is an open end.
pub(crate) fn period(from: &str, to: &str) -> Period {
    let date = |text: &str| (!text.is_empty()).then(|| text.parse::<Dated>().unwrap());
    Period::new(date(from), date(to), None).unwrap()
}
