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
/// of them to the sink, one after the other.
///
/// Threads take turns in reading, each into a buffer of its own, so that a chunk stays in the cache
/// of the core that works on it. The thread that has made what comes next hands it to the sink, with
/// what waits behind it: nobody is woken for that. No more than [`IN_FLIGHT_PER_THREAD`] results a
/// thread are kept. When the sink breaks or fails, reading ends at once, also from a pipe that gives
/// nothing; so it does by [`Progress::end`], but what was read before still reaches the sink. A panic
/// in `work` or in the sink ends the run and goes on in the caller.
///
/// # Errors
///
/// Fails as the sink does, or if the system gives no pipe to wake readers with.
pub fn run<W, R: Send, E: From<io::Error> + Send>(
    inputs: Vec<Input>,
    options: &Options,
    progress: &Arc<Progress>,
    make_worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, &Chunk) -> R + Sync,
    sink: impl FnMut(Event<R>) -> Result<ControlFlow<()>, E> + Send,
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
            is_handed_on: false,
            waiting: 0,
        }),
        has_room: Condvar::new(),
        in_flight_max: super::account::count(threads).saturating_mul(IN_FLIGHT_PER_THREAD),
        sink: Mutex::new(sink),
        failure: Mutex::new(None),
        stop,
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let _leaving = Leaving(&line);
                    line.work(&mut make_worker(), &work);
                })
            })
            .collect();
        for worker in workers {
            if let Err(panicked) = worker.join() {
                panic::resume_unwind(panicked);
            }
        }
    });
    let failure = line.failure.into_inner();
    failure
        .unwrap_or_else(PoisonError::into_inner)
        .map_or(Ok(()), Err)
}

/// Where workers meet.
struct Line<R, S, E> {
    turn: Mutex<Turn>,
    results: Mutex<Results<R>>,
    has_room: Condvar,
    in_flight_max: u64,
    sink: Mutex<S>,
    /// How the sink has failed.
    failure: Mutex<Option<E>>,
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
    /// Whether a thread hands results to the sink; it takes those along that come meanwhile.
    is_handed_on: bool,
    /// Threads that wait for room.
    waiting: usize,
}

impl<R, S, E> Line<R, S, E>
where
    S: FnMut(Event<R>) -> Result<ControlFlow<()>, E>,
{
    fn work<W>(&self, worker: &mut W, work: &impl Fn(&mut W, &Chunk) -> R) {
        let mut chunk = Chunk::new();
        loop {
            let mut turn = lock(&self.turn);
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

    /// Lays a result down and hands on what is next; waits while too many are before it.
    fn put(&self, number: u64, event: Event<R>) {
        let mut results = lock(&self.results);
        while number >= results.next.saturating_add(self.in_flight_max) && !self.stop.is_stopped() {
            results.waiting += 1;
            results = self
                .has_room
                .wait(results)
                .unwrap_or_else(PoisonError::into_inner);
            results.waiting -= 1;
        }
        results.ready.insert(number, event);
        self.hand_on(results);
    }

    /// Gives the sink all that is next, unless another thread does so.
    fn hand_on<'l>(&'l self, mut results: MutexGuard<'l, Results<R>>) {
        if results.is_handed_on {
            return;
        }
        results.is_handed_on = true;
        loop {
            let next = results.next;
            let event = match results.ready.remove(&next) {
                Some(event) if !self.stop.is_stopped() => event,
                _ => {
                    results.is_handed_on = false;
                    return;
                }
            };
            results.next += 1;
            if results.waiting > 0 {
                self.has_room.notify_all();
            }
            drop(results);
            let taken = lock(&self.sink)(event);
            match taken {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => self.stop.stop(),
                Err(error) => {
                    *lock(&self.failure) = Some(error);
                    self.stop.stop();
                }
            }
            results = lock(&self.results);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wakes those who wait when a thread leaves early; one that panics takes all others along.
struct Leaving<'l, R, S, E>(&'l Line<R, S, E>);

impl<R, S, E> Drop for Leaving<'_, R, S, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop.stop();
        }
        if self.0.stop.is_stopped() {
            // Who is about to wait sees it now or is woken.
            drop(lock(&self.0.results));
            self.0.has_room.notify_all();
        }
    }
}
