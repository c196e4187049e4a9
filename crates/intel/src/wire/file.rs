//! Bodies about files that come in and go out.

use kernel::Tlp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{ImportBody, LossBody, RefusalBody};
use crate::{
    Error,
    export::Target,
    model::{Filter, Foreseen, Import, Invalid, Loss, Preview, Refusal, Refusals},
    ops::{ExportReport, Exporting},
};

/// What is to be written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// `stix` (a bundle), `stix-lines`, `misp`, `csv`, `values` or `suricata`; `stix` if nothing is said.
    pub format: Option<String>,
    /// The strictest label that is written; RED, which is all that the caller sees, if nothing is
    /// said.
    pub max_marking: Option<String>,
    /// Types, with commas between them; all, if nothing is said.
    pub types: Option<String>,
}

impl TryFrom<ExportQuery> for Exporting {
    type Error = Error;

    fn try_from(query: ExportQuery) -> Result<Self, Error> {
        let target = query.format.as_deref().unwrap_or("stix");
        let target = Target::from_word(target).ok_or(Invalid {
            field: "format",
            rule: "stix, stix-lines, misp, csv, values or suricata",
        })?;
        let max_marking = query.max_marking.as_deref().unwrap_or("RED").parse();
        let max_marking: Tlp = max_marking.map_err(|_unknown| Invalid {
            field: "max_marking",
            rule: "CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
        })?;
        let types = query.types.as_deref().unwrap_or_default().split(',');
        let types = types.map(str::trim).filter(|word| !word.is_empty());
        Ok(Self {
            target,
            filter: Filter {
                types: types.map(str::to_owned).collect(),
                ..Filter::default()
            },
            after: 0,
            max_marking,
        })
    }
}

/// A file that is about to come.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUploadBody {
    /// What it is called, for people.
    #[serde(default)]
    pub source: String,
}

/// Imports.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ImportsBody {
    /// The newest first.
    pub items: Vec<ImportBody>,
}

/// How many objects of a type have a fate.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct FateBody {
    /// The type; `event` for events of MISP, empty for what is no object.
    #[serde(rename = "type")]
    pub kind: String,
    /// `new`, `version`, `known`, `conflict` or `refused`.
    pub fate: String,
    /// How many.
    pub objects: i64,
}

/// How many objects would get a label.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct LabelBody {
    /// The label.
    pub tlp: String,
    /// Whether they carry it themselves; the others get that of the collection.
    pub is_marked: bool,
    /// How many.
    pub objects: i64,
}

/// What would become of an object.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ForeseenBody {
    /// Its number in the file, from 0.
    pub place: i64,
    /// Its type; `event` for an event of MISP.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id; of an event its UUID.
    pub id: String,
    /// Its version, where it has one.
    pub version: String,
    /// What it is called.
    pub name: String,
    /// The label that it would get.
    pub tlp: String,
    /// Whether it carries the label itself.
    pub is_marked: bool,
    /// `new`, `version`, `known`, `conflict` or `refused`.
    pub fate: String,
}

/// What would become of a file, if it were imported now.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PreviewBody {
    /// The import.
    pub import: ImportBody,
    /// False where the file has more than the 20,000 objects that were looked at.
    pub is_whole: bool,
    /// Why the file cannot be read to its end, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
    /// Numbers by type.
    pub types: Vec<FateBody>,
    /// Numbers by label, of those that would be added.
    pub labels: Vec<LabelBody>,
    /// The first 100 objects.
    pub objects: Vec<ForeseenBody>,
    /// The first 100 that would be refused.
    pub refusals: Vec<RefusalBody>,
    /// What of the file has no place among objects.
    pub losses: Vec<LossBody>,
}

/// How many objects of a label are left out.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct LeftOutBody {
    /// The label.
    pub tlp: String,
    /// How many versions of objects.
    pub objects: i64,
}

/// What an export would lose and leave out.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ExportReportBody {
    /// How many objects were looked at.
    pub objects: i64,
    /// Of these, how many carry no label of their own.
    pub unmarked: i64,
    /// What is left out because of its label.
    pub left_out: Vec<LeftOutBody>,
    /// What the format has no place for.
    pub losses: Vec<LossBody>,
    /// False where the collection has more than the 20,000 objects that were looked at.
    pub is_whole: bool,
}

impl From<&Loss> for LossBody {
    fn from(loss: &Loss) -> Self {
        Self {
            place: loss.place.clone(),
            name: loss.name.clone(),
            count: loss.count,
        }
    }
}

impl From<&Refusal> for RefusalBody {
    fn from(refusal: &Refusal) -> Self {
        Self {
            place: refusal.place,
            id: refusal.stix_id.clone(),
            version: refusal.version.clone(),
            code: refusal.code.clone(),
            detail: refusal.detail.clone(),
        }
    }
}

impl From<Import> for ImportBody {
    fn from(import: Import) -> Self {
        Self::from(&Refusals {
            import,
            refusals: Vec::new(),
        })
    }
}

impl From<&Foreseen> for ForeseenBody {
    fn from(object: &Foreseen) -> Self {
        Self {
            place: object.place,
            kind: object.kind.clone(),
            id: object.stix_id.clone(),
            version: object.version.clone(),
            name: object.name.clone(),
            tlp: object.tlp.to_string(),
            is_marked: object.is_marked,
            fate: object.fate.as_str().to_owned(),
        }
    }
}

impl From<Preview> for PreviewBody {
    fn from(preview: Preview) -> Self {
        let types = preview.tally.kinds.iter();
        let labels = preview.tally.labels.iter();
        Self {
            is_whole: preview.is_whole,
            types: types
                .map(|((kind, fate), objects)| FateBody {
                    kind: kind.clone(),
                    fate: fate.as_str().to_owned(),
                    objects: *objects,
                })
                .collect(),
            labels: labels
                .map(|((tlp, is_marked), objects)| LabelBody {
                    tlp: tlp.to_string(),
                    is_marked: *is_marked,
                    objects: *objects,
                })
                .collect(),
            objects: preview.objects.iter().map(ForeseenBody::from).collect(),
            refusals: preview.refusals.iter().map(RefusalBody::from).collect(),
            losses: preview.losses.iter().map(LossBody::from).collect(),
            broken: preview.broken,
            import: preview.import.into(),
        }
    }
}

impl From<ExportReport> for ExportReportBody {
    fn from(report: ExportReport) -> Self {
        let left_out = report.left_out.iter();
        Self {
            objects: report.objects,
            unmarked: report.unmarked,
            left_out: left_out
                .map(|(tlp, objects)| LeftOutBody {
                    tlp: tlp.to_string(),
                    objects: *objects,
                })
                .collect(),
            losses: report.losses.iter().map(LossBody::from).collect(),
            is_whole: report.is_whole,
        }
    }
}
