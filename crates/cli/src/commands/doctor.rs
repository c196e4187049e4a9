//! `comity doctor`: what is wrong with this node, and what to do about it.

mod peers;

use std::{os::unix::fs::PermissionsExt, time::Duration};

use audit::{Ground, Log};
use kernel::{PageRequest, Timestamp};
use seal::keys::Purpose;
use serde::Serialize;
use server::{config::Config, folder::Folder, keys::NodeKeys, node};

use super::config;
use crate::{
    args::NodeArgs,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity doctor
  comity doctor --json

It reads and asks, and changes nothing. Peers are asked for their cards; their clocks are compared
with this one.

Exit codes: 0 all is well, 1 something is to be done, 2 wrong usage.";

/// A key set that ends sooner than this is to be replaced now.
const KEY_SET_SOON: Duration = Duration::from_hours(60 * 24);
/// A clock that stands before this has not been set: 2026-01-01.
const CLOCK_MIN: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

/// Check configuration, database, keys, clock, queue and peers, and say what to do.
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
    match super::ground(config).await {
        Ok(ground) => {
            look_at_database(&ground, findings).await;
            look_at_keys(config, ground.now(), findings);
            peers::look(config, &ground, findings).await;
            ground.db.close().await;
        }
        Err(failure) => findings.wrong(
            "database",
            chain(&failure.error),
            "is the address right, the disk writable and the program as new as the database?",
        ),
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
        Err(error) => findings.wrong("data folder", error.to_string(), "comity init makes a node"),
    }
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

fn look_at_keys(config: &Config, now: Timestamp, findings: &mut Findings) {
    let lock = match node::lock_of(config) {
        Ok(Some(lock)) => lock,
        Ok(None) => {
            let hint = "give --key-file, --passphrase-file or COMITY_PASSPHRASE";
            return findings.wrong("vault", "nothing says how it is opened", hint);
        }
        Err(error) => {
            let hint = "chmod 600 the file and check that it is the right one";
            return findings.wrong("vault", chain(&error.into()), hint);
        }
    };
    let keys = match NodeKeys::open(&Folder::at(&config.data), &lock) {
        Ok(keys) => keys,
        Err(error) => {
            let hint = "is it the right passphrase or key file, and are all key sets there?";
            return findings.wrong("vault", chain(&error.into()), hint);
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
}

fn chain(error: &anyhow::Error) -> String {
    let causes = error.chain().map(ToString::to_string);
    causes.collect::<Vec<_>>().join(": ")
}
