//! What follows from the course of an incident, and how it came about.

mod across;
mod drawn;
mod lines;

pub use across::{Diversion, diversions};
pub use drawn::{Drawn, drawn};
use lines::{Run, Told, lines};

use super::{
    DAY_MICROS, Measure,
    curve::{Lost, days},
};
use crate::{
    course::{Course, Entry, Service},
    model::{Quantity, words},
};

/// The shares of capacity at which downtime is told.
pub const BACK_AT: [u8; 3] = [50, 90, 100];
/// Days of a year, in which a yearly number is spread.
const YEAR_DAYS: i128 = 365;

words! {
    /// How a value came about.
    How, "how a value came about", {
        /// From the capacity that was entered.
        Points = "points",
        /// From the milestones: nothing from the onset until the first system was back, then evenly up
        /// to the end.
        Assumed = "assumed",
        /// From two dates.
        Dates = "dates",
        /// From who was hit through whom.
        Effects = "effects",
        /// From when ambulances were diverted.
        Diversions = "diversions",
        /// What falls into the downtime if the year is even: the most that it can be, no estimate.
        Exposure = "exposure",
        /// From the values of the services.
        Services = "services",
    }
}

/// What a measure comes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Value {
    /// This number.
    Point(Quantity),
    /// Between these, as exactly as the dates are known.
    Between(Quantity, Quantity),
    /// This number by what was assumed, and between which it lies whatever was.
    Within(Quantity, Quantity, Quantity),
    /// This number up to what was entered last, and it is not over.
    AtLeast(Quantity),
    /// It never fell so low.
    Never,
    /// It is not over.
    NotYet,
}

/// A measure that follows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Computed {
    /// Which.
    pub measure: Measure,
    /// Of which service, by the number of its entry; nothing for the whole incident.
    pub service: Option<u32>,
    /// Of what beside that: a share of capacity in per cent, or an order of effects.
    pub at: Option<u8>,
    /// What it comes to.
    pub value: Value,
    /// In which unit.
    pub unit: String,
    /// True where each service counts as one, whatever its weight.
    pub unweighted: bool,
    /// How it came about.
    pub how: How,
    /// The numbers of the entries from which it follows.
    pub from: Vec<u32>,
}

/// Everything that follows from these entries.
pub fn computed(entries: &[Entry]) -> Vec<Computed> {
    let course = Course::of(entries);
    let mut all = Vec::new();
    let lines = lines(&course);
    for line in &lines {
        of_line(line, &mut all);
    }
    together(&lines, &mut all);
    across::dates(&course, &mut all);
    across::diverted(&course, &mut all);
    across::effects(&course, &mut all);
    all
}

fn of_line(line: &Run<'_>, all: &mut Vec<Computed>) {
    let one = |measure: Measure, value, unit: &str| Computed {
        measure,
        service: line.number,
        at: None,
        value,
        unit: unit.to_owned(),
        unweighted: false,
        how: line.how,
        from: line.from.clone(),
    };
    for percent in BACK_AT {
        // Of a timeline only the end is known; when half was back nobody said.
        if line.how == How::Assumed && percent < 100 {
            continue;
        }
        let back = line.back(percent);
        let value = back.map_or_else(|told| told, |ends| span(ends, days));
        let down = Computed {
            at: Some(percent),
            how: if line.how == How::Assumed {
                How::Dates
            } else {
                line.how
            },
            ..one(Measure::Downtime, value, "day")
        };
        if percent == 100
            && let (Ok(ends), Some(service)) = (back, line.service)
        {
            all.extend(exposure(&down, service, ends));
        }
        all.push(down);
    }
    let Some(lost) = line.lost() else { return };
    all.push(one(Measure::Area, lost, "full-outage-day"));
    let Some(service) = line.service else { return };
    all.push(one(Measure::ServiceDays, lost, "service-day"));
    let people = service.people.and_then(|people| i64::try_from(people).ok());
    let people = people.and_then(|people| lost.times(people));
    all.extend(people.map(|value| one(Measure::PersonDays, value, "person-day")));
}

/// A time from the least to the most, or one where they are the same.
fn span((low, high): (i64, i64), told: impl Fn(i64) -> Quantity) -> Value {
    if low == high {
        Value::Point(told(low))
    } else {
        Value::Between(told(low), told(high))
    }
}

impl Value {
    /// So many times as much; nothing where that is too much to be written.
    fn times(self, times: i64) -> Option<Self> {
        let many = |one: Quantity| {
            let product = one.thousandths().checked_mul(times)?;
            Some(Quantity::from_thousandths(product))
        };
        Some(match self {
            Self::Point(one) => Self::Point(many(one)?),
            Self::Between(low, high) => Self::Between(many(low)?, many(high)?),
            Self::Within(one, low, high) => Self::Within(many(one)?, many(low)?, many(high)?),
            Self::AtLeast(one) => Self::AtLeast(many(one)?),
            Self::Never | Self::NotYet => self,
        })
    }
}

/// What a year would have brought in the time that it was down.
fn exposure(down: &Computed, service: &Service, ends: (i64, i64)) -> Option<Computed> {
    let (yearly, unit) = service.yearly.as_ref()?;
    let year = YEAR_DAYS * i128::from(DAY_MICROS);
    let brought = |micros: i64| {
        let twice = i128::from(*yearly)
            .checked_mul(i128::from(micros))?
            .checked_mul(2)?;
        let whole = i64::try_from((twice + year) / (2 * year)).ok()?;
        whole.checked_mul(1_000)
    };
    let ends = (brought(ends.0)?, brought(ends.1)?);
    Some(Computed {
        measure: Measure::Postponed,
        value: span(ends, Quantity::from_thousandths),
        unit: unit.as_str().to_owned(),
        at: None,
        how: How::Exposure,
        ..down.clone()
    })
}

/// The services together.
fn together(lines: &[Run<'_>], all: &mut Vec<Computed>) {
    let services: Vec<(&Service, &Run<'_>)> = lines
        .iter()
        .filter_map(|line| Some((line.service?, line)))
        .collect();
    if services.len() < 2 {
        return;
    }
    let mut from: Vec<u32> = lines.iter().flat_map(|line| line.from.clone()).collect();
    from.sort_unstable();
    from.dedup();
    for (measure, unit, unweighted, value) in sums(&services) {
        all.extend(value.map(|value| Computed {
            measure,
            service: None,
            at: None,
            value,
            unit: unit.to_owned(),
            unweighted,
            how: How::Services,
            from: from.clone(),
        }));
    }
}

/// A measure with its unit, whether each service counts as one, and what it comes to.
type Sum = (Measure, &'static str, bool, Option<Value>);

/// What several services come to: weighted, each as one, and by their people.
fn sums(services: &[(&Service, &Run<'_>)]) -> [Sum; 4] {
    let told = Told {
        goes_on: services.iter().any(|(_, line)| line.goes_on()),
        is_coarse: services.iter().any(|(_, line)| line.is_coarse()),
    };
    let sum = |weight: &dyn Fn(&Service) -> Quantity, lost: &dyn Fn(&Run<'_>) -> Lost| {
        services
            .iter()
            .fold(Lost::default(), |sum, (service, line)| {
                sum.plus(weight(service), lost(line))
            })
    };
    // What was lost, the least and the most of it, each divided by these weights.
    let value = |weight: &dyn Fn(&Service) -> Quantity, weights: i64| {
        let lost = sum(weight, &|line| line.curve.lost()).weighed_days(weights)?;
        let low = sum(weight, &|line| line.bounds().0).weighed_days(weights)?;
        let high = sum(weight, &|line| line.bounds().1).weighed_days(weights)?;
        Some(told.value(lost, low, high))
    };
    let one = Quantity::from_thousandths(1_000);
    let own = |service: &Service| service.weight;
    let weights = services.iter().fold(0_i64, |sum, (service, _)| {
        sum.saturating_add(service.weight.thousandths())
    });
    // Who relies on two services loses two service-days a day; told where it is known of each.
    let people = |service: &Service| {
        let people = i64::try_from(service.people?).ok()?;
        people.checked_mul(1_000).map(Quantity::from_thousandths)
    };
    let none = Quantity::from_thousandths(0);
    let are_known = services.iter().all(|(one, _)| people(one).is_some());
    let persons = are_known.then(|| value(&|one| people(one).unwrap_or(none), 1_000));
    [
        (
            Measure::Area,
            "full-outage-day",
            false,
            value(&own, weights),
        ),
        (
            Measure::ServiceDays,
            "service-day",
            false,
            value(&own, 1_000),
        ),
        (
            Measure::ServiceDays,
            "service-day",
            true,
            value(&|_| one, 1_000),
        ),
        (Measure::PersonDays, "person-day", false, persons.flatten()),
    ]
}

#[cfg(test)]
mod tests;
