//! Alarms on the desk, until somebody has seen them.

use axum::http::StatusCode;
use db::Engine;
use federation::store::{NewAlarm, insert_alarm};
use kernel::{ActId, Limit, Mode, PageRequest, PartyCode, Role};
use testkit::Fleet;

use crate::person::{Form, Person, nowhere};

const SENTENCE: &str = "Brevonia showed two ledgers that cannot both be true";

/// The node of XA has caught XB.
async fn alarm(fleet: &Fleet) -> ActId {
    let ground = fleet.exchange("XA").ground;
    let party: PartyCode = "XB".parse().unwrap();
    let alarm = NewAlarm {
        id: ActId::new(ground.clock.as_ref(), ground.rng.as_ref()),
        party: &party,
        mode: Mode::Exercise,
        at: ground.now(),
        code: "split_view",
        message: None,
        detail: "{}",
    };
    let mut tx = ground.db.begin().await.unwrap();
    insert_alarm(&mut tx, &alarm).await.unwrap();
    tx.commit().await.unwrap();
    alarm.id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_stays_on_the_desk_until_somebody_in_charge_has_seen_it() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let officer = Person::at(&fleet, "XA").await;
    let analyst = Person::with(&fleet, "XA", ("omar", &[Role::Analyst]), nowhere()).await;
    let id = alarm(&fleet).await;
    let form = Form(vec![]).with("alarm", &id.to_string());

    let page = analyst.get("/desk").await.text;
    assert!(page.contains(SENTENCE), "{page}");
    assert!(!page.contains("/desk/seen"), "{page}");
    let refused = analyst.post("/desk/seen", &form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);

    let page = officer.get("/desk").await.text;
    let offered = Form::of(&page, "/desk/seen");
    assert_eq!(offered.value("alarm"), id.to_string());
    for _twice in 0..2 {
        let done = officer.post("/desk/seen", &offered).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    for person in [&officer, &analyst] {
        let page = person.get("/desk").await.text;
        assert!(!page.contains(SENTENCE), "{page}");
    }
    let mut tx = fleet.exchange("XA").ground.db.begin_read().await.unwrap();
    let page = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let acts = audit::acts(&mut tx, &fleet.viewer("XA"), page)
        .await
        .unwrap();
    let mut noted = acts.items.iter();
    let noted = noted
        .find(|act| act.code == "federation.alarm_seen")
        .unwrap();
    assert_eq!(
        (noted.who.as_str(), noted.subject.clone()),
        ("user:rosa", id.to_string())
    );
    drop(tx);
    fleet.end().await;
}
