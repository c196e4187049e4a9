//! Counts, shares and sums that delegations stated and that are no incidents.
//!
//! They have a type of their own without arithmetic, because they overlap, repeat and count
//! different things: attempts, reports, payments, demands. They can be read and listed, and nothing
//! else. The format is described in `data/README.md`.

mod file;

use std::fmt;

use kernel::Country;

pub use file::all;

use crate::model::{Bound, Grade, Line, Period, Sector, Unit, words};

words! {
    /// What a statement is about.
    StatisticKind, "statistic, actor-revenue, law-enforcement or context", {
        /// A count, share or sum.
        Statistic = "statistic",
        /// What actors are said to have received.
        ActorRevenue = "actor-revenue",
        /// An act of law enforcement or a sanction.
        LawEnforcement = "law-enforcement",
        /// A denominator, a process fact, a capacity figure.
        Context = "context",
    }
}

words! {
    /// What a figure counts. Two figures of different kinds are never the same thing.
    Counts, "a kind of count of data/README.md", {
        /// Groups and persons who attack.
        Actors = "actors",
        /// Events and attempts, never incidents.
        Attempts = "attempts",
        /// Attacks, as the source counts them.
        Attacks = "attacks",
        /// People, funds and bodies that build capacity.
        Capacity = "capacity",
        /// A change over time.
        Change = "change",
        /// How much there is that can be hit: a denominator.
        Exposure = "exposure",
        /// Incidents, as the source counts them.
        Incidents = "incidents",
        /// Measures taken.
        Measures = "measures",
        /// Ransom demanded, never what was paid.
        MoneyDemanded = "money-demanded",
        /// Losses.
        MoneyLost = "money-lost",
        /// Ransom paid.
        MoneyPaid = "money-paid",
        /// Proceeds of actors.
        MoneyReceived = "money-received",
        /// Organisations.
        Organisations = "organisations",
        /// People.
        People = "people",
        /// A goal or forecast.
        Projection = "projection",
        /// One figure as a multiple of another.
        Ratio = "ratio",
        /// Incidents that were reported, fewer than there were.
        Reports = "reports",
        /// Requests.
        Requests = "requests",
        /// Sectors.
        Sectors = "sectors",
        /// A share of something.
        Share = "share",
        /// States.
        States = "states",
        /// Time.
        Time = "time",
    }
}

/// One statement that is no incident.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statistic {
    /// What it is about.
    pub kind: StatisticKind,
    /// Its number in the list of statements, such as `INC-009`.
    pub row: Line<20>,
    /// Statements with the same key give the same figure.
    pub merge_key: Option<Line<100>>,
    /// The shipped incident whose denominators these are.
    pub about: Option<Line<100>>,
    /// What is said.
    pub says: Line<1000>,
    /// Of whom or what.
    pub population: Option<Line<300>>,
    /// The States concerned.
    pub countries: Vec<Country>,
    /// True where it speaks of the world.
    pub worldwide: bool,
    /// Sectors.
    pub sectors: Vec<Sector>,
    /// The actor as stated.
    pub actor: Option<Line<300>>,
    /// The delegation or organisation; never a person.
    pub by: Line<200>,
    /// The State, where a State speaks.
    pub country: Option<Country>,
    /// What the speaker was.
    pub role: Option<Line<200>>,
    /// Whom the speaker cites.
    pub cites: Option<Line<200>>,
    /// The document.
    pub document: Line<200>,
    /// The line of the document.
    pub line: u32,
    /// Of what time.
    pub period: Period,
    /// What the reader should know of it.
    pub note: Option<Line<1000>>,
    /// The figures; an act or a fact has none.
    pub figures: Vec<StatedFigure>,
}

/// A figure as stated. It can be shown, and nothing else: there is deliberately no way to get a
/// number out of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StatedFigure {
    /// What it measures.
    pub what: Line<300>,
    /// What it counts.
    pub of: Counts,
    /// How good the source is.
    pub grade: Grade,
    /// What the reader should know of it.
    pub note: Option<Line<1000>>,
    value: Value,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Value {
    Stated { bound: Bound, unit: Unit },
    NotStated,
}

impl StatedFigure {
    /// The word of the bound: `exact`, `at_least`, `at_most`, `about`, `range`, `not_stated`.
    pub const fn bound(&self) -> &'static str {
        match &self.value {
            Value::Stated { bound, .. } => bound.word(),
            Value::NotStated => "not_stated",
        }
    }

    /// The number as text, or the two ends of a range with an en dash; nothing where the source
    /// asserts it without a number.
    pub fn text(&self) -> Option<String> {
        match &self.value {
            Value::Stated { bound, .. } => Some(match bound.ends() {
                (low, high) if low == high => low.to_string(),
                (low, high) => format!("{low}–{high}"),
            }),
            Value::NotStated => None,
        }
    }

    /// What is counted.
    pub fn unit(&self) -> Option<&Unit> {
        match &self.value {
            Value::Stated { unit, .. } => Some(unit),
            Value::NotStated => None,
        }
    }
}

impl fmt::Display for StatedFigure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.bound())?;
        if let (Some(text), Some(unit)) = (self.text(), self.unit()) {
            write!(f, " {text} {}", unit.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn row(number: &str) -> Statistic {
        all()
            .unwrap()
            .into_iter()
            .find(|one| one.row.as_str() == number)
            .unwrap()
    }

    #[test]
    fn every_statement_is_read_once() {
        let all = all().unwrap();
        let rows: BTreeSet<_> = all.iter().map(|one| one.row.clone()).collect();
        let figures: usize = all.iter().map(|one| one.figures.len()).sum();
        assert_eq!((all.len(), rows.len(), figures), (58, 58, 92));
    }

    #[test]
    fn attempts_are_marked_as_attempts() {
        for number in ["INC-009", "INC-084"] {
            let statistic = row(number);
            assert_eq!(statistic.figures[0].of, Counts::Attempts);
            assert!(statistic.figures[0].note.is_some());
        }
    }

    #[test]
    fn what_is_demanded_is_not_what_is_paid() {
        let of: Vec<_> = row("INC-017")
            .figures
            .iter()
            .map(|figure| figure.of)
            .collect();
        assert_eq!(
            of,
            [
                Counts::Organisations,
                Counts::MoneyDemanded,
                Counts::MoneyPaid
            ]
        );
    }

    #[test]
    fn the_unnamed_health_system_is_linked_to_no_incident() {
        let statistic = row("INC-070");
        assert_eq!(
            (statistic.about, statistic.merge_key, statistic.countries),
            (None, None, vec![])
        );
    }

    #[test]
    fn figures_of_known_slips_are_grade_c_with_a_note() {
        let losses = row("INC-044").figures;
        let staff = row("INC-043").figures;
        for figure in [losses.last().unwrap(), &staff[staff.len() - 2]] {
            assert_eq!(figure.grade, Grade::C);
            assert!(figure.note.is_some(), "{}", figure.what);
        }
    }

    #[test]
    fn a_figure_without_a_number_says_so() {
        let figure = &row("INC-053").figures[0];
        assert_eq!((figure.bound(), figure.text()), ("not_stated", None));
        assert_eq!(
            row("INC-043").figures[6].to_string(),
            "range 72000–78000 birth"
        );
    }
}
