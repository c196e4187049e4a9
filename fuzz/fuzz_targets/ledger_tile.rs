//! Tiles, their paths and entry bundles, and a stored frontier: what is read is printed the same.
#![no_main]

use ledger::{Frontier, TilePath, bundle, parse_bundle, parse_tile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(path) = TilePath::parse(bytes) {
        assert_eq!(path.to_string().as_bytes(), bytes);
    }
    if let Ok(hashes) = parse_tile(bytes) {
        let printed: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
        assert_eq!(printed, bytes);
    }
    if let Ok(entries) = parse_bundle(bytes) {
        assert_eq!(
            bundle(entries).expect("what was read can be written"),
            bytes
        );
    }
    if let Ok(frontier) = Frontier::from_bytes(bytes) {
        assert_eq!(frontier.to_bytes(), bytes);
        let _ = frontier.root();
    }
});
