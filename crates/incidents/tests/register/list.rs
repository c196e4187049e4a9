//! Lists, counts and search, on both engines.
use std::collections::BTreeSet;

use crate::house::{facts, ground, in_exercise, period, user, user_id};
use audit::Ground;
use db::Db;
use incidents::{
    model::{Dated, Facts, Filter},
    ops::{self, Count},
    state::{Event, Stage},
};
use kernel::{Limit, PageRequest, Role, Tlp, Viewer};

db::contract! {
    each_filter_finds_what_it_names,
    filters_narrow_one_another,
    a_period_finds_what_overlaps_with_it,
    words_are_found_in_every_script,
    pages_hold_each_entry_once_newest_first,
    nobody_lists_what_he_may_not_read,
    real_and_exercise_are_never_in_one_list,
    stages_are_counted_for_the_viewer,
    an_edit_moves_an_entry_between_filters,
}

async fn titles(ground: &Ground, viewer: &Viewer, filter: Filter) -> Vec<String> {
    let page = ops::list(ground, viewer, &filter, PageRequest::default())
        .await
        .unwrap();
    let count = ops::count(ground, viewer, &filter).await.unwrap();
    let listed = u32::try_from(page.items.len()).unwrap();
    assert_eq!(
        count,
        Count {
            count: listed,
            more: false
        },
        "{filter:?}"
    );
    page.items.into_iter().map(|listed| listed.title).collect()
}

async fn fill(ground: &Ground, viewer: &Viewer) {
    let hospital = Facts {
        victims: vec!["IE".parse().unwrap()],
        sectors: vec!["health".parse().unwrap()],
        rsit: Some("information-content-security/data-loss".parse().unwrap()),
        organisation: Some("Health Service Executive".parse().unwrap()),
        period: period("2021-05", "2021-05"),
        ..facts("Hospital")
    };
    let port = Facts {
        victims: vec!["JP".parse().unwrap()],
        sectors: vec!["transport".parse().unwrap()],
        rsit: Some("availability/outage".parse().unwrap()),
        description: "港口停止处理集装箱。 Containers waited.".parse().unwrap(),
        period: period("2023-07", "2023-07"),
        ..facts("Port")
    };
    let network = Facts {
        victims: vec!["IE".parse().unwrap(), "JP".parse().unwrap()],
        sectors: vec!["health".parse().unwrap(), "transport".parse().unwrap()],
        rsit: Some("availability/ddos".parse().unwrap()),
        period: period("2022-02-24", ""),
        ..facts("Network")
    };
    for one in [hospital, port, network] {
        ops::create(ground, viewer, one).await.unwrap();
    }
}

async fn each_filter_finds_what_it_names(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    fill(&ground, &analyst).await;
    let none = Filter::default();
    let cases = [
        (none.clone(), vec!["Port", "Network", "Hospital"]),
        (
            Filter {
                country: "IE".parse().ok(),
                ..none.clone()
            },
            vec!["Network", "Hospital"],
        ),
        (
            Filter {
                country: "FR".parse().ok(),
                ..none.clone()
            },
            vec![],
        ),
        (
            Filter {
                sector: "transport".parse().ok(),
                ..none.clone()
            },
            vec!["Port", "Network"],
        ),
        (
            Filter {
                rsit: "availability".parse().ok(),
                ..none.clone()
            },
            vec!["Port", "Network"],
        ),
        (
            Filter {
                rsit: "availability/ddos".parse().ok(),
                ..none.clone()
            },
            vec!["Network"],
        ),
        (
            Filter {
                status: Some(Stage::Open),
                ..none.clone()
            },
            vec!["Port", "Network", "Hospital"],
        ),
        (
            Filter {
                status: Some(Stage::Closed),
                ..none
            },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(titles(&ground, &analyst, filter).await, expected);
    }
}

async fn filters_narrow_one_another(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    fill(&ground, &analyst).await;
    let both = Filter {
        country: "JP".parse().ok(),
        sector: "health".parse().ok(),
        rsit: "availability".parse().ok(),
        status: Some(Stage::Open),
        text: Some("network".to_owned()),
        ..Filter::default()
    };
    assert_eq!(titles(&ground, &analyst, both.clone()).await, ["Network"]);
    let none = Filter {
        text: Some("network port".to_owned()),
        ..both
    };
    assert_eq!(titles(&ground, &analyst, none).await, Vec::<String>::new());
}

async fn a_period_finds_what_overlaps_with_it(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    fill(&ground, &analyst).await;
    let within = |from: &str, to: &str| {
        let date = |text: &str| text.parse::<Dated>().ok();
        Filter {
            from: date(from).map(Dated::first),
            to: date(to).map(Dated::last),
            ..Filter::default()
        }
    };
    for (from, to, expected) in [
        ("2021", "2021", vec!["Hospital"]),
        ("2021-05-31", "2021-05-31", vec!["Hospital"]),
        ("2021-06-01", "2022-02-23", vec![]),
        ("2022", "2022", vec!["Network"]),
        ("2024", "", vec!["Network"]),
        ("", "2023", vec!["Port", "Network", "Hospital"]),
    ] {
        assert_eq!(
            titles(&ground, &analyst, within(from, to)).await,
            expected,
            "{from} {to}"
        );
    }
}

async fn words_are_found_in_every_script(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    fill(&ground, &analyst).await;
    for (text, expected) in [
        ("CONTAINERS", vec!["Port"]),
        ("集装箱", vec!["Port"]),
        ("日本", vec!["Port", "Network"]),
        ("irlanda", vec!["Network", "Hospital"]),
        ("executive health", vec!["Hospital"]),
        ("nowhere", vec![]),
        ("  ", vec!["Port", "Network", "Hospital"]),
    ] {
        let filter = Filter {
            text: Some(text.to_owned()),
            ..Filter::default()
        };
        assert_eq!(titles(&ground, &analyst, filter).await, expected, "{text}");
    }
}

async fn pages_hold_each_entry_once_newest_first(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    for number in 0..7 {
        // Two entries a day: the order of equals is their id's.
        let day = format!("2024-01-{:02}", 1 + number / 2);
        let one = Facts {
            period: period(&day, &day),
            victims: vec!["IE".parse().unwrap()],
            ..facts(&format!("number {number}"))
        };
        ops::create(&ground, &analyst, one).await.unwrap();
    }
    for filter in [
        Filter::default(),
        Filter {
            country: "IE".parse().ok(),
            ..Filter::default()
        },
    ] {
        let mut request = PageRequest {
            after: None,
            limit: Limit::new(3).unwrap(),
        };
        let (mut seen, mut moments, mut pages) = (BTreeSet::new(), Vec::new(), 0);
        loop {
            let page = ops::list(&ground, &analyst, &filter, request)
                .await
                .unwrap();
            pages += 1;
            for one in &page.items {
                assert!(seen.insert(one.public), "{} stands twice", one.title);
                moments.push(one.sort_at);
            }
            match page.next {
                Some(next) => request.after = Some(next),
                None => break,
            }
        }
        assert_eq!((seen.len(), pages), (7, 3));
        assert!(moments.is_sorted_by(|a, b| a >= b));
    }
}

async fn nobody_lists_what_he_may_not_read(db: Db) {
    let ground = ground(db).await;
    let author = user(1, Role::Analyst);
    for tlp in Tlp::ALL {
        let named = vec![user_id(2)];
        let one = Facts {
            tlp,
            named,
            victims: vec!["IE".parse().unwrap()],
            ..facts(tlp.as_str())
        };
        ops::create(&ground, &author, one).await.unwrap();
    }
    let up_to_strict = ["AMBER", "AMBER+STRICT", "CLEAR", "GREEN"];
    let cases = [
        (
            user(2, Role::Diplomat),
            [&up_to_strict[..], &["RED"]].concat(),
        ),
        (user(3, Role::Diplomat), up_to_strict.to_vec()),
        (user(2, Role::Reporter), vec!["AMBER", "CLEAR", "GREEN"]),
        (user(3, Role::Reporter), vec!["CLEAR", "GREEN"]),
    ];
    for (viewer, expected) in cases {
        for filter in [
            Filter::default(),
            Filter {
                country: "IE".parse().ok(),
                ..Filter::default()
            },
            Filter {
                text: Some("ireland".to_owned()),
                ..Filter::default()
            },
        ] {
            let mut found = titles(&ground, &viewer, filter).await;
            found.sort_unstable();
            assert_eq!(found, expected);
        }
    }
    let admin = user(4, Role::Admin);
    assert!(
        ops::list(&ground, &admin, &Filter::default(), PageRequest::default())
            .await
            .is_err()
    );
    assert!(
        ops::count(&ground, &admin, &Filter::default())
            .await
            .is_err()
    );
    assert!(ops::stages(&ground, &admin).await.is_err());
}

async fn real_and_exercise_are_never_in_one_list(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let playing = in_exercise(analyst.clone());
    ops::create(&ground, &analyst, facts("real")).await.unwrap();
    ops::create(&ground, &playing, facts("played"))
        .await
        .unwrap();
    assert_eq!(titles(&ground, &analyst, Filter::default()).await, ["real"]);
    assert_eq!(
        titles(&ground, &playing, Filter::default()).await,
        ["played"]
    );
}

async fn stages_are_counted_for_the_viewer(db: Db) {
    let ground = ground(db).await;
    let author = user(1, Role::Analyst);
    let red = Facts {
        tlp: Tlp::Red,
        ..facts("A")
    };
    ops::create(&ground, &author, red).await.unwrap();
    let closed = ops::create(&ground, &author, facts("B")).await.unwrap();
    ops::advance(&ground, &author, closed.public, 1, Event::Close)
        .await
        .unwrap();
    let counts = async |viewer: &Viewer| {
        let stages = ops::stages(&ground, viewer).await.unwrap();
        stages.iter().map(|one| one.count).collect::<Vec<_>>()
    };
    assert_eq!(counts(&author).await, [1, 0, 0, 1]);
    assert_eq!(counts(&user(2, Role::Analyst)).await, [0, 0, 0, 1]);
}

async fn an_edit_moves_an_entry_between_filters(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let before = Facts {
        victims: vec!["IE".parse().unwrap()],
        ..facts("hospital")
    };
    let entered = ops::create(&ground, &analyst, before).await.unwrap();
    let after = Facts {
        sectors: vec!["health".parse().unwrap()],
        ..facts("clinic")
    };
    ops::edit(&ground, &analyst, entered.public, 1, after)
        .await
        .unwrap();
    let none = Filter::default();
    for (filter, expected) in [
        (
            Filter {
                country: "IE".parse().ok(),
                ..none.clone()
            },
            0,
        ),
        (
            Filter {
                text: Some("hospital".to_owned()),
                ..none.clone()
            },
            0,
        ),
        (
            Filter {
                text: Some("ireland".to_owned()),
                ..none.clone()
            },
            0,
        ),
        (
            Filter {
                sector: "health".parse().ok(),
                ..none.clone()
            },
            1,
        ),
        (
            Filter {
                text: Some("clinic".to_owned()),
                ..none
            },
            1,
        ),
    ] {
        assert_eq!(titles(&ground, &analyst, filter).await.len(), expected);
    }
}
