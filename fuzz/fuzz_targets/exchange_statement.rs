//! What a person wrote, of every kind: what is read can be printed, and read again.
#![no_main]

use exchange::model::{Kind, Statement};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) else {
        return;
    };
    for kind in Kind::ALL {
        let Ok(statement) = Statement::read(*kind, value.clone()) else {
            continue;
        };
        let printed = statement.to_value().expect("what was read can be printed");
        let again = Statement::read(*kind, printed).expect("what was printed can be read");
        assert_eq!(again, statement);
    }
});
