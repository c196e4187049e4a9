//! Which ledgers there are.

use std::fmt;

/// A ledger of the node.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Log {
    /// Envelopes of real traffic: sent, received, refused. Receipts come from here.
    Exchange,
    /// Every local act that counts, of both modes; for auditors.
    Acts,
    /// Envelopes of exercises.
    Exercise,
}

impl Log {
    /// All ledgers.
    pub const ALL: [Self; 3] = [Self::Exchange, Self::Acts, Self::Exercise];

    /// The ledger that holds the envelopes of a mode.
    pub const fn of(mode: kernel::Mode) -> Self {
        match mode {
            kernel::Mode::Real => Self::Exchange,
            kernel::Mode::Exercise => Self::Exercise,
        }
    }

    /// `exchange`, `acts` or `exercise`: the last part of the ledger's origin.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::Acts => "acts",
            Self::Exercise => "exercise",
        }
    }

    /// The number in an epoch, which never changes.
    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Exchange => 0,
            Self::Acts => 1,
            Self::Exercise => 2,
        }
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Numbers that one epoch of all ledgers takes; one is left for a ledger to come.
const NUMBERS_AN_EPOCH: i64 = 4;

/// Bits of a leaf's id that are its index.
const INDEX_BITS: u32 = 40;

/// A ledger in one epoch, as rows name it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Number(i64);

impl Number {
    pub(crate) const fn new(log: Log, epoch: u32) -> Self {
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_wrap,
            reason = "in a const, of numbers below 2^32"
        )]
        Self(epoch as i64 * NUMBERS_AN_EPOCH + log.place() as i64)
    }

    /// The number as rows hold it.
    pub(crate) const fn get(self) -> i64 {
        self.0
    }

    /// The log and epoch of a row's number.
    pub(crate) fn split(number: i64) -> Option<(Log, u32)> {
        let place = usize::try_from(number.rem_euclid(NUMBERS_AN_EPOCH)).ok()?;
        let epoch = u32::try_from(number.div_euclid(NUMBERS_AN_EPOCH)).ok()?;
        Some((*Log::ALL.get(place)?, epoch))
    }

    /// The id of the leaf with this index.
    pub(crate) fn id(self, index: u64) -> i64 {
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        (self.0 << INDEX_BITS).saturating_add(index.min(1 << INDEX_BITS))
    }

    /// The id after the last one that a leaf of this ledger can have.
    pub(crate) const fn end(self) -> i64 {
        (self.0 + 1) << INDEX_BITS
    }

    /// The index of the leaf with this id.
    pub(crate) fn index(self, id: i64) -> u64 {
        u64::try_from(id - (self.0 << INDEX_BITS)).unwrap_or_default()
    }

    /// The ledger and epoch of the leaf with this id.
    pub(crate) const fn of_id(id: i64) -> Self {
        Self(id >> INDEX_BITS)
    }

    /// The index of the leaf with this id, whatever its ledger and epoch.
    pub(crate) const fn index_of(id: i64) -> u64 {
        (id & ((1 << INDEX_BITS) - 1)).cast_unsigned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ids_lead_back() {
        for log in Log::ALL {
            for epoch in [0, 1, 70_000] {
                let number = Number::new(log, epoch);
                assert_eq!(Number::split(number.get()), Some((log, epoch)));
                assert_eq!(number.index(number.id(123_456_789_012)), 123_456_789_012);
                assert!(number.id((1 << 40) - 1) < number.end());
                assert_eq!(Number::of_id(number.id(123_456_789_012)), number);
                assert_eq!(number.id(u64::MAX), number.end());
            }
        }
        assert_eq!(Number::split(3), None);
        assert_eq!(Number::split(-4), None);
    }
}
