//! What a third party is shown: an envelope and a receipt, one after the other behind a length. The
//! judgement always ends, and nothing here is ever proven.
#![no_main]

use std::sync::LazyLock;

use federation::verify::{Outcome, verify};
use libfuzzer_sys::fuzz_target;
use seal::keys::{Fingerprint, SignedKeySet};

static SETS: LazyLock<[SignedKeySet; 1]> = LazyLock::new(|| [fuzz::key_set()]);

fuzz_target!(|bytes: &[u8]| {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else {
        return;
    };
    let length = usize::try_from(u32::from_be_bytes(*length)).expect("32 bits");
    let (envelope, receipt) = rest.split_at(length.min(rest.len()));
    let trust: [Fingerprint; 1] = [SETS[0].fingerprint()];
    let report = verify(envelope, receipt, SETS.as_slice(), &trust);
    // Nobody has the keys of XB here.
    assert_ne!(report.outcome(), Outcome::Proven);
});
