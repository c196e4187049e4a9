//! Feeds and servers by their pages: added, tested, asked, changed, removed.

use axum::{Json, Router, extract::Path, http::StatusCode, routing::get};
use db::Engine;
use kernel::Role;
use serde_json::{Value, json};
use testkit::Fleet;
use tokio::{net::TcpListener, task::JoinSet};

use super::{
    circles::{press, shows},
    person::{Form, Person, after, nowhere},
};

const GREEN: &str = "11111111-0000-4000-8000-000000000001";
const RED: &str = "11111111-0000-4000-8000-000000000002";
const SECRET: &str = "open-sesame-7";

/// An event as a feed has it.
fn event(uuid: &str, tlp: &str) -> Value {
    json!({
        "uuid": uuid, "info": format!("Event of {tlp}"), "date": "2026-11-01",
        "timestamp": "1793000000", "published": true, "analysis": "2", "threat_level_id": "2",
        "Orgc": { "name": "CSIRT <of> Brevonia", "uuid": "22222222-0000-4000-8000-000000000001" },
        "Tag": [{ "name": format!("tlp:{tlp}"), "colour": "#339900" }],
        "Attribute": [{
            "uuid": uuid.replacen('1', "3", 8), "type": "domain", "category": "Network activity",
            "value": format!("{tlp}.example"), "to_ids": true, "timestamp": "1793000000",
        }],
    })
}

/// A feed with two events, and one that is listed under what is no UUID.
async fn feed() -> (String, JoinSet<()>) {
    let entry = |event: &Value| {
        json!({ "info": event["info"], "date": event["date"], "timestamp": event["timestamp"],
            "Orgc": event["Orgc"], "Tag": event["Tag"] })
    };
    let (green, red) = (event(GREEN, "green"), event(RED, "red"));
    let manifest = json!({ GREEN: entry(&green), RED: entry(&red), "no-uuid": entry(&red) });
    let router = Router::new().route(
        "/osint/{file}",
        get(async move |Path(file): Path<String>| {
            let file = file.trim_end_matches(".json");
            let found = match file {
                "manifest" => manifest.clone(),
                GREEN => json!({ "Event": green }),
                RED => json!({ "Event": red }),
                _ => return Err(StatusCode::NOT_FOUND),
            };
            Ok(Json(found))
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/osint/", listener.local_addr().unwrap());
    let mut server = JoinSet::new();
    server.spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, server)
}

/// A collection that takes objects up to AMBER.
async fn collection(person: &Person) {
    let list = person.get("/collections").await.text;
    let form = Form::of(&list, "/collections")
        .with("title", "Feeds <&>")
        .with("alias", "feeds")
        .with("unmarked", "AMBER")
        .with("ceiling", "AMBER");
    let done = person.post("/collections", &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

/// The blank form of a kind, with the first collection chosen.
async fn blank(person: &Person, kind: &str, direction: &str) -> Form {
    let address = format!("/remotes/new?kind={kind}&direction={direction}");
    let page = person.get(&address).await.text;
    let here = after(&page, "value=\"exercise/").split('"').next().unwrap();
    let form = Form::of(&page, "/remotes/new");
    form.with("here", &format!("exercise/{here}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_added_tested_read_and_removed() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    let (address, server) = feed().await;
    let list = person.get("/remotes").await.text;
    assert!(list.contains("No feeds or servers"), "{list}");
    let ways = person.get("/remotes/new").await.text;
    let way = "/remotes/new?kind=misp-feed&#38;direction=pull";
    assert!(ways.contains(way), "{ways}");
    let none = person
        .get("/remotes/new?kind=misp-feed&direction=pull")
        .await;
    assert!(
        none.text.contains("no collection that you may add to"),
        "{}",
        none.text
    );
    collection(&person).await;
    let collections = person.get("/collections").await.text;
    for link in ["href=\"/remotes\"", "href=\"/warninglists\""] {
        assert!(collections.contains(link), "{collections}");
    }

    // What is wrong is told at its field; nothing is lost but the secret, which is not shown.
    let form = blank(&person, "misp-feed", "pull").await;
    assert_eq!(form.value("label"), "AMBER+STRICT");
    let form = form.with("title", "OSINT <1>").with("address", "somewhere");
    let form = form.with("scheme", "basic").with("user", "rosa");
    let wrong = person
        .post("/remotes/new", &form.with("secret", SECRET))
        .await;
    assert!(wrong.text.contains("id=\"w-address\""), "{}", wrong.text);
    assert!(wrong.text.contains("Type it again"), "{}", wrong.text);
    assert!(!wrong.text.contains(SECRET), "a secret is not written back");
    let again = Form::of(&wrong.text, "/remotes/new");
    for field in ["title", "address", "here", "scheme", "user", "label"] {
        assert_eq!(again.value(field), form.value(field), "{field}");
    }
    let form = again.with("address", &address);
    let wrong = person.post("/remotes/new", &form).await;
    assert!(wrong.text.contains("id=\"w-secret\""), "{}", wrong.text);
    let clear = person
        .post(
            "/remotes/new",
            &form.with("secret", SECRET).with("label", "CLEAR"),
        )
        .await;
    assert!(clear.text.contains("id=\"w-label\""), "{}", clear.text);
    let form = form.with("scheme", "none").with("label", "GREEN");
    let made = person.post("/remotes/new", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let url = made.location;
    let twice = person.post("/remotes/new", &form).await;
    assert!(twice.text.contains("id=\"w-title\""), "{}", twice.text);

    let page = person.get(&url).await.text;
    assert!(page.contains("OSINT &#60;1&#62;"), "{page}");
    assert!(page.contains("There was none yet"), "{page}");
    let test = format!("{url}/test");
    let tested = person.post(&test, &Form::of(&page, &test)).await.text;
    for told in ["The manifest can be read", "events"] {
        assert!(tested.contains(told), "no {told} in {tested}");
    }
    let start = format!("{url}/start");
    let refused = person.post(&start, &Form(vec![])).await.text;
    assert!(
        refused.contains("with this server are switched off"),
        "{refused}"
    );

    press(&person, &page, &format!("{url}/on")).await;
    let page = shows(&fleet, "XA", &person, &url, ">complete<").await;
    assert!(page.contains("id=\"defects\""), "{page}");
    let run = after(&page, &format!("href=\"{url}/runs/"));
    let run = format!("{url}/runs/{}", run.split(['"', '?']).next().unwrap());
    let told = person.get(&run).await.text;
    for part in [
        RED,
        "It is marked more strictly than this collection takes.",
        "It is listed without a UUID.",
    ] {
        assert!(told.contains(part), "no {part} in {told}");
    }
    let defects = person.get(&format!("{run}?what=defect")).await.text;
    assert!(!defects.contains(RED), "{defects}");
    let found = person.get("/collections/search?q=green.example").await.text;
    assert!(found.contains("/collections/exercise/feeds"), "{found}");
    let list = person.get("/remotes").await.text;
    for part in ["OSINT &#60;1&#62;", "1 refused", "Feeds &#60;&#38;&#62;"] {
        assert!(list.contains(part), "no {part} in {list}");
    }

    // Somebody else was faster.
    let edit = format!("{url}/edit");
    let form = person.get(&edit).await.text;
    let form = Form::of(&form, &edit);
    assert_eq!(form.value("scheme"), "keep");
    press(&person, &page, &format!("{url}/off")).await;
    let stale = person.post(&edit, &form.with("title", "Other")).await;
    assert!(
        stale.text.contains("Somebody else has changed it"),
        "{}",
        stale.text
    );
    let again = Form::of(&stale.text, &edit);
    assert_eq!(again.value("title"), "Other");
    let saved = person.post(&edit, &again).await;
    assert_eq!(saved.location, url, "{}", saved.text);

    let page = person.get(&url).await.text;
    assert!(page.contains("switched off"), "{page}");
    press(&person, &page, &format!("{url}/remove")).await;
    assert_eq!(person.get(&url).await.status, StatusCode::NOT_FOUND);
    assert_eq!(person.get(&run).await.status, StatusCode::NOT_FOUND);
    drop(server);
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_the_house_is_confirmed_each_time_that_it_changes() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    collection(&person).await;
    let form = blank(&person, "taxii", "push")
        .await
        .with("title", "Partner")
        .with("address", "https://10.9.8.7/taxii2/")
        .with("user", "rosa")
        .with("secret", SECRET);
    assert_eq!(form.value("label"), "GREEN");
    let strict = person
        .post("/remotes/new", &form.with("label", "RED"))
        .await;
    assert!(strict.text.contains("id=\"w-label\""), "{}", strict.text);
    let made = person.post("/remotes/new", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let url = made.location;
    let page = person.get(&url).await.text;
    let seen = "Objects of Feeds &#60;&#38;&#62; that are marked up to TLP:GREEN go to 10.9.8.7";
    assert!(page.contains(seen), "{page}");
    let on = format!("{url}/on");
    let wrong = person.post(&on, &Form::of(&page, &on)).await.text;
    assert!(wrong.contains("id=\"w-confirm\""), "{wrong}");
    let confirmed = Form::of(&wrong, &on).with("confirm", "10.9.8.7");
    assert_eq!(person.post(&on, &confirmed).await.location, url);

    let told = "Readers at 10.9.8.7: what is marked up to TLP:GREEN goes there";
    let collection = person.get("/collections/exercise/feeds").await.text;
    assert!(collection.contains(told), "{collection}");
    let sharing = person.get("/sharing").await.text;
    assert!(sharing.contains("href=\"/remotes\""), "{sharing}");

    // The address lies in a network of ours that nobody named: nothing goes there.
    let page = shows(&fleet, "XA", &person, &url, "could not be reached").await;
    assert!(page.contains("The last run failed"), "{page}");
    let test = format!("{url}/test");
    let tested = person.post(&test, &Form::of(&page, &test)).await.text;
    assert!(
        tested.contains("adds that network to remote_networks"),
        "{tested}"
    );

    let edit = format!("{url}/edit");
    let form = Form::of(&person.get(&edit).await.text, &edit);
    assert_eq!(form.value("secret"), "");
    let elsewhere = form.with("address", "https://10.9.8.8/taxii2/");
    let refused = person.post(&edit, &elsewhere).await.text;
    assert!(refused.contains("id=\"w-scheme\""), "{refused}");
    // What is typed is never passed over.
    let silent = form.with("secret", "another-secret");
    let silent = person.post(&edit, &silent).await.text;
    assert!(silent.contains("Say how it knows us"), "{silent}");
    let form = Form::of(&refused, &edit).with("address", form.value("address"));
    let saved = person.post(&edit, &form.with("label", "AMBER")).await;
    assert_eq!(saved.location, url, "{}", saved.text);
    let page = person.get(&url).await.text;
    assert!(page.contains("marked up to TLP:AMBER go"), "{page}");
    let collection = person.get("/collections/exercise/feeds").await.text;
    assert!(!collection.contains("Readers at"), "{collection}");
    for page in [&page, &tested, &refused] {
        assert!(!page.contains(SECRET), "{page}");
    }
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_are_for_those_who_manage_collections() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let person = Person::at(&fleet, "XA").await;
    collection(&person).await;
    let form = blank(&person, "taxii", "pull").await;
    let form = form
        .with("title", "Partner")
        .with("address", "https://taxii.example/taxii2/")
        .with("scheme", "none");
    let made = person.post("/remotes/new", &form).await;
    let url = made.location;
    let strangers = [
        Person::with(&fleet, "XA", ("dora", &[Role::Diplomat]), nowhere()).await,
        Person::with(&fleet, "XA", ("aud", &[Role::Auditor]), nowhere()).await,
    ];
    for stranger in &strangers {
        let edit = format!("{url}/edit");
        for path in ["/remotes", "/remotes/new", &url, &edit] {
            let page = stranger.get(path).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
            assert!(!page.text.contains("Partner"), "{}", page.text);
        }
        for act in ["start", "on", "off", "test", "remove", "edit"] {
            let done = stranger.post(&format!("{url}/{act}"), &Form(vec![])).await;
            assert_eq!(done.status, StatusCode::FORBIDDEN, "{act}");
        }
        let done = stranger.post("/remotes/new", &form).await;
        assert_eq!(done.status, StatusCode::FORBIDDEN);
    }
    let collections = strangers[0].get("/collections").await.text;
    assert!(!collections.contains("href=\"/remotes\""), "{collections}");

    // Without the token of the page nothing is done.
    let forger = Person {
        csrf: "guessed".to_owned(),
        router: person.router.clone(),
        cookie: person.cookie.clone(),
    };
    for path in [
        "/remotes/new",
        &format!("{url}/remove"),
        &format!("{url}/on"),
    ] {
        let done = forger.post(path, &form).await;
        assert_eq!(done.status, StatusCode::FORBIDDEN, "{path}");
    }
    let missing = person
        .get("/remotes/remote--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11")
        .await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(person.get(&url).await.status, StatusCode::OK);
    fleet.end().await;
}
