//! A collection as events of MISP: those that stand in it as they are, each report or grouping beside
//! them as an event of its own, and what is left as further events.

use std::collections::{HashMap, HashSet};

use formats_misp::{
    full::{Attribute, Distribution, Event, Tag, write_event},
    stix::{from_stix, to_stix},
    transfer,
};
use kernel::Tlp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{About, EXERCISE};
use crate::{convert::Losses, model::Listed};

/// So many objects become one event; relations between objects of two events are lost.
pub(crate) const EVENT_OBJECTS_MAX: usize = 20_000;

#[derive(Debug)]
pub(crate) struct Events {
    about: About,
    /// What is left, until it becomes an event.
    objects: Vec<Value>,
    strictest: Tlp,
    /// Events that were made of what is left.
    made: u32,
    /// An event stands alone, several in a list: which it is, the second one shows.
    first: Option<String>,
    written: u32,
    /// The objects of STIX that stand for what was written.
    taken: HashSet<u128>,
    /// The UUIDs of what was written: MISP takes each once.
    used: HashSet<Uuid>,
}

impl Events {
    pub(super) fn new(about: About) -> Self {
        Self {
            about,
            objects: Vec::new(),
            strictest: Tlp::Clear,
            made: 0,
            first: None,
            written: 0,
            taken: HashSet::new(),
            used: HashSet::new(),
        }
    }

    /// An event of the collection under its label, and the ids of the objects of STIX that stand for it.
    pub(crate) fn stored(&mut self, event: &mut Event, tlp: Tlp, ids: &[String]) -> String {
        self.taken.extend(ids.iter().map(|id| key(id)));
        transfer::unbind(event);
        let uuid = event.uuid.as_deref().and_then(parsed);
        self.used.extend(uuid);
        for attribute in attributes(event) {
            self.used.extend(attribute.uuid.as_deref().and_then(parsed));
        }
        let objects = event.objects.iter().filter_map(|one| one.uuid.as_deref());
        self.used.extend(objects.filter_map(parsed));
        if !event.tags.iter().any(is_label) {
            event.tags.push(label(tlp));
        }
        self.drill(event);
        self.write(event)
    }

    /// Whether a report was written already, with the event that it stands for.
    pub(crate) fn has(&self, report: &Listed) -> bool {
        self.taken.contains(&key(&report.stix_id))
    }

    /// A report with what it refers to, as an event of its own.
    pub(crate) fn report(&mut self, objects: &[Listed], losses: &mut Losses) -> String {
        let mut values = Vec::new();
        let mut strictest = Tlp::Clear;
        for object in objects {
            // Definitions of markings are needed by whatever else carries them.
            if !object.stix_id.starts_with("marking-definition--") {
                self.taken.insert(key(&object.stix_id));
            }
            match serde_json::from_str(&object.body) {
                Ok(value) => values.push(value),
                Err(_unreadable) => losses.add(&object.stix_id, "unreadable", 1),
            }
            strictest = strictest.max(object.tlp);
        }
        let mut event = turned(&values, losses);
        self.complete(&mut event, strictest);
        self.write(&event)
    }

    pub(super) fn page(&mut self, objects: &[Listed], losses: &mut Losses) -> String {
        let mut page = String::new();
        for object in objects {
            if self.taken.contains(&key(&object.stix_id)) {
                continue;
            }
            match serde_json::from_str(&object.body) {
                Ok(value) => {
                    self.objects.push(value);
                    self.strictest = self.strictest.max(object.tlp);
                }
                Err(_unreadable) => losses.add(&object.stix_id, "unreadable", 1),
            }
            if self.objects.len() >= EVENT_OBJECTS_MAX {
                page.push_str(&self.event(losses));
            }
        }
        page
    }

    pub(super) fn tail(&mut self, losses: &mut Losses) -> String {
        let mut tail = if self.objects.is_empty() {
            String::new()
        } else {
            self.event(losses)
        };
        tail.push_str(match (self.first.take(), self.written) {
            (Some(first), _) => return format!("{tail}{first}\n"),
            (None, 0) => "{\"response\":[]}\n",
            (None, _) => "]}\n",
        });
        tail
    }

    /// What is left so far, as an event.
    fn event(&mut self, losses: &mut Losses) -> String {
        let objects = std::mem::take(&mut self.objects);
        let strictest = std::mem::replace(&mut self.strictest, Tlp::Clear);
        let mut event = turned(&objects, losses);
        if self.made > 0 {
            losses.add("MISP", "relations_between_events", 1);
        }
        self.made += 1;
        let is_empty = event.uuid.is_none()
            && event.attributes.is_empty()
            && event.objects.is_empty()
            && event.galaxies.is_empty()
            && event.reports.is_empty();
        // What became nothing is among the losses.
        if is_empty {
            return String::new();
        }
        self.complete(&mut event, strictest);
        self.write(&event)
    }

    /// Gives an event what the objects do not say.
    fn complete(&mut self, event: &mut Event, strictest: Tlp) {
        let place = self.about.collection;
        let known = event.uuid.as_deref().and_then(parsed);
        let uuid = match known {
            Some(uuid) if self.used.insert(uuid) => uuid,
            Some(uuid) => Uuid::new_v5(&place, uuid.as_bytes()),
            // The same collection is the same event, whenever it is written.
            None => Uuid::new_v5(&place, &self.made.to_be_bytes()),
        };
        event.uuid = Some(uuid.to_string());
        self.rename(event, uuid);
        let info = event.info.take();
        event.info = Some(info.unwrap_or_else(|| match self.made {
            0 | 1 => self.about.title.clone(),
            _ => format!("{} ({})", self.about.title, self.made),
        }));
        let day = self.about.at.to_string().chars().take(10).collect();
        event.date.get_or_insert(day);
        event
            .timestamp
            .get_or_insert(self.about.at.as_micros() / 1_000_000);
        event.distribution.get_or_insert(Distribution::Organisation);
        // The label of the whole is that of its strictest part.
        event.tags.retain(|tag| !is_label(tag));
        event.tags.push(label(strictest));
        self.drill(event);
    }

    /// What stands in another event of the file too, gets a UUID of its own there.
    fn rename(&mut self, event: &mut Event, of: Uuid) {
        let mut renamed: HashMap<String, String> = HashMap::new();
        let used = &mut self.used;
        let mut fresh = |uuid: &mut Option<String>| {
            let Some(known) = uuid.as_deref().and_then(parsed) else {
                return;
            };
            if !used.insert(known) {
                let new = Uuid::new_v5(&of, known.as_bytes()).to_string();
                renamed.insert(known.to_string(), new.clone());
                *uuid = Some(new);
            }
        };
        for object in &mut event.objects {
            fresh(&mut object.uuid);
            for attribute in &mut object.attributes {
                fresh(&mut attribute.uuid);
            }
        }
        for attribute in &mut event.attributes {
            fresh(&mut attribute.uuid);
        }
        for object in &mut event.objects {
            for reference in &mut object.references {
                for uuid in [&mut reference.referenced_uuid, &mut reference.object_uuid] {
                    if let Some(new) = uuid.as_ref().and_then(|uuid| renamed.get(uuid)) {
                        *uuid = Some(new.clone());
                    }
                }
            }
        }
    }

    /// Says of an event of an exercise that it is one.
    fn drill(&self, event: &mut Event) {
        if !self.about.mode.is_exercise() {
            return;
        }
        let info = event.info.take().unwrap_or_default();
        event.info = Some(if info.starts_with(EXERCISE) {
            info
        } else {
            format!("{EXERCISE} {info}")
        });
        let said = "exercise:generic=\"comity\"";
        if !event
            .tags
            .iter()
            .any(|tag| tag.name.as_deref() == Some(said))
        {
            event.tags.push(named(said.to_owned()));
        }
    }

    fn write(&mut self, event: &Event) -> String {
        let mut bytes = Vec::new();
        // Writing into memory cannot fail.
        let _infallible = write_event(&mut bytes, event);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.written += 1;
        match (self.written, self.first.take()) {
            (1, _) => {
                self.first = Some(text);
                String::new()
            }
            (_, Some(first)) => format!("{{\"response\":[{first},\n{text}"),
            (_, None) => format!(",\n{text}"),
        }
    }
}

/// The ids of the objects of STIX that stand for an event.
pub(crate) fn ids_of(event: &Event) -> Vec<String> {
    let mut turned = event.clone();
    // What was published once is a report, and else a grouping.
    turned.published = Some(event.publish_timestamp.unwrap_or_default() > 0);
    let (objects, _) = to_stix(&turned);
    let mut ids: Vec<_> = objects
        .iter()
        .filter_map(|object| object.get("id")?.as_str())
        .filter(|id| !id.starts_with("marking-definition--"))
        .map(str::to_owned)
        .collect();
    if let Some(uuid) = &event.uuid {
        ids.extend(["report", "grouping"].map(|kind| format!("{kind}--{uuid}")));
    }
    ids
}

/// Objects as an event; what is lost is told by their types.
fn turned(objects: &[Value], losses: &mut Losses) -> Event {
    let (event, lost) = from_stix(objects);
    for loss in lost {
        // A place is `/objects/17/name`: what matters for a whole collection is the type.
        let number = loss.place.split('/').nth(2);
        let number: Option<usize> = number.and_then(|number| number.parse().ok());
        let object = number.and_then(|number| objects.get(number));
        let kind = object.and_then(|object| object.get("type"));
        let kind = kind.and_then(Value::as_str).unwrap_or(&loss.place);
        let count = i64::try_from(loss.count).unwrap_or(i64::MAX);
        losses.add(kind, &loss.name, count);
    }
    event
}

fn attributes(event: &Event) -> impl Iterator<Item = &Attribute> {
    let of_objects = event.objects.iter().flat_map(|object| &object.attributes);
    event.attributes.iter().chain(of_objects)
}

fn parsed(uuid: &str) -> Option<Uuid> {
    Uuid::try_parse(uuid).ok()
}

/// An id in little room.
fn key(id: &str) -> u128 {
    let digest = Sha256::digest(id.as_bytes());
    let (head, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
    u128::from_be_bytes(*head)
}

fn is_label(tag: &Tag) -> bool {
    let name = tag.name.as_deref().unwrap_or_default().trim();
    name.get(..4)
        .is_some_and(|first| first.eq_ignore_ascii_case("tlp:"))
}

fn label(tlp: Tlp) -> Tag {
    named(format!("tlp:{}", tlp.as_str().to_ascii_lowercase()))
}

fn named(name: String) -> Tag {
    Tag {
        name: Some(name),
        ..Tag::default()
    }
}
