//! Search among more entries than are worth looking up one by one, on both engines.
use std::collections::BTreeSet;

use crate::house::{facts, ground, user};
use db::{
    Db,
    search::{self, Area},
};
use incidents::{
    model::{Facts, Filter},
    ops,
};
use kernel::{OsRng, PageRequest, Role, uuid_v4};

db::contract! {
    words_that_many_have_are_found_together,
}

/// More than the register looks up for one word.
const MANY: usize = 2_200;

async fn words_that_many_have_are_found_together(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let mut tx = ground.db.begin().await.unwrap();
    for word in ["alpha", "beta", "gamma"] {
        for _ in 0..MANY {
            let words = BTreeSet::from([word.to_owned()]);
            let id = uuid_v4(&OsRng);
            search::add(&mut tx, Area::Incidents, id, &words)
                .await
                .unwrap();
        }
    }
    tx.commit().await.unwrap();
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
        let filter = Filter {
            text: Some(text.to_owned()),
            ..Filter::default()
        };
        let page = ops::list(&ground, &analyst, &filter, PageRequest::default());
        let mut titles: Vec<_> = page
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|it| it.title)
            .collect();
        titles.sort();
        assert_eq!(titles, found, "{text}");
        let count = ops::count(&ground, &analyst, &filter).await.unwrap();
        assert_eq!(count.count, u32::try_from(found.len()).unwrap(), "{text}");
    }
}
