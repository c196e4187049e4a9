//! Assets as files, by the op and by the route.

use access::http::Door;
use axum::{
    Extension,
    body::Body,
    http::{Request, StatusCode, header},
};
use constituency::{
    http,
    model::{Filter, Form},
    ops,
};
use db::Db;
use http_body_util::BodyExt as _;
use kernel::{Mode, Role, Viewer};
use std::fmt::Write as _;
use tower::ServiceExt as _;

use crate::house::{counts, ground, names, take, user};

db::contract! {
    an_export_is_an_import,
    an_export_is_narrowed_as_a_list_is,
    the_route_streams_a_file_to_whoever_may,
}

const FILE: &str = "organisation,host,tag,vendor,product,version,owner\r\n\
    Port,mx1,7,Example,Mail Server,1.0,ops\r\n\
    Port,=cmd(),,Example,\"+1 \"\"x\"\"\",1,@owner\r\n\
    مستشفى,خادم,,Example,Mail Server,'٢,\"a\nb\"\r\n";

async fn written(
    ground: &audit::Ground,
    viewer: &Viewer,
    filter: &Filter,
    form: Form,
) -> (String, usize) {
    let mut writing = ops::export(ground, viewer, filter, form).await.unwrap();
    let (mut text, mut pieces) = (String::new(), 0);
    while let Some(piece) = writing.next(ground, viewer).await.unwrap() {
        text.push_str(&piece);
        pieces += 1;
    }
    (text, pieces)
}

async fn an_export_is_an_import(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    take(&ground, &viewer, FILE.as_bytes()).await;
    let all = Filter::default();
    let (text, _) = written(&ground, &viewer, &all, Form::Csv).await;
    assert!(
        text.contains("\"'=cmd()\",\"\",\"Example\",\"'+1 \"\"x\"\"\""),
        "{text}"
    );
    let again = take(&ground, &viewer, text.as_bytes()).await;
    assert_eq!(counts(&again), [0, 0, 3, 0]);
    let (lines, _) = written(&ground, &viewer, &all, Form::Lines).await;
    assert!(lines.contains("\"name\":\"=cmd()\""), "{lines}");
    let again = take(&ground, &viewer, lines.as_bytes()).await;
    assert_eq!(counts(&again), [0, 0, 3, 0]);
    // Into a node that has none of them.
    let exercise = Viewer {
        mode: Mode::Exercise,
        ..viewer.clone()
    };
    let fresh = take(&ground, &exercise, text.as_bytes()).await;
    assert_eq!(counts(&fresh), [3, 0, 0, 0]);
    assert_eq!(
        names(&ground, &exercise, &all).await,
        names(&ground, &viewer, &all).await
    );
    let mut tx = ground.db.begin_read().await.unwrap();
    let sql = "SELECT count(*) FROM act WHERE code = 'asset.exported'";
    let (count,): (i64,) = db::query(sql).fetch_one(&mut tx).await.unwrap();
    assert_eq!(count, 2);
}

async fn an_export_is_narrowed_as_a_list_is(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let mut file = "organisation,name,product\n".to_owned();
    for number in 0..1_200 {
        let organisation = if number % 2 == 0 { "Port" } else { "Ward" };
        writeln!(file, "{organisation},Host{number:04},Thing").unwrap();
    }
    take(&ground, &viewer, file.as_bytes()).await;
    let (all, pieces) = written(&ground, &viewer, &Filter::default(), Form::Lines).await;
    assert_eq!((all.lines().count(), pieces), (1_200, 3));
    let mut seen: Vec<&str> = all.lines().collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 1_200);
    let port = ops::organisations(&ground, &viewer, "port").await.unwrap()[0].number;
    let narrowed = Filter {
        organisation: Some(port),
        name: Some("host00".to_owned()),
        ..Filter::default()
    };
    let (some, _) = written(&ground, &viewer, &narrowed, Form::Csv).await;
    assert_eq!(some.lines().count(), 51);
    // An asset at the end of a piece that goes meanwhile ends nothing.
    let mut writing = ops::export(&ground, &viewer, &Filter::default(), Form::Lines)
        .await
        .unwrap();
    let first = writing.next(&ground, &viewer).await.unwrap().unwrap();
    let name = first.lines().last().unwrap();
    let name = name.split("\"name\":\"").nth(1).unwrap();
    let last = Filter {
        name: Some(name.split('"').next().unwrap().to_owned()),
        ..Filter::default()
    };
    let found = ops::assets(&ground, &viewer, &last, kernel::PageRequest::default());
    let id = found.await.unwrap().items[0].id;
    ops::remove(&ground, &viewer, id).await.unwrap();
    let mut rest = 0;
    while let Some(piece) = writing.next(&ground, &viewer).await.unwrap() {
        rest += piece.lines().count();
    }
    assert_eq!(rest, 700);
}

async fn the_route_streams_a_file_to_whoever_may(db: Db) {
    let ground = ground(db).await;
    let analyst = user(Role::Analyst);
    take(&ground, &analyst, FILE.as_bytes()).await;
    let (router, _) = http::router(ground.clone()).split_for_parts();
    let door = Door {
        cookie: "comity".into(),
        secure: false,
    };
    let app = router.layer(Extension(door));
    let mut tx = ground.db.begin().await.unwrap();
    let party = "XA".parse().unwrap();
    access::ops::set_node_party_in(&mut tx, &party)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let ask = async |name: &str, role, path: &str| {
        let cookie = signed_in(&ground, name, role).await;
        let request = Request::builder()
            .uri(path)
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .unwrap();
        let answer = app.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let fields = answer.headers().clone();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, fields, String::from_utf8(body.to_vec()).unwrap())
    };
    let path = "/constituency/assets/file";
    let (status, fields, text) = ask("a1", Role::Analyst, path).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(fields[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(text.matches("Mail Server").count(), 2);
    let lines = format!("{path}?form=jsonl&name=mx");
    let (_, fields, text) = ask("a2", Role::DutyOfficer, &lines).await;
    assert_eq!(
        fields[header::CONTENT_DISPOSITION],
        "attachment; filename=\"assets.jsonl\""
    );
    assert_eq!(text.lines().count(), 1);
    let (status, ..) = ask("a3", Role::PolicyOfficer, path).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, ..) = ask("a4", Role::Analyst, &format!("{path}?form=xls")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

async fn signed_in(ground: &audit::Ground, name: &str, role: Role) -> String {
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
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Real);
    create_user(ground, &node, new).await.unwrap();
    let attempt = SignIn {
        name: name.to_owned(),
        password: Password::typed("four words in a row".to_owned()),
        address: None,
        mode: Some(Mode::Real),
        language: None,
    };
    let (token, _) = sign_in(ground, attempt).await.unwrap();
    format!("comity={}", token.to_text())
}
