//! Times of records: whatever the bytes are, a time that is found lies between 1990 and tomorrow,
//! and what is printed is found again.
#![no_main]

use std::{sync::LazyLock, time::Duration};

use cli::logs::{TimeOptions, record_time};
use kernel::Timestamp;
use libfuzzer_sys::fuzz_target;

static OPTIONS: LazyLock<TimeOptions> = LazyLock::new(|| TimeOptions::utc(fuzz::now()));

const DAY: Duration = Duration::from_secs(86_401);

fuzz_target!(|record: &[u8]| {
    let Some(time) = record_time(record, &OPTIONS) else {
        return;
    };
    assert!(time >= Timestamp::from_micros(631_152_000_000_000));
    assert!(time <= OPTIONS.now.plus(DAY));
    let text = time.to_string();
    assert_eq!(record_time(text.as_bytes(), &OPTIONS), Some(time));
    let json = format!(r#"{{"ts":"{text}"}}"#);
    assert_eq!(record_time(json.as_bytes(), &OPTIONS), Some(time));
});
