//! Reports that authorities asked for.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clocks::Request,
    model::{Invalid, Line},
    severity::Author,
};

/// That an authority asked for a report which is due only then.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReportRequestBody)]
pub struct RequestBody {
    /// The key of the regime.
    #[schema(example = "nis2", max_length = 60)]
    pub regime: String,
    /// The key of the stage: one that runs from `request`.
    #[schema(example = "intermediate", max_length = 60)]
    pub stage: String,
    /// When it asked; not in the future.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Which authority asked.
    #[schema(max_length = 200)]
    pub authority: String,
    /// Until when it wants the report; without undue delay where it did not say.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    /// Who entered it. Written by the program; ignored in requests.
    #[serde(default)]
    pub by: Option<String>,
    /// When. Written by the program; ignored in requests.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub entered_at: Option<Timestamp>,
}

impl From<&Request> for RequestBody {
    fn from(row: &Request) -> Self {
        Self {
            regime: row.regime.to_string(),
            stage: row.stage.to_string(),
            at: row.at,
            authority: row.authority.to_string(),
            due_at: row.due,
            by: Some(row.by.as_str().to_owned()),
            entered_at: Some(row.entered_at),
        }
    }
}

impl RequestBody {
    /// The request, entered by somebody at that time.
    pub fn request(&self, (by, entered_at): (Author, Timestamp)) -> Result<Request, Invalid> {
        Ok(Request {
            regime: Line::required(&self.regime, "regime")?,
            stage: Line::required(&self.stage, "stage")?,
            at: self.at,
            authority: Line::required(&self.authority, "authority")?,
            due: self.due_at,
            by,
            entered_at,
        })
    }
}
