//! Vaults and key files: reading them always ends. (Locks by passphrase are left out: their work
//! is the point of them.)
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use seal::vault::{self, Lock, NodeSecrets};

static LOCK: LazyLock<Lock> = LazyLock::new(|| Lock::KeyFile(fuzz::identity(1)));

fuzz_target!(|bytes: &[u8]| {
    let _ = Lock::from_key_file(bytes);
    let _ = vault::wants_passphrase(bytes);
    let _ = NodeSecrets::unlock(bytes, &LOCK);
});
