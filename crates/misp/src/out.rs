//! What is answered, in each form.

pub(crate) mod event;
pub(crate) mod index;
pub(crate) mod json;
pub(crate) mod page;
pub(crate) mod stix;
mod suricata;
pub(crate) mod table;
pub(crate) mod warned;

use axum::body::{Body, Bytes};
use futures_util::{StreamExt as _, stream};

use crate::answer::Fail;

/// An answer that is made piece by piece, while it goes out. Where a piece cannot be made the
/// connection ends, so that nobody takes what he has for the whole.
pub(crate) trait Pieces: Send + 'static {
    /// The next piece; nothing at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<String>, Fail>> + Send;

    /// The body of the answer.
    fn into_body(self) -> Body
    where
        Self: Sized,
    {
        let pieces = stream::unfold(Some(self), |pieces| async {
            let mut pieces = pieces?;
            match pieces.next().await {
                Ok(Some(piece)) => Some((Ok(Bytes::from(piece)), Some(pieces))),
                Ok(None) => None,
                Err(_fail) => Some((Err(Cut), None)),
            }
        });
        // What carries it asks once more at the end.
        Body::from_stream(pieces.fuse())
    }
}

/// An answer could not be made to its end.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the answer could not be made to its end")
    }
}

impl std::error::Error for Cut {}
