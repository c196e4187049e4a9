//! What the tests of logs have in common: everything is read through [`run`].
#![expect(
    clippy::as_conversions,
    clippy::string_slice,
    reason = "test code: a surprise ends the test"
)]

mod archives;
mod find;
mod limits;
mod lines;
mod names;
mod pipeline;
mod real;
mod time;
mod unpack;

use std::{
    collections::BTreeMap,
    error::Error,
    io::{self, Cursor, Read},
    ops::ControlFlow,
    sync::Arc,
};

use super::*;

/// What a run gave.
#[derive(Debug, Default, Eq, PartialEq)]
struct Told {
    /// The bytes of each source, in order.
    sources: Vec<(String, Vec<u8>)>,
    /// Sources that failed, and the chain of causes.
    failed: Vec<(String, String)>,
}

impl Told {
    fn texts(&self) -> Vec<(&str, &str)> {
        let sources = self.sources.iter();
        let texts = sources.map(|(name, bytes)| (&**name, str::from_utf8(bytes).unwrap()));
        texts.collect()
    }

    /// The bytes of the only source, of which nothing failed.
    #[track_caller]
    fn whole(mut self) -> Vec<u8> {
        assert_eq!(self.failed, []);
        assert_eq!(self.sources.len(), 1);
        self.sources.remove(0).1
    }

    /// The only failure.
    #[track_caller]
    fn failure(&self) -> &str {
        assert_eq!(self.failed.len(), 1, "{:?}", self.failed);
        &self.failed[0].1
    }
}

fn read(inputs: Vec<Input>, options: &Options) -> Told {
    let mut sources: BTreeMap<u64, (String, Vec<u8>)> = BTreeMap::new();
    let mut failed = Vec::new();
    let progress = Arc::default();
    let outcome: Result<(), io::Error> = run(
        inputs,
        options,
        &progress,
        || (),
        |(), chunk| chunk.bytes().to_vec(),
        |event| {
            match event {
                Event::Done { info, result } => {
                    let source = sources.entry(info.source.index).or_default();
                    assert_eq!(info.offset, source.1.len() as u64);
                    assert_eq!(info.bytes, result.len() as u64);
                    source.0.clone_from(&info.source.name);
                    source.1.extend(result);
                }
                Event::Failed { source, error } => {
                    failed.push((source.name.clone(), chain(&error)));
                }
            }
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.unwrap();
    Told {
        sources: sources.into_values().collect(),
        failed,
    }
}

/// Reads one input, named `in`, that comes in pieces of some thousand bytes.
fn read_bytes(bytes: &[u8]) -> Told {
    read_with(bytes, &Options::default())
}

fn read_with(bytes: &[u8], options: &Options) -> Told {
    let drops = Drops(Cursor::new(bytes.to_vec()), 5_003);
    read(vec![Input::reader("in", drops)], options)
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// Gives a few bytes at a time.
struct Drops<R>(R, usize);

impl<R: Read> Read for Drops<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let some = into.len().min(self.1);
        self.0.read(&mut into[..some])
    }
}

/// The text in the fixtures that hold two streams.
fn numbers() -> Vec<u8> {
    let lines: Vec<_> = (1..=1000).map(|n| format!("record {n}\n")).collect();
    lines.concat().repeat(30).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::read::GzEncoder::new(bytes, flate2::Compression::best());
    let mut packed = Vec::new();
    gzip.read_to_end(&mut packed).unwrap();
    packed
}
