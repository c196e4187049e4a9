//! Collections by their pages: made, filled, looked at, shared, written out, taken away.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::person::{Form, Person, nowhere};

/// Presses the button of a page that goes to that address.
pub(super) async fn press(person: &Person, page: &str, action: &str) -> String {
    let done = person.post(action, &Form::of(page, action)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    done.location
}

/// A collection of that title.
pub(super) async fn made(person: &Person, title: &str) -> String {
    let list = person.get("/collections").await.text;
    let form = Form::of(&list, "/collections").with("title", title);
    let done = person
        .post("/collections", &form.with("alias", "feed"))
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    "/collections/exercise/feed".to_owned()
}

const BUNDLE: &str = r#"{"type":"bundle","id":"bundle--44af6c39-c09b-49c5-9de2-394224b04982","objects":[
 {"type":"malware","spec_version":"2.1","id":"malware--00000000-0000-4000-8000-000000000001",
  "created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","is_family":false,
  "name":"<b>\u202eevil</b> \u0628\u0631\u0646\u0627\u0645\u062c \u6076\u610f",
  "created_by_ref":"identity--00000000-0000-4000-8000-000000000009",
  "object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]},
 {"id":"bad"},
 {"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-000000000002",
  "created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","pattern_type":"stix",
  "pattern":"[domain-name:value = 'evil.example']","valid_from":"2026-01-01T00:00:00Z"}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_looked_at_imported_found_and_written_out() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let empty = person.get("/collections").await.text;
    assert!(empty.contains("No collections"), "{empty}");
    let url = made(&person, "Phishing <&>").await;
    let page = person.get(&url).await.text;
    assert!(page.contains("Phishing &#60;&#38;&#62;"), "{page}");
    assert!(page.contains("Nothing in it yet"), "{page}");

    let upload = format!("{url}/upload");
    assert!(
        person
            .get(&upload)
            .await
            .text
            .contains("multipart/form-data")
    );
    let kept = person
        .post_file(&upload, &Form(vec![]), ("b.json", BUNDLE))
        .await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let import = kept.location;
    let preview = person.get(&import).await.text;
    assert!(preview.contains("waits for you"), "{preview}");
    assert!(preview.contains("Its id is no id of STIX"), "{preview}");
    assert!(preview.contains("&#60;b&#62;"), "{preview}");
    assert!(person.get(&url).await.text.contains("Nothing in it yet"));

    press(&person, &preview, &format!("{import}/begin")).await;
    let report = fleet
        .until("XA", "the import ends", async || {
            let page = person.get(&import).await.text;
            page.contains("See the collection").then_some(page)
        })
        .await;
    assert!(report.contains("complete"), "{report}");
    let list = person.get(&format!("{url}?q=EVIL.example")).await.text;
    assert!(list.contains("indicator--00000000"), "{list}");
    assert!(
        !list.contains("malware--00000000-0000-4000-8000-000000000001"),
        "{list}"
    );
    let id = "malware--00000000-0000-4000-8000-000000000001";
    let object = person.get(&format!("{url}/objects/{id}")).await.text;
    assert!(object.contains("<bdi>&#60;b&#62;\\u{202e}evil"), "{object}");
    assert!(object.contains("TLP:GREEN"), "{object}");
    assert!(object.contains("Not in this collection"), "{object}");
    let found = person
        .get(&format!("/collections/search?q={id}"))
        .await
        .text;
    assert!(found.contains(&format!("{url}/objects/{id}")), "{found}");

    let export = person
        .get(&format!("{url}/export?format=stix&max=GREEN"))
        .await
        .text;
    assert!(export.contains("One object would leave"), "{export}");
    assert!(export.contains("Kept back by their label"), "{export}");
    let file = person
        .get(&format!("{url}/export/file?format=stix&max=GREEN"))
        .await;
    assert!(
        file.text.contains(id) && !file.text.contains("evil.example"),
        "{}",
        file.text
    );
    assert!(
        file.text.contains("EXERCISE: none of this is real."),
        "{}",
        file.text
    );

    let delete = format!("{url}/objects/{id}/delete");
    press(&person, &object, &delete).await;
    let gone = person.get(&format!("{url}/objects/{id}")).await.text;
    assert!(gone.contains("It was taken out"), "{gone}");
    press(&person, &gone, &format!("{url}/objects/{id}/restore")).await;
    let missing = person.get(&format!("{url}/objects/{id}")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_would_see_it_is_said_before_readers_are_set() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let url = made(&person, "Ports").await;
    let settings = person.get(&format!("{url}/settings")).await.text;
    let look = format!("{url}/settings/look");
    let add = Form(vec![])
        .with("reader", "party--XB")
        .with("version", "1");
    let asked = person.post(&look, &add).await;
    assert!(
        asked.text.contains("Who would see it then"),
        "{}",
        asked.text
    );
    assert!(
        asked.text.contains("Named for sharing: Brevonia"),
        "{}",
        asked.text
    );
    let before = person.get(&format!("{url}/settings")).await.text;
    assert!(before.contains("Nobody is named"), "{before}");
    press(&person, &asked.text, &format!("{url}/settings/readers")).await;
    let after = person.get(&format!("{url}/settings")).await.text;
    assert!(after.contains("Brevonia"), "{after}");
    let wrong = person.post(&look, &add.with("reader", "nobody")).await;
    assert!(
        wrong.text.contains("A value is not allowed"),
        "{}",
        wrong.text
    );

    // The page that was read before is about a version that is not there any more.
    let save = format!("{url}/settings/save");
    let stale = person.post(&save, &Form::of(&settings, &save)).await;
    assert!(
        stale.text.contains("changed by somebody else"),
        "{}",
        stale.text
    );
    let delete = format!("{url}/settings/delete");
    let form = Form::of(&after, &delete);
    let refused = person.post(&delete, &form.with("confirm", "Port")).await;
    assert!(
        refused.text.contains("id=\"w-confirm\""),
        "{}",
        refused.text
    );
    let done = person.post(&delete, &form.with("confirm", "Ports")).await;
    assert_eq!(done.location, "/collections", "{}", done.text);
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_write_sees_no_upload_and_no_names() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let url = made(&person, "Ports").await;
    let diplomat = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    let page = diplomat.get(&url).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("/upload"), "{}", page.text);
    assert!(
        !page.text.contains(&format!("{url}/settings")),
        "{}",
        page.text
    );
    let upload = format!("{url}/upload");
    assert_eq!(diplomat.get(&upload).await.status, StatusCode::FORBIDDEN);
    let kept = diplomat
        .post_file(&upload, &Form(vec![]), ("b.json", BUNDLE))
        .await;
    assert_eq!(kept.status, StatusCode::FORBIDDEN, "{}", kept.text);
    let auditor = Person::with(&fleet, "XA", ("aud", &[Role::Auditor]), nowhere()).await;
    assert_eq!(auditor.get(&url).await.status, StatusCode::FORBIDDEN);
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_tried_and_says_what_it_sees() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    made(&person, "Ports").await;
    let page = person.get("/collections/tools").await.text;
    assert!(page.contains("/taxii2/exercise/"), "{page}");
    let form = Form::of(&page, "/collections/tools");
    let no_key = person
        .post("/collections/tools", &form.with("key", "x"))
        .await;
    assert!(no_key.text.contains("This is no key"), "{}", no_key.text);
    let unknown = format!("comity_{}_{}", "0".repeat(12), "A".repeat(43));
    let tried = person
        .post("/collections/tools", &form.with("key", &unknown))
        .await;
    assert!(tried.text.contains("No such key"), "{}", tried.text);
    assert!(
        !tried.text.contains(&unknown),
        "a secret is not written back"
    );
    fleet.end().await;
}
