//! How many statements the database is asked.

use std::sync::{
    Once,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Mutex;
use tracing::{
    Event, Metadata, Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::{Interest, set_global_default},
};

/// The count is of the whole process: tests that count take turns.
pub(crate) static ALONE: Mutex<()> = Mutex::const_new(());
static STATEMENTS: AtomicUsize = AtomicUsize::new(0);
static BEGUN: Once = Once::new();

/// Counts from here on.
pub(crate) fn begin() {
    BEGUN.call_once(|| set_global_default(Counting).unwrap());
}

/// How many there were.
pub(crate) fn statements() -> usize {
    STATEMENTS.load(Ordering::SeqCst)
}

struct Counting;

impl Subscriber for Counting {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, _event: &Event<'_>) {
        STATEMENTS.fetch_add(1, Ordering::SeqCst);
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}
