//! Input that ends where one part of it grows too large.

use std::{cell::Cell, io, rc::Rc};

/// What a document may be at most.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Bytes of one attribute, and of any other member of an event.
    pub part_bytes_max: u64,
    /// Attributes of all events together, or entries of a list or a manifest.
    pub parts_max: u64,
}

impl Default for Limits {
    /// 64 MiB a part, ten million parts.
    fn default() -> Self {
        Self {
            part_bytes_max: 64 << 20,
            parts_max: 10_000_000,
        }
    }
}

/// The bytes that may still be read until the next part begins.
#[derive(Clone, Debug)]
pub(crate) struct Allowance {
    left: Rc<Cell<u64>>,
    bytes_max: u64,
}

impl Allowance {
    pub(crate) fn new(bytes_max: u64) -> Self {
        Self {
            left: Rc::new(Cell::new(bytes_max)),
            bytes_max,
        }
    }

    /// A new part begins.
    pub(crate) fn renew(&self) {
        self.left.set(self.bytes_max);
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// The same input within this allowance.
    pub(crate) fn bound<R>(&self, source: R) -> Bounded<R> {
        Bounded {
            source,
            allowance: self.clone(),
        }
    }
}

/// Refuses to read on where the allowance is spent.
pub(crate) struct Bounded<R> {
    source: R,
    allowance: Allowance,
}

impl<R: io::Read> io::Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.allowance.left.get();
        if left == 0 {
            return Err(io::Error::other("one part of it is too large"));
        }
        let room = usize::try_from(left).map_or(into.len(), |left| left.min(into.len()));
        let count = self.source.read(into.get_mut(..room).unwrap_or_default())?;
        let taken = u64::try_from(count).unwrap_or(u64::MAX);
        self.allowance.left.set(left.saturating_sub(taken));
        Ok(count)
    }
}
