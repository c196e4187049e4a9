//! What is asked of a collection, on both engines.
use db::Db;
use intel::{
    model::{Filter, Spec, Versions},
    ops,
};
use kernel::{Role, Timestamp, Tlp};
use serde_json::json;

use crate::house::{House, PLACE, START, id, malware, user};

db::contract! {
    pages_give_every_object_once_and_say_when_there_is_more,
    an_object_comes_back_as_it_was_given,
    versions_are_chosen_as_asked,
    types_and_specifications_are_chosen_as_asked,
    a_page_skips_what_is_not_for_the_viewer,
    a_manifest_lists_what_a_page_holds,
    a_question_has_its_limits,
    what_is_there_is_counted_by_type_and_label,
}

fn all() -> Filter {
    Filter {
        versions: Versions::All,
        ..Filter::default()
    }
}

async fn pages_give_every_object_once_and_say_when_there_is_more(db: Db) {
    let house = House::open(db).await;
    let objects: Vec<_> = (1..=7).map(|number| malware(number, 0, None)).collect();
    house.import(&objects).await;

    let first = house.page(&house.analyst, &Filter::default(), (0, 7)).await;
    assert_eq!(first.content, objects);
    assert!(!first.more, "an exact page is the last");
    let (begin, end) = first.places.unwrap();
    assert_eq!(begin, START.as_micros());
    assert!(
        end >= begin + 6,
        "no two places are the same though the clock stood still"
    );
    let names = house.names(&house.analyst, &Filter::default()).await;
    assert_eq!(
        names,
        ["m1v0", "m2v0", "m3v0", "m4v0", "m5v0", "m6v0", "m7v0"]
    );
    let past = house
        .page(
            &house.analyst,
            &Filter::default(),
            (first.places.unwrap().1, 5),
        )
        .await;
    assert_eq!(
        (past.content.len(), past.places, past.more),
        (0, None, false)
    );
}

async fn an_object_comes_back_as_it_was_given(db: Db) {
    let house = House::open(db).await;
    let odd = r#"{"id":"x-odd--00000000-0000-4000-8000-000000000001","type":"x-odd" , "n":1.50e2,
        "quote":"\u0022 \\u0000 'é' 中","created":"2026-01-01T00:00:00Z"}"#;
    let envelope = format!(r#"{{"objects":[{odd}]}}"#);
    ops::import(&house.ground, &house.analyst, PLACE, envelope.into_bytes())
        .await
        .unwrap();
    let cut = intel::model::Cut {
        after: 0,
        entries: 5,
    };
    let filter = Filter::default();
    let page = ops::objects(&house.ground, &house.analyst, PLACE, &filter, cut).await;
    assert_eq!(page.unwrap().content, odd);
}

async fn versions_are_chosen_as_asked(db: Db) {
    let house = House::open(db).await;
    // The newest comes first, and an older one later.
    house
        .import(&[malware(1, 5, None), malware(2, 1, None)])
        .await;
    house.import(&[malware(1, 3, None)]).await;
    house.import(&[malware(1, 4, None)]).await;
    let asked = |versions| Filter {
        versions,
        ..Filter::default()
    };
    let some = |last, first, at: &[i64]| {
        asked(Versions::Some {
            last,
            first,
            at: at
                .iter()
                .map(|second| Timestamp::from_micros(1_767_225_600_000_000 + second * 1_000_000))
                .collect(),
        })
    };
    let names = async |filter: Filter| house.names(&house.analyst, &filter).await;
    assert_eq!(names(Filter::default()).await, ["m1v5", "m2v1"]);
    assert_eq!(names(all()).await, ["m1v5", "m2v1", "m1v3", "m1v4"]);
    assert_eq!(names(some(false, true, &[])).await, ["m2v1", "m1v3"]);
    assert_eq!(names(some(true, true, &[])).await, ["m1v5", "m2v1", "m1v3"]);
    assert_eq!(names(some(false, false, &[4])).await, ["m1v4"]);
    assert_eq!(
        names(some(true, false, &[4, 9])).await,
        ["m1v5", "m2v1", "m1v4"]
    );
    let one = Filter {
        ids: vec![id(1)],
        ..all()
    };
    assert_eq!(names(one).await, ["m1v5", "m1v3", "m1v4"]);
}

async fn types_and_specifications_are_chosen_as_asked(db: Db) {
    let house = House::open(db).await;
    let old = json!({
        "type": "tool", "id": "tool--00000000-0000-4000-8000-000000000001",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:09.000Z",
        "name": "t0", "labels": ["remote-access"],
    });
    let mut new = old.clone();
    new["spec_version"] = json!("2.1");
    new["modified"] = json!("2026-01-01T00:00:01.000Z");
    new["name"] = json!("t1");
    house.import(&[old, new, malware(1, 0, None)]).await;
    let names = async |filter: Filter| house.names(&house.analyst, &filter).await;
    let tools = Filter {
        types: vec!["tool".to_owned(), "grouping".to_owned()],
        ..Filter::default()
    };
    assert_eq!(
        names(tools.clone()).await,
        ["t1"],
        "the newest specification"
    );
    let specs = |specs: &[Spec]| Filter {
        specs: specs.to_vec(),
        ..tools.clone()
    };
    assert_eq!(names(specs(&[Spec::V20])).await, ["t0"]);
    assert_eq!(names(specs(&[Spec::V20, Spec::V21])).await, ["t0", "t1"]);
}

async fn a_page_skips_what_is_not_for_the_viewer(db: Db) {
    let house = House::open(db).await;
    let labels = [
        Tlp::Red,
        Tlp::Green,
        Tlp::Amber,
        Tlp::Red,
        Tlp::Clear,
        Tlp::Red,
    ];
    let objects: Vec<_> = (1..)
        .zip(labels)
        .map(|(number, tlp)| malware(number, 0, Some(tlp)))
        .collect();
    house.import(&objects).await;
    let seen = house.names(&house.analyst, &all()).await;
    assert_eq!(seen, ["m2v0", "m3v0", "m5v0"], "RED is for whom it names");
    let page = house.page(&house.analyst, &all(), (0, 3)).await;
    assert!(!page.more, "what is hidden does not show as more");
    let auditor = user(9, Role::Auditor);
    let cut = intel::model::Cut {
        after: 0,
        entries: 3,
    };
    let refused = ops::objects(&house.ground, &auditor, PLACE, &all(), cut).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
}

async fn a_manifest_lists_what_a_page_holds(db: Db) {
    let house = House::open(db).await;
    house
        .import(&[malware(1, 2, None), malware(2, 3, None)])
        .await;
    let cut = intel::model::Cut {
        after: 0,
        entries: 1,
    };
    let page = ops::manifest(&house.ground, &house.analyst, PLACE, &all(), cut)
        .await
        .unwrap();
    assert_eq!(page.content.len(), 1);
    let entry = &page.content[0];
    assert_eq!(
        (entry.stix_id.as_str(), entry.added, entry.spec),
        (&*id(1), START, Spec::V21)
    );
    assert_eq!(entry.version.to_string(), "2026-01-01T00:00:02.000Z");
    assert!(page.more);
    assert_eq!(page.places, Some((START.as_micros(), START.as_micros())));
}

async fn a_question_has_its_limits(db: Db) {
    let house = House::open(db).await;
    let filter = Filter {
        ids: (0..101).map(id).collect(),
        ..Filter::default()
    };
    let cut = intel::model::Cut {
        after: 0,
        entries: 1,
    };
    let refused = ops::objects(&house.ground, &house.analyst, PLACE, &filter, cut).await;
    assert_eq!(refused.unwrap_err().code(), "intel.invalid");
}

async fn what_is_there_is_counted_by_type_and_label(db: Db) {
    let house = House::open(db).await;
    let red = malware(3, 0, Some(Tlp::Red));
    house
        .import(&[malware(1, 1, None), malware(1, 2, None), red])
        .await;
    let found = ops::contents(&house.ground, &house.analyst, PLACE.0, PLACE.1)
        .await
        .unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|row| (row.kind.as_str(), row.tlp, row.objects, row.versions))
        .collect();
    assert_eq!(found, [("malware", Tlp::AmberStrict, 1, 2)]);
}
