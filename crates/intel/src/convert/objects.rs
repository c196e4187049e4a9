//! Objects of STIX; those of STIX 2.0 become objects of 2.1.

use std::io::Read;

use kernel::chain;
use sha2::{Digest, Sha256};
use stix::{
    Stream,
    json::{Document, Value},
    lift,
};

use super::pump::Pump;
use crate::{
    Error,
    intake::{Step, UNREADABLE, limits, next_step},
};

/// Reads objects one by one.
pub(super) fn read(source: impl Read, pump: &mut Pump<'_>) -> Result<(), Error> {
    let mut stream = Stream::new(source, limits());
    while !pump.is_stopped() {
        match next_step(&mut stream, |object| one(object, pump))? {
            Some(Step::Shown) => {}
            Some(Step::Fault { id, detail }) => pump.refuse_named(&id, UNREADABLE, detail),
            None => break,
        }
    }
    Ok(())
}

fn one(object: Value<'_>, pump: &mut Pump<'_>) {
    if !lift::is_stix_2_0(object) {
        pump.object(object);
        return;
    }
    // What the same object brings along gets the same ids, however often it comes.
    let mut seed = Sha256::digest(object.raw());
    let lifted = lift::lift_object(object, &mut || {
        seed = Sha256::digest(seed);
        let mut random = [0; 16];
        random
            .iter_mut()
            .zip(seed)
            .for_each(|(to, from)| *to = from);
        random
    });
    for change in &lifted.changes {
        pump.losses.add("STIX 2.0", change.what.code(), 1);
    }
    for text in &lifted.objects {
        match Document::parse(text.as_bytes()) {
            Ok(document) => pump.object(document.root()),
            Err(error) => pump.refuse("intel.lift", chain(&error)),
        }
    }
}
