//! An answer, read piece by piece within its limits.

use std::{io::Write, time::Duration};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use http_body_util::BodyExt;
use hyper::{
    StatusCode,
    body::Incoming,
    header::{CONTENT_ENCODING, HeaderMap},
};
use tokio::time::{Instant, timeout_at};

use crate::{Address, Error, session::Kept};

/// What is unpacked at once: a piece grows at most a thousandfold.
const PACKED_BYTES_AT_ONCE: usize = 2_048;

/// The answer of a server.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its fields.
    pub headers: HeaderMap,
    /// Where it came from: another address than was asked if a redirect was followed.
    pub from: Address,
    body: Option<Incoming>,
    unpack: Option<MultiGzDecoder<Vec<u8>>>,
    read: u64,
    within: Within,
    kept: Option<Kept>,
}

/// What bounds the reading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within {
    pub(crate) bytes_max: u64,
    pub(crate) silence_max: Duration,
    pub(crate) total_max: Duration,
    pub(crate) until: Instant,
}

impl Answer {
    pub(crate) fn new(
        (from, within): (Address, Within),
        answer: hyper::Response<Incoming>,
        kept: Kept,
    ) -> Result<Self, Error> {
        let (head, body) = answer.into_parts();
        let coding = head.headers.get(CONTENT_ENCODING);
        let coding = coding.map_or("identity", |coding| coding.to_str().unwrap_or_default());
        let unpack = match coding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => None,
            "gzip" | "x-gzip" => Some(MultiGzDecoder::new(Vec::new())),
            _ => return Err(Error::Coding),
        };
        Ok(Self {
            status: head.status,
            headers: head.headers,
            from,
            body: Some(body),
            unpack,
            read: 0,
            within,
            kept: Some(kept),
        })
    }

    /// A field as text; nothing where it is not there or no text.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The next piece of the body, unpacked; nothing at its end.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let Some(body) = &mut self.body else {
                return Ok(None);
            };
            let by = self
                .within
                .until
                .min(Instant::now() + self.within.silence_max);
            let Ok(frame) = timeout_at(by, body.frame()).await else {
                let total = by == self.within.until;
                let after = if total {
                    self.within.total_max
                } else {
                    self.within.silence_max
                };
                return Err(Error::Late {
                    what: if total {
                        "the answer"
                    } else {
                        "a piece of the answer"
                    },
                    after,
                });
            };
            let Some(frame) = frame else {
                self.body = None;
                let rest = self.end()?;
                if let Some(kept) = self.kept.take() {
                    kept.give_back();
                }
                return Ok(rest);
            };
            let Ok(data) = frame.map_err(Error::Broken)?.into_data() else {
                continue;
            };
            let piece = self.take(data)?;
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
    }

    /// The whole body.
    pub async fn bytes(mut self) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        while let Some(piece) = self.piece().await? {
            all.extend_from_slice(&piece);
        }
        Ok(all)
    }

    fn take(&mut self, data: Bytes) -> Result<Bytes, Error> {
        let Some(unpack) = &mut self.unpack else {
            self.count(data.len())?;
            return Ok(data);
        };
        let max = self.within.bytes_max.saturating_sub(self.read);
        for part in data.chunks(PACKED_BYTES_AT_ONCE) {
            unpack.write_all(part).map_err(Error::Packed)?;
            if u64::try_from(unpack.get_ref().len()).unwrap_or(u64::MAX) > max {
                return Err(self.too_long());
            }
        }
        unpack.flush().map_err(Error::Packed)?;
        let piece = std::mem::take(unpack.get_mut());
        self.count(piece.len())?;
        Ok(piece.into())
    }

    fn end(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(unpack) = self.unpack.take() else {
            return Ok(None);
        };
        // A body of no bytes is no archive, and is what a server sends that has nothing to say.
        if self.read == 0 && unpack.get_ref().is_empty() {
            return Ok(None);
        }
        let rest = unpack.finish().map_err(Error::Packed)?;
        self.count(rest.len())?;
        Ok((!rest.is_empty()).then(|| rest.into()))
    }

    fn count(&mut self, bytes: usize) -> Result<(), Error> {
        self.read += u64::try_from(bytes).unwrap_or(u64::MAX);
        if self.read > self.within.bytes_max {
            return Err(self.too_long());
        }
        Ok(())
    }

    const fn too_long(&self) -> Error {
        Error::TooLong {
            max: self.within.bytes_max,
        }
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("from", &self.from.origin())
            .finish_non_exhaustive()
    }
}
