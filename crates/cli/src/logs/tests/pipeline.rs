//! Threads, order, and ends before the end.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    panic,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};

use rustix::fs::{CWD, Mode, mkfifoat};

use super::*;

const FOR_EVER: Duration = Duration::from_mins(1);

fn small(threads: usize) -> Options {
    Options {
        threads,
        chunk_bytes: 64,
        line_bytes_max: 64,
        ..Options::default()
    }
}

fn pipe(folder: &Path) -> PathBuf {
    let path = folder.join("pipe");
    mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
    path
}

#[test]
fn results_come_in_order_and_few_are_kept() {
    for threads in [1, 3, 8] {
        let (made, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut expected = 0;
        let outcome: Result<(), io::Error> = run(
            vec![Input::reader("in", Cursor::new(numbers()))],
            &small(threads),
            &Arc::default(),
            || (),
            |(), chunk| {
                // Between the two, others may be made and taken as well.
                let before = made.fetch_add(1, SeqCst);
                let before = before.saturating_sub(taken.load(SeqCst));
                assert!(before <= threads * 5 + 1, "{before}");
                chunk.info().offset
            },
            |event| {
                let Event::Done { info, result } = event else {
                    panic!("nothing can fail");
                };
                assert_eq!((info.offset, result), (expected, expected));
                expected += info.bytes;
                taken.fetch_add(1, SeqCst);
                Ok(ControlFlow::Continue(()))
            },
        );
        outcome.unwrap();
        assert_eq!(expected, numbers().len() as u64);
    }
}

#[test]
fn a_run_that_is_ended_hands_on_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = pipe(folder.path());
    let mut writer = OpenOptions::new()
        .read(true)
        .write(true)
        .open(&path)
        .unwrap();
    fs::write(folder.path().join("a"), numbers()).unwrap();
    let progress = Arc::new(Progress::default());
    let text = numbers();
    // In the middle of a file, and in a pipe that gives no more.
    for name in ["a", "pipe"] {
        writer.write_all(b"first\nsecond\nthi").unwrap();
        let mut read = Vec::new();
        let progress = if name == "a" {
            Arc::default()
        } else {
            Arc::clone(&progress)
        };
        let outcome: Result<(), io::Error> = run(
            vec![Input::path(&folder.path().join(name)), Input::path(&path)],
            &small(3),
            &progress,
            || (),
            |(), chunk| chunk.bytes().to_vec(),
            |event| {
                progress.end();
                let Event::Done { result, .. } = event else {
                    panic!("nothing can fail");
                };
                read.extend(result);
                Ok(ControlFlow::Continue(()))
            },
        );
        outcome.unwrap();
        assert!(progress.is_ended());
        match name {
            "a" => assert!(!read.is_empty() && read.len() < text.len() && text.starts_with(&read)),
            _ => assert!(read.starts_with(b"first\n"), "{read:?}"),
        }
        assert_eq!(progress.bytes(), read.len() as u64, "all that was read");
    }
    let nothing = run(
        vec![Input::path(&folder.path().join("a"))],
        &small(1),
        &progress,
        || (),
        |(), _| (),
        |_| -> Result<ControlFlow<()>, io::Error> { panic!("it was ended before") },
    );
    nothing.unwrap();
}

#[test]
fn failures_stand_in_their_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "a\n").unwrap();
    fs::write(folder.path().join("c"), "c\n").unwrap();
    let names = ["a", "b", "c"].map(|name| folder.path().join(name).into());
    let mut events = Vec::new();
    let outcome: Result<(), io::Error> = run(
        find(&names),
        &small(4),
        &Arc::default(),
        || (),
        |(), chunk| chunk.bytes().to_vec(),
        |event| {
            events.push(match event {
                Event::Done { info, result } => (info.source.index, Some(result)),
                Event::Failed { source, .. } => (source.index, None),
            });
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.unwrap();
    let line = |text: &str| Some(text.as_bytes().to_vec());
    assert_eq!(events, [(0, line("a\n")), (1, None), (2, line("c\n"))]);
}

#[test]
fn the_first_line_of_a_pipe_comes_before_the_second_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = pipe(folder.path());
    let (seen, wait) = mpsc::channel();
    let write = {
        let path = path.clone();
        move || {
            let mut pipe = OpenOptions::new().write(true).open(path).unwrap();
            for line in ["first\nsec", "ond\n", "third"] {
                pipe.write_all(line.as_bytes()).unwrap();
                if line != "third" {
                    wait.recv_timeout(FOR_EVER).unwrap();
                }
            }
        }
    };
    let writer = thread::spawn(write);
    let mut lines = Vec::new();
    let outcome: Result<(), io::Error> = run(
        find(&[path.into()]),
        &Options::default(),
        &Arc::default(),
        || (),
        |(), chunk| chunk.bytes().to_vec(),
        |event| {
            let Event::Done { result, .. } = event else {
                panic!("nothing can fail");
            };
            lines.push(String::from_utf8(result).unwrap());
            let _is_over = seen.send(());
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.unwrap();
    writer.join().unwrap();
    assert_eq!(lines, ["first\n", "second\n", "third"]);
}

#[test]
fn a_run_ends_early_though_a_pipe_is_silent() {
    let folder = tempfile::tempdir().unwrap();
    let path = pipe(folder.path());
    // Held open for reading and writing, it never ends.
    let mut silent = File::options().read(true).write(true).open(&path).unwrap();
    silent.write_all(b"only\n").unwrap();
    let outcome: Result<(), io::Error> = run(
        find(&[path.into()]),
        &Options::default(),
        &Arc::default(),
        || (),
        |(), _| (),
        |_| Ok(ControlFlow::Break(())),
    );
    outcome.unwrap();
    drop(silent);
}

#[test]
fn a_failing_sink_ends_the_run_with_its_error() {
    let outcome = run(
        vec![Input::reader("in", Words)],
        &small(3),
        &Arc::default(),
        || (),
        |(), _| (),
        |_| Err(io::Error::other("the disk is full")),
    );
    assert_eq!(outcome.unwrap_err().to_string(), "the disk is full");
}

/// Lines for ever.
struct Words;

impl Read for Words {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        (&b"word\n"[..]).read(into)
    }
}

#[test]
fn a_panic_of_the_work_is_one_of_the_run() {
    let outcome = panic::catch_unwind(|| {
        run::<_, _, io::Error>(
            vec![Input::reader("in", Words)],
            &small(4),
            &Arc::default(),
            || (),
            |(), chunk| assert!(chunk.info().offset < 100, "the work has failed"),
            |_| Ok(ControlFlow::Continue(())),
        )
    });
    let said = outcome.unwrap_err();
    assert_eq!(said.downcast_ref(), Some(&"the work has failed"));
}

#[test]
fn a_panic_of_the_sink_is_one_of_the_run() {
    let outcome = panic::catch_unwind(|| {
        let mut taken = 0;
        run::<_, _, io::Error>(
            vec![Input::reader("in", Words)],
            &small(4),
            &Arc::default(),
            || (),
            |(), _| (),
            |_| {
                taken += 1;
                assert!(taken < 10, "the sink has failed");
                Ok(ControlFlow::Continue(()))
            },
        )
    });
    let said = outcome.unwrap_err();
    assert_eq!(said.downcast_ref(), Some(&"the sink has failed"));
}

#[test]
fn others_work_on_while_the_sink_is_slow_and_nothing_comes_behind_its_end() {
    let (seen, wait) = mpsc::channel();
    let taken = AtomicUsize::new(0);
    let count = &taken;
    let outcome: Result<(), io::Error> = run(
        vec![Input::reader("in", Words)],
        &small(3),
        &Arc::default(),
        || (),
        move |(), chunk| {
            let _is_over = seen.send(chunk.info().offset);
        },
        move |_| {
            if count.fetch_add(1, SeqCst) > 0 {
                return Ok(ControlFlow::Break(()));
            }
            // Two threads are left, and go on until what they have made fills the room.
            for _ in 0..8 {
                wait.recv_timeout(FOR_EVER).unwrap();
            }
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.unwrap();
    assert_eq!(
        taken.into_inner(),
        2,
        "what was made behind the end is let go"
    );
}

#[test]
fn each_thread_has_one_worker() {
    let made = AtomicUsize::new(0);
    let outcome: Result<(), io::Error> = run(
        vec![Input::reader("in", Cursor::new(numbers()))],
        &small(3),
        &Arc::default(),
        || made.fetch_add(1, SeqCst),
        |worker, _| *worker,
        |event| {
            assert!(matches!(event, Event::Done { result: 0..3, .. }));
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.unwrap();
    assert_eq!(made.into_inner(), 3);
}

/// Reads a file of lines that the sink changes at the first chunk.
fn read_while(change: impl Fn(&Path) + Sync) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, numbers()).unwrap();
    let mut read = Vec::new();
    let outcome: Result<(), io::Error> = run(
        find(&[path.clone().into()]),
        &small(2),
        &Arc::default(),
        || (),
        |(), chunk| chunk.bytes().to_vec(),
        |event| {
            let Event::Done { result, .. } = event else {
                panic!("nothing can fail");
            };
            if read.is_empty() {
                change(&path);
            }
            read.extend(result);
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.unwrap();
    read
}

#[test]
fn a_file_that_grows_is_read_to_the_end_that_is_met() {
    let read = read_while(|path| {
        let mut file = OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(b"appended\n").unwrap();
    });
    let grown = [&*numbers(), b"appended\n"].concat();
    assert!(read == grown);
}

#[test]
fn a_file_that_shrinks_ends_there() {
    let read = read_while(|path| {
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(0).unwrap();
    });
    assert!(read.len() < numbers().len() && numbers().starts_with(&read));
}
