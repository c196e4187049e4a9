//! Evidence on the tab of its incident, and its custody.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::{
    person::{Form, Person, nowhere},
    work::entered,
};

/// What is said of a file, as its form has it.
fn said(page: &str, tab: &str) -> Form {
    Form::of(page, tab)
        .with("kind", "log")
        .with("tlp", "AMBER")
        .with("collected_by", "Dr. Osei")
}

/// The page of the first piece of evidence on a tab.
fn first(page: &str, tab: &str) -> String {
    let start = format!("href=\"{tab}/");
    let (_, rest) = page.split_once(&start).unwrap();
    format!("{tab}/{}", rest.split('"').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_put_in_copied_with_a_reason_and_handed_over() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let nadia = Person::with(&fleet, "XA", ("nadia", &[Role::Analyst]), nowhere()).await;
    let dora = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    let tab = format!("{}/evidence", entered(&olga).await);
    let page = olga.get(&tab).await.text;
    assert!(page.contains("No evidence is kept here yet"), "{page}");
    let form = said(&page, &tab);

    // A wrong digest keeps nothing and says why; a name that plays tricks is refused.
    let wrong = form.with("sha256", &"0".repeat(64));
    let refused = olga.post_file(&tab, &wrong, ("a.log", "GET /")).await;
    assert_eq!(refused.status, StatusCode::OK, "{}", refused.text);
    assert!(refused.text.contains("another SHA-256"), "{}", refused.text);
    let tricky = ("a\u{202e}gol.exe", "GET /");
    let refused = olga.post_file(&tab, &form, tricky).await;
    assert!(refused.text.contains("id=\"w-file\""), "{}", refused.text);
    let put = olga
        .post_file(&tab, &form, ("../a.log", "GET /login"))
        .await;
    assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.text);

    let page = olga.get(&tab).await.text;
    assert!(page.contains("../a.log"), "{page}");
    let item = first(&page, &tab);
    let page = olga.get(&item).await.text;
    assert!(
        page.contains("Dr. Osei") && page.contains("Put in"),
        "{page}"
    );

    // A copy needs a reason, and is nothing that a browser shows.
    let copy = format!("{item}/copy");
    let form = Form::of(&page, &copy);
    let bare = olga.post(&copy, &form).await;
    assert!(bare.text.contains("id=\"w-reason-copy\""), "{}", bare.text);
    let copied = olga.post(&copy, &form.with("reason", "to read it")).await;
    assert_eq!(copied.status, StatusCode::OK);
    assert_eq!(copied.text, "GET /login");

    // It is handed to a colleague, who says that he has it; nobody else can.
    let hand = format!("{item}/hand-over");
    let form = Form::of(&page, &hand).with("reason", "analysis");
    let both = form.with("user", "nadia").with("to", "the court");
    let refused = olga.post(&hand, &both).await;
    assert!(
        refused.text.contains("id=\"w-to-hand-over\""),
        "{}",
        refused.text
    );
    let handed = olga.post(&hand, &form.with("user", "nadia")).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.text);
    let received = format!("{item}/received");
    let action = format!("action=\"{received}\"");
    assert!(!olga.get(&item).await.text.contains(&action));
    let page = nadia.get(&item).await.text;
    let answer = nadia.post(&received, &Form::of(&page, &received)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let verify = format!("{item}/verify");
    let form = Form::of(&page, &verify);
    assert_eq!(
        olga.post(&verify, &form).await.status,
        StatusCode::SEE_OTHER
    );
    let page = olga.get(&tab).await.text;
    assert!(
        page.contains("nadia") && page.contains("unchanged"),
        "{page}"
    );

    let paper = olga.get(&format!("{item}/record")).await.text;
    for text in ["to read it", "Handed over", "to nadia", "Received"] {
        assert!(paper.contains(text), "no {text} in {paper}");
    }

    // While a legal hold lasts, nothing is destroyed.
    let place = tab.replace("/evidence", "/hold");
    let form = Form::of(&olga.get(&tab).await.text, &place).with("reason", "a suit");
    assert_eq!(olga.post(&place, &form).await.status, StatusCode::SEE_OTHER);
    assert!(olga.get(&tab).await.text.contains("A legal hold lasts"));
    let destroy = format!("{item}/destroy");
    let form = Form::of(&olga.get(&item).await.text, &destroy).with("reason", "tidy up");
    let held = olga.post(&destroy, &form).await;
    assert!(
        held.text.contains("legal hold lasts on this"),
        "{}",
        held.text
    );
    let lift = format!("{place}/1");
    let form = Form::of(&olga.get(&tab).await.text, &lift).with("reason", "settled");
    assert_eq!(olga.post(&lift, &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        olga.post(&destroy, &Form(Vec::new()).with("reason", "w"))
            .await
            .status,
        StatusCode::SEE_OTHER
    );

    // Who reads the work on the incident reads the list, and does nothing with it.
    let page = dora.get(&item).await.text;
    assert!(page.contains("../a.log") && !page.contains(&copy), "{page}");
    let form = Form(Vec::new()).with("reason", "w");
    assert_eq!(dora.post(&copy, &form).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_incidents_become_one_after_a_look_and_can_be_taken_apart() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let (one, other) = (entered(&olga).await, entered(&olga).await);
    let tab = format!("{other}/timeline");
    let page = olga.get(&tab).await.text;
    let event = Form::of(&page, &tab).with("at", "2026-11-20");
    olga.post(&tab, &event.with("what", "First call")).await;

    let merge = format!("{one}/merge");
    let ask = Form::of(&olga.get(&merge).await.text, &merge);
    let nowhere = olga.post(&merge, &ask.with("from", "nothing")).await;
    assert!(nowhere.text.contains("id=\"w-from\""), "{}", nowhere.text);
    let look = olga.post(&merge, &ask.with("from", &other)).await.text;
    assert!(
        look.contains("Timeline") && look.contains("same facts"),
        "{look}"
    );
    assert!(
        !olga
            .get(&format!("{one}/timeline"))
            .await
            .text
            .contains("First call")
    );
    let form = Form::of(&look, &merge);
    let bare = olga.post(&merge, &form).await;
    assert!(bare.text.contains("id=\"w-reason\""), "{}", bare.text);
    let done = olga.post(&merge, &form.with("reason", "one attack")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);

    assert!(
        olga.get(&format!("{one}/timeline"))
            .await
            .text
            .contains("First call")
    );
    assert!(olga.get(&one).await.text.contains("Merged into this one"));
    let page = olga.get(&other).await.text;
    assert!(
        page.contains("one attack") && !page.contains(&format!("{other}/edit")),
        "{page}"
    );
    let history = olga.get(&format!("{one}/history")).await.text;
    assert!(history.contains("one attack"), "{history}");
    let undo = format!("{other}/unmerge");
    let form = Form::of(&page, &undo).with("reason", "two after all");
    assert_eq!(olga.post(&undo, &form).await.status, StatusCode::SEE_OTHER);
    assert!(olga.get(&tab).await.text.contains("First call"));
    assert!(
        !olga
            .get(&format!("{one}/timeline"))
            .await
            .text
            .contains("First call")
    );
}
