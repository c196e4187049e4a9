//! Taking in what somebody hands in as a text.

use access::policy::{self, Act};
use audit::Ground;
use kernel::{Viewer, boxed};

use super::{
    super::model::{Format, Remark, Settings, UPLOAD_BYTES_MAX},
    Foreseen, Importer, Report, detect, documents,
};
use crate::error::Error;

/// Takes in what is in a text, or says what would become of it.
#[boxed]
pub async fn import_text(
    ground: &Ground,
    viewer: &Viewer,
    (text, format): (&str, Option<Format>),
    settings: &Settings,
    only_look: bool,
) -> Result<(Format, Report, Vec<Foreseen>), Error> {
    policy::check_house(viewer, Act::IncidentImport).map_err(Error::Refused)?;
    if text.len() > UPLOAD_BYTES_MAX {
        return Err(Error::ImportUnreadable {
            detail: format!("{} bytes; at most {UPLOAD_BYTES_MAX}", text.len()),
        });
    }
    let text = text.trim_start_matches('\u{feff}');
    let unreadable = |remark: Remark| Error::ImportUnreadable {
        detail: remark.to_string(),
    };
    let format = format
        .map_or_else(|| detect(text), Ok)
        .map_err(unreadable)?;
    let found = documents(format, text, settings).map_err(unreadable)?;
    let mut importer = Importer::new(ground, viewer, format)?;
    let first = if only_look {
        importer.foresee(found.collect()).await?
    } else {
        importer.take(found).await?;
        Vec::new()
    };
    Ok((format, importer.report, first))
}
