//! Objects as events of MISP.

use formats_misp::{
    full::{Distribution, Event, Tag, write_event},
    stix::from_stix,
};
use kernel::Tlp;
use serde_json::Value;
use uuid::Uuid;

use super::{About, EXERCISE};
use crate::{convert::Losses, model::Listed};

/// So many objects become one event; relations between objects of two events are lost.
const EVENT_OBJECTS_MAX: usize = 20_000;

#[derive(Debug)]
pub(crate) struct Events {
    about: About,
    objects: Vec<Value>,
    strictest: Tlp,
    written: u32,
}

impl Events {
    pub(super) const fn new(about: About) -> Self {
        Self {
            about,
            objects: Vec::new(),
            strictest: Tlp::Clear,
            written: 0,
        }
    }

    #[expect(clippy::unused_self, reason = "as the other writers")]
    pub(super) fn head(&mut self) -> String {
        "{\"response\":[".to_owned()
    }

    pub(super) fn page(&mut self, objects: &[Listed], losses: &mut Losses) -> String {
        let mut page = String::new();
        for object in objects {
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
        tail.push_str("]}\n");
        tail
    }

    fn event(&mut self, losses: &mut Losses) -> String {
        let objects = std::mem::take(&mut self.objects);
        let strictest = std::mem::replace(&mut self.strictest, Tlp::Clear);
        let (mut event, lost) = from_stix(&objects);
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
        self.complete(&mut event, strictest);
        let mut bytes = Vec::new();
        let mut text = String::new();
        if self.written > 0 {
            text.push(',');
            losses.add("MISP", "relations_between_events", 1);
        }
        // Writing into memory cannot fail.
        let _infallible = write_event(&mut bytes, &event);
        text.push_str(&String::from_utf8_lossy(&bytes));
        text.push('\n');
        self.written += 1;
        text
    }

    /// Gives an event what the objects do not say.
    fn complete(&self, event: &mut Event, strictest: Tlp) {
        let part = self.written + 1;
        if event.uuid.is_none() {
            let id = Uuid::new_v5(&self.about.id, &part.to_be_bytes());
            event.uuid = Some(id.to_string());
        }
        let info = event.info.take();
        let info = info.unwrap_or_else(|| match part {
            1 => self.about.title.clone(),
            _ => format!("{} ({part})", self.about.title),
        });
        event.info = Some(if self.about.mode.is_exercise() {
            format!("{EXERCISE} {info}")
        } else {
            info
        });
        let day = self.about.at.to_string().chars().take(10).collect();
        event.date.get_or_insert(day);
        event
            .timestamp
            .get_or_insert(self.about.at.as_micros() / 1_000_000);
        event.distribution.get_or_insert(Distribution::Organisation);
        // The label of the whole is that of its strictest part.
        let is_label = |tag: &Tag| {
            let name = tag.name.as_deref().unwrap_or_default();
            name.to_ascii_lowercase().starts_with("tlp:")
        };
        event.tags.retain(|tag| !is_label(tag));
        let mut tag = |name: String| {
            event.tags.push(Tag {
                name: Some(name),
                ..Tag::default()
            });
        };
        tag(format!("tlp:{}", strictest.as_str().to_ascii_lowercase()));
        if self.about.mode.is_exercise() {
            tag("exercise:generic=\"comity\"".to_owned());
        }
    }
}
