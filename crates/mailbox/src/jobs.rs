//! Background jobs. Each can run twice without harm.

use std::{sync::Arc, time::Duration};

use incidents::{
    intake::ops::mailed::{TELL, Telling},
    reporting::by_mail::{BY_MAIL, Mailing},
};
use kernel::MailId;
use queue::{JobFailure, Runner};
use serde::{Deserialize, Serialize};

use crate::{Error, Mailbox, ops};

/// Hands a mail of ours over to the server.
pub(crate) const SEND: &str = "mail.send";

/// For so long a mail is tried, whatever keeps it.
const PATIENCE: Duration = Duration::from_hours(4 * 24);

/// A mail that goes out.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Sending {
    /// Its id.
    pub(crate) mail: MailId,
}

/// The runner with the jobs of this room.
pub fn jobs(runner: Runner, mailbox: &Mailbox) -> Runner {
    let (sender, teller) = (mailbox.clone(), mailbox.clone());
    let runner = runner.with(SEND, move |job| {
        let mailbox = sender.clone();
        async move {
            let sending: Sending = job.read()?;
            let sent = failed(ops::send(&mailbox, sending.mail).await);
            sent.map_err(|failure| patient(failure, mailbox.ground.now().since(job.created_at)))
        }
    });
    runner.with(TELL, move |job| {
        let mailbox = teller.clone();
        async move {
            let telling: Telling = job.read()?;
            failed(ops::tell(&mailbox, &telling).await)
        }
    })
}

/// The runner with the job that reminds people by mail, in the words that are handed in.
pub fn reminders(runner: Runner, mailbox: &Mailbox, write: &ops::Write) -> Runner {
    let (mailbox, write) = (mailbox.clone(), Arc::clone(write));
    runner.with(BY_MAIL, move |job| {
        let (mailbox, write) = (mailbox.clone(), Arc::clone(&write));
        async move {
            let mailing: Mailing = job.read()?;
            let sent = failed(ops::remind(&mailbox, &mailing, &write).await);
            sent.map_err(|failure| patient(failure, mailbox.ground.now().since(job.created_at)))
        }
    })
}

/// A server may be away for a night or a weekend (RFC 5321 §4.5.4.1).
fn patient(failure: JobFailure, waited: Duration) -> JobFailure {
    match failure {
        JobFailure::Again(why) if waited < PATIENCE => JobFailure::Patient(why),
        other => other,
    }
}

/// What a second time would not mend is final. What a server says names readers, and logs and the queue
/// are read by those who read no mails.
fn failed(done: Result<(), Error>) -> Result<(), JobFailure> {
    done.map_err(|error| {
        let why = ops::without_addresses(&kernel::chain(&error));
        match &error {
            Error::Server(server) if server.is_final() => JobFailure::Final(why),
            Error::Unset { .. } | Error::NoReader | Error::NotFound => JobFailure::Final(why),
            _ => JobFailure::Again(why),
        }
    })
}
