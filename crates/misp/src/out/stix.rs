//! Events and attributes as bundles of STIX 2.1, under the strictest label of what is in them.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    fmt::Write as _,
};

use axum::body::Body;
use formats_misp::{full, stix::to_stix};
use intel::events::{
    model::{Asked, Attribute},
    ops::{self, Asking, Further, Seen},
};
use serde_json::Value;

use super::{Pieces, warned::Warned};
use crate::{
    answer::Fail,
    ask::Ask,
    call::{Call, unreadable},
};

/// The largest event that is turned while an answer goes out, in attributes; of a larger one the
/// objects are had by TAXII.
const PARTS_MAX: i64 = 20_000;

/// The beginning of a bundle.
pub(super) fn head(out: &mut String, call: &Call) {
    out.push_str("{\"type\":\"bundle\",\"id\":\"bundle--");
    let id = kernel::uuid_v4(&*call.ground.rng);
    let _written = write!(out, "{id}\",\"objects\":[");
}

/// The objects that a bundle has already.
#[derive(Debug, Default)]
pub(super) struct Written {
    ids: HashSet<String>,
}

impl Written {
    fn objects(&mut self, out: &mut String, objects: &[Value]) {
        for object in objects {
            let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
            if self.ids.insert(id.to_owned()) {
                if self.ids.len() > 1 {
                    out.push(',');
                }
                let _written = write!(out, "{object}");
            }
        }
    }

    /// Attributes by themselves: what they become, without reports of events that are not whole.
    pub(super) fn attributes(
        &mut self,
        out: &mut String,
        rows: &[Attribute],
        events: &HashMap<i64, Seen>,
    ) -> Result<(), Fail> {
        let mut by_event: BTreeMap<i64, Vec<&Attribute>> = BTreeMap::new();
        for row in rows {
            by_event.entry(row.event).or_default().push(row);
        }
        for (id, rows) in by_event {
            let Some(seen) = events.get(&id) else {
                continue;
            };
            let mut event = ops::head(seen)?;
            event.galaxies.clear();
            event.reports.clear();
            let mut tlp = seen.event.tlp;
            for row in rows {
                tlp = tlp.max(row.tlp);
                event.attributes.push(record(row)?);
            }
            ops::mark(&mut event, tlp);
            let (mut objects, _) = to_stix(&event);
            objects.retain(|object| {
                let kind = object.get("type").and_then(Value::as_str);
                !matches!(kind, Some("report" | "grouping"))
            });
            self.objects(out, &objects);
        }
        Ok(())
    }
}

fn record(row: &Attribute) -> Result<full::Attribute, Fail> {
    let mut record: full::Attribute =
        serde_json::from_str(&row.body).map_err(|error| unreadable(&error))?;
    record.data.clone_from(&row.data);
    Ok(record)
}

/// The events of a search.
pub(crate) struct BundleStream {
    call: Call,
    ask: Box<Ask>,
    after: i64,
    left: u32,
    waiting: VecDeque<Seen>,
    written: Written,
    begun: bool,
    ended: bool,
}

impl BundleStream {
    /// The events of a search that come after that number. Refuses where one is too large.
    pub(crate) fn new(call: Call, ask: Ask, after: Option<i64>) -> Self {
        let left = if after.is_some() {
            ask.limit.unwrap_or(u32::MAX)
        } else {
            0
        };
        Self {
            call,
            ask: Box::new(ask),
            after: after.unwrap_or(0),
            left,
            waiting: VecDeque::new(),
            written: Written::default(),
            begun: false,
            ended: false,
        }
    }

    /// As the body of an answer.
    pub(crate) fn into_body(self) -> Body {
        Pieces::into_body(self)
    }

    async fn following(&mut self) -> Result<Option<Seen>, Fail> {
        if self.waiting.is_empty() && self.left > 0 {
            let asked = Asked {
                after: self.after,
                most: self.left.min(100),
            };
            let call = &self.call;
            let filter = &self.ask.filter;
            let page = ops::events(&call.ground, &call.viewer, &call.scope, filter, asked).await?;
            let count = u32::try_from(page.len()).unwrap_or(u32::MAX);
            self.left = if count < asked.most {
                0
            } else {
                self.left - count
            };
            self.after = page.last().map_or(self.after, |last| last.event.id);
            self.waiting = page.into();
        }
        Ok(self.waiting.pop_front())
    }

    async fn whole(&self, seen: &Seen) -> Result<full::Event, Fail> {
        if seen.event.parts > PARTS_MAX {
            return Err(Fail::bad("the event is too large for a bundle: use TAXII"));
        }
        let mut event = ops::head(seen)?;
        let mut tlp = seen.event.tlp;
        let asking = Asking {
            data: self.ask.attachments,
            ..Asking::default()
        };
        let mut from = Further::default();
        let call = &self.call;
        loop {
            let id = seen.event.id;
            let parts = ops::parts(&call.ground, &call.viewer, id, asking, from).await?;
            let within = parts.objects.iter().flat_map(|(_, inside)| inside);
            let all = parts.attributes.iter().chain(within);
            let warned = Warned::of(call, self.ask.warnings, all).await?;
            for row in parts.attributes.iter().filter(|row| !warned.hides(row)) {
                tlp = tlp.max(row.tlp);
                event.attributes.push(record(row)?);
            }
            for (object, inside) in &parts.objects {
                tlp = tlp.max(object.tlp);
                let mut whole: full::Object =
                    serde_json::from_str(&object.body).map_err(|error| unreadable(&error))?;
                for row in inside.iter().filter(|row| !warned.hides(row)) {
                    tlp = tlp.max(row.tlp);
                    whole.attributes.push(record(row)?);
                }
                event.objects.push(whole);
            }
            match parts.next {
                Some(next) => from = next,
                None => break,
            }
        }
        ops::mark(&mut event, tlp);
        Ok(event)
    }
}

impl Pieces for BundleStream {
    async fn next(&mut self) -> Result<Option<String>, Fail> {
        if self.ended {
            return Ok(None);
        }
        let mut out = String::new();
        if !std::mem::replace(&mut self.begun, true) {
            head(&mut out, &self.call);
        }
        if let Some(seen) = self.following().await? {
            let event = self.whole(&seen).await?;
            let (objects, _) = to_stix(&event);
            self.written.objects(&mut out, &objects);
        } else {
            self.ended = true;
            out.push_str("]}");
        }
        Ok(Some(out))
    }
}
