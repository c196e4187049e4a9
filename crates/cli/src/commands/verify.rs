//! `comity verify`: what an envelope and a receipt prove, offline.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::Context;
use federation::verify::{NOT_PROVEN, Outcome, Report, verify};
use ledger::RECEIPT_BYTES_MAX;
use seal::{dsse::ENVELOPE_BYTES_MAX, keys::Fingerprint};
use serde_json::json;
use server::folder;

use crate::{
    args::NodeArgs,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity verify NAME.dsse.json NAME.tlog-proof --keys keys --trust 3f0c…
  comity verify NAME.dsse.json NAME.tlog-proof --keys keys --json

--trust takes the fingerprint of a root key as hexadecimal, words or compact text, as it was
compared with the party over another channel. Give one for each party. A file named trust.txt in
the folder of keys is not trusted by itself: pass its lines with --trust.

Exit codes: 0 all checks hold and both root keys are trusted, 1 a check failed, 2 something cannot
be read, 3 consistent, but whose root keys these are nobody has said.";

/// Check, offline, what an envelope and its receipt prove.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Verify {
    /// The envelope, NAME.dsse.json.
    envelope: PathBuf,
    /// The receipt, NAME.tlog-proof.
    receipt: PathBuf,
    /// The folder with the key sets of both parties, *.keyset.json.
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The fingerprint of a root key that was compared out of band.
    #[arg(long, value_name = "FINGERPRINT", num_args = 1..)]
    trust: Vec<Fingerprint>,
}

impl Verify {
    /// The command for these files.
    pub(crate) const fn of(
        envelope: PathBuf,
        receipt: PathBuf,
        keys: PathBuf,
        trust: Vec<Fingerprint>,
    ) -> Self {
        Self {
            envelope,
            receipt,
            keys,
            trust,
        }
    }

    pub(crate) fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let report = self.examine()?;
        if args.json {
            show_json(&report)?;
        } else {
            show(&report);
        }
        Ok(code(report.outcome()))
    }

    /// Reads the files and verifies what is in them.
    pub(crate) fn examine(&self) -> Result<Report, Failure> {
        let read = || {
            let envelope = bounded(&self.envelope, ENVELOPE_BYTES_MAX)?;
            let receipt = bounded(&self.receipt, RECEIPT_BYTES_MAX)?;
            let key_sets = folder::read_key_sets(&self.keys)?;
            Ok::<_, anyhow::Error>((envelope, receipt, key_sets))
        };
        let (envelope, receipt, key_sets) = read().map_err(|error| Failure {
            error,
            hint: Some(
                "verify takes an envelope, its receipt, and a folder of key sets".to_owned(),
            ),
            exit: code(Outcome::Unreadable),
        })?;
        Ok(verify(&envelope, &receipt, &key_sets, &self.trust))
    }
}

const fn code(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Proven => 0,
        Outcome::Failed => 1,
        Outcome::Unreadable => 2,
        Outcome::NotAnchored => 3,
    }
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Proven => "proven",
        Outcome::Failed => "failed",
        Outcome::Unreadable => "unreadable",
        Outcome::NotAnchored => "not_anchored",
    }
}

fn show(report: &Report) {
    for check in &report.checks {
        let mark = if check.ok { "ok  " } else { "FAIL" };
        output::line(format_args!("{mark} {:24} {}", check.name, check.sentence));
    }
    output::line(match report.outcome() {
        Outcome::Proven => "PROVEN: every check holds, and both root keys are trusted.",
        Outcome::Failed => "FAILED: a check does not hold.",
        Outcome::Unreadable => "UNREADABLE: something cannot be read.",
        Outcome::NotAnchored => {
            "CONSISTENT, NOT ANCHORED: every check holds; give --trust for both root keys."
        }
    });
    output::line(NOT_PROVEN);
}

fn show_json(report: &Report) -> Result<(), Failure> {
    let checks = report.checks.iter();
    let checks =
        checks.map(|one| json!({"name": one.name, "ok": one.ok, "sentence": one.sentence}));
    let witnesses = report.witnesses.iter();
    let witnesses = witnesses.map(|one| json!({"name": one.name, "time": one.time}));
    output::json(&json!({
        "outcome": word(report.outcome()),
        "checks": checks.collect::<Vec<_>>(),
        "index": report.index,
        "witnesses": witnesses.collect::<Vec<_>>(),
        "not_proven": NOT_PROVEN,
    }))
}

fn bounded(path: &Path, bytes_max: usize) -> anyhow::Result<Vec<u8>> {
    let limit = u64::try_from(bytes_max)?.saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .with_context(|| format!("{} cannot be read", path.display()))?;
    if bytes.len() > bytes_max {
        anyhow::bail!("{} is longer than {bytes_max} bytes", path.display());
    }
    Ok(bytes)
}
