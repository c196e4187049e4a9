//! The record of a leaf: what is read is printed the same.
#![no_main]

use ledger::Record;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(record) = Record::parse(bytes) {
        assert_eq!(record.to_string().as_bytes(), bytes);
    }
});
