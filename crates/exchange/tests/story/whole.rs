//! A matter from the notification to the end.

use std::io::Read;

use db::Db;
use exchange::{
    model::{FileState, Kind, Tab, ThreadFilter},
    ops,
    state::{Ended, RequestState, ThreadState},
};
use federation::{body::Attachment, state::Delivery, verify::Outcome};
use kernel::{MessageId, PageRequest};
use serde_json::json;

use crate::house::{House, about, message, mitigation, notice, two};

db::contract! {
    a_matter_goes_from_the_notification_to_the_end,
    a_ping_is_answered_by_a_person,
    files_come_as_they_were_put,
    what_was_said_can_be_proved_to_a_third_party,
}

async fn a_matter_goes_from_the_notification_to_the_end(db: Db) {
    let (a, b, _line) = two(db).await;
    let (asks, answers) = (a.duty(), b.duty());
    let told = a
        .send(&asks, message(&b, None, Kind::NotifyOrig, notice()))
        .await;
    let thread = told.thread;
    let there = b.thread(&answers, thread).await;
    assert_eq!(there.messages.len(), 1);
    assert_eq!(there.title.as_deref(), Some("Ransomware at a hospital"));
    assert_eq!(there.party, a.code());
    let rfm = a
        .send(&asks, message(&b, Some(thread), Kind::Rfm, mitigation()))
        .await;
    let counts = ops::counts(&b.x, &answers).await.unwrap();
    assert_eq!(
        (counts.waiting_for_us, counts.unread, counts.overdue),
        (2, 1, 0)
    );
    for request in [told.id, rfm.id] {
        b.send(
            &answers,
            message(&a, Some(thread), Kind::Ack, about(request)),
        )
        .await;
    }
    let question = json!({"refers_to": rfm.id, "part": "question", "items": ["Which port?"]});
    let question = b
        .send(&answers, message(&a, Some(thread), Kind::Clarify, question))
        .await;
    assert_eq!(
        request(&a, rfm.id, thread).await,
        RequestState::Clarifying { questions: 1 }
    );
    let answer =
        json!({"refers_to": rfm.id, "part": "answer", "question": question.id, "items": ["443"]});
    a.send(&asks, message(&b, Some(thread), Kind::Clarify, answer))
        .await;
    let update = json!({"refers_to": rfm.id, "state": "acting"});
    b.send(&answers, message(&a, Some(thread), Kind::Update, update))
        .await;
    for request in [told.id, rfm.id] {
        let done = json!({"refers_to": request, "decision": "accept"});
        b.send(&answers, message(&a, Some(thread), Kind::Resp, done))
            .await;
    }
    close(&a, &b, thread).await;
    b.end().await;
}

/// Both sides close the thread, and see the same.
async fn close(a: &House, b: &House, thread: kernel::ThreadId) {
    let (asks, answers) = (a.duty(), b.duty());
    let close = json!({"outcome": "resolved", "covers": []});
    a.send(&asks, message(b, Some(thread), Kind::Close, close.clone()))
        .await;
    assert_eq!(
        b.thread(&answers, thread).await.state,
        ThreadState::Closing { by: a.code() }
    );
    b.send(&answers, message(a, Some(thread), Kind::Close, close))
        .await;
    let ended = ThreadState::Closed { how: Ended::Both };
    let (here, there) = (
        a.thread(&asks, thread).await,
        b.thread(&answers, thread).await,
    );
    assert_eq!((&here.state, &there.state), (&ended, &ended));
    assert_eq!(here.requests, there.requests, "both sides see the same");
    assert_eq!((here.messages.len(), there.messages.len()), (11, 11));
    for said in here.messages.iter().filter(|said| said.ours) {
        assert!(
            matches!(said.delivery, Some(Delivery::Receipted { .. })),
            "{}",
            said.kind
        );
        assert!(said.receipt.is_some());
    }
    assert_eq!(
        (a.acts("message.sent").await, b.acts("message.sent").await),
        (4, 7)
    );
    let closed = ThreadFilter {
        state: Some(Tab::Closed),
        ..ThreadFilter::default()
    };
    let listed = ops::list_threads(&b.x, &answers, &closed, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.items.len(), 1);
    assert_eq!(
        (listed.items[0].messages, listed.items[0].last_ours),
        (11, true)
    );
}

async fn request(house: &House, id: MessageId, thread: kernel::ThreadId) -> RequestState {
    let view = house.thread(&house.duty(), thread).await;
    let found = view.requests.iter().find(|request| request.id == id);
    found.unwrap().state
}

async fn a_ping_is_answered_by_a_person(db: Db) {
    let (a, b, _line) = two(db).await;
    let task = json!({"test": true, "task": "Name the colour of the door."});
    let ping = a.send(&a.duty(), message(&b, None, Kind::Ping, task)).await;
    let waiting = ops::clocks(&b.x, &b.duty(), PageRequest::default())
        .await
        .unwrap();
    assert_eq!((waiting.items.len(), waiting.items[0].ours), (1, true));
    let blue = json!({"refers_to": ping.id, "task_result": "Blue."});
    b.send(&b.duty(), message(&a, Some(ping.thread), Kind::Pong, blue))
        .await;
    let state = a.thread(&a.duty(), ping.thread).await.state;
    assert_eq!(
        state,
        ThreadState::Closed {
            how: Ended::Answered
        }
    );
    b.end().await;
}

async fn files_come_as_they_were_put(db: Db) {
    let (a, b, _line) = two(db).await;
    let named = |name: &str| Attachment {
        name: name.to_owned(),
        media_type: "text/plain".to_owned(),
    };
    let text = "a log line\n".repeat(9_000).into_bytes();
    let put = ops::put_file(
        &a.x,
        &a.duty(),
        named("log.txt"),
        std::io::Cursor::new(text.clone()),
    )
    .await
    .unwrap();
    assert_eq!(put.size, Some(99_000));
    let clear = walk(a.folder.path()).into_iter();
    for path in clear {
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(10).any(|window| window == b"a log line");
        assert!(!found, "{} holds the plaintext", path.display());
    }
    let mut new = message(&b, None, Kind::Rfm, mitigation());
    new.files = vec![put.id];
    let preview = ops::preview(&a.x, &a.duty(), &new).await.unwrap();
    assert!(preview.leaves_sealed.contains(&"file:log.txt".to_owned()));
    let sent = a.send(&a.duty(), new.clone()).await;
    b.run_due().await;
    a.run_due().await;
    let there = ops::read_message(&b.x, &b.duty(), sent.id).await.unwrap();
    assert_eq!(
        (there.files.len(), there.files[0].name.as_str()),
        (1, "log.txt")
    );
    assert_eq!(
        (there.files[0].size, there.files[0].state),
        (Some(99_000), FileState::Good)
    );
    assert_eq!(there.files[0].sha256, put.sha256);
    for house in [&a, &b] {
        let (_, mut reader) = ops::read_file(&house.x, &house.duty(), sent.id, 1)
            .await
            .unwrap();
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert!(read == text, "{}", house.code());
    }
    let again = ops::send(&a.x, &a.duty(), new).await.unwrap_err();
    assert_eq!(
        again.code(),
        "file.not_found",
        "a file goes with one message"
    );
    let other = ops::read_file(&b.x, &b.duty(), sent.id, 2).await;
    assert_eq!(other.err().unwrap().code(), "file.not_found");
    b.end().await;
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path);
        }
    }
    found
}

async fn what_was_said_can_be_proved_to_a_third_party(db: Db) {
    let (a, b, _line) = two(db).await;
    let mut new = message(&b, None, Kind::NotifyOrig, notice());
    new.statement.text = Some("<script>alert(1)</script>".parse().unwrap());
    let told = a.send(&a.duty(), new).await;
    b.send(
        &b.duty(),
        message(&a, Some(told.thread), Kind::Ack, about(told.id)),
    )
    .await;
    for (house, id) in [(&a, told.id), (&b, told.id)] {
        let proof = ops::proof(&house.x, &house.duty(), id).await.unwrap();
        assert_eq!(
            proof.report.outcome(),
            Outcome::Proven,
            "{:#?}",
            proof.report.checks
        );
        assert_eq!((proof.key_sets.len(), proof.trust.len()), (2, 2));
    }
    let evidence = ops::evidence(&a.x, &a.duty(), told.thread, None)
        .await
        .unwrap();
    let file = |path: &str| {
        let found = evidence.files.iter().find(|file| file.path == path);
        String::from_utf8(found.unwrap_or_else(|| panic!("no {path}")).bytes.clone()).unwrap()
    };
    let page = file("index.html");
    assert!(
        !page.contains("<script") && page.contains("&lt;script&gt;"),
        "{page}"
    );
    assert!(page.contains("comity verify envelopes/message--") && page.contains("EXERCISE"));
    assert_eq!(page.matches("Verified when this was written").count(), 2);
    assert_eq!(file("trust.txt").lines().count(), 2);
    let sets: Vec<_> = evidence
        .files
        .iter()
        .filter(|file| file.path.starts_with("keys/"))
        .collect();
    assert_eq!(sets.len(), 2);
    let sets: Vec<_> = sets
        .iter()
        .map(|file| seal::keys::SignedKeySet::parse(&file.bytes).unwrap())
        .collect();
    let trust: Vec<_> = sets
        .iter()
        .map(seal::keys::SignedKeySet::fingerprint)
        .collect();
    let report = federation::verify::verify(
        file(&format!("envelopes/{}.dsse.json", told.id)).as_bytes(),
        file(&format!("receipts/{}.tlog-proof", told.id)).as_bytes(),
        &sets,
        &trust,
    );
    assert_eq!(report.outcome(), Outcome::Proven);
    let archive = ops::evidence_archive(&a.x, &a.duty(), told.thread, None)
        .await
        .unwrap();
    let mut archive = tar::Archive::new(archive.as_slice());
    assert_eq!(archive.entries().unwrap().count(), evidence.files.len());
    assert_eq!(a.acts("thread.evidence").await, 2);
    let analyst = a.user(7, kernel::Role::Analyst);
    let refused = ops::evidence(&a.x, &analyst, told.thread, None)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "access.role");
    b.end().await;
}
