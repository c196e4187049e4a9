//! The JSON routes of taxonomies and classes.

use axum::http::{Method, StatusCode};
use db::Db;
use kernel::Scope;
use serde_json::{Value, json};

use crate::http::{READ_WRITE, client};

db::contract! {
    a_taxonomy_is_imported_and_found,
    a_class_is_given_and_found_by_and_taken_back,
    a_key_that_only_reads_imports_nothing,
}

fn file() -> Value {
    json!({ "taxonomy": "house", "version": "1", "entries": [
        { "code": "a", "name": "Phishing" }, { "code": "a/b", "parent": "a" }] })
}

async fn a_taxonomy_is_imported_and_found(db: Db) {
    let client = client(db, &READ_WRITE).await;
    let (status, look) = client.post("/taxonomies?preview=true", file()).await;
    assert_eq!((status, &look["state"]), (StatusCode::OK, &json!("new")));
    let (_, all) = client.get("/taxonomies").await;
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
    let (status, done) = client.post("/taxonomies", file()).await;
    assert_eq!((status, &done["entries"]), (StatusCode::OK, &json!(2)));
    let bad = json!({ "taxonomy": "house", "version": "2", "entries": [{ "code": "" }] });
    let (status, told) = client.post("/taxonomies", bad).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        told,
        json!({ "code": "taxonomy.unreadable", "field": "file" })
    );
    let (_, found) = client.get("/taxonomies/house?q=PHISH").await;
    assert_eq!(found["entries"][0]["code"], "a");
    let (_, page) = client
        .get("/taxonomies/rsit?version=1003&limit=2&after=48")
        .await;
    assert_eq!(
        (&page["next"], &page["entries"][1]["code"]),
        (&Value::Null, &json!("test/test"))
    );
    let (status, _) = client.get("/taxonomies/house?version=9").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (_, walks) = client.get("/crosswalks").await;
    assert_eq!(walks["items"][0]["name"], "veris-to-rsit");
    let (_, walk) = client.get("/crosswalks/veris-to-rsit/2").await;
    assert_eq!(walk["rows"][0]["relation"], "broad");
    let (status, _table) = client.get("/crosswalks/veris-to-rsit/2/csv").await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = client.get("/crosswalks/veris-to-rsit/1/csv").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    for path in ["/crosswalks/veris-to-rsit/2", "/taxonomies/rsit/1003"] {
        let (status, told) = client.ask(Method::DELETE, path, None).await;
        assert_eq!(
            (status, &told["code"]),
            (StatusCode::CONFLICT, &json!("taxonomy.ships"))
        );
    }
}

async fn a_class_is_given_and_found_by_and_taken_back(db: Db) {
    let client = client(db, &READ_WRITE).await;
    let (status, _) = client.post("/taxonomies", file()).await;
    assert_eq!(status, StatusCode::OK);
    let facts = json!({ "kind": "incident", "title": "A", "determination": "suspected",
        "tlp": "GREEN" });
    let (_, made) = client.post("/incidents", facts).await;
    let path = format!("/incidents/{}", made["id"].as_str().unwrap());
    let classes = format!("{path}/classes");
    let class = |code: &str| json!({ "taxonomy": "house", "version": "1", "code": code });
    let (status, _) = client.post(&classes, class("a/b")).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, told) = client.post(&classes, class("phishin")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        told,
        json!({ "code": "taxonomy.no_such_code", "field": "code" })
    );
    let (_, case) = client.get(&path).await;
    let given = json!([{ "taxonomy": "house", "version": "1", "code": "a/b", "name": "a/b" }]);
    assert_eq!(case["classes"], given);
    let (_, listed) = client.get("/incidents?class=house:a").await;
    assert_eq!(listed["items"][0]["id"], made["id"], "{listed}");
    let (_, counted) = client.get("/incidents/count?class=house:b").await;
    assert_eq!(counted["count"], 0);
    let (status, told) = client.get("/incidents?class=house").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{told}");
    let (_, told) = client.get(&format!("{classes}/suggestions")).await;
    assert_eq!(told["items"], json!([]));
    let (status, _) = client
        .ask(Method::DELETE, "/taxonomies/house/1", None)
        .await;
    assert_eq!(
        status,
        StatusCode::CONFLICT,
        "an incident has a class of it"
    );
    let which = format!("{classes}?taxonomy=house&version=1&code=a/b");
    let (status, _) = client.ask(Method::DELETE, &which, None).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = client.ask(Method::DELETE, &which, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

async fn a_key_that_only_reads_imports_nothing(db: Db) {
    let client = client(db, &[Scope::IncidentsRead]).await;
    let (status, told) = client.post("/taxonomies", file()).await;
    assert_eq!(
        (status, &told["code"]),
        (StatusCode::FORBIDDEN, &json!("access.scope"))
    );
    let (status, _) = client.get("/taxonomies/rsit").await;
    assert_eq!(status, StatusCode::OK);
}
