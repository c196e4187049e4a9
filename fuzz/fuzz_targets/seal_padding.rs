//! Padding: what comes off can be put on again, the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::padding;

fuzz_target!(|bytes: &[u8]| {
    let mut padded = bytes.to_vec();
    if padding::strip(&mut padded).is_ok() {
        padding::pad(&mut padded).expect("what was padded can be padded");
        assert_eq!(padded, bytes);
    }
    let mut text = bytes.to_vec();
    padding::pad(&mut text).expect("the input is far below the ladder's end");
    padding::strip(&mut text).expect("what was padded can be stripped");
    assert_eq!(text, bytes);
});
