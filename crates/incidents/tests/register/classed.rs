//! Lists by the classes of taxonomies, on both engines.

use audit::Ground;
use db::{Db, Engine, query};
use incidents::{
    model::{Facts, Filter},
    ops::{self as register},
    taxonomy::{Tag, ops, read::Given},
};
use kernel::{IncidentRef, Limit, PageRequest, Role, Viewer};
use serde_json::json;

use crate::{
    house::{facts, ground, period, user},
    merge::{entered, merged},
};

db::contract! {
    a_class_finds_those_that_have_it_in_any_version_and_those_below_it,
    classes_of_the_facts_are_found_as_all_others,
    a_class_narrows_and_pages_as_all_filters_do,
    what_changes_is_found_where_it_stands_then,
    what_is_merged_is_found_by_the_classes_that_it_has_then,
    a_taxonomy_that_comes_later_says_what_stands_above,
    what_was_there_before_the_index_is_found,
}

fn taxonomy(version: &str) -> Vec<u8> {
    let file = json!({ "taxonomy": "attack", "version": version, "entries": [
        { "code": "T1", "name": "Phishing" }, { "code": "T1.1", "parent": "T1" },
        { "code": "T2" }] });
    file.to_string().into_bytes()
}

async fn import(ground: &Ground, viewer: &Viewer, version: &str) {
    let file = taxonomy(version);
    ops::import(ground, viewer, &file, &Given::default())
        .await
        .unwrap();
}

async fn give(ground: &Ground, viewer: &Viewer, id: IncidentRef, class: &str) {
    let mut parts = class.split(' ');
    let mut next = || parts.next().unwrap();
    let (name, version) = (next().parse().unwrap(), next().parse().unwrap());
    ops::classify(ground, viewer, id, (&name, &version, next()))
        .await
        .unwrap();
}

async fn take(ground: &Ground, viewer: &Viewer, id: IncidentRef, class: (&str, &str)) {
    let at = (
        &"attack".parse().unwrap(),
        &class.0.parse().unwrap(),
        class.1,
    );
    ops::unclassify(ground, viewer, id, at).await.unwrap();
}

fn of(tag: &str) -> Filter {
    Filter {
        class: Some(tag.parse().unwrap()),
        ..Filter::default()
    }
}

async fn found(ground: &Ground, viewer: &Viewer, filter: Filter) -> Vec<String> {
    let page = register::list(ground, viewer, &filter, PageRequest::default())
        .await
        .unwrap();
    let count = register::count(ground, viewer, &filter).await.unwrap();
    assert_eq!(
        usize::try_from(count.count).unwrap(),
        page.items.len(),
        "{filter:?}"
    );
    page.items.into_iter().map(|listed| listed.title).collect()
}

/// Of 2021, 2022 and 2023: with a class, with one below it of another version, with another.
async fn three(ground: &Ground, viewer: &Viewer) -> [IncidentRef; 3] {
    import(ground, viewer, "1").await;
    import(ground, viewer, "2").await;
    let mut made = Vec::new();
    for (title, year, class) in [
        ("A", "2021", "attack 1 T1"),
        ("B", "2022", "attack 2 T1.1"),
        ("C", "2023", "attack 1 T2"),
    ] {
        let one = Facts {
            period: period(year, year),
            ..facts(title)
        };
        let id = entered(ground, viewer, one).await;
        give(ground, viewer, id, class).await;
        made.push(id);
    }
    made.try_into().unwrap()
}

async fn a_class_finds_those_that_have_it_in_any_version_and_those_below_it(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let [first, ..] = three(&ground, &officer).await;
    // The same class of another version does not make two of it.
    give(&ground, &officer, first, "attack 2 T1").await;
    for (tag, expected) in [
        ("attack:T1", vec!["B", "A"]),
        ("attack:T1.1", vec!["B"]),
        ("attack:T2", vec!["C"]),
        ("attack:t2", vec![]),
        ("attack:T", vec![]),
        ("other:T1", vec![]),
    ] {
        assert_eq!(found(&ground, &officer, of(tag)).await, expected, "{tag}");
    }
}

async fn classes_of_the_facts_are_found_as_all_others(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let phish = Facts {
        rsit: "fraud/phishing".parse().ok(),
        sectors: vec!["health".parse().unwrap()],
        ..facts("Phish")
    };
    let id = entered(&ground, &officer, phish).await;
    let bare = Facts {
        rsit: "fraud".parse().ok(),
        ..facts("Bare")
    };
    entered(&ground, &officer, bare).await;
    for (tag, expected) in [
        ("rsit:fraud/phishing", 1),
        ("rsit:fraud=\"phishing\"", 1),
        ("rsit:fraud", 2),
        ("rsit:fraud/copyright", 0),
        ("nis2-sectors:health", 1),
        ("nis2-sectors:energy", 0),
    ] {
        let all = found(&ground, &officer, of(tag)).await;
        assert_eq!(all.len(), expected, "{tag}");
    }
    let given = register::view(&ground, &officer, id).await.unwrap();
    let edited = Facts {
        rsit: "availability/ddos".parse().ok(),
        sectors: Vec::new(),
        ..given.incident.facts
    };
    register::edit(&ground, &officer, id, given.incident.version, edited)
        .await
        .unwrap();
    for (tag, expected) in [
        ("rsit:fraud/phishing", 0),
        ("rsit:availability/ddos", 1),
        ("nis2-sectors:health", 0),
    ] {
        let all = found(&ground, &officer, of(tag)).await;
        assert_eq!(all.len(), expected, "{tag}");
    }
}

async fn a_class_narrows_and_pages_as_all_filters_do(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    import(&ground, &officer, "1").await;
    for number in 0..7 {
        let day = format!("2024-01-{:02}", 1 + number / 2);
        let one = Facts {
            period: period(&day, &day),
            sectors: vec!["health".parse().unwrap()],
            description: "words of all".parse().unwrap(),
            ..facts(&format!("number{number}"))
        };
        let id = entered(&ground, &officer, one).await;
        let class = if number == 3 { "T2" } else { "T1.1" };
        give(&ground, &officer, id, &format!("attack 1 {class}")).await;
    }
    let filter = Filter {
        sector: "health".parse().ok(),
        text: Some("words".to_owned()),
        ..of("attack:T1")
    };
    let mut request = PageRequest {
        after: None,
        limit: Limit::new(4).unwrap(),
    };
    let mut seen = Vec::new();
    loop {
        let page = register::list(&ground, &officer, &filter, request)
            .await
            .unwrap();
        seen.extend(page.items.into_iter().map(|one| one.title));
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen.len(), 6, "{seen:?}");
    assert!(!seen.contains(&"number3".to_owned()));
    let one = Filter {
        text: Some("number5".to_owned()),
        ..filter.clone()
    };
    assert_eq!(found(&ground, &officer, one).await, ["number5"]);
    let none = Filter {
        sector: "energy".parse().ok(),
        ..filter
    };
    assert!(found(&ground, &officer, none).await.is_empty());
    // What a reader may not see, no class shows.
    let other = user(2, Role::Analyst);
    let red = Facts {
        tlp: kernel::Tlp::Red,
        ..facts("red")
    };
    let id = entered(&ground, &officer, red).await;
    give(&ground, &officer, id, "attack 1 T2").await;
    assert_eq!(found(&ground, &officer, of("attack:T2")).await.len(), 2);
    assert_eq!(found(&ground, &other, of("attack:T2")).await, ["number3"]);
}

async fn what_changes_is_found_where_it_stands_then(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let [first, second, _] = three(&ground, &officer).await;
    let case = register::view(&ground, &officer, first).await.unwrap();
    let later = Facts {
        period: period("2025", "2025"),
        ..case.incident.facts
    };
    register::edit(&ground, &officer, first, case.incident.version, later)
        .await
        .unwrap();
    assert_eq!(
        found(&ground, &officer, of("attack:T1")).await,
        ["A", "B"],
        "in the place that the list has it in"
    );
    take(&ground, &officer, second, ("2", "T1.1")).await;
    assert_eq!(found(&ground, &officer, of("attack:T1")).await, ["A"]);
    assert!(found(&ground, &officer, of("attack:T1.1")).await.is_empty());
}

async fn what_is_merged_is_found_by_the_classes_that_it_has_then(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let [first, second, _] = three(&ground, &officer).await;
    merged(&ground, &officer, first, second).await;
    assert_eq!(found(&ground, &officer, of("attack:T1.1")).await, ["A"]);
    let why = "no".parse().unwrap();
    incidents::merge::ops::unmerge(&ground, &officer, second, &why)
        .await
        .unwrap();
    assert_eq!(found(&ground, &officer, of("attack:T1.1")).await, ["B"]);
    assert_eq!(found(&ground, &officer, of("attack:T1")).await, ["B", "A"]);
}

async fn a_taxonomy_that_comes_later_says_what_stands_above(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let [_, second, _] = three(&ground, &officer).await;
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let all = register::export_lines(&ground, &officer, &of("attack:T1.1"), request).await;
    let mut lines = all.unwrap().items;
    assert_eq!(lines[0]["incident"]["id"], json!(second.to_string()));
    lines[0]["incident"]["id"] = json!("incident--6f9c1c44-5b0d-45ef-a1dc-ea7279ea910e");
    lines[0]["incident"]["facts"]["title"] = json!("Theirs");
    lines[0]["incident"]["classes"][0]["version"] = json!("3");
    register::take_in(&ground, &officer, &lines).await.unwrap();
    let below = found(&ground, &officer, of("attack:T1.1")).await;
    assert_eq!(below.len(), 2, "{below:?}");
    let above = found(&ground, &officer, of("attack:T1")).await;
    assert_eq!(above, ["B", "A"], "nobody knows what stands above");
    import(&ground, &officer, "3").await;
    let above = found(&ground, &officer, of("attack:T1")).await;
    assert_eq!(above.len(), 3, "{above:?}");
}

/// All of the index.
async fn index(ground: &Ground) -> Vec<(String, i64)> {
    let mut tx = ground.db.begin_read().await.unwrap();
    let sql = "SELECT class, sort_at FROM incident_classed ORDER BY class, sort_at, incident";
    query(sql).fetch_all(&mut tx).await.unwrap()
}

async fn what_was_there_before_the_index_is_found(db: Db) {
    const SQLITE: &str = include_str!("../../../db/migrations/sqlite/0072_classed.sql");
    const POSTGRES: &str = include_str!("../../../db/migrations/postgres/0072_classed.sql");
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    three(&ground, &officer).await;
    register::import_shipped(&ground, &officer).await.unwrap();
    let written = index(&ground).await;
    assert!(written.len() > 50, "{}", written.len());
    let mut tx = ground.db.begin().await.unwrap();
    query("DELETE FROM incident_classed")
        .execute(&mut tx)
        .await
        .unwrap();
    let script = match tx.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    let fills = script.split(';').map(str::trim);
    let fills: Vec<&'static str> = fills.filter(|sql| sql.starts_with("INSERT")).collect();
    assert_eq!(fills.len(), 2);
    for sql in fills {
        query(sql).execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(index(&ground).await, written);
    let tag: Tag = "attack:T1".parse().unwrap();
    let all = Filter {
        class: Some(tag),
        ..Filter::default()
    };
    assert_eq!(found(&ground, &officer, all).await, ["B", "A"]);
}
