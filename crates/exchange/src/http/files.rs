use std::io;

use access::http::{Asked, Named, Refusal, SignedIn, asked, named};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use federation::body::Attachment;
use futures_util::TryStreamExt;
use kernel::MessageId;
use tokio_util::io::{ReaderStream, StreamReader, SyncIoBridge};

use crate::{
    Exchange, ops,
    wire::{FileBody, FileQuery},
};

/// How much of a file waits for a slow reader, in bytes.
const AHEAD_BYTES: usize = 256 * 1024;

/// Put a file of up to 50 MB, for a message that is sent within a day.
#[utoipa::path(
    post,
    path = "/files",
    operation_id = "put_file",
    tag = "exchange",
    params(FileQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    extensions(("x-act" = json!("exchange.compose"))),
    responses((status = 201, description = "It is kept, sealed", body = FileBody))
)]
pub(super) async fn put(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    query: Asked<FileQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<FileBody>), Refusal> {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("application/octet-stream");
    let named = Attachment {
        name: asked(query)?.name,
        media_type: media_type.to_owned(),
    };
    let input = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    let info = ops::put_file(&x, &viewer, named, Box::pin(input)).await?;
    Ok((StatusCode::CREATED, Json(info.into())))
}

/// Get a file of a message. The look is recorded.
#[utoipa::path(
    get,
    path = "/messages/{id}/files/{number}",
    operation_id = "read_file",
    tag = "exchange",
    params(
        ("id" = String, Path, description = "The message"),
        ("number" = u32, Path, description = "The file's place in it, from 1")
    ),
    extensions(("x-act" = json!("exchange.read"))),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"))
)]
pub(super) async fn get(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    path: Named<(MessageId, u32)>,
) -> Result<impl IntoResponse, Refusal> {
    let (id, number) = named(path)?;
    let (info, mut plain) = ops::read_file(&x, &viewer, id, number).await?;
    let (ours, theirs) = tokio::io::duplex(AHEAD_BYTES);
    let mut out = SyncIoBridge::new(ours);
    // Ends when the file does, or when whoever reads goes away.
    drop(tokio::task::spawn_blocking(move || {
        if let Err(error) = io::copy(&mut plain, &mut out).and_then(|_| out.shutdown()) {
            tracing::debug!("a file was not read to its end: {error}");
        }
    }));
    let name = format!("attachment; filename*=UTF-8''{}", percent(&info.name));
    // Whatever the sender says that it is, a browser is to keep it and not to show it.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let body = Body::from_stream(ReaderStream::new(theirs));
    Ok((AppendHeaders(headers), body))
}

/// A name as RFC 8187 has it.
fn percent(name: &str) -> String {
    use std::fmt::Write;

    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            out.push(char::from(byte));
        } else if write!(out, "%{byte:02X}").is_err() {
            return out;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            percent("a\"; b\r\nX: é.txt"),
            "a%22%3B%20b%0D%0AX%3A%20%C3%A9.txt"
        );
    }
}
