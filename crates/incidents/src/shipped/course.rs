//! The course of an incident as it stands in a file.

use kernel::Timestamp;
use serde::Deserialize;

use super::severity::AUTHOR;
use crate::{
    course::{Content, Course, Draft, Entry, check},
    model::{Invalid, Line},
    wire::ContentBody,
};

/// When what ships was entered: 2026-11-22.
const ENTERED: Timestamp = Timestamp::from_micros(1_795_305_600_000_000);

/// An entry, whose number is its place in the file, from 0 on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileCourse {
    row: String,
    content: ContentBody,
}

/// The entries, each told by the statement of its row, if none contradicts another.
pub(super) fn entries(
    files: &[FileCourse],
    source: impl Fn(&str) -> Result<Line<200>, Invalid>,
) -> Result<Vec<Entry>, Invalid> {
    let mut all: Vec<Entry> = Vec::with_capacity(files.len());
    for (number, file) in (0..).zip(files) {
        let draft = Draft {
            content: Content::try_from(file.content.clone())?,
            source: Some(source(&file.row)?),
            corrects: None,
            seen: None,
        };
        check(&Course::of(&all), &draft, ENTERED)?;
        all.push(Entry {
            number,
            content: draft.content,
            source: draft.source,
            corrects: None,
            by: AUTHOR.parse()?,
            entered_at: ENTERED,
        });
    }
    Ok(all)
}
