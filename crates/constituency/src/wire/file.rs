use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    line::{Column, Columns, Line, Refused},
    model::{Foreseen, Import, Invalid, Preview, RefusedLine},
    ops::Begin,
};

/// A file that is to be handed in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAssetImportBody {
    /// What the file is called.
    pub source: String,
}

/// A file of assets, and what has become of it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct AssetImportBody {
    /// Its id.
    pub id: String,
    /// What the file is called.
    pub source: String,
    /// `csv` or `jsonl`.
    pub form: String,
    /// `receiving`, `waiting`, `running`, `done` or `failed`.
    pub stage: String,
    /// How long the file is.
    pub bytes: i64,
    /// Up to which byte it was taken in.
    pub bytes_done: i64,
    /// How many lines that were.
    pub lines: i64,
    /// Assets that were not there.
    pub taken: i64,
    /// Assets of which the file says something else than before.
    pub changed: i64,
    /// Assets that are as they were.
    pub unchanged: i64,
    /// Assets that were retired and are named again; they stand in the figures above, too.
    pub returned: i64,
    /// Lines that are no asset.
    pub refused: i64,
    /// Whether the file is the whole list of the organisations that it names.
    pub whole: bool,
    /// Assets that a whole list does not name and that were retired.
    pub retired: i64,
    /// Assets that a whole list does not name and that were not retired: they were more than a tenth and
    /// nobody said that so many may be, or lines were refused.
    pub held: i64,
    /// Who handed it in.
    pub by: String,
    /// When.
    pub requested_at: String,
    /// When its last line was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
}

/// The latest imports.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct AssetImportsBody {
    /// Newest first.
    pub items: Vec<AssetImportBody>,
}

/// How a file is to be taken in.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginBody {
    /// Which column of the file holds what: `organisation`, `name`, `tag`, `vendor`, `product`,
    /// `version`, `cpe`, `purl`, `owner`, `place`. Without it the names are guessed.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Whose the assets are where the file has no column for it.
    #[serde(default)]
    pub organisation: String,
    /// Whether the file is the whole list of the organisations that it names: assets of theirs that it
    /// does not name are retired. They are kept, and come back when they are named again.
    #[serde(default)]
    pub whole: bool,
    /// So many may be retired, however large a part of the list they are. Without it, no more than a
    /// tenth.
    #[serde(default)]
    pub most: i64,
}

/// What a file would become.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct AssetPreviewBody {
    /// The names of its columns.
    pub header: Vec<String>,
    /// Which of them holds what.
    pub columns: BTreeMap<String, String>,
    /// The first lines.
    pub lines: Vec<PreviewLineBody>,
    /// What it would retire, if it is a whole list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retires: Option<RetiresBody>,
}

/// What a file that is a whole list would retire.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RetiresBody {
    /// Assets of its organisations that are there now.
    pub there: i64,
    /// Those that it does not name.
    pub gone: i64,
    /// Lines that are no asset: as long as there are any, nothing is retired.
    pub refused: i64,
}

/// A line of a preview.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PreviewLineBody {
    /// Its number, from 1.
    pub line: i64,
    /// What it says, by column, if it is an asset.
    pub asset: BTreeMap<String, String>,
    /// Why it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<RefusedLineBody>,
}

/// A line that was refused.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RefusedLineBody {
    /// Its number, from 1.
    pub line: i64,
    /// The column, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// `missing`, `too_long`, `control`, `encoding`, `cells`, `quote`, `cpe`, `purl`, `json` or
    /// `double`.
    pub reason: String,
}

/// Lines that were refused.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RefusedLinesBody {
    /// Up to a thousand, in the order of the file.
    pub items: Vec<RefusedLineBody>,
}

impl TryFrom<BeginBody> for Begin {
    type Error = Invalid;

    fn try_from(body: BeginBody) -> Result<Self, Invalid> {
        let column = |(word, name): (String, String)| match Column::from_word(&word) {
            Some(column) => Ok((column, name)),
            None => Err(Invalid {
                field: "columns",
                rule: "one of the columns that an asset has",
            }),
        };
        Ok(Self {
            columns: body
                .columns
                .into_iter()
                .map(column)
                .collect::<Result<_, _>>()?,
            organisation: body.organisation,
            whole: body.whole,
            most: body.most,
        })
    }
}

fn words(columns: &Columns) -> BTreeMap<String, String> {
    let word = |(column, name): (&Column, &String)| (column.as_str().to_owned(), name.clone());
    columns.iter().map(word).collect()
}

fn asset(line: &Line) -> BTreeMap<String, String> {
    let said = [
        (Column::Organisation, &line.organisation),
        (Column::Name, &line.name),
        (Column::Tag, &line.tag),
        (Column::Vendor, &line.vendor),
        (Column::Product, &line.product),
        (Column::Version, &line.version),
        (Column::Cpe, &line.cpe),
        (Column::Purl, &line.purl),
        (Column::Owner, &line.owner),
        (Column::Place, &line.place),
    ];
    let said = said.into_iter().filter(|(_, text)| !text.is_empty());
    said.map(|(column, text)| (column.as_str().to_owned(), text.clone()))
        .collect()
}

impl From<&Import> for AssetImportBody {
    fn from(import: &Import) -> Self {
        Self {
            id: import.id.to_string(),
            source: import.source.clone(),
            form: import.form.as_str().to_owned(),
            stage: import.stage.as_str().to_owned(),
            bytes: import.bytes,
            bytes_done: import.place,
            lines: import.line,
            taken: import.taken,
            changed: import.changed,
            unchanged: import.unchanged,
            returned: import.returned,
            refused: import.refused,
            whole: import.whole.is_whole,
            retired: import.whole.retired,
            held: import.whole.held,
            by: import.by.clone(),
            requested_at: import.requested_at.to_string(),
            ended_at: import.ended_at.map(|at| at.to_string()),
        }
    }
}

impl From<&Preview> for AssetPreviewBody {
    fn from(preview: &Preview) -> Self {
        let line = |(number, read): &(i64, Result<Line, Refused>)| PreviewLineBody {
            line: *number,
            asset: read.as_ref().map(asset).unwrap_or_default(),
            refused: read.as_ref().err().map(|refused| RefusedLineBody {
                line: *number,
                column: refused.column.map(|column| column.as_str().to_owned()),
                reason: refused.reason.as_str().to_owned(),
            }),
        };
        Self {
            header: preview.header.clone(),
            columns: words(&preview.columns),
            lines: preview.lines.iter().map(line).collect(),
            retires: None,
        }
    }
}

impl From<Foreseen> for RetiresBody {
    fn from(found: Foreseen) -> Self {
        Self {
            there: found.there,
            gone: found.gone,
            refused: found.refused,
        }
    }
}

impl From<&RefusedLine> for RefusedLineBody {
    fn from(refused: &RefusedLine) -> Self {
        Self {
            line: refused.line,
            column: refused.column.map(|column| column.as_str().to_owned()),
            reason: refused.reason.clone(),
        }
    }
}
