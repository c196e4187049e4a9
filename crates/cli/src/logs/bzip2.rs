//! bz2, as `bzip2` 1.0 writes it: streams one behind the other, of blocks of up to 900 kB.
//!
//! Ours, because the kept decoders are C, or C translated to unsafe Rust under a licence that
//! `deny.toml` does not list.

mod bits;
mod block;

use std::io::{self, Read};

use self::{bits::Bits, block::Block};
use super::{detect::is_bzip2, peeked::Peeked, unpack::follows};

/// Bytes of a block for each step of the level that the head names.
const LEVEL_BYTES: usize = 100_000;

/// Reads streams of bz2.
pub(super) struct Bzip2 {
    state: State,
    block: Block,
    /// Of the blocks of this stream so far.
    checksum: u32,
    block_bytes_max: usize,
}

enum State {
    Between(Peeked),
    Inside(Bits),
    Ended,
}

impl Bzip2 {
    pub(super) fn new(input: Peeked) -> Self {
        Self {
            state: State::Between(input),
            block: Block::default(),
            checksum: 0,
            block_bytes_max: 0,
        }
    }

    fn begin(&mut self, mut input: Peeked) -> io::Result<State> {
        if !follows(&mut input, is_bzip2)? {
            return Ok(State::Ended);
        }
        let [_, _, _, level] = input.array::<4>()?;
        self.block_bytes_max = usize::from(level.saturating_sub(b'0')) * LEVEL_BYTES;
        self.checksum = 0;
        Ok(State::Inside(Bits::new(input)))
    }

    /// Reads the next block, or the end of the stream.
    fn advance(&mut self, mut bits: Bits) -> io::Result<State> {
        const BLOCK: (u32, u32) = (0x31_4159, 0x26_5359);
        const END: (u32, u32) = (0x17_7245, 0x38_5090);
        match (bits.take(24)?, bits.take(24)?) {
            BLOCK => {
                let checksum = self.block.read(&mut bits, self.block_bytes_max)?;
                self.checksum = self.checksum.rotate_left(1) ^ checksum;
                Ok(State::Inside(bits))
            }
            END if bits.take(32)? == self.checksum => Ok(State::Between(bits.into_input())),
            END => Err(damaged("the checksum of a stream differs")),
            _ => Err(damaged("no block begins where one should")),
        }
    }
}

impl Read for Bzip2 {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.block.write(into)?;
            if count > 0 || into.is_empty() {
                return Ok(count);
            }
            self.state = match std::mem::replace(&mut self.state, State::Ended) {
                State::Between(input) => self.begin(input)?,
                State::Inside(bits) => self.advance(bits)?,
                State::Ended => return Ok(0),
            };
        }
    }
}

fn damaged(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
