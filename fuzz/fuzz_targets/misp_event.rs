//! MISP events: wherever a read ends, the parts and the error are the same, and a part that is
//! taken apart loses nothing.
#![no_main]

use std::{io::Read, ops::ControlFlow};

use formats_misp::{Limits, Part, Place, Seen, read_events, read_manifest};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits {
    part_bytes_max: 1 << 16,
    parts_max: 1_000,
};

/// Gives a few bytes at a time.
struct Drops<'b>(&'b [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let some = into.len().min(self.1);
        self.0.read(into.get_mut(..some).unwrap_or_default())
    }
}

#[derive(Debug, PartialEq)]
struct Told {
    parts: Vec<(Part, Place)>,
    /// What was seen, or why it went no further.
    end: Result<Seen, String>,
}

fn told(source: impl Read) -> Told {
    let mut parts = Vec::new();
    let end = read_events(source, &LIMITS, |part, place| {
        parts.push((part, place));
        ControlFlow::Continue(())
    });
    let end = end.map_err(|error| format!("{}: {error}", error.code()));
    Told { parts, end }
}

fuzz_target!(|bytes: &[u8]| {
    let whole = told(bytes);
    assert_eq!(told(Drops(bytes, 1 + bytes.len() % 7)), whole);
    let count = |wanted: fn(&Part) -> bool| {
        let found = whole.parts.iter().filter(|(part, _)| wanted(part)).count();
        u64::try_from(found).expect("it is a count")
    };
    if let Ok(seen) = whole.end {
        let attributes = count(|part| matches!(part, Part::Attribute(_)));
        let events = count(|part| matches!(part, Part::End(_)));
        assert_eq!((seen.attributes, seen.events), (attributes, events));
    }
    for (part, _) in &whole.parts {
        let Part::Attribute(attribute) = part else {
            continue;
        };
        let values: usize = attribute.parts().map(|(_, value)| value.len()).sum();
        let bars = attribute.parts().count() - 1;
        assert_eq!(values + bars, attribute.value.len());
    }
    // What stops, stops at once.
    let mut first = Vec::new();
    let stopped = read_events(bytes, &LIMITS, |part, _| {
        first.push(part);
        ControlFlow::Break(())
    });
    assert_eq!(first.len(), whole.parts.len().min(1));
    assert!(first.is_empty() || stopped.is_ok());
    if let Ok(entries) = read_manifest(bytes, &LIMITS) {
        assert!(entries.len() <= 1_000);
    }
});
