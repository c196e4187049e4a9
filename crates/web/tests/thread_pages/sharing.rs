//! A shared collection on the pages of both parties.

use axum::http::StatusCode;
use db::Engine;
use intel::model::{Reader, Settings};
use kernel::{Role, Tlp};
use testkit::Fleet;

use super::{
    circles::{press, shows},
    person::{Person, nowhere},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_is_offered_kept_compared_and_taken_back_on_the_pages() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let (here, there) = (
        Person::at(&fleet, "XA").await,
        Person::at(&fleet, "XB").await,
    );
    let settings = Settings {
        alias: Some("ports".parse().unwrap()),
        title: "Ports <&> dams".parse().unwrap(),
        description: "".parse().unwrap(),
        ceiling: Tlp::Amber,
        unmarked: Tlp::Amber,
    };
    let (ground, viewer) = (fleet.node("XA").ground(), fleet.viewer("XA"));
    let root = "exercise".parse().unwrap();
    intel::ops::create(ground, &viewer, &root, settings)
        .await
        .unwrap();
    let place = ("exercise", "ports");
    let reader = Reader::Party("XB".parse().unwrap());
    let set = |shared| share::ops::set_shared(ground, &viewer, place, (reader.clone(), shared));
    set(true).await.unwrap();

    let list = shows(&fleet, "XB", &there, "/sharing", "to decide").await;
    assert!(list.contains("/sharing/XA"), "{list}");
    let page = there.get("/sharing/XA").await.text;
    assert!(page.contains("Ports &#60;&#38;&#62; dams"), "{page}");
    press(&there, &page, "/sharing/XA/accept").await;
    shows(&fleet, "XB", &there, "/sharing/XA", "kept here").await;
    fleet
        .until("XA", "a comparison that agrees", async || {
            let page = here.get("/sharing/XB").await.text;
            if page.contains("Both hold the same") {
                return Some(());
            }
            // That XB keeps it may still be on its way here; then they do not agree yet.
            press(&here, &page, "/sharing/XB/compare").await;
            None
        })
        .await;

    // Each page leads to the others.
    let page = here.get("/sharing/XB").await.text;
    assert!(page.contains("/collections/exercise/ports"), "{page}");
    let collection = here.get("/collections/exercise/ports").await.text;
    for part in ["/sharing/XB", "Both hold the same"] {
        assert!(collection.contains(part), "no {part:?} in {collection}");
    }
    let party = here.get("/directory/XB").await.text;
    assert!(party.contains("/sharing/XB"), "{party}");

    set(false).await.unwrap();
    shows(
        &fleet,
        "XA",
        &here,
        "/sharing/XB",
        "states that it removed it",
    )
    .await;
    shows(&fleet, "XB", &there, "/sharing/XA", "taken back").await;

    // Who may not manage collections sees nothing of it.
    let auditor = Person::with(&fleet, "XA", ("noor", &[Role::Auditor]), nowhere()).await;
    for path in ["/sharing", "/sharing/XB"] {
        assert_eq!(
            auditor.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let party = auditor.get("/directory/XB").await.text;
    assert!(!party.contains("/sharing/XB"), "{party}");
    assert_eq!(here.get("/sharing/XZ").await.status, StatusCode::NOT_FOUND);
    fleet.end().await;
}
