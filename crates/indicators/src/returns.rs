//! Lists whose lines end with a carriage return alone, as on old systems.

use std::io::{BufRead, Read, Result};

use memchr::memchr;

/// Whether lines end so, by the beginning of a list.
pub(super) fn ends_lines(head: &[u8]) -> bool {
    memchr(b'\n', head).is_none() && memchr(b'\r', head).is_some()
}

/// Turns each carriage return into the end of a line.
pub(super) fn replace(text: &mut [u8]) {
    for byte in text.iter_mut().filter(|byte| **byte == b'\r') {
        *byte = b'\n';
    }
}

/// Reads a list, with its carriage returns replaced where that is asked for.
pub(super) struct Returns<R> {
    source: R,
    are_replaced: bool,
    ready: Vec<u8>,
    given: usize,
}

impl<R: BufRead> Returns<R> {
    pub(super) fn new(source: R, are_replaced: bool) -> Self {
        Self {
            source,
            are_replaced,
            ready: Vec::new(),
            given: 0,
        }
    }
}

impl<R: BufRead> BufRead for Returns<R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if !self.are_replaced {
            return self.source.fill_buf();
        }
        if self.given == self.ready.len() {
            self.given = 0;
            self.ready.clear();
            let fresh = self.source.fill_buf()?;
            self.ready.extend_from_slice(fresh);
            replace(&mut self.ready);
            self.source.consume(self.ready.len());
        }
        Ok(self.ready.get(self.given..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        if self.are_replaced {
            self.given += count;
        } else {
            self.source.consume(count);
        }
    }
}

impl<R: BufRead> Read for Returns<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}
