//! A version of a circle as another party sends it: what is read prints itself again and keeps the
//! rules of a version, and only what the steward signed verifies. The bytes are taken as an envelope
//! and, so that the rules of the document are reached, as the document alone.
#![no_main]

use directory::{SignedCircle, model::CircleVersion};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = SignedCircle::parse(bytes) {
        look(&read);
    }
    let Ok(version) = serde_json::from_slice::<CircleVersion>(bytes) else {
        return;
    };
    let Ok(signed) = SignedCircle::sign(&version, &fuzz::signer()) else {
        return;
    };
    assert_eq!(signed.version(), &version, "what is signed is what is said");
    look(&signed);
});

fn look(read: &SignedCircle) {
    let version = read.version();
    assert!(
        version.check().is_ok(),
        "a version that breaks a rule is refused"
    );
    let again = SignedCircle::parse(&read.to_bytes()).expect("what was written can be read");
    assert_eq!(&again, read);
    if read.verify(&fuzz::chain()).is_ok() {
        assert_eq!(version.steward, fuzz::party("XA"));
        assert_eq!(version.keyset, 1);
        assert!(version.exercise, "the key set is for exercises");
    }
    let steward = version.place(&version.steward);
    assert_eq!(steward == directory::model::Place::Out, version.dissolved);
    assert!(version.joined().count() <= version.members.len());
}
