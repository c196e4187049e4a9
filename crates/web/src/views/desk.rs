//! The desk: what waits, how the State stands, what is new.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::frame::{PartyName, Shell};
use crate::words::Words;

/// `GET /desk`.
#[derive(Debug, Template)]
#[template(path = "desk.html")]
pub struct Desk {
    /// The reader's words.
    pub w: Words,
    /// The frame.
    pub shell: Shell,
    /// What waits for this desk, the most urgent first; nothing for a reader who takes no part in
    /// the exchange.
    pub for_us: Option<Vec<Waiting>>,
    /// What this desk waits for, the latest first.
    pub for_others: Vec<Waiting>,
    /// The register at a glance.
    pub state: StateFigures,
    /// When the reader looked last, if ever.
    pub looked: Option<Timestamp>,
    /// What came since.
    pub news: Vec<News>,
    /// What needs a look at the machinery: a peer out of reach, a frozen ledger.
    pub troubles: Vec<News>,
}

impl Desk {
    /// How many of what waits for this desk are within their time.
    pub fn within(&self, list: &[Waiting]) -> u64 {
        let within = list.iter().filter(|waiting| !self.is_late(waiting)).count();
        u64::try_from(within).unwrap_or(u64::MAX)
    }

    /// True where the clock has run out; a clock that stands never has.
    pub fn is_late(&self, waiting: &Waiting) -> bool {
        !waiting.stands && waiting.due.is_some_and(|due| self.w.is_late(&due))
    }
}

/// One thing that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What is to be done: `acknowledge`, `answer`, `clarify`, `close`.
    pub verb: &'static str,
    /// When it is due; nothing where no time was set.
    pub due: Option<Timestamp>,
    /// Whether the clock stands while a question is open.
    pub stands: bool,
    /// The kind of the message, such as `RFM`.
    pub kind: String,
    /// The thread's title.
    pub title: String,
    /// The thread's page, at the message.
    pub url: String,
    /// The other party.
    pub party: PartyName,
    /// The incident it is about, if one is named.
    pub incident: String,
    /// The marking.
    pub tlp: Tlp,
    /// `routine`, `urgent` or `flash`.
    pub urgency: String,
    /// How to reach the other desk when it is overdue.
    pub call: Call,
}

/// How to reach the other desk by telephone. Contact data is shown on request only, since each look
/// at it is recorded.
#[derive(Clone, Debug, Default)]
pub enum Call {
    /// It is not offered.
    #[default]
    None,
    /// The number can be asked for.
    Ask {
        /// Where to ask.
        url: String,
        /// The message whose desk is meant.
        message: String,
    },
    /// It was asked for.
    Seen(Phones),
}

/// The telephones of the right desk.
#[derive(Clone, Debug)]
pub struct Phones {
    /// The desk's name, and who answers where that is known.
    pub desk: String,
    /// The numbers as one dials them, the first one first.
    pub numbers: Vec<String>,
}

/// A telephone number as a link takes it.
pub fn tel(number: &str) -> String {
    let kept = number.chars().filter(|c| c.is_ascii_digit() || *c == '+');
    format!("tel:{}", kept.collect::<String>())
}

/// The register at a glance.
#[derive(Clone, Debug, Default)]
pub struct StateFigures {
    /// Incidents that are not closed; nothing for a reader who may not read the register.
    pub open: Option<u64>,
    /// How they divide: a word, how many, and the list of them.
    pub shares: Vec<Share>,
    /// New ones in each of the last weeks, the oldest first.
    pub weeks: Vec<u64>,
    /// Threads that are open; nothing for a reader who takes no part in the exchange.
    pub threads: Option<u64>,
}

/// A part of a figure.
#[derive(Clone, Debug)]
pub struct Share {
    /// What it is.
    pub text: String,
    /// How many.
    pub count: u64,
    /// The list of them.
    pub url: String,
}

impl StateFigures {
    /// The bars of the little chart: x, y and height in a field of 120 by 32, and whether it is the
    /// running week.
    pub fn bars(&self) -> Vec<(usize, u64, u64, bool)> {
        let tallest = self.weeks.iter().copied().max().unwrap_or(0).max(1);
        let last = self.weeks.len().saturating_sub(1);
        let bar = |(at, &count): (usize, &u64)| {
            let height = (count.saturating_mul(30) / tallest)
                .saturating_add(2)
                .min(32);
            (
                at.saturating_mul(20),
                32_u64.saturating_sub(height),
                height,
                at == last,
            )
        };
        self.weeks.iter().take(6).enumerate().map(bar).collect()
    }
}

/// One line of news.
#[derive(Clone, Debug)]
pub struct News {
    /// The sentence, with its number.
    pub text: String,
    /// What it counts.
    pub url: String,
    /// Whether it is a worry.
    pub bad: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_without_its_spaces() {
        assert_eq!(tel("+990 (1) 555-01 42"), "tel:+99015550142");
    }

    #[test]
    fn bars_stay_in_their_field() {
        let state = StateFigures {
            weeks: vec![0, 3, 90, 1, 2, 7],
            ..StateFigures::default()
        };
        let bars = state.bars();
        assert!(
            bars.iter()
                .all(|&(_, y, height, _)| y + height == 32 && height >= 2)
        );
        assert_eq!(bars.iter().filter(|bar| bar.3).count(), 1);
    }
}
