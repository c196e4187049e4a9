//! The kinds of messages, and what time they give.

use std::time::Duration;

use federation::model::{Header, Urgency, UrgencyBasis};

use super::{FieldProblem, StatementError, codes::codes};

codes! {
    /// What a message is for (domain codes; the same words stand in the header).
    pub enum Kind {
        /// Another State is told that it is affected, or of what concerns it.
        NotifyInc = "NOTIFY-INC",
        /// A State is told that activity comes from or through its territory (norm C).
        NotifyOrig = "NOTIFY-ORIG",
        /// Information is asked for.
        Rfi = "RFI",
        /// Mitigation is asked for (norms C and H).
        Rfm = "RFM",
        /// A request was seen and has a handler. Acknowledging is not agreeing.
        Ack = "ACK",
        /// A request is answered.
        Resp = "RESP",
        /// A question back, or the answer to one.
        Clarify = "CLARIFY",
        /// What has been done since.
        Update = "UPDATE",
        /// An earlier message is taken back.
        Withdraw = "WITHDRAW",
        /// A side closes the thread.
        Close = "CLOSE",
        /// A check whether anybody is there.
        Ping = "PING",
        /// Somebody is.
        Pong = "PONG",
    }

    /// A norm of responsible State behaviour (A/70/174 para. 13 (a) to (k)). Norms are voluntary:
    /// citing one is no legal finding.
    pub enum Norm {
        /// Co-operate for stability and security.
        A = "N-A",
        /// Consider all relevant information in an incident.
        B = "N-B",
        /// Do not knowingly allow territory to be used.
        C = "N-C",
        /// Co-operate against criminal and terrorist use.
        D = "N-D",
        /// Respect human rights and privacy.
        E = "N-E",
        /// Do not damage critical infrastructure.
        F = "N-F",
        /// Protect one's own critical infrastructure.
        G = "N-G",
        /// Respond to requests for assistance and mitigation.
        H = "N-H",
        /// Keep the supply chain sound.
        I = "N-I",
        /// Report vulnerabilities responsibly.
        J = "N-J",
        /// Do no harm to emergency response teams.
        K = "N-K",
    }
}

/// How long the addressee has by default. These are targets of practice, not of law.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Targets {
    /// Until the acknowledgement.
    pub ack: Option<Duration>,
    /// Until the answer.
    pub answer: Option<Duration>,
}

const HOUR: Duration = Duration::from_hours(1);

impl Kind {
    /// True for a message that opens a request with clocks of its own.
    pub const fn asks(self) -> bool {
        match self {
            Self::NotifyInc | Self::NotifyOrig | Self::Rfi | Self::Rfm | Self::Ping => true,
            Self::Ack
            | Self::Resp
            | Self::Clarify
            | Self::Update
            | Self::Withdraw
            | Self::Close
            | Self::Pong => false,
        }
    }

    /// True for a message that must name its parent.
    pub const fn follows(self) -> bool {
        !self.asks()
    }

    /// The time that a message of this kind gives by default. Where life is at risk it is to be
    /// acknowledged within four hours.
    pub const fn targets(self, urgency: Urgency) -> Targets {
        let day = Some(HOUR.saturating_mul(24));
        let three_days = Some(HOUR.saturating_mul(72));
        let usual = match self {
            Self::NotifyInc => Targets {
                ack: day,
                answer: None,
            },
            Self::NotifyOrig | Self::Rfm => Targets {
                ack: day,
                answer: three_days,
            },
            Self::Rfi | Self::Clarify => Targets {
                ack: None,
                answer: three_days,
            },
            Self::Ping => Targets {
                ack: None,
                answer: day,
            },
            Self::Ack | Self::Resp | Self::Update | Self::Withdraw | Self::Close | Self::Pong => {
                Targets {
                    ack: None,
                    answer: None,
                }
            }
        };
        match urgency.basis() {
            Some(UrgencyBasis::LifeAtRisk) if self.asks() && !matches!(self, Self::Ping) => {
                Targets {
                    ack: Some(HOUR.saturating_mul(4)),
                    ..usual
                }
            }
            Some(_) | None => usual,
        }
    }

    /// The kind of a message with this header, if it is one that is known here and names a parent
    /// where it must.
    pub fn of(header: &Header) -> Result<Self, StatementError> {
        let Some(kind) = Self::from_code(header.kind.as_str()) else {
            let problem = FieldProblem::Invalid("no kind of message that is known here".to_owned());
            return Err(StatementError::new("kind", problem));
        };
        if kind.follows() && header.parent.is_none() {
            return Err(StatementError::new("parent", FieldProblem::Missing));
        }
        Ok(kind)
    }

    /// The same word as the header has it.
    pub fn in_header(self) -> Option<federation::model::Kind> {
        self.as_str().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_fits_into_a_header_and_back() {
        for kind in Kind::ALL {
            let word = kind.in_header().unwrap();
            assert_eq!(Kind::from_code(word.as_str()), Some(*kind));
        }
    }

    #[test]
    fn life_at_risk_shortens_the_acknowledgement_only() {
        let flash = Urgency::Flash {
            basis: UrgencyBasis::LifeAtRisk,
        };
        let usual = Kind::Rfm.targets(Urgency::Routine);
        let fast = Kind::Rfm.targets(flash);
        assert_eq!(
            usual,
            Targets {
                ack: Some(24 * HOUR),
                answer: Some(72 * HOUR)
            }
        );
        assert_eq!(
            fast,
            Targets {
                ack: Some(4 * HOUR),
                ..usual
            }
        );
        assert_eq!(Kind::Ack.targets(flash), Targets::default());
    }
}
