//! Taxonomies, classes of incidents and cross-walks, on both engines.

use audit::Ground;
use db::Db;
use incidents::{
    Error,
    ops::{self as register},
    taxonomy::{
        Name, Version,
        error::TaxonomyFault,
        ops::{self, Asked, State},
        read::Given,
    },
};
use kernel::{IncidentRef, Limit, PageRequest, Role, Viewer};
use serde_json::{Value, json};

use crate::{
    house::{facts, ground, user},
    merge::{entered, merged},
};

db::contract! {
    a_version_stands_beside_the_older_one,
    what_ships_is_listed_and_cannot_be_taken_out,
    entries_are_found_by_a_part_of_code_or_name,
    an_incident_has_classes_of_the_version_they_were_given_with,
    a_class_that_is_none_is_refused_with_the_nearest,
    rsit_and_sectors_go_into_the_facts,
    a_cross_walk_suggests_and_applies_nothing,
    classes_go_with_what_is_merged_and_come_back,
    classes_go_to_another_register,
    whoever_may_not_import_imports_nothing,
}

pub(crate) fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub(crate) fn version(text: &str) -> Version {
    text.parse().unwrap()
}

/// A taxonomy of a version with these codes, each a name too.
pub(crate) fn file(version: &str, codes: &[&str]) -> Vec<u8> {
    let entry = |code: &&str| {
        let parent = code.rsplit_once('/').map(|(above, _)| above);
        json!({ "code": code, "name": format!("Name of {code}"), "parent": parent })
    };
    let entries: Vec<Value> = codes.iter().map(entry).collect();
    let file = json!({ "taxonomy": "house", "version": version, "entries": entries });
    file.to_string().into_bytes()
}

pub(crate) fn walk(rows: &Value) -> Vec<u8> {
    let file = json!({ "crosswalk": "house-to-rsit", "version": "1", "source": "a test",
        "from": { "taxonomy": "house" }, "to": { "taxonomy": "rsit", "version": "1003" },
        "rows": rows });
    file.to_string().into_bytes()
}

async fn import(ground: &Ground, viewer: &Viewer, bytes: &[u8]) -> ops::Report {
    ops::import(ground, viewer, bytes, &Given::default())
        .await
        .unwrap()
}

pub(crate) async fn classify(
    ground: &Ground,
    viewer: &Viewer,
    id: IncidentRef,
    (taxonomy, of, code): (&str, &str, &str),
) -> Result<(), Error> {
    let class = (&name(taxonomy), &version(of), code);
    ops::classify(ground, viewer, id, class).await.map(drop)
}

async fn classes(ground: &Ground, viewer: &Viewer, id: IncidentRef) -> Vec<String> {
    let case = register::view(ground, viewer, id).await.unwrap();
    case.classes.iter().map(ToString::to_string).collect()
}

async fn a_version_stands_beside_the_older_one(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let first = file("1", &["a", "a/x", "b"]);
    let look = ops::preview(&ground, &officer, &first, &Given::default()).await;
    assert_eq!(look.unwrap().state, State::New);
    let all = ops::taxonomies(&ground, &officer).await.unwrap();
    assert!(
        all.iter().all(|one| one.imported.is_none()),
        "a look changes nothing"
    );
    assert_eq!(import(&ground, &officer, &first).await.state, State::New);
    assert_eq!(import(&ground, &officer, &first).await.state, State::Same);
    let second = file("2", &["a", "c"]);
    let report = import(&ground, &officer, &second).await;
    assert_eq!(
        (report.state, report.against),
        (State::Beside, Some(version("1")))
    );
    let counts = (report.added.count, report.gone.count, report.changed.count);
    assert_eq!(counts, (1, 2, 0));
    assert_eq!(report.added.named[0].0, "c");
    let other = file("1", &["a"]);
    let refused = ops::import(&ground, &officer, &other, &Given::default()).await;
    let differs = matches!(refused, Err(Error::Taxonomy(TaxonomyFault::Differs { .. })));
    assert!(differs, "a version does not change");
    let all = ops::taxonomies(&ground, &officer).await.unwrap();
    let house: Vec<&str> = all
        .iter()
        .filter(|one| one.name.as_str() == "house")
        .map(|one| one.version.as_str())
        .collect();
    assert_eq!(house, ["2", "1"]);
    ops::remove(&ground, &officer, (&name("house"), &version("2")))
        .await
        .unwrap();
    let last = ops::taxonomy(&ground, &officer, (&name("house"), None)).await;
    assert_eq!(last.unwrap().version.as_str(), "1");
}

async fn what_ships_is_listed_and_cannot_be_taken_out(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let all = ops::taxonomies(&ground, &officer).await.unwrap();
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["iso-27035", "nis2-sectors", "rsit"]);
    let rsit = (name("rsit"), version("1003"));
    let refused = ops::remove(&ground, &officer, (&rsit.0, &rsit.1)).await;
    assert!(matches!(
        refused,
        Err(Error::Taxonomy(TaxonomyFault::Ships))
    ));
    let walks = ops::walks(&ground, &officer).await.unwrap();
    assert_eq!(walks[0].name.as_str(), "veris-to-rsit");
    let at = (&walks[0].name, &walks[0].version);
    let (_, rows) = ops::walk(&ground, &officer, at).await.unwrap();
    assert_eq!(i64::try_from(rows.len()).unwrap(), walks[0].rows);
    let refused = ops::remove_walk(&ground, &officer, at).await;
    assert!(matches!(
        refused,
        Err(Error::Taxonomy(TaxonomyFault::Ships))
    ));
}

async fn entries_are_found_by_a_part_of_code_or_name(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let codes: Vec<String> = (0..450).map(|n| format!("c{n}_%")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    import(&ground, &officer, &file("1", &codes)).await;
    let found = async |taxonomy: &str, text: &str, after: i64| {
        let asked = Asked {
            text: text.to_owned(),
            after,
            limit: Some(300),
        };
        let taxonomy = name(taxonomy);
        let page = ops::entries(&ground, &officer, (&taxonomy, None), &asked).await;
        let (_, entries, next) = page.unwrap();
        (entries.len(), next)
    };
    assert_eq!(found("house", "", 0).await, (300, Some(300)));
    assert_eq!(found("house", "", 300).await, (150, None));
    assert_eq!(found("house", "NAME OF C44", 0).await, (11, None));
    assert_eq!(found("house", "_%", 0).await.0, 300);
    assert_eq!(
        found("house", "%_", 0).await.0,
        0,
        "signs stand for themselves"
    );
    assert_eq!(found("rsit", "ddos", 0).await, (2, None));
}

async fn an_incident_has_classes_of_the_version_they_were_given_with(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    import(&ground, &officer, &file("1", &["a", "b"])).await;
    let id = entered(&ground, &officer, facts("A")).await;
    classify(&ground, &officer, id, ("house", "1", "a"))
        .await
        .unwrap();
    classify(&ground, &officer, id, ("house", "1", "a"))
        .await
        .unwrap();
    import(&ground, &officer, &file("2", &["a"])).await;
    classify(&ground, &officer, id, ("house", "2", "a"))
        .await
        .unwrap();
    assert_eq!(
        classes(&ground, &officer, id).await,
        ["house 1: a", "house 2: a"]
    );
    let at = (&name("house"), &version("1"));
    let refused = ops::remove(&ground, &officer, at).await;
    let used = matches!(
        refused,
        Err(Error::Taxonomy(TaxonomyFault::InUse { incidents: 1 }))
    );
    assert!(used);
    ops::unclassify(&ground, &officer, id, (at.0, at.1, "a"))
        .await
        .unwrap();
    ops::remove(&ground, &officer, at).await.unwrap();
    assert_eq!(classes(&ground, &officer, id).await, ["house 2: a"]);
    let told = register::changes(&ground, &officer, id).await.unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|one| (one.version, one.before.as_str(), one.after.as_str()))
        .collect();
    let expected = [
        (4, "house 1: a", ""),
        (3, "", "house 2: a"),
        (2, "", "house 1: a"),
    ];
    assert_eq!(told, expected);
}

async fn a_class_that_is_none_is_refused_with_the_nearest(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    import(&ground, &officer, &file("1", &["phishing", "spam"])).await;
    let id = entered(&ground, &officer, facts("A")).await;
    let refused = classify(&ground, &officer, id, ("house", "1", "fishing")).await;
    let told = matches!(
        &refused,
        Err(Error::Taxonomy(TaxonomyFault::NoSuchCode { nearest, .. })) if nearest == "phishing"
    );
    assert!(told, "{refused:?}");
    let refused = classify(&ground, &officer, id, ("house", "9", "spam")).await;
    assert!(matches!(
        refused,
        Err(Error::Taxonomy(TaxonomyFault::NotFound))
    ));
    assert!(classes(&ground, &officer, id).await.is_empty());
}

async fn rsit_and_sectors_go_into_the_facts(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = entered(&ground, &officer, facts("A")).await;
    for class in [
        ("rsit", "1003", "fraud/phishing"),
        ("rsit", "1003", "fraud/phishing"),
        ("nis2-sectors", "5", "health"),
        ("iso-27035", "2016", "malware"),
    ] {
        classify(&ground, &officer, id, class).await.unwrap();
    }
    let case = register::view(&ground, &officer, id).await.unwrap();
    assert_eq!(
        case.incident.facts.rsit.unwrap().to_string(),
        "fraud/phishing"
    );
    assert_eq!(case.incident.facts.sectors[0].as_str(), "health");
    assert_eq!(case.classes.len(), 1);
    assert_eq!(case.incident.version, 4);
    let refused = classify(&ground, &officer, id, ("rsit", "1003", "fraud")).await;
    assert!(matches!(
        refused,
        Err(Error::Taxonomy(TaxonomyFault::HasOne { .. }))
    ));
}

async fn a_cross_walk_suggests_and_applies_nothing(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    import(&ground, &officer, &file("1", &["a", "a/x", "b"])).await;
    let rows = json!([
        { "from": "a", "to": "fraud", "relation": "broad", "note": "so it is" },
        { "from": "b", "to": "no-class-of-rsit", "relation": "exact" },
    ]);
    let report = import(&ground, &officer, &walk(&rows)).await;
    assert!(report.is_walk && report.entries == 2);
    assert_eq!(
        import(&ground, &officer, &walk(&rows)).await.state,
        State::Same
    );
    let id = entered(&ground, &officer, facts("A")).await;
    classify(&ground, &officer, id, ("house", "1", "a/x"))
        .await
        .unwrap();
    classify(&ground, &officer, id, ("house", "1", "b"))
        .await
        .unwrap();
    let told = ops::suggestions(&ground, &officer, id).await.unwrap();
    assert_eq!(told.len(), 1, "what leads nowhere is not told");
    assert_eq!(told[0].class.to_string(), "rsit 1003: fraud");
    assert_eq!(
        told[0].from.code.as_str(),
        "a/x",
        "a row holds for what is below it"
    );
    assert_eq!(told[0].note.as_deref(), Some("so it is"));
    let case = register::view(&ground, &officer, id).await.unwrap();
    assert_eq!(
        case.incident.facts.rsit, None,
        "nothing is applied by itself"
    );
    classify(&ground, &officer, id, ("rsit", "1003", "fraud"))
        .await
        .unwrap();
    assert!(
        ops::suggestions(&ground, &officer, id)
            .await
            .unwrap()
            .is_empty()
    );
    let at = (&name("house-to-rsit"), &version("1"));
    ops::remove_walk(&ground, &officer, at).await.unwrap();
    assert_eq!(ops::walks(&ground, &officer).await.unwrap().len(), 1);
}

async fn classes_go_with_what_is_merged_and_come_back(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    import(&ground, &officer, &file("1", &["a", "b"])).await;
    let into = entered(&ground, &officer, facts("A")).await;
    let from = entered(&ground, &officer, facts("B")).await;
    classify(&ground, &officer, into, ("house", "1", "a"))
        .await
        .unwrap();
    classify(&ground, &officer, from, ("house", "1", "a"))
        .await
        .unwrap();
    classify(&ground, &officer, from, ("house", "1", "b"))
        .await
        .unwrap();
    merged(&ground, &officer, into, from).await;
    assert_eq!(
        classes(&ground, &officer, into).await,
        ["house 1: a", "house 1: b"]
    );
    let why = "no".parse().unwrap();
    incidents::merge::ops::unmerge(&ground, &officer, from, &why)
        .await
        .unwrap();
    assert_eq!(classes(&ground, &officer, into).await, ["house 1: a"]);
    assert_eq!(
        classes(&ground, &officer, from).await,
        ["house 1: a", "house 1: b"]
    );
}

async fn classes_go_to_another_register(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    import(&ground, &officer, &file("1", &["a"])).await;
    let id = entered(&ground, &officer, facts("A")).await;
    classify(&ground, &officer, id, ("house", "1", "a"))
        .await
        .unwrap();
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let filter = incidents::model::Filter::default();
    let page = register::export_lines(&ground, &officer, &filter, request).await;
    let mut lines = page.unwrap().items;
    // A register that does not have the taxonomy keeps what is said.
    let class = &mut lines[0]["incident"]["classes"][0];
    assert_eq!(
        *class,
        json!({ "taxonomy": "house", "version": "1", "code": "a",
        "name": "Name of a" })
    );
    class["version"] = json!("7");
    lines[0]["incident"]["id"] = json!("incident--6f9c1c44-5b0d-45ef-a1dc-ea7279ea910e");
    let done = register::take_in(&ground, &officer, &lines).await.unwrap();
    assert_eq!(done[0].outcome, register::Outcome::Created, "{done:?}");
    let other = done[0].incident.unwrap();
    assert_eq!(classes(&ground, &officer, other).await, ["house 7: a"]);
    let done = register::take_in(&ground, &officer, &lines).await.unwrap();
    assert_eq!(done[0].outcome, register::Outcome::Unchanged);
}

async fn whoever_may_not_import_imports_nothing(db: Db) {
    let ground = ground(db).await;
    let auditor = user(2, Role::Auditor);
    let file = file("1", &["a"]);
    let refused = ops::import(&ground, &auditor, &file, &Given::default()).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let refused = ops::preview(&ground, &auditor, &file, &Given::default()).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let at = (&name("rsit"), &version("1003"));
    let refused = ops::remove(&ground, &auditor, at).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let officer = user(1, Role::DutyOfficer);
    let id = entered(&ground, &officer, facts("A")).await;
    let refused = classify(&ground, &auditor, id, ("iso-27035", "2016", "malware")).await;
    assert!(refused.is_err());
}
