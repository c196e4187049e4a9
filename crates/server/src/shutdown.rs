//! The one way in which tasks begin and end: tracked, and told when to stop.

use std::{future::Future, time::Duration};

use tokio::{signal, task::JoinHandle, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

/// How long tasks may take to end after the signal.
const GRACE: Duration = Duration::from_secs(20);

/// Hands out the signal to stop, and waits for every task. Clones share both.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Shutdown {
    /// Nothing runs yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a task that shutdown waits for.
    pub fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.tasks.spawn(task)
    }

    /// The signal that tasks look at.
    pub const fn token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Tells all tasks to stop.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Tells all tasks to stop and waits until they have; true if all did in time.
    pub async fn finish(&self) -> bool {
        self.stop.cancel();
        self.tasks.close();
        let ended = timeout(GRACE, self.tasks.wait()).await.is_ok();
        if !ended {
            warn!(
                tasks.left = self.tasks.len(),
                "some tasks did not end in time"
            );
        }
        ended
    }

    /// Waits for SIGTERM or SIGINT, or for somebody to call [`Shutdown::stop`].
    pub async fn signalled(&self) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            signal = interrupted() => info!("stopping on {signal}"),
        }
        self.stop.cancel();
    }
}

#[cfg(unix)]
async fn interrupted() -> &'static str {
    let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) else {
        return control_c().await;
    };
    tokio::select! {
        _received = terminate.recv() => "SIGTERM",
        name = control_c() => name,
    }
}

#[cfg(not(unix))]
async fn interrupted() -> &'static str {
    control_c().await
}

/// Where no handler can be set, the signal ends the process in the system's own way.
async fn control_c() -> &'static str {
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    "SIGINT"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn finishing_waits_for_tasks_and_tells_them() {
        let shutdown = Shutdown::new();
        let told = shutdown.token().clone();
        let task = shutdown.spawn(async move { told.cancelled().await });
        assert!(shutdown.finish().await);
        assert!(task.is_finished());
    }
}
