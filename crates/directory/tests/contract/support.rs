//! A house, and parties that introduce themselves.

use std::sync::Arc;

use audit::Ground;
use db::Db;
use directory::{
    Card, Error,
    model::{ContactKind, Duty, Profile, Reach},
    ops::{self, NewContact, OwnEntry},
};
use kernel::{
    Limit, ManualClock, Mode, PageRequest, Role, SeededRng, Timestamp, UserId, Viewer, Who,
};
use seal::{
    Digest, HybridIdentity, Time,
    data::DataKey,
    keys::{KeySet, LedgerSecret, Purpose, RootKey, SignedKeySet, SigningKeys, WitnessPolicy},
};
use zeroize::Zeroizing;

const NOW: i64 = 1_795_000_000_000_000;

/// A party with a root key, from a seed.
pub(crate) struct Maker {
    pub(crate) party: &'static str,
    pub(crate) root: RootKey,
    pub(crate) seed: u8,
}

impl Maker {
    pub(crate) fn new(party: &'static str, seed: u8) -> Self {
        Self {
            party,
            root: RootKey::from_seed(&[seed; 32]),
            seed,
        }
    }

    pub(crate) fn set(&self, purpose: Purpose, seq: u64, previous: Option<Digest>) -> SignedKeySet {
        let apart = if purpose == Purpose::Real { 50 } else { 150 };
        let seed = |more: u8| [self.seed.wrapping_add(apart).wrapping_add(more); 32];
        let mut entropy = |bytes: &mut [u8]| bytes.fill(self.seed.wrapping_add(apart));
        let origin = format!("{}.example/{purpose}", self.party.to_lowercase());
        let set = KeySet {
            party: self.party.to_owned(),
            root: self.root.public().clone(),
            seq,
            previous_sha256: previous,
            purpose,
            valid_from: Time::from_micros(NOW - 1_000_000).unwrap(),
            valid_until: Time::from_micros(NOW + 86_400_000_000).unwrap(),
            signing_keys: vec![SigningKeys::from_seed(&seed(1)).public().clone()],
            age_recipient: HybridIdentity::from_seed(&seed(2)).unwrap().recipient(),
            archive_recipient: HybridIdentity::from_seed(&seed(3)).unwrap().recipient(),
            ledger_keys: vec![LedgerSecret::generate(&origin, &mut entropy).public()],
            tls_key_sha256: Digest::of(self.party.as_bytes()),
            witnesses: WitnessPolicy {
                threshold: 0,
                regions: 0,
                of: Vec::new(),
            },
            revoked: Vec::new(),
        };
        self.root.sign(&set).unwrap()
    }

    pub(crate) fn card(&self, purposes: &[Purpose]) -> Card {
        let sets: Vec<SignedKeySet> = purposes
            .iter()
            .map(|&purpose| self.set(purpose, 1, None))
            .collect();
        let title = self.party.parse().unwrap();
        let party = self.party.parse().unwrap();
        let card = Card::new(party, title, self.root.fingerprint(), &sets);
        Card::parse(&card.to_bytes().unwrap()).unwrap()
    }
}

pub(crate) struct House {
    pub(crate) ground: Ground,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) key: DataKey,
    pub(crate) node: Viewer,
}

impl House {
    /// The node of XA, in an exercise.
    pub(crate) async fn open(db: Db) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(NOW)));
        let rng = Arc::new(SeededRng::new(5));
        let ground = Ground::open(db, clock.clone(), rng).await.unwrap();
        let house = Self {
            ground,
            clock,
            key: DataKey::from_bytes(Zeroizing::new([9; 32])),
            node: Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise),
        };
        let own = Maker::new("XA", 1);
        let entry = OwnEntry {
            code: "XA".parse().unwrap(),
            title: "Aldoria".parse().unwrap(),
            fingerprint: own.root.fingerprint(),
            key_sets: vec![own.set(Purpose::Exercise, 1, None)],
            federation: Some("127.0.0.1:7443".parse().unwrap()),
            web: None,
        };
        ops::set_up_own(&house.ground, &house.node, entry)
            .await
            .unwrap();
        house
    }

    pub(crate) async fn add(&self, maker: &Maker, purposes: &[Purpose]) -> Result<(), Error> {
        let compared = maker.root.fingerprint();
        let card = maker.card(purposes);
        ops::add_peer(&self.ground, &self.key, &self.node, &card, &compared).await?;
        Ok(())
    }

    pub(crate) fn user(&self, role: Role) -> Viewer {
        Viewer {
            who: Who::User {
                id: UserId::new(&*self.clock, &*self.ground.rng),
                name: "amina".into(),
            },
            roles: [role].into_iter().collect(),
            party: "XA".parse().unwrap(),
            circles: Vec::new(),
            mode: Mode::Exercise,
        }
    }

    pub(crate) async fn acts(&self, code: &str) -> usize {
        let mut tx = self.ground.db.begin_read().await.unwrap();
        let page = PageRequest {
            after: None,
            limit: Limit::MAX,
        };
        let acts = audit::acts(&mut tx, &self.node, page).await.unwrap();
        acts.items.iter().filter(|act| act.code == code).count()
    }
}

pub(crate) fn desk() -> NewContact {
    NewContact {
        profile: Profile {
            kind: ContactKind::Technical,
            entity: "Brevonia CERT".parse().unwrap(),
            department: None,
            role: Some("Duty officer".parse().unwrap()),
            languages: vec!["en".parse().unwrap(), "zh-Hans".parse().unwrap()],
            time_zone: "Europe/Paris".parse().unwrap(),
            duty: Duty::Always,
            duty_hours: None,
            channels: Vec::new(),
            nominated_by: Some("Note verbale 12/2026".parse().unwrap()),
            valid_from: None,
        },
        reach: Reach {
            person: Some("Ines Marchetti".parse().unwrap()),
            emails: vec!["duty@cert.example".parse().unwrap()],
            phones: vec!["+33 1 23 45 67 89".parse().unwrap()],
            fallback_phone: None,
        },
        verified: true,
    }
}

/// The signing keys that [`Maker::set`] announces.
pub(crate) fn signing(maker: &Maker, purpose: Purpose) -> SigningKeys {
    let apart = if purpose == Purpose::Real { 50 } else { 150 };
    SigningKeys::from_seed(&[maker.seed.wrapping_add(apart).wrapping_add(1); 32])
}
