//! The pages of threads between two real nodes: what is written on the pages of one stands on those
//! of the other.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]
#![expect(
    clippy::too_many_lines,
    reason = "stories are told from their beginning to their end"
)]

mod alarms;
mod calendars;
mod circles;
mod clocks;

mod collections;
mod constituency;
mod constituency_lists;
mod events;
mod evidence;
mod first_call;
mod harm;
mod incident_case;
mod incident_files;
mod infrastructure;
mod introduction;
mod mails;
mod person;
mod remotes;
mod reporting;
mod reports;
mod severity;
mod sharing;
mod taxonomies;
mod warninglists;
mod work;

use axum::http::StatusCode;
use db::Engine;
use federation::state::Grade;
use kernel::MessageId;
use testkit::Fleet;

use person::{Form, Person, addressee, after, message_in, unescaped};

/// Writes one message through the pages, from the form to the confirmation.
async fn write(person: &Person, form: &Form, to: &str) -> String {
    let preview = person.post("/compose/preview", form).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
    let confirm = Form::of(&preview.text, "/compose/send").with("confirm", to);
    let sent = person.post("/compose/send", &confirm).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    sent.location
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_on_one_page_is_acknowledged_on_another() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let (here, there) = (
        Person::at(&fleet, "XA").await,
        Person::at(&fleet, "XB").await,
    );
    let start = here.get("/compose?party=XB").await;
    let to = addressee(&start.text);
    let blank = here.get(&format!("/compose/write?kind=RFI&to={to}")).await;
    let form = Form::of(&blank.text, "/compose/preview")
        .with("title", "Logs of <the> gateway")
        .with("questions", "Which hosts?\nSince when?")
        .with("permitted_use", "Defence of hospitals");

    // A missing answer is told at its field, and nothing that was typed is lost.
    let refused = here.post("/compose/preview", &form).await;
    assert!(refused.text.contains("id=\"w-why\""), "{}", refused.text);
    let again = Form::of(&refused.text, "/compose/preview");
    assert_eq!(again.value("title"), "Logs of <the> gateway");
    assert_eq!(again.value("id"), form.value("id"));

    let form = again.with("why", "To find the way in");
    let preview = here.post("/compose/preview", &form).await;
    assert!(
        preview.text.contains("Send to Brevonia"),
        "{}",
        preview.text
    );
    assert!(preview.text.contains("&#60;the&#62;"), "{}", preview.text);
    let confirm = Form::of(&preview.text, "/compose/send");
    let unconfirmed = here
        .post("/compose/send", &confirm.with("confirm", "Cardova"))
        .await;
    assert!(unconfirmed.text.contains("id=\"w-confirm\""));
    assert!(!here.get("/threads").await.text.contains("gateway"));

    // The same form twice is one message.
    let confirm = confirm.with("confirm", "brevonia");
    let sent = here.post("/compose/send", &confirm).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(
        here.post("/compose/send", &confirm).await.location,
        sent.location
    );
    let id = message_in(&sent.location);
    assert_eq!(id.to_string(), form.value("id"));
    fleet.receipted("XA", id, Grade::Own).await;

    let list = there.get("/threads?state=waiting_for_us").await;
    assert!(
        list.text.contains("Logs of &#60;the&#62; gateway"),
        "{}",
        list.text
    );
    // The desk says what waits, how urgent it is and what of it is still within its time.
    let desk = there.get("/desk").await.text;
    for told in [
        "1 of 1 within time",
        "Logs of &#60;the&#62; gateway",
        "open thread",
        "Incidents entered in each of the last 8 weeks, the running week last: 0, 0, 0, 0, 0, 0, 0, 0",
    ] {
        assert!(desk.contains(told), "no {told:?} in {desk}");
    }
    let path = sent.location.replace("with=XB", "with=XA");
    let thread = there.get(path.split('#').next().unwrap()).await;
    assert!(thread.text.len() < 24_000, "{} bytes", thread.text.len());
    let ack = Form::of(&thread.text, "/compose/preview");
    assert_eq!(
        (ack.value("kind"), ack.value("parent")),
        ("ACK", form.value("id"))
    );
    let acked = message_in(&write(&there, &ack, "XA").await);
    fleet.receipted("XB", acked, Grade::Own).await;

    let thread = here.get(sent.location.split('#').next().unwrap()).await;
    assert!(
        thread.text.contains("Acknowledging is not agreeing"),
        "{}",
        thread.text
    );
    assert!(thread.text.contains("Done here, by Aldoria"));
    let deed = format!("<a href=\"#{id}\">Sent: Request for information</a>");
    assert!(thread.text.contains(&deed), "{}", thread.text);
    assert!(!thread.text.contains("Sent: Acknowledgement"), "done there");
    for page in ["proof", "print"] {
        let page = here.get(&format!("/messages/{id}/{page}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(
            page.text.contains("’s ledger shows this message"),
            "{}",
            page.text
        );
    }
    assert!(
        here.get("/search?q=gateway")
            .await
            .text
            .contains("/threads/thread--")
    );
    assert!(
        here.get("/desk")
            .await
            .text
            .contains("Logs of &#60;the&#62; gateway")
    );
    fleet.end().await;
}

/// The address that a page gives for writing a message of this kind.
fn link(page: &str, kind: &str) -> String {
    let start = format!("/compose/write?kind={kind}&#38;");
    assert!(page.contains(&start), "no {kind} in {page}");
    let rest = after(page, &start).split('"').next().unwrap();
    unescaped(&format!("{start}{rest}"))
}

/// Follows the link, fills the form in and sends it; waits until it has arrived.
async fn say(
    fleet: &Fleet,
    (person, us, them): (&Person, &str, &str),
    page: &str,
    kind: &str,
    fields: &[(&str, &str)],
) -> MessageId {
    let open = "method=\"post\" action=\"/compose/preview\"";
    let mut form = Form(vec![]);
    if page.contains(open) {
        form = Form::of(page, "/compose/preview");
    }
    // The act that is awaited has its form on the page of the thread itself.
    if form.value("kind") != kind {
        let own = person.get(&link(page, kind)).await;
        form = Form::of(&own.text, "/compose/preview");
    }
    for (name, value) in fields {
        form = form.with(name, value);
    }
    let id = message_in(&write(person, &form, them).await);
    fleet.receipted(us, id, Grade::Own).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_that_a_thread_offers_can_be_sent() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let (here, there) = (
        Person::at(&fleet, "XA").await,
        Person::at(&fleet, "XB").await,
    );
    let (ours, theirs) = ((&here, "XA", "XB"), (&there, "XB", "XA"));
    let to = addressee(&here.get("/compose").await.text);
    let blank = here
        .get(&format!("/compose/write?kind=NOTIFY-ORIG&to={to}"))
        .await;
    let form = Form::of(&blank.text, "/compose/preview")
        .with("title", "Servers")
        .with("text", "They gave the orders.")
        .with("indicators", "198.51.100.23\ngate.example")
        .with("from", "2026-01-02T03:04");
    let location = write(&here, &form, "Brevonia").await;
    fleet
        .receipted("XA", message_in(&location), Grade::Own)
        .await;
    let thread = location.split('?').next().unwrap().to_owned();
    let call = Form(vec![("message".to_owned(), form.value("id").to_owned())]);
    for path in ["/desk/call".to_owned(), format!("{thread}/call")] {
        assert_eq!(
            here.post(&path, &call).await.status,
            StatusCode::OK,
            "{path}"
        );
    }

    let page = there.get(&thread).await.text;
    say(
        &fleet,
        theirs,
        &page,
        "CLARIFY",
        &[("title", "Which?"), ("items", "Which host?")],
    )
    .await;
    // No clock runs while a question is open, and the desk says that it waits all the same.
    let desk = here.get("/desk").await.text;
    assert!(
        desk.contains("clarify") && desk.contains("stands"),
        "{desk}"
    );
    // The answer is what is awaited now: its form stands open on the page.
    let page = here.get(&thread).await.text;
    let answer = Form::of(&page, "/compose/preview").with("items", "The first.");
    assert_eq!(answer.value("kind"), "CLARIFY");
    let answer = answer.with("title", "The host");
    let id = message_in(&write(&here, &answer, "XB").await);
    fleet.receipted("XA", id, Grade::Own).await;
    let page = there.get(&thread).await.text;
    say(
        &fleet,
        theirs,
        &page,
        "UPDATE",
        &[("title", "At work"), ("state", "acting")],
    )
    .await;
    let resp = [
        ("title", "Done"),
        ("text", "It is off."),
        ("decision", "accept"),
    ];
    let page = there.get(&thread).await.text;
    say(&fleet, theirs, &page, "RESP", &resp).await;
    // A later answer takes the place of the earlier one.
    let page = there.get(&thread).await.text;
    say(&fleet, theirs, &page, "RESP", &resp).await;
    let page = here.get(&thread).await.text;
    say(&fleet, ours, &page, "PING", &[]).await;
    let page = there.get(&thread).await.text;
    let pong = Form::of(&page, "/compose/preview");
    assert_eq!(pong.value("kind"), "PONG");
    let id = message_in(&write(&there, &pong, "XA").await);
    fleet.receipted("XB", id, Grade::Own).await;
    let page = here.get(&thread).await.text;
    say(&fleet, ours, &page, "CLOSE", &[("outcome", "resolved")]).await;
    let page = there.get(&thread).await.text;
    let agree = Form::of(&page, "/compose/preview").with("outcome", "resolved");
    assert_eq!(agree.value("kind"), "CLOSE");
    let id = message_in(&write(&there, &agree, "XA").await);
    fleet.receipted("XB", id, Grade::Own).await;
    let page = here.get(&thread).await.text;
    assert!(page.contains("The thread is closed."), "{page}");
    let withdrawal = [("reason", "error")];
    say(&fleet, ours, &page, "WITHDRAW", &withdrawal).await;
    let page = there.get(&thread).await.text;
    assert!(page.contains("Aldoria withdrew this message"), "{page}");
    assert!(!page.contains("They gave the orders."), "{page}");
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_put_once_and_stays_with_the_form() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let here = Person::at(&fleet, "XA").await;
    let to = addressee(&here.get("/compose").await.text);
    let blank = here.get(&format!("/compose/write?kind=RFM&to={to}")).await;
    let form = Form::of(&blank.text, "/compose/preview")
        .with("title", "Three servers")
        .with("text", "Please look.")
        .with("assets", "198.51.100.23");
    let content = "first,last\n1,2\n";
    let file = ("log, part 1.csv", content);

    // The measures are missing; the file is here already and need not be chosen again.
    let refused = here.post_file("/compose/preview", &form, file).await;
    assert!(refused.text.contains("log, part 1.csv"), "{}", refused.text);
    let form = Form::of(&refused.text, "/compose/preview").with("measures", "filter");
    let id = message_in(&write(&here, &form, "XB").await);
    fleet.receipted("XA", id, Grade::Own).await;
    assert_eq!(fleet.read_file("XB", id, 1).await, content.as_bytes());

    // The page cannot be sent anew after it was sent.
    let back = here.post("/compose/preview", &form).await;
    assert_eq!(message_in(&back.location), id);
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_the_pages_token_changes_nothing() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let here = Person::at(&fleet, "XA").await;
    let stranger = Person {
        csrf: "guessed".to_owned(),
        router: here.router.clone(),
        cookie: here.cookie.clone(),
    };
    let to = addressee(&here.get("/compose").await.text);
    let blank = here.get(&format!("/compose/write?kind=PING&to={to}")).await;
    let form = Form::of(&blank.text, "/compose/preview");
    for path in ["/compose/preview", "/compose/write", "/compose/send"] {
        let page = stranger.post(path, &form.with("confirm", "XB")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    let page = stranger
        .post_file("/compose/preview", &form, ("a.csv", "1"))
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let nowhere = here
        .get("/threads/thread--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11")
        .await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    fleet.end().await;
}
