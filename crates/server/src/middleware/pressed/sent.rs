//! What a browser sent: a form, or a form with files, of which the beginning is looked at.

use std::str::from_utf8;

use axum::{
    Error,
    body::{Body, BodyDataStream, Bytes},
    extract::Request,
    http::{
        Method,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
        request::Parts,
    },
};
use futures_util::{StreamExt, stream};
use seal::Digest;

/// How much of a form is looked at: all of one without files, which is not longer.
const BYTES_MAX: usize = 1024 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";
const FILES: &str = "multipart/form-data";

/// The longest boundary (RFC 2046, 5.1.1).
const BOUNDARY_MAX: usize = 70;

/// How much of a longer one tells it from others, beside its length.
const KNOWN_BYTES: usize = 512 * 1024;

/// What kind of form.
pub(super) enum Kind {
    /// Without files.
    Form,
    /// With files: how long it is, and what stands between its parts, which each sending makes up anew.
    Files(usize, Vec<u8>),
}

/// A form whose beginning was read.
pub(super) struct Sent {
    kind: Kind,
    head: Vec<u8>,
    /// What has not been read; nothing where that is all.
    rest: Option<BodyDataStream>,
}

impl Kind {
    /// The kind of a request that a form of a page can make.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let of = |name| request.headers().get(name)?.to_str().ok();
        let length = of(CONTENT_LENGTH)?.parse().ok()?;
        let (media_type, rest) = match of(CONTENT_TYPE)?.split_once(';') {
            Some((media_type, rest)) => (media_type.trim(), rest),
            None => (of(CONTENT_TYPE)?.trim(), ""),
        };
        if request.method() != Method::POST {
            return None;
        }
        if media_type.eq_ignore_ascii_case(FORM) {
            return (length <= BYTES_MAX).then_some(Self::Form);
        }
        let boundary = rest.trim().strip_prefix("boundary=")?.trim_matches('"');
        let is_it = media_type.eq_ignore_ascii_case(FILES);
        let is_it = is_it && (1..=BOUNDARY_MAX).contains(&boundary.len());
        is_it.then(|| Self::Files(length, boundary.as_bytes().to_vec()))
    }
}

impl Sent {
    /// Reads the beginning.
    pub(super) async fn begin(kind: Kind, body: Body) -> Result<Self, Error> {
        let (mut head, mut rest) = (Vec::new(), body.into_data_stream());
        while head.len() < BYTES_MAX {
            let Some(chunk) = rest.next().await.transpose()? else {
                return Ok(Self {
                    kind,
                    head,
                    rest: None,
                });
            };
            head.extend_from_slice(&chunk);
        }
        Ok(Self {
            kind,
            head,
            rest: Some(rest),
        })
    }

    /// The token as the form has it. No sign of it is escaped.
    pub(super) fn token(&self) -> Option<&str> {
        match &self.kind {
            Kind::Form => {
                let mut fields = from_utf8(&self.head).ok()?.split('&');
                fields.find_map(|field| field.strip_prefix("csrf="))
            }
            Kind::Files(_, boundary) => {
                let named = pieces(&self.head, boundary).find_map(|part| {
                    let at = find(part, b"\r\n\r\n")?;
                    let (head, value) = part.split_at_checked(at)?;
                    find(head, b"name=\"csrf\"")?;
                    from_utf8(value).ok()
                });
                Some(named?.trim_end_matches('-').trim())
            }
        }
    }

    /// By what a form is known that comes again: whose it is, its address, and what it says. Of long files it
    /// is their beginning, and how long the whole is.
    pub(super) fn digest(&self, whose: &[u8], parts: &Parts) -> [u8; 32] {
        let mut said = [whose, parts.uri.to_string().as_bytes(), &[0]].concat();
        match &self.kind {
            Kind::Form => said.extend_from_slice(&self.head),
            Kind::Files(length, boundary) => {
                let is_all = self.rest.is_none();
                let mut left = if is_all { usize::MAX } else { KNOWN_BYTES };
                // The last boundary ends the whole.
                let mut boundaries: usize = usize::from(!is_all);
                for (place, part) in pieces(&self.head, boundary).enumerate() {
                    boundaries += usize::from(place > 0);
                    let part = part.get(..left).unwrap_or(part);
                    said.extend_from_slice(part);
                    said.push(0);
                    left -= part.len();
                    if left == 0 {
                        break;
                    }
                }
                let length = length.saturating_sub(boundaries.saturating_mul(boundary.len()));
                said.extend_from_slice(&length.to_be_bytes());
            }
        }
        *Digest::of(&said).as_bytes()
    }

    /// The whole, to be read on.
    pub(super) fn into_body(self) -> Body {
        let head = Bytes::from(self.head);
        match self.rest {
            None => Body::from(head),
            Some(rest) => Body::from_stream(stream::iter([Ok(head)]).chain(rest)),
        }
    }
}

/// What stands between the boundaries.
fn pieces<'a>(text: &'a [u8], boundary: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut left = Some(text);
    std::iter::from_fn(move || {
        let text = left?;
        let cut = find(text, boundary);
        let piece = cut.and_then(|at| text.get(..at)).unwrap_or(text);
        left = cut.and_then(|at| text.get(at + boundary.len()..));
        Some(piece)
    })
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}
