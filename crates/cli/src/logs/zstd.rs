//! The frames of zstd (RFC 8878), one behind the other.

use std::io::{self, ErrorKind, Read};

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder, errors::FrameDecoderError};

use super::{detect::is_zstd, peeked::Peeked, unpack::follows};

pub(super) struct Zstd {
    input: Peeked,
    frame: FrameDecoder,
    state: State,
}

enum State {
    Between,
    Inside,
    /// What the window still holds is handed on before the error.
    Failed(Option<FrameDecoderError>),
    Ended,
}

impl Zstd {
    pub(super) fn new(input: Peeked, window_bytes_max: u64) -> Self {
        let mut frame = FrameDecoder::new();
        frame.set_max_window_size(window_bytes_max);
        Self {
            input,
            frame,
            state: State::Between,
        }
    }

    /// Goes to the next frame with content.
    fn begin(&mut self) -> io::Result<State> {
        const SKIPPABLE: &[u8] = &[0x2a, 0x4d, 0x18];
        while follows(&mut self.input, is_zstd)? {
            let head = self.input.peek(4, |_| false)?;
            if head.get(1..4) != Some(SKIPPABLE) {
                self.frame.init(&mut self.input).map_err(explain)?;
                return Ok(State::Inside);
            }
            let [_, _, _, _, length @ ..] = self.input.array::<8>()?;
            self.input.skip(u64::from(u32::from_le_bytes(length)))?;
        }
        Ok(State::Ended)
    }

    /// Decodes one block, or leaves the frame.
    fn advance(&mut self) -> io::Result<State> {
        /// An empty last block, and a checksum: the decoder gives its window only at the end.
        const LAST: &[u8] = &[1, 0, 0, 0, 0, 0, 0];
        const ONE: BlockDecodingStrategy = BlockDecodingStrategy::UptoBlocks(1);
        if self.frame.is_finished() {
            let given = self.frame.get_checksum_from_data();
            if given.is_some() && given != self.frame.get_calculated_checksum() {
                return Err(io::Error::new(
                    ErrorKind::InvalidData,
                    "the checksum of a frame differs",
                ));
            }
            return Ok(State::Between);
        }
        let Err(error) = self.frame.decode_blocks(&mut self.input, ONE) else {
            return Ok(State::Inside);
        };
        match self.frame.decode_blocks(LAST, ONE) {
            Ok(_) => Ok(State::Failed(Some(error))),
            Err(_) => Err(explain(error)),
        }
    }
}

impl Read for Zstd {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            self.state = match &mut self.state {
                State::Ended => return Ok(0),
                State::Between => self.begin()?,
                State::Inside => match self.frame.read(into)? {
                    0 if !into.is_empty() => self.advance()?,
                    count => return Ok(count),
                },
                State::Failed(error) => match self.frame.read(into)? {
                    0 => match error.take() {
                        Some(error) => return Err(explain(error)),
                        None => State::Ended,
                    },
                    count => return Ok(count),
                },
            };
        }
    }
}

fn explain(error: FrameDecoderError) -> io::Error {
    let kind = match error {
        FrameDecoderError::WindowSizeTooBig { .. } => ErrorKind::OutOfMemory,
        _ => ErrorKind::InvalidData,
    };
    io::Error::new(kind, error)
}
