//! The one way in which tasks begin and end: tracked, and told when to stop.

use std::{future::Future, io, time::Duration};

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

    /// Waits until the process is asked to end, or somebody calls [`Shutdown::stop`].
    pub async fn signalled(&self, asked: &mut Asked) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            signal = asked.to_end() => info!("stopping on {signal}"),
        }
        self.stop.cancel();
    }
}

/// Hears SIGTERM and SIGINT from the moment it is made. Until then a signal ends the process at
/// once, so it is made before anybody is told that the node is there.
#[derive(Debug)]
pub struct Asked {
    interrupt: Hearing,
    #[cfg(unix)]
    terminate: Hearing,
}

#[cfg(unix)]
type Hearing = signal::unix::Signal;
#[cfg(windows)]
type Hearing = signal::windows::CtrlC;

impl Asked {
    /// Begins to listen.
    #[cfg(unix)]
    pub fn listen() -> io::Result<Self> {
        use signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Begins to listen.
    #[cfg(windows)]
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal::windows::ctrl_c()?,
        })
    }

    /// Waits for a signal and gives its name. One that came since [`Asked::listen`] counts.
    #[cfg(unix)]
    pub async fn to_end(&mut self) -> &'static str {
        tokio::select! {
            _received = self.terminate.recv() => "SIGTERM",
            _received = self.interrupt.recv() => "SIGINT",
        }
    }

    /// Waits for Ctrl-C and gives its name. One that came since [`Asked::listen`] counts.
    #[cfg(windows)]
    pub async fn to_end(&mut self) -> &'static str {
        self.interrupt.recv().await;
        "SIGINT"
    }
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

    #[cfg(unix)]
    #[tokio::test]
    async fn a_signal_before_anybody_waits_is_heard() {
        let mut asked = Asked::listen().unwrap();
        let pid = std::process::id().to_string();
        let mut kill = tokio::process::Command::new("kill");
        let sent = kill.args(["-TERM", &pid]).status().await.unwrap();
        assert!(sent.success());
        assert_eq!(asked.to_end().await, "SIGTERM");
    }
}
