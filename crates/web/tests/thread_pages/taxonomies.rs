//! Taxonomies and the classes of an incident by their pages.

use axum::http::StatusCode;
use db::Engine;
use incidents::{model::Facts, wire::FactsBody};
use kernel::{Mode, Role, Viewer};
use testkit::Fleet;

use super::person::{Form, Person, nowhere};

const FILE: &str = r#"{"taxonomy": "house", "version": "1", "title": "Ours <b>", "entries": [
    {"code": "a", "name": "Phishing"}, {"code": "a/b", "name": "By mail", "parent": "a"}]}"#;
const WALK: &str = r#"{"crosswalk": "house-to-rsit", "version": "1", "source": "a group",
    "from": {"taxonomy": "house"}, "to": {"taxonomy": "rsit", "version": "1003"},
    "rows": [{"from": "a", "to": "fraud/phishing", "relation": "close"}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_taxonomy_is_looked_at_imported_and_searched() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let register = person.get("/incidents").await.text;
    assert!(register.contains("href=\"/taxonomies\""));
    let to = "/taxonomies";
    let page = person.get(to).await.text;
    for part in [
        "rsit",
        "nis2-sectors",
        "veris-to-rsit",
        "ships with the program",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let look = Form::of(&page, to);
    assert_eq!(look.value("preview"), "on", "one looks first");
    let none = person.post_file(to, &look, ("", "")).await.text;
    assert!(none.contains("id=\"w-file\""), "{none}");
    let seen = person.post_file(to, &look, ("a.json", FILE)).await.text;
    assert!(seen.contains("What an import would bring"), "{seen}");
    assert!(seen.contains("Ours &#60;b&#62;"), "{seen}");
    assert!(!person.get(to).await.text.contains(">house<"));
    let bad = person
        .post_file(to, &look, ("a.csv", "name\nx\n"))
        .await
        .text;
    assert!(
        bad.contains("id=\"w-file\"") && bad.contains("line 1"),
        "{bad}"
    );
    // What was looked at is imported without the file being chosen again.
    let held = Form::of(&seen, to);
    assert_eq!(held.value("preview"), "", "one has looked");
    let done = person.post_file(to, &held, ("", "")).await;
    assert_eq!(done.location, "/taxonomies/house/1", "{}", done.text);
    let entries = person.get("/taxonomies/house/1").await.text;
    assert!(entries.contains("By mail"), "{entries}");
    assert!(
        entries.contains("href=\"/incidents?tag=house%3Aa/b\""),
        "{entries}"
    );
    let remove = Form::of(&entries, "/taxonomies/house/1/remove");
    person.post("/taxonomies/house/1/remove", &remove).await;
    let import = look.with("preview", "");
    let done = person.post_file(to, &import, ("a.json", FILE)).await;
    assert_eq!(done.location, "/taxonomies/house/1", "{}", done.text);
    let found = person.get("/taxonomies/house/1?q=MAIL").await.text;
    assert!(
        found.contains("a/b") && !found.contains("Phishing"),
        "{found}"
    );
    let other = FILE.replace("By mail", "By letter");
    let refused = person.post_file(to, &import, ("a.json", &other)).await.text;
    assert!(refused.contains("A version does not change"), "{refused}");
    let walk = person.get("/crosswalks/veris-to-rsit/2").await.text;
    assert!(walk.contains("Ransomware"), "{walk}");
    let table = "/crosswalks/veris-to-rsit/2/csv";
    assert!(walk.contains(&format!("href=\"{table}\"")), "{walk}");
    assert!(person.get(table).await.text.contains("from_taxonomy,"));
    let remove = "/taxonomies/house/1/remove";
    let page = person.get("/taxonomies/house/1").await.text;
    let form = Form::of(&page, remove);
    assert_eq!(person.post(remove, &form).await.location, to);
    let gone = person.get("/taxonomies/house/1").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let auditor = Person::with(&fleet, "XA", ("aud", &[Role::PolicyOfficer]), nowhere()).await;
    let read = auditor.get(to).await.text;
    assert!(read.contains("rsit") && !read.contains("method=\"post\" action=\"/taxonomies\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_given_classes_and_adopts_what_a_cross_walk_says() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let ground = fleet.exchange("XA").ground;
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let body = r#"{"kind": "incident", "title": "Mail", "determination": "suspected",
        "tlp": "GREEN"}"#;
    let body: FactsBody = serde_json::from_str(body).unwrap();
    let facts = Facts::try_from(body).unwrap();
    let made = incidents::ops::create(&ground, &node, facts).await.unwrap();
    let url = format!("/incidents/{}", made.public);
    let to = format!("{url}/classes");
    assert!(
        person
            .get(&url)
            .await
            .text
            .contains(&format!("href=\"{to}\""))
    );
    let empty = Form(vec![("preview".to_owned(), String::new())]);
    for file in [("a.json", FILE), ("w.json", WALK)] {
        let done = person.post_file("/taxonomies", &empty, file).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let page = person.get(&to).await.text;
    assert!(page.contains("no further classes"), "{page}");
    let form = Form::of(&page, &to).with("taxonomy", "house 1");
    let wrong = person.post(&to, &form.with("code", "a/c")).await.text;
    assert!(
        wrong.contains("id=\"w-code\"") && wrong.contains("a/b"),
        "{wrong}"
    );
    assert!(wrong.contains("value=\"a/c\""), "nothing is typed twice");
    assert_eq!(
        person.post(&to, &form.with("code", "a/b")).await.location,
        to
    );
    let page = person.get(&to).await.text;
    let adopt = format!("{to}/adopt?taxonomy=rsit&#38;version=1003&#38;code=fraud/phishing");
    for part in ["By mail", "means nearly the same", "a group", &adopt] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let before = person.get(&url).await.text;
    assert!(
        before.contains("house 1: a/b") && !before.contains("Phishing"),
        "{before}"
    );
    let adopt = adopt.replace("&#38;", "&");
    assert_eq!(person.post(&adopt, &Form(vec![])).await.location, to);
    assert!(person.get(&url).await.text.contains("Phishing"));
    let remove = format!("{to}/remove?taxonomy=house&version=1&code=a/b");
    assert_eq!(person.post(&remove, &Form(vec![])).await.location, to);
    let history = person.get(&format!("{url}/history")).await.text;
    for part in ["Class given", "Class taken away", "house 1: a/b"] {
        assert!(history.contains(part), "no {part} in {history}");
    }
}
