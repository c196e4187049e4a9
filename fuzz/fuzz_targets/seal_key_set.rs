//! Key sets, alone and signed: what is read is printed the same, and only the signed one passes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::keys::{KeySet, SignedKeySet};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(set) = KeySet::parse(bytes) {
        assert_eq!(set.to_bytes().expect("what was read can be written"), bytes);
    }
    if let Ok(signed) = SignedKeySet::parse(bytes) {
        assert_eq!(signed.to_bytes(), bytes);
    }
});
