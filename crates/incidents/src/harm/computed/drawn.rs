//! The curves of capacity as they are drawn.

use super::{How, lines};
use crate::{
    course::{Course, Entry},
    harm::curve::Curve,
};

/// The capacity of a service over time, or that of the whole incident where no service is named.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Drawn {
    /// The number of the service's entry.
    pub service: Option<u32>,
    /// What the service is called.
    pub name: Option<String>,
    /// The curve.
    pub curve: Curve,
    /// How it came about.
    pub how: How,
}

/// The curves from which the harm of an incident follows.
pub fn drawn(entries: &[Entry]) -> Vec<Drawn> {
    let course = Course::of(entries);
    let runs = lines(&course).into_iter();
    runs.map(|run| Drawn {
        service: run.number,
        name: run.service.map(|service| service.name.to_string()),
        curve: run.curve,
        how: run.how,
    })
    .collect()
}
