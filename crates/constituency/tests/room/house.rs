//! A room on a scratch database, and the people who use it.

use std::sync::Arc;

use audit::Ground;
use constituency::{
    model::{Filter, Import},
    ops::{self, Begin},
};
use db::Db;
use kernel::{ManualClock, Mode, PageRequest, Role, SeededRng, Timestamp, UserId, Viewer, Who};
use uuid::Uuid;

/// 2026-11-21T00:00:00Z.
pub(crate) const START: Timestamp = Timestamp::from_micros(1_795_219_200_000_000);

pub(crate) async fn ground(db: Db) -> Ground {
    let clock = Arc::new(ManualClock::new(START));
    Ground::open(db, clock, Arc::new(SeededRng::new(7)))
        .await
        .unwrap()
}

pub(crate) fn user(role: Role) -> Viewer {
    Viewer {
        who: Who::User {
            id: UserId::from_uuid(Uuid::from_u128(7)),
            name: "amina".to_owned(),
        },
        roles: [role].into_iter().collect(),
        party: "XA".parse().unwrap(),
        circles: Vec::new(),
        mode: Mode::Real,
    }
}

/// Hands a file in, in pieces of that size.
pub(crate) async fn hand_in(ground: &Ground, viewer: &Viewer, file: &[u8], piece: usize) -> Import {
    let import = ops::open(ground, viewer, "assets.csv").await.unwrap();
    for (part, bytes) in (0..).zip(file.chunks(piece)) {
        ops::put_part(ground, viewer, import.id, (part, bytes))
            .await
            .unwrap();
    }
    ops::seal(ground, viewer, import.id).await.unwrap()
}

/// Takes a file in to its end.
pub(crate) async fn take(ground: &Ground, viewer: &Viewer, file: &[u8]) -> Import {
    let import = hand_in(ground, viewer, file, 1_000).await;
    ops::begin(ground, viewer, import.id, Begin::default())
        .await
        .unwrap();
    ops::finish(ground, viewer, import.id).await.unwrap()
}

/// What an import counted: taken, changed, unchanged, refused.
pub(crate) fn counts(import: &Import) -> [i64; 4] {
    [
        import.taken,
        import.changed,
        import.unchanged,
        import.refused,
    ]
}

/// The names of the assets that match.
pub(crate) async fn names(ground: &Ground, viewer: &Viewer, filter: &Filter) -> Vec<String> {
    let page = ops::assets(ground, viewer, filter, PageRequest::default());
    let page = page.await.unwrap();
    page.items.into_iter().map(|asset| asset.name).collect()
}
