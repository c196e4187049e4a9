//! Evidence and its custody, on both engines.

use std::path::Path;

use db::Db;
use federation::files::Files;
use futures_util::TryStreamExt;
use incidents::{
    Error,
    error::EvidenceFault,
    evidence::{
        Locker,
        model::{Deed, Entry, Facts, Item, Kind, Outcome, Reason, Receiver, State, reason},
        ops::{self as evidence, Upload},
    },
    model::Invalid,
    ops,
};
use kernel::{EvidenceRef, IncidentRef, Role, Tlp, Viewer, hex};
use seal::data::DataKey;
use sha2::{Digest as _, Sha256};

use crate::{
    house::{facts, ground, user},
    work::person,
};

db::contract! {
    what_came_in_is_what_goes_out_and_each_step_is_a_line,
    many_pieces_are_one_item_and_lie_sealed,
    an_upload_that_breaks_off_leaves_nothing,
    an_upload_that_is_not_what_was_announced_leaves_nothing,
    a_changed_byte_is_found,
    a_hand_over_is_answered_by_its_receiver_once,
    a_seal_keeps_copies_in,
    what_was_destroyed_is_gone_for_good,
    whoever_may_not_see_the_incident_or_the_label_finds_none,
    every_line_is_proved_by_a_leaf,
}

pub(crate) struct Scene {
    pub(crate) locker: Locker,
    pub(crate) amina: Viewer,
    pub(crate) id: IncidentRef,
    folder: tempfile::TempDir,
}

pub(crate) async fn scene(db: Db) -> Scene {
    let ground = ground(db).await;
    let folder = tempfile::tempdir().unwrap();
    let locker = Locker {
        files: Files::open(folder.path().join("blobs")).unwrap(),
        data_key: DataKey::from_bytes(zeroize::Zeroizing::new([7; 32])),
        ground,
    };
    let amina = user(1, Role::Analyst);
    let made = ops::create(&locker.ground, &amina, facts("A")).await;
    Scene {
        id: made.unwrap().public,
        locker,
        amina,
        folder,
    }
}

fn named(name: &str) -> Facts {
    Facts {
        name: name.parse().unwrap(),
        kind: Kind::Log,
        collected_at: Some("2026-11-20T10:04Z".parse().unwrap()),
        collected_by: Some("Dr. Osei".parse().unwrap()),
        place: Some("ward 3, server room".parse().unwrap()),
        description: "The proxy's log".parse().unwrap(),
        tlp: Tlp::Green,
    }
}

pub(crate) fn why(text: &str) -> Reason {
    reason(text).unwrap()
}

impl Scene {
    async fn begin(&self) -> Upload {
        let facts = named("proxy.log");
        evidence::begin(&self.locker, &self.amina, self.id, &facts)
            .await
            .unwrap()
    }

    pub(crate) async fn put(&self, bytes: &[u8]) -> Item {
        let mut upload = self.begin().await;
        upload.piece(bytes).await.unwrap();
        upload.finish(None).await.unwrap()
    }

    pub(crate) async fn put_under(&self, tlp: Tlp) -> Item {
        let facts = Facts {
            tlp,
            ..named("interview.txt")
        };
        let begun = evidence::begin(&self.locker, &self.amina, self.id, &facts).await;
        let mut upload = begun.unwrap();
        upload.piece(b"what the nurse saw").await.unwrap();
        upload.finish(None).await.unwrap()
    }

    async fn copied(&self, item: &Item) -> Result<Vec<u8>, Error> {
        let at = (self.id, item.id);
        let why = why("to look at it");
        let (_, bytes) = evidence::copy(&self.locker, &self.amina, at, &why).await?;
        let pieces: Vec<Vec<u8>> = bytes.try_collect().await?;
        Ok(pieces.concat())
    }

    async fn lines(&self, id: EvidenceRef) -> Vec<Entry> {
        let at = (self.id, id);
        evidence::view(&self.locker, &self.amina, at)
            .await
            .unwrap()
            .1
    }

    /// The files that lie in the folder, those that are still coming included.
    fn lying(&self) -> Vec<std::path::PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        walk(self.folder.path(), &mut found);
        found
    }
}

fn fault<T>(done: Result<T, Error>) -> EvidenceFault {
    let fault = |error| match error {
        Error::Evidence(fault) => Some(fault),
        _ => None,
    };
    done.err().and_then(fault).unwrap()
}

async fn what_came_in_is_what_goes_out_and_each_step_is_a_line(db: Db) {
    let scene = scene(db).await;
    let item = scene.put(b"GET /login").await;
    assert_eq!((item.number, item.size, item.state), (1, 10, State::Held));
    let sha256: [u8; 32] = Sha256::digest(b"GET /login").into();
    assert_eq!(item.sha256, sha256);
    assert_eq!(scene.copied(&item).await.unwrap(), b"GET /login");
    let at = (scene.id, item.id);
    let found = evidence::verify(&scene.locker, &scene.amina, at).await;
    assert_eq!(found.unwrap(), Outcome::Matches);
    let (exported, _) = evidence::export(&scene.locker, &scene.amina, at)
        .await
        .unwrap();
    assert_eq!(exported.facts, named("proxy.log"));
    let lines = scene.lines(item.id).await;
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.number, line.deed, line.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (1, Deed::Put, ""),
            (2, Deed::Copied, "to look at it"),
            (3, Deed::Verified, ""),
            (4, Deed::Exported, ""),
            (5, Deed::Viewed, ""),
        ]
    );
    assert!(lines.iter().all(|line| line.who == "user:user1"));
    let second = scene.put(b"x").await;
    assert_eq!(second.number, 2);
    let listed = evidence::list(&scene.locker, &scene.amina, scene.id).await;
    assert_eq!(listed.unwrap().len(), 2);
}

async fn many_pieces_are_one_item_and_lie_sealed(db: Db) {
    let scene = scene(db).await;
    let mut upload = scene.begin().await;
    let block: Vec<u8> = (0..1_000_003_u32).map(|n| n.to_le_bytes()[0]).collect();
    let mut hash = Sha256::new();
    for _ in 0..18 {
        upload.piece(&block).await.unwrap();
        hash.update(&block);
    }
    let sha256: [u8; 32] = hash.finalize().into();
    let item = upload.finish(Some(sha256)).await.unwrap();
    assert_eq!(item.size, 18 * 1_000_003);
    assert_eq!(scene.lying().len(), 3);
    for file in scene.lying() {
        let bytes = std::fs::read(file).unwrap();
        assert!(!bytes.windows(64).any(|some| some == &block[..64]));
    }
    let copied = scene.copied(&item).await.unwrap();
    assert_eq!(hex(&Sha256::digest(copied)), hex(&item.sha256));
}

async fn an_upload_that_breaks_off_leaves_nothing(db: Db) {
    let scene = scene(db).await;
    let mut upload = scene.begin().await;
    upload.piece(&vec![1; 20 << 20]).await.unwrap();
    assert_eq!(scene.lying().len(), 2);
    drop(upload);
    assert!(scene.lying().is_empty());
    let listed = evidence::list(&scene.locker, &scene.amina, scene.id).await;
    assert!(listed.unwrap().is_empty());
    let empty = scene.begin().await.finish(None).await;
    assert!(matches!(
        empty,
        Err(Error::Invalid(Invalid { field: "file", .. }))
    ));
    // The next one takes the first number.
    assert_eq!(scene.put(b"x").await.number, 1);
}

async fn an_upload_that_is_not_what_was_announced_leaves_nothing(db: Db) {
    let scene = scene(db).await;
    let mut upload = scene.begin().await;
    upload.piece(b"one thing").await.unwrap();
    let announced = Sha256::digest(b"another").into();
    let done = upload.finish(Some(announced)).await;
    assert_eq!(fault(done), EvidenceFault::Differs);
    assert!(scene.lying().is_empty());
}

async fn a_changed_byte_is_found(db: Db) {
    let scene = scene(db).await;
    let item = scene.put(b"GET /login").await;
    let at = (scene.id, item.id);
    let path = scene.lying().remove(0);
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let found = evidence::verify(&scene.locker, &scene.amina, at).await;
    assert_eq!(found.unwrap(), Outcome::Unreadable);
    assert!(scene.copied(&item).await.is_err());
    std::fs::remove_file(&path).unwrap();
    let found = evidence::verify(&scene.locker, &scene.amina, at).await;
    assert_eq!(found.unwrap(), Outcome::Missing);
    let (item, _) = evidence::view(&scene.locker, &scene.amina, at)
        .await
        .unwrap();
    assert!(item.is_broken());
}

async fn a_hand_over_is_answered_by_its_receiver_once(db: Db) {
    let scene = scene(db).await;
    let (locker, amina) = (&scene.locker, &scene.amina);
    let boris = person(&locker.ground, "boris", Role::Diplomat).await;
    let item = scene.put(b"x").await;
    let at = (scene.id, item.id);
    let nobody = Receiver::User("nobody".to_owned());
    let refused = evidence::hand_over(locker, amina, at, (nobody, &why("w"))).await;
    assert!(matches!(
        refused,
        Err(Error::Invalid(Invalid { field: "user", .. }))
    ));
    let to = || Receiver::User("boris".to_owned());
    let handed = evidence::hand_over(locker, amina, at, (to(), &why("court")))
        .await
        .unwrap();
    let again = evidence::hand_over(locker, amina, at, (to(), &why("court"))).await;
    assert_eq!(fault(again), EvidenceFault::Pending);
    // Nobody says for another user that he has it.
    let other = evidence::answer(locker, amina, at, (handed.number, true), None).await;
    assert_eq!(fault(other), EvidenceFault::NotPending);
    let item = evidence::answer(locker, &boris, at, (handed.number, true), None)
        .await
        .unwrap();
    assert_eq!(item.holder.as_deref(), Some("user:boris"));
    let twice = evidence::answer(locker, &boris, at, (handed.number, true), None).await;
    assert_eq!(fault(twice), EvidenceFault::NotPending);
    let court = Receiver::Other("Court of Aldoria".parse().unwrap());
    let handed = evidence::hand_over(locker, amina, at, (court, &why("case 7")))
        .await
        .unwrap();
    let of = (handed.number, true);
    let bare = evidence::answer(locker, amina, at, of, None).await;
    assert!(matches!(
        bare,
        Err(Error::Invalid(Invalid { field: "note", .. }))
    ));
    let note = "receipt 12/26".parse().unwrap();
    let item = evidence::answer(locker, amina, at, (handed.number, false), Some(&note))
        .await
        .unwrap();
    assert_eq!(item.holder.as_deref(), Some("user:boris"));
}

async fn a_seal_keeps_copies_in(db: Db) {
    let scene = scene(db).await;
    let (locker, amina) = (&scene.locker, &scene.amina);
    let item = scene.put(b"x").await;
    let at = (scene.id, item.id);
    evidence::seal(locker, amina, at, (true, &why("for court")))
        .await
        .unwrap();
    assert_eq!(fault(scene.copied(&item).await), EvidenceFault::Sealed);
    let gone = evidence::destroy(locker, amina, at, &why("w")).await;
    assert_eq!(fault(gone), EvidenceFault::Sealed);
    let twice = evidence::seal(locker, amina, at, (true, &why("w"))).await;
    assert_eq!(fault(twice), EvidenceFault::Already);
    let found = evidence::verify(locker, amina, at).await.unwrap();
    assert_eq!(found, Outcome::Matches);
    evidence::seal(locker, amina, at, (false, &why("judge asks")))
        .await
        .unwrap();
    assert_eq!(scene.copied(&item).await.unwrap(), b"x");
}

async fn what_was_destroyed_is_gone_for_good(db: Db) {
    let scene = scene(db).await;
    let (locker, amina) = (&scene.locker, &scene.amina);
    let item = scene.put(b"x").await;
    let at = (scene.id, item.id);
    evidence::destroy(locker, amina, at, &why("court order"))
        .await
        .unwrap();
    assert!(scene.lying().is_empty());
    assert_eq!(fault(scene.copied(&item).await), EvidenceFault::Destroyed);
    let found = evidence::verify(locker, amina, at).await;
    assert_eq!(fault(found), EvidenceFault::Destroyed);
    let (item, lines) = evidence::view(locker, amina, at).await.unwrap();
    assert_eq!(item.state, State::Destroyed);
    assert_eq!(item.sha256, <[u8; 32]>::from(Sha256::digest(b"x")));
    assert_eq!(lines[1].deed, Deed::Destroyed);
}

async fn whoever_may_not_see_the_incident_or_the_label_finds_none(db: Db) {
    let scene = scene(db).await;
    let (locker, amina) = (&scene.locker, &scene.amina);
    let item = scene.put(b"x").await;
    let at = (scene.id, item.id);
    let reporter = user(2, Role::Reporter);
    let refused = evidence::list(locker, &reporter, scene.id).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let diplomat = user(3, Role::Diplomat);
    assert_eq!(
        evidence::list(locker, &diplomat, scene.id)
            .await
            .unwrap()
            .len(),
        1
    );
    let refused = evidence::copy(locker, &diplomat, at, &why("w")).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    // A label that the incident's readers do not reach.
    let red = Facts {
        tlp: Tlp::Red,
        ..named("red.log")
    };
    let refused = evidence::begin(locker, amina, scene.id, &red).await;
    assert!(matches!(
        refused,
        Err(Error::Invalid(Invalid { field: "tlp", .. }))
    ));
    let exercise = crate::house::in_exercise(user(1, Role::Analyst));
    let hidden = evidence::list(locker, &exercise, scene.id).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
    // Of another incident it is none.
    let other = ops::create(&locker.ground, amina, facts("B"))
        .await
        .unwrap();
    let hidden = evidence::view(locker, amina, (other.public, item.id)).await;
    assert_eq!(fault(hidden), EvidenceFault::NotFound);
}

async fn every_line_is_proved_by_a_leaf(db: Db) {
    let scene = scene(db).await;
    let item = scene.put(b"x").await;
    let lines = scene.lines(item.id).await;
    let mut tx = scene.locker.ground.db.begin_read().await.unwrap();
    for line in &lines {
        let leaf = audit::leaf(&mut tx, &scene.locker.ground, audit::Log::Acts, line.leaf).await;
        let leaf = leaf.unwrap().unwrap();
        assert_eq!(leaf.subject, scene.id.to_string());
        assert!(format!("{:?}", leaf.act).contains("evidence."));
    }
    // Auditors read that something was done, and not a word of what it is about.
    let page = audit::acts(&mut tx, &scene.amina, kernel::PageRequest::default()).await;
    for act in page.unwrap().items {
        assert!(!act.body.unwrap_or_default().contains("proxy"));
    }
}
