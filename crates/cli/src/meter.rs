//! How far a search has come, drawn on a terminal.

use std::{
    io::{self, IsTerminal as _},
    sync::Arc,
};

use cli::logs::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// With a known end, and without one.
const TO_AN_END: &str =
    "{msg} {wide_bar} {bytes}/{total_bytes}  {binary_bytes_per_sec}  {eta} left";
const ENDLESS: &str = "{msg} {bytes}  {binary_bytes_per_sec}  {elapsed}";
/// Characters of a name that are shown.
const NAME_CHARS_MAX: usize = 40;

/// A bar that follows what was read.
pub(crate) struct Meter {
    progress: Arc<Progress>,
    bar: ProgressBar,
}

impl Meter {
    /// One that is drawn if it is wanted and standard error is a terminal.
    pub(crate) fn start(progress: &Arc<Progress>, is_wanted: bool) -> Self {
        let target = if is_wanted && io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            progress: Arc::clone(progress),
            bar: ProgressBar::with_draw_target(None, target),
        }
    }

    /// Draws it anew.
    pub(crate) fn update(&self) {
        if self.bar.is_hidden() {
            return;
        }
        let total = self.progress.total();
        if self.bar.length() != total || self.bar.position() == 0 {
            let template = if total.is_some() { TO_AN_END } else { ENDLESS };
            let style = ProgressStyle::with_template(template);
            self.bar
                .set_style(style.unwrap_or_else(|_wrong| ProgressStyle::default_bar()));
            self.bar.set_length(total.unwrap_or(0));
        }
        if let Some(source) = self.progress.current() {
            let name: Vec<char> = source.name.chars().collect();
            let from = name.len().saturating_sub(NAME_CHARS_MAX);
            self.bar
                .set_message(name.into_iter().skip(from).collect::<String>());
        }
        self.bar.set_position(self.progress.consumed());
    }

    /// Does what prints on the terminal, out of the way of the bar.
    pub(crate) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        self.bar.suspend(work)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
