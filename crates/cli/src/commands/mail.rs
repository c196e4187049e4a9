//! `comity mail`: the node's mailbox.

use std::sync::Arc;

use kernel::{OsRng, SystemClock};
use mailbox::ops::{self, Step};
use server::{node::Node, rooms::Book};

use super::{config, lock};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity mail test
  comity mail key > mailbox.asc

The mailbox stands in the table [mail] of comity.toml, or in COMITY_MAIL_… (docs/operators/mail.md).
Stop the node before: both read its database.

Exit codes: 0 done, 1 a step failed or the node has no mailbox, 2 wrong usage.";

/// Test the node's mailbox, or write its public key.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Mail {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Try the servers step by step. Nothing is read or sent.
    #[command(after_help = AFTER)]
    Test,
    /// Write the OpenPGP key that people encrypt for.
    #[command(after_help = AFTER)]
    Key,
}

impl Mail {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let lock = lock(&config)?;
        let node = Node::open(
            config,
            &lock,
            (Arc::new(SystemClock), Arc::new(OsRng)),
            Book::of,
        );
        let node = node
            .await
            .hint("comity doctor says what is wrong; comity init makes a node")?;
        let mailbox = node.mailbox();
        let done = match self.what {
            What::Test => test(mailbox).await,
            What::Key => key(mailbox).await,
        };
        node.ground().db.close().await;
        done.map(|()| 0)
    }
}

async fn test(mailbox: &mailbox::Mailbox) -> Result<(), Failure> {
    let settings = mailbox
        .settings()
        .hint("put a table [mail] into comity.toml: docs/operators/mail.md")?;
    let (imap, smtp) = (settings.imap.as_ref(), settings.smtp.as_ref());
    let server = |one: Option<&mail::Server>| one.map_or_else(String::new, ToString::to_string);
    let (imap, smtp) = (server(imap), server(smtp));
    let tried = ops::check(mailbox, |step| match step {
        Step::ImapConnect => output::line(format_args!("ok: {imap} answers")),
        Step::ImapLogin => output::line(format_args!("ok: {imap} takes name and password")),
        Step::ImapFolder => output::line(format_args!(
            "ok: {imap} has the folder {}",
            settings.folder
        )),
        Step::SmtpConnect => output::line(format_args!("ok: {smtp} answers")),
        Step::SmtpLogin => output::line(format_args!("ok: {smtp} takes name and password")),
    });
    tried
        .await
        .hint("the steps above work; docs/operators/mail.md says what each needs")
}

async fn key(mailbox: &mailbox::Mailbox) -> Result<(), Failure> {
    ops::plan(mailbox)
        .await
        .hint("comity doctor says what is wrong")?;
    let key = ops::public_key(mailbox)
        .await
        .hint("put a table [mail] into comity.toml: docs/operators/mail.md")?;
    output::line(format_args!("{}", key.trim_end()));
    Ok(())
}
