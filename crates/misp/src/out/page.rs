//! Attributes of a search, in the form that was asked for, as they go out.

use std::collections::HashMap;

use axum::body::Body;
use intel::events::{
    model::{Asked, Attribute, Object, Which},
    ops::{self, Seen},
};
use serde_json::Value;

use super::{
    Pieces, index,
    json::{self, Sighted, put},
    stix, suricata, table,
    warned::Warned,
};
use crate::{
    answer::Fail,
    ask::{Ask, Format},
    call::{Call, unreadable},
};

/// So many attributes are looked up at once.
const ROWS: u32 = 1_000;
/// So many events are kept in mind.
const EVENTS_MAX: usize = 1_000;

/// What is made of the attributes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Shape {
    /// The answer to a search.
    Answer,
    /// A list with nothing around it.
    List,
    /// The objects that they stand in.
    Objects,
}

/// The attributes of a search.
pub(crate) struct AttributeStream {
    call: Call,
    ask: Box<Ask>,
    shape: Shape,
    after: i64,
    left: u32,
    written: usize,
    begun: bool,
    ended: bool,
    events: HashMap<i64, Seen>,
    /// The objects that were written.
    seen_objects: std::collections::HashSet<i64>,
    stix: stix::Written,
}

impl AttributeStream {
    /// The attributes of a search that come after that number.
    pub(crate) fn new(call: Call, ask: Ask, after: Option<i64>) -> Self {
        let left = if after.is_some() {
            ask.limit.unwrap_or(u32::MAX)
        } else {
            0
        };
        Self {
            call,
            ask: Box::new(ask),
            shape: Shape::Answer,
            after: after.unwrap_or(0),
            left,
            written: 0,
            begun: false,
            ended: false,
            events: HashMap::new(),
            seen_objects: std::collections::HashSet::new(),
            stix: stix::Written::default(),
        }
    }

    /// The objects that they stand in.
    pub(crate) fn into_objects(mut self) -> Self {
        self.shape = Shape::Objects;
        self
    }

    /// As a list with nothing around it.
    pub(crate) fn into_list(mut self) -> Self {
        self.shape = Shape::List;
        self
    }

    /// As the body of an answer.
    pub(crate) fn into_body(self) -> Body {
        Pieces::into_body(self)
    }

    async fn rows(&mut self) -> Result<Vec<Attribute>, Fail> {
        if self.left == 0 {
            return Ok(Vec::new());
        }
        let asked = Asked {
            after: self.after,
            most: ROWS.min(self.left),
        };
        let call = &self.call;
        let filter = (&self.ask.filter, self.ask.attachments);
        let rows = ops::attributes(&call.ground, &call.viewer, &call.scope, filter, asked);
        let rows = rows.await?;
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        self.left = if count < asked.most {
            0
        } else {
            self.left - count
        };
        self.after = rows.last().map_or(self.after, |last| last.id);
        self.meet(&rows).await?;
        Ok(rows)
    }

    /// Looks up the events of attributes.
    async fn meet(&mut self, rows: &[Attribute]) -> Result<(), Fail> {
        if self.events.len() > EVENTS_MAX {
            self.events.clear();
        }
        for row in rows {
            if !self.events.contains_key(&row.event) {
                let call = &self.call;
                let which = Which::Id(row.event);
                let seen = ops::event(&call.ground, &call.viewer, &call.scope, which).await?;
                self.events.insert(row.event, seen);
            }
        }
        Ok(())
    }

    async fn as_json(
        &mut self,
        out: &mut String,
        rows: &[Attribute],
        warned: &Warned,
    ) -> Result<(), Fail> {
        let call = &self.call;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let sightings = if self.ask.sightings {
            ops::sightings_of(&call.ground, &call.viewer, &call.scope, &ids).await?
        } else {
            Vec::new()
        };
        for row in rows {
            if self.written > 0 {
                out.push(',');
            }
            self.written += 1;
            self.one(out, row, &sightings, warned)?;
        }
        Ok(())
    }

    fn one(
        &self,
        out: &mut String,
        row: &Attribute,
        sightings: &Sighted,
        warned: &Warned,
    ) -> Result<(), Fail> {
        let seen = self.events.get(&row.event);
        let stub = seen.map(index::stub);
        if !self.ask.event_tags {
            return json::attribute(out, row, sightings, (warned, stub.as_ref()));
        }
        let mut value = json::attribute_value(row, sightings)?;
        if let Some(said) = warned.said(row) {
            put(&mut value, "warnings", said);
        }
        if let (Some(seen), Some(stub)) = (seen, stub) {
            let tags = ops::head(seen)?.tags;
            let mut all = value
                .get("Tag")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            for tag in tags {
                let mut tag = serde_json::to_value(tag).map_err(|error| unreadable(&error))?;
                put(&mut tag, "inherited", Value::from(1));
                all.push(tag);
            }
            put(&mut value, "Tag", Value::Array(all));
            put(&mut value, "Event", stub);
        }
        out.push_str(&value.to_string());
        Ok(())
    }

    fn objects_of(&mut self, rows: &[Attribute]) -> Vec<i64> {
        let mut new = Vec::new();
        for row in rows.iter().filter(|row| row.object > 0) {
            if self.seen_objects.insert(row.object) {
                new.push(row.object);
            }
        }
        new
    }

    async fn write_objects(&mut self, out: &mut String, rows: &[Attribute]) -> Result<(), Fail> {
        for id in self.objects_of(rows) {
            let call = &self.call;
            let which = Which::Id(id);
            let found = ops::object(&call.ground, &call.viewer, &call.scope, which).await;
            let (mut whole, seen) = match found {
                Ok(found) => found,
                // It was taken away while the answer went out.
                Err(intel::Error::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            if !self.ask.attachments {
                whole.1.iter_mut().for_each(|row| row.data = None);
            }
            let warned = Warned::of(&self.call, self.ask.warnings, whole.1.iter()).await?;
            whole.1.retain(|row| !warned.hides(row));
            let mut value = json::object_value(&whole)?;
            put(&mut value, "Event", index::stub(&seen));
            if self.written > 0 {
                out.push(',');
            }
            self.written += 1;
            out.push_str(&serde_json::json!({ "Object": value }).to_string());
        }
        Ok(())
    }

    async fn write(&mut self, out: &mut String, mut rows: Vec<Attribute>) -> Result<(), Fail> {
        let warned = Warned::of(&self.call, self.ask.warnings, rows.iter()).await?;
        rows.retain(|row| !warned.hides(row));
        let rows = rows.as_slice();
        if self.shape == Shape::Objects {
            return self.write_objects(out, rows).await;
        }
        match self.ask.format {
            Format::Json => self.as_json(out, rows, &warned).await,
            Format::Csv => {
                let objects = self.object_heads(rows).await?;
                for row in rows {
                    if let Some(seen) = self.events.get(&row.event) {
                        let object = objects.iter().find(|object| object.id == row.object);
                        table::line(out, &self.ask, (row, seen, object))?;
                    }
                }
                Ok(())
            }
            Format::Text => {
                for row in rows {
                    table::text(out, &row.value);
                }
                Ok(())
            }
            Format::Hashes => {
                for row in rows {
                    table::hash(out, row);
                }
                Ok(())
            }
            Format::Suricata => {
                for row in rows {
                    suricata::rule(out, row);
                }
                Ok(())
            }
            Format::Stix2 => self.stix.attributes(out, rows, &self.events),
        }
    }

    async fn object_heads(&self, rows: &[Attribute]) -> Result<Vec<Object>, Fail> {
        let mut ids: Vec<_> = rows
            .iter()
            .map(|row| row.object)
            .filter(|id| *id > 0)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let call = &self.call;
        Ok(ops::objects_by_id(&call.ground, &call.viewer, &call.scope, &ids).await?)
    }

    fn head(&self, out: &mut String) {
        match (self.ask.format, self.shape) {
            (_, Shape::List) => out.push('['),
            (_, Shape::Objects) => out.push_str("{\"response\":["),
            (Format::Json, _) => out.push_str("{\"response\":{\"Attribute\":["),
            (Format::Csv, _) => table::head(out, &self.ask),
            (Format::Stix2, _) => stix::head(out, &self.call),
            (Format::Text | Format::Suricata | Format::Hashes, _) => {}
        }
    }

    fn tail(&self, out: &mut String) {
        match (self.ask.format, self.shape) {
            (_, Shape::List) => out.push(']'),
            (_, Shape::Objects) | (Format::Stix2, _) => out.push_str("]}"),
            (Format::Json, _) => out.push_str("]}}"),
            (Format::Csv | Format::Text | Format::Suricata | Format::Hashes, _) => {}
        }
    }
}

impl Pieces for AttributeStream {
    async fn next(&mut self) -> Result<Option<String>, Fail> {
        if self.ended {
            return Ok(None);
        }
        let mut out = String::new();
        if !std::mem::replace(&mut self.begun, true) {
            self.head(&mut out);
        }
        let rows = self.rows().await?;
        if rows.is_empty() {
            self.ended = true;
            self.tail(&mut out);
        } else {
            self.write(&mut out, rows).await?;
        }
        Ok(Some(out))
    }
}
