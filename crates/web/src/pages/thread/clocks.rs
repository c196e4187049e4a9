//! The clocks of a thread, and the telephone of whoever lets one run out.

use exchange::{
    model::ThreadView,
    state::{Request, RequestState},
};
use kernel::MessageId;

use super::parts::Teller;
use crate::views::{desk::Call, thread::Clock};

impl Teller<'_> {
    /// The clocks at the side: those that run or stand first.
    pub(crate) fn clocks(&self, view: &ThreadView) -> Vec<Clock> {
        let mut clocks: Vec<Clock> = self
            .requests
            .iter()
            .flat_map(|request| self.clocks_of(view, request))
            .collect();
        clocks.sort_by_key(|clock| (clock.met.is_some(), clock.stands, clock.due));
        clocks
    }

    fn clocks_of(&self, view: &ThreadView, request: &Request) -> Vec<Clock> {
        let now = self.w.now();
        let stood = request
            .gross(now)
            .saturating_sub(request.net(now))
            .as_secs();
        let answered = request.response.as_ref().map(|(_, at)| *at);
        let stands = matches!(request.state, RequestState::Clarifying { .. });
        let due = [
            ("acknowledge", request.ack_due, request.acknowledged, false),
            ("answer", request.answer_due_now(now), answered, stands),
        ];
        due.into_iter()
            .filter_map(|(verb, due, met, stands)| Some((verb, due?, met, stands)))
            .filter(|(_, _, met, _)| met.is_some() || !request.state.ended())
            .map(|(verb, due, met, stands)| Clock {
                verb,
                kind: request.kind.as_str().to_owned(),
                party: self.names.party(self.w, &request.addressee),
                due,
                met,
                stands,
                stood_seconds: if verb == "answer" {
                    i64::try_from(stood).unwrap_or(i64::MAX)
                } else {
                    0
                },
                call: if met.is_none() && !stands && due < now {
                    self.call(view, request.id)
                } else {
                    Call::None
                },
            })
            .collect()
    }

    fn call(&self, view: &ThreadView, message: MessageId) -> Call {
        match &self.seen {
            Some((seen, phones)) if *seen == message => Call::Seen(phones.clone()),
            _ if !self.may_look => Call::None,
            _ => Call::Ask {
                url: format!("/threads/{}/call?with={}", view.id, view.party),
                message: message.to_string(),
            },
        }
    }
}
