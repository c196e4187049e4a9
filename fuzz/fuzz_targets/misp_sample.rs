//! MISP's malware samples, hashes of feeds, taxonomies and galaxies: whatever the bytes are, what is
//! unpacked keeps its limits, and what was packed is unpacked as it was.
#![no_main]

use std::ops::ControlFlow;

use formats_misp::{
    Limits, SampleLimits, list_sample, read_clusters, read_galaxy, read_hashes, read_sample,
    read_taxonomy, write_sample,
};
use libfuzzer_sys::fuzz_target;

const SAMPLES: SampleLimits = SampleLimits {
    entries_max: 4,
    unpacked_bytes_max: 1 << 20,
    ratio_max: 100,
};
const LIMITS: Limits = Limits {
    part_bytes_max: 1 << 16,
    parts_max: 1_000,
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entries) = list_sample(bytes, &SAMPLES) {
        assert!(entries.len() <= SAMPLES.entries_max);
    }
    match read_sample(bytes, &SAMPLES) {
        Ok(sample) => {
            let size = u64::try_from(sample.file.len()).expect("it is small");
            assert!(size <= SAMPLES.unpacked_bytes_max);
        }
        Err(error) => assert!(!error.to_string().is_empty() && !error.code().is_empty()),
    }
    let zip = write_sample("a name", bytes).expect("it is small");
    if let Ok(sample) = read_sample(&zip, &SampleLimits::default()) {
        assert_eq!(sample.file, bytes);
        assert_eq!(sample.name, "a name");
    }
    let mut lines = 0;
    let read = read_hashes(bytes, &LIMITS, |_, uuid| {
        assert_eq!(uuid.len(), 36);
        lines += 1;
        ControlFlow::Continue(())
    });
    assert!(read.is_err() || lines <= LIMITS.parts_max);
    if let Ok(taxonomy) = read_taxonomy(bytes, &LIMITS) {
        assert!(taxonomy.tags().count() <= bytes.len());
    }
    let _: Result<_, _> = read_galaxy(bytes, &LIMITS);
    if let Ok(file) = read_clusters(bytes, &LIMITS) {
        assert!(file.clusters.len() <= bytes.len());
    }
});
