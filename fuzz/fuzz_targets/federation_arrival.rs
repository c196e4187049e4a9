//! Bytes that a peer brings: they are judged, whatever they are, and only what the peer signed is
//! accepted.
#![no_main]

use std::sync::LazyLock;

use federation::{
    inspect::{Unproven, open_body},
    protocol::Verdict,
};
use libfuzzer_sys::fuzz_target;
use seal::keys::KeySetChain;

static CHAIN: LazyLock<KeySetChain> = LazyLock::new(fuzz::chain);

fuzz_target!(|bytes: &[u8]| {
    let Ok(unproven) = Unproven::parse(bytes) else {
        return;
    };
    let (us, peer) = (fuzz::party("XB"), fuzz::party("XA"));
    let verdict = unproven.judge((&us, &peer), Some(&CHAIN), fuzz::now());
    if verdict == Verdict::Accept {
        assert_eq!(unproven.header, fuzz::header());
    }
    let sealed = unproven.envelope.sealed().unwrap_or_default();
    let identity = fuzz::identity(1);
    assert!(open_body(&unproven.header, sealed, [&identity]).is_err());
});
