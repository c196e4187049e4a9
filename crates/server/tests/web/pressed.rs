//! Two presses of one button have one effect.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use access::http::CsrfForm;
use audit::Ground;
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Multipart},
    http::{Request, StatusCode},
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
    routing::post,
};
use kernel::Role;
use serde::Deserialize;

use crate::support::{Person, Web, ask, request, web};

#[derive(Deserialize)]
struct Note {
    text: String,
}

/// A page that takes notes, each after a while, and leads to the one that it made.
pub(crate) fn page(ground: Ground) -> Router {
    let notes = Arc::new(AtomicUsize::new(0));
    let take = async move |CsrfForm(note): CsrfForm<Note>| -> Response {
        // Others come meanwhile.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        if note.text.is_empty() {
            let seen = notes.load(Ordering::SeqCst);
            return Html(format!("{seen} notes, and this one is empty")).into_response();
        }
        let number = notes.fetch_add(1, Ordering::SeqCst) + 1;
        let said = AppendHeaders([("set-cookie", "said=added")]);
        (said, Redirect::to(&format!("/notes/{number}"))).into_response()
    };
    let files = Arc::new(AtomicUsize::new(0));
    let put = async move |mut parts: Multipart| -> Response {
        let mut bytes = 0;
        while let Ok(Some(part)) = parts.next_field().await {
            bytes += part.bytes().await.unwrap().len();
        }
        let number = files.fetch_add(1, Ordering::SeqCst) + 1;
        let said = AppendHeaders([("set-cookie", "said=added")]);
        (said, Redirect::to(&format!("/files/{number}/{bytes}"))).into_response()
    };
    let added = Arc::new(AtomicUsize::new(0));
    let add = async move || {
        let said = AppendHeaders([("set-cookie", "said=added")]);
        let number = added.fetch_add(1, Ordering::SeqCst) + 1;
        (said, Redirect::to(&format!("/report#{number}"))).into_response()
    };
    Router::new()
        .route("/notes", post(take))
        .route("/files", post(put).layer(DefaultBodyLimit::max(8 << 20)))
        .route("/report/add", post(add))
        .with_state(ground)
}

fn pressed(person: &Person, mark: &str, text: &str) -> Request<Body> {
    let body = format!("csrf={}{mark}&text={text}", person.csrf);
    let mut request = person.asks(request("post", "/notes", &body));
    let headers = request.headers_mut();
    headers.insert("content-length", body.len().into());
    let form = "application/x-www-form-urlencoded";
    headers.insert("content-type", form.parse().unwrap());
    request
}

/// Where a press led; nothing where it led nowhere.
async fn led(web: &Web, request: Request<Body>) -> Option<String> {
    let (status, headers, body) = ask(web, request).await;
    let to = headers.get("location")?.to_str().unwrap().to_owned();
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    assert_eq!(headers["set-cookie"], "said=added");
    Some(to)
}

#[tokio::test]
async fn a_form_of_one_page_that_comes_twice_is_taken_once() {
    let web = web(10_000).await;
    let duty = Person::with(&web, Role::DutyOfficer).await;
    let press = |mark, text| led(&web, pressed(&duty, mark, text));
    // At once, and again when it is done.
    let (one, two) = tokio::join!(press(".a", "hello"), press(".a", "hello"));
    assert_eq!(one.as_deref(), Some("/notes/1"));
    assert_eq!(two, one);
    assert_eq!(press(".a", "hello").await, one);
    // Another text, a page that was drawn again, and somebody else's are others.
    assert_eq!(press(".a", "again").await.as_deref(), Some("/notes/2"));
    assert_eq!(press(".b", "hello").await.as_deref(), Some("/notes/3"));
    let analyst = Person::with(&web, Role::Analyst).await;
    let theirs = led(&web, pressed(&analyst, ".a", "hello")).await;
    assert_eq!(theirs.as_deref(), Some("/notes/4"));
    // A program that sends the token as the interface gives it means each.
    assert_eq!(press("", "hello").await.as_deref(), Some("/notes/5"));
    assert_eq!(press("", "hello").await.as_deref(), Some("/notes/6"));
}

#[tokio::test]
async fn what_led_nowhere_is_thought_over_anew() {
    let web = web(10_000).await;
    let duty = Person::with(&web, Role::DutyOfficer).await;
    for seen in ["0 notes", "1 notes"] {
        let (one, two) = tokio::join!(
            ask(&web, pressed(&duty, ".a", "")),
            ask(&web, pressed(&duty, ".a", ""))
        );
        for (status, _, page) in [one, two] {
            assert_eq!(status, StatusCode::OK);
            assert!(page.contains(seen), "{page}");
        }
        led(&web, pressed(&duty, ".c", "there")).await;
    }
    for _ in 0..2 {
        let body = "csrf=x.a&text=hello";
        let mut forged = pressed(&duty, ".a", "hello");
        *forged.body_mut() = Body::from(body);
        forged
            .headers_mut()
            .insert("content-length", body.len().into());
        let (status, _, page) = ask(&web, forged).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{page}");
    }
}

/// A form with a file as a browser sends it, with a boundary of its own each time.
fn with_file(person: &Person, (mark, boundary): (&str, &str), file: &[u8]) -> Request<Body> {
    let csrf = format!("{}{mark}", person.csrf);
    let mut body = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let mut request = person.asks(request("post", "/files", ""));
    let headers = request.headers_mut();
    headers.insert("content-length", body.len().into());
    let kind = format!("multipart/form-data; boundary={boundary}");
    headers.insert("content-type", kind.parse().unwrap());
    *request.body_mut() = Body::from(body);
    request
}

#[tokio::test]
async fn a_form_with_a_file_that_comes_twice_is_taken_once_and_whole() {
    let web = web(10_000).await;
    let duty = Person::with(&web, Role::DutyOfficer).await;
    let (small, large) = (vec![7; 1_000], vec![7; 3 << 20]);
    let mut other = large.clone();
    other[1_000] = 8;
    let put = |of, file: &[u8]| led(&web, with_file(&duty, of, file));
    for (round, file) in [small, large].iter().enumerate() {
        let (mark, drawn_anew) = [(".a", ".ac"), (".b", ".bc")][round];
        let first = put((mark, "xxAbc"), file).await.unwrap();
        let bytes = file.len() + duty.csrf.len() + mark.len();
        assert_eq!(first, format!("/files/{}/{bytes}", round * 2 + 1));
        // The boundary is another, and may be longer.
        let again = put((mark, "xxAbcdefgh"), file).await;
        assert_eq!(again.as_deref(), Some(first.as_str()));
        // From a page that was drawn anew it is meant anew.
        let anew = put((drawn_anew, "xxAbc"), file).await.unwrap();
        assert!(anew.starts_with(&format!("/files/{}/", round * 2 + 2)));
    }
    let another = put((".b", "xxAbc"), &other).await.unwrap();
    assert!(another.starts_with("/files/5/"), "another file: {another}");
}

#[tokio::test]
async fn what_a_stranger_adds_twice_from_one_page_is_added_once() {
    let web = web(10_000).await;
    let add = async |body: &str| {
        let mut request = request("post", "/report/add", body);
        let headers = request.headers_mut();
        headers.insert("content-length", body.len().into());
        let form = "application/x-www-form-urlencoded";
        headers.insert("content-type", form.parse().unwrap());
        led(&web, request).await.unwrap()
    };
    let first = add("csrf=.a1&code=X&text=again").await;
    assert_eq!(add("csrf=.a1&code=X&text=again").await, first);
    assert_ne!(add("csrf=.a2&code=X&text=again").await, first);
    assert_ne!(add("csrf=.a1&code=Y&text=again").await, first);
    assert_ne!(add("csrf=&code=X&text=again").await, first);
}
