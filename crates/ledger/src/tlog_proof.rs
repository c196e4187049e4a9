//! Proofs that hold offline, `c2sp.org/tlog-proof@v1`.

use std::fmt;

use crate::text::{bounded, decode_base64, decode_decimal, encode_base64};
use crate::{
    Checkpoint, Error, Hash, NOTE_BYTES_MAX, Note, PROOF_HASHES_MAX, leaf_hash, verify_inclusion,
};

/// The longest extra data, decoded.
pub const EXTRA_BYTES_MAX: usize = 8 * 1024;

pub(crate) const TLOG_PROOF_BYTES_MAX: usize = NOTE_BYTES_MAX + 16 * 1024;

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// That an entry stands in a log, with the checkpoint that says so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TlogProof {
    /// Data for the application; nothing vouches for it but what the application computes from it.
    pub extra: Option<Vec<u8>>,
    /// Index of the entry.
    pub index: u64,
    /// The path from the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

impl TlogProof {
    /// Reads a proof in its one form.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        const MALFORMED: Error = Error::Malformed { what: "tlog-proof" };
        let proof = bounded(bytes, TLOG_PROOF_BYTES_MAX, "tlog-proof")?;
        let (head, checkpoint) = proof.split_once("\n\n").ok_or(MALFORMED)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(MALFORMED);
        }
        let mut line = lines.next().ok_or(MALFORMED)?;
        let mut extra = None;
        if let Some(encoded) = line.strip_prefix("extra ") {
            if encoded.len() > EXTRA_BYTES_MAX.div_ceil(3) * 4 {
                return Err(Error::TooLarge {
                    what: "extra data",
                    limit: EXTRA_BYTES_MAX,
                });
            }
            extra = Some(decode_base64(encoded, "extra data")?);
            line = lines.next().ok_or(MALFORMED)?;
        }
        let index = line.strip_prefix("index ").ok_or(MALFORMED)?;
        let parsed = Self {
            extra,
            index: decode_decimal(index, "index")?,
            hashes: parse_hashes(lines)?,
            checkpoint: Note::parse(checkpoint.as_bytes())?,
        };
        if parsed.to_string() == proof {
            Ok(parsed)
        } else {
            Err(MALFORMED)
        }
    }

    /// Checks that `entry` stands where the proof says, under the root that the
    /// checkpoint states. Signatures are for the caller to verify.
    pub fn verify_entry(&self, entry: &[u8]) -> Result<Checkpoint, Error> {
        let checkpoint = Checkpoint::parse(self.checkpoint.text.as_bytes())?;
        verify_inclusion(
            &leaf_hash(entry),
            self.index,
            checkpoint.size(),
            &self.hashes,
            checkpoint.root(),
        )?;
        Ok(checkpoint)
    }
}

/// The proof as [`TlogProof::parse`] reads it.
impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", encode_base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", hash.to_base64())?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Reads at most [`PROOF_HASHES_MAX`] hashes, one a line.
pub(crate) fn parse_hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, Error> {
    let mut hashes = Vec::new();
    for line in lines {
        if hashes.len() >= PROOF_HASHES_MAX {
            return Err(Error::TooLarge {
                what: "proof hashes",
                limit: PROOF_HASHES_MAX,
            });
        }
        hashes.push(Hash::from_base64(line)?);
    }
    Ok(hashes)
}
