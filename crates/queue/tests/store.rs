//! What the queue promises, on both engines.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use db::Db;
use kernel::{JobId, ManualClock, OsRng, PageRequest, SharedRng, Timestamp};
use queue::{
    Holder, Job, JobFailure, QueueError, Runner, Stand, bury, cancel, count_waiting, dead_letters,
    enqueue, find, release, revive, standing,
};
use tokio::{sync::Notify, task::yield_now};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

db::contract! {
    a_job_runs_once_and_is_gone,
    a_job_of_a_dropped_transaction_never_runs,
    a_job_waits_for_its_time,
    a_job_that_nobody_began_can_be_taken_back,
    a_failed_job_is_tried_again_later,
    a_hopeless_job_becomes_a_dead_letter,
    a_dead_letter_can_be_revived_or_buried,
    a_job_of_an_unknown_kind_is_not_lost,
    two_runners_share_without_doubling,
    what_a_dead_process_held_is_taken_up,
    what_a_process_is_known_to_have_left_is_taken_up_at_once,
    a_living_process_holds_its_job_for_as_long_as_it_takes,
    who_lost_a_job_leaves_it_alone,
    a_job_that_takes_long_keeps_no_other_waiting,
    a_payload_has_a_limit,
    where_a_job_stands_is_seen,
    a_patient_job_is_tried_without_a_limit,
}

struct Bench {
    db: Db,
    clock: Arc<ManualClock>,
    rng: SharedRng,
    runs: Arc<AtomicU32>,
}

impl Bench {
    fn new(db: Db) -> Self {
        Self {
            db,
            clock: Arc::new(ManualClock::new(Timestamp::from_micros(1_000_000_000))),
            rng: Arc::new(OsRng),
            runs: Arc::default(),
        }
    }

    fn runner(&self, outcome: fn(&Job) -> Result<(), JobFailure>) -> Runner {
        let runs = Arc::clone(&self.runs);
        let clock: Arc<ManualClock> = Arc::clone(&self.clock);
        Runner::new(self.db.clone(), clock, Arc::clone(&self.rng)).with("count", move |job| {
            runs.fetch_add(1, Ordering::SeqCst);
            let outcome = outcome(&job);
            async move { outcome }
        })
    }

    /// A runner whose jobs begin, say so, and end when they are told to.
    fn slow(&self, lease: Duration) -> (Runner, Arc<Notify>, Arc<Notify>) {
        let (begun, end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, told) = (Arc::clone(&begun), Arc::clone(&end));
        let clock: Arc<ManualClock> = Arc::clone(&self.clock);
        let runner = Runner::new(self.db.clone(), clock, Arc::clone(&self.rng));
        let runner = runner.leasing(lease).with("slow", move |_job| {
            let (tell, told) = (Arc::clone(&tell), Arc::clone(&told));
            async move {
                tell.notify_one();
                told.notified().await;
                Ok(())
            }
        });
        (runner, begun, end)
    }

    /// Who holds the only job, and until when.
    async fn held(&self) -> (Option<String>, Option<i64>) {
        const SQL: &str = "SELECT holder, lease_until FROM job";
        let mut tx = self.db.begin_read().await.unwrap();
        let row: (Option<uuid::Uuid>, Option<i64>) =
            db::query(SQL).fetch_one(&mut tx).await.unwrap();
        (row.0.map(|holder| holder.to_string()), row.1)
    }

    async fn release(&self, holder: Holder) -> u64 {
        let mut tx = self.db.begin().await.unwrap();
        let now = kernel::Clock::now(&*self.clock);
        let released = release(&mut tx, holder, now).await.unwrap();
        tx.commit().await.unwrap();
        released
    }

    async fn put(&self, kind: &str, after: Duration) -> JobId {
        use kernel::Clock;
        let mut tx = self.db.begin().await.unwrap();
        let at = self.clock.now().plus(after);
        let id = enqueue(&mut tx, (&*self.clock, &*self.rng), kind, &7, at)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }

    fn runs(&self) -> u32 {
        self.runs.load(Ordering::SeqCst)
    }

    async fn waiting(&self) -> i64 {
        let mut tx = self.db.begin_read().await.unwrap();
        count_waiting(&mut tx).await.unwrap()
    }

    async fn dead(&self) -> Vec<queue::DeadLetter> {
        let mut tx = self.db.begin_read().await.unwrap();
        dead_letters(&mut tx, PageRequest::default())
            .await
            .unwrap()
            .items
    }
}

async fn a_job_runs_once_and_is_gone(db: Db) {
    let bench = Bench::new(db);
    bench.put("count", Duration::ZERO).await;
    let runner = bench.runner(|job| job.read::<u32>().map(|seven| assert_eq!(seven, 7)));
    assert_eq!(runner.run_due().await.unwrap(), 1);
    assert_eq!(runner.run_due().await.unwrap(), 0);
    assert_eq!((bench.runs(), bench.waiting().await), (1, 0));
}

async fn a_job_of_a_dropped_transaction_never_runs(db: Db) {
    let bench = Bench::new(db);
    let mut tx = bench.db.begin().await.unwrap();
    let clock: &dyn kernel::Clock = &*bench.clock;
    enqueue(&mut tx, (clock, &*bench.rng), "count", &7, clock.now())
        .await
        .unwrap();
    drop(tx);
    assert_eq!(bench.runner(|_job| Ok(())).run_due().await.unwrap(), 0);
}

async fn a_job_waits_for_its_time(db: Db) {
    let bench = Bench::new(db);
    bench.put("count", Duration::from_mins(1)).await;
    let runner = bench.runner(|_job| Ok(()));
    assert_eq!(runner.run_due().await.unwrap(), 0);
    bench.clock.advance(Duration::from_mins(1));
    assert_eq!(runner.run_due().await.unwrap(), 1);
}

async fn a_job_that_nobody_began_can_be_taken_back(db: Db) {
    let bench = Bench::new(db);
    let id = bench.put("count", Duration::ZERO).await;
    let mut tx = bench.db.begin().await.unwrap();
    cancel(&mut tx, id).await.unwrap();
    // Once more does no harm.
    cancel(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(bench.runner(|_job| Ok(())).run_due().await.unwrap(), 0);
    assert_eq!(bench.waiting().await, 0);
}

async fn a_failed_job_is_tried_again_later(db: Db) {
    let bench = Bench::new(db);
    bench.put("count", Duration::ZERO).await;
    let runner = bench.runner(|job| match job.attempts {
        1 => Err(JobFailure::Again("not yet".to_owned())),
        _ => Ok(()),
    });
    runner.run_due().await.unwrap();
    assert_eq!(runner.run_due().await.unwrap(), 0, "it waits");
    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(runner.run_due().await.unwrap(), 1);
    assert_eq!((bench.runs(), bench.waiting().await), (2, 0));
}

async fn a_hopeless_job_becomes_a_dead_letter(db: Db) {
    let bench = Bench::new(db);
    let id = bench.put("count", Duration::ZERO).await;
    let runner = bench.runner(|_job| Err(JobFailure::Again("still down".to_owned())));
    for _ in 0..20 {
        runner.run_due().await.unwrap();
        bench.clock.advance(Duration::from_hours(1));
    }
    let dead = bench.dead().await;
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].id, dead[0].attempts), (id, 12));
    assert_eq!(dead[0].last_error, "still down");
    assert_eq!(bench.runs(), 12);
}

async fn a_dead_letter_can_be_revived_or_buried(db: Db) {
    let bench = Bench::new(db);
    let id = bench.put("count", Duration::ZERO).await;
    let hopeless = bench.runner(|_job| Err(JobFailure::Final("no".to_owned())));
    hopeless.run_due().await.unwrap();
    let mut tx = bench.db.begin().await.unwrap();
    revive(&mut tx, id, kernel::Clock::now(&*bench.clock))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(bench.dead().await.is_empty());
    hopeless.run_due().await.unwrap();
    let mut tx = bench.db.begin().await.unwrap();
    bury(&mut tx, id).await.unwrap();
    let error = bury(&mut tx, id).await.unwrap_err();
    assert!(matches!(error, QueueError::NoDeadLetter { .. }));
    tx.commit().await.unwrap();
    assert_eq!(bench.waiting().await, 0);
}

async fn a_patient_job_is_tried_without_a_limit(db: Db) {
    let bench = Bench::new(db);
    bench.put("count", Duration::ZERO).await;
    let patient = bench.runner(|_job| Err(JobFailure::Patient("away".to_owned())));
    for tries in 1..=30 {
        patient.run_due().await.unwrap();
        bench.clock.advance(Duration::from_hours(1));
        assert_eq!(bench.runs.load(Ordering::SeqCst), tries);
    }
    assert!(bench.dead().await.is_empty());
}

async fn where_a_job_stands_is_seen(db: Db) {
    let bench = Bench::new(db);
    let id = bench.put("count", Duration::ZERO).await;
    let look = async || {
        let mut tx = bench.db.begin_read().await.unwrap();
        let [one] = <[_; 1]>::try_from(standing(&mut tx, "count", 10).await.unwrap()).unwrap();
        assert_eq!(find(&mut tx, id).await.unwrap(), Some(one.clone()));
        (one.stand, one.attempts, one.last_error)
    };
    let next = kernel::Clock::now(&*bench.clock);
    assert_eq!(look().await, (Stand::Waiting { next }, 0, String::new()));
    let busy = bench.runner(|_job| Err(JobFailure::Again("later".to_owned())));
    busy.run_due().await.unwrap();
    let (stand, attempts, error) = look().await;
    assert!(matches!(stand, Stand::Waiting { next: later } if later > next));
    assert_eq!((attempts, error.as_str()), (1, "later"));
    bench.clock.advance(Duration::from_hours(1));
    let hopeless = bench.runner(|_job| Err(JobFailure::Final("no".to_owned())));
    hopeless.run_due().await.unwrap();
    assert_eq!(look().await, (Stand::Dead, 2, "no".to_owned()));
    let mut tx = bench.db.begin().await.unwrap();
    bury(&mut tx, id).await.unwrap();
    assert_eq!(find(&mut tx, id).await.unwrap(), None);
}

async fn a_job_of_an_unknown_kind_is_not_lost(db: Db) {
    let bench = Bench::new(db);
    bench.put("from_a_newer_program", Duration::ZERO).await;
    bench.runner(|_job| Ok(())).run_due().await.unwrap();
    assert_eq!(
        bench.dead().await[0].last_error,
        "no handler for kind from_a_newer_program"
    );
}

async fn two_runners_share_without_doubling(db: Db) {
    let bench = Bench::new(db);
    for _ in 0..30 {
        bench.put("count", Duration::ZERO).await;
    }
    let (one, two) = (bench.runner(|_job| Ok(())), bench.runner(|_job| Ok(())));
    let drain = |runner: Runner| async move { while runner.run_due().await.unwrap() > 0 {} };
    tokio::join!(drain(one), drain(two));
    assert_eq!((bench.runs(), bench.waiting().await), (30, 0));
}

/// A beat of it is one that no test waits for.
const LEASE: Duration = Duration::from_hours(1);

/// Lets a runner begin its job, and then dies.
async fn killed(runner: &Runner, begun: &Notify) {
    tokio::select! {
        _ran = runner.run_due() => unreachable!("it never ends"),
        () = begun.notified() => {}
    }
}

async fn what_a_dead_process_held_is_taken_up(db: Db) {
    let bench = Bench::new(db);
    bench.put("slow", Duration::ZERO).await;
    let (dead, begun, _end) = bench.slow(LEASE);
    killed(&dead, &begun).await;
    let next = bench
        .runner(|_job| Ok(()))
        .with("slow", |_job| async { Ok(()) });
    assert_eq!(next.run_due().await.unwrap(), 0, "it may be alive");
    bench.clock.advance(LEASE);
    assert_eq!(next.run_due().await.unwrap(), 1);
    assert_eq!(bench.waiting().await, 0);
}

async fn what_a_process_is_known_to_have_left_is_taken_up_at_once(db: Db) {
    let bench = Bench::new(db);
    bench.put("slow", Duration::ZERO).await;
    let (dead, begun, _end) = bench.slow(LEASE);
    killed(&dead, &begun).await;
    let next = bench
        .runner(|_job| Ok(()))
        .with("slow", |_job| async { Ok(()) });
    let stranger = Holder::random(&OsRng);
    assert_eq!(bench.release(stranger).await, 0, "others keep theirs");
    assert_eq!(next.run_due().await.unwrap(), 0);
    assert_eq!(bench.release(dead.holder()).await, 1);
    assert_eq!(next.run_due().await.unwrap(), 1);
    assert_eq!(bench.waiting().await, 0);
}

async fn a_living_process_holds_its_job_for_as_long_as_it_takes(db: Db) {
    let bench = Bench::new(db);
    bench.put("slow", Duration::ZERO).await;
    // Its beat is one of real time, the lease one of the clock that the test moves.
    let lease = Duration::from_millis(30);
    let (alive, begun, end) = bench.slow(lease);
    let running = TaskTracker::new().spawn(async move { alive.run_due().await.unwrap() });
    begun.notified().await;
    let other = bench
        .runner(|_job| Ok(()))
        .with("slow", |_job| async { Ok(()) });
    for _ in 0..5 {
        bench.clock.advance(lease / 2);
        let until = kernel::Clock::now(&*bench.clock).plus(lease).as_micros();
        while bench.held().await.1 < Some(until) {
            yield_now().await;
        }
        assert_eq!(other.run_due().await.unwrap(), 0);
    }
    end.notify_one();
    assert_eq!(running.await.unwrap(), 1);
    assert_eq!(bench.waiting().await, 0);
}

async fn who_lost_a_job_leaves_it_alone(db: Db) {
    let bench = Bench::new(db);
    bench.put("slow", Duration::ZERO).await;
    let (slow, begun, end) = bench.slow(LEASE);
    let holder = slow.holder();
    let running = TaskTracker::new().spawn(async move { slow.run_due().await.unwrap() });
    begun.notified().await;
    assert_eq!(bench.release(holder).await, 1);
    let (other, taken, done) = bench.slow(LEASE);
    let second = other.holder().to_string();
    let going = TaskTracker::new().spawn(async move { other.run_due().await.unwrap() });
    taken.notified().await;
    end.notify_one();
    running.await.unwrap();
    assert_eq!(bench.held().await.0, Some(second), "it is the other's");
    done.notify_one();
    going.await.unwrap();
    assert_eq!(bench.waiting().await, 0);
}

async fn a_job_that_takes_long_keeps_no_other_waiting(db: Db) {
    let bench = Bench::new(db);
    bench.put("slow", Duration::ZERO).await;
    let (runner, begun, end) = bench.slow(LEASE);
    let runs = Arc::clone(&bench.runs);
    let runner = runner.with("count", move |_job| {
        runs.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    });
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    let running = TaskTracker::new().spawn(async move { runner.run(stopping).await });
    begun.notified().await;
    bench.put("count", Duration::ZERO).await;
    while bench.runs() == 0 {
        yield_now().await;
    }
    stop.cancel();
    end.notify_one();
    running.await.unwrap();
    assert_eq!(bench.waiting().await, 0);
}

async fn a_payload_has_a_limit(db: Db) {
    let bench = Bench::new(db);
    let mut tx = bench.db.begin().await.unwrap();
    let clock: &dyn kernel::Clock = &*bench.clock;
    let big = "x".repeat(70_000);
    let error = enqueue(&mut tx, (clock, &*bench.rng), "count", &big, clock.now())
        .await
        .unwrap_err();
    assert!(matches!(error, QueueError::PayloadTooLarge { .. }));
}
