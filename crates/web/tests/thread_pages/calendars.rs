//! The calendars by which business days are counted.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::person::{Form, Person, nowhere};

const SETTINGS: &str = "/settings/reporting";
const NEW: &str = "/settings/reporting/calendars/new";
const US: &str = "/settings/reporting/calendars/US";

#[tokio::test(flavor = "multi_thread")]
async fn days_off_are_kept_imported_and_told_with_what_is_due() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let officer = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let page = officer.get(SETTINGS).await.text;
    assert!(page.contains("Days off") && page.contains(NEW), "{page}");
    let page = officer.get(NEW).await.text;
    let kept = Form::of(&page, NEW).with("calendar", "US");
    let wrong = kept.with("days", "2020-11-26 Thanksgiving\n26.11.2020 x");
    let wrong = officer.post(NEW, &wrong).await;
    assert!(
        wrong.text.contains("Line 2 is not a date"),
        "{}",
        wrong.text
    );
    assert!(
        wrong.text.contains("2020-11-26 Thanksgiving"),
        "what was typed stays"
    );
    let done = officer
        .post(NEW, &kept.with("days", "2020-11-26 Thanks <giving>"))
        .await;
    assert_eq!(done.location, US, "{}", done.text);
    let page = officer.get(US).await.text;
    for part in ["26 Nov 2020", "Thanks &#60;giving&#62;", "Saturday, Sunday"] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert!(!page.contains("weekend: Saturday"), "said once: {page}");
    let import = format!("{US}/days");
    let nothing = officer
        .post_file(&import, &Form(vec![]), ("a.csv", "no table"))
        .await;
    assert!(
        nothing.text.contains("neither lines with a date"),
        "{}",
        nothing.text
    );
    let file = "2020-12-25,Christmas\n2020-12-26,\n";
    let taken = officer
        .post_file(&import, &Form(vec![]), ("a.csv", file))
        .await;
    for part in ["1 days added", "has no name", "Christmas"] {
        assert!(taken.text.contains(part), "no {part} in {}", taken.text);
    }
    let page = officer.get(SETTINGS).await.text;
    assert!(page.contains("2 other days off"), "{page}");

    // What is due says by which days it was counted.
    let blank = officer.get("/incidents/new").await.text;
    let form = Form::of(&blank, "/incidents/new")
        .with("title", "Listed company")
        .with("kind", "incident")
        .with("determination", "suspected");
    let tab = format!(
        "{}/clocks",
        officer.post("/incidents/new", &form).await.location
    );
    let page = officer.get(&format!("{tab}?form=duty")).await.text;
    let duty = Form::of(&page, &tab)
        .with("regime", "sec-8k")
        .with("zone", "America/New_York");
    officer.post(&tab, &duty).await;
    let page = officer.get(&format!("{tab}?form=moment")).await.text;
    let moment = Form::of(&page, &tab)
        .with("moment", "significant")
        .with("at", "2020-11-20T15:00");
    officer.post(&tab, &moment).await;
    let page = officer.get(&tab).await.text;
    for part in [
        "2020-11-28 00:00 -05:00 America/New_York",
        "4 business days, without 26 Nov 2020 (Thanks &#60;giving&#62;)",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }

    let diplomat = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    let page = diplomat.get(US).await.text;
    assert!(
        page.contains("Christmas") && !page.contains("<textarea"),
        "{page}"
    );
    assert_eq!(diplomat.get(NEW).await.status, StatusCode::FORBIDDEN);
    let refused = diplomat.post(US, &kept).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let page = officer.get(US).await.text;
    let remove = format!("{US}/remove");
    let gone = officer.post(&remove, &Form::of(&page, &remove)).await;
    assert_eq!(gone.location, SETTINGS, "{}", gone.text);
    let page = officer.get(&tab).await.text;
    assert!(page.contains("public holidays are not kept"), "{page}");
    assert_eq!(
        officer
            .get("/settings/reporting/calendars/Moon")
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    fleet.end().await;
}
