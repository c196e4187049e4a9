//! The pages of MISP's events, and what pages of objects tell beside what objects say themselves.

use axum::http::StatusCode;
use db::Engine;
use intel::events::{
    model::{Expected, Origin},
    ops as events,
};
use kernel::Role;
use serde_json::{Value, json};
use testkit::Fleet;

use super::{
    collections::{made, press},
    person::{Person, nowhere},
};

fn uuid(number: u32) -> String {
    format!("10000000-0000-4000-8000-{number:012}")
}

async fn put(fleet: &Fleet, event: Value) {
    let (ground, viewer) = (fleet.node("XA").ground(), fleet.viewer("XA"));
    let event = Box::new(serde_json::from_value(event).unwrap());
    let how = (Origin::Own, Expected::New);
    let place = ("exercise", "feed");
    events::put(ground, &viewer, place, event, how)
        .await
        .unwrap();
}

fn event(number: u32, title: &str) -> Value {
    json!({
        "uuid": uuid(number), "info": title, "date": "2026-11-20", "threat_level_id": "1",
        "analysis": "2", "distribution": "3", "Tag": [{"name": "tlp:green"}, {"name": "type:x"}],
        "Attribute": [
            {"uuid": uuid(number * 10 + 1), "type": "domain", "value": "evil.example", "to_ids": true,
             "comment": "<i>seen</i> \u{202e}here"},
            {"uuid": uuid(number * 10 + 2), "type": "ip-dst", "value": "198.51.100.7", "Tag": [{"name": "tlp:red"}]},
        ],
        "Object": [{"uuid": uuid(number * 10 + 3), "name": "file", "Attribute": [
            {"uuid": uuid(number * 10 + 4), "type": "filename", "object_relation": "filename", "value": "a.exe"},
        ]}],
        "EventReport": [{"uuid": uuid(number * 10 + 5), "name": "Account", "content": "# What <b>happened</b>"}],
        "Galaxy": [{"name": "Threat Actor", "GalaxyCluster": [{"value": "APT X"}]}],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_found_and_read_part_by_part() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let url = made(&person, "Feed").await;
    let page = person.get(&url).await.text;
    assert!(!page.contains(&format!("{url}/events")), "{page}");
    put(&fleet, event(1, "Phishing <script>")).await;
    put(&fleet, event(2, "Second")).await;

    let page = person.get(&url).await.text;
    assert!(page.contains(&format!("{url}/events")), "{page}");
    let list = person.get(&format!("{url}/events")).await.text;
    let one = format!("{url}/events/{}", uuid(1));
    for part in [
        "Phishing &#60;script&#62;",
        "Second",
        "type:x",
        "high",
        &one,
    ] {
        assert!(list.contains(part), "no {part:?} in {list}");
    }
    // What is RED is in no count: the domain and the file's name are left.
    assert!(
        list.contains("2 attributes") && !list.contains("3 attributes"),
        "{list}"
    );
    let found = person
        .get(&format!("{url}/events?q=EVIL[.]example"))
        .await
        .text;
    assert!(
        found.contains("Events with this value") && found.contains(&one),
        "{found}"
    );
    let found = person.get(&format!("{url}/events?q=phishing")).await.text;
    assert!(
        found.contains("2 events were looked at") && !found.contains("Second"),
        "{found}"
    );
    let hidden = person
        .get(&format!("{url}/events?q=198.51.100.7"))
        .await
        .text;
    assert!(!hidden.contains(&one), "{hidden}");

    let page = person.get(&one).await.text;
    for part in [
        "evil.example",
        "for detection",
        "in one other event",
        "APT X",
        "&#60;i&#62;seen",
        "\\u{202e}here",
        "completed",
    ] {
        assert!(page.contains(part), "no {part:?} in {page}");
    }
    assert!(
        !page.contains("198.51.100.7") && !page.contains("<script>"),
        "{page}"
    );
    for (query, part) in [
        ("tab=objects", "a.exe"),
        ("tab=reports", "# What &#60;b&#62;happened"),
        ("tab=proposals", "No proposals"),
        ("tab=related", "Second"),
        ("q=evil.example", "Attributes with this value"),
        ("q=198.51.100.7", "Nothing found"),
        (&format!("tab=objects&object={}", uuid(13)), "All objects"),
    ] {
        let page = person.get(&format!("{one}?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}: {}", page.text);
        assert!(
            page.text.contains(part),
            "{query}: no {part:?} in {}",
            page.text
        );
    }
    for missing in [uuid(9), "no-uuid".to_owned()] {
        let page = person.get(&format!("{url}/events/{missing}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{missing}");
    }
    let other = format!("{one}?tab=objects&object={}", uuid(23));
    assert_eq!(person.get(&other).await.status, StatusCode::NOT_FOUND);
    let auditor = Person::with(&fleet, "XA", ("aud", &[Role::Auditor]), nowhere()).await;
    for path in [one.clone(), format!("{url}/events")] {
        assert_eq!(
            auditor.get(&path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    fleet.end().await;
}

const MALWARE: &str = "malware--00000000-0000-4000-8000-000000000001";

const BUNDLE: &str = r#"{"objects":[
 {"type":"malware","spec_version":"2.1","id":"malware--00000000-0000-4000-8000-000000000001",
  "created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","is_family":false,"name":"Worm <&>"},
 {"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-000000000002",
  "created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","name":"Crowbar"},
 {"type":"relationship","spec_version":"2.1","id":"relationship--00000000-0000-4000-8000-000000000003",
  "created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","relationship_type":"uses",
  "source_ref":"malware--00000000-0000-4000-8000-000000000001","target_ref":"tool--00000000-0000-4000-8000-000000000002"},
 {"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-000000000004",
  "created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","pattern_type":"stix",
  "pattern":"[domain-name:value = 'evil.example']","valid_from":"2026-01-01T00:00:00Z"}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_object_tells_what_relates_it_who_saw_it_and_whether_it_holds() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let url = made(&person, "Feed").await;
    let (ground, viewer) = (fleet.node("XA").ground(), fleet.viewer("XA"));
    let place = ("exercise", "feed");
    let bytes = BUNDLE.as_bytes().to_vec();
    intel::ops::import(ground, &viewer, place, bytes)
        .await
        .unwrap();
    put(&fleet, event(1, "Phishing")).await;

    let page = person.get(&format!("{url}/objects/{MALWARE}")).await.text;
    for part in [
        "Crowbar",
        "relationship--00000000",
        "<svg class=\"graph\"",
        "Worm &#60;&#38;&#62;",
        "Came into this collection",
    ] {
        assert!(page.contains(part), "no {part:?} in {page}");
    }
    let tool = "tool--00000000-0000-4000-8000-000000000002";
    let page = person.get(&format!("{url}/objects/{tool}")).await.text;
    assert!(page.contains(&format!("{url}/objects/{MALWARE}")), "{page}");

    let indicator = format!("{url}/objects/indicator--00000000-0000-4000-8000-000000000004");
    let page = person.get(&indicator).await.text;
    for part in [
        "Nobody has said",
        "holds",
        "Related by value",
        "evil.example",
        "No other party",
    ] {
        assert!(page.contains(part), "no {part:?} in {page}");
    }
    press(&person, &page, &format!("{indicator}/seen")).await;
    press(&person, &page, &format!("{indicator}/false-positive")).await;
    let page = person.get(&indicator).await.text;
    assert!(
        page.contains("by one party") && page.contains("First seen"),
        "{page}"
    );
    let unknown = person
        .post(
            &format!("{indicator}/nonsense"),
            &super::person::Form(vec![]),
        )
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);

    // What stands beside an event leads to it.
    let report = format!("{url}/objects/report--{}", uuid(1));
    let grouping = format!("{url}/objects/grouping--{}", uuid(1));
    let mut page = person.get(&report).await;
    if page.status == StatusCode::NOT_FOUND {
        page = person.get(&grouping).await;
    }
    assert!(
        page.text.contains(&format!("{url}/events/{}", uuid(1))),
        "{}",
        page.text
    );

    // Who may not write has no buttons, and who may not manage learns no parties.
    let diplomat = Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await;
    let page = diplomat.get(&indicator).await.text;
    assert!(!page.contains("We have seen it"), "{page}");
    assert!(!page.contains("Who has it"), "{page}");
    let refused = diplomat
        .post(&format!("{indicator}/seen"), &super::person::Form(vec![]))
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    fleet.end().await;
}
