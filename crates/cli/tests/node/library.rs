//! Taxonomies and galaxies taken in, and a collection written as a feed, by the real binary.

use std::fs;

use serde_json::{Value, json};

use crate::command::{comity, done, text, told};

const EVENT: &str = "10000000-0000-4000-8000-000000000001";

#[test]
fn folders_of_taxonomies_and_galaxies_are_taken_in() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let data = at("xa");
    done(&data, &["init", "--party", "XA"]);
    let write = |name: &str, what: &Value| {
        fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        fs::write(at(name), what.to_string()).unwrap();
    };
    let taxonomy = |version: u32| {
        json!({"namespace": "course", "description": "", "version": version,
            "predicates": [{"value": "done"}, {"value": "x".repeat(300)}]})
    };
    write("taxonomies/course/machinetag.json", &taxonomy(2));
    write(
        "taxonomies/bad/machinetag.json",
        &json!({"namespace": "bad"}),
    );
    write("taxonomies/MANIFEST.json", &json!({"version": "1"}));
    let folder = at("taxonomies");
    let output = comity(&data, &["import", "misp-taxonomy", "--json", text(&folder)]);
    assert_eq!(output.status.code(), Some(3), "something was refused");
    let told_of: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        told_of["taken"],
        json!([{"name": "course", "added": true, "version": 2, "tags": 1}])
    );
    let refused = told_of["refused"].as_array().unwrap().iter();
    let codes: Vec<_> = refused.map(|one| &one["code"]).collect();
    assert_eq!(codes, ["intel.no_taxonomy", "left_out"]);
    write("older/machinetag.json", &taxonomy(1));
    let older = at("older");
    let output = comity(&data, &["import", "misp-taxonomy", text(&older)]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.contains("version 2 is here, which is newer than 1"),
        "{said}"
    );

    // Clusters sort before their galaxy, and are named alone.
    write(
        "galaxy/clusters/vessel.json",
        &json!({"type": "vessel", "name": "Vessels", "version": 1, "values": [
            {"uuid": "21000000-0000-4000-8000-000000000001", "value": "barge"}]}),
    );
    write(
        "galaxy/galaxies/vessel.json",
        &json!({"type": "vessel", "name": "Vessels", "version": 1,
            "uuid": "20000000-0000-4000-8000-000000000001"}),
    );
    write("galaxy/schema.json", &json!({"type": "object"}));
    let clusters = at("galaxy/clusters/vessel.json");
    let galaxy = at("galaxy/galaxies/vessel.json");
    let alone = comity(&data, &["import", "misp-galaxy", text(&clusters)]);
    assert_eq!(alone.status.code(), Some(3));
    let both = [
        "import",
        "misp-galaxy",
        "--json",
        text(&clusters),
        text(&galaxy),
    ];
    let told_of = told(&data, &both);
    assert_eq!(told_of["taken"][1]["clusters"], 1);
    let folder = at("galaxy");
    let said = done(&data, &["import", "misp-galaxy", text(&folder)]);
    assert!(said.contains("in place of what was here"), "{said}");
    let missing = at("nothing");
    let output = comity(&data, &["import", "misp-galaxy", text(&missing)]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_feed_goes_in_and_out() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let data = at("xa");
    done(&data, &["init", "--party", "XA"]);
    let list = at("list.txt");
    fs::write(&list, "evil.example\n").unwrap();
    done(
        &data,
        &["import", "--collection", "events", "--create", text(&list)],
    );
    let given = at("given");
    fs::create_dir(&given).unwrap();
    let event = json!({"Event": {
        "uuid": EVENT, "info": "An event", "date": "2026-11-20", "timestamp": "1795132800",
        "published": true, "distribution": "3", "analysis": "2", "threat_level_id": "4",
        "Orgc": {"uuid": "40000000-0000-4000-8000-000000000001", "name": "CSIRT of Brevonia"},
        "Tag": [{"name": "tlp:green"}],
        "Attribute": [{"uuid": "10000000-0000-4000-8000-00000000000a", "type": "domain",
            "category": "Network activity", "value": "evil.example", "to_ids": true,
            "timestamp": "1795132800"}],
    }});
    fs::write(given.join(format!("{EVENT}.json")), event.to_string()).unwrap();
    let manifest = json!({ EVENT: {"timestamp": "1795132800"} });
    fs::write(given.join("manifest.json"), manifest.to_string()).unwrap();
    done(
        &data,
        &[
            "import",
            "misp-feed",
            text(&given),
            "--collection",
            "intel/events",
        ],
    );
    let feed = at("feed");
    let words = ["export", "misp-feed", "events", text(&feed), "--json"];
    let first = told(&data, &words);
    assert_eq!(
        (&first["events"], &first["written"]),
        (&json!(1), &json!(1))
    );
    let text_of = |name: &str| fs::read_to_string(feed.join(name)).unwrap();
    let written: Value = serde_json::from_str(&text_of(&format!("{EVENT}.json"))).unwrap();
    assert_eq!(written["Event"]["Orgc"]["name"], "CSIRT of Brevonia");
    assert_eq!(written["Event"]["Attribute"][0]["value"], "evil.example");
    assert!(text_of("hashes.csv").ends_with(&format!(",{EVENT}\n")));
    assert!(text_of("manifest.json").contains("An event"));
    assert_eq!(told(&data, &words)["written"], 0);
    let strict = [
        "export",
        "misp-feed",
        "events",
        text(&feed),
        "--max-marking",
        "CLEAR",
        "--json",
    ];
    let strict = told(&data, &strict);
    assert_eq!(
        (&strict["events"], &strict["removed"], &strict["stricter"]),
        (&json!(0), &json!(1), &json!(1))
    );
    let output = comity(&data, &["export", "misp-feed", "events", text(&given)]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("choose another folder"), "{said}");
}
