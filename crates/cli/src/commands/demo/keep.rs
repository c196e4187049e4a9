//! Envelopes, receipts and keys as files, and what `comity verify` says of them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::anyhow;
use federation::{
    inspect::Unproven,
    model::Header,
    state::Grade,
    store,
    verify::{NOT_PROVEN, Outcome, verify},
};
use kernel::{Mode, Timestamp};
use ledger::{TlogProof, WitnessTime};
use seal::keys::{Fingerprint, SignedKeySet};

use super::{
    cast::{ALDORIA, BREVONIA, HUB},
    stage::{Stage, clock_time},
    world::{Letter, World},
};
use crate::{commands::verify::Verify, output::Failure};

/// What an envelope and its receipt prove, checked with the keys of both parties.
pub(super) struct Proven {
    pub(super) header: Header,
    pub(super) leaf: u64,
    witnesses: Vec<WitnessTime>,
    envelope: Vec<u8>,
    receipt: String,
}

/// What a receipt says, as far as its grade goes.
pub(super) struct Receipt {
    pub(super) header: Header,
    pub(super) leaf: u64,
    pub(super) signed_by: String,
}

impl World {
    /// The receipt of a message that has one. With the cosignature it is checked as a third party
    /// would; the node itself has checked the others.
    pub(super) async fn receipt(&self, letter: &Letter, grade: Grade) -> Result<Receipt, Failure> {
        if grade == Grade::Witnessed {
            let proven = self.proof(letter).await?;
            let times = proven.witnesses.iter().map(|witness| {
                let micros = i64::try_from(witness.time)
                    .unwrap_or(0)
                    .saturating_mul(1_000_000);
                let time = clock_time(Timestamp::from_micros(micros));
                let time = time.split_once('.').map_or(time.as_str(), |(time, _)| time);
                format!("cosigned by {} at {time}Z", witness.name)
            });
            let times: Vec<String> = times.collect();
            return Ok(Receipt {
                header: proven.header,
                leaf: proven.leaf,
                signed_by: times.join(", "),
            });
        }
        let (envelope, receipt) = self.documents(letter).await?;
        let proof = TlogProof::parse(receipt.as_bytes())?;
        Ok(Receipt {
            header: Unproven::parse(&envelope)?.header,
            leaf: proof.index,
            signed_by: "the hub's cosignature follows".to_owned(),
        })
    }

    async fn documents(&self, letter: &Letter) -> Result<(Vec<u8>, String), Failure> {
        let mut tx = self.ground(letter.from)?.db.begin_read().await?;
        let envelope = store::envelope_out(&mut tx, letter.id).await?;
        let receipt = store::receipt(&mut tx, letter.id).await?;
        let missing = || anyhow!("{} has no receipt", letter.id);
        let (envelope, (_grade, receipt, _at)) = envelope.zip(receipt).ok_or_else(missing)?;
        Ok((envelope, receipt))
    }

    /// The proof of a message that has its receipt, as the sender holds it. One that does not hold
    /// is a failure.
    pub(super) async fn proof(&self, letter: &Letter) -> Result<Proven, Failure> {
        let (envelope, receipt) = self.documents(letter).await?;
        let (sets, trust) = (self.key_sets()?, self.fingerprints()?);
        let sets: Vec<SignedKeySet> = sets.into_iter().map(|(_, set)| set).collect();
        let report = verify(&envelope, receipt.as_bytes(), &sets, &trust);
        let failed = report.checks.iter().find(|check| !check.ok);
        let failed = failed.map(|check| format!("{}: {}", check.name, check.sentence));
        ensure!(
            report.outcome() == Outcome::Proven,
            "{} is not proven: {failed:?}",
            letter.id
        );
        let found = report.header.zip(report.index);
        let (header, leaf) = found.ok_or_else(|| anyhow!("{} has no place", letter.id))?;
        Ok(Proven {
            header,
            leaf,
            witnesses: report.witnesses,
            envelope,
            receipt,
        })
    }

    /// The key sets for exercises of all parties, with names for files.
    fn key_sets(&self) -> Result<Vec<(String, SignedKeySet)>, Failure> {
        let mut sets = Vec::new();
        for party in [ALDORIA, BREVONIA, HUB] {
            let keys = self.node(party)?.post().keys();
            for set in keys.chain(Mode::Exercise).sets() {
                let name = format!("{party}-exercise-{:04}.keyset.json", set.set().seq);
                sets.push((name, set.clone()));
            }
        }
        Ok(sets)
    }

    fn fingerprints(&self) -> Result<Vec<Fingerprint>, Failure> {
        let mut all = Vec::new();
        for party in [ALDORIA, BREVONIA, HUB] {
            all.push(self.member(party)?.fingerprint());
        }
        Ok(all)
    }
}

/// Saves everything and verifies the files, as the command does.
pub(super) async fn prove(world: &mut World, stage: &mut Stage, kept: bool) -> Result<(), Failure> {
    stage
        .step("Every envelope and receipt is saved, and verified from the files")
        .await?;
    world.all_witnessed().await?;
    let (envelopes, keys) = (world.folder.join("envelopes"), world.folder.join("keys"));
    fs::create_dir_all(&envelopes)?;
    fs::create_dir_all(&keys)?;
    for (name, set) in world.key_sets()? {
        fs::write(keys.join(name), set.to_bytes())?;
    }
    let trust = world.fingerprints()?;
    let mut lines: Vec<String> = trust.iter().map(Fingerprint::to_string).collect();
    lines.push(String::new());
    fs::write(keys.join("trust.txt"), lines.join("\n"))?;
    let mut names = Vec::new();
    for (number, letter) in (1..).zip(&world.letters) {
        names.push(save(world, letter, number, &envelopes).await?);
    }
    for (name, letter) in names.iter().zip(&world.letters) {
        let command = Verify::of(
            envelopes.join(format!("{name}.dsse.json")),
            envelopes.join(format!("{name}.tlog-proof")),
            keys.clone(),
            trust.clone(),
        );
        let report = command.examine()?;
        let checks = report.checks.len();
        ensure!(
            report.outcome() == Outcome::Proven,
            "{name} is not proven from its files"
        );
        ensure!(!report.witnesses.is_empty(), "{name} has no cosignature");
        stage.fact(
            "proven",
            format_args!(
                "{name} · {} → {} · {checks} checks · leaf {}",
                letter.from,
                letter.to,
                report.index.unwrap_or_default()
            ),
        );
    }
    stage.proof(NOT_PROVEN);
    how_to(
        stage,
        &world.folder,
        names.first().map_or("", String::as_str),
        kept,
    );
    Ok(())
}

/// The line to type, where the files stay.
fn how_to(stage: &mut Stage, folder: &Path, name: &str, kept: bool) {
    let dir = if kept {
        folder.to_owned()
    } else {
        PathBuf::from("DIR")
    };
    let dir = dir.display();
    if kept {
        stage.plain(format_args!(
            "Kept in {dir}: envelopes and receipts in envelopes, key sets and fingerprints in keys,"
        ));
        stage.plain("the two histories in evidence, the data folders in nodes.");
    }
    let lead = if kept {
        "To verify one by yourself:"
    } else {
        "To keep the files and verify them by yourself, give --dir DIR, and then:"
    };
    stage.plain("");
    stage.plain(lead);
    stage.plain(format_args!(
        "  comity verify {dir}/envelopes/{name}.dsse.json {dir}/envelopes/{name}.tlog-proof \\\n    \
         --keys {dir}/keys --trust $(cat {dir}/keys/trust.txt)"
    ));
}

/// Writes the envelope, its receipt and its attachments; gives their name.
async fn save(
    world: &World,
    letter: &Letter,
    number: u32,
    folder: &Path,
) -> Result<String, Failure> {
    let proof = world.proof(letter).await?;
    let name = format!("{number:02}-{}-{}-{}", letter.kind, letter.from, letter.to);
    fs::write(folder.join(format!("{name}.dsse.json")), &proof.envelope)?;
    fs::write(folder.join(format!("{name}.tlog-proof")), &proof.receipt)?;
    let files = world.node(letter.from)?.post().files().clone();
    for file in proof
        .header
        .sealed
        .iter()
        .filter(|file| files.has(&file.sha256))
    {
        fs::copy(
            files.path(&file.sha256),
            folder.join(format!("{}.age", file.sha256)),
        )?;
    }
    Ok(name)
}
