//! Warninglists and values by their pages.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::{
    circles::press,
    person::{Form, Person, after, nowhere},
};

const LIST: &str = r#"{"name":"Public <resolvers>","version":3,"description":"Of names",
"type":"cidr","matching_attributes":["ip-dst"],"list":["192.0.2.0/24","no network"]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_taken_in_held_against_values_and_taken_out() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let empty = person.get("/warninglists").await.text;
    assert!(empty.contains("No warninglists"), "{empty}");
    let form = Form(vec![]);
    let none = person.post_file("/warninglists", &form, ("", "")).await;
    assert!(none.text.contains("id=\"w-files\""), "{}", none.text);
    let bad = person
        .post_file("/warninglists", &form, ("a.json", "[1]"))
        .await;
    assert!(bad.text.contains("This is no warninglist"), "{}", bad.text);
    let taken = person
        .post_file("/warninglists", &form, ("list.json", LIST))
        .await;
    assert_eq!(taken.location, "/warninglists", "{}", taken.text);
    let list = person.get("/warninglists").await.text;
    for part in ["Public &#60;resolvers&#62;", "networks", "one unusable"] {
        assert!(list.contains(part), "no {part} in {list}");
    }
    let number = after(&list, "href=\"/warninglists/");
    let url = format!("/warninglists/{}", number.split('"').next().unwrap());
    let page = person.get(&url).await.text;
    assert!(page.contains("ip-dst"), "{page}");

    let blank = person.get("/values/check").await.text;
    let form = Form::of(&blank, "/values/check");
    let asked = form.with("values", "192.0.2.77\n\nharmless.example");
    let checked = person.post("/values/check", &asked).await.text;
    assert!(checked.contains("Lists have one of 2"), "{checked}");
    assert!(checked.contains(&format!("href=\"{url}\"")), "{checked}");
    let again = Form::of(&checked, "/values/check");
    assert!(again.value("values").contains("harmless.example"));
    let nothing = person.post("/values/check", &form).await.text;
    assert!(nothing.contains("id=\"w-values\""), "{nothing}");
    let many = form.with("values", &"192.0.2.1\n".repeat(1_001));
    let many = person.post("/values/check", &many).await.text;
    assert!(many.contains("At most 1,000 at once"), "{many}");

    press(&person, &page, &format!("{url}/off")).await;
    let checked = person.post("/values/check", &asked).await.text;
    assert!(
        checked.contains("No warninglist is switched on"),
        "{checked}"
    );
    let common = person.get("/values/common").await.text;
    assert!(common.contains("No common values"), "{common}");

    // Who may not manage collections reads the lists and changes nothing.
    let diplomat = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    let seen = diplomat.get(&url).await.text;
    assert!(!seen.contains(&format!("{url}/on")), "{seen}");
    for act in ["on", "off", "remove"] {
        let done = diplomat.post(&format!("{url}/{act}"), &Form(vec![])).await;
        assert_eq!(done.status, StatusCode::FORBIDDEN, "{act}");
    }
    let done = diplomat
        .post_file("/warninglists", &Form(vec![]), ("list.json", LIST))
        .await;
    assert_eq!(done.status, StatusCode::FORBIDDEN, "{}", done.text);
    let auditor = Person::with(&fleet, "XA", ("aud", &[Role::Auditor]), nowhere()).await;
    for path in ["/warninglists", &url, "/values/check", "/values/common"] {
        let page = auditor.get(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }

    let page = person.get(&url).await.text;
    press(&person, &page, &format!("{url}/remove")).await;
    assert_eq!(person.get(&url).await.status, StatusCode::NOT_FOUND);
    fleet.end().await;
}
