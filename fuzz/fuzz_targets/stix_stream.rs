//! Streams: read in one piece or in pieces of a few bytes, the objects are the same.
#![no_main]

use std::io::Read;

use libfuzzer_sys::fuzz_target;
use stix::{ReadLimits, Stream, json::Limits};

/// Gives a few bytes at a time.
struct Drops<'b>(&'b [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let some = into.len().min(3);
        self.0.read(into.get_mut(..some).unwrap_or_default())
    }
}

fn objects(source: impl Read) -> (Vec<String>, Option<&'static str>) {
    let object = Limits {
        depth_max: 32,
        bytes_max: 1 << 16,
    };
    let mut stream = Stream::new(
        source,
        ReadLimits {
            object,
            objects_max: 1_000,
        },
    );
    let mut found = Vec::new();
    loop {
        match stream.next(|object| found.push(object.raw().to_owned())) {
            Ok(Some(_)) => {}
            Ok(None) => return (found, None),
            Err(error) => return (found, Some(error.code())),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    assert_eq!(objects(bytes), objects(Drops(bytes)));
});
