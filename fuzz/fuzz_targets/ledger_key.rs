//! The text of a verifier key: what is read is printed the same.
#![no_main]

use ledger::VerifierKey;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = VerifierKey::parse(bytes) {
        assert_eq!(key.to_string().as_bytes(), bytes);
    }
});
