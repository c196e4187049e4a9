//! Records at rest: nothing opens but what was sealed.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use seal::data::DataKey;

static KEY: LazyLock<DataKey> = LazyLock::new(fuzz::data_key);

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = KEY.open(bytes, fuzz::PLACE) {
        assert_eq!(text.as_slice(), b"text");
    }
});
