//! Logs: whatever the bytes are, reading them ends, keeps its limits, and gives the same in small
//! steps; what is not packed comes out as it went in.
#![no_main]

use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read},
    ops::ControlFlow,
    sync::Arc,
};

use cli::logs::{Event, Input, Options, Progress, run};
use libfuzzer_sys::fuzz_target;

const CHUNK_BYTES: usize = 4 << 10;
const LINE_BYTES_MAX: usize = 1 << 10;
const UNPACKED_BYTES_MAX: u64 = 8 << 20;

/// Gives a few bytes at a time.
struct Drops(Cursor<Vec<u8>>, usize);

impl Read for Drops {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let some = into.len().min(self.1);
        self.0.read(into.get_mut(..some).unwrap_or_default())
    }
}

/// The bytes of each source, the records in them, and which sources failed.
#[derive(Debug, Default, PartialEq)]
struct Told {
    sources: BTreeMap<String, Vec<u8>>,
    records: u64,
    failed: Vec<String>,
}

fn told(bytes: &[u8], step: usize) -> Told {
    let options = Options {
        threads: 1,
        chunk_bytes: CHUNK_BYTES,
        line_bytes_max: LINE_BYTES_MAX,
        window_bytes_max: 8 << 20,
        unpacked_bytes_max: Some(UNPACKED_BYTES_MAX),
        ..Options::default()
    };
    let mut told = Told::default();
    let progress = Arc::new(Progress::default());
    let reader = Drops(Cursor::new(bytes.to_vec()), step);
    let outcome: Result<(), io::Error> = run(
        vec![Input::reader("in", reader)],
        &options,
        &progress,
        || (),
        |(), chunk| {
            let mut at = chunk.info().offset;
            let mut records = 0;
            for record in chunk.records() {
                assert!(record.offset >= at && record.bytes.len() <= LINE_BYTES_MAX);
                at = record.offset;
                records += 1;
            }
            (chunk.bytes().to_vec(), records)
        },
        |event| {
            match event {
                Event::Done { info, result } => {
                    assert!(result.0.len() <= CHUNK_BYTES.max(LINE_BYTES_MAX + 1));
                    let name = format!("{} {}", info.source.index, info.source.name);
                    told.sources.entry(name).or_default().extend(result.0);
                    told.records += result.1;
                }
                Event::Failed { source, error } => {
                    assert!(!error.to_string().is_empty());
                    told.failed.push(source.name.clone());
                }
            }
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.expect("the sink does not fail");
    told
}

fuzz_target!(|bytes: &[u8]| {
    let whole = told(bytes, usize::MAX);
    let sizes = whole.sources.values().map(Vec::len);
    let size: usize = sizes.sum();
    let most = usize::try_from(UNPACKED_BYTES_MAX).expect("it is small");
    // UTF-16 grows by a half at most.
    assert!(size <= (bytes.len() + most) * 3 / 2 + 3);
    if let Some(text) = whole.sources.get("0 in")
        && whole.failed.is_empty()
        && text.len() == bytes.len()
        && !matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
    {
        assert_eq!(text, bytes);
    }
    let steps = told(bytes, 1 + bytes.len() % 97);
    assert_eq!(steps.failed.is_empty(), whole.failed.is_empty());
    if whole.failed.is_empty() {
        assert_eq!(steps, whole);
    }
});
