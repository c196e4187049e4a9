//! The mailbox against real servers on this machine: Dovecot for IMAP, and for SMTP a server in Python.
//! `cargo xtask test` installs both; without them these tests fail and say so.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod cable;
mod desk;
mod dovecot;
mod failures;
mod house;
mod imapd;
mod reminders;
mod reports;
mod smtpd;
mod tested;

use std::time::Duration;

use db::Db;
use kernel::{PageRequest, Role};
use mail::{Keys, MailKey, Protection, Signature};
use mailbox::{Mailbox, model::State, ops};

use crate::{
    dovecot::Dovecot,
    house::{clock, mailbox_at, user},
    smtpd::Smtpd,
};

const MAIL: &str = "From: =?UTF-8?B?2YXYs9iq2LTZgdmJ?= <someone@example.net>\r\nTo: desk@example.org\r\nMessage-ID: <1@example.net>\r\nSubject: Help\r\n\r\nThe ward is dark.\r\n";

async fn incoming(mailbox: &Mailbox) -> Vec<mailbox::model::Item> {
    let officer = user(Role::DutyOfficer);
    ops::list(mailbox, &officer, true, PageRequest::default())
        .await
        .unwrap()
        .items
}

async fn outgoing(mailbox: &Mailbox) -> Vec<mailbox::model::Item> {
    let officer = user(Role::DutyOfficer);
    ops::list(mailbox, &officer, false, PageRequest::default())
        .await
        .unwrap()
        .items
}

async fn mails_are_taken_once_and_answered_once(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    ops::plan(&mailbox).await.unwrap();
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 1);
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 0);
    let [first] = <[_; 1]>::try_from(incoming(&mailbox).await).unwrap();
    assert_eq!(
        (first.head.name.as_str(), first.state),
        ("مستشفى", State::Settled),
        "it waits as a report, and nowhere else"
    );
    let runner = house::runner(&mailbox);
    assert_eq!(runner.run_due().await.unwrap(), 1);
    let thanks = smtp.mails();
    assert_eq!(thanks.len(), 1);
    assert!(
        thanks[0].contains(&format!("Subject: [{}]", first.reference)),
        "{}",
        thanks[0]
    );
    assert!(
        thanks[0].contains("Auto-Submitted: auto-replied")
            && thanks[0].contains("In-Reply-To: <1@example.net>")
    );
    // What the desk answers goes out in the same matter, and what comes back finds it.
    let officer = user(Role::DutyOfficer);
    let answer = ops::reply(&mailbox, &officer, first.id, "We are on our way.\n.\n")
        .await
        .unwrap();
    assert_eq!(answer.reference, first.reference);
    runner.run_due().await.unwrap();
    assert_eq!(smtp.mails().len(), 2);
    imap.deliver(&format!("From: someone@example.net\r\nMessage-ID: <2@example.net>\r\nSubject: Re: [{}] Help\r\n\r\nThank you.\r\n", first.reference));
    imap.deliver("From: bot@example.net\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <3@example.net>\r\nSubject: Out of office\r\n\r\n.\r\n");
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 2);
    let shown = ops::view(&mailbox, &officer, first.id).await.unwrap();
    assert_eq!(shown.matter.len(), 4);
    assert_eq!(shown.item.state, State::Settled);
    runner.run_due().await.unwrap();
    assert_eq!(smtp.mails().len(), 2);
    assert!(
        outgoing(&mailbox)
            .await
            .iter()
            .all(|mail| mail.state == State::Sent)
    );
    assert_eq!(imap.unseen(), 0);
}

async fn a_mailbox_that_is_made_anew_gives_no_mail_twice(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 1);
    imap.make_anew();
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 0);
    imap.deliver("From: other@example.net\r\nSubject: x\r\n\r\ny\r\n");
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 1);
    assert_eq!(incoming(&mailbox).await.len(), 2);
}

async fn servers_that_refuse_are_told_and_tried_again(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let clock = clock();
    let mailbox = mailbox_at((db, &clock), &imap, &smtp).await;
    let wrong = house::with_password(&mailbox, "not the password");
    let refused = ops::visit(&wrong).await.unwrap_err();
    assert_eq!(refused.code(), "mail.login");
    assert!(!format!("{refused:?} {refused}").contains("not the password"));
    let stranger = house::without_authority(&mailbox);
    assert_eq!(ops::visit(&stranger).await.unwrap_err().code(), "mail.tls");
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 1);
    // 450 at first: the job stays, and goes out when it is tried again.
    smtp.refuse("RCPT", "450 4.2.0 later");
    let runner = house::runner(&mailbox);
    runner.run_due().await.unwrap();
    assert_eq!(smtp.mails().len(), 0);
    assert_eq!(outgoing(&mailbox).await[0].state, State::Waiting);
    clock.advance(Duration::from_hours(1));
    runner.run_due().await.unwrap();
    assert_eq!(smtp.mails().len(), 1);
    assert_eq!(outgoing(&mailbox).await[0].state, State::Sent);
}

async fn whoever_may_not_is_shown_nothing(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    ops::visit(&mailbox).await.unwrap();
    let id = incoming(&mailbox).await[0].id;
    for role in [Role::Reporter, Role::Diplomat, Role::Auditor, Role::Admin] {
        let viewer = user(role);
        assert_eq!(
            ops::view(&mailbox, &viewer, id).await.unwrap_err().code(),
            "access.role",
            "{role:?}"
        );
        assert!(
            ops::list(&mailbox, &viewer, true, PageRequest::default())
                .await
                .is_err()
        );
        assert_eq!(ops::count_new(&mailbox, &viewer).await.unwrap(), 0);
    }
    let analyst = user(Role::Analyst);
    assert!(ops::view(&mailbox, &analyst, id).await.is_ok());
    assert!(ops::reply(&mailbox, &analyst, id, "x").await.is_err());
    let exercise = house::in_exercise(user(Role::DutyOfficer));
    assert_eq!(
        ops::view(&mailbox, &exercise, id).await.unwrap_err().code(),
        "mail.not_found"
    );
}

async fn a_senders_key_counts_as_long_as_somebody_vouches_for_it(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    let ground = &mailbox.ground;
    let sender = "someone@example.net";
    let key = MailKey::generate(&sender.parse().unwrap(), ground.now(), &*ground.rng).unwrap();
    let public = key.public().unwrap();
    let (officer, analyst) = (user(Role::DutyOfficer), user(Role::Analyst));
    let refused = ops::trust(&mailbox, &analyst, (sender, &public)).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
    let nonsense = ops::trust(&mailbox, &officer, (sender, "nonsense")).await;
    assert_eq!(nonsense.unwrap_err().code(), "mail.key");
    let known = ops::trust(&mailbox, &officer, (sender, &public))
        .await
        .unwrap();
    assert_eq!(ops::trusted(&mailbox, &analyst).await.unwrap(), [known]);
    // From now on what goes to him is encrypted, with the reference alone outside.
    ops::visit(&mailbox).await.unwrap();
    let id = incoming(&mailbox).await[0].id;
    ops::reply(&mailbox, &officer, id, "We come.")
        .await
        .unwrap();
    house::runner(&mailbox).run_due().await.unwrap();
    let sent = smtp.mails();
    assert_eq!(sent.len(), 2);
    let keys = Keys {
        own: Some(&key),
        senders: &[],
        now: ground.now(),
    };
    let letters: Vec<_> = sent
        .iter()
        .map(|mail| mail::read(mail.as_bytes(), &keys))
        .collect();
    assert!(letters.iter().any(|letter| letter.text == "We come."));
    let is_sealed =
        |letter: &mail::Letter| letter.protection == Protection::Encrypted(Signature::None);
    assert!(letters.iter().all(is_sealed));
    assert!(sent.iter().all(|mail| !mail.contains("Help")));
    ops::distrust(&mailbox, &officer, &key.fingerprint())
        .await
        .unwrap();
    let again = ops::distrust(&mailbox, &officer, &key.fingerprint()).await;
    assert_eq!(again.unwrap_err().code(), "mail.not_found");
    assert!(ops::trusted(&mailbox, &officer).await.unwrap().is_empty());
}

db::contract!(
    a_senders_key_counts_as_long_as_somebody_vouches_for_it,
    mails_are_taken_once_and_answered_once,
    a_mailbox_that_is_made_anew_gives_no_mail_twice,
    servers_that_refuse_are_told_and_tried_again,
    whoever_may_not_is_shown_nothing,
);
