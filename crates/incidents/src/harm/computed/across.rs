//! What follows from dates, from diversion and from who was hit through whom.

use std::collections::BTreeMap;

use kernel::{Country, Timestamp};

use super::{Computed, How, Value};
use crate::{
    course::{Content, Course, Event},
    harm::{Measure, curve::days},
    model::{Dated, Fidelity, Line, Quantity},
};

/// Ambulances diverted at a site.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diversion<'a> {
    /// Where; nothing for the whole.
    pub site: Option<&'a str>,
    /// Of how many hospitals.
    pub hospitals: u32,
    /// Since when.
    pub on: Dated,
    /// Until when; nothing while it goes on.
    pub off: Option<Dated>,
    /// Hospital-hours, in thousandths, from the least to the most that they can be; to now while it goes
    /// on.
    pub hours: (Quantity, Quantity),
    /// The entries.
    pub from: Vec<u32>,
}

/// True for a date that is known to the month or the year alone.
pub(super) const fn is_coarse(at: Dated) -> bool {
    matches!(at.fidelity(), Fidelity::Year | Fidelity::Month)
}

/// The time from one date to another, as exactly as both are known. Two days are so many days apart; of
/// a day and an hour nobody knows at which hour of the day it was.
fn between(begin: Dated, end: Dated) -> Value {
    let micros = |from: Timestamp, to: Timestamp| {
        days(to.as_micros().saturating_sub(from.as_micros()).max(0))
    };
    let is_day = |at: Dated| at.fidelity() == Fidelity::Day;
    if !is_coarse(begin) && !is_coarse(end) && is_day(begin) == is_day(end) {
        return Value::Point(micros(begin.first(), end.first()));
    }
    // The last moment of a period is a microsecond before the next; what is rounded hides it.
    let (least, most) = (
        micros(begin.last(), end.first()),
        micros(begin.first(), end.last()),
    );
    Value::Between(least, most)
}

/// The hours from one date to another in thousandths, from the least to the most that they can be.
fn hours(on: Dated, off: Dated) -> (i64, i64) {
    let is_hour = |at: Dated| !is_coarse(at) && at.fidelity() != Fidelity::Day;
    let hours = |from: Timestamp, to: Timestamp| {
        let micros = to.as_micros().saturating_sub(from.as_micros()).max(0);
        // The last moment of a period is a microsecond before the next.
        micros.saturating_add(1) / 3_600_000
    };
    let least = if is_hour(on) { on.first() } else { on.last() };
    let most = if is_hour(off) {
        off.first()
    } else {
        off.last()
    };
    (hours(least, off.first()), hours(on.first(), most))
}

pub(super) fn dates(course: &Course<'_>, all: &mut Vec<Computed>) {
    let pairs = [
        (Measure::Dwell, Event::Compromise, Event::Detected),
        (Measure::Backlog, Event::Onset, Event::BacklogCleared),
    ];
    for (measure, first, then) in pairs {
        if let (Some((begin, from)), Some((end, to))) =
            (course.when(first, None), course.when(then, None))
        {
            all.push(Computed {
                measure,
                service: None,
                at: None,
                value: between(from, to),
                unit: "day".to_owned(),
                unweighted: false,
                how: How::Dates,
                from: vec![begin, end],
            });
        }
    }
}

/// When ambulances were diverted: each beginning with the next end at the same site.
pub fn diversions<'a>(course: &Course<'a>, now: Timestamp) -> Vec<Diversion<'a>> {
    let mut sites: BTreeMap<Option<&str>, Vec<_>> = BTreeMap::new();
    for (entry, one) in course.milestones() {
        if matches!(one.event, Event::DiversionOn | Event::DiversionOff) {
            let site = one.site.as_ref().map(Line::as_str);
            sites
                .entry(site)
                .or_default()
                .push((one.at, entry.number, one));
        }
    }
    let mut all: Vec<Diversion<'a>> = Vec::new();
    for (site, mut those) in sites {
        those.sort_by_key(|(at, number, _)| (at.first(), *number));
        let mut open: Option<Diversion<'a>> = None;
        for (at, number, one) in those {
            match (one.event, open.take()) {
                (Event::DiversionOn, None) => {
                    open = Some(Diversion {
                        site,
                        hospitals: one.hospitals,
                        on: at,
                        off: None,
                        hours: (Quantity::from_thousandths(0), Quantity::from_thousandths(0)),
                        from: vec![number],
                    });
                }
                (Event::DiversionOff, Some(mut begun)) => {
                    begun.off = Some(at);
                    begun.from.push(number);
                    all.push(begun);
                }
                // On twice is on; off without on never began.
                (_, begun) => open = begun,
            }
        }
        all.extend(open);
    }
    for one in &mut all {
        let off = one.off.unwrap_or_else(|| Dated::new(now, Fidelity::Second));
        let (low, high) = hours(one.on, off);
        let times =
            |hours: i64| Quantity::from_thousandths(hours.saturating_mul(i64::from(one.hospitals)));
        one.hours = (times(low), times(high));
    }
    all
}

pub(super) fn diverted(course: &Course<'_>, all: &mut Vec<Computed>) {
    let those = diversions(course, Timestamp::from_micros(0));
    if those.is_empty() {
        return;
    }
    let over = those.iter().all(|one| one.off.is_some());
    let ended = || those.iter().filter(|one| one.off.is_some());
    let sum = |end: fn(&Diversion<'_>) -> Quantity| {
        let all = ended().map(|one| end(one).thousandths());
        Quantity::from_thousandths(all.fold(0, i64::saturating_add))
    };
    let (low, high) = (sum(|one| one.hours.0), sum(|one| one.hours.1));
    all.push(Computed {
        measure: Measure::Diversion,
        service: None,
        at: None,
        value: match (over, low == high) {
            (true, true) => Value::Point(low),
            (true, false) => Value::Between(low, high),
            (false, _) if low.thousandths() == 0 => Value::NotYet,
            (false, _) => Value::AtLeast(low),
        },
        unit: "hospital-hour".to_owned(),
        unweighted: false,
        how: How::Diversions,
        from: those.into_iter().flat_map(|one| one.from).collect(),
    });
}

pub(super) fn effects(course: &Course<'_>, all: &mut Vec<Computed>) {
    let mut hit: BTreeMap<u8, BTreeMap<String, u32>> = BTreeMap::new();
    let mut states: BTreeMap<String, (Country, u32)> = BTreeMap::new();
    let mut origin: Option<Country> = None;
    for entry in course.standing() {
        let Content::Effect(one) = &entry.content else {
            continue;
        };
        let name = one.to.as_str().to_lowercase();
        let those = hit.entry(one.order).or_default();
        those.entry(name.clone()).or_insert(entry.number);
        if one.order == 1 {
            origin = origin.or(one.from_country);
        }
        if let Some(country) = one.to_country {
            states.entry(name).or_insert((country, entry.number));
        }
    }
    let value = |number: usize| {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        Value::Point(Quantity::from_thousandths(number.saturating_mul(1_000)))
    };
    for (order, those) in hit {
        all.push(Computed {
            measure: Measure::Cascade,
            service: None,
            at: Some(order),
            value: value(those.len()),
            unit: "number".to_owned(),
            unweighted: false,
            how: How::Effects,
            from: those.into_values().collect(),
        });
    }
    if let Some(origin) = origin {
        let beyond = states
            .values()
            .filter(|(country, _)| *country != origin)
            .count();
        // That nobody beyond the border is named does not say that nobody was hit there.
        if beyond == 0 {
            return;
        }
        let share = (beyond.saturating_mul(1_000)).saturating_add(states.len() / 2) / states.len();
        let thousandths = i64::try_from(share).unwrap_or(i64::MAX).saturating_mul(100);
        all.push(Computed {
            measure: Measure::CrossBorder,
            service: None,
            at: None,
            value: Value::Point(Quantity::from_thousandths(thousandths)),
            unit: "percent".to_owned(),
            unweighted: false,
            how: How::Effects,
            from: states.into_values().map(|(_, number)| number).collect(),
        });
    }
}
