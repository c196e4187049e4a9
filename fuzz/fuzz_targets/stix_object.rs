//! Objects: whatever is JSON can be checked, and what can be read as an object comes back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stix::{
    check::{Report, check_object},
    json::{Document, canonical},
    objects::Object,
    pretty,
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::parse(bytes) else {
        return;
    };
    let value = document.root();
    let mut report = Report::default();
    check_object(value, &mut report);
    let indented = pretty(value);
    let again = Document::parse(indented.as_bytes()).expect("what was printed can be read");
    assert_eq!(canonical(again.root()), canonical(value));
    if let Ok(object) = Object::read(value) {
        let mut text = String::new();
        object.write(&mut text);
        let again = Document::parse(text.as_bytes()).expect("what was written can be read");
        assert_eq!(canonical(again.root()), canonical(value));
    }
});
