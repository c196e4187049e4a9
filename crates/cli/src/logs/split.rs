//! Cuts what a reader gives into chunks of whole lines.

use std::{
    io::{self, Read},
    sync::Arc,
};

use memchr::{memchr_iter, memrchr};

use super::{
    Options,
    account::count,
    chunk::{Chunk, ChunkInfo, Source, cut},
    input::Flow,
    names::Spelling,
    progress::Progress,
};

/// The lines of one source.
pub(super) struct Lines {
    pub(super) source: Arc<Source>,
    reader: Box<dyn Read + Send>,
    flow: Flow,
    /// The beginning of a line, without its end.
    carry: Vec<u8>,
    line: u64,
    column: u64,
    offset: u64,
    spelling: Spelling,
    is_ended: bool,
    error: Option<io::Error>,
}

impl Lines {
    pub(super) fn new(source: &Arc<Source>, reader: Box<dyn Read + Send>, flow: Flow) -> Self {
        Self {
            source: Arc::clone(source),
            reader,
            flow,
            carry: Vec::new(),
            line: 1,
            column: 0,
            offset: 0,
            spelling: Spelling::default(),
            is_ended: false,
            error: None,
        }
    }

    /// Fills a chunk; `false` at the end. What was read before an error comes before the error.
    pub(super) fn next(
        &mut self,
        chunk: &mut Chunk,
        options: &Options,
        progress: &Progress,
    ) -> io::Result<bool> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let filled = self.fill(chunk, options);
        let bytes = chunk.buffer.get(..filled).unwrap_or_default();
        let end = memrchr(b'\n', bytes).map(|last| last + 1);
        let length = match end {
            _ if self.is_ended => filled,
            Some(end) => end,
            None => cut(bytes, options.line_bytes_max.max(1)),
        };
        let (whole, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
        self.carry.clear();
        self.carry.extend_from_slice(rest);
        let ends = count(memchr_iter(b'\n', whole).count());
        let behind = whole.len() - end.unwrap_or(0).min(whole.len());
        let begun = u64::from(self.column == 0 && length > 0);
        let lines = begun + ends - u64::from(ends > 0 && behind == 0);
        let whole = chunk.buffer.get_mut(..length).unwrap_or_default();
        self.spelling.apply(self.offset, whole);
        chunk.length = length;
        chunk.line_bytes_max = options.line_bytes_max.max(1);
        chunk.info = ChunkInfo {
            source: Arc::clone(&self.source),
            first_line: self.line,
            offset: self.offset,
            column: self.column,
            lines,
            bytes: count(length),
        };
        progress.hand_on(lines, count(length));
        self.line += ends;
        self.offset += count(length);
        self.column = count(behind) + if ends == 0 { self.column } else { 0 };
        match self.error.take() {
            Some(error) if length == 0 => Err(error),
            error => {
                self.error = error;
                Ok(length > 0)
            }
        }
    }

    /// Reads until the chunk is full, the source ends, or a pipe has no more ready behind a line.
    fn fill(&mut self, chunk: &mut Chunk, options: &Options) -> usize {
        // One byte more than a line may have, to see that it is longer.
        let room = options.line_bytes_max.max(1).saturating_add(1);
        let room = options.chunk_bytes.max(room);
        if chunk.buffer.len() != room {
            chunk.buffer = vec![0; room];
        }
        let mut filled = self.carry.len();
        let mut has_line = false;
        if let Some(head) = chunk.buffer.get_mut(..filled) {
            head.copy_from_slice(&self.carry);
        }
        while !self.is_ended && filled < room {
            // So much stays in the cache; only a line that is longer needs more.
            let enough = options.chunk_bytes.clamp(1, room);
            if filled >= enough && !self.flow.is_live() {
                has_line |=
                    memrchr(b'\n', chunk.buffer.get(..filled).unwrap_or_default()).is_some();
                if has_line {
                    break;
                }
            }
            let end = if filled < enough { enough } else { room };
            let into = chunk.buffer.get_mut(filled..end).unwrap_or_default();
            match self.reader.read(into) {
                Ok(0) => self.is_ended = true,
                Ok(bytes) => {
                    let new = chunk.buffer.get(filled..filled + bytes);
                    filled += bytes;
                    if !self.flow.is_live() {
                        continue;
                    }
                    has_line |= memrchr(b'\n', new.unwrap_or_default()).is_some();
                    if has_line && !self.flow.has_more() {
                        break;
                    }
                }
                Err(error) => {
                    self.error = Some(error);
                    self.is_ended = true;
                }
            }
        }
        filled
    }
}
