//! What came stays provable when its sealed body is removed.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use db::Db;
use federation::{protocol::Incoming, store};
use kernel::{MessageId, Mode, OsRng, PartyCode, Timestamp};

db::contract! { an_envelope_gives_way_to_its_bare_form }

async fn an_envelope_gives_way_to_its_bare_form(db: Db) {
    let party: PartyCode = "XB".parse().unwrap();
    let at = (&party, Mode::Exercise);
    let (id, other) = (MessageId::random(&OsRng), MessageId::random(&OsRng));
    let mut tx = db.begin().await.unwrap();
    let now = Timestamp::from_micros(1);
    for id in [id, other] {
        let row = (&Incoming::default(), Some(b"whole".as_slice()));
        store::put_incoming(&mut tx, at, id, row, now)
            .await
            .unwrap();
    }
    store::put_envelope_in(&mut tx, at, id, b"bare")
        .await
        .unwrap();
    // A replay brings the whole one again, which changes nothing.
    let again = (&Incoming::default(), Some(b"whole".as_slice()));
    store::put_incoming(&mut tx, at, id, again, now)
        .await
        .unwrap();
    let bare = store::envelope_in(&mut tx, at, id).await.unwrap();
    assert_eq!(bare.as_deref(), Some(b"bare".as_slice()));
    let whole = store::envelope_in(&mut tx, at, other).await.unwrap();
    assert_eq!(whole.as_deref(), Some(b"whole".as_slice()));
}
