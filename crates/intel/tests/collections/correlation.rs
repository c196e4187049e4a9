//! What has values in common, on both engines.
use db::Db;
use intel::{
    model::{Filter, Reader, Relation, Settings},
    ops,
};
use kernel::{Mode, Role, Tlp, Viewer};
use serde_json::json;

use crate::{
    house::{House, PLACE, ROOT, id, malware, settings, user},
    values::{address, ask, domain, found, indicator, numbered},
};

db::contract! {
    a_value_is_found_in_any_spelling,
    networks_and_names_above_are_found_and_what_lies_within,
    what_a_viewer_does_not_see_does_not_show,
    related_objects_share_values,
    common_values_lead_nowhere,
    exercise_and_real_do_not_meet,
    questions_have_limits,
}

async fn one(house: &House, viewer: &Viewer, value: &str, within: bool) -> Vec<(u32, Relation)> {
    found(&ask(house, viewer, &[value], within).await.values[0])
}

async fn a_value_is_found_in_any_spelling(db: Db) {
    let house = House::open(db).await;
    house
        .import(&[
            address(1, "198.51.100.7"),
            indicator(2, "[domain-name:value = 'Evil.Example']", None),
            numbered(
                3,
                json!({"type": "url", "value": "http://evil.example:80/a"}),
                None,
            ),
            numbered(
                4,
                json!({"type": "x-misp-attribute", "x_misp_type": "ip-dst|port",
                "x_misp_value": "198.51.100.7|443"}),
                None,
            ),
            numbered(
                5,
                json!({"type": "file", "name": "Evil.exe",
                "hashes": {"MD5": "44D88612FEA8A8F36DE82E1278ABB02F"}}),
                None,
            ),
        ])
        .await;
    let answer = ask(
        &house,
        &house.analyst,
        &[
            " 198[.]51.100(.)7 ",
            "hxxp://EVIL[.]example/a#top",
            "evil.example.",
            "evil.EXE",
            "44d88612fea8a8f36de82e1278abb02f",
            "198.51.100.8",
            "",
        ],
        false,
    )
    .await;
    let numbers: Vec<_> = answer.values.iter().map(found).collect();
    let equal = |numbers: &[u32]| -> Vec<_> {
        numbers
            .iter()
            .map(|number| (*number, Relation::Equal))
            .collect()
    };
    assert_eq!(numbers[0], equal(&[1, 4]));
    assert_eq!(numbers[1], [(2, Relation::Host), (3, Relation::Equal)]);
    assert_eq!(numbers[2], equal(&[2, 3]));
    assert_eq!(numbers[3], equal(&[5]));
    assert_eq!(numbers[4], equal(&[5]));
    assert!(numbers[5].is_empty() && numbers[6].is_empty());
    assert!(answer.values[6].read.is_empty());
    assert_eq!(answer.values[0].entries, 2);
    assert!(!answer.complete, "no job has run");
    ops::index_all(&house.ground).await.unwrap();
    assert!(
        ask(&house, &house.analyst, &["a.example"], false)
            .await
            .complete
    );
}

async fn networks_and_names_above_are_found_and_what_lies_within(db: Db) {
    use Relation::{Around, Equal, Within};
    let house = House::open(db).await;
    house
        .import(&[
            indicator(1, "[ipv4-addr:value = '198.51.100.0/24']", None),
            indicator(2, "[ipv4-addr:value ISSUBSET '198.0.0.0/8']", None),
            address(3, "198.51.100.7"),
            address(4, "198.51.101.7"),
            address(5, "2001:db8::7"),
            indicator(6, "[ipv6-addr:value ISSUBSET '2001:db8::/32']", None),
            domain(7, "evil.example"),
            domain(8, "a.evil.example"),
            domain(9, "notevil.example"),
            address(10, "198.51.100.0"),
        ])
        .await;
    let analyst = &house.analyst;
    assert_eq!(
        one(&house, analyst, "198.51.100.7", true).await,
        [(1, Around), (2, Around), (3, Equal)]
    );
    assert_eq!(
        one(&house, analyst, "198.51.100.0/24", true).await,
        [(1, Equal), (2, Around), (3, Within), (10, Within)]
    );
    assert_eq!(
        one(&house, analyst, "198.51.100.0/24", false).await,
        [(1, Equal), (2, Around)]
    );
    assert_eq!(
        one(&house, analyst, "2001:db8:0:0::7", true).await,
        [(5, Equal), (6, Around)]
    );
    assert_eq!(
        one(&house, analyst, "b.a.evil.example", true).await,
        [(7, Around), (8, Around)]
    );
    assert_eq!(
        one(&house, analyst, "evil.example", true).await,
        [(7, Equal), (8, Within)]
    );
    let answer = ask(&house, analyst, &["http://198.51.100.7/x"], true).await;
    assert_eq!(
        found(&answer.values[0]),
        [(1, Around), (2, Around), (3, Relation::Host)]
    );
    let around = answer.values[0]
        .hits
        .iter()
        .find(|hit| hit.relation == Around);
    assert!(
        around
            .unwrap()
            .value
            .as_deref()
            .is_some_and(|value| value.contains('/'))
    );
}

async fn what_a_viewer_does_not_see_does_not_show(db: Db) {
    let house = House::open(db).await;
    let value = "198.51.100.7";
    let pattern = format!("[ipv4-addr:value = '{value}']");
    let mut objects = vec![
        indicator(1, &pattern, Some(Tlp::Green)),
        indicator(2, &pattern, Some(Tlp::AmberStrict)),
    ];
    // So many that the value is common for whoever sees them.
    objects.extend((3..120).map(|number| indicator(number, &pattern, Some(Tlp::Red))));
    house.import(&objects).await;
    let (reporter, stranger, named) = (
        user(8, Role::Reporter),
        user(9, Role::Reporter),
        user(7, Role::Analyst),
    );
    house
        .name(Reader::User(reporter.user().unwrap()), false)
        .await;

    // Another analyst sees no RED; a guest who is named sees what clients may have.
    let known = &ask(&house, &named, &[value], true).await.values[0];
    assert_eq!((known.entries, known.common, known.more), (2, false, false));
    let known = &ask(&house, &stranger, &[value], true).await.values[0];
    assert_eq!((known.entries, known.hits.len()), (0, 0));
    let absent = &ask(&house, &stranger, &["198.51.100.8"], true).await.values[0];
    assert_eq!(
        (absent.entries, absent.hits.len(), absent.common),
        (0, 0, known.common)
    );
    let guest = ask(&house, &reporter, &[value], true).await;
    assert!(
        guest.values[0]
            .hits
            .iter()
            .all(|hit| hit.tlp != Tlp::AmberStrict)
    );
    for viewer in [&named, &stranger] {
        assert!(ops::common(&house.ground, viewer).await.unwrap().is_empty());
    }
    let first = objects[0]["id"].as_str().unwrap();
    let relations = ops::related(&house.ground, &named, PLACE, first)
        .await
        .unwrap();
    assert_eq!((relations.objects.len(), relations.common.len()), (1, 0));
    let hidden = ops::related(&house.ground, &stranger, PLACE, first).await;
    assert_eq!(hidden.unwrap_err().code(), "intel.not_found");
    let hidden = objects[2]["id"].as_str().unwrap();
    let refused = ops::related(&house.ground, &named, PLACE, hidden).await;
    let absent = ops::related(&house.ground, &named, PLACE, &id(9)).await;
    assert_eq!(
        refused.unwrap_err().to_string(),
        absent.unwrap_err().to_string()
    );

    // Whom the collection names one by one sees RED, and that the value is common.
    house.name(Reader::User(named.user().unwrap()), false).await;
    let known = &ask(&house, &named, &[value], true).await.values[0];
    assert_eq!(
        (known.entries, known.common, known.hits.len()),
        (119, true, 100)
    );
    let auditor = user(6, Role::Auditor);
    let refused = ops::look_up(&house.ground, &auditor, &[], None, false).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
}

async fn related_objects_share_values(db: Db) {
    let house = House::open(db).await;
    let other = Settings {
        ceiling: Tlp::Amber,
        unmarked: Tlp::Green,
        ..settings("other")
    };
    let root = ROOT.parse().unwrap();
    ops::create(&house.ground, &house.analyst, &root, other)
        .await
        .unwrap();
    house
        .import(&[
            indicator(
                1,
                "[ipv4-addr:value = '198.51.100.7' AND domain-name:value = 'evil.example']",
                None,
            ),
            address(2, "198.51.100.7"),
            domain(3, "a.evil.example"),
            domain(4, "other.example"),
            malware(5, 1, None),
        ])
        .await;
    let envelope = json!({"objects": [numbered(6, json!({"type": "x-misp-attribute",
        "x_misp_type": "domain|ip", "x_misp_value": "evil.example|198.51.100.7"}), None)]});
    let place = (ROOT, "other");
    ops::import(
        &house.ground,
        &house.analyst,
        place,
        envelope.to_string().into_bytes(),
    )
    .await
    .unwrap();
    let id = "indicator--00000000-0000-4000-8000-000000000001";
    let relations = ops::related(&house.ground, &house.analyst, PLACE, id)
        .await
        .unwrap();
    let told: Vec<_> = relations
        .objects
        .iter()
        .map(|related| {
            let values = related
                .values
                .iter()
                .map(|(value, relation)| format!("{} {value}", relation.as_str()));
            (
                related.hit.kind.as_str(),
                values.collect::<Vec<_>>().join(", "),
            )
        })
        .collect();
    assert_eq!(
        told[0],
        (
            "x-misp-attribute",
            "equal 198.51.100.7, equal evil.example".to_owned()
        )
    );
    assert_eq!(told.len(), 3);
    assert!(told.contains(&("ipv4-addr", "equal 198.51.100.7".to_owned())));
    assert!(told.contains(&("domain-name", "within a.evil.example".to_owned())));
}

async fn common_values_lead_nowhere(db: Db) {
    let house = House::open(db).await;
    let objects: Vec<_> = (1..=101)
        .map(|number| address(number, "198.51.100.7"))
        .collect();
    house.import(&objects[..100]).await;
    assert!(
        ops::common(&house.ground, &house.analyst)
            .await
            .unwrap()
            .is_empty()
    );
    house.import(&objects[100..]).await;
    house
        .import(&[indicator(
            200,
            "[ipv4-addr:value IN ('198.51.100.7', '198.51.100.8')]",
            None,
        )])
        .await;
    house.import(&[address(201, "198.51.100.8")]).await;
    let common = ops::common(&house.ground, &house.analyst).await.unwrap();
    let told: Vec<_> = common
        .iter()
        .map(|common| (common.kind.as_str(), common.value.as_str(), common.entries))
        .collect();
    assert_eq!(told, [("ipv4", "198.51.100.7", 102)]);
    let id = "indicator--00000000-0000-4000-8000-000000000200";
    let relations = ops::related(&house.ground, &house.analyst, PLACE, id)
        .await
        .unwrap();
    assert_eq!(relations.common, [("198.51.100.7".to_owned(), 102)]);
    assert_eq!(relations.objects.len(), 1);

    // What goes makes it rare again.
    for number in [1, 2] {
        let id = objects[number]["id"].as_str().unwrap();
        ops::delete(
            &house.ground,
            &house.analyst,
            PLACE,
            id,
            &Filter::everything(),
        )
        .await
        .unwrap();
    }
    assert!(
        ops::common(&house.ground, &house.analyst)
            .await
            .unwrap()
            .is_empty()
    );
    let relations = ops::related(&house.ground, &house.analyst, PLACE, id)
        .await
        .unwrap();
    assert_eq!(relations.objects.len(), 100);
}

async fn exercise_and_real_do_not_meet(db: Db) {
    let house = House::open(db).await;
    house.import(&[address(1, "198.51.100.7")]).await;
    let exercise = Viewer {
        mode: Mode::Exercise,
        ..house.analyst.clone()
    };
    assert!(
        one(&house, &exercise, "198.51.100.7", true)
            .await
            .is_empty()
    );
    assert_eq!(
        one(&house, &house.analyst, "198.51.100.7", true)
            .await
            .len(),
        1
    );
}

async fn questions_have_limits(db: Db) {
    let house = House::open(db).await;
    let values = vec!["a.example".to_owned(); ops::VALUES_MAX + 1];
    let refused = ops::look_up(&house.ground, &house.analyst, &values, None, false).await;
    assert_eq!(refused.unwrap_err().code(), "intel.too_many");
    let long = ["a".repeat(10_000)];
    let refused = ops::look_up(&house.ground, &house.analyst, &long, None, false).await;
    assert_eq!(refused.unwrap_err().code(), "intel.invalid");
    let all = &values[..ops::VALUES_MAX];
    let answer = ops::look_up(&house.ground, &house.analyst, all, None, true).await;
    assert_eq!(answer.unwrap().values.len(), ops::VALUES_MAX);
}
