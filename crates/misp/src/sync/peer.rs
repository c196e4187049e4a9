//! Another instance of MISP, or a feed: what is asked of it, and how its answers are read.

use std::{ops::ControlFlow, time::Duration};

use axum::http::{
    HeaderValue, Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
};
use formats_misp::{
    IndexEntry, Limits, ManifestEntry, event_file,
    full::{Event, EventLimits, read_events, write_event},
    read_index, read_manifest,
};
use kernel::Timestamp;
use outward::{Address, Answer, Request, Session};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::missed::{Missed, bad_address, words_of};

/// The longest answer, unpacked.
pub(super) const ANSWER_BYTES_MAX: u64 = 256 << 20;
/// The most events of an index or a feed.
const EVENTS_MAX: u64 = 2_000_000;
/// Bytes of one entry of an index or a manifest.
const ENTRY_BYTES_MAX: u64 = 1 << 20;
/// Records of one event.
const PARTS_MAX: u64 = 1_000_000;
/// What is larger is read apart, so that others do not wait.
const LARGE_BYTES: usize = 1 << 20;

/// What bounds requests to instances and feeds.
pub const fn limits() -> outward::Limits {
    outward::Limits {
        connect_time_max: Duration::from_secs(10),
        // Instances think long about an index of a hundred thousand events, and about large ones.
        silence_max: Duration::from_mins(1),
        total_time_max: Duration::from_secs(100),
        body_bytes_max: ANSWER_BYTES_MAX,
        redirects_max: 3,
    }
}

/// Another instance, or a feed.
pub(super) struct Peer {
    session: Session,
    base: Address,
    /// When the visit began.
    at: Timestamp,
}

/// What an instance says of itself and of our account there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Version {
    /// Its version, such as `2.5.17`.
    #[serde(rename = "version")]
    pub(super) number: String,
    /// Whether our account may hand events on.
    pub(super) perm_sync: bool,
    /// Whether our account may add sightings.
    pub(super) perm_sighting: bool,
    /// Whether it says which sightings it has already.
    pub(super) filter_sightings: bool,
}

/// What was listed, and by which mark it is known again.
pub(super) struct Tagged<T> {
    pub(super) list: T,
    pub(super) etag: Option<String>,
}

impl Peer {
    /// The instance or feed at an address.
    pub(super) fn new(session: Session, address: &Address, at: Timestamp) -> Result<Self, Missed> {
        let base = if address.path().ends_with('/') {
            address.clone()
        } else {
            let with_slash = format!("{address}/");
            with_slash.parse().map_err(|_bad| bad_address())?
        };
        Ok(Self { session, base, at })
    }

    /// What it says of itself.
    pub(super) async fn version(&self) -> Result<Version, Missed> {
        let body = self.json(Method::GET, "servers/getVersion", None).await?;
        let version: Version = object(&body)?;
        if version.number.is_empty() {
            let detail = "it does not say its version: is this the address of a MISP?";
            return Err(Missed::unusable("misp.no_version", detail));
        }
        Ok(version)
    }

    /// Its minimal index within these rules; nothing if it is the one of the mark.
    pub(super) async fn index(
        &self,
        rules: &Map<String, Value>,
        etag: Option<&str>,
    ) -> Result<Option<Tagged<Vec<IndexEntry>>>, Missed> {
        let mut rules = rules.clone();
        rules.insert("minimal".to_owned(), json!(1));
        let request = self.request(Method::POST, "events/index")?;
        let request = with_json(request, Value::Object(rules).to_string());
        let Some(tagged) = self.unless_same(request, etag).await? else {
            return Ok(None);
        };
        let list = apart(tagged.list, |body| {
            let mut entries = Vec::new();
            read_index(&*body, &ENTRIES, |entry| {
                entries.push(entry);
                ControlFlow::Continue(())
            })?;
            Ok(entries)
        });
        Ok(Some(Tagged {
            list: list.await?,
            etag: tagged.etag,
        }))
    }

    /// An event with all that our account may see of it, what was taken back too, as it came.
    pub(super) async fn event(&self, uuid: Uuid) -> Result<Vec<u8>, Missed> {
        // The order and the words are those of an instance that pulls.
        let path = format!(
            "events/view/{uuid}/deleted[]:0/deleted[]:1/excludeLocalTags:1/\
             includeEventCorrelations:0/includeFeedCorrelations:0/includeWarninglistHits:0"
        );
        self.json(Method::GET, &path, None).await
    }

    /// Which of these events, by when they were changed, it would have.
    pub(super) async fn wanted(&self, events: &[(Uuid, i64)]) -> Result<Vec<Uuid>, Missed> {
        let event = |(uuid, timestamp): &(Uuid, i64)| json!({"Event": {"uuid": uuid.to_string(), "timestamp": timestamp.to_string()}});
        let all: Vec<_> = events.iter().map(event).collect();
        let path = "events/filterEventIdsForPush";
        let body = json!(all).to_string();
        let body = self.json(Method::POST, path, Some(body)).await?;
        let texts: Vec<String> = object(&body)?;
        let uuids = texts.iter().map(|text| Uuid::try_parse(text));
        uuids.collect::<Result<_, _>>().map_err(|_none| {
            Missed::unusable("misp.unexpected", "it wants something that is no UUID")
        })
    }

    /// Whether it has an event that our account may see.
    pub(super) async fn has(&self, uuid: Uuid) -> Result<bool, Missed> {
        let request = self.request(Method::HEAD, &format!("events/view/{uuid}"))?;
        match self.answer(request).await {
            Ok(_) => Ok(true),
            Err(missed) if missed.status() == Some(StatusCode::NOT_FOUND) => Ok(false),
            Err(missed) => Err(missed),
        }
    }

    /// Hands on an event that it does not have.
    pub(super) async fn add(&self, event: Box<Event>) -> Result<(), Missed> {
        self.hand_on("events/add/metadata:1".to_owned(), event)
            .await
    }

    /// Hands on a newer form of an event that it has.
    pub(super) async fn edit(&self, uuid: Uuid, event: Box<Event>) -> Result<(), Missed> {
        self.hand_on(format!("events/edit/{uuid}/metadata:1"), event)
            .await
    }

    /// Asks it to delete an event that came from here.
    pub(super) async fn delete(&self, uuid: Uuid) -> Result<(), Missed> {
        let path = format!("events/delete/{uuid}");
        self.json(Method::POST, &path, Some("{}".to_owned()))
            .await?;
        Ok(())
    }

    async fn hand_on(&self, path: String, event: Box<Event>) -> Result<(), Missed> {
        let written = apart(Vec::new(), move |mut out| {
            let written = write_event(&mut out, &event);
            written.map_err(|error| Missed::unusable("misp.unwritable", error.to_string()))?;
            Ok(out)
        });
        let request = self.request(Method::POST, &path)?;
        let request = with_json(request, written.await?);
        let answer = self.answer(request).await?;
        // An error in the clothes of a success.
        let body = answer.bytes().await?;
        match serde_json::from_slice::<Value>(&body) {
            Ok(said) if said.get("Event").is_some() || said.get("saved") == Some(&json!(true)) => {
                Ok(())
            }
            Ok(said) => Err(Missed::unusable("misp.not_taken", words_of(&said))),
            Err(_) => Err(Missed::unusable("misp.no_json", "its answer is no JSON")),
        }
    }

    /// The manifest of a feed; nothing if it is the one of the mark.
    pub(super) async fn manifest(
        &self,
        etag: Option<&str>,
    ) -> Result<Option<Tagged<Vec<ManifestEntry>>>, Missed> {
        let request = self.request(Method::GET, "manifest.json")?;
        let Some(tagged) = self.unless_same(request, etag).await? else {
            return Ok(None);
        };
        let read = apart(tagged.list, |body| Ok(read_manifest(&*body, &ENTRIES)?));
        Ok(Some(Tagged {
            list: read.await?,
            etag: tagged.etag,
        }))
    }

    /// An event of a feed, as it came.
    pub(super) async fn file(&self, uuid: Uuid) -> Result<Vec<u8>, Missed> {
        let name = event_file(&uuid.to_string()).ok_or_else(bad_address)?;
        self.json(Method::GET, &name, None).await
    }

    fn request(&self, method: Method, path: &str) -> Result<Request, Missed> {
        let address = self.base.join(path).map_err(|_bad| bad_address())?;
        let json = HeaderValue::from_static("application/json");
        Ok(Request::new(method, address).with(ACCEPT, json))
    }

    async fn json(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Vec<u8>, Missed> {
        let mut request = self.request(method, path)?;
        if let Some(body) = body {
            request = with_json(request, body);
        }
        Ok(self.answer(request).await?.bytes().await?)
    }

    async fn unless_same(
        &self,
        request: Request,
        etag: Option<&str>,
    ) -> Result<Option<Tagged<Vec<u8>>>, Missed> {
        let mark = etag.and_then(|etag| HeaderValue::from_str(etag).ok());
        let request = match mark {
            Some(mark) => request.with(IF_NONE_MATCH, mark),
            None => request,
        };
        let answer = self.session.send(request).await?;
        if answer.status == StatusCode::NOT_MODIFIED && etag.is_some() {
            return Ok(None);
        }
        let answer = self.succeeded(answer).await?;
        let etag = answer.field(ETAG.as_str()).map(str::to_owned);
        Ok(Some(Tagged {
            list: answer.bytes().await?,
            etag,
        }))
    }

    async fn answer(&self, request: Request) -> Result<Answer, Missed> {
        self.succeeded(self.session.send(request).await?).await
    }

    /// An answer that is a success; else what the server says.
    async fn succeeded(&self, answer: Answer) -> Result<Answer, Missed> {
        if answer.status == StatusCode::OK {
            return Ok(answer);
        }
        let status = answer.status;
        let wait = outward::retry_after(&answer.headers, self.at);
        let body = answer.bytes().await.unwrap_or_default();
        let said = serde_json::from_slice::<Value>(&body).ok();
        Err(Missed::Refused {
            status,
            said: said.as_ref().map(words_of).unwrap_or_default(),
            wait,
        })
    }
}

pub(super) const ENTRIES: Limits = Limits {
    part_bytes_max: ENTRY_BYTES_MAX,
    parts_max: EVENTS_MAX,
};

fn with_json(request: Request, body: impl Into<bytes::Bytes>) -> Request {
    let json = HeaderValue::from_static("application/json");
    request.with(CONTENT_TYPE, json).with_body(body)
}

fn object<'j, T: Deserialize<'j>>(body: &'j [u8]) -> Result<T, Missed> {
    serde_json::from_slice(body).map_err(|error| {
        let code = match error.classify() {
            serde_json::error::Category::Eof => "misp.incomplete",
            serde_json::error::Category::Syntax => "misp.no_json",
            _ => "misp.unexpected",
        };
        Missed::unusable(code, "its answer is not what was asked for")
    })
}

/// The one event of an answer, if it is the one that was asked for.
pub(super) async fn only_event(body: Vec<u8>, uuid: Uuid) -> Result<Box<Event>, Missed> {
    let limits = EventLimits {
        event_bytes_max: ANSWER_BYTES_MAX,
        parts_max: PARTS_MAX,
    };
    apart(body, move |body| {
        let mut events = Vec::new();
        read_events(&*body, &limits, |event| {
            events.push(event);
            if events.len() > 1 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        let Ok([event]) = <[Event; 1]>::try_from(events) else {
            return Err(Missed::unusable(
                "misp.unexpected",
                "it gives no event, or several",
            ));
        };
        let given = event.uuid.as_deref().map(Uuid::try_parse);
        if given.and_then(Result::ok) != Some(uuid) {
            let detail = "it gives another event than was asked for";
            return Err(Missed::unusable("misp.other_event", detail));
        }
        Ok(Box::new(event))
    })
    .await
}

/// Reads or writes, apart where it is large.
async fn apart<T: Send + 'static>(
    bytes: Vec<u8>,
    work: impl FnOnce(Vec<u8>) -> Result<T, Missed> + Send + 'static,
) -> Result<T, Missed> {
    if bytes.len() < LARGE_BYTES {
        return work(bytes);
    }
    let done = tokio::task::spawn_blocking(move || work(bytes)).await;
    done.unwrap_or_else(|_ended| Err(Missed::unusable("misp.unreadable", "the program ends")))
}
