//! How many heaps the allocator of the system keeps.
//!
//! The C library of GNU gives up to eight heaps to each processor, and what one thread has freed in its
//! heap is of no use to another: a node that took in some large events kept a quarter more memory than
//! it ever had in use at once. The library reads the number from the environment when a program
//! starts, and from nowhere else that safe code reaches, so the program starts itself again, once.

/// Starts the program again with no more heaps than processors, and two at least, unless somebody has
/// set a number. Where that fails, or another C library is used, it goes on as it is.
pub(crate) fn limit() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    gnu::limit();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod gnu {
    use std::{env, num::NonZero, os::unix::process::CommandExt, process::Command, thread};

    use crate::output;

    const HEAPS: &str = "MALLOC_ARENA_MAX";
    /// Where somebody may have set the same number in a newer way.
    const TUNABLES: &str = "GLIBC_TUNABLES";

    pub(super) fn limit() {
        let is_set = |name: &str| env::var_os(name).is_some();
        let Ok(program) = env::current_exe() else {
            return;
        };
        if is_set(HEAPS) || is_set(TUNABLES) {
            return;
        }
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let mut given = env::args_os();
        let name = given.next().unwrap_or_else(|| program.clone().into());
        let mut again = Command::new(program);
        again.arg0(name).args(given);
        again.env(HEAPS, processors.max(2).to_string());
        // It comes back only where the program could not be started again.
        let error = again.exec();
        output::note(format_args!(
            "the node keeps more memory than it needs: {error}"
        ));
    }
}
