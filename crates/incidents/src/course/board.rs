//! The boards of health care, and the page for the minister.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;

use super::{
    Backlog, Content, Course, Entry, Event, Procedure, Service, Step, StepState, System,
    SystemState, Vendor, VendorState,
};
use crate::{
    harm::computed::{Diversion, diversions},
    model::{Dated, Line},
};

/// An entry that holds for what it is about.
pub type Held<'a, T> = (&'a Entry, &'a T);

/// A site of the restoration board.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// What it is called.
    pub name: &'a str,
    /// How many systems stand how there.
    pub counts: BTreeMap<SystemState, usize>,
    /// The systems.
    pub systems: Vec<Held<'a, System>>,
}

/// What the boards show.
#[derive(Clone, Debug, Default)]
pub struct Board<'a> {
    /// The services.
    pub services: Vec<Held<'a, Service>>,
    /// The steps of the downtime procedure, done or not; those of the list that nobody touched come
    /// with no entry.
    pub steps: Vec<(Procedure, Vec<Held<'a, Step>>)>,
    /// The vendors, what is not connected first.
    pub vendors: Vec<Held<'a, Vendor>>,
    /// How many vendors stand how.
    pub vendor_counts: BTreeMap<VendorState, usize>,
    /// The sites with their systems.
    pub sites: Vec<Site<'a>>,
    /// How many systems stand how.
    pub system_counts: BTreeMap<SystemState, usize>,
    /// When ambulances were diverted, by site.
    pub diversions: Vec<Diversion<'a>>,
    /// The counts of paper, in order of time.
    pub backlog: Vec<Held<'a, Backlog>>,
    /// Pages that wait now: the last count of each site.
    pub pages: Option<u64>,
    /// When the backlog was cleared.
    pub cleared: Option<Dated>,
}

/// The boards of these entries, as they stand at that time.
pub fn status_of(entries: &[Entry], now: Timestamp) -> Board<'_> {
    let course = Course::of(entries);
    let mut board = Board {
        services: course.services().collect(),
        steps: Procedure::ALL
            .iter()
            .map(|&one| (one, Vec::new()))
            .collect(),
        diversions: diversions(&course, now),
        cleared: course.when(Event::BacklogCleared, None).map(|(_, at)| at),
        ..Board::default()
    };
    for entry in course.standing().iter().filter(|entry| course.holds(entry)) {
        board.add(entry);
    }
    board
        .vendors
        .sort_by_key(|(_, one)| (one.state, super::content::fold(&one.name)));
    board
        .backlog
        .sort_by_key(|(entry, one)| (one.at.first(), entry.number));
    let latest: BTreeMap<Option<String>, u64> = board
        .backlog
        .iter()
        .map(|(_, one)| (one.site.as_ref().map(super::content::fold), one.pages))
        .collect();
    if !latest.is_empty() {
        // A count of everything together holds by itself where it is the later one.
        let last = board.backlog.last().filter(|(_, one)| one.site.is_none());
        let by_site = || {
            let sites = latest.iter().filter(|(site, _)| site.is_some());
            sites.fold(0_u64, |sum, (_, &pages)| sum.saturating_add(pages))
        };
        board.pages = Some(last.map_or_else(by_site, |(_, one)| one.pages));
    }
    board
}

impl<'a> Board<'a> {
    fn add(&mut self, entry: &'a Entry) {
        match &entry.content {
            Content::Step(one) => {
                let those = self
                    .steps
                    .iter_mut()
                    .find(|(step, _)| *step == one.procedure);
                if let Some((_, those)) = those {
                    those.push((entry, one));
                }
            }
            Content::Vendor(one) => {
                let count = self.vendor_counts.entry(one.state).or_default();
                *count = count.saturating_add(1);
                self.vendors.push((entry, one));
            }
            Content::System(one) => {
                let count = self.system_counts.entry(one.state).or_default();
                *count = count.saturating_add(1);
                self.at_site(entry, one);
            }
            Content::Backlog(one) => self.backlog.push((entry, one)),
            Content::Service(_)
            | Content::Capacity(_)
            | Content::Milestone(_)
            | Content::Effect(_)
            | Content::Withdrawn => {}
        }
    }

    fn at_site(&mut self, entry: &'a Entry, one: &'a System) {
        let name = super::content::fold(&one.site);
        let found = self
            .sites
            .iter()
            .position(|site| site.name.to_lowercase() == name);
        let at = found.unwrap_or(self.sites.len());
        if found.is_none() {
            self.sites.push(Site {
                name: one.site.as_str(),
                counts: BTreeMap::new(),
                systems: Vec::new(),
            });
        }
        let Some(site) = self.sites.get_mut(at) else {
            return;
        };
        let count = site.counts.entry(one.state).or_default();
        *count = count.saturating_add(1);
        site.systems.push((entry, one));
    }

    /// How many of the steps of the list are done somewhere, and how many there are but for those that
    /// are needed nowhere. Steps of the house's own stand on the board and in neither number.
    pub fn steps_done(&self) -> (usize, usize) {
        let listed = self.steps.iter();
        let listed = listed.filter(|(procedure, _)| *procedure != Procedure::Own);
        listed.fold((0, 0), |(done, of), (_, those)| {
            let is_done = those
                .iter()
                .any(|(_, step)| matches!(step.state, StepState::Done(_)));
            let is_needless = !is_done && those.iter().any(|(_, step)| step.site.is_none());
            (done + usize::from(is_done), of + usize::from(!is_needless))
        })
    }

    /// Where steps were done.
    pub fn step_sites(&self) -> BTreeSet<&'a str> {
        let those = self.steps.iter().flat_map(|(_, those)| those);
        those
            .filter_map(|(_, step)| step.site.as_ref().map(Line::as_str))
            .collect()
    }

    /// True where nothing is on any board.
    pub fn is_empty(&self) -> bool {
        self.services.is_empty()
            && self.vendors.is_empty()
            && self.sites.is_empty()
            && self.diversions.is_empty()
            && self.backlog.is_empty()
            && self.steps.iter().all(|(_, those)| those.is_empty())
    }
}

#[cfg(test)]
mod tests;
