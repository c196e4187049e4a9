//! Sealed files and covers: nothing opens but what was sealed.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use seal::{HybridIdentity, file, outer};

static READER: LazyLock<HybridIdentity> = LazyLock::new(|| fuzz::identity(1));

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = file::open_message(bytes, &READER) {
        assert_eq!(text.as_slice(), b"text");
    }
    if let Ok(text) = outer::open(bytes, &READER) {
        assert_eq!(text.as_slice(), b"text");
    }
});
