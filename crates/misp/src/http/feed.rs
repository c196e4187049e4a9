//! A collection as a feed: what of it is published, for everybody who may read it.

use std::collections::VecDeque;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use formats_misp::{
    ManifestWriter,
    full::{self, Event},
    write_hashes,
};
use intel::events::{
    model::{Asked, Attribute, Filter, Which},
    ops::{self, Asking, Further, Seen, head},
};

use super::peer::{listed, marked, quoted};
use crate::{
    answer::{Fail, streamed},
    call::Call,
    out::{
        Pieces,
        event::{EventStream, Options},
    },
};

/// Events that are looked up at once.
const EVENTS: u32 = 200;

/// `manifest.json`.
pub(super) async fn manifest(call: Call) -> Result<Response, Fail> {
    list(call, What::Manifest, "application/json; charset=UTF-8").await
}

/// `hashes.csv`.
pub(super) async fn hashes(call: Call) -> Result<Response, Fail> {
    list(call, What::Hashes, "text/csv; charset=UTF-8").await
}

/// `UUID.json`.
pub(super) async fn event(call: Call) -> Result<Response, Fail> {
    placed(&call)?;
    let Some(which @ Which::Uuid(_)) = call.argument().and_then(Which::parse) else {
        return Err(Fail::missing("Invalid event"));
    };
    let seen = ops::event(&call.ground, &call.viewer, &call.scope, which).await?;
    if !seen.event.published {
        return Err(Fail::missing("Invalid event"));
    }
    let options = Options {
        with_deleted: true,
        ..Options::default()
    };
    let stream = EventStream::of_one(call, seen, options);
    Ok(streamed(
        stream.into_body(),
        "application/json; charset=UTF-8",
    ))
}

async fn list(call: Call, what: What, media_type: &'static str) -> Result<Response, Fail> {
    placed(&call)?;
    let mark = quoted(&listed(&call, Some(true)).await?);
    if call.mark.as_deref() == Some(&*mark) {
        return Ok(marked(StatusCode::NOT_MODIFIED.into_response(), &mark));
    }
    let feed = Feed {
        call,
        what,
        after: 0,
        waiting: VecDeque::new(),
        stage: Stage::Begin,
        written: 0,
    };
    Ok(marked(streamed(Pieces::into_body(feed), media_type), &mark))
}

/// A feed is one of a collection: `/misp/in/ROOT/COLLECTION/feed/manifest.json`.
fn placed(call: &Call) -> Result<(), Fail> {
    if call.scope.place.is_some() {
        return Ok(());
    }
    Err(Fail::missing(
        "A feed is one of a collection: /misp/in/ROOT/COLLECTION/feed/manifest.json",
    ))
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum What {
    Manifest,
    Hashes,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    Begin,
    Within,
    /// Within the parts of an event.
    Parts(i64, Further),
    Ended,
}

/// A list of a feed, as it goes out.
struct Feed {
    call: Call,
    what: What,
    after: i64,
    waiting: VecDeque<Seen>,
    stage: Stage,
    written: usize,
}

impl Feed {
    async fn following(&mut self) -> Result<Option<Seen>, Fail> {
        if self.waiting.is_empty() {
            let filter = Filter {
                published: Some(true),
                ..Filter::default()
            };
            let asked = Asked {
                after: self.after,
                most: EVENTS,
            };
            let call = &self.call;
            let page = ops::events(&call.ground, &call.viewer, &call.scope, &filter, asked).await?;
            self.after = page.last().map_or(self.after, |last| last.event.id);
            self.waiting = page.into();
        }
        Ok(self.waiting.pop_front())
    }

    /// The event as a member of the manifest.
    fn entry(&mut self, seen: &Seen) -> Result<String, Fail> {
        let written = ManifestWriter::begin(Vec::new()).and_then(|mut writer| {
            let head = head(seen).map_err(std::io::Error::other)?;
            writer.event(&head)?;
            writer.end()
        });
        let whole = written.map_err(|error| Fail::bad(error.to_string()))?;
        let whole = String::from_utf8_lossy(&whole).into_owned();
        // The braces around all entries are written once.
        let inner = whole
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let comma = if self.written > 0 { "," } else { "" };
        self.written += 1;
        Ok(format!("{comma}{}", inner.unwrap_or_default()))
    }

    /// The hashes of a page of an event's attributes.
    async fn hashes(&mut self, id: i64, from: Further) -> Result<String, Fail> {
        let asking = Asking {
            deleted: Some(false),
            ..Asking::default()
        };
        let (ground, viewer) = (&self.call.ground, &self.call.viewer);
        let parts = ops::parts(ground, viewer, id, asking, from).await?;
        self.stage = match parts.next {
            Some(next) => Stage::Parts(id, next),
            None => Stage::Within,
        };
        let seen = ops::event(ground, viewer, &self.call.scope, Which::Id(id)).await?;
        let of_objects = parts.objects.iter().flat_map(|(_, attributes)| attributes);
        let all = parts.attributes.iter().chain(of_objects);
        let page = Event {
            uuid: Some(seen.event.uuid.to_string()),
            attributes: all.map(record).collect(),
            ..Event::default()
        };
        let mut out = Vec::new();
        let written = write_hashes(&mut out, &page);
        written.map_err(|error| Fail::bad(error.to_string()))?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }
}

impl Pieces for Feed {
    async fn next(&mut self) -> Result<Option<String>, Fail> {
        let braces = self.what == What::Manifest;
        match self.stage {
            Stage::Begin => {
                self.stage = Stage::Within;
                Ok(Some(if braces { "{" } else { "" }.to_owned()))
            }
            Stage::Parts(id, from) => self.hashes(id, from).await.map(Some),
            Stage::Within => match (self.following().await?, self.what) {
                (Some(seen), What::Manifest) => self.entry(&seen).map(Some),
                (Some(seen), What::Hashes) => {
                    self.stage = Stage::Parts(seen.event.id, Further::default());
                    Ok(Some(String::new()))
                }
                (None, _) => {
                    self.stage = Stage::Ended;
                    Ok(Some(if braces { "}" } else { "" }.to_owned()))
                }
            },
            Stage::Ended => Ok(None),
        }
    }
}

/// As much of an attribute as is hashed.
fn record(row: &Attribute) -> full::Attribute {
    full::Attribute {
        kind: Some(row.kind.clone()),
        value: Some(row.value.clone()),
        ..full::Attribute::default()
    }
}
