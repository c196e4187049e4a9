//! Records, who sees them, and what an incident reaches.

use db::{Db, query, scratch::counted};
use incidents::model::{Determination, Facts, Kind, Period};
use infrastructure::{
    Error,
    model::{Content, Dependency},
    ops,
};
use kernel::{InfrastructureId, Mode, PageRequest, Role, SeededRng, Tlp, Viewer};

use crate::house::{filled, named, node, operator, person, register, service};

db::contract! {
    whoever_is_not_named_cannot_tell_whether_there_is_anything,
    being_named_is_not_enough_without_a_role_nor_a_role_without_being_named,
    each_look_stands_in_the_ledger_and_none_in_the_history_of_an_incident,
    records_are_sealed,
    a_record_is_changed_at_its_version,
    what_is_referred_to_stays,
    an_incident_reaches_what_depends_on_what_it_hit,
    a_file_brings_everything_back,
    records_stand_in_the_order_of_their_names,
    exercise_and_real_records_are_apart,
}

fn facts(tlp: Tlp) -> Facts {
    Facts {
        kind: Kind::Incident,
        title: "Ransomware".parse().unwrap(),
        description: "".parse().unwrap(),
        victims: Vec::new(),
        worldwide: false,
        organisation: None,
        sectors: Vec::new(),
        sector_text: None,
        rsit: None,
        period: Period::default(),
        detected: None,
        reported: None,
        determination: Determination::Suspected,
        tlp,
        pap: None,
        named: Vec::new(),
        cross_border: None,
    }
}

/// What a failure tells: its code and text, and how often a database was asked.
fn told<T>((done, asked): (Result<T, Error>, usize)) -> (String, String, usize) {
    let error = done.err().unwrap();
    (error.code().to_owned(), error.to_string(), asked)
}

async fn whoever_is_not_named_cannot_tell_whether_there_is_anything(db: Db) {
    let register = register(db).await;
    let none = InfrastructureId::random(&SeededRng::new(99));
    let by = node();
    let incident = incidents::ops::create(&register.ground, &by, facts(Tlp::Green));
    let incident = incident.await.unwrap().public;
    let mut viewers = Vec::new();
    for (number, role) in Role::ALL.into_iter().enumerate() {
        viewers.push(person(&register, &format!("user{number}"), role).await);
    }
    for viewer in &viewers {
        let ask = async |id| {
            let mut all = Vec::new();
            all.push(told(counted(ops::list(&register, viewer)).await));
            all.push(told(counted(ops::view(&register, viewer, id)).await));
            all.push(told(
                counted(ops::create(&register, viewer, operator("X"))).await,
            ));
            let change = ops::change(&register, viewer, (id, 1), operator("X"));
            all.push(told(counted(change).await));
            all.push(told(counted(ops::remove(&register, viewer, id)).await));
            all.push(told(counted(ops::hit(&register, viewer, incident)).await));
            let link = ops::link(&register, viewer, id, (incident, true));
            all.push(told(counted(link).await));
            all.push(told(counted(ops::export_json(&register, viewer)).await));
            all.push(told(counted(ops::export_csv(&register, viewer)).await));
            all.push(told(
                counted(ops::import_json(&register, viewer, b"[]")).await,
            ));
            let (rights, asked) = counted(ops::rights(&register, viewer)).await;
            assert!(!rights.unwrap().is_named);
            (all, asked)
        };
        let empty = ask(none).await;
        assert!(empty.0.iter().all(|(code, ..)| code == "access.not_found"));
        let [_, power, hospital] = filled(&register, &node()).await;
        ops::link(&register, &node(), power.id, (incident, true))
            .await
            .unwrap();
        assert_eq!(ask(none).await, empty);
        assert_eq!(ask(hospital.id).await, empty);
    }
}

async fn being_named_is_not_enough_without_a_role_nor_a_role_without_being_named(db: Db) {
    let register = register(db).await;
    let [grid, ..] = filled(&register, &node()).await;
    for (number, role) in Role::ALL.into_iter().enumerate() {
        let viewer = person(&register, &format!("user{number}"), role).await;
        let may = matches!(
            role,
            Role::DutyOfficer | Role::Analyst | Role::PolicyOfficer
        );
        for (edit, export) in [(false, false), (true, false), (false, true)] {
            named(&register, &viewer, (edit, export)).await;
            assert_eq!(ops::list(&register, &viewer).await.is_ok(), may, "{role:?}");
            let written = ops::export_json(&register, &viewer).await;
            assert_eq!(written.is_ok(), may && export);
            let changed = ops::change(&register, &viewer, (grid.id, 0), operator("X")).await;
            let code = changed.unwrap_err().code();
            let expected = match (may, edit) {
                (false, _) => "access.not_found",
                (true, false) => "access.tlp",
                (true, true) => "infrastructure.stale",
            };
            assert_eq!(code, expected, "{role:?}");
            // A key of his may nothing.
            let key = Viewer {
                who: kernel::Who::Key {
                    id: kernel::ApiKeyId::from_uuid(uuid::Uuid::nil()),
                    user: viewer.user().unwrap(),
                    name: "x/y".to_owned(),
                    scopes: kernel::Scope::ALL.into_iter().collect(),
                },
                ..viewer.clone()
            };
            assert!(ops::list(&register, &key).await.is_err());
        }
        let grants = ops::grants(&register, &viewer).await;
        assert_eq!(grants.is_ok(), role == Role::Admin);
        let user = viewer.user().unwrap();
        let granted = (infrastructure::model::Rights::default(), "himself");
        let by_himself = ops::grant(&register, &viewer, user, granted).await;
        assert_eq!(by_himself.is_ok(), role == Role::Admin);
        // Who says who reads does not read by that.
        assert_eq!(ops::list(&register, &viewer).await.is_ok(), may);
        ops::revoke(&register, &node(), user, "done").await.unwrap();
        assert!(ops::list(&register, &viewer).await.is_err());
        let gone = ops::revoke(&register, &node(), user, "done").await;
        assert!(matches!(gone, Err(Error::NotFound)));
    }
    assert!(ops::grants(&register, &node()).await.unwrap().is_empty());
}

async fn each_look_stands_in_the_ledger_and_none_in_the_history_of_an_incident(db: Db) {
    let register = register(db).await;
    let viewer = person(&register, "rosa", Role::DutyOfficer).await;
    named(&register, &viewer, (true, true)).await;
    let [_, power, _] = filled(&register, &viewer).await;
    let ground = &register.ground;
    let incident = incidents::ops::create(ground, &viewer, facts(Tlp::Green));
    let incident = incident.await.unwrap().public;
    ops::list(&register, &viewer).await.unwrap();
    ops::view(&register, &viewer, power.id).await.unwrap();
    ops::link(&register, &viewer, power.id, (incident, true))
        .await
        .unwrap();
    ops::hit(&register, &viewer, incident).await.unwrap();
    ops::export_csv(&register, &viewer).await.unwrap();
    let mut tx = ground.db.begin_read().await.unwrap();
    let about = |subject: String| {
        query("SELECT code FROM act WHERE subject = $1 ORDER BY leaf").bind(subject)
    };
    let of_record: Vec<(String,)> = about(power.id.to_string())
        .fetch_all(&mut tx)
        .await
        .unwrap();
    let codes: Vec<&str> = of_record.iter().map(|(code,)| code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "infrastructure.created",
            "infrastructure.viewed",
            "infrastructure.linked"
        ]
    );
    let all = about("infrastructure".to_owned()).fetch_all::<(String,)>(&mut tx);
    assert_eq!(all.await.unwrap().len(), 3);
    drop(tx);
    let request = PageRequest::default();
    let history = incidents::ops::history(ground, &viewer, incident, request)
        .await
        .unwrap();
    assert_eq!(history.items.len(), 1, "only that it was entered");
}

async fn records_are_sealed(db: Db) {
    let register = register(db).await;
    let [grid, ..] = filled(&register, &node()).await;
    let mut tx = register.ground.db.begin_read().await.unwrap();
    let rows = query("SELECT body FROM infrastructure_record").fetch_all::<(Vec<u8>,)>(&mut tx);
    for (body,) in rows.await.unwrap() {
        let text = String::from_utf8_lossy(&body).into_owned();
        assert!(
            !text.contains("Grid") && !text.contains("Hospital"),
            "{text}"
        );
    }
    drop(tx);
    let other = infrastructure::Register {
        data_key: seal::data::DataKey::from_bytes(zeroize::Zeroizing::new([8; 32])),
        ..register
    };
    let closed = ops::view(&other, &node(), grid.id).await;
    assert!(matches!(closed, Err(Error::Sealed(_))));
}

async fn a_record_is_changed_at_its_version(db: Db) {
    let register = register(db).await;
    let [grid, power, _] = filled(&register, &node()).await;
    let by = node();
    let changed = ops::change(&register, &by, (grid.id, 1), operator("Grid 2"));
    assert_eq!(changed.await.unwrap().version, 2);
    let stale = ops::change(&register, &node(), (grid.id, 1), operator("Grid 3")).await;
    assert!(matches!(
        stale,
        Err(Error::Stale {
            given: 1,
            current: 2
        })
    ));
    let other = ops::change(&register, &node(), (power.id, 1), operator("X")).await;
    assert!(matches!(other, Err(Error::Invalid(invalid)) if invalid.field == "kind"));
    let (record, _) = ops::view(&register, &node(), grid.id).await.unwrap();
    assert_eq!(record.content, operator("Grid 2"));
}

async fn what_is_referred_to_stays(db: Db) {
    let register = register(db).await;
    let [grid, power, hospital] = filled(&register, &node()).await;
    let used = ops::remove(&register, &node(), grid.id).await;
    assert!(matches!(used, Err(Error::InUse { count: 2 })));
    let used = ops::remove(&register, &node(), power.id).await;
    assert!(matches!(used, Err(Error::InUse { count: 1 })));
    ops::remove(&register, &node(), hospital.id).await.unwrap();
    ops::remove(&register, &node(), power.id).await.unwrap();
    ops::remove(&register, &node(), grid.id).await.unwrap();
    let gone = ops::view(&register, &node(), grid.id).await;
    assert!(matches!(gone, Err(Error::NotFound)));
    let dangling = ops::create(&register, &node(), service("X", grid.id, &[])).await;
    assert!(matches!(dangling, Err(Error::Invalid(invalid)) if invalid.field == "operator"));
}

async fn an_incident_reaches_what_depends_on_what_it_hit(db: Db) {
    let register = register(db).await;
    let viewer = person(&register, "rosa", Role::DutyOfficer).await;
    named(&register, &viewer, (true, false)).await;
    let [grid, power, hospital] = filled(&register, &viewer).await;
    // A circle: the power plant needs the hospital.
    let Content::Service(mut circle) = power.content.clone() else {
        panic!("a service")
    };
    circle.depends = vec![Dependency {
        service: Some(hospital.id),
        ..Dependency::default()
    }];
    let changed = Content::Service(circle);
    ops::change(&register, &viewer, (power.id, 1), changed)
        .await
        .unwrap();
    let ground = &register.ground;
    let incident = incidents::ops::create(ground, &viewer, facts(Tlp::Green));
    let incident = incident.await.unwrap().public;
    let nothing = ops::hit(&register, &viewer, incident).await.unwrap();
    assert!(nothing.reach.services.is_empty());
    for _ in 0..2 {
        ops::link(&register, &viewer, power.id, (incident, true))
            .await
            .unwrap();
    }
    let hit = ops::hit(&register, &viewer, incident).await.unwrap();
    let reached: Vec<_> = hit
        .reach
        .services
        .iter()
        .map(|one| (one.service, one.depth, one.hours))
        .collect();
    assert_eq!(reached, [(power.id, 0, Some(0)), (hospital.id, 1, Some(4))]);
    assert_eq!(hit.reach.needs.len(), 2);
    ops::link(&register, &viewer, power.id, (incident, false))
        .await
        .unwrap();
    let hit = ops::hit(&register, &viewer, incident).await.unwrap();
    assert!(hit.reach.services.is_empty());
    let operator = ops::link(&register, &viewer, grid.id, (incident, true)).await;
    assert!(matches!(operator, Err(Error::NotFound)));
    // An incident that he may not read is none.
    let other = person(&register, "amir", Role::DutyOfficer).await;
    let red = incidents::ops::create(ground, &other, facts(Tlp::Red))
        .await
        .unwrap()
        .public;
    let hidden = ops::link(&register, &viewer, power.id, (red, true)).await;
    assert!(matches!(hidden, Err(Error::Incident(_))));
    assert!(ops::hit(&register, &viewer, red).await.is_err());
}

async fn records_stand_in_the_order_of_their_names(db: Db) {
    let register = register(db).await;
    let names = ["dam", "Airport", "bank", "Clinic"];
    for name in names {
        let made = ops::create(&register, &node(), operator(name)).await;
        made.unwrap();
    }
    let records = ops::list(&register, &node()).await.unwrap();
    let told: Vec<_> = records.iter().map(|one| one.content.name()).collect();
    let ordered = ["Airport", "bank", "Clinic", "dam"];
    assert_eq!(told, ordered);
    // Those that a service may be of, likewise.
    let at = records.first().unwrap().id;
    let (_, others) = ops::view(&register, &node(), at).await.unwrap();
    let told: Vec<_> = others.iter().map(|one| one.content.name()).collect();
    assert_eq!(told, ordered);
}

async fn a_file_brings_everything_back(db: Db) {
    let register = register(db).await;
    let [grid, power, hospital] = filled(&register, &node()).await;
    let file = ops::export_json(&register, &node()).await.unwrap();
    let again = ops::import_json(&register, &node(), file.as_bytes())
        .await
        .unwrap();
    assert_eq!((again.created, again.changed, again.unchanged), (0, 0, 3));
    for id in [hospital.id, power.id] {
        ops::remove(&register, &node(), id).await.unwrap();
    }
    ops::change(&register, &node(), (grid.id, 1), operator("Other"))
        .await
        .unwrap();
    let back = ops::import_json(&register, &node(), file.as_bytes())
        .await
        .unwrap();
    assert_eq!((back.created, back.changed, back.unchanged), (2, 1, 0));
    let records = ops::list(&register, &node()).await.unwrap();
    assert!(
        records
            .iter()
            .any(|record| record.content == hospital.content)
    );
    for bad in [
        "",
        "{}",
        "[{\"id\":\"x\"}]",
        "[{\"kind\":\"operator\",\"name\":\"x\"}]",
    ] {
        let refused = ops::import_json(&register, &node(), bad.as_bytes()).await;
        assert!(matches!(refused, Err(Error::File(_))), "{bad}");
    }
    let dangling = file
        .replace("Hospital", "Clinic")
        .replace(&grid.id.to_string(), &power.id.to_string());
    let refused = ops::import_json(&register, &node(), dangling.as_bytes()).await;
    assert!(refused.is_err());
    assert_eq!(ops::list(&register, &node()).await.unwrap().len(), 3);
}

async fn exercise_and_real_records_are_apart(db: Db) {
    let register = register(db).await;
    let [grid, ..] = filled(&register, &node()).await;
    let exercise = Viewer {
        mode: Mode::Exercise,
        ..node()
    };
    assert!(ops::list(&register, &exercise).await.unwrap().is_empty());
    let hidden = ops::view(&register, &exercise, grid.id).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
    let file = ops::export_json(&register, &node()).await.unwrap();
    // The ids are taken by the real ones.
    let taken = ops::import_json(&register, &exercise, file.as_bytes()).await;
    assert!(taken.is_err());
    assert_eq!(ops::list(&register, &node()).await.unwrap().len(), 3);
}
