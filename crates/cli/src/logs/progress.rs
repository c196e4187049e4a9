//! How far a run has come, and its end before the end.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{
        AtomicBool, AtomicU64,
        Ordering::{Relaxed, SeqCst},
    },
};

use super::{chunk::Source, input::Stop};

/// How far a run has come; another thread may ask at any time, and end it.
#[derive(Debug, Default)]
pub struct Progress {
    consumed: AtomicU64,
    total: AtomicU64,
    is_total_known: AtomicBool,
    lines: AtomicU64,
    bytes: AtomicU64,
    current: Mutex<Option<Arc<Source>>>,
    is_ended: AtomicBool,
    stop: Mutex<Option<Arc<Stop>>>,
}

impl Progress {
    /// Bytes of the inputs read so far: of packed files their packed bytes.
    pub fn consumed(&self) -> u64 {
        self.consumed.load(Relaxed)
    }

    /// Bytes of all inputs; `None` where one is a pipe, or before the run.
    pub fn total(&self) -> Option<u64> {
        let known = self.is_total_known.load(Relaxed);
        known.then(|| self.total.load(Relaxed))
    }

    /// Lines handed to the threads.
    pub fn lines(&self) -> u64 {
        self.lines.load(Relaxed)
    }

    /// Unpacked bytes handed to the threads.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// What is being read.
    pub fn current(&self) -> Option<Arc<Source>> {
        let current = self.current.lock();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the run: nothing more is read, and what was read is worked on and handed on.
    pub fn end(&self) {
        self.is_ended.store(true, SeqCst);
        if let Some(stop) = &*self.stop.lock().unwrap_or_else(PoisonError::into_inner) {
            stop.end_reading();
        }
    }

    /// Whether somebody has asked for the end.
    pub fn is_ended(&self) -> bool {
        self.is_ended.load(SeqCst)
    }

    /// Takes what ends the run that begins.
    pub(super) fn guard(&self, stop: &Arc<Stop>) {
        let mut known = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(Arc::clone(stop));
        if self.is_ended() {
            stop.end_reading();
        }
    }

    pub(super) fn expect(&self, total: Option<u64>) {
        self.total.store(total.unwrap_or(0), Relaxed);
        self.is_total_known.store(total.is_some(), Relaxed);
    }

    pub(super) fn consume(&self, bytes: u64) {
        self.consumed.fetch_add(bytes, Relaxed);
    }

    pub(super) fn hand_on(&self, lines: u64, bytes: u64) {
        self.lines.fetch_add(lines, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
    }

    pub(super) fn begin(&self, source: &Arc<Source>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Arc::clone(source));
    }
}
