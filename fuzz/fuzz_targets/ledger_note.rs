//! A signed note: what is read is printed the same, and its signatures can be checked.
#![no_main]

use std::sync::LazyLock;

use ledger::{LedgerKeys, Note, SignatureLine};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<LedgerKeys> = LazyLock::new(|| fuzz::ledger_signer().keys().clone());

fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
        // A note that verifies says what it said when it was signed.
        if let Ok((checkpoint, _)) = KEYS.verify(&note) {
            assert_eq!(checkpoint.size(), 1);
        }
    }
    let _ = SignatureLine::parse_all(bytes);
});
