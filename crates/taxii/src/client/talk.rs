//! Questions to a server, and what its answers mean.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use intel::{
    model::{Note, NoteKind},
    remotes::{Trouble, Visit},
};
use kernel::Timestamp;
use outward::{Address, Limits, Request, Session, is_passing, retry_after};

use super::body::Problem;
use crate::media::TAXII;

/// The longest answer, unpacked.
const ANSWER_BYTES_MAX: u64 = 64 << 20;
/// How long an answer may take: less than what is left of a job when a run has used its time.
const TIME_MAX: Duration = Duration::from_mins(1);
/// How much of what a server says of an error is kept.
const SAID_CHARS_MAX: usize = 300;

/// A conversation with a server.
#[derive(Debug)]
pub(super) struct Talk {
    session: Session,
    now: Timestamp,
    /// What it does against the specification, each once.
    defects: Vec<Note>,
}

/// An answer that was good.
#[derive(Debug)]
pub(super) struct Good {
    pub(super) bytes: Vec<u8>,
    pub(super) headers: HeaderMap,
    /// Where it came from.
    pub(super) from: Address,
}

impl Talk {
    pub(super) async fn begin(visit: &Visit) -> Result<Self, Trouble> {
        let limits = Limits {
            total_time_max: TIME_MAX,
            body_bytes_max: ANSWER_BYTES_MAX,
            ..Limits::default()
        };
        Ok(Self {
            session: visit.session(limits).await?,
            now: visit.remotes.ground.now(),
            defects: Vec::new(),
        })
    }

    /// What stands at an address.
    pub(super) async fn get(&mut self, address: Address) -> Result<Good, Trouble> {
        let request = Request::get(address).with(header::ACCEPT, HeaderValue::from_static(TAXII));
        self.ask(request).await
    }

    /// Hands in an envelope.
    pub(super) async fn post(&mut self, address: Address, body: String) -> Result<Good, Trouble> {
        let request = Request::new(Method::POST, address)
            .with(header::ACCEPT, HeaderValue::from_static(TAXII))
            .with(header::CONTENT_TYPE, HeaderValue::from_static(TAXII))
            .with_body(body);
        self.ask(request).await
    }

    async fn ask(&mut self, request: Request) -> Result<Good, Trouble> {
        let answer = self.session.send(request).await?;
        let (status, from) = (answer.status, answer.from.clone());
        let headers = answer.headers.clone();
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.to_ascii_lowercase().replace([' ', '"'], "");
        if is_older(&kind) {
            return Err(older());
        }
        let bytes = answer.bytes().await?;
        if !status.is_success() {
            return Err(self.refused(status, &headers, &bytes));
        }
        if kind.starts_with("text/html") {
            let detail = format!("{} answers with a page for people", from.host());
            return Err(Trouble::lasting("taxii.no_taxii", detail));
        }
        if !kind.starts_with("application/taxii+json") {
            let detail = format!("answers are called {kind:.80}");
            self.defect("taxii.media_type", &detail);
        }
        Ok(Good {
            bytes,
            headers,
            from,
        })
    }

    fn refused(&self, status: StatusCode, headers: &HeaderMap, bytes: &[u8]) -> Trouble {
        let said: Problem = serde_json::from_slice(bytes).unwrap_or_default();
        let said = [said.title, said.description].into_iter().flatten();
        let said: String = said.collect::<Vec<_>>().join(": ");
        let said: String = said
            .chars()
            .map(|one| if one.is_control() { ' ' } else { one })
            .take(SAID_CHARS_MAX)
            .collect();
        let mut detail = format!("the server answers {}", status.as_u16());
        if !said.is_empty() {
            detail = format!("{detail}: {said}");
        }
        let wait = retry_after(headers, self.now);
        match status {
            StatusCode::UNAUTHORIZED => Trouble::lasting("taxii.unauthorised", detail),
            StatusCode::FORBIDDEN => Trouble::lasting("taxii.forbidden", detail),
            StatusCode::NOT_FOUND => Trouble::lasting("taxii.not_found", detail),
            StatusCode::NOT_ACCEPTABLE => Trouble::lasting(
                "taxii.version",
                format!("{detail}; it may speak TAXII 2.0 only, which is not supported"),
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Trouble::lasting("taxii.too_large", detail),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::GONE => {
                Trouble::lasting("taxii.refused", detail)
            }
            passing if is_passing(passing) => Trouble {
                wait,
                ..Trouble::passing("taxii.unavailable", detail)
            },
            _ => Trouble::lasting("taxii.status", detail),
        }
    }

    /// Notes something that the server does against its specification, once.
    pub(super) fn defect(&mut self, code: &str, detail: &str) {
        if self.defects.iter().any(|known| known.code == code) {
            return;
        }
        self.defects.push(Note {
            what: NoteKind::Defect,
            subject: String::new(),
            code: code.to_owned(),
            detail: detail.to_owned(),
        });
    }

    /// The defects that nobody was told yet.
    pub(super) fn told(&mut self, known: &mut Vec<String>) -> Vec<Note> {
        let news: Vec<_> = self
            .defects
            .iter()
            .filter(|defect| !known.contains(&defect.code))
            .cloned()
            .collect();
        known.extend(news.iter().map(|defect| defect.code.clone()));
        news
    }
}

/// Whether an answer is one of TAXII 2.0 (its media types are others).
fn is_older(kind: &str) -> bool {
    kind.starts_with("application/vnd.oasis.taxii+json")
        || kind.starts_with("application/vnd.oasis.stix+json")
        || (kind.starts_with("application/taxii+json") && kind.contains("version=2.0"))
}

/// A text as a part of a path or query (RFC 3986 §2.3).
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push_str(&kernel::hex(&[byte]).to_ascii_uppercase());
        }
    }
    escaped
}

fn older() -> Trouble {
    Trouble::lasting(
        "taxii.version",
        "the server speaks TAXII 2.0, which is not supported: ask for its address of TAXII 2.1",
    )
}
