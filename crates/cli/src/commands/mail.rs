//! `comity mail`: the node's mailbox.

use std::sync::Arc;

use anyhow::anyhow;
use kernel::{OsRng, SystemClock};
use mailbox::{
    ops::{self, Came, Step, Tried},
    wire::MailStepBody,
};
use server::{node::Node, rooms::Book};

use super::{config, lock};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity mail test
  comity mail test --json
  comity mail key > mailbox.asc

The mailbox stands in the table [mail] of comity.toml, or in COMITY_MAIL_… (docs/operators/mail.md).
Stop the node before: both read its database. While it runs, its page Settings, Mail tests as well.

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
            What::Test => test(mailbox, args.json).await,
            What::Key => key(mailbox).await,
        };
        node.ground().db.close().await;
        done.map(|()| 0)
    }
}

async fn test(mailbox: &mailbox::Mailbox, json: bool) -> Result<(), Failure> {
    let settings = mailbox.settings();
    let settings = settings.hint("put a table [mail] into comity.toml: docs/operators/mail.md")?;
    let steps = ops::check(&mailbox.client, settings).await;
    if json {
        let bodies: Vec<_> = steps.iter().map(MailStepBody::from).collect();
        output::json(&bodies)?;
    } else {
        for step in &steps {
            output::line(said(step));
        }
    }
    if steps.iter().any(|step| step.came == Came::No) {
        let failed: Result<(), _> = Err(anyhow!("the mailbox does not work as it is configured"));
        return failed.hint("docs/operators/mail.md says what each step needs");
    }
    Ok(())
}

/// A step as a line.
pub(super) fn said(tried: &Tried) -> String {
    let came = match tried.came {
        Came::Yes => "ok",
        Came::No => "failed",
        Came::NotTried => "not tried",
    };
    let step = match tried.step {
        Step::Certificates => "the certificates of authority_file can be used",
        Step::Name => "the name is found",
        Step::Host => "somebody answers there",
        Step::Tls => "the connection is encrypted, by a certificate that is believed",
        Step::Answer => "it is a mail server",
        Step::SignIn => "it takes name and password",
        Step::Folder => "the folder is there",
        Step::Sender => "it takes mails from our address",
    };
    let line = format!("{came}: {}: {step}", tried.server);
    if tried.detail.is_empty() {
        line
    } else {
        format!("{line}: {}", tried.detail)
    }
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
