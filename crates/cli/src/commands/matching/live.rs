//! Indicators that are exchanged while a stream is searched.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use super::lists::Sought;

/// How often files are looked at.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// What is looked for now.
#[derive(Debug)]
pub(super) struct Live {
    sought: RwLock<Arc<Sought>>,
    is_over: Mutex<bool>,
    over: Condvar,
}

impl Live {
    pub(super) fn new(sought: Sought) -> Self {
        Self {
            sought: RwLock::new(Arc::new(sought)),
            is_over: Mutex::new(false),
            over: Condvar::new(),
        }
    }

    /// What is looked for now. Who has it keeps it, whatever comes after.
    pub(super) fn current(&self) -> Arc<Sought> {
        let sought = self.sought.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&sought)
    }

    fn exchange(&self, sought: Sought) {
        let mut current = self.sought.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(sought);
    }

    /// Looks at the files until the search is over, and takes what `load` makes of them when they
    /// have changed. What cannot be loaded changes nothing: `load` says so, and is asked again when
    /// the files change again.
    pub(super) fn follow(&self, files: &[PathBuf], mut load: impl FnMut() -> Option<Sought>) {
        let mut known = stamps(files);
        while self.sleep() {
            let now = stamps(files);
            if now == known {
                continue;
            }
            known = now;
            if let Some(sought) = load() {
                self.exchange(sought);
            }
        }
    }

    /// Waits until it is time to look again; false when the search is over.
    fn sleep(&self) -> bool {
        let is_over = self.is_over.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .over
            .wait_timeout_while(is_over, LOOK_INTERVAL, |is_over| !*is_over);
        let (is_over, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !*is_over
    }

    /// Ends [`Live::follow`].
    pub(super) fn end(&self) {
        *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.over.notify_all();
    }
}

/// By what a file is told from the one that was there before.
#[derive(Debug, Eq, PartialEq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    #[cfg(unix)]
    number: u64,
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt as _;
        let metadata = fs::metadata(path).ok()?;
        Some(Self {
            modified: metadata.modified().ok(),
            bytes: metadata.len(),
            #[cfg(unix)]
            number: metadata.ino(),
        })
    }
}

fn stamps(files: &[PathBuf]) -> Vec<Option<Stamp>> {
    files.iter().map(|path| Stamp::of(path)).collect()
}
