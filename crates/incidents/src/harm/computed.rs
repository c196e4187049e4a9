//! What follows from the course of an incident, and how it came about.

mod across;
mod drawn;

pub use across::{Diversion, diversions};
pub use drawn::{Drawn, drawn};

use std::collections::BTreeMap;

use kernel::Timestamp;

use super::{
    DAY_MICROS, Measure,
    curve::{Curve, Down, Lost, Shape, Share, days},
};
use crate::{
    course::{Content, Course, Entry, Event, Service},
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

struct Run<'a> {
    number: Option<u32>,
    service: Option<&'a Service>,
    curve: Curve,
    how: How,
    /// The least and the most that can have been lost, where something was assumed.
    bounds: Option<(i64, i64)>,
    from: Vec<u32>,
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

/// The curves: one for each service with capacity or a timeline, else one for the whole.
fn lines<'a>(course: &Course<'a>) -> Vec<Run<'a>> {
    let mut all = Vec::new();
    for (entry, service) in course.services() {
        let line = measured(course, entry, service)
            .or_else(|| assumed(course, Some((entry.number, service))));
        all.extend(line);
    }
    if course.services().next().is_none() {
        all.extend(assumed(course, None));
    }
    all
}

fn measured<'a>(course: &Course<'a>, entry: &Entry, service: &'a Service) -> Option<Run<'a>> {
    let onset = course.when(Event::Onset, Some(entry.number));
    let mut points: BTreeMap<Timestamp, (Share, u32)> = BTreeMap::new();
    for other in course.standing() {
        if let Content::Capacity(one) = &other.content
            && course.resolve(one.service) == entry.number
        {
            points.insert(one.at.first(), (one.share, other.number));
        }
    }
    let first = points.iter().next().map(|(_, &point)| point)?;
    let mut from = vec![entry.number];
    if let Some((number, at)) = onset {
        // Before the onset lies the baseline; from the onset on it was as at the first count.
        points = points.split_off(&at.first());
        let (share, _) = points.iter().next().map_or(first, |(_, &point)| point);
        points.entry(at.first()).or_insert((share, number));
        from.push(number);
    }
    from.extend(points.values().map(|&(_, number)| number));
    from.sort_unstable();
    from.dedup();
    let points = points.into_iter().map(|(at, (share, _))| (at, share));
    Some(Run {
        number: Some(entry.number),
        service: Some(service),
        curve: Curve::new(points.collect(), service.shape).ok()?,
        how: How::Points,
        bounds: None,
        from,
    })
}

fn assumed<'a>(course: &Course<'a>, of: Option<(u32, &'a Service)>) -> Option<Run<'a>> {
    let number = of.map(|(number, _)| number);
    let (begin, onset) = course.when(Event::Onset, number)?;
    let ends = [Event::RecordsBack, Event::LastBack];
    let end = ends
        .into_iter()
        .filter_map(|event| course.when(event, number))
        .max_by_key(|(_, at)| at.first());
    let (end, back) = end.filter(|(_, at)| at.first() > onset.first())?;
    let first = course.when(Event::FirstBack, number);
    let first = first.filter(|(_, at)| (onset.first()..back.first()).contains(&at.first()));
    let mut points = vec![(onset.first(), Share::NONE), (back.first(), Share::WHOLE)];
    let mut from = vec![begin, end];
    from.extend(number);
    let none_until = first.map_or(onset.first(), |(number, at)| {
        from.push(number);
        if at.first() > onset.first() {
            points.push((at.first(), Share::NONE));
        }
        at.first()
    });
    from.sort_unstable();
    from.dedup();
    let micros = |to: Timestamp| to.as_micros().saturating_sub(onset.first().as_micros());
    Some(Run {
        number,
        service: of.map(|(_, service)| service),
        curve: Curve::new(points, Shape::Linear).ok()?,
        how: How::Assumed,
        bounds: Some((micros(none_until), micros(back.first()))),
        from,
    })
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
        let value = match line.curve.down(percent) {
            Down::Never => Value::Never,
            Down::Back(micros) => Value::Point(days(micros)),
            Down::NotYet => Value::NotYet,
        };
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
            && let (Down::Back(micros), Some(service)) = (line.curve.down(percent), line.service)
        {
            all.extend(exposure(&down, service, micros));
        }
        all.push(down);
    }
    let Some(lost) = line.curve.lost().days() else {
        return;
    };
    all.push(one(Measure::Area, within(line, lost, 1), "full-outage-day"));
    let Some(service) = line.service else { return };
    all.push(one(
        Measure::ServiceDays,
        within(line, lost, 1),
        "service-day",
    ));
    let people = service.people.and_then(|people| i64::try_from(people).ok());
    if let Some(people) = people
        && let Some(product) = lost.thousandths().checked_mul(people)
    {
        let lost = Quantity::from_thousandths(product);
        all.push(one(
            Measure::PersonDays,
            within(line, lost, people),
            "person-day",
        ));
    }
}

fn within(line: &Run<'_>, lost: Quantity, times: i64) -> Value {
    let Some((low, high)) = line.bounds else {
        return Value::Point(lost);
    };
    let times = |micros| {
        let days: Quantity = days(micros);
        Quantity::from_thousandths(days.thousandths().saturating_mul(times))
    };
    Value::Within(lost, times(low), times(high))
}

/// What a year would have brought in the time that it was down.
fn exposure(down: &Computed, service: &Service, micros: i64) -> Option<Computed> {
    let (yearly, unit) = service.yearly.as_ref()?;
    let year = YEAR_DAYS * i128::from(DAY_MICROS);
    let twice = i128::from(*yearly)
        .checked_mul(i128::from(micros))?
        .checked_mul(2)?;
    let whole = i64::try_from((twice + year) / (2 * year)).ok()?;
    Some(Computed {
        measure: Measure::Postponed,
        value: Value::Point(Quantity::from_thousandths(whole.checked_mul(1_000)?)),
        unit: unit.as_str().to_owned(),
        at: None,
        how: How::Exposure,
        ..down.clone()
    })
}

/// The services together: weighted, and each as one.
fn together(lines: &[Run<'_>], all: &mut Vec<Computed>) {
    let services: Vec<(&Service, &Run<'_>)> = lines
        .iter()
        .filter_map(|line| Some((line.service?, line)))
        .collect();
    if services.len() < 2 {
        return;
    }
    let one = Quantity::from_thousandths(1_000);
    let sum = |weight: &dyn Fn(&Service) -> Quantity| {
        services
            .iter()
            .fold(Lost::default(), |sum, (service, line)| {
                sum.plus(weight(service), line.curve.lost())
            })
    };
    let (weighed, plain) = (sum(&|service| service.weight), sum(&|_| one));
    let weights = services.iter().fold(0_i64, |sum, (service, _)| {
        sum.saturating_add(service.weight.thousandths())
    });
    let mut from: Vec<u32> = lines.iter().flat_map(|line| line.from.clone()).collect();
    from.sort_unstable();
    from.dedup();
    let mut add = |measure, value: Option<Quantity>, unweighted, unit: &str| {
        all.extend(value.map(|value| Computed {
            measure,
            service: None,
            at: None,
            value: Value::Point(value),
            unit: unit.to_owned(),
            unweighted,
            how: How::Services,
            from: from.clone(),
        }));
    };
    add(
        Measure::Area,
        weighed.weighed_days(weights),
        false,
        "full-outage-day",
    );
    add(
        Measure::ServiceDays,
        weighed.weighed_days(1_000),
        false,
        "service-day",
    );
    add(
        Measure::ServiceDays,
        plain.weighed_days(1_000),
        true,
        "service-day",
    );
}

#[cfg(test)]
mod tests;
