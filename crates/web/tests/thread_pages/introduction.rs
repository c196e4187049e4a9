//! The page by which a party is added: by its address and the fingerprint that people compared.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use seal::keys::Fingerprint;
use testkit::Fleet;
use tokio::net::TcpListener;

use crate::person::{Form, Page, Person};

const PATH: &str = "/directory/new";

/// An administrator of XA, who may add parties; and how often the node asked at an address.
async fn somebody(fleet: &Fleet, role: Role) -> (Person, Arc<AtomicUsize>) {
    let (asked, fetch) = (
        Arc::new(AtomicUsize::new(0)),
        server::introduction::introduce(),
    );
    let counted = Arc::clone(&asked);
    let introduce: web::Introduce = Arc::new(move |address, compared| {
        counted.fetch_add(1, Ordering::SeqCst);
        fetch(address, compared)
    });
    let person = Person::with(fleet, "XA", (role.as_str(), &[role]), introduce).await;
    (person, asked)
}

/// Fills the form in as somebody does who has no card, only an address.
async fn add(person: &Person, address: &str, fingerprint: &Fingerprint) -> Page {
    let blank = person.get(PATH).await;
    assert_eq!(blank.status, StatusCode::OK, "{}", blank.text);
    let form = Form::of(&blank.text, PATH)
        .with("address", address)
        .with("fingerprint", &fingerprint.words());
    person.post_file(PATH, &form, ("", "")).await
}

/// What stands at a field that was refused, and that the page still holds what was typed.
fn refused_at(page: &Page, field: &str, sentence: &str, fingerprint: &Fingerprint) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains(&format!("id=\"w-{field}\"")),
        "{}",
        page.text
    );
    assert!(page.text.contains(sentence), "{}", page.text);
    let kept = Form::of(&page.text, PATH);
    assert_eq!(kept.value("fingerprint"), fingerprint.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_is_added_by_its_address_once_the_fingerprint_holds() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let stranger = Fleet::start(Engine::Sqlite, &["XC"], false).await;
    let theirs = stranger.member("XC");
    let address = theirs.serving().unwrap().federation.to_string();
    let (admin, asked) = somebody(&fleet, Role::Admin).await;
    assert!(!admin.get("/directory").await.text.contains("Cardova"));

    let other = Fingerprint::from_bytes([7; 32]);
    let page = add(&admin, &address, &other).await;
    assert!(
        page.text
            .contains("does not bear the fingerprint that you entered"),
        "{}",
        page.text
    );
    assert_eq!(Form::of(&page.text, PATH).value("address"), address);

    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = gone.local_addr().unwrap().to_string();
    drop(gone);
    let right = theirs.fingerprint();
    let page = add(&admin, &nowhere, &right).await;
    refused_at(&page, "address", "Nobody answers at this address.", &right);
    assert!(!admin.get("/directory").await.text.contains("Cardova"));

    let page = add(&admin, &address, &right).await;
    assert_eq!(
        (page.status, page.location.as_str()),
        (StatusCode::SEE_OTHER, "/directory/XC"),
        "{}",
        page.text
    );
    let party = admin.get(&page.location).await;
    assert!(party.text.contains("Cardova"), "{}", party.text);
    assert!(party.text.contains(&right.to_string()), "{}", party.text);
    assert!(admin.get("/directory").await.text.contains("Cardova"));
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    stranger.end().await;
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_add_parties_cannot_make_the_node_call() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let theirs = fleet.member("XB");
    let address = theirs.serving().unwrap().federation.to_string();
    let (analyst, asked) = somebody(&fleet, Role::Analyst).await;
    assert_eq!(analyst.get(PATH).await.status, StatusCode::FORBIDDEN);
    let form = Form(vec![])
        .with("address", &address)
        .with("fingerprint", &theirs.fingerprint().words());
    let page = analyst.post_file(PATH, &form, ("", "")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text);
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    assert!(!analyst.get("/directory").await.text.contains(PATH));
    fleet.end().await;
}
