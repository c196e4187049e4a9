//! Lists by lines on all cores: blocks of whole lines are read side by side, and what is in them is
//! handed on in their order, as if they had been read one after the other.

use std::{
    collections::BTreeMap,
    io::{self, BufRead},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel, sync_channel},
    },
    thread,
};

use memchr::{memchr, memchr_iter, memrchr};

use super::{ReadError, Report, intake::Intake, kept::Kept, lines::LINE_BYTES_MAX};

/// Bytes of a block, about.
const BLOCK_BYTES: usize = 512 << 10;
/// Blocks that are read and not yet handed on, for each thread.
const IN_FLIGHT_PER_THREAD: usize = 3;

/// Where a block may end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ends {
    /// Behind any line.
    Lines,
    /// Behind a line that leaves no quote open, if there is one soon.
    Rows,
}

/// Whole lines. Of one that is too long there is so much that it is known to be.
struct Block {
    text: Vec<u8>,
    /// Lines before it.
    before: u64,
    number: u64,
}

/// What came of a block.
struct Taken {
    number: u64,
    report: Report,
    kept: Kept,
    ended: Result<(), ReadError>,
}

/// Shows all blocks to `parse`, with the number of the lines before each.
pub(super) fn each_block(
    intake: &mut Intake<'_>,
    input: &mut dyn BufRead,
    ends: Ends,
    parse: impl Fn(&mut Intake<'_>, &mut dyn BufRead, u64) -> Result<(), ReadError> + Sync,
) -> Result<(), ReadError> {
    let mut blocks = Blocks::new(input, ends);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let Some(first) = blocks.next()? else {
        return Ok(());
    };
    if blocks.is_over || threads == 1 {
        let mut next = Some(first);
        while let Some(block) = next {
            parse(intake, &mut &*block.text, block.before)?;
            next = blocks.next()?;
        }
        return Ok(());
    }
    let (options, source, format) = (intake.options, intake.source, intake.report.format);
    let work = &|block: &Block| {
        let mut kept = Kept::default();
        let report = Report::new(source, format);
        let mut inner = Intake::new(options, report, &mut kept, source);
        let ended = parse(&mut inner, &mut &*block.text, block.before);
        Taken {
            number: block.number,
            report: inner.report,
            kept,
            ended,
        }
    };
    let (jobs, waiting) = sync_channel::<Block>(threads);
    let waiting = &Mutex::new(waiting);
    // Whatever ends this ends the jobs, and so those who wait for one.
    thread::scope(move |scope| {
        let (done, results) = channel();
        for _ in 0..threads {
            let done = done.clone();
            scope.spawn(move || take_turns(waiting, &done, work));
        }
        drop(done);
        let mut order = Order {
            results,
            ready: BTreeMap::new(),
            next: 0,
        };
        let mut sent = 0;
        let mut next = Some(first);
        while let Some(block) = next {
            // Nobody waits any more only if one of them has failed, which the results tell.
            let _gone = jobs.send(block);
            sent += 1;
            if sent - order.next >= threads * IN_FLIGHT_PER_THREAD {
                order.hand_on(intake)?;
            }
            next = blocks.next()?;
        }
        drop(jobs);
        while order.next < sent {
            order.hand_on(intake)?;
        }
        Ok(())
    })
}

/// Works on blocks as long as there are any.
fn take_turns(
    waiting: &Mutex<Receiver<Block>>,
    done: &Sender<Taken>,
    work: &impl Fn(&Block) -> Taken,
) {
    loop {
        let turn = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(block) = turn.recv() else {
            return;
        };
        drop(turn);
        if done.send(work(&block)).is_err() {
            return;
        }
    }
}

/// Results in the order of their blocks.
struct Order {
    results: Receiver<Taken>,
    ready: BTreeMap<u64, Taken>,
    next: usize,
}

impl Order {
    /// Hands on what came of the next block, once that is known.
    fn hand_on(&mut self, intake: &mut Intake<'_>) -> Result<(), ReadError> {
        let number = u64::try_from(self.next).unwrap_or(u64::MAX);
        let taken = loop {
            if let Some(taken) = self.ready.remove(&number) {
                break taken;
            }
            // All of them are gone only after a panic, which the scope passes on.
            let Ok(taken) = self.results.recv() else {
                return Err(io::Error::other("a thread has ended").into());
            };
            self.ready.insert(taken.number, taken);
        };
        self.next += 1;
        intake.replay(taken.kept, &taken.report)?;
        taken.ended
    }
}

/// Cuts an input into blocks.
struct Blocks<'i> {
    input: &'i mut dyn BufRead,
    ends: Ends,
    /// The beginning of the next block.
    rest: Vec<u8>,
    /// Whether the last line of `rest` is too long, so that what is left of it is passed over.
    skips: bool,
    before: u64,
    number: u64,
    is_over: bool,
}

impl<'i> Blocks<'i> {
    fn new(input: &'i mut dyn BufRead, ends: Ends) -> Self {
        Self {
            input,
            ends,
            rest: Vec::new(),
            skips: false,
            before: 0,
            number: 0,
            is_over: false,
        }
    }

    fn next(&mut self) -> io::Result<Option<Block>> {
        let mut text = std::mem::take(&mut self.rest);
        while !self.is_over {
            if let Some(end) = self.end(&text) {
                self.rest = text.split_off(end);
                break;
            }
            self.read(&mut text)?;
        }
        if text.is_empty() {
            return Ok(None);
        }
        let block = Block {
            before: self.before,
            number: self.number,
            text,
        };
        let lines = memchr_iter(b'\n', &block.text).count();
        self.before += u64::try_from(lines).unwrap_or(u64::MAX);
        self.number += 1;
        Ok(Some(block))
    }

    /// Where a text that is long enough may end.
    fn end(&self, text: &[u8]) -> Option<usize> {
        if text.len() < BLOCK_BYTES {
            return None;
        }
        let end = memrchr(b'\n', text)? + 1;
        let leaves_open = || {
            let lines = text.get(..end).unwrap_or_default();
            memchr_iter(b'"', lines).count() % 2 == 1
        };
        let waits = self.ends == Ends::Rows && text.len() < 2 * BLOCK_BYTES && leaves_open();
        (!waits).then_some(end)
    }

    fn read(&mut self, text: &mut Vec<u8>) -> io::Result<()> {
        let buffer = self.input.fill_buf()?;
        let taken = buffer.len();
        self.is_over = taken == 0;
        let mut fresh = buffer;
        if self.skips {
            let end = memchr(b'\n', buffer).unwrap_or(taken);
            self.skips = end == taken;
            fresh = buffer.get(end..).unwrap_or_default();
        }
        text.extend_from_slice(fresh);
        self.input.consume(taken);
        let line = memrchr(b'\n', text).map_or(0, |end| end + 1);
        if text.len() > line + LINE_BYTES_MAX + 1 {
            text.truncate(line + LINE_BYTES_MAX + 1);
            self.skips = true;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn blocks(text: &[u8], ends: Ends, buffer_bytes: usize) -> Vec<(u64, Vec<u8>)> {
        let mut input = BufReader::with_capacity(buffer_bytes, text);
        let mut blocks = Blocks::new(&mut input, ends);
        let next = || {
            blocks
                .next()
                .unwrap()
                .map(|block| (block.before, block.text))
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn blocks_are_whole_lines_and_together_all_of_them() {
        let text = b"a line of some length\n".repeat(100_000);
        for buffer_bytes in [100, 8192, 700_000] {
            let blocks = blocks(&text, Ends::Lines, buffer_bytes);
            assert!(blocks.len() > 1);
            let mut before = 0;
            for (count, lines) in &blocks {
                assert_eq!(*count, before);
                assert!(lines.ends_with(b"\n"));
                before += u64::try_from(memchr_iter(b'\n', lines).count()).unwrap();
            }
            let all: Vec<u8> = blocks.into_iter().flat_map(|(_, lines)| lines).collect();
            assert_eq!(all, text);
        }
        assert!(blocks(b"", Ends::Lines, 8).is_empty());
        assert_eq!(blocks(b"a\nb", Ends::Lines, 1), [(0, b"a\nb".to_vec())]);
    }

    #[test]
    fn a_row_is_not_cut_within_its_quotes() {
        let row = b"\"first\nsecond\"\n".to_vec();
        for shift in 0..8 {
            let text = [vec![b'x'; shift], b"\n".to_vec(), row.repeat(60_000)].concat();
            let blocks = blocks(&text, Ends::Rows, 4096);
            assert!(blocks.len() > 1);
            for (_, lines) in blocks {
                assert_eq!(memchr_iter(b'"', &lines).count() % 2, 0);
            }
        }
    }

    #[test]
    fn a_line_without_end_is_not_kept() {
        let mut text = vec![b'x'; 40 << 20];
        text.extend(b"\nshort\n");
        let blocks = blocks(&text, Ends::Lines, 64 << 10);
        let all: Vec<u8> = blocks.into_iter().flat_map(|(_, lines)| lines).collect();
        assert!(all.len() < LINE_BYTES_MAX + 10);
        assert!(all.ends_with(b"x\nshort\n"));
    }
}
