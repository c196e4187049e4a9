//! The header of a sealed file, in the one form that we write and read.
//!
//! `age` 0.11 adds a stanza without meaning to every header that it writes ("grease"). A sealed
//! file has the stanzas of its readers and no other, so the header is written here and put in the
//! place of the one that `age` makes; the payload, which depends on the file key and its own nonce
//! only, stays as `age` writes it.

use std::{
    cell::RefCell,
    collections::HashSet,
    io::{self, Write},
};

use age::EncryptError;
use age_core::{
    format::{FileKey, Stanza},
    primitives::hkdf,
};
use secrecy::ExposeSecret;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Kind;
use crate::{Error, HybridRecipient, hybrid, text};

const VERSION_LINE: &[u8] = b"age-encryption.org/v1\n";
const STANZA_START: &[u8] = b"-> ";
const END_MARK: &[u8] = b"---";
/// Base64 of 1,120, 32 and 32 bytes.
const ARGUMENT_LETTERS: usize = 1494;
const BODY_LETTERS: usize = 43;
const MAC_LETTERS: usize = 43;
/// More than any header that `age` makes for us.
const THEIR_HEADER_BYTES_MAX: usize = 16 * 1024;

/// The length of a header with the stanzas of this kind.
pub(super) const fn length(kind: Kind) -> usize {
    let argument_line = STANZA_START.len() + hybrid::STANZA_TAG.len() + 1 + ARGUMENT_LETTERS + 1;
    let stanza = argument_line + BODY_LETTERS + 1;
    VERSION_LINE.len() + kind.stanzas() * stanza + END_MARK.len() + 1 + MAC_LETTERS + 1
}

/// Refuses a header that does not have exactly the stanzas of its kind.
pub(super) fn check(header: &[u8], kind: Kind) -> Result<(), Error> {
    let mut rest = header
        .strip_prefix(VERSION_LINE)
        .ok_or(Error::Open(age::DecryptError::UnknownFormat))?;
    let refused = || Error::WrongStanzas {
        expected: kind.stanzas(),
    };
    for _ in 0..kind.stanzas() {
        rest = after_stanza(rest).ok_or_else(refused)?;
    }
    rest.starts_with(END_MARK).then_some(()).ok_or_else(refused)
}

fn after_stanza(text: &[u8]) -> Option<&[u8]> {
    let argument = text
        .strip_prefix(STANZA_START)?
        .strip_prefix(hybrid::STANZA_TAG.as_bytes())?
        .strip_prefix(b" ")?;
    let body = argument
        .split_at_checked(ARGUMENT_LETTERS)?
        .1
        .strip_prefix(b"\n")?;
    body.split_at_checked(BODY_LETTERS)?.1.strip_prefix(b"\n")
}

/// All readers of a file as one recipient for `age`, which keeps the header that it makes.
pub(super) struct Readers<'a> {
    readers: &'a [&'a HybridRecipient],
    header: RefCell<Option<Vec<u8>>>,
}

impl<'a> Readers<'a> {
    pub(super) fn new(readers: &'a [&'a HybridRecipient]) -> Self {
        Self {
            readers,
            header: RefCell::new(None),
        }
    }

    /// The header made when the file key was wrapped.
    pub(super) fn into_header(self) -> Option<Vec<u8>> {
        self.header.into_inner()
    }
}

impl age::Recipient for Readers<'_> {
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let mut stanzas = self
            .readers
            .iter()
            .map(|reader| reader.wrap(file_key))
            .collect::<Result<Vec<_>, _>>()?;
        // The file key is 16 random bytes, so this bit is random to all who do not know it.
        let order = hkdf(&[], b"comity/stanza-order/v1", file_key.expose_secret());
        if order.first().is_some_and(|byte| byte & 1 == 1) {
            stanzas.reverse();
        }
        self.header.replace(Some(write(&stanzas, file_key)));
        Ok((stanzas, HybridRecipient::labels()))
    }
}

/// The header of c2sp.org/age: version line, stanzas, and the MAC over all of it up to `---`. The
/// bodies are shorter than a line, so nothing is wrapped.
fn write(stanzas: &[Stanza], file_key: &FileKey) -> Vec<u8> {
    let mut header = VERSION_LINE.to_vec();
    for stanza in stanzas {
        let body = text::base64_bare(&stanza.body);
        let line = format!("-> {} {}\n{body}\n", stanza.tag, stanza.args.join(" "));
        header.extend_from_slice(line.as_bytes());
    }
    header.extend_from_slice(END_MARK);
    let key = Zeroizing::new(hkdf(&[], b"header", file_key.expose_secret()));
    let mac = hmac_sha256(&key, &header);
    header.extend_from_slice(format!(" {}\n", text::base64_bare(&mac)).as_bytes());
    header
}

/// RFC 2104 with SHA-256 and a key of half a block.
fn hmac_sha256(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let pad = |byte: u8| {
        let mut block = Zeroizing::new([byte; 64]);
        block
            .iter_mut()
            .zip(key)
            .for_each(|(slot, key)| *slot ^= key);
        block
    };
    let inner = Sha256::new().chain_update(*pad(0x36)).chain_update(message);
    let outer = Sha256::new().chain_update(*pad(0x5c));
    outer.chain_update(inner.finalize()).finalize().into()
}

/// A writer that puts our header in the place of the one written to it, and passes on the rest.
pub(super) struct Swap<W> {
    inner: W,
    ours: Option<Vec<u8>>,
    theirs: Vec<u8>,
}

impl<W> Swap<W> {
    pub(super) fn new(inner: W, ours: Vec<u8>) -> Self {
        Self {
            inner,
            ours: Some(ours),
            theirs: Vec::new(),
        }
    }

    pub(super) fn into_inner(self) -> W {
        self.inner
    }
}

impl<W: Write> Write for Swap<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.ours.is_none() {
            return self.inner.write(bytes);
        }
        self.theirs.extend_from_slice(bytes);
        if let Some(payload) = after_header(&self.theirs) {
            let ours = self.ours.take().unwrap_or_default();
            self.inner.write_all(&ours)?;
            self.inner.write_all(payload)?;
            self.theirs = Vec::new();
        } else if self.theirs.len() > THEIR_HEADER_BYTES_MAX {
            return Err(io::Error::other("the age header does not end"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// What follows the line that begins with `--- `. No stanza line begins with that.
fn after_header(text: &[u8]) -> Option<&[u8]> {
    let mark = text.windows(5).position(|window| window == b"\n--- ")?;
    let (_, last_line) = text.split_at_checked(mark + 1)?;
    let end = last_line.iter().position(|byte| *byte == b'\n')?;
    last_line.get(end + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mac_is_hmac_sha_256() {
        // RFC 4231, test case 2: a key shorter than a block is filled with zeros.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            text::hex(&hmac_sha256(&key, b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn the_header_ends_where_its_last_line_ends() {
        let header = b"v\n-> a-grease ---\nAA\n--- MAC\npayload";
        assert_eq!(after_header(header), Some(&b"payload"[..]));
        assert_eq!(after_header(b"v\n-> a\n\n--- MA"), None);
    }

    #[test]
    fn the_swap_works_however_the_bytes_come() {
        let theirs = b"v\n-> a\n\n--- MAC\npayload";
        for piece in 1..theirs.len() {
            let mut swap = Swap::new(Vec::new(), b"ours\n".to_vec());
            theirs
                .chunks(piece)
                .for_each(|chunk| swap.write_all(chunk).unwrap());
            assert_eq!(swap.into_inner(), b"ours\npayload");
        }
    }
}
