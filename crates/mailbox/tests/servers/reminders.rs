//! Reminders of reports by mail.

use std::{sync::Arc, time::Duration};

use access::ops::{NewUser, create_user, set_node_party_in};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use db::Db;
use incidents::{
    clocks::Moment,
    model::{Determination, Facts, Kind, Period},
    ops as register,
    reporting::jobs as reporting,
};
use kernel::{IncidentRef, Language, ManualClock, Mode, Role, Tlp, Viewer, Who};
use mailbox::{Mailbox, model::Errand, ops};
use queue::{Runner, Stand};

use crate::{
    dovecot::Dovecot,
    house::{self, clock, mailbox_at},
    smtpd::Smtpd,
};

db::contract! {
    who_chose_it_is_reminded_by_mail_once,
    a_reminder_goes_to_nobody_who_may_not_know,
    a_server_that_refuses_is_tried_again_and_what_was_filed_is_not_told,
    without_a_server_nobody_can_choose_it,
    a_reminder_that_was_given_up_waits_for_a_person,
}

struct Scene {
    mailbox: Mailbox,
    clock: Arc<ManualClock>,
    runner: Runner,
    smtp: Smtpd,
    _imap: Dovecot,
}

impl Scene {
    async fn new(db: Db) -> Self {
        let (imap, smtp, clock) = (Dovecot::start(), Smtpd::start(), clock());
        let mailbox = mailbox_at((db, &clock), &imap, &smtp).await;
        let mut tx = mailbox.ground.db.begin().await.unwrap();
        set_node_party_in(&mut tx, &mailbox.party).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            runner: runner(&mailbox),
            mailbox,
            clock,
            smtp,
            _imap: imap,
        }
    }

    /// Somebody who is reminded at an address of his.
    async fn person(&self, name: &str, role: Role, language: Language) -> Viewer {
        let ground = &self.mailbox.ground;
        let node = Viewer::node("test", self.mailbox.party.clone(), Mode::Real);
        let new = NewUser {
            name: name.parse().unwrap(),
            display: name.parse().unwrap(),
            roles: [role].into_iter().collect(),
            language,
            password: None,
        };
        let (user, _code) = create_user(ground, &node, new).await.unwrap();
        let viewer = Viewer {
            who: Who::User {
                id: user.id,
                name: name.to_owned(),
            },
            roles: user.roles,
            ..node
        };
        let address = format!("{name}@example.org");
        let chosen = ops::remind_at(&self.mailbox, &viewer, Some(&address)).await;
        assert_eq!(chosen.unwrap().unwrap().as_str(), address);
        viewer
    }

    /// An incident of which they became aware now and that is reported within 24 hours.
    async fn aware(&self, officer: &Viewer, tlp: Tlp) -> IncidentRef {
        let ground = &self.mailbox.ground;
        let id = register::create(ground, officer, facts(tlp)).await.unwrap();
        let duty = ("isa".parse().unwrap(), "UTC".parse().unwrap());
        register::follow(ground, officer, id.public, duty)
            .await
            .unwrap();
        let moment = (Moment::Awareness, ground.now());
        register::occurred(ground, officer, id.public, moment)
            .await
            .unwrap();
        id.public
    }

    async fn after(&self, hours: u64) {
        self.clock.advance(Duration::from_hours(hours));
        while self.runner.run_due().await.unwrap() > 0 {}
    }

    /// The readers of the mails that went out, in order.
    fn readers(&self) -> Vec<String> {
        let mails = self.smtp.mails().into_iter();
        let reader = |mail: String| {
            let line = mail.lines().find(|line| line.starts_with("To: ")).unwrap();
            line.trim_start_matches("To: ").trim().to_owned()
        };
        let mut readers: Vec<String> = mails.map(reader).collect();
        readers.sort();
        readers
    }
}

fn runner(mailbox: &Mailbox) -> Runner {
    let write: ops::Write = Arc::new(|told| {
        let language = told.language.tag();
        let subject = format!("{} {} {language}", told.regime, told.stage);
        (
            subject,
            format!("{} {} {}", told.incident, told.due, told.is_late),
        )
    });
    let runner = reporting::jobs(house::runner(mailbox), &mailbox.ground);
    mailbox::jobs::reminders(runner, mailbox, &write)
}

fn facts(tlp: Tlp) -> Facts {
    Facts {
        kind: Kind::Incident,
        title: "Secret title".parse().unwrap(),
        description: "".parse().unwrap(),
        victims: Vec::new(),
        worldwide: false,
        organisation: None,
        sectors: Vec::new(),
        sector_text: None,
        rsit: None,
        period: Period::default(),
        detected: None,
        reported: None,
        determination: Determination::Suspected,
        tlp,
        pap: None,
        named: Vec::new(),
        cross_border: None,
    }
}

/// What a mail says.
fn said(mail: &str) -> String {
    let (_, body) = mail
        .split_once("\r\n\r\n")
        .or(mail.split_once("\n\n"))
        .unwrap();
    let body: String = body.split_whitespace().collect();
    String::from_utf8(STANDARD.decode(body).unwrap()).unwrap()
}

async fn who_chose_it_is_reminded_by_mail_once(db: Db) {
    let scene = Scene::new(db).await;
    let rosa = scene.person("rosa", Role::DutyOfficer, Language::Zh).await;
    let olga = scene.person("olga", Role::DutyOfficer, Language::En).await;
    ops::remind_at(&scene.mailbox, &olga, None).await.unwrap();
    assert_eq!(ops::reminded_at(&scene.mailbox, &olga).await.unwrap(), None);
    let id = scene.aware(&rosa, Tlp::Amber).await;
    scene.after(17).await;
    assert_eq!(scene.readers(), [""; 0], "seven hours are left");
    scene.after(1).await;
    assert_eq!(scene.readers(), ["rosa@example.org"]);
    let mail = scene.smtp.mails().remove(0);
    assert!(mail.contains("Subject: isa report zh"), "{mail}");
    assert!(mail.contains("Auto-Submitted: auto-generated"), "{mail}");
    assert_eq!(said(&mail), format!("{id} 2026-11-22T00:00:00.000Z false"));
    assert!(!mail.contains("Secret"), "{mail}");
    // However often the jobs run, also after a start, it is told once; then the next one.
    incidents::reporting::ops::plan_all(&scene.mailbox.ground)
        .await
        .unwrap();
    scene.after(1).await;
    assert_eq!(scene.readers().len(), 1);
    scene.after(4).await;
    scene.after(2).await;
    let mails = scene.smtp.mails();
    assert_eq!(mails.len(), 3, "one hour before, and when it is late");
    assert!(said(&mails[2]).ends_with("true"), "{}", said(&mails[2]));
}

async fn a_reminder_goes_to_nobody_who_may_not_know(db: Db) {
    let scene = Scene::new(db).await;
    let rosa = scene.person("rosa", Role::DutyOfficer, Language::En).await;
    scene.person("olga", Role::DutyOfficer, Language::En).await;
    scene.person("adam", Role::Admin, Language::En).await;
    scene.aware(&rosa, Tlp::Red).await;
    scene.after(18).await;
    assert_eq!(scene.readers(), [""; 0], "it is RED, and would go in clear");
    scene.aware(&rosa, Tlp::Green).await;
    scene.after(18).await;
    let green = scene.readers();
    assert!(green.contains(&"olga@example.org".to_owned()), "{green:?}");
    assert!(!green.contains(&"adam@example.org".to_owned()), "{green:?}");
}

async fn a_server_that_refuses_is_tried_again_and_what_was_filed_is_not_told(db: Db) {
    let scene = Scene::new(db).await;
    let rosa = scene.person("rosa", Role::DutyOfficer, Language::En).await;
    let id = scene.aware(&rosa, Tlp::Green).await;
    scene.smtp.refuse("RCPT", "451 4.3.0 come again later");
    scene.after(18).await;
    assert_eq!(scene.readers(), [""; 0]);
    scene.after(1).await;
    assert_eq!(scene.readers(), ["rosa@example.org"]);
    // The next one is refused as well, and meanwhile the report is dropped: nothing is told any more.
    scene.smtp.refuse("RCPT", "451 4.3.0 come again later");
    scene.after(4).await;
    let drop = ("isa".parse().unwrap(), "not in its scope".parse().unwrap());
    register::drop_duty(&scene.mailbox.ground, &rosa, id, drop)
        .await
        .unwrap();
    scene.after(10).await;
    assert_eq!(scene.readers().len(), 1);
}

async fn without_a_server_nobody_can_choose_it(db: Db) {
    let scene = Scene::new(db).await;
    let rosa = scene.person("rosa", Role::DutyOfficer, Language::En).await;
    let wrong = ops::remind_at(&scene.mailbox, &rosa, Some("rosa at example")).await;
    assert_eq!(wrong.unwrap_err().code(), "incident.invalid");
    let silent = Mailbox {
        settings: None,
        ..scene.mailbox.clone()
    };
    let refused = ops::remind_at(&silent, &rosa, Some("rosa@example.org")).await;
    assert_eq!(refused.unwrap_err().code(), "mail.unset");
    // What was chosen before is not sent, and is no failure.
    scene.aware(&rosa, Tlp::Green).await;
    let runner = runner(&silent);
    scene.clock.advance(Duration::from_hours(18));
    while runner.run_due().await.unwrap() > 0 {}
    let mut tx = silent.ground.db.begin_read().await.unwrap();
    let dead = queue::dead_letters(&mut tx, kernel::PageRequest::default()).await;
    assert!(dead.unwrap().items.is_empty());
    assert_eq!(scene.readers(), [""; 0]);
}

async fn a_reminder_that_was_given_up_waits_for_a_person(db: Db) {
    let scene = Scene::new(db).await;
    let rosa = scene.person("rosa", Role::DutyOfficer, Language::En).await;
    scene
        .smtp
        .refuse("RCPT", "550 5.1.1 <rosa@example.org> is unknown");
    scene.aware(&rosa, Tlp::Green).await;
    scene.after(18).await;
    let admin = Viewer {
        roles: [Role::Admin].into_iter().collect(),
        ..rosa.clone()
    };
    let of = || ops::overview(&scene.mailbox, &admin);
    let all = of().await.unwrap().unwrap();
    let [dead] = all.outgoing.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!((dead.errand, dead.stand), (Errand::Reminder, Stand::Dead));
    assert!(dead.mail.is_none() && dead.reference.is_none());
    assert!(dead.said.contains("is unknown") && !dead.said.contains("rosa"));
    let analyst = Viewer {
        roles: [Role::Analyst].into_iter().collect(),
        ..rosa.clone()
    };
    let refused = ops::retry(&scene.mailbox, &analyst, dead.job).await;
    assert!(refused.is_err(), "{refused:?}");
    ops::retry(&scene.mailbox, &admin, dead.job).await.unwrap();
    scene.after(0).await;
    assert_eq!(scene.readers(), ["rosa@example.org"]);
    assert!(of().await.unwrap().unwrap().outgoing.is_empty());
}
