//! What access does, on both engines.
use std::time::Duration;

use access::{
    Error,
    model::{Password, Status},
    ops::{self, NewKey, NewUser, SessionChange, UserChange},
    policy::{Act, check_house},
    secret::KeySecret,
};
use db::Db;
use kernel::{Language, Limit, Mode, PageRequest, Role, Scope, Who};

use crate::support::{House, PASSWORD};

db::contract! {
    a_session_begins_is_found_and_ends,
    a_session_ends_by_itself,
    nobody_learns_which_part_was_wrong,
    a_session_changes_mode_and_language,
    a_code_sets_a_password_once,
    a_disabled_user_is_out_at_once,
    the_last_administrator_stays,
    a_stale_change_is_refused,
    users_are_listed_page_by_page,
    people_are_named_to_those_who_decide_who_reads,
    keys_work_until_they_are_revoked_or_expire,
    guests_get_keys_from_an_administrator_and_nobody_else_does,
    changing_a_password_ends_other_sessions,
}

async fn a_session_begins_is_found_and_ends(db: Db) {
    let house = House::open(db).await;
    let amina = house.user("amina", &[Role::DutyOfficer]).await;
    let (token, session) = house.sign_in("amina", PASSWORD).await.unwrap();
    let (viewer, found) = ops::authenticate(&house.ground, &token).await.unwrap();
    assert_eq!(found, session);
    assert_eq!(viewer.user(), Some(amina.id));
    assert_eq!((viewer.party.as_str(), viewer.mode), ("FR", Mode::Real));
    assert!(session.csrf_matches(&session.csrf.clone()));
    assert!(!session.csrf_matches("") && !session.csrf_matches(&token.to_text()));
    let drawn = session.clone().drawn("0a1b").drawn("2c3d");
    assert_eq!(drawn.csrf, format!("{}.2c3d", session.csrf));
    assert!(session.csrf_matches(&drawn.csrf) && drawn.csrf_matches(&session.csrf));
    assert!(!session.csrf_matches(".2c3d") && !drawn.csrf_matches("x.2c3d"));
    ops::sign_out(&house.ground, &viewer, &session)
        .await
        .unwrap();
    let after = ops::authenticate(&house.ground, &token).await;
    assert!(matches!(after, Err(Error::Unauthenticated)));
}

async fn a_session_ends_by_itself(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::DutyOfficer]).await;
    let (idle, _) = house.sign_in("amina", PASSWORD).await.unwrap();
    let (busy, _) = house.sign_in("amina", PASSWORD).await.unwrap();
    for _ in 0..14 {
        house.clock.advance(Duration::from_mins(50));
        ops::authenticate(&house.ground, &busy).await.unwrap();
    }
    let gone = ops::authenticate(&house.ground, &idle).await;
    assert!(matches!(gone, Err(Error::Unauthenticated)));
    house.clock.advance(Duration::from_mins(50));
    let gone = ops::authenticate(&house.ground, &busy).await;
    assert!(
        matches!(gone, Err(Error::Unauthenticated)),
        "12 hours are over"
    );
}

async fn nobody_learns_which_part_was_wrong(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::DutyOfficer]).await;
    for (name, password) in [
        ("amina", "seven horses in the yarD"),
        ("nobody", PASSWORD),
        ("NOT A NAME", PASSWORD),
    ] {
        let refused = house.sign_in(name, password).await;
        assert!(matches!(refused, Err(Error::BadCredentials)), "{name}");
    }
}

async fn a_session_changes_mode_and_language(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::DutyOfficer]).await;
    let (token, session) = house.sign_in("amina", PASSWORD).await.unwrap();
    let (viewer, _) = ops::authenticate(&house.ground, &token).await.unwrap();
    let change = SessionChange {
        mode: Some(Mode::Exercise),
        language: Some(Language::Zh),
    };
    ops::change_session(&house.ground, &viewer, &session, change)
        .await
        .unwrap();
    let (viewer, session) = ops::authenticate(&house.ground, &token).await.unwrap();
    assert_eq!(
        (viewer.mode, session.mode, session.language),
        (Mode::Exercise, Mode::Exercise, Language::Zh)
    );
}

async fn a_code_sets_a_password_once(db: Db) {
    let house = House::open(db).await;
    let new = NewUser {
        name: "chen".parse().unwrap(),
        display: "Chen Wei".parse().unwrap(),
        roles: [Role::Diplomat].into_iter().collect(),
        language: Language::Zh,
        password: None,
    };
    let again = new.clone();
    let (user, code) = ops::create_user(&house.ground, &house.node, new)
        .await
        .unwrap();
    let taken = ops::create_user(&house.ground, &house.node, again).await;
    assert!(matches!(taken, Err(Error::NameTaken)));
    assert!(!user.has_password);
    let code = code.unwrap().to_text();
    let redeem = async |code: &str, password: &str| {
        let new = Password::new(password.into()).unwrap();
        ops::redeem_code(&house.ground, "chen", code, new, None).await
    };
    let wrong = redeem("00000-00000-00000-00000", "a password that is long").await;
    assert!(matches!(wrong, Err(Error::BadCredentials)));
    redeem(&code, "a password that is long").await.unwrap();
    let spent = redeem(&code, "another password, also long").await;
    assert!(matches!(spent, Err(Error::BadCredentials)));
    let (_, session) = house
        .sign_in("chen", "a password that is long")
        .await
        .unwrap();
    assert_eq!(session.language, Language::Zh);

    let version = session.user.version;
    let code = ops::issue_code(&house.ground, &house.node, user.id, version)
        .await
        .unwrap();
    let locked = house.sign_in("chen", "a password that is long").await;
    assert!(
        matches!(locked, Err(Error::BadCredentials)),
        "a reset takes the old one away"
    );
    house.clock.advance(Duration::from_secs(86_401));
    let late = redeem(&code.to_text(), "a third password, long").await;
    assert!(matches!(late, Err(Error::BadCredentials)));
}

async fn a_disabled_user_is_out_at_once(db: Db) {
    let house = House::open(db).await;
    let amina = house.user("amina", &[Role::DutyOfficer]).await;
    let viewer = house.viewer("amina").await;
    let (token, _) = house.sign_in("amina", PASSWORD).await.unwrap();
    let key = NewKey {
        label: "sync".parse().unwrap(),
        scopes: [Scope::IncidentsRead].into_iter().collect(),
        mode: Mode::Real,
        days: 30,
    };
    let (_, secret) = ops::create_key(&house.ground, &viewer, key).await.unwrap();
    let change = UserChange {
        status: Some(Status::Disabled),
        ..UserChange::default()
    };
    ops::change_user(&house.ground, &house.node, amina.id, 1, change)
        .await
        .unwrap();
    assert!(ops::authenticate(&house.ground, &token).await.is_err());
    assert!(ops::authenticate_key(&house.ground, &secret).await.is_err());
    let refused = house.sign_in("amina", PASSWORD).await;
    assert!(matches!(refused, Err(Error::BadCredentials)));
}

async fn the_last_administrator_stays(db: Db) {
    let house = House::open(db).await;
    let one = house.user("one", &[Role::Admin]).await;
    let two = house.user("two", &[Role::Admin, Role::Auditor]).await;
    let viewer = house.viewer("one").await;
    let demote = UserChange {
        roles: Some([Role::Auditor].into_iter().collect()),
        ..UserChange::default()
    };
    let demoted = ops::change_user(&house.ground, &viewer, two.id, 1, demote.clone()).await;
    assert_eq!(demoted.unwrap().version, 2);
    let last = ops::change_user(&house.ground, &viewer, one.id, 1, demote).await;
    assert!(matches!(last, Err(Error::LastAdmin)));
    assert!(house.viewer("one").await.roles.contains(Role::Admin));
}

async fn a_stale_change_is_refused(db: Db) {
    let house = House::open(db).await;
    let amina = house.user("amina", &[Role::DutyOfficer]).await;
    let analyst = house.viewer("amina").await;
    let change = UserChange::default();
    let stale = ops::change_user(&house.ground, &house.node, amina.id, 9, change.clone()).await;
    assert!(matches!(
        stale,
        Err(Error::Stale {
            given: 9,
            current: 1
        })
    ));
    let refused = ops::change_user(&house.ground, &analyst, amina.id, 1, change).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    assert_eq!(
        ops::read_user(&house.ground, &analyst, amina.id)
            .await
            .unwrap(),
        amina
    );
}

async fn users_are_listed_page_by_page(db: Db) {
    let house = House::open(db).await;
    let mut expected = Vec::new();
    for name in ["amina", "boris", "chen"] {
        house.clock.advance(Duration::from_secs(1));
        expected.push(house.user(name, &[Role::Analyst]).await);
    }
    let mut found = Vec::new();
    let mut page = PageRequest {
        after: None,
        limit: Limit::new(2).unwrap(),
    };
    loop {
        let part = ops::list_users(&house.ground, &house.node, page)
            .await
            .unwrap();
        found.extend(part.items);
        page.after = part.next;
        if page.after.is_none() {
            break;
        }
    }
    assert_eq!(found, expected);
}

async fn people_are_named_to_those_who_decide_who_reads(db: Db) {
    let house = House::open(db).await;
    let boris = house.user("boris", &[Role::Reporter]).await;
    let amina = house.user("amina", &[Role::Analyst]).await;
    let chen = house.user("chen", &[Role::Reporter]).await;
    let gone = UserChange {
        status: Some(Status::Disabled),
        ..UserChange::default()
    };
    ops::change_user(&house.ground, &house.node, chen.id, chen.version, gone)
        .await
        .unwrap();
    let analyst = house.viewer("amina").await;
    let people = ops::people(&house.ground, &analyst).await.unwrap();
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    assert_eq!(ids, [amina.id, boris.id]);
    let guest = house.viewer("boris").await;
    assert!(ops::people(&house.ground, &guest).await.is_err());
}

async fn keys_work_until_they_are_revoked_or_expire(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::Analyst]).await;
    house.user("boris", &[Role::Analyst]).await;
    let amina = house.viewer("amina").await;
    let key = |days| NewKey {
        label: "sync".parse().unwrap(),
        scopes: [Scope::IncidentsRead].into_iter().collect(),
        mode: Mode::Real,
        days,
    };
    for days in [0, 367] {
        let refused = ops::create_key(&house.ground, &amina, key(days)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
    }
    let (made, secret) = ops::create_key(&house.ground, &amina, key(30))
        .await
        .unwrap();
    let viewer = ops::authenticate_key(&house.ground, &secret).await.unwrap();
    assert!(matches!(&viewer.who, Who::Key { name, .. } if name == "amina/sync"));
    assert!(check_house(&viewer, Act::IncidentRead).is_ok());
    assert!(check_house(&viewer, Act::ExchangeRead).is_err());
    let used = ops::list_keys(&house.ground, &amina).await.unwrap();
    assert_eq!(
        used.first().and_then(|key| key.last_used_at),
        Some(house.ground.now())
    );

    let forged = secret.to_text();
    let (start, _) = forged.rsplit_once('_').unwrap();
    let forged = KeySecret::parse(&format!("{start}_{}", "A".repeat(43))).unwrap();
    assert!(ops::authenticate_key(&house.ground, &forged).await.is_err());

    let boris = house.viewer("boris").await;
    let foreign = ops::revoke_key(&house.ground, &boris, made.id).await;
    assert!(matches!(foreign, Err(Error::NoKey)));
    ops::revoke_key(&house.ground, &amina, made.id)
        .await
        .unwrap();
    assert!(ops::authenticate_key(&house.ground, &secret).await.is_err());

    let (_, secret) = ops::create_key(&house.ground, &amina, key(1))
        .await
        .unwrap();
    house.clock.advance(Duration::from_hours(24));
    assert!(ops::authenticate_key(&house.ground, &secret).await.is_err());
}

async fn guests_get_keys_from_an_administrator_and_nobody_else_does(db: Db) {
    let house = House::open(db).await;
    let guest = house.user("peer-xb", &[Role::Reporter]).await;
    let analyst = house.user("amina", &[Role::Analyst]).await;
    let both = house.user("boris", &[Role::Reporter, Role::Analyst]).await;
    house.user("chen", &[Role::Admin]).await;
    let admin = house.viewer("chen").await;
    let key = |scopes: &[Scope]| NewKey {
        label: "sync".parse().unwrap(),
        scopes: scopes.iter().copied().collect(),
        mode: Mode::Real,
        days: 30,
    };
    let reads = || key(&[Scope::IntelRead, Scope::IntelWrite]);
    let made = ops::create_key_for(&house.ground, &admin, guest.id, reads()).await;
    let (made, secret) = made.unwrap();
    let viewer = ops::authenticate_key(&house.ground, &secret).await.unwrap();
    assert_eq!(viewer.user(), Some(guest.id));
    assert!(check_house(&viewer, Act::IntelRead).is_ok());
    assert!(check_house(&viewer, Act::ApiKeyOwn).is_err());
    // Nobody reads by another's key what is his, and a guest's key is for intelligence.
    for other in [analyst.id, both.id] {
        let refused = ops::create_key_for(&house.ground, &admin, other, reads()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
        let refused = ops::list_keys_of(&house.ground, &admin, other).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
    }
    let wide = key(&[Scope::IntelRead, Scope::IncidentsRead]);
    let refused = ops::create_key_for(&house.ground, &admin, guest.id, wide).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    for nobody in [
        house.viewer("amina").await,
        house.viewer("peer-xb").await,
        viewer,
    ] {
        let refused = ops::create_key_for(&house.ground, &nobody, guest.id, reads()).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        let which = (guest.id, made.id);
        let refused = ops::revoke_key_of(&house.ground, &nobody, which).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
    let listed = ops::list_keys_of(&house.ground, &admin, guest.id).await;
    assert_eq!(listed.unwrap().len(), 1);
    ops::revoke_key_of(&house.ground, &admin, (guest.id, made.id))
        .await
        .unwrap();
    assert!(ops::authenticate_key(&house.ground, &secret).await.is_err());
}

async fn changing_a_password_ends_other_sessions(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::Analyst]).await;
    let (other, _) = house.sign_in("amina", PASSWORD).await.unwrap();
    let (own, session) = house.sign_in("amina", PASSWORD).await.unwrap();
    let (viewer, _) = ops::authenticate(&house.ground, &own).await.unwrap();
    let change = async |current: &str| {
        let new = Password::new("a password that is new".into()).unwrap();
        let current = Password::typed(current.into());
        ops::change_password(&house.ground, &viewer, session.id, current, new).await
    };
    assert!(matches!(
        change("wrong, and long enough").await,
        Err(Error::BadCredentials)
    ));
    change(PASSWORD).await.unwrap();
    assert!(ops::authenticate(&house.ground, &other).await.is_err());
    ops::authenticate(&house.ground, &own).await.unwrap();
    house
        .sign_in("amina", "a password that is new")
        .await
        .unwrap();
}
