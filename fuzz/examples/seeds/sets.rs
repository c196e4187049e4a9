//! Compiled sets of indicators.

use std::error::Error;

use matcher::{Breadth, Indicator, Provenance, Set, SetBuilder, Value};

use super::{Seeds, seeds};

/// An empty set, and one with all that the target looks for.
pub(super) fn matcher_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let mut builder = SetBuilder::new(3);
    for round in 0..2_u8 {
        for (kind, text) in fuzz::VALUES {
            let value = Value::parse(*kind, text, Breadth::Any)?;
            let id = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
            let mut indicator = Indicator::new(value, id, "a list");
            indicator.marking = (round == 1).then(|| "TLP:GREEN".into());
            indicator.valid_from_us = Some(1_795_219_200_000_000);
            indicator.confidence = Some(round);
            builder.add(&indicator)?;
        }
    }
    let documents = [
        written(&SetBuilder::new(0).build())?,
        written(&builder.build())?,
    ];
    Ok(vec![seeds("matcher_set", documents)])
}

fn written(set: &Set) -> Result<Vec<u8>, Box<dyn Error>> {
    let provenance = Provenance {
        program: "fuzz".to_owned(),
        notes: vec![("source".to_owned(), "a list".to_owned())],
        ..Provenance::default()
    };
    let mut bytes = Vec::new();
    set.write_to(&mut bytes, &provenance)?;
    Set::from_bytes(bytes.clone())?;
    Ok(bytes)
}
