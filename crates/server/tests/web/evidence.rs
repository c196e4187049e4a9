//! Evidence over the web listener: large bodies, bodies that break off, and what is handed out.

use std::io;

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode},
};
use futures_util::{StreamExt, stream};
use kernel::Role;
use serde_json::Value;
use tower::ServiceExt;

use crate::support::{Person, Web, ask, request, web};

async fn entered(web: &Web, person: &Person) -> String {
    let body = r#"{"kind":"incident","title":"A","determination":"suspected","tlp":"GREEN"}"#;
    let made = ask(web, person.asks(request("post", "/api/v1/incidents", body))).await;
    assert_eq!(made.0, StatusCode::CREATED, "{}", made.2);
    let made: Value = serde_json::from_str(&made.2).unwrap();
    format!("/api/v1/incidents/{}", made["id"].as_str().unwrap())
}

fn put(person: &Person, incident: &str, body: Body) -> Request<Body> {
    let path = format!("{incident}/evidence?name=a.log&kind=log&tlp=GREEN");
    let mut request = person.asks(request("post", &path, ""));
    let kind = "application/octet-stream".parse().unwrap();
    request.headers_mut().insert("content-type", kind);
    *request.body_mut() = body;
    request
}

async fn listed(web: &Web, person: &Person, incident: &str) -> Vec<Value> {
    let path = format!("{incident}/evidence");
    let list = ask(web, person.asks(request("get", &path, ""))).await;
    let list: Value = serde_json::from_str(&list.2).unwrap();
    list["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_larger_than_any_other_body_comes_in_and_goes_out_as_a_file() {
    let web = web(1_000).await;
    let duty = Person::with(&web, Role::DutyOfficer).await;
    let incident = entered(&web, &duty).await;
    // What is more than a body may have elsewhere is not refused for its size.
    let large = || Body::from(vec![b'x'; 65 << 20]);
    let mut unnamed = put(&duty, &incident, large());
    *unnamed.uri_mut() = format!("{incident}/evidence").parse().unwrap();
    let answer = ask(&web, unnamed).await;
    assert_eq!(answer.0, StatusCode::BAD_REQUEST, "{}", answer.2);
    let mut elsewhere = put(&duty, &incident, large());
    *elsewhere.uri_mut() = "/api/v1/files?name=a".parse().unwrap();
    let answer = ask(&web, elsewhere).await;
    assert_eq!(answer.0, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.2);

    let piece = Bytes::from(vec![b'x'; 1 << 20]);
    let pieces = stream::iter((0..9).map(move |_| Ok::<_, io::Error>(piece.clone())));
    let put = ask(&web, put(&duty, &incident, Body::from_stream(pieces))).await;
    assert_eq!(put.0, StatusCode::CREATED, "{}", put.2);
    let item: Value = serde_json::from_str(&put.2).unwrap();
    assert_eq!(item["size"], 9 << 20);

    let path = format!("{incident}/evidence/{}/copy", item["id"].as_str().unwrap());
    let bare = ask(&web, duty.asks(request("post", &path, r#"{"reason":" "}"#))).await;
    assert_eq!(bare.0, StatusCode::BAD_REQUEST, "{}", bare.2);
    let copy = duty.asks(request("post", &path, r#"{"reason":"to read it"}"#));
    let copied = web.router.clone().oneshot(copy).await.unwrap();
    let (head, body) = copied.into_parts();
    let header = |name: &str| head.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-disposition").starts_with("attachment; "));
    let policies: Vec<_> = head
        .headers
        .get_all("content-security-policy")
        .iter()
        .collect();
    assert!(
        policies
            .iter()
            .any(|one| one.to_str().unwrap().contains("sandbox"))
    );
    assert!(policies.len() > 1, "the house's own holds beside it");
    let mut bytes = 0;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        bytes += piece.unwrap().len();
    }
    assert_eq!(bytes, 9 << 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_leaves_nothing() {
    let web = web(1_000).await;
    let duty = Person::with(&web, Role::DutyOfficer).await;
    let incident = entered(&web, &duty).await;
    let piece = || Ok(Bytes::from(vec![b'x'; 9 << 20]));
    let gone = || Err(io::Error::from(io::ErrorKind::ConnectionReset));

    let broken = Body::from_stream(stream::iter([piece(), gone()]));
    let answer = ask(&web, put(&duty, &incident, broken)).await;
    assert_eq!(answer.0, StatusCode::BAD_REQUEST, "{}", answer.2);
    assert!(answer.2.contains("evidence.broken_off"), "{}", answer.2);

    // The caller is gone while the node waits for more: the handler ends where it stands.
    let (begun, waits) = tokio::sync::oneshot::channel::<()>();
    let mut begun = Some(begun);
    let silent = stream::iter([piece()]).chain(stream::poll_fn(move |_| {
        if let Some(begun) = begun.take() {
            begun.send(()).unwrap();
        }
        std::task::Poll::Pending
    }));
    let request = put(&duty, &incident, Body::from_stream(silent));
    let answering = web.router.clone().oneshot(request);
    let answered = tokio::select! {
        _ = answering => true,
        _ = waits => false,
    };
    assert!(!answered, "it was answered before its end");
    assert!(listed(&web, &duty, &incident).await.is_empty());
    let kept = web.files();
    assert!(kept.is_empty(), "{kept:?}");
    // And the next one is as if nothing had been.
    let whole = ask(&web, put(&duty, &incident, Body::from("GET /"))).await;
    assert_eq!(whole.0, StatusCode::CREATED, "{}", whole.2);
    assert_eq!(listed(&web, &duty, &incident).await[0]["number"], 1);
}
