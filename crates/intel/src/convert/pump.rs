//! Objects on their way, some of them at a time, and events one by one.

use std::ops::ControlFlow;

use formats_misp::full::Event;
use stix::{json::Value, marking::TlpDefinitions};

use super::{Coming, Losses};
use crate::{
    intake::{Batch, Incoming, take},
    model::{Loss, Refusal},
};

/// So many objects are handed on at once.
pub(crate) const BATCH: usize = 1_000;
/// Or so many bytes of them.
const BATCH_BYTES: usize = 8 << 20;

pub(super) struct Pump<'o> {
    on: &'o mut dyn FnMut(Coming) -> ControlFlow<()>,
    batch: Batch,
    bytes: usize,
    place: i64,
    definitions: TlpDefinitions,
    stopped: bool,
    pub(super) losses: Losses,
}

impl<'o> Pump<'o> {
    pub(super) fn new(on: &'o mut dyn FnMut(Coming) -> ControlFlow<()>) -> Self {
        Self {
            on,
            batch: Batch::default(),
            bytes: 0,
            place: 0,
            definitions: TlpDefinitions::default(),
            stopped: false,
            losses: Losses::default(),
        }
    }

    /// Whether nobody listens any more.
    pub(super) const fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Takes an object as it stands.
    pub(super) fn object(&mut self, object: Value<'_>) {
        let taken = take(object, self.place, &mut self.definitions);
        self.put(taken);
    }

    /// Takes an object that was made here and is known by its id alone.
    pub(super) fn made(&mut self, object: Value<'_>) {
        let taken = take(object, self.place, &mut self.definitions);
        self.put(taken.map(|incoming| Incoming {
            is_made: true,
            ..incoming
        }));
    }

    /// Hands on an event, after what came before it.
    pub(super) fn event(&mut self, event: Box<Event>) {
        self.flush();
        if !self.stopped {
            let place = self.place;
            self.place += 1;
            self.stopped = (self.on)(Coming::Event { place, event }).is_break();
        }
    }

    /// Tells of something that cannot be taken.
    pub(super) fn refuse(&mut self, code: &str, detail: String) {
        self.refuse_named("", code, detail);
    }

    /// Tells of something that cannot be taken and has an id.
    pub(super) fn refuse_named(&mut self, id: &str, code: &str, detail: String) {
        let refusal = Refusal {
            place: self.place,
            stix_id: id.chars().take(120).collect(),
            version: String::new(),
            code: code.to_owned(),
            detail,
        };
        self.put(Err(refusal));
    }

    fn put(&mut self, taken: Result<Incoming, Refusal>) {
        if self.stopped {
            return;
        }
        self.place += 1;
        match taken {
            Ok(incoming) => {
                self.bytes += incoming.body.len();
                self.batch.objects.push(incoming);
            }
            Err(refusal) => self.batch.refusals.push(refusal),
        }
        let held = self.batch.objects.len() + self.batch.refusals.len();
        if held >= BATCH || self.bytes >= BATCH_BYTES {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        self.bytes = 0;
        let is_empty = batch.objects.is_empty() && batch.refusals.is_empty();
        if !self.stopped && !is_empty {
            self.stopped = (self.on)(Coming::Batch(batch)).is_break();
        }
    }

    /// Hands on what is left.
    pub(super) fn end(mut self) -> Vec<Loss> {
        self.flush();
        self.losses.into_list()
    }
}
