//! Lists that are whole: what they do not name is retired.

use std::fmt::Write as _;

use constituency::{
    Error,
    model::{Filter, Foreseen, Import},
    ops::{self, Begin},
};
use db::Db;
use kernel::{Mode, PageRequest, Role, Viewer};

use crate::house::{counts, ground, hand_in, names, take, user};

db::contract! {
    what_a_whole_list_does_not_name_is_retired_and_comes_back,
    a_list_that_is_not_whole_retires_nothing,
    more_than_a_tenth_is_asked_for_again,
    a_line_that_nobody_can_read_retires_nothing,
    an_empty_list_is_a_whole_list_of_its_organisation,
    what_is_retired_is_matched_and_counted_no_more,
    another_import_meanwhile_loses_nothing,
}

/// Twenty hosts of the port and one of the ward, without those hosts.
fn list(without: &[usize]) -> String {
    let mut file = "organisation,host,vendor,product,version\n".to_owned();
    for number in (0..20).filter(|number| !without.contains(number)) {
        writeln!(file, "Port,h{number:02},Example,Mail,1.{number}").unwrap();
    }
    file
}

const WARD: &str = "organisation,host,vendor,product,version\nWard,w,Example,Mail,1\n";

fn whole(most: i64) -> Begin {
    Begin {
        whole: true,
        most,
        ..Begin::default()
    }
}

async fn take_whole(ground: &audit::Ground, viewer: &Viewer, file: &str, most: i64) -> Import {
    let import = hand_in(ground, viewer, file.as_bytes(), 100).await;
    ops::begin(ground, viewer, import.id, whole(most))
        .await
        .unwrap();
    ops::finish(ground, viewer, import.id).await.unwrap()
}

/// What was retired, what was held back, and what came back.
fn fate(import: &Import) -> (i64, i64, i64) {
    (import.whole.retired, import.whole.held, import.returned)
}

fn retired() -> Filter {
    Filter {
        retired: true,
        ..Filter::default()
    }
}

async fn what_a_whole_list_does_not_name_is_retired_and_comes_back(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, list(&[]).as_bytes()).await;
    take(&ground, &viewer, WARD.as_bytes()).await;
    let import = hand_in(&ground, &viewer, list(&[3, 7]).as_bytes(), 100).await;
    let foreseen = ops::foresee(&ground, &viewer, import.id, &whole(0))
        .await
        .unwrap();
    let expected = Foreseen {
        there: 20,
        gone: 2,
        refused: 0,
    };
    assert_eq!((foreseen, foreseen.is_much()), (expected, false));
    assert_eq!(names(&ground, &viewer, &Filter::default()).await.len(), 21);
    let done = take_whole(&ground, &viewer, &list(&[3, 7]), 0).await;
    assert_eq!((fate(&done), counts(&done)), ((2, 0, 0), [0, 0, 18, 0]));
    assert_eq!(names(&ground, &viewer, &retired()).await, ["h03", "h07"]);
    let there = names(&ground, &viewer, &Filter::default()).await;
    assert!(there.len() == 19 && there.contains(&"w".to_owned()));
    let page = ops::assets(&ground, &viewer, &retired(), PageRequest::default()).await;
    assert_eq!(page.unwrap().items[0].retired_at, Some(ground.now()));
    // Once more retires nothing more, and changes no day.
    let again = take_whole(&ground, &viewer, &list(&[3, 7]), 0).await;
    assert_eq!(fate(&again), (0, 0, 0));
    // One comes back as it was, the other in another version.
    let back = list(&[]).replace("1.7\n", "2\n");
    let back = take_whole(&ground, &viewer, &back, 0).await;
    assert_eq!((fate(&back), counts(&back)), ((0, 0, 2), [0, 1, 19, 0]));
    assert!(names(&ground, &viewer, &retired()).await.is_empty());
    assert_eq!(names(&ground, &viewer, &Filter::default()).await.len(), 21);
    // It stands in the ledger.
    let mut tx = ground.db.begin_read().await.unwrap();
    let sql = "SELECT code FROM act WHERE subject = $1 ORDER BY leaf";
    let acts: Vec<(String,)> = db::query(sql)
        .bind(done.id.to_string())
        .fetch_all(&mut tx)
        .await
        .unwrap();
    let codes: Vec<&str> = acts.iter().map(|(code,)| code.as_str()).collect();
    assert_eq!(
        codes,
        ["asset.import_begun", "asset.retired", "asset.imported"]
    );
}

async fn a_list_that_is_not_whole_retires_nothing(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, list(&[]).as_bytes()).await;
    let done = take(&ground, &viewer, list(&[3, 7]).as_bytes()).await;
    assert_eq!(fate(&done), (0, 0, 0));
    assert!(names(&ground, &viewer, &retired()).await.is_empty());
    // Nor does a whole list of an exercise reach real assets.
    let exercise = Viewer {
        mode: Mode::Exercise,
        ..viewer.clone()
    };
    take_whole(&ground, &exercise, &list(&[3, 7]), 99).await;
    assert!(names(&ground, &viewer, &retired()).await.is_empty());
}

async fn more_than_a_tenth_is_asked_for_again(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, list(&[]).as_bytes()).await;
    let few = list(&[1, 2, 3]);
    let import = hand_in(&ground, &viewer, few.as_bytes(), 100).await;
    let foreseen = ops::foresee(&ground, &viewer, import.id, &whole(0))
        .await
        .unwrap();
    assert!(foreseen.is_much() && foreseen.gone == 3);
    for most in [0, 2] {
        let held = take_whole(&ground, &viewer, &few, most).await;
        assert_eq!(fate(&held), (0, 3, 0), "{most}");
    }
    let done = take_whole(&ground, &viewer, &few, 3).await;
    assert_eq!(fate(&done), (3, 0, 0));
    // New assets do not make what goes a smaller part: 17 were there, and 17 of them go.
    let other = list(&[]).replace("Port,h", "Port,x");
    let held = take_whole(&ground, &viewer, &other, 0).await;
    assert_eq!((fate(&held), held.taken), ((0, 17, 0), 20));
    // Whoever looked at it says so, once.
    let reader = user(Role::PolicyOfficer);
    assert!(ops::retire_held(&ground, &reader, held.id).await.is_err());
    let done = ops::retire_held(&ground, &viewer, held.id).await.unwrap();
    assert_eq!(fate(&done), (17, 0, 0));
    let twice = ops::retire_held(&ground, &viewer, held.id).await;
    assert!(matches!(twice, Err(Error::Stage)));
    assert_eq!(names(&ground, &viewer, &retired()).await.len(), 20);
}

async fn a_line_that_nobody_can_read_retires_nothing(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, list(&[]).as_bytes()).await;
    // The line may be the one of the asset that would go.
    let bad = list(&[3]) + "Port,h03,Example,,1\n";
    let import = hand_in(&ground, &viewer, bad.as_bytes(), 100).await;
    let foreseen = ops::foresee(&ground, &viewer, import.id, &whole(9))
        .await
        .unwrap();
    assert_eq!((foreseen.gone, foreseen.refused), (1, 1));
    let held = take_whole(&ground, &viewer, &bad, 9).await;
    assert_eq!(fate(&held), (0, 1, 0));
    let no = ops::retire_held(&ground, &viewer, held.id).await;
    assert!(matches!(no, Err(Error::Stage)));
    // A line that states an asset once more names it all the same.
    let double = list(&[3]) + "Port,h04,Example,Mail,2\n";
    let done = take_whole(&ground, &viewer, &double, 0).await;
    assert_eq!((fate(&done), done.refused), ((1, 0, 0), 1));
}

async fn an_empty_list_is_a_whole_list_of_its_organisation(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, list(&[]).as_bytes()).await;
    let import = hand_in(&ground, &viewer, b"host,product\n", 100).await;
    let begin = |organisation: &str| Begin {
        organisation: organisation.to_owned(),
        ..whole(20)
    };
    let foreseen = ops::foresee(&ground, &viewer, import.id, &begin("PORT")).await;
    assert_eq!(foreseen.unwrap().gone, 20);
    ops::begin(&ground, &viewer, import.id, begin("PORT"))
        .await
        .unwrap();
    let done = ops::finish(&ground, &viewer, import.id).await.unwrap();
    assert_eq!(fate(&done), (20, 0, 0));
    // Of an organisation that nobody knows, nothing goes, and none is entered.
    let import = hand_in(&ground, &viewer, b"host,product\n", 100).await;
    ops::begin(&ground, &viewer, import.id, begin("Nobody"))
        .await
        .unwrap();
    let done = ops::finish(&ground, &viewer, import.id).await.unwrap();
    assert_eq!(fate(&done), (0, 0, 0));
    assert_eq!(
        ops::organisations(&ground, &viewer, "")
            .await
            .unwrap()
            .len(),
        1
    );
}

async fn what_is_retired_is_matched_and_counted_no_more(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let kev = br#"{"vulnerabilities":[{"cveID":"CVE-2026-1111","vendorProject":"Example",
        "product":"Mail","dateAdded":"2026-01-02"}]}"#;
    ops::import_kev(&ground, &viewer, kev).await.unwrap();
    take(&ground, &viewer, list(&[]).as_bytes()).await;
    let matched = async || {
        let page = ops::matches(&ground, &viewer, (None, None), PageRequest::default());
        let page = page.await.unwrap().items;
        page.first().map(|one| one.assets.count)
    };
    assert_eq!(matched().await, Some(20));
    take_whole(&ground, &viewer, &list(&[1, 2, 3]), 3).await;
    assert_eq!(matched().await, Some(17));
    let counted = async |filter: &Filter| ops::count(&ground, &viewer, filter).await.unwrap().count;
    assert_eq!(counted(&Filter::default()).await, 17);
    assert_eq!(counted(&retired()).await, 3);
    let port = ops::organisations(&ground, &viewer, "port").await.unwrap()[0].number;
    let of_port = Filter {
        organisation: Some(port),
        ..retired()
    };
    assert_eq!(counted(&of_port).await, 3);
    let import = hand_in(
        &ground,
        &viewer,
        b"organisation,host,product\nPort,x,Other\n",
        99,
    )
    .await;
    ops::begin(&ground, &viewer, import.id, whole(99))
        .await
        .unwrap();
    ops::finish(&ground, &viewer, import.id).await.unwrap();
    assert_eq!(matched().await, None);
    let products = ops::products(&ground, &viewer, "").await.unwrap();
    assert_eq!(products.len(), 1);
}

async fn another_import_meanwhile_loses_nothing(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, list(&[]).as_bytes()).await;
    // Two are opened; the later one is taken in first.
    let early = hand_in(&ground, &viewer, list(&[5]).as_bytes(), 100).await;
    let late = hand_in(&ground, &viewer, list(&[]).as_bytes(), 100).await;
    for (import, expected) in [(late, (0, 0, 0)), (early, (0, 0, 0))] {
        ops::begin(&ground, &viewer, import.id, whole(9))
            .await
            .unwrap();
        let done = ops::finish(&ground, &viewer, import.id).await.unwrap();
        // The later list names the asset: the earlier one cannot say that it is gone.
        assert_eq!(fate(&done), expected);
    }
    let done = take_whole(&ground, &viewer, &list(&[5]), 0).await;
    assert_eq!(fate(&done), (1, 0, 0));
}
