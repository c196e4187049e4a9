//! The clocks of an incident by its tab, and on the desk.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::person::{Form, Person, nowhere};

#[tokio::test(flavor = "multi_thread")]
async fn what_has_to_be_reported_stands_on_its_tab_and_on_the_desk() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let officer = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let blank = officer.get("/incidents/new").await.text;
    let form = Form::of(&blank, "/incidents/new").with("title", "Clinic");
    let form = form
        .with("kind", "incident")
        .with("determination", "suspected");
    let tab = format!(
        "{}/clocks",
        officer.post("/incidents/new", &form).await.location
    );
    let empty = officer.get(&tab).await.text;
    assert!(empty.contains("Nobody has decided"), "{empty}");
    assert!(!empty.contains("?form=filing"), "nothing can be filed yet");

    let page = officer.get(&format!("{tab}?form=moment")).await.text;
    let moment = Form::of(&page, &tab).with("moment", "awareness");
    let future = officer
        .post(&tab, &moment.with("at", "2099-01-01T00:00"))
        .await;
    assert_eq!(future.status, StatusCode::OK);
    assert!(future.text.contains("id=\"w-at\""), "{}", future.text);
    let entered = officer
        .post(&tab, &moment.with("at", "2020-01-01T00:00"))
        .await;
    assert_eq!(entered.location, tab, "{}", entered.text);
    let page = officer.get(&format!("{tab}?form=duty")).await.text;
    let duty = Form::of(&page, &tab).with("regime", "nis2");
    let strange = officer.post(&tab, &duty.with("zone", "Moon")).await;
    assert!(strange.text.contains("id=\"w-zone\""), "{}", strange.text);
    assert_eq!(
        officer.post(&tab, &duty).await.status,
        StatusCode::SEE_OTHER
    );

    // Both reports that run from the awareness are overdue; the desk counts them down.
    let page = officer.get(&tab).await.text;
    assert_eq!(page.matches("overdue</span>").count(), 2, "{page}");
    let desk = officer.get("/desk").await.text;
    assert!(desk.contains("Reports that are due"), "{desk}");
    assert_eq!(desk.matches(&tab).count(), 2, "{desk}");

    let page = officer.get(&format!("{tab}?form=filing")).await.text;
    let filing = Form::of(&page, &tab)
        .with("stage", "nis2 notification")
        .with("at", "2020-01-03T00:00");
    let nobody = officer.post(&tab, &filing).await;
    assert!(
        nobody.text.contains("id=\"w-authority\""),
        "{}",
        nobody.text
    );
    let filed = officer
        .post(&tab, &filing.with("authority", "National <CSIRT>"))
        .await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text);
    let page = officer.get(&tab).await.text;
    for part in ["filed in time", "National &#60;CSIRT&#62;"] {
        assert!(page.contains(part), "no {part} in {page}");
    }

    let diplomat = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    let done = diplomat.post(&tab, &duty).await;
    assert_eq!(done.status, StatusCode::FORBIDDEN, "{}", done.text);
    assert!(!diplomat.get(&tab).await.text.contains("?form="));
}
