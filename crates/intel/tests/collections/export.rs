//! What leaves a collection as a file, on both engines.
use db::Db;
use intel::{
    export::Target,
    model::Filter,
    ops::{self, Export, ExportReport, Exporting},
};
use kernel::{Mode, Tlp, Viewer};
use serde_json::{Value, json};

use crate::house::{House, PLACE, malware};

db::contract! {
    a_bundle_has_every_object_as_it_was_given,
    labels_above_the_limit_stay_and_are_counted,
    lines_tables_values_and_events_have_what_they_can,
    what_a_format_has_no_place_for_is_told,
    an_export_stands_in_the_ledger_of_acts,
    an_exercise_says_so_in_every_format,
    a_collection_goes_with_all_that_it_held,
}

fn all(target: Target) -> Exporting {
    Exporting {
        target,
        filter: Filter::default(),
        after: 0,
        max_marking: Tlp::Red,
    }
}

async fn file(house: &House, exporting: Exporting) -> (String, ExportReport) {
    let begun = Export::begin(&house.ground, &house.analyst, PLACE, exporting).await;
    let mut export = begun.unwrap();
    let mut bytes = Vec::new();
    while let Some(page) = export.next().await.unwrap() {
        bytes.extend(page);
    }
    (String::from_utf8(bytes).unwrap(), export.report())
}

fn indicator(number: u32, value: &str, tlp: Tlp) -> Value {
    json!({
        "type": "indicator", "spec_version": "2.1",
        "id": format!("indicator--00000000-0000-4000-8000-{number:012}"),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "name": format!("=cmd|{number}"), "pattern_type": "stix",
        "pattern": format!("[domain-name:value = '{value}']"),
        "valid_from": "2026-01-01T00:00:00Z",
        "object_marking_refs": [crate::house::marking(tlp)],
    })
}

async fn a_bundle_has_every_object_as_it_was_given(db: Db) {
    let house = House::open(db).await;
    let objects: Vec<_> = (0..1_200).map(|number| malware(number, 0, None)).collect();
    house.import(&objects).await;
    let (text, report) = file(&house, all(Target::Stix)).await;
    let bundle: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(bundle["objects"].as_array().unwrap(), &objects);
    assert!(bundle["id"].as_str().unwrap().starts_with("bundle--"));
    assert_eq!((report.objects, report.unmarked), (1_200, 1_200));
    assert!(report.is_whole && report.losses.is_empty());
}

async fn labels_above_the_limit_stay_and_are_counted(db: Db) {
    let house = House::open(db).await;
    house
        .import(&[
            malware(1, 0, Some(Tlp::Green)),
            malware(2, 0, Some(Tlp::Amber)),
            malware(3, 0, None),
            malware(4, 0, Some(Tlp::Red)),
        ])
        .await;
    let limited = Exporting {
        max_marking: Tlp::Green,
        ..all(Target::StixLines)
    };
    let (text, report) = file(&house, limited).await;
    assert_eq!(text.lines().count(), 1);
    // RED names nobody here, so that the viewer does not know of it.
    assert_eq!(report.left_out, [(Tlp::Amber, 1), (Tlp::AmberStrict, 1)]);
}

async fn lines_tables_values_and_events_have_what_they_can(db: Db) {
    let house = House::open(db).await;
    let address = json!({"type": "ipv4-addr", "value": "198.51.100.7", "spec_version": "2.1",
        "id": "ipv4-addr--00000000-0000-5000-8000-000000000001"});
    house
        .import(&[
            indicator(1, "evil.example", Tlp::Green),
            indicator(2, "bad.example", Tlp::Amber),
            indicator(3, "evil.example", Tlp::Green),
            address,
        ])
        .await;
    let (lines, _) = file(&house, all(Target::StixLines)).await;
    assert_eq!(lines.lines().count(), 4);
    let (values, report) = file(&house, all(Target::Values)).await;
    assert_eq!(values, "evil.example\nbad.example\n");
    assert_eq!(report.losses[0].name, "no_value");
    let (rules, report) = file(&house, all(Target::Suricata)).await;
    assert_eq!(rules.lines().count(), 2);
    assert!(
        rules.contains("dns.query; content:\"evil.example\"; nocase; endswith;"),
        "{rules}"
    );
    let (again, _) = file(&house, all(Target::Suricata)).await;
    assert_eq!(rules, again, "a rule keeps its number");
    assert_eq!(report.losses[0].name, "no_value");
    let (table, _) = file(&house, all(Target::Csv)).await;
    let rows: Vec<_> = table.lines().collect();
    assert_eq!(rows.len(), 5);
    assert!(
        rows[1].contains(",domain,evil.example,\"'=cmd|1\","),
        "{}",
        rows[1]
    );
    assert!(rows[4].contains(",ipv4-addr,198.51.100.7,"), "{}", rows[4]);
    let (events, _) = file(&house, all(Target::Misp)).await;
    let events: Value = serde_json::from_str(&events).unwrap();
    let event = &events["Event"];
    assert_eq!(event["info"], "A feed");
    let tags: Vec<_> = event["Tag"].as_array().unwrap().iter().collect();
    assert!(
        tags.iter().any(|tag| tag["name"] == "tlp:amber+strict"),
        "{tags:?}"
    );
    let attributes = event["Attribute"].as_array().unwrap();
    assert!(attributes.iter().any(|one| one["value"] == "bad.example"));
}

async fn what_a_format_has_no_place_for_is_told(db: Db) {
    let house = House::open(db).await;
    house.import(&[malware(1, 0, None)]).await;
    let looked = ops::look_at_export(&house.ground, &house.analyst, PLACE, all(Target::Csv)).await;
    let names: Vec<_> = looked
        .unwrap()
        .losses
        .iter()
        .map(|loss| (loss.place.clone(), loss.name.clone()))
        .collect();
    assert_eq!(names, [("malware".to_owned(), "is_family".to_owned())]);
}

async fn an_export_stands_in_the_ledger_of_acts(db: Db) {
    let house = House::open(db).await;
    house.import(&[malware(1, 0, None)]).await;
    let acts = async || {
        let mut tx = house.ground.db.begin_read().await.unwrap();
        let (count,): (i64,) = db::query(
            "SELECT count(*) FROM ledger_leaf AS l JOIN ledger_act AS a ON a.id = l.act \
             WHERE a.code = 'intel.exported'",
        )
        .fetch_one(&mut tx)
        .await
        .unwrap();
        count
    };
    ops::look_at_export(&house.ground, &house.analyst, PLACE, all(Target::Stix))
        .await
        .unwrap();
    assert_eq!(acts().await, 0, "nothing left the house");
    file(&house, all(Target::Stix)).await;
    assert_eq!(acts().await, 1);
}

async fn an_exercise_says_so_in_every_format(db: Db) {
    let house = House::open(db).await;
    let player = Viewer {
        mode: Mode::Exercise,
        ..house.analyst.clone()
    };
    let root = "exercise".parse().unwrap();
    let ground = &house.ground;
    ops::create(ground, &player, &root, crate::house::settings("drill"))
        .await
        .unwrap();
    let place = ("exercise", "drill");
    let bundle = indicator(1, "evil.example", Tlp::Green).to_string();
    ops::import(ground, &player, place, bundle.into_bytes())
        .await
        .unwrap();
    for target in Target::ALL {
        let mut export = Export::begin(ground, &player, place, all(target))
            .await
            .unwrap();
        assert!(ops::file_name(export.collection(), target).starts_with("EXERCISE-"));
        let mut text = String::new();
        while let Some(page) = export.next().await.unwrap() {
            text.push_str(str::from_utf8(&page).unwrap());
        }
        let said = text.contains("EXERCISE: none of this is real.") || text.ends_with(",true\r\n");
        assert!(said, "{}: {text}", target.as_str());
    }
}

async fn a_collection_goes_with_all_that_it_held(db: Db) {
    let house = House::open(db).await;
    let ground = &house.ground;
    let root = house.collection.root.clone();
    let second = crate::house::settings("second");
    ops::create(ground, &house.analyst, &root, second)
        .await
        .unwrap();
    house
        .import(&[malware(1, 0, None), malware(2, 0, None)])
        .await;
    let shared = malware(1, 0, None).to_string().into_bytes();
    let kept = ("feeds", "second");
    ops::import(ground, &house.analyst, kept, shared)
        .await
        .unwrap();
    let stale = ops::drop_collection(ground, &house.analyst, PLACE, 7).await;
    assert_eq!(stale.unwrap_err().code(), "intel.stale");
    ops::drop_collection(ground, &house.analyst, PLACE, 1)
        .await
        .unwrap();
    let gone = ops::collection(ground, &house.analyst, PLACE.0, PLACE.1).await;
    assert_eq!(gone.unwrap_err().code(), "intel.not_found");
    let left = ops::contents(ground, &house.analyst, kept.0, kept.1)
        .await
        .unwrap();
    assert_eq!(left[0].objects, 1, "another collection keeps its own");
    let mut tx = ground.db.begin_read().await.unwrap();
    let (contents,): (i64,) = db::query("SELECT count(*) FROM stix_version")
        .fetch_one(&mut tx)
        .await
        .unwrap();
    assert_eq!(contents, 1);
}
