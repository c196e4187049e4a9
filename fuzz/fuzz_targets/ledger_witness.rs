//! What is put before a witness: what is read is printed the same, and the judgement always ends.
#![no_main]

use std::sync::LazyLock;

use ledger::{AddCheckpoint, VerifierKey, decide};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<[VerifierKey; 2]> = LazyLock::new(fuzz::ledger_keys);

fuzz_target!(|bytes: &[u8]| {
    let Ok(request) = AddCheckpoint::parse(bytes) else {
        return;
    };
    assert_eq!(request.to_string().as_bytes(), bytes);
    if let Ok(checkpoint) = decide(&request, Some(KEYS.as_slice()), None) {
        assert_eq!(checkpoint.size(), 1);
    }
});
