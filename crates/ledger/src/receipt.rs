//! Receipts: a `tlog-proof` that carries the record it is about, and its strict verification.

use std::fmt;

use crate::record::print_time;
use crate::text::encode_hex;
use crate::tlog_proof::TLOG_PROOF_BYTES_MAX;
use crate::{
    Act, Checkpoint, Error, Hash, LedgerKeys, Note, Record, SignatureLine, TlogProof, VerifierKey,
};

/// The longest receipt.
pub const RECEIPT_BYTES_MAX: usize = TLOG_PROOF_BYTES_MAX;

/// Makes a receipt out of a record, its place in the log, and a signed checkpoint that covers it.
pub fn receipt(record: &Record, index: u64, hashes: Vec<Hash>, checkpoint: Note) -> String {
    TlogProof {
        extra: Some(record.to_string().into_bytes()),
        index,
        hashes,
        checkpoint,
    }
    .to_string()
}

/// What a receipt must be about.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The act; a receipt in the full sense has [`Act::Received`].
    pub act: &'a Act,
    /// The SHA-256 of the payload.
    pub sha256: &'a [u8; 32],
    /// The subject, where the verifier knows it.
    pub subject: Option<&'a str>,
}

/// A witness that the verifier knows: its cosignature counts when each of its keys has signed.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The name that reports show.
    pub name: String,
    /// One or more cosignature keys.
    pub keys: Vec<VerifierKey>,
}

/// How many of which witnesses must have cosigned.
#[derive(Clone, Debug, Default)]
pub struct WitnessPolicy {
    /// The witnesses whose lines are known.
    pub witnesses: Vec<Witness>,
    /// How many of them are needed; 0 asks for none, but still verifies those present.
    pub needed: usize,
}

/// When a witness says that it saw the checkpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WitnessTime {
    /// The witness's name.
    pub name: String,
    /// Seconds since 1970; the later where its keys state two times.
    pub time: u64,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Check {
    /// A stable name: `format`, `record`, `act`, `payload`, `subject`, `inclusion`,
    /// `ledger_ed25519`, `ledger_mldsa44`, `signatures`, `witnesses`.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was found, in one English sentence.
    pub sentence: String,
}

/// The outcome of verifying a receipt.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Verdict {
    /// Everything that was looked at, in order. Verification ends early only
    /// where there is nothing left to look at.
    pub checks: Vec<Check>,
    /// The record, once it could be read. Nothing vouches for it unless [`Verdict::ok`].
    pub record: Option<Record>,
    /// The checkpoint, once it could be read.
    pub checkpoint: Option<Checkpoint>,
    /// The index of the leaf.
    pub index: Option<u64>,
    /// When the ledger itself says that it signed, in seconds since 1970.
    pub ledger_time: Option<u64>,
    /// The witnesses whose cosignatures hold, and their times.
    pub witness_times: Vec<WitnessTime>,
}

impl Verdict {
    /// Whether every check holds.
    pub fn ok(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|check| check.ok)
    }

    /// The earliest time by which a witness had seen the ledger with this leaf, in seconds since 1970.
    pub fn witnessed_by(&self) -> Option<u64> {
        self.witness_times.iter().map(|witness| witness.time).min()
    }

    fn check(&mut self, name: &'static str, ok: bool, sentence: impl Into<String>) {
        self.checks.push(Check {
            name,
            ok,
            sentence: sentence.into(),
        });
    }
}

/// One line a check, as a report prints it.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.checks.iter().try_for_each(|check| {
            let mark = if check.ok { "ok  " } else { "FAIL" };
            writeln!(f, "{mark} {:14} {}", check.name, check.sentence)
        })
    }
}

/// Verifies a receipt offline, and says what was found.
///
/// It is stricter than the formats are: the bytes must be the one canonical
/// form, the checkpoint must have no extension lines, and every signature line
/// must be of a known key, stand there once, and be valid. So no byte of a
/// receipt can be changed without its failing.
pub fn verify_receipt(
    bytes: &[u8],
    expected: &Expected<'_>,
    keys: &LedgerKeys,
    policy: &WitnessPolicy,
) -> Verdict {
    let mut verdict = Verdict::default();
    let (proof, checkpoint) = match parse(bytes) {
        Ok(parsed) => parsed,
        Err(error) => {
            verdict.check(
                "format",
                false,
                format!("The receipt cannot be read: {error}."),
            );
            return verdict;
        }
    };
    verdict.check(
        "format",
        true,
        "The receipt is a tlog-proof in its canonical form.",
    );
    check_record(&mut verdict, &proof, expected);
    check_inclusion(&mut verdict, &proof, &checkpoint);
    let lines = verify_lines(&proof.checkpoint, keys, policy);
    check_ledger(&mut verdict, &lines, &checkpoint, keys);
    check_lines(&mut verdict, &lines);
    check_witnesses(&mut verdict, &lines, policy);
    verdict.index = Some(proof.index);
    verdict.checkpoint = Some(checkpoint);
    verdict
}

fn parse(bytes: &[u8]) -> Result<(TlogProof, Checkpoint), Error> {
    let proof = TlogProof::parse(bytes)?;
    let checkpoint = Checkpoint::parse(proof.checkpoint.text.as_bytes())?;
    if !checkpoint.extensions().is_empty() {
        return Err(Error::Malformed {
            what: "checkpoint with extension lines",
        });
    }
    Ok((proof, checkpoint))
}

fn check_record(verdict: &mut Verdict, proof: &TlogProof, expected: &Expected<'_>) {
    let extra = proof.extra.as_deref().unwrap_or_default();
    let record = match Record::parse(extra) {
        Ok(record) => record,
        Err(error) => {
            verdict.check(
                "record",
                false,
                format!("The record cannot be read: {error}."),
            );
            return;
        }
    };
    verdict.check(
        "record",
        true,
        format!(
            "The record says: {} {} at {}.",
            record.act(),
            record.subject(),
            record.at_text()
        ),
    );
    verdict.check(
        "act",
        record.act() == expected.act,
        format!("The act is {}; {} is expected.", record.act(), expected.act),
    );
    verdict.check(
        "payload",
        record.sha256() == expected.sha256,
        format!(
            "The record names SHA-256 {}; the payload has {}.",
            encode_hex(record.sha256()),
            encode_hex(expected.sha256)
        ),
    );
    if let Some(subject) = expected.subject {
        verdict.check(
            "subject",
            record.subject() == subject,
            format!(
                "The record is about {}; {subject} is expected.",
                record.subject()
            ),
        );
    }
    verdict.record = Some(record);
}

fn check_inclusion(verdict: &mut Verdict, proof: &TlogProof, checkpoint: &Checkpoint) {
    let included = verdict
        .record
        .as_ref()
        .is_some_and(|record| proof.verify_entry(&record.entry()).is_ok());
    let (index, size) = (proof.index, checkpoint.size());
    verdict.check(
        "inclusion",
        included,
        if included {
            format!("The record is leaf {index} of the tree of {size} leaves with this root.")
        } else {
            format!("The record is not proven to be leaf {index} of the tree of {size} leaves.")
        },
    );
}

/// Verifies each line once: the key that it claims to be of, and what came out.
/// Lines of no known key, and repeated ones, have no key.
fn verify_lines<'a>(note: &Note, keys: &'a LedgerKeys, policy: &'a WitnessPolicy) -> Vec<Line<'a>> {
    let repeated = |place: usize, line: &SignatureLine| {
        let mut earlier = note.signatures.iter().take(place);
        earlier.any(|other| other.key_id == line.key_id && other.name == line.name)
    };
    let known = |line: &SignatureLine| {
        [keys.ed25519(), keys.mldsa44()]
            .into_iter()
            .chain(policy.witnesses.iter().flat_map(|witness| &witness.keys))
            .find(|key| key.claims(line))
    };
    let lines = note.signatures.iter().enumerate();
    lines
        .map(|(place, line)| {
            let key = known(line).filter(|_| !repeated(place, line));
            Line {
                key,
                outcome: match key.map(|key| key.verify(&note.text, line)) {
                    Some(Ok(Some(time))) => Outcome::ValidAt(time),
                    Some(Ok(None)) => Outcome::Valid,
                    Some(Err(_)) | None => Outcome::Invalid,
                },
            }
        })
        .collect()
}

/// What came of a signature line.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Outcome {
    Invalid,
    Valid,
    ValidAt(u64),
}

impl Outcome {
    const fn time(self) -> Option<u64> {
        match self {
            Self::ValidAt(time) => Some(time),
            Self::Invalid | Self::Valid => None,
        }
    }
}

/// A signature line that was looked at.
struct Line<'a> {
    key: Option<&'a VerifierKey>,
    outcome: Outcome,
}

fn outcome(lines: &[Line<'_>], key: &VerifierKey) -> Outcome {
    let line = lines.iter().find(|line| line.key == Some(key));
    line.map_or(Outcome::Invalid, |line| line.outcome)
}

fn check_ledger(
    verdict: &mut Verdict,
    lines: &[Line<'_>],
    checkpoint: &Checkpoint,
    keys: &LedgerKeys,
) {
    let same_origin = checkpoint.origin() == keys.origin();
    let origin = keys.origin();
    let signed = |ok: bool, algorithm: &str| {
        if ok {
            format!("The ledger {origin} signed this checkpoint with {algorithm}.")
        } else {
            format!("The checkpoint has no valid {algorithm} signature of the ledger {origin}.")
        }
    };
    let ed25519 = same_origin && outcome(lines, keys.ed25519()) != Outcome::Invalid;
    verdict.check("ledger_ed25519", ed25519, signed(ed25519, "Ed25519"));
    let time = outcome(lines, keys.mldsa44()).time();
    let mldsa44 = same_origin && time.is_some();
    verdict.check("ledger_mldsa44", mldsa44, signed(mldsa44, "ML-DSA-44"));
    verdict.ledger_time = time.filter(|_| mldsa44);
}

/// Every line must be of a known key, stand there once, and be valid.
fn check_lines(verdict: &mut Verdict, lines: &[Line<'_>]) {
    let good = lines
        .iter()
        .filter(|line| line.outcome != Outcome::Invalid)
        .count();
    let all = lines.len();
    verdict.check(
        "signatures",
        good == all,
        format!("{good} of {all} signature lines are of known keys and valid."),
    );
}

fn check_witnesses(verdict: &mut Verdict, lines: &[Line<'_>], policy: &WitnessPolicy) {
    for (place, witness) in policy.witnesses.iter().enumerate() {
        // One holder of a key is one witness, however often he is listed.
        let counted = policy.witnesses.iter().take(place).any(|earlier| {
            let mut keys = earlier.keys.iter();
            keys.any(|key| witness.keys.contains(key))
        });
        let times: Option<Vec<u64>> = witness
            .keys
            .iter()
            .map(|key| outcome(lines, key).time())
            .collect();
        // A time of zero makes no statement about when.
        let time = times.and_then(|times| times.into_iter().max());
        if let Some(time) = time.filter(|time| *time > 0 && !counted) {
            verdict.witness_times.push(WitnessTime {
                name: witness.name.clone(),
                time,
            });
        }
    }
    let (count, needed) = (verdict.witness_times.len(), policy.needed);
    let named: Vec<String> = verdict
        .witness_times
        .iter()
        .map(|witness| format!("{} at {}", witness.name, print_seconds(witness.time)))
        .collect();
    let named = if named.is_empty() {
        String::new()
    } else {
        format!(": {}", named.join(", "))
    };
    verdict.check(
        "witnesses",
        count >= needed,
        format!("{count} witnesses cosigned, {needed} are needed{named}."),
    );
}

/// A cosignature's time, or the bare number where it lies beyond the year 9999.
fn print_seconds(seconds: u64) -> String {
    const SECONDS_MAX: u64 = 253_402_300_799;
    i64::try_from(seconds.min(SECONDS_MAX))
        .ok()
        .filter(|_| seconds <= SECONDS_MAX)
        .map_or_else(
            || seconds.to_string(),
            |seconds| print_time(seconds * 1_000_000).replace(".000000", ""),
        )
}
