//! Numbers that parts of entries name one another by, through merging and back, on both engines.

use db::Db;
use incidents::{merge::ops::unmerge, ops};
use kernel::Role;

use crate::{
    house::{facts, ground, user},
    merge::{entered, line, merged},
};

db::contract! {
    what_is_entangled_stays,
    what_names_a_number_goes_on_naming_the_same,
}

async fn what_is_entangled_stays(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let one = entered(&ground, &amina, facts("A")).await;
    let other = entered(&ground, &amina, facts("B")).await;
    let figure = |text: &str| crate::harm::figure(serde_json::json!({ "what": text }));
    for id in [one, other] {
        ops::add_harm(&ground, &amina, id, &figure("Beds closed"))
            .await
            .unwrap();
    }
    merged(&ground, &amina, one, other).await;
    // The figure that came stands under the number behind the other; it is corrected here.
    let anew = serde_json::json!({ "corrects": 1, "correction": "counted anew", "value": "40" });
    ops::add_harm(&ground, &amina, one, &crate::harm::figure(anew))
        .await
        .unwrap();
    let refused = unmerge(&ground, &amina, other, &line("no")).await;
    assert_eq!(refused.err().unwrap().code(), "incident.merge_entangled");
}

async fn what_names_a_number_goes_on_naming_the_same(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let mut lost = Vec::new();
    let mut ids = Vec::new();
    for (name, end) in [("laboratory", "2026-11-11"), ("ward", "2026-11-16")] {
        let id = entered(&ground, &amina, facts(name)).await;
        let service = serde_json::json!({ "kind": "service", "name": name, "people": 1000,
            "care": "laboratory" });
        let number = crate::harm::enter(&ground, &amina, id, service)
            .await
            .unwrap();
        for (at, share) in [("2026-11-01", "0"), (end, "100")] {
            let point = serde_json::json!({ "kind": "capacity", "service": number, "at": at,
                "share": share });
            crate::harm::enter(&ground, &amina, id, point)
                .await
                .unwrap();
        }
        let case = ops::view(&ground, &amina, id).await.unwrap();
        lost.push(case.course);
        ids.push(id);
    }
    merged(&ground, &amina, ids[0], ids[1]).await;
    let case = ops::view(&ground, &amina, ids[0]).await.unwrap();
    let alone = |all: &[incidents::course::Entry]| computed(all);
    let mut apart: Vec<String> = lost.iter().flat_map(|all| alone(all)).collect();
    let mut together = alone(&case.course);
    apart.sort();
    together.sort();
    assert_eq!(together, apart);
    unmerge(&ground, &amina, ids[1], &line("no")).await.unwrap();
    for (id, before) in ids.into_iter().zip(lost) {
        let case = ops::view(&ground, &amina, id).await.unwrap();
        assert_eq!(case.course, before);
    }
}

/// What follows from a course, measure by measure, of each service by itself.
fn computed(all: &[incidents::course::Entry]) -> Vec<String> {
    let found = incidents::harm::computed::computed(all);
    let of_one = |one: &&incidents::harm::computed::Computed| {
        one.measure.as_str() == "H-PSD" && one.service.is_some()
    };
    found
        .iter()
        .filter(of_one)
        .map(|one| format!("{:?}", one.value))
        .collect()
}
