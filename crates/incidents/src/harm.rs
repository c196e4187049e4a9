//! Harm beyond money: what it is measured by, and what may be done with the numbers.
//!
//! A [`HarmFigure`](crate::model::HarmFigure) is what somebody stated, with its grade; nothing here
//! changes it. From capacity and milestones ([`crate::course`]) the measures of downtime and lost service
//! follow by computation ([`computed`]). Numbers of different nature are never added ([`sum`]), and
//! groups of few people are never shown ([`groups`]). Where it is known how many people of each group
//! use what was hit, groups are compared ([`ratios`]).

pub mod computed;
pub mod curve;
mod detail;
pub mod groups;
mod measure;
pub mod ratios;
pub mod sum;

pub use curve::Share;
pub use detail::{Causality, Confidence, Correction, Detail, Key, Nature, Origin};
pub use measure::Measure;

/// Microseconds of a day.
pub(crate) const DAY_MICROS: i64 = 86_400_000_000;
