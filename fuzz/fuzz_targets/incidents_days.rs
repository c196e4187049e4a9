//! Files of days off, tables and iCalendar: no input makes the reader panic or go on without an end.
#![no_main]

use incidents::{
    clocks::DAYS_MAX,
    reporting::calendar::{read, typed},
};
use kernel::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // 2026-11-21T00:00:00Z.
    let now = Timestamp::from_micros(1_795_219_200_000_000);
    if let Ok(read) = read(bytes, now) {
        assert!(read.days.len() <= DAYS_MAX);
        assert!(read.left_out.len() <= read.left_out_count);
    }
    if let Ok(text) = str::from_utf8(bytes) {
        let _typed = typed(text);
    }
});
