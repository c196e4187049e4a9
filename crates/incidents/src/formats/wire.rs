//! Bodies of requests and answers about other formats.

use kernel::{IncidentRef, Tlp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    csv::Field,
    loss::{Loss, losses},
    model::{DateOrder, Fate, Format, Remark, Settings, Why, Written},
    ops::{Foreseen, Report, Told},
};
use crate::{state::Stage, wire::FactsBody};

/// A file to be taken in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ImportBody)]
pub struct ImportBody {
    /// What is in the file, up to 16 MiB.
    pub text: String,
    /// What it is; without it, that is found out.
    pub format: Option<Format>,
    /// The label of what carries none; AMBER+STRICT if it is not given.
    #[serde(default)]
    #[schema(value_type = String, example = "AMBER+STRICT")]
    pub tlp: Tlp,
    /// The stage of what says nothing of it; closed if it is not given.
    pub stage: Option<Stage>,
    /// Whether cross-walks are applied: RSIT from actions of VERIS, NIS2 from codes of NAICS.
    #[serde(default)]
    pub crosswalk: bool,
    /// How dates such as 03/04/2024 are read; they are refused if this is not given.
    pub dates: Option<DateOrder>,
    /// Of a table: the field of each column, null for none. Without it, they are guessed by name.
    pub columns: Option<Vec<Option<Field>>>,
    /// Only says what would become of each document.
    #[serde(default)]
    pub preview: bool,
}

/// What an import did, or would do.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = incidents::ImportReportBody)]
pub struct ImportReportBody {
    /// What the file is.
    pub format: Format,
    /// Documents that became entries.
    pub created: u64,
    /// Entries whose document has changed.
    pub updated: u64,
    /// Documents that were there as they are.
    pub unchanged: u64,
    /// Documents whose entry was changed here: left as it is.
    pub kept_ours: u64,
    /// Documents that were refused.
    pub refused: u64,
    /// True where a part of the file could not be read at all.
    pub is_cut: bool,
    /// The documents of which there is something to say, up to 1,000.
    pub told: Vec<ToldBody>,
    /// How many more there are.
    pub told_more: u64,
    /// Of a preview: the first documents as they would be.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub first: Vec<ForeseenBody>,
}

/// A document of which there is something to say.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = incidents::ToldBody)]
pub struct ToldBody {
    /// Where it stands in the file.
    pub place: String,
    /// What it is known by in its source.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// Its entry.
    #[schema(value_type = Option<String>)]
    pub incident: Option<IncidentRef>,
    /// What there is to say.
    pub remarks: Vec<RemarkBody>,
}

/// Something to say of a document.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = incidents::ImportRemarkBody)]
pub struct RemarkBody {
    /// Where: a JSON pointer, or the name of a column.
    pub at: String,
    /// What.
    pub why: Why,
    /// Exactly, in English.
    pub detail: String,
}

/// A document as it would be.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = incidents::ForeseenBody)]
pub struct ForeseenBody {
    /// What there is to say.
    pub told: ToldBody,
    /// The facts of the entry; null where it would be refused.
    pub facts: Option<FactsBody>,
}

/// The formats that entries go out in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = incidents::FormatsBody)]
pub struct FormatsBody {
    /// Each, with what it has no place for.
    pub items: Vec<FormatBody>,
}

/// A format that entries go out in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = incidents::FormatBody)]
pub struct FormatBody {
    /// Its name.
    pub format: Written,
    /// What it has no place for.
    pub losses: Vec<Loss>,
}

impl FormatsBody {
    /// Every format.
    pub fn all() -> Self {
        let body = |format: &Written| FormatBody {
            format: *format,
            losses: losses(*format).to_vec(),
        };
        Self {
            items: Written::ALL.iter().map(body).collect(),
        }
    }
}

impl ImportBody {
    /// What the importer decides.
    pub fn settings(&self) -> Settings {
        let plain = Settings::default();
        Settings {
            tlp: self.tlp,
            stage: self.stage.unwrap_or(plain.stage),
            crosswalk: self.crosswalk,
            dates: self.dates.unwrap_or(plain.dates),
            columns: self.columns.clone(),
        }
    }
}

impl ImportReportBody {
    /// The report of an import, and the first documents of a preview.
    pub fn of(format: Format, report: &Report, first: &[Foreseen]) -> Self {
        Self {
            format,
            created: report.of(Fate::Created),
            updated: report.of(Fate::Updated),
            unchanged: report.of(Fate::Unchanged),
            kept_ours: report.of(Fate::KeptOurs),
            refused: report.of(Fate::Refused),
            is_cut: report.is_cut,
            told: report.told.iter().map(ToldBody::from).collect(),
            told_more: report.told_more,
            first: first.iter().map(ForeseenBody::from).collect(),
        }
    }
}

impl From<&Told> for ToldBody {
    fn from(told: &Told) -> Self {
        Self {
            place: told.place.clone(),
            name: told.name.clone(),
            fate: told.fate,
            incident: told.incident,
            remarks: told.remarks.iter().map(RemarkBody::from).collect(),
        }
    }
}

impl From<&Remark> for RemarkBody {
    fn from(remark: &Remark) -> Self {
        Self {
            at: remark.at.clone(),
            why: remark.why,
            detail: remark.detail.clone(),
        }
    }
}

impl From<&Foreseen> for ForeseenBody {
    fn from(one: &Foreseen) -> Self {
        Self {
            told: ToldBody::from(&one.told),
            facts: one.facts.as_ref().map(FactsBody::from),
        }
    }
}
