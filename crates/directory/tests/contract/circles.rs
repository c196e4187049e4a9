//! Circles at their steward.

use db::{Db, Tx};
use directory::{
    CircleRefusal, Error, Pen, SignedCircle,
    model::Place,
    ops::{self, Issued, NewCircle, Wish},
    state::Change,
};
use kernel::{CircleId, Mode, OsRng, PartyCode, Role, Viewer};
use seal::keys::{Purpose, SigningKeys};

use crate::support::{House, Maker, signing};

db::contract! {
    a_steward_invites_and_removes_and_every_change_is_a_signed_version,
    two_changes_of_one_version_do_not_both_happen,
    what_makes_no_sense_is_refused,
    who_was_invited_joins_and_who_asks_is_let_in_by_people,
    real_and_exercise_circles_do_not_meet,
    only_some_roles_keep_circles,
}

pub(crate) fn party(code: &str) -> PartyCode {
    code.parse().unwrap()
}

fn new() -> NewCircle {
    NewCircle {
        name: "Ports".parse().unwrap(),
        purpose: "Indicators about\nharbour systems".parse().unwrap(),
    }
}

/// XA with two peers, XB and XC.
pub(crate) async fn house(db: Db) -> House {
    let house = House::open(db).await;
    for (code, seed) in [("XB", 2), ("XC", 3)] {
        let maker = Maker::new(code, seed);
        house.add(&maker, &[Purpose::Exercise]).await.unwrap();
    }
    house
}

struct Steward<'a> {
    house: &'a House,
    keys: SigningKeys,
}

impl<'a> Steward<'a> {
    fn of(house: &'a House) -> Self {
        let keys = signing(&Maker::new("XA", 1), Purpose::Exercise);
        Self { house, keys }
    }

    fn pen(&self) -> Pen<'_> {
        Pen {
            keys: &self.keys,
            keyset: 1,
        }
    }

    async fn create(&self) -> CircleId {
        let ground = &self.house.ground;
        let mut tx = ground.db.begin().await.unwrap();
        let issued = ops::create_in(&mut tx, ground, &self.house.node, &self.pen(), new()).await;
        tx.commit().await.unwrap();
        issued.unwrap().circle.version().id
    }

    async fn change(&self, id: CircleId, given: u64, change: Change) -> Result<Issued, Error> {
        let ground = &self.house.ground;
        let mut tx = ground.db.begin().await.unwrap();
        let viewer = &self.house.node;
        let issued =
            ops::change_in(&mut tx, ground, viewer, &self.pen(), (id, given), change).await?;
        tx.commit().await.unwrap();
        Ok(issued)
    }

    async fn wish(&self, id: CircleId, from: &str, wish: Wish, seen: Option<u64>) -> bool {
        let (ground, node) = (&self.house.ground, &self.house.node);
        let mut tx = ground.db.begin().await.unwrap();
        let from = party(from);
        let judged = ops::judge_wish_in(&mut tx, node, id, &from).await.unwrap();
        judged.unwrap();
        let told = (id, wish, seen);
        let changes = ops::take_wish_in(&mut tx, ground, node, &from, told).await;
        let changes = changes.unwrap();
        if changes {
            let about = (id, &from);
            let asked = (wish, seen);
            let issued = ops::answer_in(&mut tx, ground, node, &self.pen(), about, asked).await;
            assert!(issued.unwrap().is_some());
            let again = ops::answer_in(&mut tx, ground, node, &self.pen(), about, asked).await;
            assert!(again.unwrap().is_none(), "it is granted once");
        }
        tx.commit().await.unwrap();
        changes
    }
}

async fn read(house: &House) -> Tx {
    house.ground.db.begin_read().await.unwrap()
}

pub(crate) async fn place(house: &House, id: CircleId, of: &str) -> Place {
    let mut tx = read(house).await;
    let newest = ops::circle_in(&mut tx, id, Mode::Exercise).await.unwrap();
    let place = newest.map_or(Place::Out, |one| one.version().place(&party(of)));
    let member = ops::is_member_in(&mut tx, id, Mode::Exercise, &party(of)).await;
    let there = matches!(place, Place::Steward | Place::Member);
    assert_eq!(member.unwrap(), there, "{of}");
    let circles = ops::circles_of_in(&mut tx, &party(of), Mode::Exercise).await;
    assert_eq!(circles.unwrap().contains(&id), there, "{of}");
    place
}

async fn a_steward_invites_and_removes_and_every_change_is_a_signed_version(db: Db) {
    let house = house(db).await;
    let steward = Steward::of(&house);
    let id = steward.create().await;
    let issued = steward.change(id, 1, Change::Invite(party("XB"))).await;
    assert_eq!(issued.unwrap().to, [party("XB")]);
    assert!(steward.wish(id, "XB", Wish::Join, Some(2)).await);
    let described = Change::Describe {
        name: "Harbours".parse().unwrap(),
        purpose: "More".parse().unwrap(),
    };
    steward.change(id, 3, described).await.unwrap();
    let removed = steward.change(id, 4, Change::Remove(party("XB"))).await;
    assert_eq!(removed.unwrap().to, [party("XB")], "who is put out is told");
    let ended = steward.change(id, 5, Change::Dissolve).await.unwrap();
    assert_eq!(ended.to, []);
    assert_eq!(place(&house, id, "XA").await, Place::Out);

    let auditor = house.user(Role::Auditor);
    let view = ops::read_circle(&house.ground, &auditor, id).await.unwrap();
    let numbers: Vec<u64> = view.versions.iter().map(|held| held.version).collect();
    assert_eq!(numbers, [6, 5, 4, 3, 2, 1]);
    let copies: Vec<_> = view.copies.iter().map(|copy| copy.version).collect();
    assert_eq!(copies, [5], "the newest copy for each party");
    let mut tx = read(&house).await;
    let chain = ops::chain_in(&mut tx, &party("XA"), Mode::Exercise).await;
    let chain = chain.unwrap().unwrap();
    let at = (id, Mode::Exercise);
    let third = ops::members_in(&mut tx, at, 3).await.unwrap().unwrap();
    let joined: Vec<_> = third.joined().map(ToString::to_string).collect();
    assert_eq!(joined, ["XA", "XB"]);
    drop(tx);
    let mut before = None;
    for number in 1..=6 {
        let held = ops::read_version(&house.ground, &auditor, id, number).await;
        let held = held.unwrap();
        assert_eq!(held.version().previous_sha256, before);
        held.verify(&chain).unwrap();
        assert_eq!(SignedCircle::parse(&held.to_bytes()).unwrap(), held);
        before = Some(held.sha256());
    }
    for code in [
        "created",
        "invited",
        "joined",
        "described",
        "removed",
        "dissolved",
    ] {
        assert_eq!(house.acts(&format!("circle.{code}")).await, 1, "{code}");
    }
}

async fn two_changes_of_one_version_do_not_both_happen(db: Db) {
    let house = house(db).await;
    let steward = Steward::of(&house);
    let id = steward.create().await;
    let (one, other) = tokio::join!(
        steward.change(id, 1, Change::Invite(party("XB"))),
        steward.change(id, 1, Change::Invite(party("XC"))),
    );
    let lost = match (&one, &other) {
        (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
        both => panic!("{both:?}"),
    };
    assert!(matches!(lost, Error::Stale { .. } | Error::Db(_)), "{lost}");
    let late = steward.change(id, 1, Change::Dissolve).await.unwrap_err();
    assert_eq!(late.code(), "directory.stale");
    assert_eq!(kernel::Problem::from(late).status(), 409);
}

async fn what_makes_no_sense_is_refused(db: Db) {
    let house = house(db).await;
    let steward = Steward::of(&house);
    let id = steward.create().await;
    let code = async |change| steward.change(id, 1, change).await.unwrap_err().code();
    assert_eq!(
        code(Change::Invite(party("XJ"))).await,
        "circle.not_trusted"
    );
    assert_eq!(
        code(Change::Invite(party("XA"))).await,
        "circle.not_trusted"
    );
    assert_eq!(code(Change::Remove(party("XB"))).await, "circle.no_member");
    assert_eq!(
        code(Change::Remove(party("XA"))).await,
        "circle.steward_stays"
    );
    assert_eq!(code(Change::Admit(party("XB"))).await, "circle.no_request");
    steward
        .change(id, 1, Change::Invite(party("XB")))
        .await
        .unwrap();
    let again = steward.change(id, 2, Change::Invite(party("XB"))).await;
    assert_eq!(again.unwrap_err().code(), "circle.already_member");
    steward.change(id, 2, Change::Dissolve).await.unwrap();
    let after = steward.change(id, 3, Change::Invite(party("XC"))).await;
    assert_eq!(after.unwrap_err().code(), "circle.is_dissolved");
    let mut tx = house.ground.db.begin().await.unwrap();
    let wish = ops::judge_wish_in(&mut tx, &house.node, id, &party("XB")).await;
    assert!(matches!(wish.unwrap(), Err(CircleRefusal::NotFound)));
    let unknown = CircleId::random(&OsRng);
    let wish = ops::judge_wish_in(&mut tx, &house.node, unknown, &party("XB")).await;
    assert!(matches!(wish.unwrap(), Err(CircleRefusal::NotFound)));
}

async fn who_was_invited_joins_and_who_asks_is_let_in_by_people(db: Db) {
    let house = house(db).await;
    let steward = Steward::of(&house);
    let id = steward.create().await;
    steward
        .change(id, 1, Change::Invite(party("XB")))
        .await
        .unwrap();
    assert_eq!(place(&house, id, "XB").await, Place::Invited);
    assert!(steward.wish(id, "XB", Wish::Join, Some(2)).await);
    assert_eq!(place(&house, id, "XB").await, Place::Member);
    assert!(!steward.wish(id, "XB", Wish::Join, Some(2)).await, "twice");

    assert!(!steward.wish(id, "XC", Wish::Join, None).await);
    assert_eq!(place(&house, id, "XC").await, Place::Out);
    let view = ops::read_circle(&house.ground, &house.node, id)
        .await
        .unwrap();
    assert_eq!(view.requests.len(), 1);
    let admitted = steward
        .change(id, 3, Change::Admit(party("XC")))
        .await
        .unwrap();
    assert_eq!(admitted.to, [party("XB"), party("XC")]);
    let entry = admitted.circle.version().member(&party("XC")).unwrap();
    assert_eq!((&entry.invited_by, entry.since), (&party("XC"), 4));
    assert_eq!(place(&house, id, "XC").await, Place::Member);

    // A wish to leave that is about an earlier stay changes nothing.
    assert!(!steward.wish(id, "XC", Wish::Leave, Some(3)).await);
    assert!(steward.wish(id, "XC", Wish::Leave, Some(4)).await);
    assert_eq!(place(&house, id, "XC").await, Place::Out);

    steward.wish(id, "XC", Wish::Join, Some(5)).await;
    let mut tx = house.ground.db.begin().await.unwrap();
    let asking = party("XC");
    let declined = ops::decline_in(&mut tx, &house.ground, &house.node, id, &asking).await;
    declined.unwrap();
    let again = ops::decline_in(&mut tx, &house.ground, &house.node, id, &asking).await;
    assert_eq!(again.unwrap_err().code(), "circle.no_request");
}

async fn real_and_exercise_circles_do_not_meet(db: Db) {
    let house = house(db).await;
    let steward = Steward::of(&house);
    let id = steward.create().await;
    let other = Viewer {
        mode: Mode::Real,
        ..house.node.clone()
    };
    let (circles, _) = ops::list_circles(&house.ground, &other).await.unwrap();
    assert_eq!(circles, []);
    let code = |error: Error| error.code();
    let read = ops::read_circle(&house.ground, &other, id).await;
    assert_eq!(read.map(drop).map_err(code), Err("circle.not_found"));
    let read = ops::read_version(&house.ground, &other, id, 1).await;
    assert_eq!(read.map(drop).map_err(code), Err("circle.not_found"));
    let mut tx = house.ground.db.begin().await.unwrap();
    let there = ops::is_member_in(&mut tx, id, Mode::Real, &party("XA")).await;
    assert!(!there.unwrap());
    let copy = ops::copy_in(&mut tx, (id, Mode::Real), 1).await;
    assert_eq!(copy.unwrap(), None);
    let sent = kernel::MessageId::random(&OsRng);
    let nobody = ops::sent_copy_in(&mut tx, (id, 1), &party("XB"), sent).await;
    assert!(!nobody.unwrap(), "there is no such copy");
    drop(tx);
}

async fn only_some_roles_keep_circles(db: Db) {
    let house = house(db).await;
    let steward = Steward::of(&house);
    for role in Role::ALL {
        let mut tx = house.ground.db.begin().await.unwrap();
        let viewer = house.user(role);
        let made = ops::create_in(&mut tx, &house.ground, &viewer, &steward.pen(), new()).await;
        let may = matches!(
            role,
            Role::DutyOfficer | Role::Diplomat | Role::PolicyOfficer
        );
        assert_eq!(made.is_ok(), may, "{role:?}");
        drop(tx);
        let reads = ops::list_circles(&house.ground, &viewer).await.is_ok();
        assert_eq!(reads, role != Role::Reporter, "{role:?}");
    }
}
