//! A header: what is read is printed the same, and its copy is its own.
#![no_main]

use federation::model::Header;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(header) = Header::parse(bytes) else {
        return;
    };
    assert_eq!(
        header.to_bytes().expect("what was read can be printed"),
        bytes
    );
    assert!(header.check(&header.copy()).is_ok());
});
