//! What is lost, and what is doubled, when something breaks: nothing.

use std::time::Duration;

use db::Db;
use kernel::{JobId, Role};
use mailbox::{
    Mailbox,
    model::{Health, Overview, State},
    ops,
};
use queue::Stand;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    MAIL, cable,
    dovecot::Dovecot,
    house::{self, changed, clock, mailbox_at, user},
    imapd::Imapd,
    incoming, outgoing,
    smtpd::Smtpd,
};

db::contract! {
    a_mail_that_was_written_and_not_marked_is_taken_once,
    a_connection_that_breaks_in_a_mail_loses_nothing,
    what_the_server_refuses_for_good_waits_for_a_person,
    what_the_server_refuses_for_now_is_tried_again,
    a_server_may_be_away_for_days,
}

async fn overview(mailbox: &Mailbox) -> Overview {
    let admin = user(Role::Admin);
    ops::overview(mailbox, &admin).await.unwrap().unwrap()
}

fn code(health: Option<Health>) -> Option<String> {
    health.unwrap().failure.map(|(code, _)| code)
}

async fn a_mail_that_was_written_and_not_marked_is_taken_once(db: Db) {
    let (real, smtp) = (Dovecot::start(), Smtpd::start());
    let second = MAIL.replace("<1@", "<2@");
    let imap = Imapd::start(&[MAIL, &second]);
    let mailbox = mailbox_at((db, &clock()), &real, &smtp).await;
    let mailbox = changed(&mailbox, |settings| {
        settings.imap = Some(imap.address("imap+plain").parse().unwrap());
    });
    // The process ends where the mail is written and its server does not know that yet.
    imap.stall(true);
    let mut process = JoinSet::new();
    let visiting = mailbox.clone();
    process.spawn(async move { ops::visit(&visiting).await });
    imap.stalled().await;
    process.shutdown().await;
    assert_eq!(incoming(&mailbox).await.len(), 1);
    assert!(imap.seen().is_empty());
    // It comes back, marks the one and takes the other.
    imap.stall(false);
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 1);
    assert_eq!(imap.seen(), [1, 2]);
    assert_eq!(incoming(&mailbox).await.len(), 2);
    assert_eq!(
        outgoing(&mailbox).await.len(),
        1,
        "one reader, thanked once"
    );
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 0);
}

async fn a_connection_that_breaks_in_a_mail_loses_nothing(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let clock = clock();
    let line = format!("{}\r\n", "water ".repeat(12));
    imap.deliver(&MAIL.replace("The ward", &format!("{}The ward", line.repeat(4_000))));
    let mailbox = mailbox_at((db, &clock), &imap, &smtp).await;
    // Well within the mail, and well behind the words before it.
    let near = cable::breaking_once(imap.port(), 100_000);
    let cut = changed(&mailbox, |settings| {
        let address = format!("imaps://localhost:{near}");
        settings.imap = Some(address.parse().unwrap());
    });
    let began = mailbox.ground.now();
    let broken = ops::visit(&cut).await.unwrap_err();
    assert_eq!(broken.code(), "mail.broken", "{broken:?}");
    assert_eq!((incoming(&cut).await.len(), imap.unseen()), (0, 1));
    let ill = overview(&cut).await.imap.unwrap();
    assert_eq!(ill.failure.unwrap().0, "mail.broken");
    assert_eq!((ill.since, ill.worked_at), (Some(began), None));
    clock.advance(Duration::from_mins(1));
    assert_eq!(ops::visit(&cut).await.unwrap(), 1);
    assert_eq!((incoming(&cut).await.len(), imap.unseen()), (1, 0));
    let well = overview(&cut).await;
    let now = Some(mailbox.ground.now());
    assert_eq!(well.last_at, now);
    assert_eq!(
        (well.today.came, well.today.waiting, well.waiting),
        (1, 0, 0)
    );
    // Since when it works is when it began to, and not when it worked last.
    clock.advance(Duration::from_mins(1));
    assert_eq!(ops::visit(&cut).await.unwrap(), 0);
    let well = overview(&cut).await.imap.unwrap();
    assert_eq!((well.failure, well.since), (None, now));
    assert_eq!(well.worked_at, Some(mailbox.ground.now()));
}

async fn what_the_server_refuses_for_good_waits_for_a_person(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    ops::visit(&mailbox).await.unwrap();
    let (runner, admin) = (house::runner(&mailbox), user(Role::Admin));
    for command in ["RCPT", "DATA"] {
        smtp.refuse(command, "550 5.1.1 <someone@example.net>: no such person");
        runner.run_due().await.unwrap();
        let all = overview(&mailbox).await;
        let [dead] = all.outgoing.as_slice() else {
            panic!("{all:?}")
        };
        assert_eq!((dead.stand, dead.attempts), (Stand::Dead, 1));
        assert!(dead.said.contains("550 5.1.1"), "{}", dead.said);
        assert!(dead.said.contains("no such person") && !dead.said.contains('@'));
        assert_eq!(
            dead.reference,
            Some(incoming(&mailbox).await[0].reference.clone())
        );
        assert_eq!(outgoing(&mailbox).await[0].state, State::Failed);
        assert_eq!(all.today.failed, 1);
        assert_eq!(
            code(all.smtp),
            None,
            "a server that refuses one mail does well"
        );
        ops::retry(&mailbox, &admin, dead.job).await.unwrap();
        assert_eq!(outgoing(&mailbox).await[0].state, State::Waiting);
        let twice = ops::retry(&mailbox, &admin, dead.job).await.unwrap_err();
        assert_eq!(twice.code(), "mail.not_found");
    }
    runner.run_due().await.unwrap();
    assert_eq!(smtp.mails().len(), 1);
    assert_eq!(outgoing(&mailbox).await[0].state, State::Sent);
    assert!(overview(&mailbox).await.outgoing.is_empty());

    // What is discarded is not tried again, and stands there as one that failed.
    imap.deliver(&MAIL.replace("someone@", "else@").replace("<1@", "<2@"));
    ops::visit(&mailbox).await.unwrap();
    smtp.refuse("RCPT", "550 no");
    runner.run_due().await.unwrap();
    let dead = overview(&mailbox).await.outgoing[0].job;
    let analyst = user(Role::Analyst);
    assert!(ops::discard(&mailbox, &analyst, dead).await.is_err());
    ops::discard(&mailbox, &admin, dead).await.unwrap();
    assert!(overview(&mailbox).await.outgoing.is_empty());
    assert_eq!(outgoing(&mailbox).await[0].state, State::Failed);
    let none = JobId::from_uuid(Uuid::from_u128(1));
    let none = ops::discard(&mailbox, &admin, none).await.unwrap_err();
    assert_eq!(none.code(), "mail.not_found");
}

async fn what_the_server_refuses_for_now_is_tried_again(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let clock = clock();
    let mailbox = mailbox_at((db, &clock), &imap, &smtp).await;
    ops::visit(&mailbox).await.unwrap();
    let runner = house::runner(&mailbox);
    // What is about us and not about one mail may be mended, whatever the server says.
    for (command, answer, ill) in [
        ("RCPT", "450 4.2.0 later", None),
        ("DATA", "451 4.3.0 later", None),
        ("MAIL", "553 5.7.1 not your address", Some("mail.refused")),
    ] {
        smtp.refuse(command, answer);
        assert_eq!(runner.run_due().await.unwrap(), 1, "{command}");
        let all = overview(&mailbox).await;
        let waits =
            matches!(all.outgoing[0].stand, Stand::Waiting { next } if next > mailbox.ground.now());
        assert!(waits, "{command} {all:?}");
        assert!(all.outgoing[0].said.contains(answer), "{all:?}");
        assert_eq!(code(all.smtp).as_deref(), ill);
        assert_eq!(outgoing(&mailbox).await[0].state, State::Waiting);
        clock.advance(Duration::from_hours(2));
    }
    // Nor is a server without STARTTLS a reason to give a mail up, or to send it in the open.
    let open = changed(&mailbox, |settings| {
        settings.smtp = Some(smtp.address_with_tls().parse().unwrap());
    });
    assert_eq!(house::runner(&open).run_due().await.unwrap(), 1);
    assert_eq!(
        code(overview(&open).await.smtp).as_deref(),
        Some("mail.no_starttls")
    );
    assert_eq!(
        (smtp.mails().len(), outgoing(&open).await[0].state),
        (0, State::Waiting)
    );
    clock.advance(Duration::from_hours(2));
    runner.run_due().await.unwrap();
    assert_eq!(smtp.mails().len(), 1);
    assert_eq!(code(overview(&mailbox).await.smtp), None);
}

async fn a_server_may_be_away_for_days(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    imap.deliver(MAIL);
    let clock = clock();
    let mailbox = mailbox_at((db, &clock), &imap, &smtp).await;
    ops::visit(&mailbox).await.unwrap();
    let away = changed(&mailbox, |settings| {
        settings.smtp = Some("smtp+plain://127.0.0.1:1".parse().unwrap());
    });
    let runner = house::runner(&away);
    for _ in 0..90 {
        runner.run_due().await.unwrap();
        clock.advance(Duration::from_hours(1));
    }
    let all = overview(&away).await;
    assert!(
        matches!(all.outgoing[0].stand, Stand::Waiting { .. }),
        "{all:?}"
    );
    assert_eq!(code(all.smtp).as_deref(), Some("mail.connect"));
    clock.advance(Duration::from_hours(24));
    runner.run_due().await.unwrap();
    let dead = overview(&away).await.outgoing[0].clone();
    assert_eq!((dead.stand, dead.attempts), (Stand::Dead, 91));
    // By then it is for people: it goes out when they say so.
    let admin = user(Role::Admin);
    ops::retry(&mailbox, &admin, dead.job).await.unwrap();
    house::runner(&mailbox).run_due().await.unwrap();
    assert_eq!(
        (smtp.mails().len(), outgoing(&mailbox).await[0].state),
        (1, State::Sent)
    );
}
