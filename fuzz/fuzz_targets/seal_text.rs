//! The short texts: recipients, identities, fingerprints, secrets, times, digests.
#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::{
    Digest, HybridIdentity, HybridRecipient, Time,
    keys::{Fingerprint, KeyId, Purpose, RootKey},
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(recipient) = HybridRecipient::parse(bytes) {
        assert_eq!(recipient.to_string().as_bytes(), bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(identity) = text.parse::<HybridIdentity>() {
        assert_eq!(identity.to_secret_text().as_str(), text);
    }
    if let Ok(root) = text.parse::<RootKey>() {
        assert_eq!(root.to_secret_text().as_str(), text.trim());
    }
    if let Ok(fingerprint) = text.parse::<Fingerprint>() {
        for form in [
            fingerprint.to_string(),
            fingerprint.words(),
            fingerprint.compact(),
        ] {
            assert_eq!(form.parse::<Fingerprint>().ok(), Some(fingerprint));
        }
    }
    if let Ok(time) = text.parse::<Time>() {
        assert_eq!(time.to_string(), text);
    }
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.to_string(), text);
    }
    if let Ok(key) = text.parse::<KeyId>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(purpose) = text.parse::<Purpose>() {
        assert_eq!(purpose.as_str(), text);
    }
});
