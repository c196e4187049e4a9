//! Looking up several hashes at once: the memory is asked for all before one is read.

use super::Scanner;

/// So many wait at most.
const PROBES_MAX: usize = 128;

/// A hash that is to be looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    hash: u64,
    of: Of,
}

/// What has the hash.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    /// A run of letters and digits.
    Word { start: usize, end: usize },
    /// The host of a URL; its colon.
    Host { colon: usize },
    /// The same where slashes are escaped; the last backslash among them.
    EscapedHost { slash: usize },
}

impl Scanner<'_> {
    #[inline]
    pub(super) fn look_up(&mut self, hash: u64, of: Of) {
        self.tables.table.prefetch(hash);
        self.probes.push(Probe { hash, of });
        if self.probes.len() >= PROBES_MAX {
            self.look_up_all();
        }
    }

    pub(super) fn look_up_all(&mut self) {
        for at in 0..self.probes.len() {
            if let Some(&Probe { hash, of }) = self.probes.get(at)
                && self.tables.table.may_have(hash)
            {
                self.read_probe(hash, of);
            }
        }
        self.probes.clear();
    }

    #[cold]
    fn read_probe(&mut self, hash: u64, of: Of) {
        match of {
            Of::Word { start, end } => self.report_word(hash, start, end),
            Of::Host { colon } => self.url(colon),
            Of::EscapedHost { slash } => self.slashes.push(slash),
        }
    }
}
