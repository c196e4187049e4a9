//! The routes: who is not named gets the same answer, byte for byte.

use access::http::Door;
use axum::{
    Extension, Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use db::Db;
use http_body_util::BodyExt as _;
use infrastructure::{Register, http, ops};
use kernel::{Mode, Role};
use tower::ServiceExt as _;

use crate::house::{filled, named, node, register};

db::contract! {
    an_answer_tells_nothing_to_whom_it_is_not_for,
}

fn app(register: &Register) -> Router {
    let (router, _) = http::router(register.clone()).split_for_parts();
    let door = Door {
        cookie: "comity".into(),
        secure: false,
    };
    router.layer(Extension(door))
}

async fn signed_in(register: &Register, name: &str, role: Role) -> (String, kernel::UserId) {
    use access::{
        model::Password,
        ops::{NewUser, SignIn, create_user, sign_in},
    };
    let new = NewUser {
        name: name.parse().unwrap(),
        display: name.parse().unwrap(),
        roles: [role].into_iter().collect(),
        language: kernel::Language::En,
        password: Some(Password::new("four words in a row".to_owned()).unwrap()),
    };
    let (user, _) = create_user(&register.ground, &node(), new).await.unwrap();
    let attempt = SignIn {
        name: name.to_owned(),
        password: Password::typed("four words in a row".to_owned()),
        address: None,
        mode: Some(Mode::Real),
        language: None,
    };
    let (token, _) = sign_in(&register.ground, attempt).await.unwrap();
    (format!("comity={}", token.to_text()), user.id)
}

async fn ask(app: &Router, cookie: &str, path: &str) -> (StatusCode, String, String) {
    let request = Request::builder()
        .uri(path)
        .header(header::COOKIE, cookie)
        .body(Body::empty())
        .unwrap();
    let answer = app.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let fields = format!("{:?}", answer.headers());
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, fields, String::from_utf8(body.to_vec()).unwrap())
}

async fn an_answer_tells_nothing_to_whom_it_is_not_for(db: Db) {
    let register = register(db).await;
    let mut tx = register.ground.db.begin().await.unwrap();
    let party = "XA".parse().unwrap();
    access::ops::set_node_party_in(&mut tx, &party)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (cookie, user) = signed_in(&register, "rosa", Role::DutyOfficer).await;
    let app = app(&register);
    let [grid, power, _] = filled(&register, &node()).await;
    ops::remove(&register, &node(), grid.id).await.unwrap_err();
    let nothing = "infrastructure--00000000-0000-4000-8000-000000000000";
    let mut answers = Vec::new();
    for path in [
        "/infrastructure".to_owned(),
        format!("/infrastructure/{}", power.id),
        format!("/infrastructure/{nothing}"),
        "/infrastructure/file".to_owned(),
        "/infrastructure/table".to_owned(),
        "/infrastructure/incidents/incident--00000000-0000-4000-8000-000000000000".to_owned(),
    ] {
        answers.push(ask(&app, &cookie, &path).await);
    }
    assert_eq!(answers[0].0, StatusCode::NOT_FOUND);
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    let viewer = kernel::Viewer {
        who: kernel::Who::User {
            id: user,
            name: "rosa".to_owned(),
        },
        ..node()
    };
    named(&register, &viewer, (false, false)).await;
    let seen = ask(&app, &cookie, &format!("/infrastructure/{}", power.id)).await;
    assert_eq!(seen.0, StatusCode::OK);
    assert!(seen.2.contains("\"Hospital\""), "{}", seen.2);
    let gone = ask(&app, &cookie, &format!("/infrastructure/{nothing}")).await;
    assert_eq!(gone.0, StatusCode::NOT_FOUND);
    let file = ask(&app, &cookie, "/infrastructure/file").await;
    assert_eq!(file.0, StatusCode::FORBIDDEN);
}
