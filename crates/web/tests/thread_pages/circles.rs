//! A circle on the pages of its steward and of a member.

use axum::http::StatusCode;
use db::Engine;
use kernel::{CircleId, Role};
use testkit::Fleet;

use super::person::{Form, Person, nowhere};

/// Presses the button of a page that goes to that address.
pub(crate) async fn press(person: &Person, page: &str, action: &str) {
    let done = person.post(action, &Form::of(page, action)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

pub(crate) async fn shows(
    fleet: &Fleet,
    at: &str,
    person: &Person,
    path: &str,
    what: &str,
) -> String {
    fleet
        .until(at, what, async || {
            let page = person.get(path).await;
            page.text.contains(what).then_some(page.text)
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_is_made_joined_and_left_by_its_pages() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let (here, there) = (
        Person::at(&fleet, "XA").await,
        Person::at(&fleet, "XB").await,
    );
    let list = here.get("/circles").await;
    assert!(list.text.contains("No circles"), "{}", list.text);
    let blank = Form::of(&list.text, "/circles").with("name", "Ports <&> dams");
    let refused = here.post("/circles", &blank).await;
    assert!(
        refused.text.contains("id=\"w-purpose\""),
        "{}",
        refused.text
    );
    let form = Form::of(&refused.text, "/circles").with("purpose", "One\r\ntwo");
    let made = here.post("/circles", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let url = made.location;
    let page = here.get(&url).await.text;
    assert!(page.contains("Ports &#60;&#38;&#62; dams"), "{page}");

    let invite = format!("{url}/invite");
    let form = Form::of(&page, &invite).with("party", "XB");
    let done = here.post(&invite, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    // The same page sent again is about a version that is not in force any more.
    let again = here.post(&invite, &form).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text);
    assert!(
        again.text.contains("changed by somebody else"),
        "{}",
        again.text
    );
    shows(&fleet, "XA", &here, &url, "version 2, by receipt").await;

    let list = shows(&fleet, "XB", &there, "/circles", "Ports").await;
    assert!(list.contains("invited"), "{list}");
    let page = there.get(&url).await.text;
    press(&there, &page, &format!("{url}/join")).await;
    let page = shows(&fleet, "XB", &there, &url, "version 3").await;
    assert!(!page.contains(&format!("{url}/remove")), "{page}");
    press(&there, &page, &format!("{url}/leave")).await;
    let page = shows(&fleet, "XB", &there, &url, "version 4").await;
    assert!(page.contains("not in it"), "{page}");

    // Asking again is for people at the steward to decide.
    press(&there, &page, &format!("{url}/join")).await;
    let page = shows(&fleet, "XA", &here, &url, "Let in").await;
    press(&here, &page, &format!("{url}/decline")).await;
    let page = here.get(&url).await.text;
    assert!(!page.contains("Let in"), "{page}");
    press(&here, &page, &format!("{url}/dissolve")).await;
    let page = here.get(&url).await.text;
    assert!(page.contains("it is dissolved"), "{page}");
    assert!(!page.contains(&format!("{url}/invite")), "{page}");
    let history = format!("/api/v1{url}/versions/5");
    assert!(page.contains(&history), "{page}");
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_that_is_not_there_is_asked_for_by_its_id() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let here = Person::at(&fleet, "XA").await;
    let list = here.get("/circles").await.text;
    let form = Form::of(&list, "/circles/ask").with("steward", "XB");
    let refused = here.post("/circles/ask", &form.with("circle", "7")).await;
    assert!(refused.text.contains("id=\"w-circle\""), "{}", refused.text);
    let unknown = CircleId::random(&kernel::OsRng).to_string();
    let asked = here
        .post("/circles/ask", &form.with("circle", &unknown))
        .await;
    assert_eq!(asked.location, "/circles", "{}", asked.text);
    let list = shows(&fleet, "XA", &here, "/circles", "refused").await;
    assert!(list.contains(&unknown), "{list}");

    let roles = [Role::Analyst];
    let analyst = Person::with(&fleet, "XB", ("ben", &roles), nowhere()).await;
    let list = analyst.get("/circles").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(!list.text.contains("/circles/ask"), "{}", list.text);
    let form = form.with("name", "x").with("purpose", "y");
    let made = analyst.post("/circles", &form).await;
    assert_eq!(made.status, StatusCode::FORBIDDEN);
    fleet.end().await;
}
