//! The test of the servers, step by step.

use db::Db;
use kernel::Role;
use mailbox::{
    Mailbox,
    ops::{self, Came, Step, Tried},
};

use crate::{
    dovecot::Dovecot,
    house::{changed, clock, mailbox_at, user, with_password, without_authority},
    imapd::Imapd,
    smtpd::Smtpd,
};

db::contract! {
    each_step_is_tried_in_its_order,
    the_first_step_that_fails_is_named,
    without_tls_nothing_is_said,
    whoever_manages_no_mail_tests_none,
}

async fn test(mailbox: &Mailbox) -> Vec<Tried> {
    ops::test(mailbox, &user(Role::Admin)).await.unwrap()
}

/// The steps at servers of one protocol.
fn of(steps: &[Tried], scheme: &str) -> Vec<(Step, Came)> {
    let there = steps.iter().filter(|one| one.server.starts_with(scheme));
    there.map(|one| (one.step, one.came)).collect()
}

/// The one step that does not work: its code, and what is said of it.
fn failed(steps: &[Tried]) -> (Step, &'static str, &str) {
    let failed: Vec<_> = steps.iter().filter(|one| one.came == Came::No).collect();
    assert_eq!(failed.len(), 1, "{steps:?}");
    (failed[0].step, failed[0].code.unwrap(), &failed[0].detail)
}

async fn each_step_is_tried_in_its_order(db: Db) {
    use Came::Yes;
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    let steps = test(&mailbox).await;
    assert_eq!(
        of(&steps, "imaps"),
        [
            (Step::Certificates, Yes),
            (Step::Name, Yes),
            (Step::Host, Yes),
            (Step::Tls, Yes),
            (Step::Answer, Yes),
            (Step::SignIn, Yes),
            (Step::Folder, Yes),
        ]
    );
    assert_eq!(
        of(&steps, "smtp+plain"),
        [
            (Step::Certificates, Yes),
            (Step::Name, Yes),
            (Step::Host, Yes),
            (Step::Answer, Yes),
            (Step::SignIn, Yes),
            (Step::Sender, Yes),
        ]
    );
    let said: Vec<&str> = steps.iter().map(|one| one.detail.as_str()).collect();
    assert!(said.contains(&"INBOX (0)") && said.contains(&"desk@example.org"));
    assert_eq!(smtp.mails().len(), 0, "a test sends nothing");
}

async fn the_first_step_that_fails_is_named(db: Db) {
    use Came::{No, NotTried, Yes};
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    let wrong = with_password(&mailbox, "not the password");
    let wrong = changed(&wrong, |settings| settings.smtp = None);
    let steps = test(&wrong).await;
    assert_eq!(
        of(&steps, "imaps")[4..],
        [
            (Step::Answer, Yes),
            (Step::SignIn, No),
            (Step::Folder, NotTried),
        ]
    );
    assert_eq!(failed(&steps).1, "mail.login");
    assert!(!format!("{steps:?}").contains("not the password"));

    let elsewhere = changed(&mailbox, |settings| {
        "Nowhere".clone_into(&mut settings.folder);
    });
    assert_eq!(
        (
            failed(&test(&elsewhere).await).0,
            failed(&test(&elsewhere).await).1
        ),
        (Step::Folder, "mail.refused")
    );
    smtp.refuse("MAIL", "553 5.7.1 not your address");
    let steps = test(&mailbox).await;
    let (step, code, said) = failed(&steps);
    assert_eq!((step, code), (Step::Sender, "mail.refused"));
    assert!(said.contains("553 5.7.1 not your address"), "{said}");
    assert_eq!(smtp.mails().len(), 0, "a test sends nothing");

    let nobody = changed(&mailbox, |settings| {
        settings.imap = Some("imaps://a..b".parse().unwrap());
        settings.smtp = None;
    });
    let steps = test(&nobody).await;
    assert_eq!(
        (failed(&steps).0, failed(&steps).1),
        (Step::Name, "mail.name")
    );
    let closed = changed(&mailbox, |settings| {
        settings.imap = Some("imaps://127.0.0.1:1".parse().unwrap());
        settings.smtp = None;
    });
    let steps = test(&closed).await;
    assert_eq!(
        (failed(&steps).0, failed(&steps).1),
        (Step::Host, "mail.connect")
    );
}

async fn without_tls_nothing_is_said(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    // A certificate of an authority that nobody named, at either server.
    let stranger = without_authority(&mailbox);
    let stranger = changed(&stranger, |settings| {
        let address = format!("smtps://localhost:{}", imap.port());
        settings.smtp = Some(address.parse().unwrap());
    });
    let steps = test(&stranger).await;
    let tls: Vec<_> = steps.iter().filter(|one| one.step == Step::Tls).collect();
    assert_eq!(tls.len(), 2);
    assert!(tls.iter().all(|one| one.code == Some("mail.tls")));
    assert!(tls[0].detail.contains("certificate"), "{}", tls[0].detail);
    // STARTTLS that is not there, at either server.
    let bare = Imapd::start(&[]);
    let open = changed(&mailbox, |settings| {
        settings.imap = Some(bare.address("imap").parse().unwrap());
        settings.smtp = Some(smtp.address_with_tls().parse().unwrap());
    });
    let steps = test(&open).await;
    for scheme in ["imap://", "smtp://"] {
        assert_eq!(
            of(&steps, scheme)[3..5],
            [(Step::Answer, Came::Yes), (Step::Tls, Came::No)],
            "{scheme}"
        );
    }
    let codes: Vec<_> = steps.iter().filter_map(|one| one.code).collect();
    assert_eq!(codes, ["mail.no_starttls", "mail.no_starttls"]);
    assert_eq!(bare.said(), ["c1 STARTTLS"]);
    // The same when the mailbox is read.
    let refused = ops::visit(&open).await.unwrap_err();
    assert_eq!(refused.code(), "mail.no_starttls");
    assert!(refused.to_string().contains("without TLS"), "{refused}");
    assert_eq!(bare.said(), ["c1 STARTTLS", "c1 STARTTLS"]);
}

async fn whoever_manages_no_mail_tests_none(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    for role in [Role::Analyst, Role::Diplomat, Role::Reporter, Role::Auditor] {
        let viewer = user(role);
        let refused = ops::test(&mailbox, &viewer).await.unwrap_err();
        assert_eq!(refused.code(), "access.role", "{role:?}");
        assert!(ops::overview(&mailbox, &viewer).await.is_err());
    }
}
