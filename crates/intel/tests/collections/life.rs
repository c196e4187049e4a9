//! What holds, on both engines.
use db::Db;
use intel::{
    model::{Cut, Decay, Filter, Polynomial, Seen, SightingKind, State},
    ops,
};
use kernel::{Role, Timestamp};
use serde_json::{Value, json};

use crate::{
    house::{House, PLACE, START, malware, user},
    sightings::seen,
    values::{indicator, number_of},
};

db::contract! {
    what_holds_is_asked_for_a_moment,
    a_model_is_chosen_for_a_collection,
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(START.as_micros() + seconds * 1_000_000)
}

const DAY: i64 = 86_400;
const ADDRESS: &str = "[ipv4-addr:value = '198.51.100.7']";
const FIRST: &str = "indicator--00000000-0000-4000-8000-000000000001";

async fn live(house: &House, moment: Timestamp) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut after = i64::MIN;
    loop {
        let cut = Cut { after, entries: 2 };
        let filter = Filter {
            types: vec!["indicator".to_owned(), "malware".to_owned()],
            ..Filter::default()
        };
        let page = ops::live_objects(&house.ground, &house.analyst, PLACE, (&filter, cut), moment);
        let page = page.await.unwrap();
        let objects: Vec<Value> = serde_json::from_str(&format!("[{}]", page.content)).unwrap();
        let number = |object: &Value| number_of(object["id"].as_str().unwrap());
        numbers.extend(objects.iter().map(number));
        match page.places {
            Some((_, last)) if page.more => after = last,
            _ => return numbers,
        }
    }
}

async fn what_holds_is_asked_for_a_moment(db: Db) {
    let house = House::open(db).await;
    let with = |number, name: &str, value: Value| {
        let mut object = indicator(number, ADDRESS, None);
        object[name] = value;
        object
    };
    house
        .import(&[
            indicator(1, ADDRESS, None),
            with(2, "valid_until", json!("2026-11-22T00:00:00Z")),
            with(3, "revoked", json!(true)),
            with(4, "valid_from", json!("2026-11-22T00:00:00Z")),
            malware(5, 1, None),
        ])
        .await;
    assert_eq!(live(&house, at(0)).await, [1, 2, 5]);
    assert_eq!(live(&house, at(DAY)).await, [1, 4, 5]);
    // An expiration ends it; what is seen again lives.
    let analyst = &house.analyst;
    let of = || Seen::Object(FIRST.to_owned());
    ops::sight(
        &house.ground,
        analyst,
        PLACE,
        seen(of(), SightingKind::Expiration, 10),
    )
    .await
    .unwrap();
    assert_eq!(live(&house, at(9)).await, [1, 2, 5]);
    assert_eq!(live(&house, at(10)).await, [2, 5]);
    ops::sight(
        &house.ground,
        analyst,
        PLACE,
        seen(of(), SightingKind::Seen, 20),
    )
    .await
    .unwrap();
    assert_eq!(live(&house, at(20)).await, [1, 2, 5]);
    let life = ops::life(&house.ground, analyst, PLACE, FIRST, at(15))
        .await
        .unwrap();
    assert_eq!((life.state, life.score), (State::Expired, None));
    // What was taken back was not said.
    let again = ops::sight(
        &house.ground,
        analyst,
        PLACE,
        seen(of(), SightingKind::Expiration, 30),
    );
    let ids = again.await.unwrap();
    assert_eq!(live(&house, at(30)).await, [2, 5]);
    let everything = Filter::everything();
    ops::delete(&house.ground, analyst, PLACE, &ids[0], &everything)
        .await
        .unwrap();
    assert_eq!(live(&house, at(30)).await, [1, 2, 5]);
    let guest = user(9, Role::Reporter);
    let hidden = ops::life(&house.ground, &guest, PLACE, FIRST, at(15)).await;
    assert_eq!(hidden.unwrap_err().code(), "intel.not_found");
}

async fn a_model_is_chosen_for_a_collection(db: Db) {
    let house = House::open(db).await;
    house.import(&[indicator(1, ADDRESS, None)]).await;
    let (ground, analyst) = (&house.ground, &house.analyst);
    let (version, decay) = ops::decay(ground, analyst, PLACE).await.unwrap();
    assert_eq!((version, &decay), (0, &Decay::Validity));
    let model = Decay::Polynomial(Polynomial {
        lifetime_days: 16.0,
        decay_speed: 2.0,
        threshold: 30.0,
        default_base_score: 80.0,
        weights: [].into(),
        label_scores: [].into(),
    });
    let (version, _) = ops::set_decay(ground, analyst, PLACE, version, model.clone())
        .await
        .unwrap();
    assert_eq!(
        ops::decay(ground, analyst, PLACE).await.unwrap(),
        (1, model.clone())
    );
    // It was changed at the beginning of the 20th, a day before the start.
    let life = ops::life(ground, analyst, PLACE, FIRST, at(3 * DAY))
        .await
        .unwrap();
    assert_eq!((life.state, life.score), (State::Live, Some((40.0, 80.0))));
    assert!(live(&house, at(8 * DAY)).await.is_empty());
    let of = Seen::Object(FIRST.to_owned());
    ops::sight(
        ground,
        analyst,
        PLACE,
        seen(of, SightingKind::Seen, 7 * DAY),
    )
    .await
    .unwrap();
    assert_eq!(live(&house, at(8 * DAY)).await, [1]);

    let stale = ops::set_decay(ground, analyst, PLACE, 0, Decay::Validity).await;
    assert_eq!(stale.unwrap_err().code(), "intel.stale");
    let diplomat = user(3, Role::Diplomat);
    let refused = ops::set_decay(ground, &diplomat, PLACE, version, model).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
    ops::set_decay(ground, analyst, PLACE, version, Decay::Validity)
        .await
        .unwrap();
    assert_eq!(live(&house, at(100 * DAY)).await, [1]);
}
