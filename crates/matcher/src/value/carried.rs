//! Rules and patterns that are carried as they are.

use super::error::{ValueError, shape};
use crate::Kind;

const CARRIED_BYTES_MAX: usize = 1 << 20;

pub(crate) fn pack(kind: Kind, text: &str) -> Result<Vec<u8>, ValueError> {
    if text.trim().is_empty() {
        return Err(shape(kind, "a text that is not empty"));
    }
    if text.len() > CARRIED_BYTES_MAX {
        return Err(ValueError::Length {
            kind,
            length: text.len(),
            expected: "1 MiB at most",
        });
    }
    Ok(text.into())
}
