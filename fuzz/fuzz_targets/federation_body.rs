//! A body under a header that is known: what is read can be printed, and read again.
#![no_main]

use std::sync::LazyLock;

use federation::{body::Body, model::Header};
use libfuzzer_sys::fuzz_target;

static HEADER: LazyLock<Header> = LazyLock::new(fuzz::header);

fuzz_target!(|bytes: &[u8]| {
    let Ok(body) = Body::parse(bytes, &HEADER) else {
        return;
    };
    let printed = body.to_bytes().expect("what was read can be printed");
    let again = Body::parse(&printed, &HEADER).expect("what was printed can be read");
    assert_eq!(again, body);
});
