//! What is to be fetched: what a server lists, held against what is here and what was exchanged.

use std::collections::{HashMap, HashSet};

use formats_misp::{IndexEntry, ManifestEntry};
use intel::{
    events::model::{Exchanged, Standing},
    model::{Note, NoteKind},
};
use uuid::Uuid;

/// Defects of one list that are told one by one.
const DEFECTS_MAX: usize = 20;

/// An event that a server lists.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Listed {
    pub(super) uuid: Uuid,
    /// When it was changed, in seconds since 1970; 0 where the list does not say.
    pub(super) timestamp: i64,
}

/// What a server lists, each event once.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct List {
    pub(super) events: Vec<Listed>,
    pub(super) defects: Vec<Note>,
}

/// What is to be done.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Plan {
    /// What is to be fetched, the oldest first.
    pub(super) wanted: Vec<Listed>,
    /// How many events are here as they are there, or were refused as they are there.
    pub(super) known: usize,
    /// What came from there and is not listed any more.
    pub(super) gone: Vec<Exchanged>,
    /// What had gone, and is listed again as it is here.
    pub(super) back: Vec<Exchanged>,
}

impl List {
    /// The published events of an index, or all.
    pub(super) fn of_index(entries: Vec<IndexEntry>, published: bool) -> Self {
        let shown = entries
            .into_iter()
            .filter(|entry| !published || entry.published != Some(false));
        Self::of(shown.map(|entry| (entry.uuid, entry.timestamp)))
    }

    /// The events of a manifest.
    pub(super) fn of_manifest(entries: impl IntoIterator<Item = ManifestEntry>) -> Self {
        Self::of(
            entries
                .into_iter()
                .map(|entry| (entry.uuid, entry.timestamp)),
        )
    }

    fn of(entries: impl Iterator<Item = (String, Option<i64>)>) -> Self {
        let mut list = Self::default();
        let mut places: HashMap<Uuid, usize> = HashMap::new();
        for (text, timestamp) in entries {
            let timestamp = timestamp.filter(|timestamp| *timestamp >= 0);
            let Ok(uuid) = Uuid::try_parse(&text) else {
                list.defect("misp.no_uuid", &text, "it is listed under what is no UUID");
                continue;
            };
            if timestamp.is_none() {
                let detail = "the list does not say when it was changed";
                list.defect("misp.no_timestamp", &text, detail);
            }
            let listed = Listed {
                uuid,
                timestamp: timestamp.unwrap_or_default(),
            };
            let before = places.get(&uuid).copied();
            if let Some(before) = before.and_then(|place| list.events.get_mut(place)) {
                before.timestamp = before.timestamp.max(listed.timestamp);
                list.defect("misp.listed_twice", &text, "it is listed more than once");
            } else {
                places.insert(uuid, list.events.len());
                list.events.push(listed);
            }
        }
        list
    }

    fn defect(&mut self, code: &'static str, subject: &str, detail: &str) {
        if self.defects.len() < DEFECTS_MAX {
            self.defects.push(Note {
                what: NoteKind::Defect,
                subject: subject.chars().take(64).collect(),
                code: code.to_owned(),
                detail: detail.to_owned(),
            });
        }
    }

    /// What is to be fetched of it. `here` has the events of the collection with when they were
    /// changed, `before` what was exchanged with this server.
    pub(super) fn plan(&self, here: &HashMap<Uuid, i64>, before: Vec<Exchanged>) -> Plan {
        let refused: HashMap<Uuid, i64> = before
            .iter()
            .filter(|one| one.standing == Standing::Refused)
            .map(|one| (one.uuid, one.timestamp))
            .collect();
        let is_known = |event: &Listed| {
            // An event whose time is not said is fetched once, and not again.
            let stored = here.get(&event.uuid);
            stored.is_some_and(|stored| *stored >= event.timestamp)
                || refused
                    .get(&event.uuid)
                    .is_some_and(|then| *then >= event.timestamp)
        };
        let mut wanted: Vec<Listed> = self
            .events
            .iter()
            .filter(|event| !is_known(event))
            .copied()
            .collect();
        wanted.sort_by_key(|event| (event.timestamp, event.uuid));
        let listed: HashSet<Uuid> = self.events.iter().map(|event| event.uuid).collect();
        let (mut gone, mut back) = (Vec::new(), Vec::new());
        for one in before {
            match (one.standing, listed.contains(&one.uuid)) {
                (Standing::Taken, false) => gone.push(one),
                (Standing::Gone, true) => back.push(one),
                _ => {}
            }
        }
        Plan {
            known: self.events.len() - wanted.len(),
            gone,
            back,
            wanted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uuid(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn entry(number: u128, timestamp: Option<i64>) -> IndexEntry {
        IndexEntry {
            uuid: uuid(number).to_string(),
            timestamp,
            published: Some(true),
            ..IndexEntry::default()
        }
    }

    fn exchanged(number: u128, timestamp: i64, standing: Standing) -> Exchanged {
        Exchanged {
            uuid: uuid(number),
            timestamp,
            standing,
            code: None,
        }
    }

    #[test]
    fn only_what_is_new_or_newer_is_fetched_the_oldest_first() {
        let list = List::of_index(
            vec![
                entry(1, Some(10)),
                entry(2, Some(30)),
                entry(3, Some(20)),
                entry(4, Some(5)),
            ],
            true,
        );
        let here = HashMap::from([(uuid(1), 10), (uuid(2), 29)]);
        let plan = list.plan(&here, vec![exchanged(4, 5, Standing::Refused)]);
        let wanted: Vec<_> = plan.wanted.iter().map(|event| event.uuid).collect();
        assert_eq!(wanted, [uuid(3), uuid(2)]);
        assert_eq!(plan.known, 2);
    }

    #[test]
    fn what_was_refused_is_fetched_when_it_is_newer() {
        let list = List::of_index(vec![entry(4, Some(6))], true);
        let plan = list.plan(&HashMap::new(), vec![exchanged(4, 5, Standing::Refused)]);
        assert_eq!(plan.wanted.len(), 1);
    }

    #[test]
    fn what_is_not_listed_any_more_is_gone_if_it_came_from_there() {
        let list = List::of_index(vec![entry(1, Some(10))], true);
        let before = vec![
            exchanged(1, 10, Standing::Taken),
            exchanged(2, 10, Standing::Taken),
            exchanged(3, 10, Standing::Refused),
            exchanged(4, 10, Standing::Gone),
        ];
        let plan = list.plan(&HashMap::new(), before);
        assert_eq!(plan.gone, [exchanged(2, 10, Standing::Taken)]);
        let plan = list.plan(&HashMap::new(), vec![exchanged(1, 10, Standing::Gone)]);
        assert_eq!(plan.back, [exchanged(1, 10, Standing::Gone)]);
    }

    #[test]
    fn defects_of_a_list_are_told_and_cost_no_event() {
        let twice = entry(1, Some(11));
        let nameless = IndexEntry {
            uuid: "../1".into(),
            ..twice.clone()
        };
        let hidden = IndexEntry {
            published: Some(false),
            ..entry(3, Some(1))
        };
        let entries = vec![entry(1, Some(10)), twice, nameless, hidden, entry(2, None)];
        let list = List::of_index(entries.clone(), true);
        assert_eq!(
            list.events,
            [
                Listed {
                    uuid: uuid(1),
                    timestamp: 11
                },
                Listed {
                    uuid: uuid(2),
                    timestamp: 0
                },
            ]
        );
        let codes: Vec<_> = list.defects.iter().map(|note| &*note.code).collect();
        assert_eq!(
            codes,
            ["misp.listed_twice", "misp.no_uuid", "misp.no_timestamp"]
        );
        assert_eq!(List::of_index(entries, false).events.len(), 3);
    }
}
