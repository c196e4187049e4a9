//! Search among more entries than are worth looking up one by one, on both engines.
use std::collections::BTreeSet;

use crate::house::{facts, ground, user};
use audit::Ground;
use db::{
    Db,
    search::{self, Area},
};
use incidents::{
    model::{Dated, Facts, Fidelity, Filter, Listed, Period},
    ops,
};
use kernel::{Cursor, Limit, OsRng, PageRequest, Role, Timestamp, Tlp, Viewer, uuid_v4};

db::contract! {
    words_that_many_have_are_found_together,
    pages_of_what_is_found_together_go_on_in_their_order,
}

/// More than the register looks up for one word.
const MANY: i64 = 2_200;

/// Gives words to so many rows that none of them is rare.
async fn make_frequent(ground: &Ground, words: &[&str]) {
    let mut tx = ground.db.begin().await.unwrap();
    for word in words {
        let words = BTreeSet::from([(*word).to_owned()]);
        for minute in 0..MANY {
            let at = Cursor {
                key: moment(minute * 7).as_micros(),
                id: uuid_v4(&OsRng),
            };
            search::add(&mut tx, Area::Incidents, at, &words)
                .await
                .unwrap();
        }
    }
    tx.commit().await.unwrap();
}

fn moment(minute: i64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000 + minute * 60_000_000)
}

fn search_for(text: &str) -> Filter {
    Filter {
        text: Some(text.to_owned()),
        ..Filter::default()
    }
}

fn titles(items: Vec<Listed>) -> Vec<String> {
    items.into_iter().map(|listed| listed.title).collect()
}

async fn words_that_many_have_are_found_together(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    make_frequent(&ground, &["alpha", "beta", "gamma"]).await;
    for (title, words) in [
        ("One", "alpha beta"),
        ("Two", "beta alpha gamma"),
        ("Three", "beta"),
    ] {
        let entry = Facts {
            description: words.parse().unwrap(),
            ..facts(title)
        };
        ops::create(&ground, &analyst, entry).await.unwrap();
    }
    for (text, found) in [
        ("alpha beta", vec!["One", "Two"]),
        ("gamma alpha beta", vec!["Two"]),
        ("alpha gamma two", vec!["Two"]),
        ("alpha one three", vec![]),
    ] {
        let filter = search_for(text);
        let page = ops::list(&ground, &analyst, &filter, PageRequest::default());
        let mut found_titles = titles(page.await.unwrap().items);
        found_titles.sort();
        assert_eq!(found_titles, found, "{text}");
        let count = ops::count(&ground, &analyst, &filter).await.unwrap();
        assert_eq!(count.count, u32::try_from(found.len()).unwrap(), "{text}");
    }
}

/// Runs of entries that the viewer may not see are longer than what is read at once.
async fn pages_of_what_is_found_together_go_on_in_their_order(db: Db) {
    const ENTRIES: i64 = 60;
    let ground = ground(db).await;
    let (analyst, officer) = (user(1, Role::Analyst), user(2, Role::PolicyOfficer));
    make_frequent(&ground, &["alpha", "beta"]).await;
    let visible = |minute: i64| !(3..45).contains(&(minute % 50));
    let mut tx = ground.db.begin().await.unwrap();
    for minute in 0..ENTRIES {
        let at = Dated::new(moment(minute), Fidelity::Minute);
        let entry = Facts {
            description: "alpha beta".parse().unwrap(),
            period: Period::new(Some(at), None, None).unwrap(),
            tlp: if visible(minute) {
                Tlp::Green
            } else {
                Tlp::Red
            },
            ..facts(&format!("Minute {minute}"))
        };
        ops::create_in(&mut tx, &ground, &analyst, entry)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let wanted: Vec<String> = (0..ENTRIES)
        .rev()
        .filter(|&minute| visible(minute))
        .map(|minute| format!("Minute {minute}"))
        .collect();
    assert_eq!(read_pages(&ground, &officer).await, wanted);
    let both = search_for("alpha beta");
    let count = ops::count(&ground, &officer, &both).await.unwrap();
    assert_eq!(count.count, u32::try_from(wanted.len()).unwrap());
    // What is edited moves to its new place.
    let one = search_for("alpha beta minute 0");
    let found = ops::list(&ground, &analyst, &one, PageRequest::default());
    let moved = found.await.unwrap().items.pop().unwrap();
    let case = ops::view(&ground, &analyst, moved.public).await.unwrap();
    let at = Dated::new(moment(1_000), Fidelity::Minute);
    let later = Facts {
        period: Period::new(Some(at), None, None).unwrap(),
        ..case.incident.facts
    };
    ops::edit(&ground, &analyst, moved.public, 1, later)
        .await
        .unwrap();
    let mut moved_first = wanted.clone();
    moved_first.rotate_right(1);
    assert_eq!(read_pages(&ground, &officer).await, moved_first);
}

/// All pages of five.
async fn read_pages(ground: &Ground, viewer: &Viewer) -> Vec<String> {
    let (mut all, both) = (Vec::new(), search_for("beta alpha"));
    let mut request = PageRequest {
        after: None,
        limit: Limit::new(5).unwrap(),
    };
    loop {
        let page = ops::list(ground, viewer, &both, request).await.unwrap();
        all.extend(titles(page.items));
        match page.next {
            Some(next) => request.after = Some(next),
            None => return all,
        }
    }
}
