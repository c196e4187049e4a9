//! An envelope: what is read is printed the same, and only what was signed verifies.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use seal::{dsse::Envelope, keys::SigningPublic};

static KNOWN: LazyLock<[SigningPublic; 1]> = LazyLock::new(|| [fuzz::signer().public().clone()]);

fuzz_target!(|bytes: &[u8]| {
    let Ok(envelope) = Envelope::parse(bytes) else {
        return;
    };
    assert_eq!(envelope.to_bytes(), bytes);
    if let Ok(verified) = envelope.verify(fuzz::PAYLOAD_TYPE, KNOWN.as_slice()) {
        assert_eq!(verified.payload, b"{}");
    }
});
