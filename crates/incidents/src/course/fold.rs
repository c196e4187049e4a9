//! What the entries come to.

use std::collections::{BTreeMap, BTreeSet};

use super::{Content, Entry, Event, Milestone, Service};
use crate::model::Dated;

/// An entry that stands: neither corrected nor taken back.
pub type Standing<'a, T> = (&'a Entry, &'a T);

/// The entries that stand, and who took whose place.
#[derive(Clone, Debug, Default)]
pub struct Course<'a> {
    standing: Vec<&'a Entry>,
    /// By the number of an entry that was corrected, the number of what took its place.
    successors: BTreeMap<u32, u32>,
    /// The last entry about each step, vendor and system.
    holds: BTreeMap<String, u32>,
}

impl<'a> Course<'a> {
    /// What these entries come to; they are in the order of their numbers.
    pub fn of(entries: &'a [Entry]) -> Self {
        let successors: BTreeMap<u32, u32> = entries
            .iter()
            .filter_map(|entry| Some((entry.corrects.as_ref()?.number, entry.number)))
            .collect();
        let stands = |entry: &&Entry| {
            !successors.contains_key(&entry.number) && entry.content != Content::Withdrawn
        };
        let standing: Vec<&Entry> = entries.iter().filter(stands).collect();
        let holds = standing
            .iter()
            .filter_map(|entry| Some((entry.content.about()?, entry.number)))
            .collect();
        Self {
            standing,
            successors,
            holds,
        }
    }

    /// The entries that stand.
    pub fn standing(&self) -> &[&'a Entry] {
        &self.standing
    }

    /// True where a later entry took the place of that one.
    pub fn is_corrected(&self, number: u32) -> bool {
        self.successors.contains_key(&number)
    }

    /// The number of the last entry about the same as this content, where there is one.
    pub fn last_about(&self, content: &Content) -> Option<u32> {
        self.holds.get(&content.about()?).copied()
    }

    /// True for the entry that holds for what it is about.
    pub fn holds(&self, entry: &Entry) -> bool {
        self.last_about(&entry.content)
            .is_none_or(|last| last == entry.number)
    }

    /// What took the place of that entry, or the entry itself. A later entry is always the higher
    /// number, so that this ends.
    pub fn resolve(&self, number: u32) -> u32 {
        let mut now = number;
        while let Some(&next) = self.successors.get(&now)
            && next > now
        {
            now = next;
        }
        now
    }

    /// The services.
    pub fn services(&self) -> impl Iterator<Item = Standing<'a, Service>> + '_ {
        self.standing
            .iter()
            .filter_map(|entry| match &entry.content {
                Content::Service(service) => Some((*entry, service)),
                _ => None,
            })
    }

    /// The service of that number, where one stands.
    pub fn service(&self, number: u32) -> Option<Standing<'a, Service>> {
        let number = self.resolve(number);
        self.services().find(|(entry, _)| entry.number == number)
    }

    /// The milestones.
    pub fn milestones(&self) -> impl Iterator<Item = Standing<'a, Milestone>> + '_ {
        self.standing
            .iter()
            .filter_map(|entry| match &entry.content {
                Content::Milestone(milestone) => Some((*entry, milestone)),
                _ => None,
            })
    }

    /// When something happened, of a service or else of the whole: the first of several beginnings, the
    /// last of several ends.
    pub fn when(&self, event: Event, service: Option<u32>) -> Option<(u32, Dated)> {
        let of = |wanted: Option<u32>| {
            let those = self.milestones().filter(move |(_, one)| {
                one.event == event && one.service.map(|number| self.resolve(number)) == wanted
            });
            let those = those.map(|(entry, one)| (entry.number, one.at));
            match event {
                Event::LastBack | Event::RecordsBack | Event::BacklogCleared | Event::Closed => {
                    those.max_by_key(|(_, at)| at.first())
                }
                _ => those.min_by_key(|(_, at)| at.first()),
            }
        };
        service
            .and_then(|number| of(Some(self.resolve(number))))
            .or_else(|| of(None))
    }

    /// The names of all sites that entries speak of.
    pub fn sites(&self) -> BTreeSet<&'a str> {
        let site = |entry: &&'a Entry| match &entry.content {
            Content::Service(one) => one.facility.as_ref().map(crate::model::Line::as_str),
            Content::Milestone(one) => one.site.as_ref().map(crate::model::Line::as_str),
            Content::Step(one) => one.site.as_ref().map(crate::model::Line::as_str),
            Content::System(one) => Some(one.site.as_str()),
            Content::Backlog(one) => one.site.as_ref().map(crate::model::Line::as_str),
            Content::Capacity(_) | Content::Effect(_) | Content::Vendor(_) | Content::Withdrawn => {
                None
            }
        };
        self.standing.iter().filter_map(site).collect()
    }
}
