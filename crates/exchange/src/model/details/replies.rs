//! Messages that follow others.

use kernel::{MessageId, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::model::{Extra, FieldProblem, Line, StatementError, Text, codes::codes, fields::Fields};

/// The sentence that every acknowledgement bears (A/76/135 para. 30 (c)).
pub const ACKNOWLEDGING_IS_NOT_AGREEING: &str = "acknowledging is not agreeing";

/// The most requests that one CLOSE covers.
const COVERS_MAX: usize = 1_000;

codes! {
    /// How a request is answered.
    pub enum Decision {
        /// It is done or will be.
        Accept = "accept",
        /// A part of it is.
        Partial = "partial",
        /// It is not.
        Decline = "decline",
        /// Somebody else has to be asked.
        Refer = "refer",
        /// It can be neither confirmed nor denied.
        CannotConfirm = "cannot_confirm",
    }

    /// Why a request is declined.
    pub enum DeclineReason {
        /// No capacity.
        NoCapacity = "no_capacity",
        /// The law stands against it.
        LegalBar = "legal_bar",
        /// Sovereignty or public order.
        Sovereignty = "sovereignty",
        /// Too few facts.
        InsufficientFacts = "insufficient_facts",
        /// An investigation is under way.
        UnderInvestigation = "under_investigation",
        /// A political decision.
        Political = "political",
        /// Another reason, given in words.
        Other = "other",
    }

    /// How far an action has come.
    pub enum ActionStatus {
        /// Decided, not begun.
        Planned = "planned",
        /// Begun.
        UnderWay = "under_way",
        /// Done.
        Done = "done",
    }

    /// How far the work has come, as an update says.
    pub enum WorkState {
        /// Being looked at.
        Assessing = "assessing",
        /// Being acted upon.
        Acting = "acting",
        /// Waiting for others.
        Waiting = "waiting",
        /// Done, the answer follows.
        Done = "done",
    }

    /// Why a message is taken back.
    pub enum WithdrawalReason {
        /// It was wrong.
        Error = "error",
        /// It went to the wrong place.
        Misdirected = "misdirected",
        /// A newer one takes its place.
        Superseded = "superseded",
        /// The matter is settled.
        NoLongerNeeded = "no_longer_needed",
        /// Another reason, given in words.
        Other = "other",
    }

    /// What came of a thread.
    pub enum Outcome {
        /// The matter is settled.
        Resolved = "resolved",
        /// A part of it is.
        PartlyResolved = "partly_resolved",
        /// It is not.
        Unresolved = "unresolved",
        /// It was no such matter.
        FalseAlarm = "false_alarm",
        /// It goes on elsewhere.
        MovedElsewhere = "moved_elsewhere",
    }
}

/// ACK: seen, and in somebody's hands. It never says yes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Acknowledgement {
    /// The message acknowledged.
    pub refers_to: MessageId,
    /// When it was received.
    pub received_at: Timestamp,
    /// Who handles it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<Line>,
    /// When more will be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update_by: Option<Timestamp>,
    /// When the sender removed what a withdrawal took back, where it is that which is acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Timestamp>,
    /// [`ACKNOWLEDGING_IS_NOT_AGREEING`], always.
    pub note: &'static str,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Acknowledgement {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        let note: Option<String> = fields.optional("note")?;
        if note.is_some_and(|note| note != ACKNOWLEDGING_IS_NOT_AGREEING) {
            let problem =
                FieldProblem::Invalid(format!("is not {ACKNOWLEDGING_IS_NOT_AGREEING:?}"));
            return Err(StatementError::new(fields.path("note"), problem));
        }
        Ok(Self {
            refers_to: fields.required("refers_to")?,
            received_at: fields.required("received_at")?,
            handler: fields.optional("handler")?,
            next_update_by: fields.optional("next_update_by")?,
            removed_at: fields.optional("removed_at")?,
            note: ACKNOWLEDGING_IS_NOT_AGREEING,
            extra: fields.rest()?,
        })
    }
}

/// RESP: the answer to a request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Response {
    /// The request answered.
    pub refers_to: MessageId,
    /// Yes, no, or something between.
    pub decision: Decision,
    /// Why not, where it is declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<DeclineReason>,
    /// What was done, is being done, will be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// What may not be done with the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Text>,
    /// Whom to ask instead, where it is referred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refer_to: Option<Line>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Response {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        let [reason_path, refer_path] = ["reason", "refer_to"].map(|name| fields.path(name));
        let response = Self {
            refers_to: fields.required("refers_to")?,
            decision: fields.required("decision")?,
            reason: fields.optional("reason")?,
            actions: fields.list_of("actions", 0..=100, Action::read)?,
            restrictions: fields.optional("restrictions")?,
            refer_to: fields.optional("refer_to")?,
            extra: fields.rest()?,
        };
        let missing = |path: String| Err(StatementError::new(path, FieldProblem::Missing));
        match response.decision {
            Decision::Decline if response.reason.is_none() => missing(reason_path),
            Decision::Refer if response.refer_to.is_none() => missing(refer_path),
            Decision::Accept if response.reason.is_some() => Err(StatementError::new(
                reason_path,
                FieldProblem::Contradicts { other: "decision" },
            )),
            Decision::Accept
            | Decision::Partial
            | Decision::Decline
            | Decision::Refer
            | Decision::CannotConfirm => Ok(response),
        }
    }
}

/// Something that was done, is being done or will be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Action {
    /// What.
    pub what: Text,
    /// How far it has come.
    pub status: ActionStatus,
    /// When it was or will be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Action {
    fn read(value: Value, path: &str) -> Result<Self, StatementError> {
        let mut fields = Fields::new(value, path)?;
        Ok(Self {
            what: fields.required("what")?,
            status: fields.required("status")?,
            at: fields.optional("at")?,
            extra: fields.rest()?,
        })
    }
}

/// CLARIFY: a question back, which stops the clock of the answer, or the answer to one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clarification {
    /// The request that it is about.
    pub refers_to: MessageId,
    /// Question or answer.
    #[serde(flatten)]
    pub part: ClarifyPart,
    /// The questions, or the answers in the same order.
    pub items: Vec<Text>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which of the two a CLARIFY is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "part")]
pub enum ClarifyPart {
    /// A question by whoever was asked.
    Question,
    /// The answer by whoever asked first.
    Answer {
        /// The message that holds the question.
        question: MessageId,
    },
}

impl Clarification {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        let word: String = fields.required("part")?;
        let part = match word.as_str() {
            "question" => ClarifyPart::Question,
            "answer" => ClarifyPart::Answer {
                question: fields.required("question")?,
            },
            _ => {
                let problem = FieldProblem::Invalid("not one of question, answer".to_owned());
                return Err(StatementError::new(fields.path("part"), problem));
            }
        };
        Ok(Self {
            refers_to: fields.required("refers_to")?,
            part,
            items: fields.list("items", 1..=50)?,
            extra: fields.rest()?,
        })
    }
}

/// UPDATE: what has been done since.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Update {
    /// The request that it is about.
    pub refers_to: MessageId,
    /// How far the work has come.
    pub state: WorkState,
    /// What was done, is being done, will be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// How the impact has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact_change: Option<Text>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Update {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        Ok(Self {
            refers_to: fields.required("refers_to")?,
            state: fields.required("state")?,
            actions: fields.list_of("actions", 0..=100, Action::read)?,
            impact_change: fields.optional("impact_change")?,
            extra: fields.rest()?,
        })
    }
}

/// WITHDRAW: an earlier message is taken back; the recipient confirms that he removed it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Withdrawal {
    /// The message taken back.
    pub target: MessageId,
    /// Why.
    pub reason: WithdrawalReason,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Withdrawal {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        Ok(Self {
            target: fields.required("target")?,
            reason: fields.required("reason")?,
            extra: fields.rest()?,
        })
    }
}

/// CLOSE: a side closes the thread, with all that was asked in it so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Close {
    /// What came of it.
    pub outcome: Outcome,
    /// Every asking message of the thread that the side knows. A later one reopens the thread.
    pub covers: Vec<MessageId>,
    /// What was learned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lessons: Option<Text>,
    /// Whether the side agrees to publish what both marked CLEAR.
    pub publish: bool,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Close {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        Ok(Self {
            outcome: fields.required("outcome")?,
            covers: fields.list("covers", 0..=COVERS_MAX)?,
            lessons: fields.optional("lessons")?,
            publish: fields.optional("publish")?.unwrap_or(false),
            extra: fields.rest()?,
        })
    }
}

/// PONG: somebody is there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pong {
    /// The ping.
    pub refers_to: MessageId,
    /// What was done about its task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_result: Option<Text>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Pong {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        Ok(Self {
            refers_to: fields.required("refers_to")?,
            task_result: fields.optional("task_result")?,
            extra: fields.rest()?,
        })
    }
}
