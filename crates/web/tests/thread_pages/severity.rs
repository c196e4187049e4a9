//! The severity of an incident by its tab.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::person::{Form, Person, nowhere};

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_judged_and_rated_on_its_tab() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let officer = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let blank = officer.get("/incidents/new").await.text;
    let form = Form::of(&blank, "/incidents/new").with("title", "Ransomware at a clinic");
    let entered = officer
        .post(
            "/incidents/new",
            &form
                .with("kind", "incident")
                .with("determination", "suspected"),
        )
        .await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    let tab = format!("{}/severity", entered.location);
    let empty = officer.get(&tab).await.text;
    assert!(empty.contains("Nobody has judged it yet"), "{empty}");
    assert!(
        empty.contains(&format!("href=\"{tab}?form=assess#form\"")),
        "{empty}"
    );

    // Points stand with their reason; what was typed is not lost.
    let page = officer.get(&format!("{tab}?form=assess")).await.text;
    let first = Form::of(&page, &tab).with("F3", "3");
    let refused = officer
        .post(&tab, &first.with("F1_reason", "not known yet"))
        .await;
    assert_eq!(refused.status, StatusCode::OK);
    assert!(refused.text.contains("id=\"w-F3\""), "{}", refused.text);
    let again = Form::of(&refused.text, &tab);
    assert_eq!(again.value("F1_reason"), "not known yet");
    let reasoned = again
        .with("F3_reason", "ambulances diverted")
        .with("F3_evidence", "Report <7>, page 2");
    let judged = officer.post(&tab, &reasoned).await;
    assert_eq!(judged.location, tab, "{}", judged.text);
    let page = officer.get(&tab).await.text;
    for part in [
        "ambulances diverted",
        "Report &#60;7&#62;, page 2",
        "17.6 to 94.1 of 100",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }

    // Who began before the other saved is shown what holds, and adds his own after it.
    let late = first.with("F3_reason", "two wards closed");
    let told = officer.post(&tab, &late).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.text.contains("Somebody else judged"), "{}", told.text);
    assert!(told.text.contains("ambulances diverted"), "{}", told.text);
    let both = Form::of(&told.text, &tab);
    assert_eq!(both.value("F3_reason"), "two wards closed");
    assert_eq!(
        officer.post(&tab, &both).await.status,
        StatusCode::SEE_OTHER
    );
    let page = officer.get(&tab).await.text;
    assert!(page.contains("Earlier assessments"), "{page}");

    let page = officer.get(&format!("{tab}?form=ncsc")).await.text;
    let rating = Form::of(&page, &tab).with("value", "2");
    let refused = officer.post(&tab, &rating).await;
    assert!(
        refused.text.contains("id=\"w-said_by\""),
        "{}",
        refused.text
    );
    let rated = officer
        .post(&tab, &rating.with("said_by", "National authority"))
        .await;
    assert_eq!(rated.status, StatusCode::SEE_OTHER, "{}", rated.text);
    let page = officer.get(&tab).await.text;
    assert!(page.contains("2 highly significant"), "{page}");

    let list = officer.get("/incidents?state=active&level=4").await.text;
    assert!(list.contains("Ransomware at a clinic"), "{list}");
    let list = officer.get("/incidents?level=1").await.text;
    assert!(list.contains("No incident matches"), "{list}");

    // Who may not edit reads all of it and changes nothing.
    let diplomat = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    let seen = diplomat.get(&format!("{tab}?form=assess")).await.text;
    assert!(
        seen.contains("two wards closed") && !seen.contains("id=\"f-F3\""),
        "{seen}"
    );
    let done = diplomat.post(&tab, &both).await;
    assert_eq!(done.status, StatusCode::FORBIDDEN, "{}", done.text);
}
