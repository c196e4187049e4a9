//! Files of incidents by their pages: looked at, taken in, and given out.

use axum::http::StatusCode;
use db::Engine;
use testkit::Fleet;

use super::person::{Form, Person, after};

const TABLE: &str = "Betreff,Land,Datum,Menge\n=Evil <b>,US,2024-05-08,12\nZwei,Atlantis,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_looked_at_mapped_and_taken_in() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let to = "/incidents/import";
    let list = person.get("/incidents").await.text;
    assert!(list.contains("href=\"/incidents/import\""), "{list}");
    let form = Form::of(&person.get(to).await.text, to);
    let none = person.post_file(to, &form, ("", "")).await.text;
    assert!(none.contains("id=\"w-files\""), "{none}");
    let json = person.post_file(to, &form, ("a.json", "{}")).await.text;
    assert!(json.contains("neither of VERIS nor of STIX"), "{json}");

    // No column has a name that is known: nothing can be taken in, and the page asks what they are.
    let seen = person.post_file(to, &form, ("t.csv", TABLE)).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.text.contains("name=\"column-3\""), "{}", seen.text);
    assert!(!seen.text.contains("value=\"import\""), "{}", seen.text);
    let mapped = Form::of(&seen.text, to)
        .with("column-0", "title")
        .with("column-1", "country")
        .with("column-2", "from")
        .with("column-3", "persons")
        .with("label", "")
        .with("tlp", "GREEN");
    let seen = person.post_file(to, &mapped, ("", "")).await.text;
    for part in [
        "=Evil &#60;b&#62;",
        "value=\"import\"",
        "Atlantis is no country",
        "2024-05-08",
    ] {
        assert!(seen.contains(part), "no {part} in {seen}");
    }
    let begin = Form::of(&seen, to).with("step", "import");
    let done = person.post_file(to, &begin, ("", "")).await.text;
    assert!(done.contains("What was done"), "{done}");
    let again = person.post_file(to, &begin, ("", "")).await.text;
    assert!(again.contains("there as it is"), "{again}");

    let list = person.get("/incidents").await.text;
    let (before, _) = list.split_once("=Evil").unwrap();
    let page = after(before, "class=\"main\" href=\"/incidents/");
    let url = format!("/incidents/{}", page.split('"').next().unwrap());
    let formats = person.get(&format!("{url}/export")).await.text;
    assert!(formats.contains("What it has no place for"), "{formats}");
    for (format, part) in [
        ("csv", "'=Evil"),
        ("veris", "\"security_incident\""),
        ("misp", "\"info\":\"=Evil"),
        ("stix", "\"type\":\"bundle\""),
        ("iodef-xml", "=Evil &lt;b&gt;"),
        ("iodef-json", "\"IncidentID\""),
    ] {
        let file = person.get(&format!("{url}/export/{format}")).await;
        assert_eq!(file.status, StatusCode::OK, "{format}");
        assert!(file.text.contains(part), "{format}: {}", file.text);
    }
    let missing = person.get(&format!("{url}/export/docx")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}
