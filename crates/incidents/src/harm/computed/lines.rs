//! The curves of capacity from which harm follows: entered point by point, or assumed from milestones.

use std::collections::BTreeMap;

use kernel::Timestamp;

use super::{How, Value, across::is_coarse};
use crate::{
    course::{Content, Course, Entry, Event, Service},
    harm::curve::{Crossing, Curve, Down, Lost, Shape, Share},
    model::{Dated, Quantity},
};

pub(super) struct Run<'a> {
    pub(super) number: Option<u32>,
    pub(super) service: Option<&'a Service>,
    pub(super) curve: Curve,
    pub(super) how: How,
    pub(super) from: Vec<u32>,
    /// The dates of the points of the curve, in their order.
    dates: Vec<Dated>,
    /// Until when nothing can have been there, where the curve was assumed.
    none_until: Option<Dated>,
}

/// The curves: one for each service with capacity or a timeline, else one for the whole.
pub(super) fn lines<'a>(course: &Course<'a>) -> Vec<Run<'a>> {
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
    let mut points: BTreeMap<Timestamp, (Share, Dated, u32)> = BTreeMap::new();
    for other in course.standing() {
        if let Content::Capacity(one) = &other.content
            && course.resolve(one.service) == entry.number
        {
            points.insert(one.at.first(), (one.share, one.at, other.number));
        }
    }
    let mut from = vec![entry.number];
    if let Some((number, at)) = onset {
        // Before the onset lies the baseline; from the onset on it was as at the first count. What was
        // counted before it alone says nothing of the time after.
        points = points.split_off(&at.first());
        let (share, ..) = points.values().next().copied()?;
        let point = points.entry(at.first()).or_insert((share, at, number));
        point.1 = at;
        from.push(number);
    }
    from.extend(points.values().map(|&(.., number)| number));
    from.sort_unstable();
    from.dedup();
    let dates = points.values().map(|&(_, at, _)| at).collect();
    let points = points.into_iter().map(|(at, (share, ..))| (at, share));
    Some(Run {
        number: Some(entry.number),
        service: Some(service),
        curve: Curve::new(points.collect(), service.shape).ok()?,
        how: How::Points,
        from,
        dates,
        none_until: None,
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
    let mut points = vec![(onset, Share::NONE), (back, Share::WHOLE)];
    let mut from = vec![begin, end];
    from.extend(number);
    let none_until = first.map_or(onset, |(number, at)| {
        from.push(number);
        if at.first() > onset.first() {
            points.insert(1, (at, Share::NONE));
        }
        at
    });
    from.sort_unstable();
    from.dedup();
    let dates = points.iter().map(|&(at, _)| at).collect();
    let points = points.iter().map(|&(at, share)| (at.first(), share));
    Some(Run {
        number,
        service: of.map(|(_, service)| service),
        curve: Curve::new(points.collect(), Shape::Linear).ok()?,
        how: How::Assumed,
        from,
        dates,
        none_until: Some(none_until),
    })
}

/// From one time to another, not less than nothing.
const fn micros(from: Timestamp, to: Timestamp) -> i64 {
    let micros = to.as_micros().saturating_sub(from.as_micros());
    if micros > 0 { micros } else { 0 }
}

impl Run<'_> {
    /// True where a date is known to the month or the year alone: what follows is an interval then.
    pub(super) fn is_coarse(&self) -> bool {
        self.dates.iter().copied().any(is_coarse)
    }

    /// True where the last count says that something is missing still.
    pub(super) fn goes_on(&self) -> bool {
        self.curve.down(100) == Down::NotYet
    }

    /// The least and the most that can have been lost up to the last point.
    pub(super) fn bounds(&self) -> (Lost, Lost) {
        let lost = self.curve.lost();
        let (Some(&begin), Some(&end)) = (self.dates.first(), self.dates.last()) else {
            return (lost, lost);
        };
        let coarse = self.is_coarse();
        match self.none_until {
            Some(until) if coarse => (
                Lost::of_outage(micros(begin.last(), until.first())),
                Lost::of_outage(micros(begin.first(), end.last())),
            ),
            Some(until) => (
                Lost::of_outage(micros(begin.first(), until.first())),
                Lost::of_outage(micros(begin.first(), end.first())),
            ),
            None if coarse => {
                let dates =
                    |piece: usize| Some((*self.dates.get(piece)?, *self.dates.get(piece + 1)?));
                let least =
                    |piece| dates(piece).map_or(0, |(one, next)| micros(one.last(), next.first()));
                let most =
                    |piece| dates(piece).map_or(0, |(one, next)| micros(one.first(), next.last()));
                (self.curve.lost_if(least), self.curve.lost_if(most))
            }
            None => (lost, lost),
        }
    }

    /// How long it took until so many per cent were back: the least and the most in microseconds, the
    /// same where the dates are known.
    pub(super) fn back(&self, percent: u8) -> Result<(i64, i64), Value> {
        let after = match self.curve.down(percent) {
            Down::Never => return Err(Value::Never),
            Down::NotYet => return Err(Value::NotYet),
            Down::Back(after) => after,
        };
        let crossing = self.curve.crossing(percent);
        let (Some(crossing), true) = (crossing, self.is_coarse()) else {
            return Ok((after, after));
        };
        Ok(self.crossed(crossing).unwrap_or((after, after)))
    }

    fn crossed(&self, crossing: Crossing) -> Option<(i64, i64)> {
        let (&begin, &from) = (self.dates.first()?, self.dates.get(crossing.piece)?);
        let &to = self.dates.get(crossing.piece + 1)?;
        if crossing.piece == 0 {
            let (least, most) = (
                micros(begin.last(), to.first()),
                micros(begin.first(), to.last()),
            );
            return Some((crossing.part(least), crossing.part(most)));
        }
        let at = |from: Timestamp, to: Timestamp| {
            let after = crossing.part(micros(from, to));
            Timestamp::from_micros(from.as_micros().saturating_add(after))
        };
        let (early, late) = (at(from.first(), to.first()), at(from.last(), to.last()));
        Some((micros(begin.last(), early), micros(begin.first(), late)))
    }

    /// What was lost as it is told, in days of full outage.
    pub(super) fn lost(&self) -> Option<Value> {
        let (low, high) = self.bounds();
        let told = Told {
            goes_on: self.goes_on(),
            is_coarse: self.is_coarse(),
        };
        Some(told.value(self.curve.lost().days()?, low.days()?, high.days()?))
    }
}

/// How exactly something is known that was lost.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    /// It is not over: what is known is the least.
    pub(super) goes_on: bool,
    /// The dates are months or years.
    pub(super) is_coarse: bool,
}

impl Told {
    /// A number, which lies from the least to the most.
    pub(super) fn value(self, one: Quantity, low: Quantity, high: Quantity) -> Value {
        match (self.goes_on, low == high, self.is_coarse) {
            // What was counted once has no length yet.
            (true, ..) if low.thousandths() == 0 => Value::NotYet,
            (true, ..) => Value::AtLeast(low),
            (false, true, _) => Value::Point(one),
            (false, false, true) => Value::Between(low, high),
            (false, false, false) => Value::Within(one, low, high),
        }
    }
}
