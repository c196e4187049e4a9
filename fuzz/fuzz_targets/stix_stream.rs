//! Streams: wherever a read ends, the objects are the same, and they are those of the whole text.
#![no_main]

use std::io::Read;

use libfuzzer_sys::fuzz_target;
use stix::{
    Envelope, Place, ReadLimits, Seen, Stream,
    json::{Document, JsonError, JsonErrorKind, Kind, Limits, Spare, Value},
};

const OBJECT: Limits = Limits {
    depth_max: 32,
    bytes_max: 1 << 16,
};

const OBJECTS_MAX: u64 = 1_000;

/// What one read asks for.
const STEP: usize = 64 << 10;

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
    objects: Vec<(Place, String)>,
    bundles: Vec<Envelope>,
    /// Why it went no further.
    error: Option<String>,
}

/// What a stream tells of a text that begins behind a string of so many bytes.
fn told(source: impl Read, before: usize) -> Told {
    let filled = u64::from(before > 0);
    let limits = ReadLimits {
        object: OBJECT,
        objects_max: OBJECTS_MAX + filled,
    };
    let mut stream = Stream::new(source, limits);
    if filled > 0 {
        let place = stream.next(|filler| assert_eq!(filler.raw().len(), before - 2));
        assert!(place.is_ok_and(|place| place.is_some()));
    }
    let (mut objects, mut bundles) = (Vec::new(), Vec::new());
    let error = loop {
        let mut text = String::new();
        match stream.step(|object| text.push_str(object.raw())) {
            Ok(Some(Seen::Object(mut place))) => {
                place.offset -= u64::try_from(before).expect("it is a few bytes");
                objects.push((place, text));
            }
            Ok(Some(Seen::Bundle(bundle))) => bundles.push(bundle),
            Ok(None) => break None,
            Err(stix::StreamError::Json(JsonError { kind, position })) => {
                break Some(format!("{kind} at {}", position - before));
            }
            Err(error) => break Some(error.code().to_owned()),
        }
    };
    Told {
        objects,
        bundles,
        error,
    }
}

/// The objects of a whole text: those of its bundles and arrays, and what stands alone.
fn expected(bytes: &[u8]) -> Result<Vec<String>, JsonError> {
    let mut objects = Vec::new();
    let mut rest = behind_white(bytes);
    while !rest.is_empty() {
        let (document, taken) = match Document::parse_prefix(rest, &OBJECT, Spare::default()) {
            Ok(parsed) => parsed,
            // A number may be the last of a text.
            Err(_) => (
                Document::parse_with(rest, &OBJECT, Spare::default())?,
                rest.len(),
            ),
        };
        let root = document.root();
        let list = match root.kind() {
            Kind::Array => Some(root),
            Kind::Object => listed(root),
            _ => None,
        };
        match list {
            None if is_bundle(root) => {}
            None => objects.push(root.raw().to_owned()),
            Some(list) => objects.extend(list.items().map(|item| item.raw().to_owned())),
        }
        rest = behind_white(rest.get(taken..).unwrap_or_default());
    }
    Ok(objects)
}

fn behind_white(bytes: &[u8]) -> &[u8] {
    let white = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let count = bytes.iter().take_while(white).count();
    bytes.get(count..).unwrap_or_default()
}

/// The first of the two members that tell a bundle.
fn telling(object: Value<'_>) -> Option<(&str, Value<'_>)> {
    object.members().find(|(name, value)| {
        *name == "type" || (*name == "objects" && value.kind() == Kind::Array)
    })
}

fn is_bundle(object: Value<'_>) -> bool {
    telling(object)
        .is_some_and(|(name, value)| name == "objects" || value.as_str() == Some("bundle"))
}

fn listed(object: Value<'_>) -> Option<Value<'_>> {
    let list = object
        .get("objects")
        .filter(|list| list.kind() == Kind::Array);
    list.filter(|_| is_bundle(object))
}

fuzz_target!(|bytes: &[u8]| {
    let whole = told(bytes, 0);
    assert_eq!(told(Drops(bytes, 1 + bytes.len() % 7), 0), whole);
    // The first read ends at some byte of the text.
    let sum = bytes.iter().fold(0_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(*byte))
    });
    for at in [sum, sum / 7, sum / 61] {
        let before = STEP - (at % (bytes.len() + 1)).min(STEP - 2);
        let filler = format!("\"{}\"", "-".repeat(before - 2));
        let text = [filler.as_bytes(), bytes].concat();
        assert_eq!(told(text.as_slice(), before), whole, "cut before {at}");
    }
    match expected(bytes) {
        Ok(objects) if objects.len() > 1_000 => assert!(whole.error.is_some()),
        Ok(objects) => {
            let found: Vec<_> = whole.objects.into_iter().map(|(_, text)| text).collect();
            assert_eq!((found, whole.error), (objects, None));
        }
        // A list may be larger than an object may.
        Err(error) => assert!(
            whole.error.is_some()
                || matches!(
                    error.kind,
                    JsonErrorKind::TooDeep(_) | JsonErrorKind::TooLarge(_)
                ),
            "{error}"
        ),
    }
});
