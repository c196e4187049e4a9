//! Taking jobs and giving them to their handlers.

use std::{collections::HashMap, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use db::{Db, DbError, Tx};
use kernel::{JobId, SharedClock, SharedRng, Timestamp};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{Instrument, error, info_span, warn};

use crate::{
    Holder, Job, JobFailure,
    backoff::{backoff, jittered},
    store,
};

/// How long a job is held without a word from its holder before another process may take it.
const LEASE: Duration = Duration::from_secs(30);
/// How many times a lease is renewed before it would run out.
const RENEWALS: u32 = 3;
/// A handler is stopped after this.
const HANDLER_TIME_MAX: Duration = Duration::from_mins(4);
/// How long the runner waits at most before it looks again: other processes enqueue unheard.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How many jobs run at once.
const RUNNING_MAX: usize = 8;
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
    /// These jobs were taken.
    Took(Vec<Job>),
    /// Nothing is due; when the next one is.
    Next(Option<Timestamp>),
}

/// Takes due jobs and gives each to the handler of its kind. Clones are one holder.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    clock: SharedClock,
    rng: SharedRng,
    handlers: HashMap<&'static str, Handler>,
    holder: Holder,
    lease: Duration,
}

impl Runner {
    /// A runner that knows no kind yet.
    pub fn new(db: Db, clock: SharedClock, rng: SharedRng) -> Self {
        Self {
            holder: Holder::random(rng.as_ref()),
            db,
            clock,
            rng,
            handlers: HashMap::new(),
            lease: LEASE,
        }
    }

    /// The runner with leases of another length.
    #[must_use]
    pub const fn leasing(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// As whom it holds jobs.
    pub const fn holder(&self) -> Holder {
        self.holder
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

    /// Runs until `stop` is cancelled, then lets the jobs under way end. One that takes long keeps no
    /// other waiting.
    pub async fn run(&self, stop: CancellationToken) {
        let due = self.db.due();
        let all = TaskTracker::new();
        all.close();
        while !stop.is_cancelled() {
            due.forget();
            let wait = match self.look(RUNNING_MAX.saturating_sub(all.len())).await {
                Ok(Look::Took(jobs)) if !jobs.is_empty() => {
                    let some = self.begin(jobs, &all);
                    let _elapsed = timeout(LOOK_AGAIN, some.wait()).await;
                    continue;
                }
                // Another process was quicker, or there is no hand free.
                Ok(Look::Took(_) | Look::Next(None)) => LOOK_AGAIN,
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
        all.wait().await;
    }

    /// Runs what is due now, all at once up to a limit, and says how many jobs that was. They end
    /// with the future, as they would with the process.
    pub async fn run_due(&self) -> Result<usize, DbError> {
        Ok(match self.look(RUNNING_MAX).await? {
            Look::Took(jobs) => {
                let (count, mut all) = (jobs.len(), JoinSet::new());
                for job in jobs {
                    all.spawn(self.task(job));
                }
                while all.join_next().await.is_some() {}
                count
            }
            Look::Next(_later) => 0,
        })
    }

    /// Takes what is due, as far as there are hands free.
    async fn look(&self, free: usize) -> Result<Look, DbError> {
        let most = i64::try_from(free).unwrap_or(i64::MAX);
        if most == 0 {
            return Ok(Look::Took(Vec::new()));
        }
        let mut tx = self.db.begin_read().await?;
        let next = store::next_due(&mut tx, self.holder).await?;
        drop(tx);
        if next.is_none_or(|due| due > self.clock.now()) {
            return Ok(Look::Next(next));
        }
        let mut tx = self.db.begin().await?;
        let span = (self.clock.now(), self.lease);
        let jobs = store::take(&mut tx, self.holder, span, most).await?;
        tx.commit().await?;
        Ok(Look::Took(jobs))
    }

    /// Begins jobs. What it gives ends with the last of them.
    fn begin(&self, jobs: Vec<Job>, all: &TaskTracker) -> TaskTracker {
        let some = TaskTracker::new();
        for job in jobs {
            let (work, one) = (self.task(job), some.token());
            all.spawn(async move {
                work.await;
                drop(one);
            });
        }
        some.close();
        some
    }

    /// A job as a task of its own, under a span that names it.
    fn task(&self, job: Job) -> impl Future<Output = ()> + Send + use<> {
        let span = info_span!("job", job.id = %job.id, job.kind = job.kind);
        let runner = self.clone();
        async move { runner.run_one(job).await }.instrument(span)
    }

    async fn run_one(&self, job: Job) {
        let (id, attempts) = (job.id, job.attempts);
        let handled = async {
            match self.handlers.get(job.kind.as_str()) {
                None => Err(JobFailure::Final(format!(
                    "no handler for kind {}",
                    job.kind
                ))),
                Some(handler) => match timeout(HANDLER_TIME_MAX, handler(job)).await {
                    Ok(outcome) => outcome,
                    Err(_elapsed) => Err(JobFailure::Again("took too long".to_owned())),
                },
            }
        };
        let outcome = tokio::select! {
            outcome = handled => outcome,
            () = self.hold(id) => {
                warn!("job {id} is at another process by now, and is left to it");
                return;
            }
        };
        if let Err(error) = self.settle(id, attempts, outcome).await {
            error!(error = %error, "job {id} ended, but the queue cannot write so; it will run again");
        }
    }

    /// Holds a job until it is another's.
    async fn hold(&self, id: JobId) {
        let mut beat = interval(self.lease / RENEWALS);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first one is at once.
        beat.tick().await;
        loop {
            beat.tick().await;
            match self.renew(id).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => warn!(error = %error, "the lease of job {id} cannot be renewed yet"),
            }
        }
    }

    async fn renew(&self, id: JobId) -> Result<bool, DbError> {
        let mut tx = self.db.begin().await?;
        let until = self.clock.now().plus(self.lease);
        let held = store::renew(&mut tx, (self.holder, id), until).await?;
        tx.commit().await?;
        Ok(held)
    }

    async fn settle(
        &self,
        id: JobId,
        attempts: u32,
        outcome: Result<(), JobFailure>,
    ) -> Result<(), DbError> {
        let held = (self.holder, id);
        let mut tx = self.db.begin().await?;
        match outcome {
            Ok(()) => store::done(&mut tx, held).await?,
            Err(JobFailure::Again(why)) if attempts < ATTEMPTS_MAX => {
                self.again(&mut tx, (id, attempts), &why).await?;
            }
            Err(JobFailure::Patient(why)) => self.again(&mut tx, (id, attempts), &why).await?,
            Err(JobFailure::Again(why) | JobFailure::Final(why)) => {
                error!(job.attempts = attempts, "job {id} is given up: {why}");
                store::give_up(&mut tx, held, &cut(&why)).await?;
            }
        }
        tx.commit().await
    }

    async fn again(
        &self,
        tx: &mut Tx,
        (id, attempts): (JobId, u32),
        why: &str,
    ) -> Result<(), DbError> {
        let wait = jittered(backoff(attempts), self.rng.as_ref());
        warn!(
            job.attempts = attempts,
            "job {id} failed and will be tried again: {why}"
        );
        let next = self.clock.now().plus(wait);
        store::again(tx, (self.holder, id), next, &cut(why)).await
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
