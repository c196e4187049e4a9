//! A mailbox on a scratch database, and the people who use it.

use std::{sync::Arc, time::Duration};

use audit::Ground;
use db::Db;
use kernel::{ManualClock, Mode, Role, SeededRng, Timestamp, UserId, Viewer, Who};
use mailbox::{Login, Mailbox, Settings};
use outward::Client;
use queue::Runner;
use seal::data::DataKey;
use uuid::Uuid;

use crate::{
    dovecot::{Dovecot, PASSWORD},
    smtpd::Smtpd,
};

/// 2026-11-21T00:00:00Z.
const START: Timestamp = Timestamp::from_micros(1_795_219_200_000_000);

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(START))
}

pub(crate) async fn mailbox_at(
    (db, clock): (Db, &Arc<ManualClock>),
    imap: &Dovecot,
    smtp: &Smtpd,
) -> Mailbox {
    let clock = Arc::clone(clock);
    let ground = Ground::open(db, clock, Arc::new(SeededRng::new(7)))
        .await
        .unwrap();
    Mailbox {
        ground,
        party: "XA".parse().unwrap(),
        data_key: DataKey::generate(&mut |bytes: &mut [u8]| bytes.fill(7)),
        client: Client::new(Vec::new()),
        settings: Some(Arc::new(Settings {
            address: "desk@example.org".parse().unwrap(),
            name: "Desk".to_owned(),
            imap: Some(imap.address().parse().unwrap()),
            smtp: Some(smtp.address().parse().unwrap()),
            folder: "INBOX".to_owned(),
            login: Some(Login {
                user: "desk".to_owned(),
                password: PASSWORD.into(),
            }),
            authority: Some(imap.authority().to_owned()),
            every: Duration::from_secs(5),
            acknowledges: true,
        })),
    }
}

pub(crate) fn changed(mailbox: &Mailbox, change: impl FnOnce(&mut Settings)) -> Mailbox {
    let mut settings = Settings::clone(mailbox.settings().unwrap());
    change(&mut settings);
    Mailbox {
        settings: Some(Arc::new(settings)),
        ..mailbox.clone()
    }
}

pub(crate) fn with_password(mailbox: &Mailbox, password: &str) -> Mailbox {
    changed(mailbox, |settings| {
        settings.login = Some(Login {
            user: "desk".to_owned(),
            password: password.into(),
        });
    })
}

pub(crate) fn without_authority(mailbox: &Mailbox) -> Mailbox {
    changed(mailbox, |settings| settings.authority = None)
}

pub(crate) fn runner(mailbox: &Mailbox) -> Runner {
    let ground = &mailbox.ground;
    let runner = Runner::new(
        ground.db.clone(),
        Arc::clone(&ground.clock),
        Arc::clone(&ground.rng),
    );
    mailbox::jobs::jobs(runner, mailbox)
}

pub(crate) fn user(role: Role) -> Viewer {
    Viewer {
        who: Who::User {
            id: UserId::from_uuid(Uuid::from_u128(1)),
            name: "user1".to_owned(),
        },
        roles: [role].into_iter().collect(),
        party: "XA".parse().unwrap(),
        circles: Vec::new(),
        mode: Mode::Real,
    }
}

pub(crate) fn in_exercise(viewer: Viewer) -> Viewer {
    Viewer {
        mode: Mode::Exercise,
        ..viewer
    }
}
