//! Signed notes, `c2sp.org/signed-note`: a text, an empty line, signature lines.

use std::fmt;

use crate::{Error, text};

/// The longest note. Sixteen hybrid cosigners need less than half of it.
pub const NOTE_BYTES_MAX: usize = 128 * 1024;

/// The most signature lines; the specification asks for at least 16.
pub const SIGNATURES_MAX: usize = 32;

const SIGNATURE_PREFIX: &str = "\u{2014} ";

/// A text and who claims to have signed it. Nothing is verified by parsing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    /// The text with its final newline.
    pub text: String,
    /// The signature lines in their order.
    pub signatures: Vec<SignatureLine>,
}

/// One signature line: `— NAME BASE64(key id ‖ signature)`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignatureLine {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub key_id: u32,
    /// What follows the id: a signature, or a time and a signature.
    pub signature: Vec<u8>,
}

impl Note {
    /// Reads a note in its one form, with one to [`SIGNATURES_MAX`] signature lines.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        const MALFORMED: Error = Error::Malformed { what: "note" };
        let note = text::bounded(bytes, NOTE_BYTES_MAX, "note")?;
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(MALFORMED);
        }
        // The text ends at the last empty line, and keeps its own newline.
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(MALFORMED)?;
        let signatures = SignatureLine::parse_all(signatures.as_bytes())?;
        Ok(Self {
            text: format!("{text}\n"),
            signatures,
        })
    }
}

impl SignatureLine {
    /// Reads one to [`SIGNATURES_MAX`] lines, each with its newline: the end of
    /// a note, or a witness's answer.
    pub fn parse_all(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        const MALFORMED: Error = Error::Malformed {
            what: "signature lines",
        };
        let lines = text::bounded(bytes, NOTE_BYTES_MAX, "signature lines")?;
        let lines = lines.strip_suffix('\n').ok_or(MALFORMED)?;
        if lines.split('\n').count() > SIGNATURES_MAX {
            return Err(Error::TooLarge {
                what: "signature lines",
                limit: SIGNATURES_MAX,
            });
        }
        lines.split('\n').map(Self::parse).collect()
    }

    fn parse(line: &str) -> Result<Self, Error> {
        const MALFORMED: Error = Error::Malformed {
            what: "signature line",
        };
        let (name, encoded) = line
            .strip_prefix(SIGNATURE_PREFIX)
            .and_then(|rest| rest.split_once(' '))
            .ok_or(MALFORMED)?;
        if !text::is_key_name(name) {
            return Err(MALFORMED);
        }
        let bytes = text::decode_base64(encoded, "signature line")?;
        let (key_id, signature) = bytes.split_first_chunk::<4>().ok_or(MALFORMED)?;
        if signature.is_empty() {
            return Err(MALFORMED);
        }
        Ok(Self {
            name: name.to_owned(),
            key_id: u32::from_be_bytes(*key_id),
            signature: signature.to_vec(),
        })
    }
}

/// The line with its newline.
impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.key_id.to_be_bytes()[..], &self.signature].concat();
        let encoded = text::encode_base64(&bytes);
        writeln!(f, "{SIGNATURE_PREFIX}{} {encoded}", self.name)
    }
}

/// The note as [`Note::parse`] reads it.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|line| write!(f, "{line}"))
    }
}
