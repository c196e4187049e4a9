//! Taking jobs and giving them to their handlers.

use std::{collections::HashMap, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use db::{Db, DbError};
use kernel::{SharedClock, SharedRng, Timestamp};
use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{Instrument, error, info_span, warn};

use crate::{
    Job, JobFailure,
    backoff::{backoff, jittered},
    store,
};

/// How long a handler may take before another process may take its job.
const LEASE: Duration = Duration::from_mins(5);
/// A handler is stopped before its lease runs out, so that no job runs twice at once.
const HANDLER_TIME_MAX: Duration = Duration::from_mins(4);
/// How long the runner waits at most before it looks again: other processes enqueue unheard.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How many jobs run at once.
const RUNNING_MAX: i64 = 8;
/// How often a job is tried before it is a dead letter.
const ATTEMPTS_MAX: u32 = 12;
/// How much of an error is kept.
const ERROR_CHARS_MAX: usize = 500;

/// What a handler's work comes to.
pub type HandlerFuture = Pin<Box<dyn Future<Output = Result<(), JobFailure>> + Send>>;

/// Does the jobs of one kind.
pub type Handler = Arc<dyn Fn(Job) -> HandlerFuture + Send + Sync>;

/// What a look at the queue came to.
enum Look {
    /// So many jobs were run.
    Ran(usize),
    /// Nothing is due; when the next one is.
    Next(Option<Timestamp>),
}

/// Takes due jobs and gives each to the handler of its kind.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    clock: SharedClock,
    rng: SharedRng,
    handlers: HashMap<&'static str, Handler>,
}

impl Runner {
    /// A runner that knows no kind yet.
    pub fn new(db: Db, clock: SharedClock, rng: SharedRng) -> Self {
        Self {
            db,
            clock,
            rng,
            handlers: HashMap::new(),
        }
    }

    /// The runner with a handler for one more kind.
    #[must_use]
    pub fn with<F>(
        mut self,
        kind: &'static str,
        handler: impl Fn(Job) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), JobFailure>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |job| Box::pin(handler(job)));
        self.handlers.insert(kind, handler);
        self
    }

    /// Runs until `stop` is cancelled, then lets the jobs under way end.
    pub async fn run(&self, stop: CancellationToken) {
        let due = self.db.due();
        while !stop.is_cancelled() {
            due.forget();
            let wait = match self.look().await {
                // Another process was quicker.
                Ok(Look::Ran(0) | Look::Next(None)) => LOOK_AGAIN,
                Ok(Look::Ran(_some)) => continue,
                Ok(Look::Next(Some(next))) => {
                    due.found(next);
                    next.since(self.clock.now()).min(LOOK_AGAIN)
                }
                Err(error) => {
                    error!(error = %error, "the queue cannot take jobs from the database");
                    LOOK_AGAIN
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                _elapsed = timeout(wait, due.sooner()) => {}
            }
        }
    }

    /// Runs what is due now, all at once up to a limit, and says how many jobs that was.
    pub async fn run_due(&self) -> Result<usize, DbError> {
        Ok(match self.look().await? {
            Look::Ran(count) => count,
            Look::Next(_later) => 0,
        })
    }

    async fn look(&self) -> Result<Look, DbError> {
        let mut tx = self.db.begin_read().await?;
        let next = store::next_due(&mut tx).await?;
        drop(tx);
        if next.is_none_or(|due| due > self.clock.now()) {
            return Ok(Look::Next(next));
        }
        let mut tx = self.db.begin().await?;
        let jobs = store::take(&mut tx, self.clock.now(), LEASE, RUNNING_MAX).await?;
        tx.commit().await?;
        let count = jobs.len();
        let tasks = TaskTracker::new();
        for job in jobs {
            let span = info_span!("job", job.id = %job.id, job.kind = job.kind);
            let runner = self.clone();
            tasks.spawn(async move { runner.run_one(job).await }.instrument(span));
        }
        tasks.close();
        tasks.wait().await;
        Ok(Look::Ran(count))
    }

    async fn run_one(&self, job: Job) {
        let (id, attempts) = (job.id, job.attempts);
        let outcome = match self.handlers.get(job.kind.as_str()) {
            None => Err(JobFailure::Final(format!(
                "no handler for kind {}",
                job.kind
            ))),
            Some(handler) => match timeout(HANDLER_TIME_MAX, handler(job)).await {
                Ok(outcome) => outcome,
                Err(_elapsed) => Err(JobFailure::Again("took too long".to_owned())),
            },
        };
        if let Err(error) = self.settle(id, attempts, outcome).await {
            error!(error = %error, "job {id} ended, but the queue cannot write so; it will run again");
        }
    }

    async fn settle(
        &self,
        id: kernel::JobId,
        attempts: u32,
        outcome: Result<(), JobFailure>,
    ) -> Result<(), DbError> {
        let mut tx = self.db.begin().await?;
        match outcome {
            Ok(()) => store::done(&mut tx, id).await?,
            Err(JobFailure::Again(why)) if attempts < ATTEMPTS_MAX => {
                let wait = jittered(backoff(attempts), self.rng.as_ref());
                warn!(
                    job.attempts = attempts,
                    "job {id} failed and will be tried again: {why}"
                );
                store::again(&mut tx, id, self.clock.now().plus(wait), &cut(&why)).await?;
            }
            Err(JobFailure::Again(why) | JobFailure::Final(why)) => {
                error!(job.attempts = attempts, "job {id} is given up: {why}");
                store::give_up(&mut tx, id, &cut(&why)).await?;
            }
        }
        tx.commit().await
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("kinds", &self.handlers.keys())
            .finish_non_exhaustive()
    }
}

fn cut(why: &str) -> String {
    why.chars().take(ERROR_CHARS_MAX).collect()
}
