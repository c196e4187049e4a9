//! Background jobs. Each can run twice without harm.

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
    let mailbox = mailbox.clone();
    runner.with(SEND, move |job| {
        let mailbox = mailbox.clone();
        async move {
            let sending: Sending = job.read()?;
            let sent = ops::send(&mailbox, sending.mail).await;
            sent.map_err(|error| match &error {
                Error::Server(server) if server.is_final() => {
                    JobFailure::Final(kernel::chain(&error))
                }
                _ => JobFailure::Again(kernel::chain(&error)),
            })
        }
    })
}
