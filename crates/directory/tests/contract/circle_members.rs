//! Circles at a member that is not their steward.

use db::Db;
use directory::{
    SignedCircle,
    model::{CircleVersion, Member, Place},
    ops::{self, NewWish, Wish},
    state::Standing,
};
use kernel::{CircleId, OsRng, Role};
use seal::keys::{Purpose, SigningKeys};

use crate::{
    circles::{house, party, place},
    support::{House, Maker, signing},
};

db::contract! {
    a_member_takes_the_next_version_only,
    versions_that_overtake_wait_for_those_before,
    a_fork_is_refused_and_kept,
    what_the_steward_did_not_sign_is_refused,
    a_member_asks_and_the_wish_ends_with_the_version_that_grants_it,
    a_version_of_one_mode_does_not_pass_in_the_other,
}

/// XB keeps a circle, and XA's node is told of it.
struct Foreign {
    house: House,
    keys: SigningKeys,
    versions: Vec<SignedCircle>,
}

impl Foreign {
    /// Version 1 without XA, 2 invites it, 3 has it joined, 4 puts it out.
    async fn start(db: Db) -> Self {
        let house = house(db).await;
        let keys = signing(&Maker::new("XB", 2), Purpose::Exercise);
        let now = house.ground.now();
        let member = |code: &str, since, joined: bool| Member {
            invited_by: party("XB"),
            joined: joined.then_some(now),
            party: party(code),
            since,
        };
        let own = member("XB", 1, true);
        let members = [
            vec![own.clone()],
            vec![member("XA", 2, false), own.clone()],
            vec![member("XA", 2, true), own.clone()],
            vec![own],
        ];
        let mut versions: Vec<SignedCircle> = Vec::new();
        let id = CircleId::random(&OsRng);
        for (number, members) in (1..).zip(members) {
            let version = CircleVersion {
                changed: now,
                created: now,
                dissolved: false,
                exercise: true,
                id,
                keyset: 1,
                members,
                name: "Dams".parse().unwrap(),
                previous_sha256: versions.last().map(SignedCircle::sha256),
                purpose: "Water".parse().unwrap(),
                steward: party("XB"),
                version: number,
            };
            versions.push(SignedCircle::sign(&version, &keys).unwrap());
        }
        Self {
            house,
            keys,
            versions,
        }
    }

    fn id(&self) -> CircleId {
        self.versions[0].version().id
    }

    fn other(&self, number: usize, change: impl Fn(&mut CircleVersion)) -> SignedCircle {
        let mut version = self.versions[number - 1].version().clone();
        change(&mut version);
        SignedCircle::sign(&version, &self.keys).unwrap()
    }

    async fn offer(&self, version: &SignedCircle) -> Result<Standing, &'static str> {
        self.offer_from("XB", version).await
    }

    async fn offer_from(
        &self,
        from: &str,
        version: &SignedCircle,
    ) -> Result<Standing, &'static str> {
        let (ground, node) = (&self.house.ground, &self.house.node);
        let mut tx = ground.db.begin().await.unwrap();
        let judged = ops::judge_in(&mut tx, ground, node, &party(from), version).await;
        let judged = judged.unwrap();
        if judged.is_ok() {
            ops::take_in(&mut tx, ground, node, version).await.unwrap();
        }
        tx.commit().await.unwrap();
        judged.map_err(|refusal| refusal.code())
    }

    async fn place(&self) -> Place {
        place(&self.house, self.id(), "XA").await
    }
}

async fn a_member_takes_the_next_version_only(db: Db) {
    let foreign = Foreign::start(db).await;
    let [_, second, third, fourth] = foreign.versions.as_slice() else {
        panic!("four versions");
    };
    assert_eq!(foreign.offer(second).await, Ok(Standing::Next));
    assert_eq!(foreign.place().await, Place::Invited);
    assert_eq!(foreign.offer(second).await, Ok(Standing::Known));
    assert_eq!(foreign.offer(third).await, Ok(Standing::Next));
    assert_eq!(foreign.place().await, Place::Member);
    assert_eq!(foreign.offer(fourth).await, Ok(Standing::Next));
    assert_eq!(foreign.place().await, Place::Out);
    let earlier = foreign.other(1, |_| {});
    assert_eq!(foreign.offer(&earlier).await, Err("circle.rollback"));
    // Invited again, its versions begin anew.
    let again = foreign.other(2, |version| {
        version.version = 7;
        version.members[0].since = 7;
    });
    assert_eq!(foreign.offer(&again).await, Ok(Standing::Next));
    assert_eq!(foreign.place().await, Place::Invited);
    assert_eq!(foreign.house.acts("circle.received").await, 4);
}

async fn versions_that_overtake_wait_for_those_before(db: Db) {
    let foreign = Foreign::start(db).await;
    let [_, second, third, fourth] = foreign.versions.as_slice() else {
        panic!("four versions");
    };
    assert_eq!(foreign.offer(fourth).await, Ok(Standing::Early));
    assert_eq!(foreign.offer(third).await, Ok(Standing::Early));
    let (circles, _) = ops::list_circles(&foreign.house.ground, &foreign.house.node)
        .await
        .unwrap();
    assert_eq!(circles, []);
    assert_eq!(foreign.offer(second).await, Ok(Standing::Next));
    assert_eq!(foreign.place().await, Place::Out);
    let view = ops::read_circle(&foreign.house.ground, &foreign.house.node, foreign.id()).await;
    let view = view.unwrap();
    assert_eq!(view.circle().version, 4);
    assert!(view.versions.iter().all(|held| held.in_force));
}

async fn a_fork_is_refused_and_kept(db: Db) {
    let foreign = Foreign::start(db).await;
    let [_, second, third, fourth] = foreign.versions.as_slice() else {
        panic!("four versions");
    };
    foreign.offer(second).await.unwrap();
    let other = foreign.other(2, |version| version.name = "Lakes".parse().unwrap());
    assert_eq!(foreign.offer(&other).await, Err("circle.fork"));
    assert_eq!(foreign.offer(&other).await, Err("circle.fork"));
    let unchained = foreign.other(3, |version| version.previous_sha256 = Some(other.sha256()));
    assert_eq!(foreign.offer(&unchained).await, Err("circle.fork"));
    // One that came early and does not follow is dropped when its turn comes.
    let stray = foreign.other(4, |version| version.previous_sha256 = Some(other.sha256()));
    assert_eq!(foreign.offer(&stray).await, Ok(Standing::Early));
    assert_eq!(foreign.offer(third).await, Ok(Standing::Next));
    assert_eq!(foreign.offer(fourth).await, Ok(Standing::Next));
    let view = ops::read_circle(&foreign.house.ground, &foreign.house.node, foreign.id()).await;
    let refused = view.unwrap().refused;
    assert_eq!(refused.len(), 3);
    let kept = refused
        .iter()
        .find(|one| one.sha256 == other.sha256())
        .unwrap();
    assert_eq!((kept.code.as_str(), kept.version), ("circle.fork", 2));
    assert_eq!(kept.envelope, other.to_bytes());
    assert_eq!(foreign.house.acts("circle.refused").await, 3);
}

async fn what_the_steward_did_not_sign_is_refused(db: Db) {
    let foreign = Foreign::start(db).await;
    let second = &foreign.versions[1];
    let strange = signing(&Maker::new("XC", 3), Purpose::Exercise);
    let forged = SignedCircle::sign(second.version(), &strange).unwrap();
    assert_eq!(foreign.offer(&forged).await, Err("circle.bad_signature"));
    let real = signing(&Maker::new("XB", 2), Purpose::Real);
    let forged = SignedCircle::sign(second.version(), &real).unwrap();
    assert_eq!(foreign.offer(&forged).await, Err("circle.bad_signature"));
    let later = foreign.other(2, |version| version.keyset = 2);
    assert_eq!(foreign.offer(&later).await, Err("circle.bad_signature"));
    assert_eq!(
        foreign.offer_from("XC", second).await,
        Err("circle.foreign")
    );
    foreign.offer(second).await.unwrap();
    // Another party cannot take over a circle that is known.
    let mut taken = foreign.versions[2].version().clone();
    taken.steward = party("XC");
    taken.members = vec![
        taken.members[0].clone(),
        Member {
            invited_by: party("XC"),
            joined: Some(taken.changed),
            party: party("XC"),
            since: 1,
        },
    ];
    taken.members[0].invited_by = party("XC");
    let taken = SignedCircle::sign(&taken, &strange).unwrap();
    assert_eq!(
        foreign.offer_from("XC", &taken).await,
        Err("circle.foreign")
    );
    assert_eq!(foreign.place().await, Place::Invited);
}

async fn a_member_asks_and_the_wish_ends_with_the_version_that_grants_it(db: Db) {
    let foreign = Foreign::start(db).await;
    let (ground, duty) = (&foreign.house.ground, foreign.house.user(Role::DutyOfficer));
    let [_, second, third, fourth] = foreign.versions.as_slice() else {
        panic!("four versions");
    };
    let ask = async |wish, steward: Option<&str>| {
        let mut tx = ground.db.begin().await.unwrap();
        let new = NewWish {
            circle: foreign.id(),
            steward: steward.map(party),
            wish,
        };
        let asked = ops::ask_in(&mut tx, ground, &duty, new).await;
        if asked.is_ok() {
            tx.commit().await.unwrap();
        }
        asked.map_err(|error| error.code())
    };
    let pending = async || ops::list_circles(ground, &duty).await.unwrap().1;
    assert_eq!(ask(Wish::Join, None).await.unwrap_err(), "circle.not_found");
    assert_eq!(
        ask(Wish::Leave, Some("XB")).await.unwrap_err(),
        "circle.no_member"
    );
    let asked = ask(Wish::Join, Some("XB")).await.unwrap();
    assert_eq!((asked.version, &asked.steward), (None, &party("XB")));
    let mut tx = ground.db.begin().await.unwrap();
    let node = &foreign.house.node;
    let open = ops::wish_in(&mut tx, node, foreign.id()).await.unwrap();
    assert_eq!(open.as_ref(), Some(&asked));
    let message = kernel::MessageId::random(&OsRng);
    assert!(ops::sent_wish_in(&mut tx, &asked, message).await.unwrap());
    assert!(!ops::sent_wish_in(&mut tx, &asked, message).await.unwrap());
    tx.commit().await.unwrap();
    foreign.offer(second).await.unwrap();
    assert_eq!(pending().await.len(), 1, "invited is not joined");
    foreign.offer(third).await.unwrap();
    assert_eq!(pending().await, []);
    assert_eq!(
        ask(Wish::Join, None).await.unwrap_err(),
        "circle.already_member"
    );
    assert_eq!(ask(Wish::Leave, None).await.unwrap().version, Some(3));
    foreign.offer(fourth).await.unwrap();
    assert_eq!(pending().await, []);
}

async fn a_version_of_one_mode_does_not_pass_in_the_other(db: Db) {
    let foreign = Foreign::start(db).await;
    let second = foreign.other(2, |version| version.exercise = false);
    assert_eq!(foreign.offer(&second).await, Err("circle.foreign"));
}
