//! Ctrl-C: the search ends, and what it has found until then is printed.

use std::{io, process, sync::Arc, thread};

use cli::logs::Progress;
use server::shutdown::Asked;
use tokio::runtime::Builder;

/// The exit code of a search that was interrupted: 128 and the number of SIGINT, as shells have it.
pub(super) const INTERRUPTED: u8 = 130;

/// Ends the run when a signal asks for it, and the process when a second one does.
pub(super) fn end_by_signal(progress: &Arc<Progress>) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    // From here on signals are heard.
    let mut asked = {
        let _entered = runtime.enter();
        Asked::listen()?
    };
    let progress = Arc::clone(progress);
    thread::spawn(move || {
        runtime.block_on(async {
            asked.to_end().await;
            progress.end();
            asked.to_end().await;
        });
        leave()
    });
    Ok(())
}

#[expect(
    clippy::exit,
    reason = "who asks twice does not wait for what is still printed"
)]
fn leave() -> ! {
    process::exit(i32::from(INTERRUPTED))
}
