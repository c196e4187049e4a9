//! What an entry must keep to: the order of things, and what is there already.

use std::collections::BTreeSet;

use kernel::Timestamp;

use super::{
    Content, Course, Draft, Effect, Event, Procedure, StepState, VendorState, fold::Standing,
};
use crate::{
    harm::Share,
    model::{Dated, Invalid},
};

/// Nothing of a cyber incident is older: 1970-01-01.
const OLDEST: Timestamp = Timestamp::from_micros(0);
/// More people than live on earth.
const PEOPLE_MAX: u64 = 10_000_000_000;

/// What comes first, and what not before it.
const ORDER: [(Event, Event, &str); 12] = [
    (
        Event::Compromise,
        Event::Detected,
        "not before the first compromise",
    ),
    (
        Event::Compromise,
        Event::Onset,
        "not before the first compromise",
    ),
    (Event::Onset, Event::DowntimeOn, "not before the onset"),
    (Event::Onset, Event::DiversionOn, "not before the onset"),
    (Event::Onset, Event::FirstBack, "not before the onset"),
    (Event::Onset, Event::RecordsBack, "not before the onset"),
    (Event::Onset, Event::LastBack, "not before the onset"),
    (Event::Onset, Event::BacklogCleared, "not before the onset"),
    (
        Event::FirstBack,
        Event::RecordsBack,
        "not before the first system was back",
    ),
    (
        Event::FirstBack,
        Event::LastBack,
        "not before the first system was back",
    ),
    (
        Event::DiversionOn,
        Event::DiversionOff,
        "not before diversion began",
    ),
    (Event::Detected, Event::Closed, "not before it was noticed"),
];

fn invalid(field: &'static str, rule: &'static str) -> Result<(), Invalid> {
    Err(Invalid { field, rule })
}

/// The draft, if it contradicts nothing that stands. What it corrects stands no longer.
pub fn check(course: &Course<'_>, draft: &Draft, now: Timestamp) -> Result<(), Invalid> {
    if let Some(at) = draft.content.at() {
        if at.first() > now {
            return invalid("at", "a time that has come");
        }
        if at.first() < OLDEST {
            return invalid("at", "a time since 1970");
        }
    }
    let gone = draft.corrects.as_ref().map(|correction| correction.number);
    match &draft.content {
        Content::Service(service) => {
            if service.people.is_some_and(|people| people > PEOPLE_MAX) {
                return invalid("people", "not more people than there are on earth");
            }
            if service.weight.thousandths() <= 0 || service.weight.thousandths() > 1_000_000 {
                return invalid("weight", "more than 0 and at most 1000");
            }
        }
        Content::Capacity(one) => {
            if course.service(one.service).is_none() {
                return invalid("service", "the number of a service of this incident");
            }
            let same = |(entry, other): &Standing<'_, super::Capacity>| {
                Some(entry.number) != gone
                    && course.resolve(other.service) == course.resolve(one.service)
                    && other.at.first() == one.at.first()
                    && other.share != one.share
            };
            if capacities(course).any(|other| same(&other)) {
                return invalid("at", "one share of capacity at a time");
            }
        }
        Content::Milestone(one) => {
            if one
                .service
                .is_some_and(|number| course.service(number).is_none())
            {
                return invalid("service", "the number of a service of this incident");
            }
            if one.hospitals == 0 || one.hospitals > 100_000 {
                return invalid("hospitals", "1 to 100000");
            }
            in_order(course, one, gone)?;
        }
        Content::Effect(one) => linked(course, one, gone)?,
        Content::Step(one) => {
            if one.procedure == Procedure::Own && one.text.is_none() {
                return invalid("text", "what the step is");
            }
        }
        Content::Vendor(one) => {
            let attested = matches!(one.state, VendorState::Attested | VendorState::Connected);
            if attested && one.evidence.is_none() {
                return invalid("evidence", "what shows that the vendor is safe");
            }
            if attested && one.attested_by.is_none() {
                return invalid("attested_by", "who attested it");
            }
            if one.state == VendorState::Shown && one.evidence.is_none() {
                return invalid("evidence", "what was shown");
            }
        }
        Content::Withdrawn => {
            if draft.corrects.is_none() {
                return invalid("corrects", "the number of what is taken back");
            }
        }
        Content::System(_) | Content::Backlog(_) => {}
    }
    Ok(())
}

fn capacities<'a>(
    course: &'a Course<'_>,
) -> impl Iterator<Item = Standing<'a, super::Capacity>> + 'a {
    course
        .standing()
        .iter()
        .filter_map(|entry| match &entry.content {
            Content::Capacity(one) => Some((*entry, one)),
            _ => None,
        })
}

/// Is it before, however both dates are read?
fn is_before(one: Dated, other: Dated) -> bool {
    one.last() < other.first()
}

fn in_order(course: &Course<'_>, new: &super::Milestone, gone: Option<u32>) -> Result<(), Invalid> {
    let comparable = |other: &super::Milestone| {
        let diverted = |event| matches!(event, Event::DiversionOn | Event::DiversionOff);
        if diverted(new.event) && diverted(other.event) {
            // Ambulances are diverted more than once; only the first end is compared.
            return false;
        }
        match (new.service, other.service) {
            (Some(one), Some(two)) => course.resolve(one) == course.resolve(two),
            _ => true,
        }
    };
    let others = || {
        let those = course.milestones();
        those.filter(|(entry, other)| Some(entry.number) != gone && comparable(other))
    };
    for (first, then, rule) in ORDER {
        for (_, other) in others() {
            let contradicts =
                (new.event == then && other.event == first && is_before(new.at, other.at))
                    || (new.event == first && other.event == then && is_before(other.at, new.at));
            if contradicts {
                return invalid("at", rule);
            }
        }
    }
    if new.event == Event::DiversionOff {
        let begun = course.milestones().any(|(entry, other)| {
            Some(entry.number) != gone
                && other.event == Event::DiversionOn
                && other.site == new.site
                && !is_before(new.at, other.at)
        });
        if !begun {
            return invalid("at", "not before diversion began at that site");
        }
    }
    Ok(())
}

fn linked(course: &Course<'_>, new: &Effect, gone: Option<u32>) -> Result<(), Invalid> {
    if !(1..=3).contains(&new.order) {
        return invalid("order", "1, 2 or 3");
    }
    if super::content::fold(&new.from) == super::content::fold(&new.to) {
        return invalid("to", "somebody else than through whom it came");
    }
    if new.lag_hours.is_some_and(|hours| hours > 24 * 366 * 10) {
        return invalid("lag_hours", "at most ten years");
    }
    let before: BTreeSet<String> = course
        .standing()
        .iter()
        .filter(|entry| Some(entry.number) != gone)
        .filter_map(|entry| match &entry.content {
            Content::Effect(one) if one.order.saturating_add(1) == new.order => {
                Some(super::content::fold(&one.to))
            }
            _ => None,
        })
        .collect();
    if new.order > 1 && !before.contains(&super::content::fold(&new.from)) {
        return invalid("from", "somebody who was hit by the order before");
    }
    Ok(())
}

/// A share as a request gives it: per cent with up to one decimal place.
pub(crate) fn share(text: &str) -> Result<Share, Invalid> {
    let rule = Invalid {
        field: "share",
        rule: "per cent of the baseline, 0 to 1000, with one decimal place at most",
    };
    let quantity: crate::model::Quantity = text.parse().map_err(|_number| rule.clone())?;
    let thousandths = quantity.thousandths();
    if thousandths % 100 != 0 {
        return Err(rule);
    }
    let share = u16::try_from(thousandths / 100).map_err(|_large| rule.clone())?;
    Share::new(share).map_err(|_large| rule)
}

/// True where a step is done, at that time.
pub(crate) const fn done(state: StepState) -> Option<Dated> {
    match state {
        StepState::Done(at) => Some(at),
        StepState::NotNeeded => None,
    }
}
