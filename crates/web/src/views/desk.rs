//! The desk: what waits, how the State stands, what is new.

use askama::Template;
use kernel::{Timestamp, Tlp};

use super::{
    clocks::ReportDue,
    frame::{Link, PartyName, Shell},
    work::WorkLine,
};
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
    /// How many of all that waits for this desk are within their time, and how many wait.
    pub within: (u64, u64),
    /// What this desk waits for, the latest first.
    pub for_others: Vec<Waiting>,
    /// The register at a glance.
    pub state: StateFigures,
    /// The reports that are due, the earliest first.
    pub reports: Vec<ReportDue>,
    /// What waits for the reader in incidents: notes that mention him, and his tasks.
    pub work: Vec<WorkLine>,
    /// When the reader looked last, if ever.
    pub looked: Option<Timestamp>,
    /// What came since.
    pub news: Vec<News>,
    /// What needs a look at the machinery: a peer out of reach, a frozen ledger.
    pub troubles: Vec<Trouble>,
}

impl Desk {
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
    /// The incident it is about, if the reader may see one.
    pub incident: Option<Link>,
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
    /// How many of those on which work goes on stand at each level of severity, the gravest first.
    pub levels: Vec<LevelShare>,
    /// How many were entered in each of the last weeks, and when it began; the running one last.
    pub weeks: Vec<(Timestamp, u64)>,
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

/// How many stand at a level of severity.
#[derive(Clone, Debug)]
pub struct LevelShare {
    /// The level, 0 to 5.
    pub level: u8,
    /// How many.
    pub count: u64,
    /// The list of them.
    pub url: String,
}

/// The width of the little chart's field; its height is 32.
const CHART_WIDTH: u64 = 128;

/// One bar of the little chart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bar {
    /// Its left edge.
    pub x: u64,
    /// Its upper edge.
    pub y: u64,
    /// Its width.
    pub width: u64,
    /// Its height.
    pub height: u64,
    /// Whether it is the running week.
    pub now: bool,
    /// When the week began.
    pub from: Timestamp,
    /// How many.
    pub count: u64,
}

impl StateFigures {
    /// How many were entered in the weeks of the chart.
    pub fn entered(&self) -> u64 {
        let counts = self.weeks.iter().map(|&(_, count)| count);
        counts.fold(0, u64::saturating_add)
    }

    /// The counts in words, for whoever does not see the chart.
    pub fn counts(&self, w: &Words) -> String {
        let counts = self.weeks.iter().map(|(_, count)| w.number(count));
        counts.collect::<Vec<_>>().join(&w.t("comma"))
    }

    /// The bars of the little chart, in a field of 128 by 32.
    pub fn bars(&self) -> Vec<Bar> {
        let tallest = self.weeks.iter().map(|&(_, count)| count).max();
        let tallest = tallest.unwrap_or(0).max(1);
        let weeks = u64::try_from(self.weeks.len()).unwrap_or(1).max(1);
        let step = (CHART_WIDTH / weeks).max(2);
        let bar = |(at, &(from, count)): (u64, &(Timestamp, u64))| {
            let height = (count.saturating_mul(30) / tallest)
                .saturating_add(2)
                .min(32);
            Bar {
                x: at.saturating_mul(step),
                y: 32_u64.saturating_sub(height),
                width: step.saturating_sub(4).max(1),
                height,
                now: at.saturating_add(1) == weeks,
                from,
                count,
            }
        };
        (0..).zip(&self.weeks).map(bar).collect()
    }
}

/// Something between this node and another that needs a look.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// What it is.
    pub text: String,
    /// Where to look.
    pub url: String,
    /// Since when, where that is known.
    pub at: Option<Timestamp>,
    /// The alarm that the reader may note as seen; empty for none.
    pub alarm: String,
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
        for counts in [vec![0, 3, 90, 1, 2, 7, 0, 5], vec![1; 12], vec![0; 8]] {
            let weeks = counts.iter().zip(0..);
            let state = StateFigures {
                weeks: weeks
                    .map(|(count, at)| (Timestamp::from_micros(at), *count))
                    .collect(),
                ..StateFigures::default()
            };
            let bars = state.bars();
            assert_eq!(bars.len(), counts.len());
            assert!(bars.iter().all(|bar| bar.y + bar.height == 32
                && bar.height >= 2
                && bar.x + bar.width <= CHART_WIDTH));
            assert!(bars.is_sorted_by(|one, next| one.x + one.width < next.x));
            assert_eq!(bars.iter().filter(|bar| bar.now).count(), 1);
            assert_eq!(state.entered(), counts.iter().sum::<u64>());
        }
    }
}
