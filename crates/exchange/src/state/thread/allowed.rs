//! What a side may do now. Pages offer these and nothing else.

use kernel::{MessageId, PartyCode, Timestamp};

use super::{Act, Ended, Said, Thread, ThreadState};
use crate::{
    model::Kind,
    state::{Request, RequestEvent},
};

/// Something that a side may say now.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Allowed {
    /// Ask something new, which opens a closed thread again.
    Ask,
    /// Acknowledge the request (ACK).
    Acknowledge {
        /// Which.
        request: MessageId,
    },
    /// Say how far the work is (UPDATE).
    Progress {
        /// On which request.
        request: MessageId,
    },
    /// Ask back (CLARIFY).
    Question {
        /// About which request.
        request: MessageId,
    },
    /// Answer a question (CLARIFY).
    Answer {
        /// Of which request.
        request: MessageId,
        /// Which question.
        question: MessageId,
    },
    /// Answer the request (RESP, or PONG to a PING).
    Respond {
        /// Which.
        request: MessageId,
        /// [`Kind::Resp`] or [`Kind::Pong`].
        kind: Kind,
    },
    /// Take an own message back (WITHDRAW).
    Withdraw {
        /// Which.
        target: MessageId,
    },
    /// Close the thread (CLOSE).
    Close,
}

impl Thread {
    /// All that `us` may say now, in the order of the requests.
    pub fn allowed(&self, us: &PartyCode, now: Timestamp) -> Vec<Allowed> {
        let requests = self.requests(now);
        let mut allowed = vec![Allowed::Ask];
        for request in &requests {
            if request.addressee == *us {
                allowed.extend(as_addressee(request));
            } else {
                allowed.extend(as_asker(request));
            }
        }
        if self.may_close(us, &requests, now) {
            allowed.push(Allowed::Close);
        }
        allowed.extend(
            self.standing()
                .filter(|said| said.by == *us && may_withdraw(said))
                .map(|said| Allowed::Withdraw { target: said.id }),
        );
        allowed
    }

    /// Whether `us` may say this now: what an operation asks before it sends.
    pub fn permits(&self, us: &PartyCode, act: &Act, kind: Kind, now: Timestamp) -> bool {
        let wanted = match act {
            Act::Ask => Allowed::Ask,
            Act::Acknowledge { request } => Allowed::Acknowledge { request: *request },
            Act::Progress { request } => Allowed::Progress { request: *request },
            Act::Question { request } => Allowed::Question { request: *request },
            Act::Answer { request, question } => Allowed::Answer {
                request: *request,
                question: *question,
            },
            Act::Respond { request } => Allowed::Respond {
                request: *request,
                kind,
            },
            Act::Withdraw { target } => Allowed::Withdraw { target: *target },
            Act::Close { .. } => Allowed::Close,
        };
        self.allowed(us, now).contains(&wanted)
    }

    /// A side closes when it owes nothing, or when the other side has closed already.
    fn may_close(&self, us: &PartyCode, requests: &[Request], now: Timestamp) -> bool {
        match self.state(now) {
            ThreadState::Open => {
                let owes = |request: &Request| request.addressee == *us && !request.state.ended();
                !requests.is_empty() && !requests.iter().any(owes)
            }
            ThreadState::Closing { by } => by != *us,
            ThreadState::Closed { how } => match how {
                Ended::Both | Ended::Silence { .. } | Ended::Answered => false,
            },
        }
    }
}

fn as_addressee(request: &Request) -> Vec<Allowed> {
    let id = request.id;
    let steps = [
        (
            RequestEvent::Acknowledge,
            Allowed::Acknowledge { request: id },
        ),
        (RequestEvent::Progress, Allowed::Progress { request: id }),
        (RequestEvent::Question, Allowed::Question { request: id }),
        (
            RequestEvent::Respond,
            Allowed::Respond {
                request: id,
                kind: Kind::Resp,
            },
        ),
    ];
    let pong = Allowed::Respond {
        request: id,
        kind: Kind::Pong,
    };
    if request.kind == Kind::Ping {
        // A ping wants its pong, once.
        return if request.response.is_none() && request.state.advance(RequestEvent::Respond).is_ok()
        {
            vec![pong]
        } else {
            Vec::new()
        };
    }
    steps
        .into_iter()
        .filter(|(event, _)| request.state.advance(*event).is_ok())
        .map(|(_, allowed)| allowed)
        .collect()
}

fn as_asker(request: &Request) -> Vec<Allowed> {
    if request.state.advance(RequestEvent::Answer).is_err() {
        return Vec::new();
    }
    request
        .questions
        .iter()
        .map(|question| Allowed::Answer {
            request: request.id,
            question: *question,
        })
        .collect()
}

/// A withdrawal stands; so does a pong, of which nobody can say anything else.
const fn may_withdraw(said: &Said) -> bool {
    match said.kind {
        Kind::Withdraw | Kind::Pong => false,
        Kind::NotifyInc
        | Kind::NotifyOrig
        | Kind::Rfi
        | Kind::Rfm
        | Kind::Ack
        | Kind::Resp
        | Kind::Clarify
        | Kind::Update
        | Kind::Close
        | Kind::Ping => true,
    }
}
