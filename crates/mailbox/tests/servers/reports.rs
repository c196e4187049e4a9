//! Mails that are reports.

use base64::{Engine, engine::general_purpose::STANDARD};
use db::Db;
use incidents::intake::{
    model::{Door, ReportState},
    ops::officer,
};
use kernel::{PageRequest, Role};
use mailbox::{Mailbox, model::State, ops};

use crate::{
    MAIL,
    dovecot::Dovecot,
    house::{self, clock, mailbox_at, user},
    incoming,
    smtpd::Smtpd,
};

db::contract! {
    a_mail_becomes_a_report_and_answers_go_back,
    what_a_report_does_not_take_waits_as_a_mail,
    an_erased_report_takes_its_mails_with_it,
}

async fn reports(mailbox: &Mailbox) -> Vec<incidents::intake::model::ReportRow> {
    let viewer = user(Role::DutyOfficer);
    let page = officer::list(&mailbox.ground, &viewer, None, PageRequest::default());
    page.await.unwrap().items
}

/// What a mail of ours says.
fn said(mail: &str) -> String {
    let (_, body) = mail
        .split_once("\r\n\r\n")
        .or(mail.split_once("\n\n"))
        .unwrap();
    let body: String = body.split_whitespace().collect();
    String::from_utf8(STANDARD.decode(body).unwrap()).unwrap()
}

fn answer_to(reference: &impl std::fmt::Display, number: u8, text: &str) -> String {
    format!(
        "From: someone@example.net\r\nMessage-ID: <{number}@example.net>\r\n\
         Subject: Re: [{reference}] Help\r\n\r\n{text}\r\n"
    )
}

async fn a_mail_becomes_a_report_and_answers_go_back(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    let (ground, viewer) = (&mailbox.ground, user(Role::DutyOfficer));
    ops::visit(&mailbox).await.unwrap();
    let row = reports(&mailbox).await.pop().unwrap();
    assert_eq!(
        row.reference.as_str(),
        incoming(&mailbox).await[0].reference.as_str()
    );
    let whole = officer::view(ground, &viewer, &row.reference)
        .await
        .unwrap();
    let answers = whole.report.answers.unwrap();
    assert_eq!(
        (answers.title.as_str(), answers.what.as_str()),
        ("Help", "The ward is dark.")
    );
    assert_eq!(answers.contact, "someone@example.net");
    assert_eq!(
        (whole.report.door, whole.report.state),
        (Door::Mail, ReportState::Received)
    );

    // A whole answer of the reporter's stands in the report; the same mail twice stands there once.
    imap.deliver(&answer_to(&row.reference, 2, "It is back."));
    ops::visit(&mailbox).await.unwrap();
    imap.make_anew();
    ops::visit(&mailbox).await.unwrap();
    let whole = officer::view(ground, &viewer, &row.reference)
        .await
        .unwrap();
    assert_eq!(whole.additions.len(), 1);
    assert_eq!(whole.additions[0].text.as_str(), "It is back.");
    assert_eq!(reports(&mailbox).await.len(), 1);

    // What an officer does is told once, though it be asked for twice.
    let runner = house::runner(&mailbox);
    runner.run_due().await.unwrap();
    assert_eq!(smtp.mails().len(), 1, "the acknowledgement");
    let at = (&row.reference, whole.report.version);
    let report = officer::answer(ground, &viewer, at, "Which ward?")
        .await
        .unwrap();
    let at = (&row.reference, report.version);
    let reason = "Somebody else's".parse().unwrap();
    officer::refuse(ground, &viewer, at, reason).await.unwrap();
    while runner.run_due().await.unwrap() > 0 {}
    let sent: Vec<String> = smtp.mails().iter().map(|mail| said(mail)).collect();
    assert_eq!(sent.len(), 3);
    let told = |text: &str| sent.iter().filter(|mail| mail.contains(text)).count();
    assert_eq!((told("Which ward?"), told("Somebody else's")), (1, 1));
    assert!(sent.iter().all(|mail| !mail.contains("The ward is dark")));
    let telling = incidents::intake::ops::mailed::Telling {
        reference: row.reference.clone(),
        version: report.version,
        what: incidents::intake::ops::mailed::Told::Answered(1),
    };
    ops::tell(&mailbox, &telling).await.unwrap();
    while runner.run_due().await.unwrap() > 0 {}
    assert_eq!(smtp.mails().len(), 3);
}

async fn what_a_report_does_not_take_waits_as_a_mail(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    imap.deliver("From: bot@example.net\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <3@example.net>\r\nSubject: Out of office\r\n\r\n.\r\n");
    // A subject and a text that hold nothing that a report could show.
    imap.deliver("From: x@example.net\r\nMessage-ID: <4@example.net>\r\nSubject: \r\n\r\n\r\n");
    let long = "\u{6c34}".repeat(30_000);
    imap.deliver(&format!("From: y@example.net\r\nMessage-ID: <5@example.net>\r\nContent-Type: text/plain; charset=utf-8\r\nSubject: {}\r\n\r\n{long}\r\n", "s".repeat(500)));
    ops::visit(&mailbox).await.unwrap();
    let states: Vec<_> = incoming(&mailbox)
        .await
        .iter()
        .map(|mail| mail.state)
        .collect();
    let new = states.iter().filter(|state| **state == State::New).count();
    assert_eq!(
        (states.len(), new),
        (3, 1),
        "what a program wrote is no report"
    );
    assert_eq!(reports(&mailbox).await.len(), 2);
    // Somebody else's number, or one of a report that came in another way, is no way in.
    imap.deliver(&answer_to(&"R-00000-00000", 6, "Let me in."));
    ops::visit(&mailbox).await.unwrap();
    assert_eq!(reports(&mailbox).await.len(), 3);
}

async fn an_erased_report_takes_its_mails_with_it(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    let (ground, viewer) = (&mailbox.ground, user(Role::DutyOfficer));
    ops::visit(&mailbox).await.unwrap();
    let row = reports(&mailbox).await.pop().unwrap();
    let at = (&row.reference, 1);
    let reason = "Spam".parse().unwrap();
    let report = officer::refuse(ground, &viewer, at, reason).await.unwrap();
    let at = (&row.reference, report.version);
    officer::erase(ground, &viewer, at).await.unwrap();
    let runner = house::runner(&mailbox);
    while runner.run_due().await.unwrap() > 0 {}
    assert_eq!(incoming(&mailbox).await, []);
    assert_eq!(
        reports(&mailbox).await.len(),
        1,
        "its number and what became of it stay"
    );
}
