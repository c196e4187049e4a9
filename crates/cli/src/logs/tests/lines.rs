//! Lines, and what is cut of them.

use std::sync::Mutex;

use proptest::prelude::*;

use super::*;

/// Line, column, offset and bytes of a record.
type Place = (u64, u64, u64, Vec<u8>);

fn records(reader: impl Read + Send + 'static, options: &Options) -> Vec<Place> {
    let mut all = Vec::new();
    let outcome: Result<(), io::Error> = run(
        vec![Input::reader("in", reader)],
        options,
        &Arc::default(),
        || (),
        |(), chunk| {
            let place = |record: Record<'_>| {
                let Record {
                    line,
                    column,
                    offset,
                    bytes,
                } = record;
                (line, column, offset, bytes.to_vec())
            };
            chunk.records().map(place).collect::<Vec<_>>()
        },
        |event| {
            let Event::Done { result, info } = event else {
                panic!("nothing can fail");
            };
            let begun = result.iter().filter(|record| record.1 == 0).count();
            assert_eq!(info.lines, begun as u64);
            all.extend(result);
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.unwrap();
    all
}

/// The same, without chunks and threads.
fn naive(text: &[u8], line_bytes_max: usize) -> Vec<Place> {
    let mut all = Vec::new();
    let mut offset = 0;
    for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let (mut bare, is_ended) = match line.split_last() {
            Some((b'\n', bare)) => (bare, true),
            _ => (line, false),
        };
        let mut column = 0;
        while bare.len() > line_bytes_max {
            let last = bare[..line_bytes_max]
                .iter()
                .rposition(|byte| b" \",\r".contains(byte));
            let (piece, rest) = bare.split_at(last.map_or(line_bytes_max, |last| last + 1));
            all.push((
                number as u64 + 1,
                column as u64,
                (offset + column) as u64,
                piece.to_vec(),
            ));
            column += piece.len();
            bare = rest;
        }
        if column == 0 || !bare.is_empty() {
            let bytes = match bare.strip_suffix(b"\r") {
                Some(bytes) if is_ended => bytes,
                _ => bare,
            };
            all.push((
                number as u64 + 1,
                column as u64,
                (offset + column) as u64,
                bytes.to_vec(),
            ));
        }
        offset += line.len();
    }
    all
}

proptest! {
    #[test]
    fn records_are_the_same_however_they_are_read(
        lines in prop::collection::vec("[a ,\r\u{0}\"é]{0,60}", 0..60),
        is_ended in any::<bool>(),
        chunk_bytes in 1_usize..300,
        line_bytes_max in 1_usize..50,
        step in 1_usize..100,
        threads in 1_usize..=8,
    ) {
        let mut text = lines.join("\n").into_bytes();
        if is_ended {
            text.push(b'\n');
        }
        // No mark of anything stands at the start.
        text.insert(0, b'-');
        let options = Options { threads, chunk_bytes, line_bytes_max, ..Options::default() };
        let found = records(Drops(Cursor::new(text.clone()), step), &options);
        prop_assert_eq!(found, naive(&text, line_bytes_max));
        let packed = records(Drops(Cursor::new(gzip(&text)), step), &options);
        prop_assert_eq!(packed, naive(&text, line_bytes_max));
    }
}

#[test]
fn a_line_of_a_gigabyte_is_searched_in_bounded_memory() {
    const BYTES: u64 = 1 << 30;
    let largest = Mutex::new(0);
    let mut found = (0, 0, 0);
    let outcome: Result<(), io::Error> = run(
        vec![Input::reader("in", Words(0).take(BYTES))],
        &Options {
            threads: 2,
            ..Options::default()
        },
        &Arc::default(),
        || (),
        |(), chunk| {
            let mut largest = largest.lock().unwrap();
            *largest = chunk.buffer.capacity().max(*largest);
            let records = chunk.records();
            let broken = records.filter(|record| record.bytes.first() != Some(&b'a'));
            (chunk.records().count(), broken.count())
        },
        |event| {
            let Event::Done { info, result } = event else {
                panic!("nothing can fail");
            };
            assert_eq!(
                (info.first_line, info.column, info.offset),
                (1, found.0, found.0)
            );
            found = (found.0 + info.bytes, found.1 + result.0, found.2 + result.1);
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.unwrap();
    let pieces = usize::try_from(BYTES).unwrap().div_ceil(LINE_BYTES_MAX);
    assert_eq!((found.0, found.2), (BYTES, 0));
    assert!((pieces..=pieces + 1).contains(&found.1), "{}", found.1);
    assert!(*largest.lock().unwrap() <= LINE_BYTES_MAX + 1);
}

/// Words of 63 letters, each beginning with an `a`, for ever.
struct Words(usize);

impl Read for Words {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        const WORD: &[u8; 64] = b"abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb ";
        let mut filled = 0;
        while filled < into.len() {
            let part = &WORD[self.0..];
            let count = part.len().min(into.len() - filled);
            into[filled..filled + count].copy_from_slice(&part[..count]);
            filled += count;
            self.0 = (self.0 + count) % WORD.len();
        }
        Ok(filled)
    }
}

#[test]
fn the_last_line_may_lack_its_end_and_others_may_be_empty() {
    let found = records(&b"one\n\r\n\n\0\xff last"[..], &Options::default());
    let bytes: Vec<_> = found.iter().map(|record| &*record.3).collect();
    assert_eq!(bytes, [&b"one"[..], b"", b"", b"\0\xff last"]);
    let places: Vec<_> = found.iter().map(|record| (record.0, record.2)).collect();
    assert_eq!(places, [(1, 0), (2, 4), (3, 6), (4, 7)]);
}

#[test]
fn a_line_without_a_place_to_cut_is_cut_at_the_limit() {
    let line = vec![b'x'; 200_000];
    let options = Options {
        line_bytes_max: 70_000,
        ..Options::default()
    };
    let found = records(Cursor::new(line.clone()), &options);
    let places: Vec<_> = found.iter().map(|record| (record.0, record.1)).collect();
    assert_eq!(places, [(1, 0), (1, 70_000), (1, 140_000)]);
    // A separator before the last bytes that are searched is not looked for.
    let mut line = line;
    line[4_000] = b' ';
    line[80_000] = b' ';
    let found = records(Cursor::new(line), &options);
    let places: Vec<_> = found.iter().map(|record| record.1).collect();
    assert_eq!(places, [0, 70_000, 80_001, 150_001]);
}
