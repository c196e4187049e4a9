//! Cross-walks as tables, and imports at the same time, on both engines.

use db::Db;
use incidents::{
    Error, ops as register,
    taxonomy::{
        error::TaxonomyFault,
        ops::{self, State},
        read::Given,
    },
};
use kernel::Role;
use serde_json::json;

use crate::{
    house::{facts, ground, user},
    merge::entered,
    taxonomies::{classify, file, name, version, walk},
};

db::contract! {
    a_cross_walk_is_a_table_too,
    two_who_import_the_same_at_once_have_it_once,
}

async fn a_cross_walk_is_a_table_too(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let held = file("1", &["a", "a/x", "b"]);
    ops::import(&ground, &officer, &held, &Given::default())
        .await
        .unwrap();
    let given = Given {
        name: Some(name("house-to-rsit")),
        version: Some(version("1")),
    };
    let titles = "from_taxonomy,from_version,from,to_taxonomy,to_version,to,relation,source,note\n";
    let text = format!(
        "{titles}house,,a,rsit,1003,fraud,close,a test,so it is\nhouse,,b,rsit,1003,fraud/phishing,broad,,\n"
    );
    let look = ops::preview(&ground, &officer, text.as_bytes(), &given).await;
    let look = look.unwrap();
    assert_eq!(
        (look.is_walk, look.state, look.entries),
        (true, State::New, 2)
    );
    assert_eq!(ops::walks(&ground, &officer).await.unwrap().len(), 1);
    ops::import(&ground, &officer, text.as_bytes(), &given)
        .await
        .unwrap();
    let at = (&name("house-to-rsit"), &version("1"));
    let (walk, rows) = ops::walk(&ground, &officer, at).await.unwrap();
    assert_eq!(walk.source.as_deref(), Some("a test"));
    // What goes out comes in as the same.
    let out = incidents::taxonomy::table::write(&walk, &rows);
    let again = ops::import(&ground, &officer, out.as_bytes(), &given).await;
    assert_eq!(again.unwrap().state, State::Same);
    let id = entered(&ground, &officer, facts("A")).await;
    classify(&ground, &officer, id, ("house", "1", "b"))
        .await
        .unwrap();
    let told = ops::suggestions(&ground, &officer, id).await.unwrap();
    assert_eq!(told[0].class.to_string(), "rsit 1003: fraud/phishing");
    let case = register::view(&ground, &officer, id).await.unwrap();
    assert_eq!(
        case.incident.facts.rsit, None,
        "nothing is applied by itself"
    );
    // A class that a taxonomy which is here does not have is told with its line; of others nobody knows.
    let wrong = format!(
        "{titles}house,,c,rsit,1003,fraud,close,,\nhouse,,a,rsit,1003,fraud/fishing,close,,\n"
    );
    let fault = ops::preview(&ground, &officer, wrong.as_bytes(), &given).await;
    let fault = fault.unwrap_err().to_string();
    assert!(
        fault.contains("line 2: from: house has no class c"),
        "{fault}"
    );
    assert!(
        fault.contains("line 3: to: rsit has no class fraud/fishing; near it are: fraud/phishing"),
        "{fault}"
    );
    let elsewhere = format!("{titles}house,,a,theirs,7,whatever,close,,\n");
    let given = Given {
        name: Some(name("house-to-theirs")),
        ..given
    };
    let look = ops::preview(&ground, &officer, elsewhere.as_bytes(), &given).await;
    assert_eq!(look.unwrap().state, State::New);
}

async fn two_who_import_the_same_at_once_have_it_once(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let (same, other) = (file("1", &["a", "b"]), file("1", &["a"]));
    let given = Given::default();
    let import = |bytes: &'static [u8]| ops::import(&ground, &officer, bytes, &given);
    let (same, other): (&'static [u8], &'static [u8]) = (same.leak(), other.leak());
    let all = tokio::join!(import(same), import(same), import(same), import(same));
    let states = [all.0, all.1, all.2, all.3].map(|done| done.unwrap().state);
    let new = states.iter().filter(|state| **state == State::New);
    assert_eq!(new.count(), 1, "{states:?}");
    let (_, refused) = tokio::join!(import(same), import(other));
    let differs = matches!(refused, Err(Error::Taxonomy(TaxonomyFault::Differs { .. })));
    assert!(differs, "{refused:?}");
    let walk = walk(&json!([{ "from": "a", "to": "fraud", "relation": "close" }]));
    let walk: &'static [u8] = walk.leak();
    let (one, two) = tokio::join!(import(walk), import(walk));
    let mut states = [one.unwrap().state, two.unwrap().state];
    states.sort();
    assert_eq!(states, [State::New, State::Same]);
}
