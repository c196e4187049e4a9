//! Incidents from other formats and into them, on both engines.
use std::{io::Read, path::PathBuf};

use crate::house::{facts, ground, in_exercise, user};
use audit::Ground;
use db::Db;
use incidents::{
    Error,
    formats::{
        model::{Fate, Format, Settings, Why, Written},
        ops::{self, Importer, Report, documents, import_text},
    },
    model::Filter,
    ops as register,
};
use kernel::{IncidentRef, Limit, Mode, PageRequest, Role, Tlp, Viewer};
use serde_json::{Value, json};

db::contract! {
    what_comes_from_vcdb_goes_out_as_it_was,
    a_second_import_makes_no_second_entry,
    what_changed_comes_in_and_what_was_edited_here_stays,
    one_id_is_one_document,
    bad_documents_are_refused_and_the_others_taken,
    a_preview_writes_nothing,
    labels_and_modes_hold,
    what_was_edited_goes_out_in_the_document,
    a_table_comes_back,
    every_format_is_written_for_those_who_may,
    an_import_is_in_the_history_of_each_entry,
    what_is_kept_travels_to_another_register,
}

fn node() -> Viewer {
    Viewer::node("import", "XA".parse().unwrap(), Mode::Real)
}

async fn take(ground: &Ground, text: &str) -> Report {
    take_as(ground, &node(), text, &Settings::default()).await
}

async fn take_as(ground: &Ground, viewer: &Viewer, text: &str, settings: &Settings) -> Report {
    let done = import_text(ground, viewer, (text, None), settings, false).await;
    done.unwrap().1
}

fn doc(id: &str) -> Value {
    json!({
        "schema_version": "1.3.4",
        "incident_id": id,
        "source_id": "vcdb",
        "security_incident": "Confirmed",
        "summary": "Letters went to the wrong people.",
        "action": { "error": { "variety": ["Misdelivery"] } },
        "timeline": { "incident": { "year": 2013 } },
        "victim": { "country": ["US"], "victim_id": "A hospital" },
        "plus": { "analyst": "somebody" },
    })
}

/// Every entry in a format.
async fn written(ground: &Ground, viewer: &Viewer, format: Written) -> Vec<String> {
    let mut files = Vec::new();
    let mut request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    loop {
        let asked = (&Filter::default(), request);
        let file = ops::export_as(ground, viewer, asked, format).await.unwrap();
        files.push(file.text);
        match file.next {
            Some(next) => request.after = Some(next),
            None => return files,
        }
    }
}

async fn documents_of(ground: &Ground) -> Vec<Value> {
    let mut all = Vec::new();
    for text in written(ground, &node(), Written::Veris).await {
        match serde_json::from_str(&text).unwrap() {
            Value::Array(some) => all.extend(some),
            one => all.push(one),
        }
    }
    sorted(all)
}

fn sorted(mut docs: Vec<Value>) -> Vec<Value> {
    docs.sort_by_key(Value::to_string);
    docs
}

/// The incidents of VCDB, where the data of the tests are.
fn vcdb() -> Vec<Value> {
    let given = std::env::var_os("COMITY_TEST_DATA").map(PathBuf::from);
    let folder = given.unwrap_or_else(|| {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
        PathBuf::from(root)
    });
    let file = std::fs::File::open(folder.join("vcdb/vcdb-validated-half-A.tar.gz"));
    let file = file.unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut docs = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        if text.trim_start().starts_with('{') {
            docs.push(serde_json::from_str(&text).unwrap());
        }
    }
    docs
}

async fn what_comes_from_vcdb_goes_out_as_it_was(db: Db) {
    let ground = ground(db).await;
    // More than a batch; that nothing of any is lost is a test without a database.
    let docs: Vec<Value> = vcdb().into_iter().step_by(8).collect();
    assert_eq!(docs.len(), 534);
    let lines: Vec<String> = docs.iter().map(Value::to_string).collect();
    let text = lines.join("\n");
    let report = take(&ground, &text).await;
    assert_eq!(report.of(Fate::Created), 534, "{:?}", report.counts);
    assert!(!report.is_cut);
    let out = documents_of(&ground).await;
    assert_eq!(out.len(), docs.len());
    for (theirs, ours) in sorted(docs).iter().zip(&out) {
        assert_eq!(ours, theirs);
    }
    let again = take(&ground, &text).await;
    assert_eq!(again.of(Fate::Unchanged), 534, "{:?}", again.counts);
}

async fn a_second_import_makes_no_second_entry(db: Db) {
    let ground = ground(db).await;
    let text = json!([doc("1"), doc("2")]).to_string();
    assert_eq!(take(&ground, &text).await.of(Fate::Created), 2);
    // The order of members and the white space say nothing.
    let other = serde_json::to_string_pretty(&json!([doc("2"), doc("1")])).unwrap();
    let again = take(&ground, &other).await;
    assert_eq!(again.of(Fate::Unchanged), 2);
    assert_eq!(documents_of(&ground).await.len(), 2);
}

async fn what_changed_comes_in_and_what_was_edited_here_stays(db: Db) {
    let ground = ground(db).await;
    take(&ground, &doc("1").to_string()).await;
    let mut changed = doc("1");
    changed["victim"]["victim_id"] = json!("Another hospital");
    let report = take(&ground, &changed.to_string()).await;
    assert_eq!(report.of(Fate::Updated), 1, "{report:?}");
    assert_eq!(documents_of(&ground).await, [changed.clone()]);
    let analyst = user(1, Role::Analyst);
    let public = only(&ground).await;
    let edited = facts("edited here");
    let edit = register::edit(&ground, &analyst, public, 2, edited);
    edit.await.unwrap();
    let report = take(&ground, &doc("1").to_string()).await;
    assert_eq!(report.of(Fate::KeptOurs), 1);
    assert_eq!(report.told[0].incident, Some(public));
}

async fn only(ground: &Ground) -> IncidentRef {
    let request = PageRequest::default();
    let page = register::list(ground, &node(), &Filter::default(), request).await;
    let page = page.unwrap();
    assert_eq!(page.items.len(), 1);
    page.items[0].public
}

async fn one_id_is_one_document(db: Db) {
    let ground = ground(db).await;
    let mut other = doc("1");
    other["summary"] = json!("Something else.");
    let text = format!("{}\n{}\n{}", doc("1"), other, doc("1"));
    let report = take(&ground, &text).await;
    assert_eq!(report.of(Fate::Created), 1);
    assert_eq!(report.of(Fate::Unchanged), 1);
    assert_eq!(report.of(Fate::Refused), 1);
    assert_eq!(report.told[0].place, "line 2");
    assert_eq!(report.told[0].remarks[0].why, Why::SameId);
    // Two incidents of one id, which their source tells apart.
    other["plus"]["master_id"] = json!("2");
    assert_eq!(take(&ground, &other.to_string()).await.of(Fate::Created), 1);
}

async fn bad_documents_are_refused_and_the_others_taken(db: Db) {
    let ground = ground(db).await;
    let mut old = doc("2");
    old["schema_version"] = json!("1.0");
    let text = format!("{}\n{}\n{{\"a\":\n{}\n[1, 2", doc("1"), old, doc("3"));
    let report = take(&ground, &text).await;
    assert_eq!(report.of(Fate::Created), 2, "{report:?}");
    assert!(report.is_cut, "the list has no end");
    let whys: Vec<(&str, Why)> = report
        .told
        .iter()
        .map(|told| (told.place.as_str(), told.remarks[0].why))
        .collect();
    assert_eq!(whys[0], ("line 2", Why::Unreadable));
    assert_eq!(whys[1], ("line 3", Why::Unreadable));
    assert_eq!(whys.last(), Some(&("line 5", Why::CutOff)));
    for text in ["{}", "{\"type\":\"bundle\"", ""] {
        let refused =
            import_text(&ground, &node(), (text, None), &Settings::default(), false).await;
        match refused {
            Err(Error::ImportUnreadable { .. }) => {}
            other => assert_eq!(other.unwrap().1.of(Fate::Created), 0),
        }
    }
}

async fn a_preview_writes_nothing(db: Db) {
    let ground = ground(db).await;
    let text = "title,country\nA,US\nB,Atlantis\n";
    let settings = Settings::default();
    let done = import_text(&ground, &node(), (text, None), &settings, true).await;
    let (format, report, first) = done.unwrap();
    assert_eq!(format, Format::Csv);
    assert_eq!((report.of(Fate::Created), report.of(Fate::Refused)), (1, 1));
    assert_eq!(first.len(), 2);
    let titles: Vec<_> = first
        .iter()
        .filter_map(|one| Some(one.facts.as_ref()?.title.to_string()))
        .collect();
    assert_eq!(titles, ["A"]);
    assert!(documents_of(&ground).await.is_empty());
}

async fn labels_and_modes_hold(db: Db) {
    let ground = ground(db).await;
    let event = |tags: Value| {
        json!({ "Event": { "uuid": "5a1f0f2c-3c5e-4a7e-9a54-0000000000aa", "info": "A", "Tag": tags } })
            .to_string()
    };
    let analyst = user(1, Role::Analyst);
    for (tags, why) in [
        (json!([{ "name": "tlp:red" }]), Why::Forbidden),
        (json!([{ "name": "tlp:nobody-knows" }]), Why::Forbidden),
        (
            json!([{ "name": "exercise:generic=\"comcheck\"" }]),
            Why::Forbidden,
        ),
    ] {
        let report = take(&ground, &event(tags)).await;
        assert_eq!(report.told[0].remarks[0].why, why);
        assert_eq!(report.of(Fate::Created), 0);
    }
    // Whoever takes in what is RED can read it, and nobody else.
    let red = event(json!([{ "name": "tlp:red" }]));
    let report = take_as(&ground, &analyst, &red, &Settings::default()).await;
    assert_eq!(report.of(Fate::Created), 1);
    let report = take_as(&ground, &analyst, &red, &Settings::default()).await;
    assert_eq!(report.of(Fate::Unchanged), 1);
    let report = take_as(&ground, &user(2, Role::Analyst), &red, &Settings::default()).await;
    assert_eq!(report.told[0].remarks[0].why, Why::IdTaken);
    // An id that is real is not taken by an exercise.
    let player = in_exercise(user(1, Role::Analyst));
    let taken = take_as(&ground, &player, &red, &Settings::default()).await;
    assert_eq!(taken.told[0].remarks[0].why, Why::IdTaken);
    let diplomat = user(2, Role::Diplomat);
    let refused = import_text(&ground, &diplomat, (&red, None), &Settings::default(), true).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    assert!(Importer::new(&ground, &diplomat, Format::Csv).is_err());
}

async fn what_was_edited_goes_out_in_the_document(db: Db) {
    let ground = ground(db).await;
    take(&ground, &doc("1").to_string()).await;
    let public = only(&ground).await;
    let analyst = user(1, Role::Analyst);
    let mut edited = register::view(&ground, &analyst, public)
        .await
        .unwrap()
        .incident
        .facts;
    edited.victims = ["FR".parse().unwrap()].to_vec();
    edited.description = "Better known now.".parse().unwrap();
    edited.title = "A better title".parse().unwrap();
    register::edit(&ground, &analyst, public, 1, edited.clone())
        .await
        .unwrap();
    let out = documents_of(&ground).await.remove(0);
    assert_eq!(out["victim"]["country"], json!(["FR"]));
    assert_eq!(out["summary"], "Better known now.");
    assert_eq!(out["plus"]["analyst"], "somebody");
    assert_eq!(out["action"], doc("1")["action"]);
    let settings = Settings::default();
    let text = out.to_string();
    let found = documents(Format::Veris, &text, &settings)
        .unwrap()
        .next()
        .unwrap();
    let read = found.read.unwrap();
    assert_eq!(
        (&read.facts.title, &read.facts.victims),
        (&edited.title, &edited.victims)
    );
}

async fn a_table_comes_back(db: Db) {
    let ground = ground(db).await;
    let text = "id,title,country,sector,rsit,from,to,determination,stage,tlp,persons,other\n\
                a1,=Formula,US;FR,health,availability/ddos,2024-05,2024-05-08,confirmed,open,GREEN,12,x\n\
                a2,\"Two, lines\",,,,,,,,CLEAR,,\n";
    assert_eq!(take(&ground, text).await.of(Fate::Created), 2);
    let out = written(&ground, &node(), Written::Csv).await.remove(0);
    assert!(
        out.contains(",'=Formula,") && out.contains("\"FR;US\""),
        "{out}"
    );
    // The other register: what it reads is what this one has.
    let settings = Settings::default();
    let plain = out.trim_start_matches('\u{feff}');
    let found: Vec<_> = documents(Format::Csv, plain, &settings).unwrap().collect();
    for one in found {
        let draft = one.read.unwrap();
        let public: IncidentRef = one.name.parse().unwrap();
        let case = register::view(&ground, &user(1, Role::Analyst), public)
            .await
            .unwrap();
        assert_eq!(draft.facts, case.incident.facts);
        assert_eq!(draft.stage, case.incident.status.stage());
        assert_eq!(draft.harm.len(), case.harm.len());
    }
    assert_eq!(take(&ground, text).await.of(Fate::Unchanged), 2);
}

async fn every_format_is_written_for_those_who_may(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let mut open = facts("An open one");
    open.tlp = Tlp::Green;
    let open = register::create(&ground, &analyst, open)
        .await
        .unwrap()
        .public;
    let mut closed = facts("A secret one");
    closed.tlp = Tlp::Red;
    let closed = register::create(&ground, &analyst, closed)
        .await
        .unwrap()
        .public;
    for format in Written::ALL {
        let all = written(&ground, &user(2, Role::Analyst), *format).await;
        assert!(all[0].contains("An open one"), "{format}");
        assert!(!all[0].contains("secret"), "{format}");
        let one = ops::export_one(&ground, &user(2, Role::Analyst), open, *format).await;
        assert_eq!(one.unwrap().entries, 1);
        let hidden = ops::export_one(&ground, &user(2, Role::Analyst), closed, *format).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{format}");
        let refused = ops::export_one(&ground, &user(3, Role::Auditor), open, *format).await;
        assert!(refused.is_err(), "{format}");
    }
}

async fn an_import_is_in_the_history_of_each_entry(db: Db) {
    let ground = ground(db).await;
    take(&ground, &json!([doc("1"), doc("2")]).to_string()).await;
    let page = register::list(&ground, &node(), &Filter::default(), PageRequest::default()).await;
    for listed in page.unwrap().items {
        let request = PageRequest::default();
        let acts = register::history(&ground, &node(), listed.public, request)
            .await
            .unwrap();
        assert_eq!(acts.items[0].code, "incident.taken_in");
        assert_eq!(acts.items[0].what().unwrap()["version"], 1);
    }
    let filter = Filter {
        text: Some("letters hospital".to_owned()),
        ..Filter::default()
    };
    let found = register::list(&ground, &node(), &filter, PageRequest::default()).await;
    assert_eq!(found.unwrap().items.len(), 2);
}

async fn what_is_kept_travels_to_another_register(db: Db) {
    let ground = ground(db).await;
    take(&ground, &doc("1").to_string()).await;
    let request = PageRequest::default();
    let lines = register::export_lines(&ground, &node(), &Filter::default(), request).await;
    let lines = lines.unwrap().items;
    assert_eq!(lines[0]["veris"], doc("1"));
    let mut changed = lines[0].clone();
    changed["incident"]["id"] = json!("incident--6f9c1c44-5b0d-45ef-a1dc-ea7279ea910e");
    register::take_in(&ground, &node(), &[changed])
        .await
        .unwrap();
    assert_eq!(documents_of(&ground).await, [doc("1"), doc("1")]);
}
