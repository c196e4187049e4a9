//! What is said: the kinds of messages, and what each of them says.
//!
//! A [`Statement`] is what a person writes; it is the `content` of the body that `federation` seals
//! with the copy of the header, the salts and the names of attachments. Statements of newer peers may
//! hold fields that this code does not know; they are kept (`extra`) and written again.

mod circle;
mod codes;
mod details;
mod error;
mod evidence;
mod fields;
mod kind;
mod message;
mod statement;
mod text;
mod view;

pub(crate) use circle::refused;
pub use circle::{CIRCLE_KINDS, CircleMessage};
pub use details::{
    ACKNOWLEDGING_IS_NOT_AGREEING, Acknowledgement, Action, ActionStatus, Clarification,
    ClarifyPart, Close, Decision, DeclineReason, Details, IncidentNotice, InformationRequest,
    Measure, MitigationRequest, NO_ATTRIBUTION_IMPLIED, Observable, ObservableKind, OriginNotice,
    Outcome, Ping, Pong, Response, Update, Window, Withdrawal, WithdrawalReason, WorkState,
};
pub use error::{FieldProblem, StatementError};
pub use evidence::{
    AnalyticConfidence, Attribution, AttributionLevel, Confidence, Credibility, Custody, Evidence,
    Likelihood, Reliability,
};
pub use federation::model::{Urgency, UrgencyBasis};
pub use fields::Extra;
pub use kind::{Kind, Norm, Targets};
pub use message::{
    Audience, FILE_BYTES_MAX, FileInfo, FileState, NewMessage, Preview, Proof, Sent,
};
pub use statement::Statement;
pub use text::{LanguageTag, Line, Text, TextError};
pub use view::{
    Clocked, Counts, Deed, Gone, ListedThread, MessageView, NextClock, Tab, ThreadFilter,
    ThreadView, Timeless, Verb,
};
