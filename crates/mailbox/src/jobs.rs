//! Background jobs. Each can run twice without harm.

use std::sync::Arc;

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
            failed(ops::send(&mailbox, sending.mail).await)
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
            failed(ops::remind(&mailbox, &mailing, &write).await)
        }
    })
}

/// What a second time would not mend is final.
fn failed(done: Result<(), Error>) -> Result<(), JobFailure> {
    done.map_err(|error| match &error {
        Error::Server(server) if server.is_final() => JobFailure::Final(kernel::chain(&error)),
        Error::Unset { .. } | Error::NoReader | Error::NotFound => {
            JobFailure::Final(kernel::chain(&error))
        }
        _ => JobFailure::Again(kernel::chain(&error)),
    })
}
