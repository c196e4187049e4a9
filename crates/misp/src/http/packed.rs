//! Bodies that are sent packed, as instances do with larger ones.

use std::io::Read;

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};
use flate2::read::MultiGzDecoder;

use super::BODY_BYTES_MAX;
use crate::answer::Fail;

/// The body unpacked, within the limit of all bodies.
pub(super) fn unpacked(headers: &HeaderMap, body: Bytes) -> Result<Bytes, Fail> {
    let coding = headers.get(header::CONTENT_ENCODING);
    let coding = coding.map_or(Ok("identity"), |coding| coding.to_str());
    match coding
        .map(|coding| coding.trim().to_ascii_lowercase())
        .as_deref()
    {
        Ok("" | "identity") => Ok(body),
        Ok("gzip" | "x-gzip") => {
            let most = u64::try_from(BODY_BYTES_MAX).unwrap_or(u64::MAX);
            let mut plain = Vec::new();
            let read = MultiGzDecoder::new(&body[..])
                .take(most + 1)
                .read_to_end(&mut plain);
            read.map_err(|_damaged| Fail::bad("The request cannot be unpacked."))?;
            if plain.len() > BODY_BYTES_MAX {
                let message = format!("The request is larger than {BODY_BYTES_MAX} bytes.");
                return Err(Fail::Said(StatusCode::PAYLOAD_TOO_LARGE, message));
            }
            Ok(plain.into())
        }
        _ => {
            let message = "The request is packed in another way than gzip.".to_owned();
            Err(Fail::Said(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))
        }
    }
}
