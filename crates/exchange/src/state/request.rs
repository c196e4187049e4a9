//! *Request*: the life of one asking message with its addressee.

use serde::{Deserialize, Serialize};

use super::InvalidTransition;

/// Where a request stands.
///
/// ```text
/// open → acknowledged → in_progress ⇄ clarifying → responded
/// ```
///
/// Each step to the right may be skipped. `withdrawn` and `expired` are ends beside it. Whether it is
/// overdue is no state: it follows from the clock.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RequestState {
    /// Asked.
    Open,
    /// Seen, and in somebody's hands.
    Acknowledged,
    /// Worked on.
    InProgress,
    /// Waiting for the asker to answer questions. The clock of the answer stands still.
    Clarifying {
        /// How many messages with questions wait.
        questions: u32,
    },
    /// Answered.
    Responded,
    /// Taken back by the asker.
    Withdrawn,
    /// Never answered before the thread ended. A late answer still counts.
    Expired,
}

/// What can happen to a request.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum RequestEvent {
    /// The addressee acknowledges.
    Acknowledge,
    /// The addressee says how far he is.
    Progress,
    /// The addressee asks back.
    Question,
    /// The asker answers a question.
    Answer,
    /// The addressee answers.
    Respond,
    /// The asker takes it back.
    Withdraw,
    /// The thread ends without an answer.
    Expire,
}

impl RequestState {
    /// The name of the state.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::InProgress => "in_progress",
            Self::Clarifying { .. } => "clarifying",
            Self::Responded => "responded",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    /// True when nothing more is awaited.
    pub const fn ended(self) -> bool {
        match self {
            Self::Responded | Self::Withdrawn | Self::Expired => true,
            Self::Open | Self::Acknowledged | Self::InProgress | Self::Clarifying { .. } => false,
        }
    }

    /// The state after `event`.
    pub const fn advance(self, event: RequestEvent) -> Result<Self, InvalidTransition> {
        use RequestEvent as E;
        match (self, event) {
            (Self::Open, E::Acknowledge) => Ok(Self::Acknowledged),
            (Self::Open | Self::Acknowledged | Self::InProgress, E::Progress) => {
                Ok(Self::InProgress)
            }
            (Self::Open | Self::Acknowledged | Self::InProgress, E::Question) => {
                Ok(Self::Clarifying { questions: 1 })
            }
            (Self::Clarifying { questions }, E::Question) => Ok(Self::Clarifying {
                questions: questions.saturating_add(1),
            }),
            (Self::Clarifying { questions }, E::Answer) => Ok(if questions <= 1 {
                Self::InProgress
            } else {
                Self::Clarifying {
                    questions: questions - 1,
                }
            }),
            (Self::Clarifying { questions }, E::Progress) => Ok(Self::Clarifying { questions }),
            // A later answer replaces the earlier one; one that comes too late still counts.
            (
                Self::Open
                | Self::Acknowledged
                | Self::InProgress
                | Self::Clarifying { .. }
                | Self::Responded
                | Self::Expired,
                E::Respond,
            )
            | (Self::Responded, E::Progress) => Ok(Self::Responded),
            // What was said in error can be taken back at any time.
            (
                Self::Open
                | Self::Acknowledged
                | Self::InProgress
                | Self::Clarifying { .. }
                | Self::Responded
                | Self::Expired,
                E::Withdraw,
            ) => Ok(Self::Withdrawn),
            (
                Self::Open | Self::Acknowledged | Self::InProgress | Self::Clarifying { .. },
                E::Expire,
            ) => Ok(Self::Expired),
            (
                Self::Acknowledged
                | Self::InProgress
                | Self::Clarifying { .. }
                | Self::Responded
                | Self::Expired,
                E::Acknowledge,
            )
            | (Self::Responded | Self::Expired, E::Question | E::Answer | E::Expire)
            | (Self::Expired, E::Progress)
            | (Self::Open | Self::Acknowledged | Self::InProgress, E::Answer)
            | (
                Self::Withdrawn,
                E::Acknowledge
                | E::Progress
                | E::Question
                | E::Answer
                | E::Respond
                | E::Withdraw
                | E::Expire,
            ) => Err(InvalidTransition {
                machine: "request",
                from: self.code(),
                event: event.code(),
            }),
        }
    }
}

impl RequestEvent {
    /// All events.
    pub const ALL: [Self; 7] = [
        Self::Acknowledge,
        Self::Progress,
        Self::Question,
        Self::Answer,
        Self::Respond,
        Self::Withdraw,
        Self::Expire,
    ];

    /// The name of the event.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Progress => "progress",
            Self::Question => "question",
            Self::Answer => "answer",
            Self::Respond => "respond",
            Self::Withdraw => "withdraw",
            Self::Expire => "expire",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table() {
        let states = [
            RequestState::Open,
            RequestState::Acknowledged,
            RequestState::InProgress,
            RequestState::Clarifying { questions: 2 },
            RequestState::Responded,
            RequestState::Withdrawn,
            RequestState::Expired,
        ];
        let row = |state: RequestState| -> Vec<&str> {
            RequestEvent::ALL
                .map(|event| state.advance(event).map_or("✗", RequestState::code))
                .to_vec()
        };
        let table = states.map(row);
        let letters = |row: Vec<&str>| -> String {
            row.iter()
                .map(|state| state.chars().next().unwrap())
                .collect()
        };
        // Columns: acknowledge progress question answer respond withdraw expire. Cells: the first
        // letter of the state that follows.
        assert_eq!(
            table.map(letters),
            [
                "aic✗rwe",
                "✗ic✗rwe",
                "✗ic✗rwe",
                "✗cccrwe",
                "✗r✗✗rw✗",
                "✗✗✗✗✗✗✗",
                "✗✗✗✗rw✗"
            ]
        );
    }

    #[test]
    fn clarifying_ends_with_the_last_answer() {
        let two = RequestState::Clarifying { questions: 2 };
        let one = two.advance(RequestEvent::Answer).unwrap();
        assert_eq!(one, RequestState::Clarifying { questions: 1 });
        assert_eq!(
            one.advance(RequestEvent::Answer),
            Ok(RequestState::InProgress)
        );
    }
}
