//! The interface as it is promised: its description, and who may do what with it.

use std::{collections::BTreeSet, env, fmt::Write, fs, path::Path, str::FromStr};

use access::policy::{Act, Subject, decide};
use axum::http::StatusCode;
use kernel::{Mode, Role, UserId, Viewer, Who};
use serde_json::Value;

use crate::support::{Person, Web, ask, concrete, request, web};

/// What the description says of an operation.
struct Operation {
    method: String,
    path: String,
    act: String,
}

fn operations(web: &Web) -> Vec<Operation> {
    let document = serde_json::to_value(&web.document).unwrap();
    let mut all = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            all.push(Operation {
                method: method.clone(),
                path: path.clone(),
                act: operation["x-act"].as_str().unwrap_or("none").to_owned(),
            });
        }
    }
    // MISP's own interface stands in no description of ours.
    all.extend(misp::ROUTES.iter().map(|route| Operation {
        method: route.method.to_lowercase(),
        path: route.path(),
        act: route.act.to_owned(),
    }));
    assert!(all.len() > 30, "only {} operations", all.len());
    all
}

/// Compares with a golden file, or writes it when `COMITY_BLESS` is set.
fn assert_golden(path: &Path, text: &str) {
    if env::var_os("COMITY_BLESS").is_some() {
        fs::write(path, text).unwrap();
    }
    let golden = fs::read_to_string(path).unwrap_or_default();
    let differs = golden
        .lines()
        .zip(text.lines())
        .position(|(one, other)| one != other);
    assert!(
        golden == text,
        "{} is not what the program says (line {:?}): run `cargo xtask bless` and look at the \
         difference",
        path.display(),
        differs.map(|line| line + 1)
    );
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[tokio::test]
async fn the_description_of_the_interface_is_the_published_one() {
    let web = web(10_000).await;
    let mut text = serde_json::to_string_pretty(&web.document).unwrap();
    text.push('\n');
    assert_golden(&root().join("../../docs/integrators/openapi.json"), &text);
}

/// Every value of the description, with the way that leads to it.
fn walk(value: &Value, way: &str, see: &mut impl FnMut(&str, &Value)) {
    see(way, value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, &format!("{way}/{name}"), see);
            }
        }
        Value::Array(items) => {
            for item in items {
                walk(item, way, see);
            }
        }
        _ => {}
    }
}

/// What is written with a capital and small letters is a name of the program's, and never a word of the
/// interface.
#[tokio::test]
async fn words_are_described_as_they_are_sent() {
    let web = web(10_000).await;
    let document = serde_json::to_value(&web.document).unwrap();
    let (mut seen, mut wrong) = (0, Vec::new());
    walk(&document["components"]["schemas"], "", &mut |way, value| {
        let Some(word) = value.as_str().filter(|_| way.ends_with("/enum")) else {
            return;
        };
        seen += 1;
        let mut letters = word.chars();
        let is_capital = letters.next().is_some_and(char::is_uppercase);
        if is_capital && letters.any(char::is_lowercase) {
            wrong.push(format!("{way}: {word}"));
        }
    });
    assert!(seen > 300, "only {seen} words");
    assert_eq!(wrong, [""; 0]);
    let factors = &document["components"]["schemas"]["Factor"];
    assert_eq!(factors["enum"][0], "F1");
}

#[tokio::test]
async fn every_operation_says_what_it_takes_who_comes_in_and_how_it_fails() {
    let web = web(10_000).await;
    let document = serde_json::to_value(&web.document).unwrap();
    let doors = document["components"]["securitySchemes"]
        .as_object()
        .unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let way = format!("{method} {path}");
            let named = operation["security"].as_array();
            let named = named.into_iter().flatten().filter_map(Value::as_object);
            let named: Vec<_> = named.flat_map(|door| door.keys()).collect();
            assert_eq!(named.is_empty(), operation["x-act"] == "open", "{way}");
            assert!(named.iter().all(|name| doors.contains_key(*name)), "{way}");
            let failure = operation["responses"]["default"]["$ref"].as_str().unwrap();
            let failure = document.pointer(failure.trim_start_matches('#')).unwrap();
            assert!(failure["content"].is_object(), "{way}: {failure}");
            let given = operation["parameters"].as_array().into_iter().flatten();
            let given = given.filter(|one| one["in"] == "path");
            let given = given.map(|one| format!("{{{}}}", one["name"].as_str().unwrap()));
            let asked = path.split('/').filter(|part| part.starts_with('{'));
            let asked: BTreeSet<_> = asked.map(ToOwned::to_owned).collect();
            assert_eq!(given.collect::<BTreeSet<_>>(), asked, "{way}");
        }
    }
    // The form of a failure is the one that is described.
    let (status, _, body) = ask(&web, request("get", "/api/v1/incidents", "")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let problem: Value = serde_json::from_str(&body).unwrap();
    let described = &document["components"]["schemas"]["Problem"];
    for name in problem.as_object().unwrap().keys() {
        assert!(described["properties"][name].is_object(), "{name}");
    }
    for name in described["required"].as_array().unwrap() {
        assert!(problem[name.as_str().unwrap()] != Value::Null, "{name}");
    }
}

/// A viewer with one role, who looks at real data.
fn viewer(role: Role) -> Viewer {
    Viewer {
        who: Who::User {
            id: UserId::from_uuid(uuid::Uuid::from_u128(1)),
            name: "somebody".to_owned(),
        },
        roles: [role].into_iter().collect(),
        party: "XA".parse().unwrap(),
        circles: Vec::new(),
        mode: Mode::Real,
    }
}

fn may(role: Role, act: &str) -> bool {
    match Act::from_str(act) {
        Ok(act) => decide(&viewer(role), act, &Subject::house(Mode::Real)).is_allowed(),
        Err(_) => act == "open" || act == "signed_in",
    }
}

/// Every operation stands in the table with its act and the roles that may ask for it; every act
/// that no operation asks for stands below.
#[tokio::test]
async fn the_table_of_authorisations_is_the_one_that_was_looked_at() {
    let web = web(10_000).await;
    let mut table = String::from("operation | act | roles\n");
    let mut used = BTreeSet::new();
    for Operation { method, path, act } in operations(&web) {
        let known = ["open", "signed_in"].contains(&act.as_str()) || Act::from_str(&act).is_ok();
        assert!(known, "{method} {path} names the act {act}");
        let roles = Role::ALL.into_iter().filter(|role| may(*role, &act));
        let roles: Vec<_> = roles.map(Role::as_str).collect();
        let roles = if act == "open" {
            "everybody".to_owned()
        } else {
            roles.join(" ")
        };
        writeln!(table, "{} {path} | {act} | {roles}", method.to_uppercase()).unwrap();
        used.insert(act);
    }
    table.push_str("\nacts that no operation of this interface asks for\n");
    for act in Act::ALL.iter().filter(|act| !used.contains(act.as_str())) {
        writeln!(table, "{act}").unwrap();
    }
    assert_golden(&root().join("tests/golden/authorisations.txt"), &table);
}

/// The table is true of the routes: whoever may not, does not get anything, whatever he sends; and
/// whoever may, is not refused for his role.
#[tokio::test]
async fn each_role_gets_from_each_operation_what_the_table_gives_it() {
    let web = web(100_000).await;
    for role in Role::ALL {
        let person = Person::with(&web, role).await;
        for Operation { method, path, act } in operations(&web) {
            // This one would end the session.
            if (method.as_str(), path.as_str()) == ("delete", "/api/v1/session") {
                continue;
            }
            let sent = person.asks(request(&method, &concrete(&path), "{}"));
            let (status, _, body) = ask(&web, sent).await;
            let what = format!("{role:?} {method} {path}: {status} {body}");
            let document: Value = serde_json::from_str(&body).unwrap_or_default();
            if may(role, &act) {
                assert_ne!(document["code"], "access.role", "{what}");
                assert_ne!(status, StatusCode::UNAUTHORIZED, "{what}");
            } else {
                assert!(status.is_client_error(), "{what}");
            }
            assert!(!status.is_server_error(), "{what}");
        }
    }
}
