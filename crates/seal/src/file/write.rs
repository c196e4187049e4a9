//! Writing a sealed file as a stream.

use std::io::{self, Write};

use age::{Encryptor, stream::StreamWriter};

use super::{
    Kind,
    header::{Readers, Swap},
};
use crate::{Error, HybridRecipient, Meter, Metered, padding};

const ZEROS: [u8; 4096] = [0; 4096];

/// Encrypts what is written to it, and pads it at the end.
///
/// Without [`Sealer::finish`] the file is cut short and will not open.
pub struct Sealer<W: Write> {
    stream: StreamWriter<Swap<Meter<W>>>,
    text_bytes: u64,
}

impl<W: Write> Sealer<W> {
    /// Begins the file of a body or an attachment, for the receiver and the sender's archive.
    pub fn message(out: W, to: &HybridRecipient, archive: &HybridRecipient) -> Result<Self, Error> {
        Self::new(out, &[to, archive])
    }

    /// Begins a file for one reader: a cover, or something laid down in the archive.
    pub fn single(out: W, to: &HybridRecipient) -> Result<Self, Error> {
        Self::new(out, &[to])
    }

    fn new(out: W, readers: &[&HybridRecipient]) -> Result<Self, Error> {
        debug_assert!(readers.len() <= Kind::Message.stanzas());
        let readers = Readers::new(readers);
        let encryptor =
            Encryptor::with_recipients(std::iter::once::<&dyn age::Recipient>(&readers))
                .map_err(Error::Seal)?;
        let header = readers
            .into_header()
            .ok_or(Error::Seal(age::EncryptError::MissingRecipients))?;
        let stream = encryptor
            .wrap_output(Swap::new(Meter::new(out), header))
            .map_err(Error::Stream)?;
        Ok(Self {
            stream,
            text_bytes: 0,
        })
    }

    /// Pads and ends the file. Gives the writer back, with digest and size of the file.
    pub fn finish(mut self) -> Result<(W, Metered), Error> {
        let padded = padding::rung(self.text_bytes).ok_or_else(too_large)?;
        let mut zeros = padded.saturating_sub(self.text_bytes).saturating_sub(1);
        self.stream
            .write_all(&[padding::MARK])
            .map_err(Error::Stream)?;
        while zeros > 0 {
            let piece = usize::try_from(zeros).map_or(ZEROS.len(), |zeros| zeros.min(ZEROS.len()));
            let piece = ZEROS.get(..piece).unwrap_or_default();
            self.stream.write_all(piece).map_err(Error::Stream)?;
            zeros = zeros.saturating_sub(u64::try_from(piece.len()).unwrap_or(zeros));
        }
        let swap = self.stream.finish().map_err(Error::Stream)?;
        Ok(swap.into_inner().finish())
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let after = u64::try_from(text.len())
            .ok()
            .and_then(|length| self.text_bytes.checked_add(length))
            .filter(|length| *length <= padding::TEXT_BYTES_MAX)
            .ok_or_else(|| too_large().into_stream())?;
        let taken = self.stream.write(text)?;
        // The stream takes all or fails; if it ever took less, the count would follow.
        let left = u64::try_from(text.len().saturating_sub(taken)).unwrap_or_default();
        self.text_bytes = after.saturating_sub(left);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn too_large() -> Error {
    Error::TooLarge {
        what: "plaintext",
        bytes_max: padding::TEXT_BYTES_MAX,
    }
}
