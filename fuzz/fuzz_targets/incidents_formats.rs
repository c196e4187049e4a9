//! Files of incidents in other formats: no input makes a reader panic or go on without an end.
#![no_main]

use incidents::formats::{
    decode,
    model::{Format, Settings},
    ops::{detect, documents},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode::text(bytes) else {
        return;
    };
    let settings = Settings {
        crosswalk: true,
        ..Settings::default()
    };
    let _format = detect(&text);
    for format in Format::ALL {
        if let Ok(found) = documents(*format, &text, &settings) {
            // At most one for each byte, and what cannot be read of a table or a list.
            assert!(found.count() <= bytes.len() + 2);
        }
    }
});
