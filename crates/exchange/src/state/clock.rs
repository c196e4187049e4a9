//! A request as it stands, and its clocks.

use std::time::Duration;

use kernel::{MessageId, PartyCode, Timestamp};

use super::RequestState;
use crate::model::Kind;

/// A request, as derived from the messages of its thread. All times are those that the senders
/// state, so that both sides compute the same figures.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Request {
    /// The asking message.
    pub id: MessageId,
    /// Its kind.
    pub kind: Kind,
    /// Who asks.
    pub asker: PartyCode,
    /// Who is asked.
    pub addressee: PartyCode,
    /// When it was asked.
    pub asked: Timestamp,
    /// By when the asker wants an acknowledgement.
    pub ack_due: Option<Timestamp>,
    /// By when the asker wants an answer, without pauses.
    pub answer_due: Option<Timestamp>,
    /// Where it stands.
    pub state: RequestState,
    /// When the addressee first reacted.
    pub acknowledged: Option<Timestamp>,
    /// The answer that counts, and when it was given.
    pub response: Option<(MessageId, Timestamp)>,
    /// The messages with questions that wait for the asker.
    pub questions: Vec<MessageId>,
    /// When the clock of the answer stood still: in order, without overlaps; the last may be open.
    pub pauses: Vec<(Timestamp, Option<Timestamp>)>,
}

/// Which clocks have run out.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Overdue {
    /// The acknowledgement is late.
    pub ack: bool,
    /// The answer is late.
    pub answer: bool,
}

impl Request {
    /// The time from the question to the answer, or to now, with all pauses.
    pub fn gross(&self, now: Timestamp) -> Duration {
        self.end(now).since(self.asked)
    }

    /// The time that the addressee himself has taken: without the pauses.
    pub fn net(&self, now: Timestamp) -> Duration {
        self.gross(now).saturating_sub(self.paused(now))
    }

    /// By when the answer is due, given the pauses so far.
    pub fn answer_due_now(&self, now: Timestamp) -> Option<Timestamp> {
        self.answer_due.map(|due| due.plus(self.paused(now)))
    }

    /// Which clocks have run out at this moment. Nothing is overdue once the request has ended.
    pub fn overdue(&self, now: Timestamp) -> Overdue {
        if self.state.ended() {
            return Overdue::default();
        }
        let late = |due: Option<Timestamp>| due.is_some_and(|due| due < now);
        Overdue {
            ack: self.acknowledged.is_none() && late(self.ack_due),
            answer: late(self.answer_due_now(now)),
        }
    }

    fn end(&self, now: Timestamp) -> Timestamp {
        self.response.map_or(now, |(_, at)| at)
    }

    /// How long the clock of the answer stood still.
    fn paused(&self, now: Timestamp) -> Duration {
        let end = self.end(now);
        self.pauses
            .iter()
            .map(|(from, until)| {
                let until = until.unwrap_or(end).min(end);
                until.since((*from).max(self.asked))
            })
            .sum()
    }
}

/// Joins intervals that overlap; each is from a question to its answer, if there is one.
pub(super) fn join(
    mut intervals: Vec<(Timestamp, Option<Timestamp>)>,
) -> Vec<(Timestamp, Option<Timestamp>)> {
    intervals.sort_by_key(|(from, until)| (*from, until.is_none(), *until));
    let mut joined: Vec<(Timestamp, Option<Timestamp>)> = Vec::new();
    for (from, until) in intervals {
        match joined.last_mut() {
            Some((_, last @ Some(_))) if last.is_some_and(|end| from <= end) => {
                *last = match (*last, until) {
                    (Some(one), Some(other)) => Some(one.max(other)),
                    (Some(_) | None, None) | (None, Some(_)) => None,
                };
            }
            // An open interval holds all that begins later.
            Some((_, None)) => {}
            Some((_, Some(_))) | None => joined.push((from, until)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn at(hour: i64) -> Timestamp {
        Timestamp::from_micros(hour * 3_600_000_000)
    }

    const fn hours(n: u64) -> Duration {
        Duration::from_secs(n * 3_600)
    }

    fn request(pauses: Vec<(Timestamp, Option<Timestamp>)>) -> Request {
        Request {
            id: "message--6f9c1c44-0000-4000-8000-000000000000"
                .parse()
                .unwrap(),
            kind: Kind::Rfm,
            asker: "XA".parse().unwrap(),
            addressee: "XB".parse().unwrap(),
            asked: at(0),
            ack_due: Some(at(24)),
            answer_due: Some(at(72)),
            state: RequestState::Open,
            acknowledged: None,
            response: None,
            questions: Vec::new(),
            pauses,
        }
    }

    #[test]
    fn clarifying_stops_the_clock_for_as_long_as_the_asker_takes() {
        let paused = request(vec![(at(10), Some(at(40)))]);
        assert_eq!(paused.gross(at(80)), hours(80));
        assert_eq!(paused.net(at(80)), hours(50));
        assert_eq!(paused.answer_due_now(at(80)), Some(at(102)));
        assert_eq!(
            paused.overdue(at(80)),
            Overdue {
                ack: true,
                answer: false
            }
        );
        assert_eq!(
            paused.overdue(at(103)),
            Overdue {
                ack: true,
                answer: true
            }
        );
    }

    #[test]
    fn an_open_question_keeps_the_clock_still() {
        let waiting = request(vec![(at(10), None)]);
        assert_eq!(waiting.net(at(1_000)), hours(10));
        assert!(!waiting.overdue(at(1_000)).answer);
    }

    #[test]
    fn nothing_is_overdue_after_the_end() {
        let mut ended = request(Vec::new());
        ended.state = RequestState::Responded;
        ended.response = Some((ended.id, at(90)));
        assert_eq!(ended.overdue(at(1_000)), Overdue::default());
        assert_eq!(ended.gross(at(1_000)), hours(90));
    }

    #[test]
    fn due_is_the_last_moment_in_time() {
        assert!(!request(Vec::new()).overdue(at(24)).ack);
        assert!(request(Vec::new()).overdue(at(25)).ack);
    }

    proptest! {
        #[test]
        fn joined_intervals_cover_the_same_hours(
            intervals in proptest::collection::vec((0i64..40, proptest::option::of(0i64..20)), 0..8)
        ) {
            let intervals: Vec<_> = intervals
                .into_iter()
                .map(|(from, length)| (at(from), length.map(|length| at(from + length))))
                .collect();
            let covers = |list: &[(Timestamp, Option<Timestamp>)], moment: Timestamp| {
                list.iter().any(|(from, until)| *from <= moment && until.is_none_or(|end| moment < end))
            };
            let joined = join(intervals.clone());
            for hour in 0..100 {
                prop_assert_eq!(covers(&joined, at(hour)), covers(&intervals, at(hour)));
            }
            prop_assert!(joined.windows(2).all(|pair| pair[0].1.is_some_and(|end| end < pair[1].0)));
        }
    }
}
