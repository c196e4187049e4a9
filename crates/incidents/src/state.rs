//! The life cycle of an entry: open, investigating, contained, closed, and back when it flares up.

use kernel::Timestamp;

use crate::model::words;

words! {
    /// Where the work on an incident stands, without its particulars.
    Stage, "open, investigating, contained or closed", {
        /// Entered; nobody works on it yet (STIX `new`).
        Open = "open",
        /// Somebody works on it (STIX `open`).
        Investigating = "investigating",
        /// It does no further harm; work goes on (STIX `open`).
        Contained = "contained",
        /// Nothing more is to be done (STIX `closed`).
        Closed = "closed",
    }
}

words! {
    /// What moves an incident on.
    #[schema(as = incidents::StageEvent)]
    Event, "investigate, contain, close or reopen", {
        /// Work begins.
        Investigate = "investigate",
        /// It does no further harm.
        Contain = "contain",
        /// Nothing more is to be done.
        Close = "close",
        /// It flared up, or the closure was an error.
        Reopen = "reopen",
    }
}

/// Where the work on an incident stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Status {
    /// Entered; nobody works on it yet.
    Open {
        /// When it was entered.
        since: Timestamp,
    },
    /// Somebody works on it.
    Investigating {
        /// Since when.
        since: Timestamp,
    },
    /// It does no further harm.
    Contained {
        /// Since when.
        at: Timestamp,
    },
    /// Nothing more is to be done.
    Closed {
        /// Since when.
        at: Timestamp,
        /// Who closed it.
        by: String,
    },
}

/// A step that the life cycle does not have.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an incident that is {from} does not {event}")]
pub struct InvalidTransition {
    /// Where it stands.
    pub from: Stage,
    /// What was asked.
    pub event: Event,
}

impl Status {
    /// Where it stands, without the particulars.
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Open { .. } => Stage::Open,
            Self::Investigating { .. } => Stage::Investigating,
            Self::Contained { .. } => Stage::Contained,
            Self::Closed { .. } => Stage::Closed,
        }
    }

    /// Since when.
    pub const fn since(&self) -> Timestamp {
        match self {
            Self::Open { since } | Self::Investigating { since } => *since,
            Self::Contained { at } | Self::Closed { at, .. } => *at,
        }
    }

    /// The status after `event`, which `by` brought at `at`.
    pub fn advance(self, event: Event, at: Timestamp, by: &str) -> Result<Self, InvalidTransition> {
        let from = self.stage();
        match (from, event) {
            (Stage::Open, Event::Investigate)
            | (Stage::Contained | Stage::Closed, Event::Reopen) => {
                Ok(Self::Investigating { since: at })
            }
            (Stage::Open | Stage::Investigating, Event::Contain) => Ok(Self::Contained { at }),
            (Stage::Open | Stage::Investigating | Stage::Contained, Event::Close) => {
                Ok(Self::Closed {
                    at,
                    by: by.to_owned(),
                })
            }
            (Stage::Investigating | Stage::Contained | Stage::Closed, Event::Investigate)
            | (Stage::Contained | Stage::Closed, Event::Contain)
            | (Stage::Closed, Event::Close)
            | (Stage::Open | Stage::Investigating, Event::Reopen) => {
                Err(InvalidTransition { from, event })
            }
        }
    }
}

impl Stage {
    /// The events that this stage allows, in the order in which they are offered.
    pub const fn allows(self) -> &'static [Event] {
        match self {
            Self::Open => &[Event::Investigate, Event::Contain, Event::Close],
            Self::Investigating => &[Event::Contain, Event::Close],
            Self::Contained => &[Event::Close, Event::Reopen],
            Self::Closed => &[Event::Reopen],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(stage: Stage) -> Status {
        let since = Timestamp::from_micros(1);
        match stage {
            Stage::Open => Status::Open { since },
            Stage::Investigating => Status::Investigating { since },
            Stage::Contained => Status::Contained { at: since },
            Stage::Closed => Status::Closed {
                at: since,
                by: "user:a".to_owned(),
            },
        }
    }

    #[test]
    fn what_is_offered_is_what_is_allowed() {
        for &stage in Stage::ALL {
            for &event in Event::ALL {
                let moved = at(stage).advance(event, Timestamp::from_micros(2), "user:b");
                assert_eq!(
                    moved.is_ok(),
                    stage.allows().contains(&event),
                    "{stage} {event}"
                );
            }
        }
    }

    #[test]
    fn a_closed_incident_can_only_be_reopened() {
        assert_eq!(
            at(Stage::Closed).advance(Event::Close, Timestamp::from_micros(2), "user:b"),
            Err(InvalidTransition {
                from: Stage::Closed,
                event: Event::Close
            })
        );
        assert_eq!(
            at(Stage::Closed).advance(Event::Reopen, Timestamp::from_micros(2), "user:b"),
            Ok(Status::Investigating {
                since: Timestamp::from_micros(2)
            })
        );
    }

    #[test]
    fn closing_names_who_closed() {
        assert_eq!(
            at(Stage::Open).advance(Event::Close, Timestamp::from_micros(2), "user:b"),
            Ok(Status::Closed {
                at: Timestamp::from_micros(2),
                by: "user:b".to_owned()
            })
        );
    }
}
