//! What was read a moment ago, for as long as nobody writes.
//!
//! Most requests ask the same few things first: whose key it is, which collection a name stands for.
//! What they read is kept beside the number of transactions that had ended by then. A transaction of
//! this process that ends makes all of it void, so nobody who was told that something has changed
//! sees what was before; what other programs write is seen after a tenth of a second.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use kernel::Timestamp;

/// For how long other programs may write unseen.
const FRESH: Duration = Duration::from_millis(100);
/// How much is kept at once.
const ITEMS_MAX: usize = 4_096;

/// The moment before something was read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Seen {
    writes: u64,
    at: Timestamp,
}

type Item = Arc<dyn Any + Send + Sync>;

/// What is kept, by its type and what it is about.
#[derive(Default)]
pub(crate) struct Memory {
    /// How many transactions that could write have ended.
    writes: AtomicU64,
    items: Mutex<HashMap<(TypeId, String), (Seen, Item)>>,
}

impl Memory {
    pub(crate) fn seen(&self, at: Timestamp) -> Seen {
        let writes = self.writes.load(Ordering::SeqCst);
        Seen { writes, at }
    }

    /// Whether nothing was written since.
    pub(crate) fn is_still(&self, seen: Seen) -> bool {
        // Whoever counts what a request takes does not count what others write beside it.
        #[cfg(any(test, feature = "scratch"))]
        if crate::scratch::is_counted() {
            return true;
        }
        self.writes.load(Ordering::SeqCst) == seen.writes
    }

    /// Says that a transaction that could write has ended, however it did.
    pub(crate) fn written(&self) {
        self.writes.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn recall<T: Any + Send + Sync>(&self, about: &str, now: Seen) -> Option<Arc<T>> {
        #[cfg(any(test, feature = "scratch"))]
        if crate::scratch::is_counted() {
            return None;
        }
        let (seen, item) = {
            let items = self.items();
            items.get(&(TypeId::of::<T>(), about.to_owned()))?.clone()
        };
        let fresh = seen.writes == now.writes && now.at.since(seen.at) < FRESH;
        item.downcast().ok().filter(|_item| fresh)
    }

    pub(crate) fn keep<T: Any + Send + Sync>(&self, about: &str, seen: Seen, item: Arc<T>) {
        if !self.is_still(seen) {
            return;
        }
        let mut items = self.items();
        if items.len() >= ITEMS_MAX {
            items.clear();
        }
        items.insert((TypeId::of::<T>(), about.to_owned()), (seen, item));
    }

    fn items(&self) -> MutexGuard<'_, HashMap<(TypeId, String), (Seen, Item)>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows how much there is, since what is kept may be secret.
impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory")
            .field("writes", &self.writes)
            .field("items", &self.items().len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_micros(millis * 1_000)
    }

    #[test]
    fn what_was_read_is_kept_until_somebody_writes_or_it_is_old() {
        let memory = Memory::default();
        memory.keep("a", memory.seen(at(0)), Arc::new(7_u8));
        let recall = |millis| memory.recall::<u8>("a", memory.seen(at(millis)));
        assert_eq!(recall(99).as_deref(), Some(&7));
        assert_eq!(recall(100), None);
        assert_eq!(memory.recall::<u8>("b", memory.seen(at(0))), None);
        assert_eq!(memory.recall::<u16>("a", memory.seen(at(0))), None);
        memory.written();
        assert_eq!(recall(0), None);
    }

    #[test]
    fn what_was_read_while_somebody_wrote_is_not_kept() {
        let memory = Memory::default();
        let seen = memory.seen(at(0));
        memory.written();
        assert!(!memory.is_still(seen));
        memory.keep("a", seen, Arc::new(7_u8));
        assert_eq!(memory.recall::<u8>("a", memory.seen(at(0))), None);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let memory = Memory::default();
        let seen = memory.seen(at(0));
        for number in 0..=ITEMS_MAX {
            memory.keep(&number.to_string(), seen, Arc::new(()));
        }
        assert_eq!(memory.items().len(), 1);
    }
}
