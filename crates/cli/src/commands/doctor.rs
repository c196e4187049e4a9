//! `comity doctor`: what is wrong with this node, and what to do about it.

mod machine;
mod mailbox;
mod peers;

use std::{os::unix::fs::PermissionsExt, time::Duration};

use audit::{Ground, Log};
use db::Address;
use kernel::{Clock, PageRequest, PartyCode, SystemClock, Timestamp};
use seal::keys::Purpose;
use serde::Serialize;
use server::{
    config::Config,
    folder::{Folder, FolderError},
    keys::{KeysError, NodeKeys},
    node::{self, NodeError},
};

use super::config;
use crate::{
    args::NodeArgs,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity doctor
  comity doctor --json

It reads and asks, and changes nothing, but brings a database of an older program up to date. Peers
are asked for their cards; their clocks are compared with this one. The mailbox's servers are tried as
comity mail test does.

Exit codes: 0 all is well, 1 something is to be done, 2 wrong usage.";

/// A key set that ends sooner than this is to be replaced now.
const KEY_SET_SOON: Duration = Duration::from_hours(60 * 24);
/// A clock that stands before this has not been set: 2026-01-01.
const CLOCK_MIN: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// Check configuration, database, keys, clock, queue, peers and mailbox, and say what to do.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Doctor;

#[derive(Serialize)]
struct Finding {
    what: &'static str,
    ok: bool,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn well(&mut self, what: &'static str, found: impl Into<String>) {
        self.0.push(Finding {
            what,
            ok: true,
            found: found.into(),
            hint: None,
        });
    }

    fn wrong(&mut self, what: &'static str, found: impl Into<String>, hint: &'static str) {
        self.0.push(Finding {
            what,
            ok: false,
            found: found.into(),
            hint: Some(hint),
        });
    }
}

impl Doctor {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let mut findings = Findings::default();
        match config(args) {
            Ok(config) => look(&config, &mut findings).await,
            Err(failure) => findings.wrong(
                "configuration",
                chain(&failure.error),
                "correct the setting that is named",
            ),
        }
        let well = findings.0.iter().all(|finding| finding.ok);
        if args.json {
            output::json(&findings.0)?;
        } else {
            for finding in &findings.0 {
                let mark = if finding.ok { "ok  " } else { "FAIL" };
                output::line(format_args!("{mark} {:14} {}", finding.what, finding.found));
                if let Some(hint) = finding.hint {
                    output::line(format_args!("     hint: {hint}"));
                }
            }
        }
        Ok(u8::from(!well))
    }
}

async fn look(config: &Config, findings: &mut Findings) {
    findings.well(
        "configuration",
        format!("the data folder is {}", config.data.display()),
    );
    look_at_folder(config, findings);
    let in_vault = look_at_keys(config, SystemClock.now(), findings);
    if let Address::Sqlite(path) = &config.database
        && !path.is_file()
    {
        let hint = "comity init makes a node, comity restore brings one back from its backup";
        return findings.wrong("database", format!("{} is not there", path.display()), hint);
    }
    match super::ground(config).await {
        Ok(ground) => {
            look_at_party(&ground, in_vault, findings).await;
            look_at_database(&ground, findings).await;
            peers::look(config, &ground, findings).await;
            mailbox::look(config, findings).await;
            ground.db.close().await;
        }
        Err(failure) => {
            let hint = hint_of(&failure);
            findings.wrong("database", chain(&failure.error), hint);
        }
    }
}

/// What to do about a database that cannot be opened.
fn hint_of(failure: &Failure) -> &'static str {
    let code = match failure.error.downcast_ref() {
        Some(NodeError::Db(error)) => error.code(),
        _ => "",
    };
    match code {
        "db.newer" => "run the newer program again, or restore a backup from before the upgrade",
        "db.altered" | "db.migration_failed" => {
            "was the program built from other sources? Take the one that made this database"
        }
        "db.locked" | "db.busy" => "which other program holds it? End that one, or try again",
        "db.read_only" => "let the node's user write it; is the disk mounted read-only?",
        "db.full" => "make room on its disk",
        "db.unreachable" => {
            "is the address right, the server up, and may the node's user read and write there?"
        }
        _ => "if it is damaged, restore the newest backup into a folder of its own: comity restore",
    }
}

/// Whether the database is that of the node whose keys lie in the vault.
async fn look_at_party(ground: &Ground, in_vault: Option<PartyCode>, findings: &mut Findings) {
    let in_database = match access::ops::node_party(ground).await {
        Ok(party) => party,
        Err(error) => {
            let hint = "comity init makes a node, comity restore brings one back from its backup";
            return findings.wrong("party", chain(&error.into()), hint);
        }
    };
    match in_vault {
        Some(party) if party != in_database => findings.wrong(
            "party",
            format!("the vault is that of {party}, the database that of {in_database}"),
            "name the database that belongs to this data folder",
        ),
        _ => findings.well("party", format!("the node is that of {in_database}")),
    }
}

fn look_at_folder(config: &Config, findings: &mut Findings) {
    const OTHERS: u32 = 0o077;
    let folder = Folder::at(&config.data);
    match std::fs::metadata(&config.data) {
        Ok(about) if about.permissions().mode() & OTHERS == 0 => {
            findings.well("data folder", "nobody but its owner can read it");
        }
        Ok(_) => findings.wrong(
            "data folder",
            "others can read it",
            "chmod 700 the data folder",
        ),
        Err(error) => {
            let found = format!("{}: {error}", config.data.display());
            return findings.wrong("data folder", found, "comity init makes a node there");
        }
    }
    machine::look_at_disk(&config.data, findings);
    if folder.offline().join("root.secret").exists() {
        findings.wrong(
            "root key",
            "it still lies on this machine",
            "move DATA/take-offline to a medium that stays elsewhere",
        );
    } else {
        findings.well("root key", "it is not in the data folder");
    }
}

async fn look_at_database(ground: &Ground, findings: &mut Findings) {
    let looked = async {
        let mut tx = ground.db.begin_read().await?;
        let mut leaves = Vec::new();
        for log in Log::ALL {
            audit::check(&mut tx, ground, log).await?;
            leaves.push(format!(
                "{log} {}",
                audit::size(&mut tx, ground, log).await?
            ));
        }
        let waiting = queue::count_waiting(&mut tx).await?;
        let dead = queue::dead_letters(&mut tx, PageRequest::default())
            .await?
            .items
            .len();
        Ok::<_, anyhow::Error>((leaves.join(", "), waiting, dead))
    };
    match looked.await {
        Ok((leaves, waiting, dead)) => {
            findings.well("database", format!("it answers: {:?}", ground.db.engine()));
            findings.well(
                "ledgers",
                format!("leaves: {leaves}; the trees fit their checkpoints"),
            );
            if dead == 0 {
                findings.well("queue", format!("{waiting} jobs wait, none was given up"));
            } else {
                findings.wrong(
                    "queue",
                    format!("{dead} jobs were given up, {waiting} wait"),
                    "look at them on the administrator's page and revive or bury them",
                );
            }
        }
        Err(error) => findings.wrong(
            "ledgers",
            chain(&error),
            "stop the node and restore the newest backup beside it to compare",
        ),
    }
    if ground.now() >= CLOCK_MIN {
        findings.well("clock", ground.now().to_string());
    } else {
        findings.wrong(
            "clock",
            ground.now().to_string(),
            "set the clock: run an NTP client",
        );
    }
}

/// Looks at the vault and the own key sets, and says whose they are.
fn look_at_keys(config: &Config, now: Timestamp, findings: &mut Findings) -> Option<PartyCode> {
    let folder = Folder::at(&config.data);
    let lock = match node::lock_of(config) {
        Ok(Some(lock)) => lock,
        Ok(None) => {
            let found = format!("{} is not there", folder.vault_key().display());
            let hint = "put the key file back (mode 0600), or give --key-file, --passphrase-file or \
                        COMITY_PASSPHRASE";
            findings.wrong("vault", found, hint);
            return None;
        }
        Err(error) => {
            let hint = "chmod 600 the file and check that it is the right one";
            findings.wrong("vault", chain(&error.into()), hint);
            return None;
        }
    };
    let keys = match NodeKeys::open(&folder, &lock) {
        Ok(keys) => keys,
        Err(error) => {
            let hint = match &error {
                KeysError::Folder(FolderError::Empty { .. }) => {
                    "comity init makes a node, comity restore brings one back from its backup"
                }
                KeysError::Folder(_) | KeysError::NoKeySet(_) => {
                    "DATA/keys holds every key set that was signed: take them from the newest backup"
                }
                KeysError::Mismatch { .. } => {
                    "vault and key sets are of different backups: take both from the newest, or replace \
                     all keys (comity key revoke --all-keys)"
                }
                _ => "is it the right passphrase or key file?",
            };
            findings.wrong("vault", chain(&error.into()), hint);
            return None;
        }
    };
    findings.well(
        "vault",
        "it opens and holds the keys of the newest key sets",
    );
    for (purpose, sets) in [
        (Purpose::Real, &keys.real),
        (Purpose::Exercise, &keys.exercise),
    ] {
        let Some(signed) = sets.last() else { continue };
        let until = Timestamp::from_micros(signed.set().valid_until.as_micros());
        let found = format!(
            "{purpose} key set {} is valid until {until}",
            signed.set().seq
        );
        if until > now.plus(KEY_SET_SOON) {
            findings.well("key set", found);
        } else {
            findings.wrong(
                "key set",
                found,
                "comity key rotate, with the root key at hand",
            );
        }
    }
    keys.party().ok()
}

fn chain(error: &anyhow::Error) -> String {
    let causes = error.chain().map(ToString::to_string);
    causes.collect::<Vec<_>>().join(": ")
}
