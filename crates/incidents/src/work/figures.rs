//! What an incident comes to in figures, for its closing.

use std::time::Duration;

use crate::{
    model::Case,
    state::Status,
    work::{TaskState, Work},
};

/// The figures of a case. A span stands only where both of its ends are known.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Figures {
    /// From when it happened, as early as is known, until it was noticed.
    pub until_detected: Option<Duration>,
    /// From when it was noticed until the register heard of it.
    pub until_reported: Option<Duration>,
    /// From when it was entered until it was closed.
    pub until_closed: Option<Duration>,
    /// Tasks that are done, and all that were not dropped.
    pub tasks: (u64, u64),
    /// Notes.
    pub notes: u64,
    /// Indicators.
    pub indicators: u64,
    /// Entries of the timeline.
    pub timeline: u64,
    /// Reports that were filed.
    pub filings: u64,
}

impl Figures {
    /// The figures of a case and the work on it.
    pub fn of(case: &Case, work: &Work) -> Self {
        let facts = &case.incident.facts;
        let span = |from: Option<kernel::Timestamp>, to: Option<kernel::Timestamp>| {
            let (from, to) = (from?, to?);
            (to >= from).then(|| to.since(from))
        };
        let began = facts.period.from().map(crate::model::Dated::first);
        let detected = facts.detected.map(crate::model::Dated::first);
        let reported = facts.reported.map(crate::model::Dated::first);
        let closed = match case.incident.status {
            Status::Closed { at, .. } => Some(at),
            _ => None,
        };
        let count = |items: usize| u64::try_from(items).unwrap_or(u64::MAX);
        let in_state = |wanted: &dyn Fn(TaskState) -> bool| {
            count(
                work.tasks
                    .iter()
                    .filter(|task| wanted(task.facts.state))
                    .count(),
            )
        };
        Self {
            until_detected: span(began, detected),
            until_reported: span(detected, reported),
            until_closed: span(Some(case.incident.created_at), closed),
            tasks: (
                in_state(&|state| state == TaskState::Done),
                in_state(&|state| state != TaskState::Dropped),
            ),
            notes: count(work.notes.len()),
            indicators: work.indicators,
            timeline: count(case.timeline.len()),
            filings: count(case.clocks.filings.len()),
        }
    }
}
