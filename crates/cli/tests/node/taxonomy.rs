//! Taxonomies of classes, by the real binary.

use std::fs;

use serde_json::json;

use crate::command::{comity, done, refused, text, told};

#[test]
fn a_taxonomy_is_looked_at_imported_shown_and_taken_out() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let data = at("xa");
    done(&data, &["init", "--party", "XA"]);
    let file = |name: &str, version: &str, codes: &[&str]| {
        let entries: Vec<_> = codes.iter().map(|code| json!({ "code": code })).collect();
        let whole = json!({ "taxonomy": "house", "version": version, "entries": entries });
        fs::write(at(name), whole.to_string()).unwrap();
        at(name)
    };
    let first = file("one.json", "1", &["a", "b"]);
    let look = ["taxonomy", "import", text(&first), "--dry-run"];
    let said = done(&data, &look);
    assert!(said.contains("house 1: 2 entries, new"), "{said}");
    let list = ["taxonomy", "list", "--json"];
    assert_eq!(
        told(&data, &list)["taxonomies"].as_array().unwrap().len(),
        3
    );
    done(&data, &["taxonomy", "import", text(&first)]);
    let second = file("two.json", "2", &["b", "c"]);
    let report = told(&data, &["taxonomy", "import", text(&second), "--json"]);
    assert_eq!(report["state"], "beside");
    assert_eq!(report["added"]["named"][0]["code"], "c");
    assert_eq!(report["gone"]["named"][0]["code"], "a");
    let other = file("other.json", "2", &["z"]);
    let said = refused(&data, &["taxonomy", "import", text(&other)]);
    assert!(said.contains("with other contents"), "{said}");
    let said = done(&data, &["taxonomy", "show", "house", "--search", "C"]);
    assert!(
        said.contains("house 2") && said.contains("  c  c"),
        "{said}"
    );
    let said = done(&data, &["taxonomy", "show", "veris-to-rsit"]);
    assert!(
        said.contains("Ransomware → information-content-security"),
        "{said}"
    );
    done(&data, &["taxonomy", "remove", "house", "2"]);
    let said = refused(&data, &["taxonomy", "remove", "rsit", "1003"]);
    assert!(said.contains("ships"), "{said}");
    let said = refused(&data, &["taxonomy", "show", "nothing"]);
    assert!(said.contains("comity taxonomy list"), "{said}");
}

#[test]
fn a_cross_walk_goes_out_as_a_table_and_comes_in_again() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let data = at("xa");
    done(&data, &["init", "--party", "XA"]);
    let crosswalk = ["taxonomy", "crosswalk"];
    let with = |words: &[&'static str]| [&crosswalk[..], words].concat();
    let printed = done(&data, &with(&["export", "veris-to-rsit"]));
    assert!(
        printed.starts_with("from_taxonomy,from_version,from,to_taxonomy,"),
        "{printed}"
    );
    let file = at("walk.csv");
    done(
        &data,
        &[&with(&["export", "veris-to-rsit"])[..], &[text(&file)]].concat(),
    );
    let table = fs::read_to_string(&file).unwrap();
    assert_eq!(table.lines().count(), printed.lines().count());
    let twice = [&with(&["export", "veris-to-rsit"])[..], &[text(&file)]].concat();
    assert!(refused(&data, &twice).contains("cannot be written"));
    let named = ["--name", "again", "--crosswalk-version", "1"];
    let words = [&with(&["import"])[..], &[text(&file)], &named[..]].concat();
    let look = [&words[..], &["--preview"]].concat();
    assert!(done(&data, &look).contains("again 1: "));
    done(&data, &words);
    let said = done(&data, &["taxonomy", "show", "again"]);
    assert!(said.contains("Ransomware → "), "{said}");
    // What is wrong is told with its line, and nothing is imported.
    fs::write(&file, table.replace("fraud/phishing", "fraud/fishing")).unwrap();
    let named = ["--name", "wrong", "--crosswalk-version", "1"];
    let words = [&with(&["import"])[..], &[text(&file)], &named[..]].concat();
    let output = comity(&data, &words);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("rsit has no class fraud/fishing") && said.contains("fraud/phishing"),
        "{said}"
    );
    assert!(refused(&data, &["taxonomy", "show", "wrong"]).contains("comity taxonomy list"));
}

#[test]
fn a_bad_file_is_told_with_its_place() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let data = at("xa");
    done(&data, &["init", "--party", "XA"]);
    fs::write(at("bad.csv"), "code,parent\na,\nb,c\n").unwrap();
    let bad = at("bad.csv");
    let words = ["taxonomy", "import", text(&bad), "--name", "ours"];
    let output = comity(&data, &words);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("--taxonomy-version"), "{said}");
    let words = [&words[..], &["--taxonomy-version", "1"]].concat();
    let output = comity(&data, &words);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("line 3.parent: c is no entry of it"),
        "{said}"
    );
    let missing = at("nothing");
    let output = comity(&data, &["taxonomy", "import", text(&missing)]);
    assert_eq!(output.status.code(), Some(2));
    fs::write(at("twice.csv"), "code\na\na\n").unwrap();
    let twice = at("twice.csv");
    let words = [
        "taxonomy",
        "import",
        text(&twice),
        "--name",
        "ours",
        "--taxonomy-version",
        "1",
    ];
    assert_eq!(comity(&data, &words).status.code(), Some(3));
}
