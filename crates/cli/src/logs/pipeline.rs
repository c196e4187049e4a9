//! Threads that work on chunks, and results in the order of the input.

use std::{
    collections::BTreeMap,
    io,
    ops::ControlFlow,
    panic,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::{
    Options,
    chunk::{Chunk, ChunkInfo, Source},
    error::LogError,
    input::{Input, Stop},
    progress::Progress,
    walk::{Step, Walk},
};

/// Results of one thread that wait for those before them.
pub const IN_FLIGHT_PER_THREAD: u64 = 4;

/// What the sink is given, in the order of the input.
#[derive(Debug)]
pub enum Event<R> {
    /// What the work made of a chunk.
    Done {
        /// Where the chunk stands.
        info: ChunkInfo,
        /// The result.
        result: R,
    },
    /// An input or a member of an archive ends here before its end; the next one follows.
    Failed {
        /// What failed.
        source: Arc<Source>,
        /// Why.
        error: LogError,
    },
}

/// Reads the inputs, lets `options.threads` threads work on their chunks, and hands what they make
/// of them to the sink, on the calling thread.
///
/// Threads take turns in reading, each into a buffer of its own, so that a chunk stays in the cache
/// of the core that works on it. No more than [`IN_FLIGHT_PER_THREAD`] results a thread are kept.
/// When the sink breaks or fails, reading ends at once, also from a pipe that gives nothing; so it
/// does by [`Progress::end`], but what was read before still reaches the sink. A panic in `work` ends
/// the run and goes on in the caller.
///
/// # Errors
///
/// Fails as the sink does, or if the system gives no pipe to wake readers with.
pub fn run<W, R: Send, E: From<io::Error>>(
    inputs: Vec<Input>,
    options: &Options,
    progress: &Arc<Progress>,
    make_worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, &Chunk) -> R + Sync,
    mut sink: impl FnMut(Event<R>) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    let stop = Arc::new(Stop::new()?);
    progress.guard(&stop);
    let threads = options.threads.max(1);
    let line = Line {
        turn: Mutex::new(Turn {
            walk: Walk::new(inputs, options, progress, &stop),
            taken: 0,
        }),
        results: Mutex::new(Results {
            ready: BTreeMap::new(),
            next: 0,
            workers: threads,
        }),
        changed: Condvar::new(),
        in_flight_max: super::account::count(threads).saturating_mul(IN_FLIGHT_PER_THREAD),
        stop,
    };
    thread::scope(|scope| {
        let ending = Ending(&line);
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let _leaving = Leaving(&line);
                    line.work(&mut make_worker(), &work);
                })
            })
            .collect();
        let mut outcome = Ok(());
        while let Some(event) = line.take() {
            match sink(event) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => break,
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        drop(ending);
        for worker in workers {
            if let Err(panicked) = worker.join() {
                panic::resume_unwind(panicked);
            }
        }
        outcome
    })
}

/// Where workers and the sink meet.
struct Line<R> {
    turn: Mutex<Turn>,
    results: Mutex<Results<R>>,
    changed: Condvar,
    in_flight_max: u64,
    stop: Arc<Stop>,
}

/// Who holds it reads.
struct Turn {
    walk: Walk,
    taken: u64,
}

struct Results<R> {
    ready: BTreeMap<u64, Event<R>>,
    /// The number of the result that the sink is given next.
    next: u64,
    workers: usize,
}

impl<R> Line<R> {
    fn work<W>(&self, worker: &mut W, work: &impl Fn(&mut W, &Chunk) -> R) {
        let mut chunk = Chunk::new();
        loop {
            let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            if self.stop.is_stopped() {
                return;
            }
            let step = turn.walk.next(&mut chunk);
            let number = turn.taken;
            turn.taken += 1;
            drop(turn);
            let event = match step {
                Step::End => return,
                Step::Failed(source, error) => Event::Failed { source, error },
                Step::Chunk => Event::Done {
                    result: work(worker, &chunk),
                    info: chunk.info().clone(),
                },
            };
            self.put(number, event);
        }
    }

    /// Hands a result over; waits while too many are before it.
    fn put(&self, number: u64, event: Event<R>) {
        let mut results = self.results();
        while number >= results.next.saturating_add(self.in_flight_max) && !self.stop.is_stopped() {
            results = self.wait(results);
        }
        let is_next = number == results.next;
        results.ready.insert(number, event);
        drop(results);
        if is_next {
            self.changed.notify_all();
        }
    }

    /// The next result; none when all workers have left.
    fn take(&self) -> Option<Event<R>> {
        let mut results = self.results();
        loop {
            let next = results.next;
            if let Some(event) = results.ready.remove(&next) {
                results.next += 1;
                // Somebody may wait for room.
                self.changed.notify_all();
                return Some(event);
            }
            if results.workers == 0 || self.stop.is_stopped() {
                return None;
            }
            results = self.wait(results);
        }
    }

    fn results(&self) -> MutexGuard<'_, Results<R>> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'g>(&self, results: MutexGuard<'g, Results<R>>) -> MutexGuard<'g, Results<R>> {
        let woken = self.changed.wait(results);
        woken.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the run when the sink has ended, in whichever way.
struct Ending<'l, R>(&'l Line<R>);

impl<R> Drop for Ending<'_, R> {
    fn drop(&mut self) {
        self.0.stop.stop();
        // Who is about to wait sees it now or is woken.
        drop(self.0.results());
        self.0.changed.notify_all();
    }
}

/// Tells the sink that a worker has left; one that panics takes all others along.
struct Leaving<'l, R>(&'l Line<R>);

impl<R> Drop for Leaving<'_, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop.stop();
        }
        self.0.results().workers -= 1;
        self.0.changed.notify_all();
    }
}
