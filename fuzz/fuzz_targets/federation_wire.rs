//! What a peer answers: what is read can be printed, and read again.
#![no_main]

use federation::wire::{Answer, Compared, Given, Held, Names, Seen};
use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};

fn again<T: DeserializeOwned + Eq + Serialize + std::fmt::Debug>(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else {
        return;
    };
    let printed = serde_json::to_vec(&value).expect("what was read can be printed");
    let read: T = serde_json::from_slice(&printed).expect("what was printed can be read");
    assert_eq!(read, value);
}

fuzz_target!(|bytes: &[u8]| {
    again::<Answer>(bytes);
    again::<Compared>(bytes);
    again::<Given>(bytes);
    again::<Held>(bytes);
    again::<Names>(bytes);
    again::<Seen>(bytes);
});
