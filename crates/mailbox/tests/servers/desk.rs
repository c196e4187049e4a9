//! What officers do with mails that wait.

use db::Db;
use incidents::intake::{
    model::{Answers, Door},
    ops::{
        officer,
        reporter::{self, Caller, Writing},
    },
};
use kernel::{Language, PageRequest, Role};
use mailbox::{
    Mailbox,
    model::{Item, State, Why},
    ops,
};

use crate::{
    dovecot::Dovecot,
    house::{self, clock, mailbox_at, user},
    incoming,
    smtpd::Smtpd,
};

db::contract! {
    what_could_not_be_read_waits_though_it_is_in_a_report,
    a_mail_by_a_program_becomes_a_report_when_an_officer_says_so,
    a_mail_is_added_to_a_report_that_came_in_another_way,
    who_writes_under_the_number_of_somebody_else_is_told_nothing,
    one_sender_does_not_bury_the_reports_of_others,
}

const SEALED: &str = "From: someone@example.net\r\nMessage-ID: <1@example.net>\r\nSubject: Sealed\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIACAQAxggFx\r\n";
const FORGED: &str = "From: someone@example.net\r\nMessage-ID: <2@example.net>\r\nSubject: Signed\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\nPay at once.\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nAAAA\r\n-----END PGP SIGNATURE-----\r\n";
const BOUNCE: &str = "From: bot@example.net\r\nAuto-Submitted: auto-generated\r\nMessage-ID: <3@example.net>\r\nSubject: Sensor 7\r\n\r\nThe pump stands still.\r\n";

async fn waiting(mailbox: &Mailbox) -> Vec<Item> {
    let officer = user(Role::DutyOfficer);
    let page = ops::waiting(mailbox, &officer, PageRequest::default());
    let items = page.await.unwrap().items;
    let count = ops::count_new(mailbox, &officer).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), items.len());
    items
}

async fn what_could_not_be_read_waits_though_it_is_in_a_report(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    let (officer, ground) = (user(Role::DutyOfficer), &mailbox.ground);
    imap.deliver(SEALED);
    imap.deliver(FORGED);
    ops::visit(&mailbox).await.unwrap();
    let items = waiting(&mailbox).await;
    let whys: Vec<_> = items.iter().map(|item| item.head.why).collect();
    assert_eq!(whys.len(), 2);
    assert!(
        whys.contains(&Some(Why::Unread)) && whys.contains(&Some(Why::Wrong)),
        "{whys:?}"
    );
    for item in items {
        // It is in a report, and in one only.
        let number = item.reference.as_str().parse().unwrap();
        officer::view(ground, &officer, &number).await.unwrap();
        assert!(item.is_in_report() && !item.can_be_filed());
        let again = ops::file(&mailbox, &officer, item.id, None).await;
        assert_eq!(again.unwrap_err().code(), "mail.filed");
        let analyst = user(Role::Analyst);
        let refused = ops::set_aside(&mailbox, &analyst, item.id, "No").await;
        assert_eq!(refused.unwrap_err().code(), "access.role");
        for bad in [" \n", &"x".repeat(501)] {
            let refused = ops::set_aside(&mailbox, &officer, item.id, bad).await;
            assert_eq!(refused.unwrap_err().code(), "mail.invalid");
        }
        let aside = ops::set_aside(&mailbox, &officer, item.id, "Read\nby telephone").await;
        let aside = aside.unwrap();
        assert_eq!(aside.head.reason.as_deref(), Some("Read by telephone"));
        assert_eq!(
            (aside.state, aside.by.as_deref()),
            (State::Settled, Some("user:user1"))
        );
        assert_eq!(aside.head.subject, item.head.subject);
        let twice = ops::set_aside(&mailbox, &officer, item.id, "No").await;
        assert_eq!(twice.unwrap_err().code(), "mail.filed");
    }
    assert_eq!(waiting(&mailbox).await, []);
}

async fn a_mail_by_a_program_becomes_a_report_when_an_officer_says_so(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    let (officer, ground) = (user(Role::DutyOfficer), &mailbox.ground);
    imap.deliver(BOUNCE);
    ops::visit(&mailbox).await.unwrap();
    // A list that is made anew has the same mails on it.
    ops::plan(&mailbox).await.unwrap();
    let [item] = <[_; 1]>::try_from(waiting(&mailbox).await).unwrap();
    assert_eq!(
        (item.head.why, item.can_be_filed()),
        (Some(Why::Automatic), true)
    );
    let exercise = house::in_exercise(officer.clone());
    let hidden = ops::file(&mailbox, &exercise, item.id, None).await;
    assert_eq!(hidden.unwrap_err().code(), "mail.not_found");
    let filed = ops::file(&mailbox, &officer, item.id, None).await.unwrap();
    assert_eq!((filed.state, filed.head.why), (State::Settled, None));
    assert_eq!(waiting(&mailbox).await, []);
    let number = filed.reference.as_str().parse().unwrap();
    let whole = officer::view(ground, &officer, &number).await.unwrap();
    assert_eq!(whole.report.door, Door::Mail);
    assert_eq!(whole.report.answers.unwrap().what, "The pump stands still.");
    let runner = house::runner(&mailbox);
    runner.run_due().await.unwrap();
    assert_eq!(smtp.mails().len(), 0, "nothing goes out by itself");
    // What the officer writes goes where the mail came from.
    let at = (&number, whole.report.version);
    officer::answer(ground, &officer, at, "Which pump?")
        .await
        .unwrap();
    while runner.run_due().await.unwrap() > 0 {}
    assert!(smtp.mails()[0].contains("To: bot@example.net"));
}

async fn a_mail_is_added_to_a_report_that_came_in_another_way(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    let (officer, ground) = (user(Role::DutyOfficer), &mailbox.ground);
    imap.deliver(BOUNCE);
    ops::visit(&mailbox).await.unwrap();
    let item = waiting(&mailbox).await.remove(0);
    let (draft, code) = officer::invite(ground, &officer, None, Language::En)
        .await
        .unwrap();
    let number = draft.reference;
    let attach = async |number: &str| ops::file(&mailbox, &officer, item.id, Some(number)).await;
    let closed = attach(number.as_str()).await.unwrap_err();
    assert_eq!(
        closed.code(),
        "report.closed",
        "its reporter is still writing"
    );
    for wrong in ["R-00000-00000", "nonsense", ""] {
        assert_eq!(attach(wrong).await.unwrap_err().code(), "mail.no_report");
    }
    let writing = Writing {
        code,
        answers: Answers {
            kind: "incident".to_owned(),
            title: "Pumps".to_owned(),
            what: "They stand still.".to_owned(),
            ..Answers::default()
        },
        language: Language::En,
        send: true,
    };
    let caller = Caller {
        party: mailbox.party.clone(),
        address: None,
    };
    reporter::write(ground, &caller, writing).await.unwrap();
    let filed = attach(&format!(" {} ", number.as_str().to_lowercase()))
        .await
        .unwrap();
    assert_eq!(filed.reference.as_str(), number.as_str());
    let whole = officer::view(ground, &officer, &number).await.unwrap();
    assert_eq!(whole.additions[0].text.as_str(), "The pump stands still.");
    // Whose mail was added did not begin the report: what is written to its reporter goes not there.
    let at = (&number, whole.report.version);
    officer::answer(ground, &officer, at, "Which pump?")
        .await
        .unwrap();
    let runner = house::runner(&mailbox);
    while runner.run_due().await.unwrap() > 0 {}
    assert_eq!(smtp.mails(), [""; 0]);
    let whole = officer::view(ground, &officer, &number).await.unwrap();
    let matter = ops::matter(&mailbox, &officer, number.as_str())
        .await
        .unwrap();
    assert_eq!(matter, [filed]);

    // When the report is erased, its mail goes too.
    let at = (&number, whole.report.version);
    let refused = officer::refuse(ground, &officer, at, "No".parse().unwrap())
        .await
        .unwrap();
    let at = (&number, refused.version);
    officer::erase(ground, &officer, at).await.unwrap();
    while runner.run_due().await.unwrap() > 0 {}
    assert_eq!(incoming(&mailbox).await, []);
}

async fn who_writes_under_the_number_of_somebody_else_is_told_nothing(db: Db) {
    let (imap, smtp) = (Dovecot::start(), Smtpd::start());
    let mailbox = mailbox_at((db, &clock()), &imap, &smtp).await;
    let (officer, ground) = (user(Role::DutyOfficer), &mailbox.ground);
    imap.deliver("From: nurse@hospital.example\r\nMessage-ID: <7@hospital.example>\r\nSubject: Locked\r\n\r\nAll screens.\r\n");
    ops::visit(&mailbox).await.unwrap();
    let reference = incoming(&mailbox).await[0].reference.clone();
    for (number, (from, more)) in [
        ("curious@example.net", ""),
        ("away@example.net", "Auto-Submitted: auto-replied\r\n"),
    ]
    .into_iter()
    .enumerate()
    {
        imap.deliver(&format!(
            "From: {from}\r\n{more}Message-ID: <{number}@example.net>\r\nSubject: [{reference}]\r\n\r\nAnd?\r\n"
        ));
    }
    ops::visit(&mailbox).await.unwrap();
    let all = incoming(&mailbox).await;
    assert!(all.len() == 3 && all.iter().all(|one| one.reference == reference));
    let runner = house::runner(&mailbox);
    while runner.run_due().await.unwrap() > 0 {}
    let before = smtp.mails().len();
    let number = reference.as_str().parse().unwrap();
    let whole = officer::view(ground, &officer, &number).await.unwrap();
    let at = (&number, whole.report.version);
    officer::answer(ground, &officer, at, "Who has the key?")
        .await
        .unwrap();
    while runner.run_due().await.unwrap() > 0 {}
    let told = smtp.mails();
    assert_eq!(told.len(), before + 1);
    assert!(told[before].contains("To: nurse@hospital.example"));
}

async fn one_sender_does_not_bury_the_reports_of_others(db: Db) {
    let (imap, smtp, clock) = (Dovecot::start(), Smtpd::start(), clock());
    let mailbox = mailbox_at((db, &clock), &imap, &smtp).await;
    let (officer, runner) = (user(Role::DutyOfficer), house::runner(&mailbox));
    let mail = |sender: &str, number: usize| {
        imap.deliver(&format!(
            "From: {sender}\r\nMessage-ID: <{number}@example.net>\r\nSubject: No. {number}\r\n\r\n\
             Nothing works.\r\n"
        ));
    };
    for number in 0..25 {
        let sender = if number % 2 == 0 {
            "Loud@example.net"
        } else {
            "loud@EXAMPLE.net"
        };
        mail(sender, number);
    }
    mail("honest@example.net", 25);
    assert_eq!(ops::visit(&mailbox).await.unwrap(), 26);
    let held = waiting(&mailbox).await;
    assert_eq!(held.len(), 5, "{held:?}");
    for item in &held {
        assert_eq!(item.head.why, Some(Why::Many));
        assert!(item.head.address.eq_ignore_ascii_case("loud@example.net"));
        assert!(!item.is_in_report() && item.can_be_filed());
    }
    let all = incoming(&mailbox).await;
    assert_eq!(all.iter().filter(|item| item.is_in_report()).count(), 21);
    runner.run_due().await.unwrap();
    assert_eq!(smtp.mails().len(), 2, "each is thanked once");
    // None is lost: an officer makes a report of it, and an hour later mails come through again.
    let filed = ops::file(&mailbox, &officer, held[0].id, None)
        .await
        .unwrap();
    assert_eq!(filed.head.why, None);
    clock.advance(std::time::Duration::from_hours(1));
    mail("loud@example.net", 26);
    ops::visit(&mailbox).await.unwrap();
    assert_eq!(waiting(&mailbox).await.len(), 4);
}
