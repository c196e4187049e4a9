//! Files in attributes.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::Attribute;

/// What is attached is no base64.
#[derive(Debug, thiserror::Error)]
#[error("the attached file is not in base64")]
pub struct DataError(#[from] base64::DecodeError);

impl DataError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        "misp.data"
    }
}

impl Attribute {
    /// The attached file; of a malware sample the zip that holds it.
    pub fn attached(&self) -> Option<Result<Vec<u8>, DataError>> {
        let data = self.data.as_deref()?;
        Some(BASE64_STANDARD.decode(data).map_err(DataError::from))
    }

    /// Attaches a file.
    pub fn attach(&mut self, file: &[u8]) {
        self.data = Some(BASE64_STANDARD.encode(file));
    }
}
