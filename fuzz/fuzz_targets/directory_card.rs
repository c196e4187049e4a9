//! The file by which one node comes to know another: what is read prints itself again, and its key
//! sets hold together under its own fingerprint or are refused.
#![no_main]

use directory::Card;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(card) = Card::parse(bytes) else {
        return;
    };
    let printed = card.to_bytes().expect("what was read can be written");
    let again = Card::parse(&printed).expect("what was written can be read");
    let printed_again = again.to_bytes().expect("what was read can be written");
    assert_eq!(printed_again, printed);
    if let Ok(chains) = card.chains(&card.fingerprint) {
        assert!(!chains.is_empty(), "a card without a key set is refused");
    }
});
