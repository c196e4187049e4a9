//! By what the party reports, reports for authorities part by part, and what crosses borders.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::person::{Form, Person, nowhere};

const SETTINGS: &str = "/settings/reporting";

async fn incident(officer: &Person) -> String {
    let blank = officer.get("/incidents/new").await.text;
    let form = Form::of(&blank, "/incidents/new")
        .with("title", "Clinic <north>")
        .with("kind", "incident")
        .with("determination", "suspected")
        .with("cross_border", "yes");
    officer.post("/incidents/new", &form).await.location
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_goes_to_each_authority_part_by_part() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let officer = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    // The party chooses once; each incident is reported by it.
    let page = officer.get(SETTINGS).await.text;
    let choice = Form::of(&page, SETTINGS)
        .with("regimes", "nis2")
        .with("authorities", "National CSIRT, Dublin\nData Protection");
    let wrong = officer.post(SETTINGS, &choice.with("zone", "Moon")).await;
    assert!(wrong.text.contains("id=\"w-zone\""), "{}", wrong.text);
    let wrong = officer.post(SETTINGS, &choice.with("remind", "soon")).await;
    assert!(wrong.text.contains("id=\"w-remind\""), "{}", wrong.text);
    let choice = choice.with("zone", "Asia/Tokyo").with("remind", "24, 2");
    assert_eq!(officer.post(SETTINGS, &choice).await.location, SETTINGS);
    let page = officer.get(SETTINGS).await.text;
    for part in ["Asia/Tokyo", "24, 2", "value=\"nis2\" checked"] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let url = incident(&officer).await;
    let tab = format!("{url}/clocks");
    let page = officer.get(&format!("{tab}?form=moment")).await.text;
    let moment = Form::of(&page, &tab)
        .with("moment", "awareness")
        .with("at", "2020-01-01T00:00");
    officer.post(&tab, &moment).await;
    let page = officer.get(&tab).await.text;
    for part in ["NIS2", "2020-01-02 09:00 +09:00 Asia/Tokyo", "Write it"] {
        assert!(page.contains(part), "no {part} in {page}");
    }

    let all = format!("{url}/submissions");
    let asked = format!("{all}?stage=nis2%20early-warning");
    let page = officer.get(&asked).await.text;
    assert!(page.contains("Clinic &#60;north&#62;"), "{page}");
    let empty = Form::of(&page, &all)
        .with("text-facts", "")
        .with("text-impact", "");
    let refused = officer.post(&all, &empty).await;
    assert_eq!(refused.status, StatusCode::OK, "{}", refused.text);
    let report = Form::of(&page, &all)
        .with("text-facts", "Ward <3> is down.")
        .with("for-facts", "0")
        .with("text-impact", "")
        .with("others", "Ministry");
    let kept = officer.post(&all, &report).await;
    let one = format!("{all}/1");
    assert_eq!(kept.location, one, "{}", kept.text);
    let page = officer.get(&one).await.text;
    for part in [
        "Ward &#60;3&#62; is down.",
        "National CSIRT, Dublin",
        "Ministry",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let file = format!("{one}/1/text");
    assert!(!page.contains(&file), "nothing went to anybody");
    let press = Form::of(&page, &format!("{one}/1/facts"));
    let gone = officer.post(&format!("{one}/1/facts"), &press).await;
    assert_eq!(gone.location, one, "{}", gone.text);
    let again = officer.post(&format!("{one}/1/facts"), &press).await;
    assert!(again.status.is_client_error(), "{}", again.status);
    let text = officer.get(&file).await.text;
    assert!(text.contains("Ward <3> is down.\n"), "{text}");
    let json = officer.get(&format!("{one}/1/json")).await.text;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["parts"][0]["text"], "Ward <3> is down.");
    let other = officer.get(&format!("{one}/2/json")).await.text;
    assert!(!other.contains("Ward"), "{other}");
    let page = officer.get(&tab).await.text;
    assert!(page.contains("filed late"), "{page}");

    // What was wrong is corrected by a report that follows.
    let page = officer
        .get(&format!("{all}?corrects=1&nature=correction"))
        .await
        .text;
    let second = Form::of(&page, &all)
        .with("text-facts", "Ward 4 is down.")
        .with("for-facts", "0");
    let kept = officer.post(&all, &second).await;
    assert_eq!(kept.location, format!("{all}/2"), "{}", kept.text);
    let page = officer.get(&all).await.text;
    assert!(page.contains("Correction of report 1"), "{page}");

    let page = officer.get("/incidents/cross-border").await.text;
    for part in [
        "Clinic &#60;north&#62;",
        "National CSIRT, Dublin",
        "What happened",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let diplomat = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    let page = diplomat.get(SETTINGS).await.text;
    assert!(
        page.contains("Asia/Tokyo") && !page.contains("name=\"zone\""),
        "{page}"
    );
    let refused = diplomat.post(SETTINGS, &choice).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let page = diplomat.get(&one).await.text;
    assert!(
        page.contains("Ward &#60;3&#62;") && !page.contains("Release"),
        "{page}"
    );
    let refused = diplomat.post(&format!("{one}/2/facts"), &press).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let guest = Person::with(&fleet, "XA", ("gast", &[Role::Reporter]), nowhere()).await;
    for path in [SETTINGS, "/incidents/cross-border"] {
        assert_eq!(
            guest.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_is_asked_for_is_due_from_then_on() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let officer = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let url = incident(&officer).await;
    let tab = format!("{url}/clocks");
    let page = officer.get(&tab).await.text;
    assert!(
        !page.contains("?form=request"),
        "no rule that it could be: {page}"
    );
    let page = officer.get(&format!("{tab}?form=duty")).await.text;
    officer
        .post(&tab, &Form::of(&page, &tab).with("regime", "nis2"))
        .await;
    let page = officer.get(&tab).await.text;
    assert!(
        page.contains("when asked for") && page.contains("?form=request"),
        "{page}"
    );
    let page = officer.get(&format!("{tab}?form=request")).await.text;
    assert!(
        page.contains("nis2 intermediate") && !page.contains("nis2 final"),
        "{page}"
    );
    let asked = Form::of(&page, &tab)
        .with("stage", "nis2 intermediate")
        .with("at", "2020-01-02T10:00")
        .with("authority", "CSIRT <north>");
    let wrong = officer
        .post(&tab, &asked.with("due_at", "2020-01-01T10:00"))
        .await;
    assert!(wrong.text.contains("id=\"w-due_at\""), "{}", wrong.text);
    let done = officer
        .post(&tab, &asked.with("due_at", "2020-01-05T10:00"))
        .await;
    assert_eq!(done.location, tab, "{}", done.text);
    let page = officer.get(&tab).await.text;
    for part in [
        "CSIRT &#60;north&#62;",
        "asked for it",
        "2020-01-05",
        "overdue",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let form = format!("{url}/submissions?stage=nis2%20intermediate");
    let page = officer.get(&form).await.text;
    for part in ["Clinic &#60;north&#62;", "value=\"CSIRT &#60;north&#62;\""] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_does_not_apply_is_said_so_with_the_reason() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let officer = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let tab = format!("{}/clocks", incident(&officer).await);
    let page = officer.get(&format!("{tab}?form=duty")).await.text;
    let duty = Form::of(&page, &tab).with("regime", "gdpr");
    officer.post(&tab, &duty).await;
    let page = officer.get(&format!("{tab}?form=drop")).await.text;
    let drop = Form::of(&page, &tab).with("regime", "gdpr");
    let why = officer.post(&tab, &drop).await;
    assert!(why.text.contains("id=\"w-reason\""), "{}", why.text);
    let done = officer
        .post(&tab, &drop.with("reason", "No <personal> data"))
        .await;
    assert_eq!(done.location, tab, "{}", done.text);
    let page = officer.get(&tab).await.text;
    for part in [
        "Does not apply",
        "No &#60;personal&#62; data",
        "Nobody has decided",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    fleet.end().await;
}
