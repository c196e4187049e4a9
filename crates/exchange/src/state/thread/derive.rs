//! What follows from the messages of a thread.

use std::collections::BTreeSet;

use kernel::{MessageId, PartyCode, Timestamp};

use super::{Act, Ended, SILENCE, Said, Thread, ThreadState};
use crate::{
    model::Kind,
    state::{Request, RequestState, clock},
};

impl Thread {
    /// Where the thread stands.
    pub fn state(&self, now: Timestamp) -> ThreadState {
        let needed = self.needed();
        let closers = self
            .parties
            .each_ref()
            .map(|party| self.notice(party, |covers| needed.is_subset(covers)));
        if let Some(how) = self.ended(closers, now) {
            return ThreadState::Closed { how };
        }
        let by = self
            .parties
            .iter()
            .zip(closers)
            .find_map(|(party, notice)| notice.map(|_| party.clone()));
        match by {
            Some(by) => ThreadState::Closing { by },
            None if needed.is_empty() && self.asks().next().is_some() && self.only_pings() => {
                ThreadState::Closed {
                    how: Ended::Answered,
                }
            }
            None => ThreadState::Open,
        }
    }

    /// When the silence of the other side closes the thread, if it is closing.
    pub fn closes_at(&self, now: Timestamp) -> Option<Timestamp> {
        let ThreadState::Closing { by } = self.state(now) else {
            return None;
        };
        let needed = self.needed();
        let notice = self.notice(&by, |covers| needed.is_subset(covers))?;
        Some(self.last_heard(self.other(&by), notice).plus(SILENCE))
    }

    /// All requests of the thread, in the order in which they were asked.
    pub fn requests(&self, now: Timestamp) -> Vec<Request> {
        let mut requests: Vec<Request> = self
            .standing()
            .filter(|said| said.act == Act::Ask)
            .chain(self.withdrawn_asks())
            .map(|ask| self.derive(ask, now))
            .collect();
        requests.sort_by_key(|request| (request.asked, request.id));
        requests
    }

    /// One request.
    pub fn request(&self, id: MessageId, now: Timestamp) -> Option<Request> {
        let ask = self.said.get(&id).filter(|said| said.act == Act::Ask)?;
        Some(self.derive(ask, now))
    }

    /// Whether a message was taken back by its sender.
    pub fn withdrawn(&self, id: MessageId) -> bool {
        self.said.get(&id).is_some_and(|target| {
            // Taking back a taking-back says nothing; neither does taking back another's words.
            !matches!(target.act, Act::Withdraw { .. })
                && self.taken_back.contains(&(id, target.by.clone()))
        })
    }

    /// What was said and not taken back.
    pub(super) fn standing(&self) -> impl Iterator<Item = &Said> {
        self.said.values().filter(|said| !self.withdrawn(said.id))
    }

    fn withdrawn_asks(&self) -> impl Iterator<Item = &Said> {
        self.said
            .values()
            .filter(|said| said.act == Act::Ask && self.withdrawn(said.id))
    }

    /// What both sides have to close: everything asked that was not taken back, but for pings that
    /// were answered.
    fn needed(&self) -> BTreeSet<MessageId> {
        self.standing()
            .filter(|said| said.act == Act::Ask)
            .filter(|ask| ask.kind != Kind::Ping || self.responses(ask).next().is_none())
            .map(|ask| ask.id)
            .collect()
    }

    fn only_pings(&self) -> bool {
        self.standing()
            .all(|said| matches!(said.kind, Kind::Ping | Kind::Pong))
    }

    /// When a party gave notice that it closes, if what its notices cover is `enough`.
    fn notice(
        &self,
        party: &PartyCode,
        enough: impl Fn(&BTreeSet<MessageId>) -> bool,
    ) -> Option<Timestamp> {
        let mut covered = BTreeSet::new();
        let mut at = None;
        for said in self.standing().filter(|said| said.by == *party) {
            if let Act::Close { covers } = &said.act {
                covered.extend(covers.iter().copied());
                at = at.max(Some(said.sent));
            }
        }
        at.filter(|_| enough(&covered))
    }

    /// Whether two notices, of the parties in order, end what they cover.
    fn ended(&self, notices: [Option<Timestamp>; 2], now: Timestamp) -> Option<Ended> {
        let silent = |by: &PartyCode, notice: Timestamp| {
            self.silent_after(self.other(by), notice, now)
                .then(|| Ended::Silence { by: by.clone() })
        };
        let [one, other] = &self.parties;
        match notices {
            [Some(_), Some(_)] => Some(Ended::Both),
            [Some(notice), None] => silent(one, notice),
            [None, Some(notice)] => silent(other, notice),
            [None, None] => None,
        }
    }

    /// True if a party has once said nothing for [`SILENCE`] after a notice.
    fn silent_after(&self, party: &PartyCode, notice: Timestamp, now: Timestamp) -> bool {
        let mut heard: Vec<Timestamp> = self.heard(party, notice).collect();
        heard.push(now);
        heard.sort();
        let mut since = notice;
        heard.into_iter().any(|next| {
            let silent = next.since(since) >= SILENCE;
            since = next.max(since);
            silent
        })
    }

    fn last_heard(&self, party: &PartyCode, notice: Timestamp) -> Timestamp {
        self.heard(party, notice).max().unwrap_or(notice)
    }

    fn heard(&self, party: &PartyCode, notice: Timestamp) -> impl Iterator<Item = Timestamp> {
        self.said
            .values()
            .filter(move |said| said.by == *party && said.sent > notice)
            .map(|said| said.sent)
    }

    /// What stands and refers to a request, by whoever may say it.
    fn about(&self, ask: &Said, by: &PartyCode) -> impl Iterator<Item = &Said> {
        self.standing().filter(move |said| {
            let request = match &said.act {
                Act::Acknowledge { request }
                | Act::Progress { request }
                | Act::Question { request }
                | Act::Answer { request, .. }
                | Act::Respond { request } => Some(*request),
                Act::Ask | Act::Withdraw { .. } | Act::Close { .. } => None,
            };
            request == Some(ask.id) && said.by == *by
        })
    }

    fn responses(&self, ask: &Said) -> impl Iterator<Item = &Said> {
        self.about(ask, &ask.to)
            .filter(|said| matches!(said.act, Act::Respond { .. }))
    }

    fn derive(&self, ask: &Said, now: Timestamp) -> Request {
        let reactions: Vec<&Said> = self.about(ask, &ask.to).collect();
        let response = self
            .responses(ask)
            .map(|said| (said.sent, said.id))
            .max()
            .map(|(at, id)| (id, at));
        let questions: Vec<&Said> = reactions
            .iter()
            .copied()
            .filter(|said| matches!(said.act, Act::Question { .. }))
            .collect();
        let open: Vec<MessageId> = questions
            .iter()
            .filter(|question| self.answered(ask, question).is_none())
            .map(|question| question.id)
            .collect();
        let pauses = questions
            .iter()
            .map(|question| {
                let until = self.answered(ask, question);
                (question.sent, until.map(|until| until.max(question.sent)))
            })
            .collect();
        Request {
            id: ask.id,
            kind: ask.kind,
            asker: ask.by.clone(),
            addressee: ask.to.clone(),
            asked: ask.sent,
            ack_due: ask.ack_due,
            answer_due: ask.answer_due,
            state: self.request_state(ask, &reactions, open.len(), now),
            acknowledged: reactions.iter().map(|said| said.sent).min(),
            response,
            questions: open,
            pauses: clock::join(pauses),
        }
    }

    /// When the asker answered a question, if he did.
    fn answered(&self, ask: &Said, question: &Said) -> Option<Timestamp> {
        self.about(ask, &ask.by)
            .filter(|said| {
                let act = Act::Answer {
                    request: ask.id,
                    question: question.id,
                };
                said.act == act
            })
            .map(|said| said.sent)
            .min()
    }

    fn request_state(
        &self,
        ask: &Said,
        reactions: &[&Said],
        open: usize,
        now: Timestamp,
    ) -> RequestState {
        let any = |is: fn(&Act) -> bool| reactions.iter().any(|said| is(&said.act));
        let notices = self
            .parties
            .each_ref()
            .map(|party| self.notice(party, |covers| covers.contains(&ask.id)));
        if self.withdrawn(ask.id) {
            RequestState::Withdrawn
        } else if any(|act| matches!(act, Act::Respond { .. })) {
            RequestState::Responded
        } else if self.ended(notices, now).is_some() {
            RequestState::Expired
        } else if open > 0 {
            RequestState::Clarifying {
                questions: u32::try_from(open).unwrap_or(u32::MAX),
            }
        } else if any(|act| matches!(act, Act::Progress { .. } | Act::Question { .. })) {
            RequestState::InProgress
        } else if any(|act| matches!(act, Act::Acknowledge { .. })) {
            RequestState::Acknowledged
        } else {
            RequestState::Open
        }
    }
}
