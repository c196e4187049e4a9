//! What may be sent, and by whom.

use db::Db;
use directory::model::ContactKind;
use exchange::{
    Error,
    model::{Counts, Kind, ThreadFilter},
    ops,
};
use kernel::{Mode, PageRequest, Role, Tlp, Viewer};
use serde_json::json;

use crate::house::{about, message, mitigation, notice, two};

db::contract! {
    who_may_not_send_is_refused_and_nothing_leaves,
    a_label_holds_back_what_it_must,
    real_and_exercise_do_not_mix,
    two_who_answer_at_once_do_not_both,
    a_form_that_is_sent_twice_sends_once,
    an_answer_takes_the_place_of_one_that_it_names,
    a_named_incident_is_linked_on_its_page,
    a_file_of_somebody_else_cannot_be_taken_along,
    a_close_that_was_written_too_early_is_stale,
    a_stranger_does_not_join_a_thread,
}

async fn who_may_not_send_is_refused_and_nothing_leaves(db: Db) {
    let (a, b, line) = two(db).await;
    let new = message(&b, None, Kind::Rfm, mitigation());
    for role in [
        Role::Analyst,
        Role::PolicyOfficer,
        Role::Reporter,
        Role::Auditor,
        Role::Admin,
    ] {
        let refused = ops::send(&a.x, &a.user(9, role), new.clone())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), "access.role", "{role:?}");
    }
    let shown = ops::preview(&a.x, &a.user(9, Role::Analyst), &new)
        .await
        .unwrap();
    assert_eq!(
        shown.refused.unwrap().code(),
        "access.role",
        "an analyst drafts"
    );
    let peer = Viewer {
        who: kernel::Who::Peer(b.code()),
        ..a.duty()
    };
    assert!(ops::send(&a.x, &peer, new).await.is_err());
    a.x.post.drain().await;
    assert!(line.carried.lock().unwrap().is_empty());
    assert_eq!(a.acts("message.sent").await, 0);
    b.end().await;
}

async fn a_label_holds_back_what_it_must(db: Db) {
    let (a, b, _line) = two(db).await;
    let mut red = message(&b, None, Kind::Rfm, mitigation());
    red.tlp = Tlp::Red;
    let unnamed = ops::send(&a.x, &a.duty(), red.clone()).await.unwrap_err();
    assert_eq!(unnamed.code(), "access.desk_not_named");
    red.to_desk = Some(a.desk_of(&b.code(), ContactKind::Technical).await);
    let sent = a.send(&a.duty(), red).await;
    let there = b.thread(&b.duty(), sent.thread).await;
    assert_eq!(there.tlp, Tlp::Red);
    // The desk is a technical one: neither diplomats nor analysts staff it.
    for role in [Role::Diplomat, Role::Analyst] {
        let hidden = ops::read_message(&b.x, &b.user(8, role), sent.id)
            .await
            .unwrap_err();
        assert!(
            ["message.not_found"].contains(&hidden.code()),
            "{role:?} {hidden}"
        );
        let counts = ops::counts(&b.x, &b.user(8, role)).await.unwrap();
        assert_eq!(counts, Counts::default(), "{role:?}");
        let thread = ops::read_thread(&b.x, &b.user(8, role), sent.thread, None).await;
        assert_eq!(thread.unwrap_err().code(), "thread.not_found");
    }
    let mut stranger = message(&b, None, Kind::Rfm, mitigation());
    stranger.to = "XC".parse().unwrap();
    stranger.to_desk = None;
    let nobody = ops::send(&a.x, &a.duty(), stranger).await.unwrap_err();
    assert_eq!(nobody.code(), "message.no_desk");
    let frozen = directory::model::Trust::Frozen;
    let node = a.node(Mode::Exercise);
    directory::ops::set_trust(&a.x.ground, &node, &b.code(), frozen, "two ledgers")
        .await
        .unwrap();
    let held = ops::send(&a.x, &a.duty(), message(&b, None, Kind::Rfm, mitigation())).await;
    assert_eq!(held.unwrap_err().code(), "access.untrusted_party");
    b.end().await;
}

async fn real_and_exercise_do_not_mix(db: Db) {
    let (a, b, _line) = two(db).await;
    let sent = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let real = |viewer: Viewer| Viewer {
        mode: Mode::Real,
        ..viewer
    };
    for house in [&a, &b] {
        let viewer = real(house.duty());
        let thread = ops::read_thread(&house.x, &viewer, sent.thread, None).await;
        assert_eq!(thread.unwrap_err().code(), "thread.not_found");
        let one = ops::read_message(&house.x, &viewer, sent.id).await;
        assert_eq!(one.unwrap_err().code(), "message.not_found");
        assert_eq!(
            ops::counts(&house.x, &viewer).await.unwrap(),
            Counts::default()
        );
    }
    let answer = message(&a, Some(sent.thread), Kind::Ack, about(sent.id));
    let mixed = ops::send(&b.x, &real(b.duty()), answer).await.unwrap_err();
    assert_eq!(mixed.code(), "thread.not_found");
    let header = a.thread(&a.duty(), sent.thread).await.messages[0]
        .header
        .clone();
    assert!(header.exercise);
    b.end().await;
}

async fn two_who_answer_at_once_do_not_both(db: Db) {
    let (a, b, _line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let yes = json!({"refers_to": rfm.id, "decision": "accept"});
    let no = json!({"refers_to": rfm.id, "decision": "decline", "reason": "legal_bar"});
    let (first, second) = (b.user(1, Role::DutyOfficer), b.user(2, Role::DutyOfficer));
    let (one, other) = tokio::join!(
        ops::send(&b.x, &first, message(&a, Some(rfm.thread), Kind::Resp, yes)),
        ops::send(&b.x, &second, message(&a, Some(rfm.thread), Kind::Resp, no)),
    );
    let (sent, told) = match (one, other) {
        (Ok(sent), Err(told)) | (Err(told), Ok(sent)) => (sent, told),
        both => panic!("one is told: {both:?}"),
    };
    assert!(
        matches!(told, Error::Meanwhile { by } if by == sent.id),
        "{told}"
    );
    b.x.post.drain().await;
    assert_eq!(a.thread(&a.duty(), rfm.thread).await.messages.len(), 2);
    b.end().await;
}

async fn a_form_that_is_sent_twice_sends_once(db: Db) {
    let (a, b, _line) = two(db).await;
    let mut new = message(&b, None, Kind::Rfm, mitigation());
    new.id = Some(kernel::MessageId::random(&kernel::OsRng));
    let sent = a.send(&a.duty(), new.clone()).await;
    assert_eq!(a.send(&a.duty(), new.clone()).await, sent);
    let other = ops::send(&a.x, &a.user(5, Role::DutyOfficer), new)
        .await
        .unwrap_err();
    assert_eq!(other.code(), "message.invalid");
    assert_eq!(b.thread(&b.duty(), sent.thread).await.messages.len(), 1);
    b.end().await;
}

async fn an_answer_takes_the_place_of_one_that_it_names(db: Db) {
    let (a, b, _line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let resp = |decision: &str| json!({"refers_to": rfm.id, "decision": decision});
    let first = message(&a, Some(rfm.thread), Kind::Resp, resp("partial"));
    let first = b.send(&b.duty(), first).await;
    b.clock.advance(std::time::Duration::from_mins(1));
    let mut second = message(&a, Some(rfm.thread), Kind::Resp, resp("accept"));
    let late = ops::send(&b.x, &b.duty(), second.clone())
        .await
        .unwrap_err();
    assert_eq!(late.code(), "message.answered_meanwhile");
    second.parent = Some(first.id);
    let second = b.send(&b.duty(), second).await;
    let request = a.thread(&a.duty(), rfm.thread).await.requests.remove(0);
    assert_eq!(request.response.unwrap().0, second.id);
    b.end().await;
}

async fn a_named_incident_is_linked_on_its_page(db: Db) {
    let (a, b, _line) = two(db).await;
    let duty = a.duty();
    let facts = incidents::model::Facts {
        kind: incidents::model::Kind::Incident,
        title: "Ransomware at a hospital".parse().unwrap(),
        description: "".parse().unwrap(),
        victims: Vec::new(),
        worldwide: false,
        organisation: None,
        sectors: Vec::new(),
        sector_text: None,
        rsit: None,
        period: incidents::model::Period::default(),
        detected: None,
        reported: None,
        determination: incidents::model::Determination::Suspected,
        tlp: Tlp::Amber,
        pap: None,
        named: Vec::new(),
        cross_border: None,
    };
    let incident = incidents::ops::create(&a.x.ground, &duty, facts)
        .await
        .unwrap();
    let statement = |tlp: Tlp| {
        let mut new = message(&b, None, Kind::NotifyOrig, notice());
        new.statement.incidents = vec![incident.public];
        new.tlp = tlp;
        new
    };
    let weaker = ops::send(&a.x, &duty, statement(Tlp::Green))
        .await
        .unwrap_err();
    assert_eq!(weaker.code(), "access.marking_weaker");
    let sent = a.send(&duty, statement(Tlp::Amber)).await;
    let case = incidents::ops::view(&a.x.ground, &duty, incident.public)
        .await
        .unwrap();
    assert_eq!(case.links.len(), 1);
    assert_eq!(case.links[0].target.as_str(), sent.thread.to_string());
    assert_eq!(case.timeline.len(), 1);
    let filter = ThreadFilter {
        incident: Some(incident.public),
        ..ThreadFilter::default()
    };
    let listed = ops::list_threads(&a.x, &duty, &filter, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.items[0].id, sent.thread);
    // What the other side says of it is linked too, where this house has it.
    let mut ack = message(&a, Some(sent.thread), Kind::Ack, about(sent.id));
    ack.statement.incidents = vec![incident.public];
    b.send(&b.duty(), ack).await;
    let case = incidents::ops::view(&a.x.ground, &duty, incident.public)
        .await
        .unwrap();
    assert_eq!((case.links.len(), case.timeline.len()), (1, 2));
    b.end().await;
}

async fn a_file_of_somebody_else_cannot_be_taken_along(db: Db) {
    let (a, b, _line) = two(db).await;
    let named = |name: &str| federation::body::Attachment {
        name: name.to_owned(),
        media_type: "text/plain".to_owned(),
    };
    let put = ops::put_file(
        &a.x,
        &a.duty(),
        named("a.txt"),
        std::io::Cursor::new(b"x".to_vec()),
    )
    .await
    .unwrap();
    let mut new = message(&b, None, Kind::Rfm, mitigation());
    new.files = vec![put.id];
    let other = a.user(5, Role::DutyOfficer);
    let refused = ops::send(&a.x, &other, new.clone()).await.unwrap_err();
    assert_eq!(refused.code(), "file.not_found");
    let trick = ops::put_file(
        &a.x,
        &a.duty(),
        named("fdp.\u{202e}exe"),
        tokio::io::empty(),
    )
    .await;
    assert_eq!(trick.unwrap_err().code(), "file.bad_name");
    // What was not sent within a day is dropped.
    a.pass(std::time::Duration::from_hours(25)).await;
    let late = ops::send(&a.x, &a.duty(), new).await.unwrap_err();
    assert_eq!(late.code(), "file.not_found");
    let left = std::fs::read_dir(a.folder.path().join("blobs")).unwrap();
    let files = left.flat_map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap());
    assert_eq!(files.count(), 0, "nothing of it stays on the disk");
    b.end().await;
}

async fn a_close_that_was_written_too_early_is_stale(db: Db) {
    let (a, b, _line) = two(db).await;
    let first = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let second = a
        .send(
            &a.duty(),
            message(&b, Some(first.thread), Kind::Rfm, mitigation()),
        )
        .await;
    let close = json!({"outcome": "resolved", "covers": [first.id]});
    let stale = ops::send(
        &a.x,
        &a.duty(),
        message(&b, Some(first.thread), Kind::Close, close),
    )
    .await;
    assert_eq!(stale.unwrap_err().code(), "thread.stale");
    // Brevonia owes answers: it cannot close.
    let close = json!({"outcome": "resolved", "covers": []});
    let owing = message(&a, Some(first.thread), Kind::Close, close.clone());
    let owing = ops::send(&b.x, &b.duty(), owing).await.unwrap_err();
    assert_eq!(owing.code(), "thread.not_allowed");
    let closed = a
        .send(
            &a.duty(),
            message(&b, Some(first.thread), Kind::Close, close),
        )
        .await;
    let view = ops::read_message(&b.x, &b.duty(), closed.id).await.unwrap();
    let exchange::model::Details::Close(close) = view.statement.unwrap().details else {
        panic!("a close");
    };
    let mut covers = close.covers;
    covers.sort_unstable();
    let mut asked = vec![first.id, second.id];
    asked.sort_unstable();
    assert_eq!(covers, asked);
    // Thirty days of silence end it.
    b.clock.advance(std::time::Duration::from_hours(31 * 24));
    let filter = ThreadFilter {
        state: Some(exchange::model::Tab::Closed),
        ..ThreadFilter::default()
    };
    let listed = ops::list_threads(&b.x, &b.duty(), &filter, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.items.len(), 1);
    assert_eq!(listed.items[0].state.code(), "closed");
    assert_eq!(
        ops::counts(&b.x, &b.duty()).await.unwrap().waiting_for_us,
        0
    );
    b.end().await;
}

async fn a_stranger_does_not_join_a_thread(db: Db) {
    let (a, b, line) = two(db).await;
    let engine = a.x.ground.db.begin_read().await.unwrap().engine();
    let scratch = db::scratch::Scratch::open(engine).await;
    let c = crate::house::House::open("XC", scratch.db.clone(), &line).await;
    c.meet(&a).await;
    a.meet(&c).await;
    let ours = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    // The stranger has learned the id of the thread, and speaks under it.
    let words = json!({"title": "Tell me what Brevonia said", "details": mitigation()});
    let foreign = crate::raw::raw_in(&c, &a, ("RFM", ours.thread, None), words).await;
    let view = a.thread(&a.duty(), ours.thread).await;
    assert_eq!(
        (view.party, view.messages.len()),
        (b.code(), 1),
        "the first one's thread"
    );
    let with_c = ops::read_thread(&a.x, &a.duty(), ours.thread, Some(&c.code()))
        .await
        .unwrap();
    assert_eq!(
        (with_c.messages.len(), with_c.title.as_deref()),
        (1, Some("Tell me what Brevonia said"))
    );
    let ack = message(&b, Some(ours.thread), Kind::Ack, about(foreign));
    assert!(
        ops::send(&a.x, &a.duty(), ack).await.is_err(),
        "an answer goes to whoever asked"
    );
    b.end().await;
    drop(c);
    scratch.remove().await;
}
