//! Days and moments that events say, on both engines.
use db::Db;
use intel::events::model::{Expected, Origin};
use serde_json::json;

use crate::{
    events::{event, own, put, uuid},
    house::House,
};

db::contract! {
    days_and_moments_that_there_are_not_are_refused,
}

async fn days_and_moments_that_there_are_not_are_refused(db: Db) {
    let house = House::open(db).await;
    let how = (Origin::Own, Expected::New);
    for more in [
        json!({"timestamp": "-1"}),
        json!({"timestamp": "99999999999999"}),
        json!({"publish_timestamp": "-5"}),
        json!({"date": "0000-01-01"}),
        json!({"date": "yesterday"}),
    ] {
        let tried = put(&house, &house.analyst, event(1, &more), how).await;
        assert_eq!(tried.unwrap_err().code(), "intel.event_invalid", "{more}");
    }
    let strange = json!([{"uuid": uuid(11), "type": "domain", "value": "a.example",
        "timestamp": "99999999999999"}]);
    let kept = own(&house, 1, json!({ "Attribute": strange })).await;
    let refused: Vec<_> = kept.refused.iter().map(|one| one.field).collect();
    assert_eq!(refused, ["timestamp"]);
    // What comes from elsewhere gets the nearest moment that there is.
    let how = (Origin::Sync, Expected::Any);
    let from_elsewhere = event(2, &json!({"timestamp": "-1", "Attribute": strange}));
    let kept = put(&house, &house.analyst, from_elsewhere, how).await;
    assert!(kept.unwrap().refused.is_empty());
}
