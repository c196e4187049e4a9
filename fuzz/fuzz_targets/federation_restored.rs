//! The statement that a node was restored: only the one that the party signed is believed.
#![no_main]

use std::sync::LazyLock;

use federation::restored::Restored;
use kernel::Mode;
use libfuzzer_sys::fuzz_target;
use seal::keys::KeySetChain;

static CHAIN: LazyLock<KeySetChain> = LazyLock::new(fuzz::chain);

fuzz_target!(|bytes: &[u8]| {
    let party = fuzz::party("XA");
    if let Ok(stated) = Restored::parse(bytes, (&party, Mode::Exercise), &CHAIN, fuzz::now()) {
        assert_eq!(stated, fuzz::restored());
    }
});
