//! Who saw what, on both engines.
use db::Db;
use intel::{
    model::{Filter, NewSighting, Reader, Seen, SightingKind, Sightings, identity_of},
    ops,
};
use kernel::{Role, Timestamp, Tlp, Viewer};
use serde_json::json;

use crate::{
    house::{House, PLACE, START, user},
    values::{address, indicator, numbered},
};

db::contract! {
    a_sighting_is_an_object_that_is_shared,
    a_value_is_seen_where_objects_have_it,
    counts_tell_who_only_to_whom_may_know,
    sightings_of_misp_count,
    what_cannot_be_sighted_is_refused,
}

const INDICATOR: &str = "indicator--00000000-0000-4000-8000-000000000001";

pub(crate) fn seen(of: Seen, kind: SightingKind, second: i64) -> NewSighting {
    let moment = Timestamp::from_micros(START.as_micros() + second * 1_000_000);
    NewSighting {
        of,
        kind,
        count: 1,
        first_seen: moment,
        last_seen: moment,
        where_sighted: Vec::new(),
        tlp: None,
        unnamed: false,
    }
}

pub(crate) fn of_indicator() -> Seen {
    Seen::Object(INDICATOR.to_owned())
}

async fn sight(house: &House, viewer: &Viewer, new: NewSighting) -> Vec<String> {
    ops::sight(&house.ground, viewer, PLACE, new).await.unwrap()
}

async fn counted(house: &House, viewer: &Viewer) -> Sightings {
    let counted = ops::sightings(&house.ground, viewer, PLACE, INDICATOR).await;
    counted.unwrap()
}

async fn house(db: Db, tlp: Tlp) -> House {
    let house = House::open(db).await;
    let pattern = "[ipv4-addr:value = '198.51.100.7']";
    house
        .import(&[indicator(1, pattern, Some(tlp)), address(2, "198.51.100.7")])
        .await;
    house
}

async fn a_sighting_is_an_object_that_is_shared(db: Db) {
    let house = house(db, Tlp::Amber).await;
    let new = NewSighting {
        count: 3,
        tlp: Some(Tlp::Clear),
        ..seen(of_indicator(), SightingKind::Seen, 5)
    };
    let ids = sight(&house, &house.analyst, new).await;
    let filter = Filter {
        types: vec!["sighting".to_owned()],
        ..Filter::default()
    };
    let page = house.page(&house.analyst, &filter, (0, 10)).await;
    let identity = identity_of(&house.analyst.party);
    assert_eq!(
        page.content[0],
        json!({
            "type": "sighting",
            "spec_version": "2.1",
            "id": ids[0],
            "created": "2026-11-21T00:00:00.000Z",
            "modified": "2026-11-21T00:00:00.000Z",
            "created_by_ref": identity,
            "count": 3,
            "first_seen": "2026-11-21T00:00:05.000Z",
            "last_seen": "2026-11-21T00:00:05.000Z",
            "sighting_of_ref": INDICATOR,
            "where_sighted_refs": [identity],
            // Never less strict than what it is about.
            "object_marking_refs": [crate::house::marking(Tlp::Amber)],
        })
    );
    let counts = counted(&house, &house.analyst).await;
    assert_eq!((counts.total.seen, counts.parties), (3, 1));
    ops::delete(
        &house.ground,
        &house.analyst,
        PLACE,
        &ids[0],
        &Filter::everything(),
    )
    .await
    .unwrap();
    assert_eq!(counted(&house, &house.analyst).await, Sightings::default());
}

async fn a_value_is_seen_where_objects_have_it(db: Db) {
    let house = house(db, Tlp::Green).await;
    let value = Seen::Value("198[.]51.100.7".to_owned());
    let ids = sight(&house, &house.analyst, seen(value, SightingKind::Seen, 0)).await;
    assert_eq!(ids.len(), 1, "the observable is no domain object");
    assert_eq!(counted(&house, &house.analyst).await.total.seen, 1);
    for (text, code) in [
        ("198.51.100.8", "intel.not_found"),
        ("no value at all", "intel.invalid"),
    ] {
        let new = seen(Seen::Value(text.to_owned()), SightingKind::Seen, 0);
        let refused = ops::sight(&house.ground, &house.analyst, PLACE, new).await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
}

async fn counts_tell_who_only_to_whom_may_know(db: Db) {
    let house = house(db, Tlp::Green).await;
    let mut other = user(5, Role::Analyst);
    other.party = "XB".parse().unwrap();
    let guest = user(8, Role::Reporter);
    house.name(Reader::User(guest.user().unwrap()), false).await;
    sight(
        &house,
        &house.analyst,
        seen(of_indicator(), SightingKind::Seen, 1),
    )
    .await;
    let unnamed = NewSighting {
        unnamed: true,
        count: 2,
        ..seen(of_indicator(), SightingKind::Seen, 2)
    };
    sight(&house, &other, unnamed).await;
    let strict = NewSighting {
        tlp: Some(Tlp::AmberStrict),
        ..seen(of_indicator(), SightingKind::FalsePositive, 3)
    };
    sight(&house, &other, strict).await;

    let (ours, theirs) = (identity_of(&house.analyst.party), identity_of(&other.party));
    let of_house = counted(&house, &house.analyst).await;
    assert_eq!(
        (
            of_house.total.seen,
            of_house.total.false_positives,
            of_house.parties
        ),
        (3, 1, 2)
    );
    assert_eq!(of_house.unnamed.seen, 0);
    let named: Vec<_> = of_house
        .by_party
        .iter()
        .map(|(party, tally)| (party.as_str(), tally.seen))
        .collect();
    assert_eq!(named.len(), 2);
    assert!(named.contains(&(&ours, 1)) && named.contains(&(&theirs, 2)));

    let of_guest = counted(&house, &guest).await;
    assert_eq!(
        (
            of_guest.total.seen,
            of_guest.total.false_positives,
            of_guest.parties
        ),
        (3, 0, 2)
    );
    assert_eq!(of_guest.unnamed.seen, 2);
    assert_eq!(of_guest.by_party.len(), 1);
    assert_eq!(of_guest.by_party[0].0, ours);
    let filter = Filter {
        types: vec!["sighting".to_owned()],
        ..Filter::default()
    };
    let page = house.page(&guest, &filter, (0, 10)).await;
    assert!(!json!(page.content).to_string().contains(&theirs));
    let stranger = user(9, Role::Reporter);
    let hidden = ops::sightings(&house.ground, &stranger, PLACE, INDICATOR).await;
    assert_eq!(hidden.unwrap_err().code(), "intel.not_found");
}

async fn sightings_of_misp_count(db: Db) {
    let house = house(db, Tlp::Green).await;
    let times = |object: serde_json::Value| {
        let mut object = object;
        object["created"] = json!("2026-11-20T00:00:00.000Z");
        object["modified"] = json!("2026-11-20T00:00:00.000Z");
        object
    };
    let author = "identity--00000000-0000-4000-8000-000000000077";
    house
        .import(&[
            numbered(3, times(json!({"type": "sighting", "sighting_of_ref": INDICATOR,
                "first_seen": "2026-11-19T00:00:00Z", "last_seen": "2026-11-19T00:00:00Z", "count": 1,
                "where_sighted_refs": [author]})), None),
            numbered(4, times(json!({"type": "opinion", "object_refs": [INDICATOR],
                "opinion": "strongly-disagree", "explanation": "False positive Sighting",
                "x_misp_author_ref": author})), None),
            numbered(5, times(json!({"type": "opinion", "object_refs": [INDICATOR],
                "opinion": "strongly-agree", "explanation": "I have seen worse"})), None),
            numbered(6, times(json!({"type": "sighting", "sighting_of_ref": INDICATOR, "count": 2})), None),
        ])
        .await;
    let counts = counted(&house, &house.analyst).await;
    assert_eq!(
        (
            counts.total.seen,
            counts.total.false_positives,
            counts.parties
        ),
        (3, 1, 2)
    );
    assert_eq!(counts.by_party.len(), 1);
    assert_eq!(counts.unnamed.seen, 2);
    let (first, last) = counts.seen.unwrap();
    assert_eq!(first.to_string(), "2026-11-19T00:00:00.000Z");
    assert_eq!(last.to_string(), "2026-11-20T00:00:00.000Z");
}

async fn what_cannot_be_sighted_is_refused(db: Db) {
    let house = house(db, Tlp::Red).await;
    let good = seen(of_indicator(), SightingKind::Seen, 1);
    for bad in [
        NewSighting {
            count: 0,
            ..good.clone()
        },
        NewSighting {
            count: 2,
            kind: SightingKind::Expiration,
            ..good.clone()
        },
        NewSighting {
            first_seen: Timestamp::from_micros(i64::MAX),
            ..good.clone()
        },
        NewSighting {
            where_sighted: vec!["malware--00000000-0000-4000-8000-000000000001".to_owned()],
            ..good.clone()
        },
        NewSighting {
            of: Seen::Object("ipv4-addr--00000000-0000-4000-8000-000000000002".to_owned()),
            ..good.clone()
        },
    ] {
        let refused = ops::sight(&house.ground, &house.analyst, PLACE, bad).await;
        assert_eq!(refused.unwrap_err().code(), "intel.invalid");
    }
    // RED that names nobody is as good as absent.
    let hidden = ops::sight(&house.ground, &house.analyst, PLACE, good.clone()).await;
    assert_eq!(hidden.unwrap_err().code(), "intel.not_found");
    let diplomat = user(3, Role::Diplomat);
    let refused = ops::sight(&house.ground, &diplomat, PLACE, good).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
}
