//! Events in full, as they go out.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write as _,
};

use axum::body::Body;
use intel::events::{
    model::Asked,
    ops::{self, Asking, Further, Seen, head},
};
use serde_json::{Map, Value};

use super::{
    Pieces, json,
    warned::{self, Warned},
};
use crate::{
    answer::Fail,
    ask::{Ask, flag, text_of},
    call::{Call, unreadable},
};

/// So many events are looked up at once.
const EVENTS: u32 = 100;

/// What of an event is wanted.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "MISP's flags, each of which is said on its own"
)]
pub(crate) struct Options {
    /// The event alone.
    pub(crate) metadata: bool,
    pub(crate) sightings: bool,
    pub(crate) without_files: bool,
    pub(crate) to_ids: Option<bool>,
    /// Deleted parts alone, or the others alone.
    pub(crate) deleted: Option<bool>,
    pub(crate) with_deleted: bool,
    pub(crate) warnings: warned::Asked,
    /// What was not taken of an event that was sent.
    pub(crate) errors: Option<Value>,
}

impl Options {
    /// Of the body of a view.
    pub(crate) fn of_view(asked: &Map<String, Value>) -> Self {
        let deleted = asked.get("deleted");
        let both = deleted.is_some_and(|value| flag(value) || value.is_array());
        let only = deleted.and_then(text_of).is_some_and(|text| text == "2");
        Self {
            with_deleted: both && !only,
            deleted: only.then_some(true),
            warnings: warned::Asked {
                included: asked.get("includeWarninglistHits").is_some_and(flag),
                ..warned::Asked::default()
            },
            ..Self::default()
        }
    }

    /// Of a search.
    pub(crate) fn of_search(ask: &Ask) -> Self {
        Self {
            metadata: ask.metadata,
            sightings: ask.sightings,
            without_files: !ask.attachments,
            to_ids: ask.filter.to_ids,
            deleted: ask.filter.deleted,
            with_deleted: ask.filter.with_deleted,
            warnings: ask.warnings,
            errors: None,
        }
    }

    fn asking(&self) -> Asking {
        Asking {
            deleted: if self.with_deleted {
                None
            } else {
                Some(self.deleted.unwrap_or(false))
            },
            to_ids: self.to_ids,
            data: !self.without_files,
            sightings: self.sightings,
        }
    }
}

/// How far an event was written.
struct Writing {
    id: i64,
    from: Further,
    attributes: usize,
    objects: usize,
    objects_begun: bool,
    /// The lists that have something of it.
    lists: BTreeMap<i64, String>,
}

/// One event, or those of a search.
pub(crate) struct EventStream {
    call: Call,
    options: Options,
    /// The search, and how many more events are wanted; nothing for one event.
    search: Option<(Box<Ask>, i64, u32)>,
    waiting: VecDeque<Seen>,
    writing: Option<Writing>,
    written: usize,
    begun: bool,
    ended: bool,
}

impl EventStream {
    /// One event that was looked up already.
    pub(crate) fn of_one(call: Call, seen: Seen, options: Options) -> Self {
        Self {
            call,
            options,
            search: None,
            waiting: VecDeque::from([seen]),
            writing: None,
            written: 0,
            begun: false,
            ended: false,
        }
    }

    /// The events of a search that come after that number.
    pub(crate) fn of_search(call: Call, ask: Ask, after: Option<i64>) -> Self {
        let most = if after.is_some() {
            ask.limit.unwrap_or(u32::MAX)
        } else {
            0
        };
        Self {
            options: Options::of_search(&ask),
            search: Some((Box::new(ask), after.unwrap_or(0), most)),
            waiting: VecDeque::new(),
            writing: None,
            written: 0,
            begun: false,
            ended: false,
            call,
        }
    }

    /// As the body of an answer.
    pub(crate) fn into_body(self) -> Body {
        Pieces::into_body(self)
    }

    /// The next event of the search.
    async fn following(&mut self) -> Result<Option<Seen>, Fail> {
        if let Some(seen) = self.waiting.pop_front() {
            return Ok(Some(seen));
        }
        let Some((ask, after, left)) = &mut self.search else {
            return Ok(None);
        };
        if *left == 0 {
            return Ok(None);
        }
        let asked = Asked {
            after: *after,
            most: EVENTS.min(*left),
        };
        let call = &self.call;
        let page = ops::events(&call.ground, &call.viewer, &call.scope, &ask.filter, asked);
        let page = page.await?;
        let count = u32::try_from(page.len()).unwrap_or(u32::MAX);
        *left = if count < asked.most { 0 } else { *left - count };
        *after = page.last().map_or(*after, |last| last.event.id);
        self.waiting = page.into();
        Ok(self.waiting.pop_front())
    }

    fn begin(&mut self, out: &mut String, seen: &Seen) -> Result<(), Fail> {
        if self.written > 0 {
            out.push(',');
        }
        self.written += 1;
        let head = head(seen)?;
        let mut text = serde_json::to_string(&head).map_err(|error| unreadable(&error))?;
        text.pop();
        let _written = write!(out, "{{\"Event\":{text}");
        if self.options.metadata {
            out.push_str("}}");
        } else {
            out.push_str(",\"Attribute\":[");
            self.writing = Some(Writing {
                id: seen.event.id,
                from: Further::default(),
                attributes: 0,
                objects: 0,
                objects_begun: false,
                lists: BTreeMap::new(),
            });
        }
        Ok(())
    }

    /// Writes a page of the event that is under way.
    async fn go_on(&mut self, out: &mut String, mut writing: Writing) -> Result<(), Fail> {
        let call = &self.call;
        let asking = self.options.asking();
        let (ground, viewer) = (&call.ground, &call.viewer);
        let parts = ops::parts(ground, viewer, writing.id, asking, writing.from).await?;
        let inside = parts.objects.iter().flat_map(|(_, inside)| inside);
        let all: Vec<_> = parts.attributes.iter().chain(inside).collect();
        let warned = Warned::of(call, self.options.warnings, all.iter().copied()).await?;
        warned.gather(&all, &mut writing.lists);
        let shown = parts.attributes.iter().filter(|row| !warned.hides(row));
        for row in shown {
            if writing.attributes > 0 {
                out.push(',');
            }
            writing.attributes += 1;
            json::attribute(out, row, &parts.sightings, (&warned, None))?;
        }
        let last = parts.next.is_none();
        if !writing.objects_begun && (last || !parts.objects.is_empty()) {
            writing.objects_begun = true;
            out.push_str("],\"Object\":[");
        }
        for whole in &parts.objects {
            if writing.objects > 0 {
                out.push(',');
            }
            writing.objects += 1;
            json::object(out, whole, &parts.sightings, &warned)?;
        }
        if let Some(next) = parts.next {
            writing.from = next;
            self.writing = Some(writing);
        } else {
            out.push(']');
            if self.options.warnings.included {
                let _written = write!(out, ",\"warnings\":{}", serde_json::json!(writing.lists));
            }
            out.push('}');
            if let (None, Some(errors)) = (&self.search, &self.options.errors) {
                let _written = write!(out, ",\"errors\":{errors}");
            }
            out.push('}');
        }
        Ok(())
    }
}

impl Pieces for EventStream {
    async fn next(&mut self) -> Result<Option<String>, Fail> {
        if self.ended {
            return Ok(None);
        }
        let mut out = String::new();
        let many = self.search.is_some();
        if !std::mem::replace(&mut self.begun, true) && many {
            out.push_str("{\"response\":[");
        }
        if let Some(writing) = self.writing.take() {
            self.go_on(&mut out, writing).await?;
            return Ok(Some(out));
        }
        if let Some(seen) = self.following().await? {
            self.begin(&mut out, &seen)?;
        } else {
            self.ended = true;
            if many {
                out.push_str("]}");
            }
        }
        Ok(Some(out))
    }
}
