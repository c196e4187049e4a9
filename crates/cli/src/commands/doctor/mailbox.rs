//! Whether the mailbox's servers do what the configuration says.

use std::collections::BTreeMap;

use mailbox::ops::{Came, Tried, check};
use outward::Client;
use server::{config::Config, rooms::mail_settings};

use super::Findings;
use crate::commands::mail::said;

/// Tries both servers. Nothing is read or sent.
pub(super) async fn look(config: &Config, findings: &mut Findings) {
    let Some(mail) = &config.mail else {
        return findings.well("mailbox", "none is set up");
    };
    let client = Client::new(config.remote_networks.clone());
    let tried = check(&client, &mail_settings(mail)).await;
    let mut servers: BTreeMap<&str, Option<&Tried>> = BTreeMap::new();
    for step in &tried {
        let failed = servers.entry(&step.server).or_default();
        *failed = failed.or_else(|| (step.came == Came::No).then_some(step));
    }
    for (server, failed) in servers {
        match failed {
            None => findings.well("mailbox", format!("{server} does all that is asked of it")),
            Some(step) => {
                let hint =
                    "docs/operators/mail.md says what each step needs; comity mail test shows all";
                findings.wrong("mailbox", said(step), hint);
            }
        }
    }
}
