//! The catalogue, matches, remedies, reviews.

use audit::Ground;
use constituency::{
    Error,
    day::Day,
    model::{Filter, Match, Plan, Remedy, State},
    names::Sure,
    ops::{self, NewRemedy, Stated},
    version::Verdict,
};
use db::Db;
use kernel::{Limit, Mode, PageRequest, Role, Viewer};
use serde_json::json;

use crate::house::{ground, take, user};

db::contract! {
    products_and_entries_find_each_other_whichever_comes_first,
    a_version_is_judged_by_what_is_stated_alone,
    the_calendar_says_what_is_due,
    a_list_is_reviewed_twice_a_year,
    the_catalogue_of_cisa_is_taken_in,
}

const FILE: &str = "organisation,host,vendor,product,version\n\
    Port,mx1,Example Inc,Mail Server,1.0.5\n\
    Port,mx2,Example,Mail-Server,2.0\n\
    Ward,mx3,Example,Mail Server,latest\n\
    Ward,pc1,Example,Mail Server 2019,1\n\
    Ward,pc2,,Mail Server,1\n\
    Ward,pc3,Other,Mail Server,1\n";

fn entry(cve: &str, product: &str, day: &str) -> serde_json::Value {
    json!({"cveID": cve, "vendorProject": "Example", "product": product,
        "vulnerabilityName": "A hole", "dateAdded": day, "dueDate": "2026-12-24",
        "knownRansomwareCampaignUse": "Known"})
}

fn catalogue(entries: &[serde_json::Value]) -> Vec<u8> {
    let file = json!({"catalogVersion": "2026.11.21", "vulnerabilities": entries});
    file.to_string().into_bytes()
}

async fn matched(ground: &Ground, viewer: &Viewer) -> Vec<Match> {
    let page = ops::matches(ground, viewer, (None, None), PageRequest::default());
    page.await.unwrap().items
}

fn drawn(found: &[Match]) -> Vec<(String, String, Sure, i64)> {
    let mut drawn: Vec<_> = found
        .iter()
        .map(|one| {
            let product = format!("{}/{}", one.product.vendor, one.product.name);
            (one.cve.to_string(), product, one.sure, one.assets.count)
        })
        .collect();
    drawn.sort();
    drawn
}

async fn products_and_entries_find_each_other_whichever_comes_first(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let one = entry("CVE-2026-1111", "Mail Server", "2026-11-01");
    let file = catalogue(std::slice::from_ref(&one));
    let first = ops::import_kev(&ground, &viewer, &file);
    assert_eq!(first.await.unwrap().added, 1);
    take(&ground, &viewer, FILE.as_bytes()).await;
    let two = entry("CVE-2026-2222", "Multiple Products", "2026-11-02");
    let both = catalogue(&[one, two, json!({"cveID": "x"})]);
    let second = ops::import_kev(&ground, &viewer, &both).await.unwrap();
    assert_eq!(
        (second.added, second.unchanged, second.refused.len()),
        (1, 1, 1)
    );
    let found = matched(&ground, &viewer).await;
    let row =
        |cve: &str, product: &str, sure, count| (cve.to_owned(), product.to_owned(), sure, count);
    assert_eq!(
        drawn(&found),
        [
            row("CVE-2026-1111", "/Mail Server", Sure::Product, 1),
            row("CVE-2026-1111", "Example Inc/Mail Server", Sure::Exact, 3),
            row(
                "CVE-2026-1111",
                "Example/Mail Server 2019",
                Sure::Similar,
                1
            ),
            row("CVE-2026-2222", "Example Inc/Mail Server", Sure::Vendor, 3),
            row("CVE-2026-2222", "Example/Mail Server 2019", Sure::Vendor, 1),
        ]
    );
    // The newest first, page by page.
    assert_eq!(found[0].cve.as_str(), "CVE-2026-2222");
    let mut request = PageRequest {
        after: None,
        limit: Limit::new(2).unwrap(),
    };
    let mut seen = Vec::new();
    while let Ok(page) = ops::matches(&ground, &viewer, (None, None), request).await {
        seen.extend(page.items);
        let Some(next) = page.next else { break };
        request.after = Some(next);
    }
    assert_eq!(seen, found);
    // An entry that changes is matched anew.
    let changed = catalogue(&[entry("CVE-2026-2222", "Unheard of", "2026-11-02")]);
    let changed = ops::import_kev(&ground, &viewer, &changed).await.unwrap();
    assert_eq!((changed.changed, changed.matched), (1, 0));
    assert_eq!(matched(&ground, &viewer).await.len(), 3);
    let exact = ops::matches(
        &ground,
        &viewer,
        (Some(Sure::Exact), None),
        PageRequest::default(),
    );
    assert_eq!(exact.await.unwrap().items.len(), 1);
    let port = ops::organisations(&ground, &viewer, "port").await.unwrap()[0].number;
    let of_port = ops::matches(&ground, &viewer, (None, Some(port)), PageRequest::default());
    assert_eq!(of_port.await.unwrap().items.len(), 1);
    let exercise = Viewer {
        mode: Mode::Exercise,
        ..viewer.clone()
    };
    assert!(matched(&ground, &exercise).await.is_empty());
    let hidden = ops::look(&ground, &exercise, found[0].id, PageRequest::default()).await;
    assert!(matches!(hidden, Err(Error::NotFound { .. })));
    let none = ops::import_kev(&ground, &viewer, b"[]").await;
    assert!(matches!(none, Err(Error::Catalogue(_))));
}

async fn a_version_is_judged_by_what_is_stated_alone(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, FILE.as_bytes()).await;
    let one = entry("CVE-2026-1111", "Mail Server", "2026-11-01");
    ops::import_kev(&ground, &viewer, &catalogue(&[one]))
        .await
        .unwrap();
    let found = matched(&ground, &viewer).await;
    let id = found.iter().find(|one| one.sure == Sure::Exact).unwrap().id;
    let verdicts = async || {
        let detail = ops::look(&ground, &viewer, id, PageRequest::default())
            .await
            .unwrap();
        let all = detail.assets.items.iter();
        let all: Vec<Verdict> = all.map(|(_, verdict)| *verdict).collect();
        (all, detail.affected)
    };
    assert_eq!(verdicts().await.0, [Verdict::Unknown; 3]);
    let stated = |since: &str, until: &str, source: &str| Stated {
        since: since.to_owned(),
        until: until.to_owned(),
        inclusive: false,
        source: source.to_owned(),
    };
    for wrong in [
        stated("", "", "the maker"),
        stated("latest", "", "the maker"),
        stated("2.0", "1.0", "the maker"),
        stated("1.0", "1.0", "the maker"),
        stated("1.0", "", ""),
        stated(&"9".repeat(200), "", "the maker"),
    ] {
        let refused = ops::state_versions(&ground, &viewer, id, wrong).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
    }
    let right = stated("1.0", "1.0.9", "the maker");
    ops::state_versions(&ground, &viewer, id, right)
        .await
        .unwrap();
    let (judged, affected) = verdicts().await;
    assert_eq!(
        judged,
        [Verdict::InRange, Verdict::Outside, Verdict::Unknown]
    );
    let number = affected[0].number;
    ops::take_back(&ground, &viewer, id, number).await.unwrap();
    let gone = ops::take_back(&ground, &viewer, id, number).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })));
    assert_eq!(verdicts().await.0, [Verdict::Unknown; 3]);
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn plan(due: &str, state: State, until: Option<&str>) -> Plan {
    Plan {
        due_on: day(due),
        owner: "ops".to_owned(),
        state,
        reason: "decided".to_owned(),
        until: until.map(day),
    }
}

async fn the_calendar_says_what_is_due(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, FILE.as_bytes()).await;
    let port = ops::organisations(&ground, &viewer, "port").await.unwrap()[0].number;
    let filter = Filter::default();
    let page = ops::assets(&ground, &viewer, &filter, PageRequest::default())
        .await
        .unwrap();
    let asset = page.items.iter().find(|one| one.name == "pc1").unwrap();
    let new = |organisation, asset, plan| NewRemedy {
        cve: "CVE-2026-1111".parse().unwrap(),
        organisation,
        asset,
        plan,
    };
    let open = plan("2026-11-30", State::Open, None);
    for wrong in [
        new(None, None, open.clone()),
        new(Some(port), Some(asset.id), open.clone()),
    ] {
        let refused = ops::plan(&ground, &viewer, wrong).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
    }
    let gone = ops::plan(&ground, &viewer, new(Some(99), None, open.clone())).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })));
    let first = ops::plan(&ground, &viewer, new(Some(port), None, open))
        .await
        .unwrap();
    let far = plan("2027-03-01", State::Open, None);
    let second = ops::plan(&ground, &viewer, new(None, Some(asset.id), far))
        .await
        .unwrap();
    assert_eq!(second.asset.as_ref().unwrap().1, "pc1");
    let due = async || ops::waiting(&ground, &viewer).await.unwrap().remedies;
    assert_eq!(due().await, std::slice::from_ref(&first));
    let borne = plan("2026-11-30", State::Accepted, Some("2026-11-20"));
    let changed = ops::change(&ground, &viewer, (first.id, 1), borne)
        .await
        .unwrap();
    // The end of the accepted risk is over: it waits again.
    assert_eq!(due().await, [changed]);
    let done = plan("2026-11-30", State::Done, None);
    let stale = ops::change(&ground, &viewer, (first.id, 1), done.clone()).await;
    assert!(matches!(
        stale,
        Err(Error::Stale {
            given: 1,
            current: 2
        })
    ));
    ops::change(&ground, &viewer, (first.id, 2), done)
        .await
        .unwrap();
    assert!(due().await.is_empty());
    are_listed(&ground, &viewer, second).await;
}

/// One remedy is done, and the second one is listed after it.
async fn are_listed(ground: &Ground, viewer: &Viewer, second: Remedy) {
    let listed = async |state, organisation| {
        let page = ops::remedies(
            ground,
            viewer,
            (state, organisation),
            PageRequest::default(),
        );
        page.await.unwrap().items.len()
    };
    assert_eq!(listed(None, None).await, 2);
    assert_eq!(listed(Some(State::Done), None).await, 1);
    assert_eq!(
        listed(Some(State::Done), Some(second.organisation.0)).await,
        0
    );
    let mut request = PageRequest {
        after: None,
        limit: Limit::new(1).unwrap(),
    };
    let page = ops::remedies(ground, viewer, (None, None), request)
        .await
        .unwrap();
    request.after = page.next;
    let rest = ops::remedies(ground, viewer, (None, None), request)
        .await
        .unwrap();
    assert_eq!((rest.items, rest.next), (vec![second], None));
}

async fn a_list_is_reviewed_twice_a_year(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, FILE.as_bytes()).await;
    let port = ops::organisations(&ground, &viewer, "port").await.unwrap()[0].clone();
    // The first review is due half a year after the list came in.
    assert_eq!(port.review_due, day("2027-05-21"));
    assert!(
        ops::waiting(&ground, &viewer)
            .await
            .unwrap()
            .reviews
            .is_empty()
    );
    let tomorrow = ops::review(&ground, &viewer, port.number, (day("2026-11-22"), "x")).await;
    assert!(matches!(tomorrow, Err(Error::Invalid(_))));
    let held = ops::review(
        &ground,
        &viewer,
        port.number,
        (day("2026-05-31"), "two\r\nholes"),
    );
    assert_eq!(held.await.unwrap().review_due, day("2026-11-30"));
    let waiting = ops::waiting(&ground, &viewer).await.unwrap().reviews;
    assert_eq!(waiting.len(), 1);
    let earlier = ops::review(&ground, &viewer, port.number, (day("2026-05-30"), "")).await;
    assert!(matches!(earlier, Err(Error::Invalid(_))));
    let (found, reviews) = ops::organisation(&ground, &viewer, port.number)
        .await
        .unwrap();
    assert_eq!(found.reviewed_on, Some(day("2026-05-31")));
    assert_eq!(reviews[0].found, "two\nholes");
    let none = ops::organisation(&ground, &viewer, 99).await;
    assert!(matches!(none, Err(Error::NotFound { .. })));
}

async fn the_catalogue_of_cisa_is_taken_in(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let folder = std::env::var_os("COMITY_TEST_DATA");
    let folder = folder.map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(),
        std::path::PathBuf::from,
    );
    let path = folder.join("kev/known_exploited_vulnerabilities_2025-01-27.json");
    let bytes = std::fs::read(path).unwrap();
    let done = ops::import_kev(&ground, &viewer, &bytes).await.unwrap();
    assert_eq!((done.added, done.refused.len()), (1_252, 0));
    let again = ops::import_kev(&ground, &viewer, &bytes).await.unwrap();
    assert_eq!((again.unchanged, again.added, again.changed), (1_252, 0, 0));
}
