//! A receipt: what is read is printed the same, and only the true one passes.
#![no_main]

use std::sync::LazyLock;

use ledger::{Act, Expected, LedgerKeys, TlogProof, Witness, WitnessPolicy, verify_receipt};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<(LedgerKeys, WitnessPolicy, String)> = LazyLock::new(|| {
    let policy = WitnessPolicy {
        witnesses: vec![Witness {
            name: "Hub".to_owned(),
            keys: fuzz::witness_signer().keys().to_vec(),
        }],
        needed: 1,
    };
    let receipt = ledger::receipt(&fuzz::record(), 0, Vec::new(), fuzz::checkpoint());
    (fuzz::ledger_signer().keys().clone(), policy, receipt)
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(proof) = TlogProof::parse(bytes) {
        assert_eq!(proof.to_string().as_bytes(), bytes);
    }
    let (keys, policy, receipt) = &*KEYS;
    let record = fuzz::record();
    let expected = Expected {
        act: &Act::Received,
        sha256: record.sha256(),
        subject: None,
    };
    let verdict = verify_receipt(bytes, &expected, keys, policy);
    assert!(!verdict.ok() || receipt.as_bytes() == bytes, "{verdict}");
});
