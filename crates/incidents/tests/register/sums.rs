//! Counts by week, and titles by link, on both engines.
use crate::house::{facts, ground, in_exercise, user};
use db::Db;
use incidents::{model::Facts, ops};
use kernel::{Role, Tlp, Viewer};

db::contract! {
    what_is_entered_is_counted_week_by_week,
    entries_are_named_by_what_they_link_to,
}

async fn what_is_entered_is_counted_week_by_week(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let red = Facts {
        tlp: Tlp::Red,
        ..facts("A")
    };
    ops::create(&ground, &analyst, red).await.unwrap();
    ops::create(&ground, &analyst, facts("B")).await.unwrap();
    ops::create(&ground, &in_exercise(analyst.clone()), facts("C"))
        .await
        .unwrap();
    let node = Viewer::node("import", "XA".parse().unwrap(), kernel::Mode::Real);
    ops::import_shipped(&ground, &node).await.unwrap();
    let counts = async |viewer: &Viewer, weeks| {
        let weeks = ops::weeks(&ground, viewer, weeks).await.unwrap();
        let span = |pair: &[ops::Week]| pair[1].from.since(pair[0].from);
        assert!(
            weeks
                .windows(2)
                .all(|pair| span(pair) == std::time::Duration::from_hours(168))
        );
        weeks.iter().map(|week| week.count).collect::<Vec<_>>()
    };
    assert_eq!(counts(&analyst, 4).await, [0, 0, 0, 2]);
    assert_eq!(counts(&user(2, Role::Analyst), 2).await, [0, 1]);
    assert!(ops::weeks(&ground, &user(4, Role::Admin), 2).await.is_err());
}

async fn entries_are_named_by_what_they_link_to(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let link = |target: &str| incidents::model::Link {
        kind: "thread".parse().unwrap(),
        target: target.parse().unwrap(),
        label: "XB".parse().unwrap(),
    };
    let red = Facts {
        tlp: Tlp::Red,
        ..facts("A")
    };
    for (facts, target) in [(red, "one"), (facts("B"), "two"), (facts("C"), "three")] {
        let entered = ops::create(&ground, &analyst, facts).await.unwrap();
        ops::link(&ground, &analyst, entered.public, &link(target))
            .await
            .unwrap();
    }
    let named = async |viewer: &Viewer| {
        let targets = ["one", "two", "four"].map(str::to_owned);
        let kind = "thread".parse().unwrap();
        let titled = ops::titles(&ground, viewer, &kind, &targets).await.unwrap();
        titled
            .into_iter()
            .map(|one| (one.target, one.title))
            .collect::<Vec<_>>()
    };
    let pair = |target: &str, title: &str| (target.to_owned(), title.to_owned());
    assert_eq!(named(&analyst).await, [pair("one", "A"), pair("two", "B")]);
    assert_eq!(named(&user(2, Role::Analyst)).await, [pair("two", "B")]);
}
