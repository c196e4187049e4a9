//! What each kind of message asks for, beyond what all have.

mod asks;
mod replies;

use kernel::{IncidentRef, MessageId};
use serde::Serialize;

pub use asks::{
    IncidentNotice, InformationRequest, Measure, MitigationRequest, Observable, ObservableKind,
    OriginNotice, Ping, Window,
};
pub use replies::{
    ACKNOWLEDGING_IS_NOT_AGREEING, Acknowledgement, Action, ActionStatus, Clarification,
    ClarifyPart, Close, Decision, DeclineReason, Outcome, Pong, Response, Update, Withdrawal,
    WithdrawalReason, WorkState,
};

use super::{Kind, StatementError, fields::Fields};
use crate::state::Act;

/// The sentence that stands in a notification to the State of origin unless the sender takes it out
/// (A/76/135 para. 30 (d)).
pub const NO_ATTRIBUTION_IMPLIED: &str = "no attribution to a State is implied";

/// The part of a statement that its kind asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Details {
    /// NOTIFY-INC.
    NotifyInc(IncidentNotice),
    /// NOTIFY-ORIG.
    NotifyOrig(OriginNotice),
    /// RFI.
    Rfi(InformationRequest),
    /// RFM.
    Rfm(MitigationRequest),
    /// ACK.
    Ack(Acknowledgement),
    /// RESP.
    Resp(Response),
    /// CLARIFY.
    Clarify(Clarification),
    /// UPDATE.
    Update(Update),
    /// WITHDRAW.
    Withdraw(Withdrawal),
    /// CLOSE.
    Close(Close),
    /// PING.
    Ping(Ping),
    /// PONG.
    Pong(Pong),
}

impl Details {
    pub(super) fn read(kind: Kind, fields: Fields) -> Result<Self, StatementError> {
        match kind {
            Kind::NotifyInc => IncidentNotice::read(fields).map(Self::NotifyInc),
            Kind::NotifyOrig => OriginNotice::read(fields).map(Self::NotifyOrig),
            Kind::Rfi => InformationRequest::read(fields).map(Self::Rfi),
            Kind::Rfm => MitigationRequest::read(fields).map(Self::Rfm),
            Kind::Ack => Acknowledgement::read(fields).map(Self::Ack),
            Kind::Resp => Response::read(fields).map(Self::Resp),
            Kind::Clarify => Clarification::read(fields).map(Self::Clarify),
            Kind::Update => Update::read(fields).map(Self::Update),
            Kind::Withdraw => Withdrawal::read(fields).map(Self::Withdraw),
            Kind::Close => Close::read(fields).map(Self::Close),
            Kind::Ping => Ping::read(fields).map(Self::Ping),
            Kind::Pong => Pong::read(fields).map(Self::Pong),
        }
    }

    /// The kind to which it belongs.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::NotifyInc(_) => Kind::NotifyInc,
            Self::NotifyOrig(_) => Kind::NotifyOrig,
            Self::Rfi(_) => Kind::Rfi,
            Self::Rfm(_) => Kind::Rfm,
            Self::Ack(_) => Kind::Ack,
            Self::Resp(_) => Kind::Resp,
            Self::Clarify(_) => Kind::Clarify,
            Self::Update(_) => Kind::Update,
            Self::Withdraw(_) => Kind::Withdraw,
            Self::Close(_) => Kind::Close,
            Self::Ping(_) => Kind::Ping,
            Self::Pong(_) => Kind::Pong,
        }
    }

    /// What the message does to the life cycles of its thread.
    pub fn act(&self) -> Act {
        match self {
            Self::NotifyInc(_)
            | Self::NotifyOrig(_)
            | Self::Rfi(_)
            | Self::Rfm(_)
            | Self::Ping(_) => Act::Ask,
            Self::Ack(ack) => Act::Acknowledge {
                request: ack.refers_to,
            },
            Self::Resp(response) => Act::Respond {
                request: response.refers_to,
            },
            Self::Clarify(clarification) => match clarification.part {
                ClarifyPart::Question => Act::Question {
                    request: clarification.refers_to,
                },
                ClarifyPart::Answer { question } => Act::Answer {
                    request: clarification.refers_to,
                    question,
                },
            },
            Self::Update(update) => Act::Progress {
                request: update.refers_to,
            },
            Self::Withdraw(withdrawal) => Act::Withdraw {
                target: withdrawal.target,
            },
            Self::Close(close) => Act::Close {
                covers: close.covers.iter().copied().collect(),
            },
            Self::Pong(pong) => Act::Respond {
                request: pong.refers_to,
            },
        }
    }

    /// The incident that a notice is about.
    pub const fn incident(&self) -> Option<IncidentRef> {
        match self {
            Self::NotifyInc(notice) => Some(notice.incident),
            Self::NotifyOrig(_)
            | Self::Rfi(_)
            | Self::Rfm(_)
            | Self::Ack(_)
            | Self::Resp(_)
            | Self::Clarify(_)
            | Self::Update(_)
            | Self::Withdraw(_)
            | Self::Close(_)
            | Self::Ping(_)
            | Self::Pong(_) => None,
        }
    }

    /// The message that this one takes back.
    pub const fn withdraws(&self) -> Option<MessageId> {
        match self {
            Self::Withdraw(withdrawal) => Some(withdrawal.target),
            Self::NotifyInc(_)
            | Self::NotifyOrig(_)
            | Self::Rfi(_)
            | Self::Rfm(_)
            | Self::Ack(_)
            | Self::Resp(_)
            | Self::Clarify(_)
            | Self::Update(_)
            | Self::Close(_)
            | Self::Ping(_)
            | Self::Pong(_) => None,
        }
    }
}
