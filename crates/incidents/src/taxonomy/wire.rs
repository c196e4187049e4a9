//! Taxonomies as the JSON interface has them.

mod class;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Entry, Name, Relation, Taxonomy, Version, Walk, WalkRow,
    ops::{Part, Report, State},
};

pub use class::{ClassBody, ClassQuery, SuggestionBody, SuggestionsBody};

/// A taxonomy of one version.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TaxonomyBody)]
pub struct TaxonomyBody {
    /// What it is called.
    #[schema(example = "rsit")]
    pub name: String,
    /// Its version.
    #[schema(example = "1003")]
    pub version: String,
    /// Its name in words.
    pub title: String,
    /// Where it is from.
    pub source: Option<String>,
    /// On what terms it may be used.
    pub licence: Option<String>,
    /// How many entries it has.
    pub entries: i64,
    /// Whether it ships with the program.
    pub ships: bool,
    /// Who brought it in.
    pub imported_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub imported_at: Option<Timestamp>,
}

/// The taxonomies.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TaxonomiesBody)]
pub struct TaxonomiesBody {
    /// Them, by name; of one name the last that came first.
    pub items: Vec<TaxonomyBody>,
}

/// An entry of a taxonomy.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TaxonomyEntryBody)]
pub struct EntryBody {
    /// What it is known by.
    #[schema(example = "availability/ddos")]
    pub code: String,
    /// The entry above it.
    pub parent: Option<String>,
    /// It in words.
    pub name: String,
    /// What it means.
    pub about: Option<String>,
}

/// A taxonomy and a page of its entries.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TaxonomyPageBody)]
pub struct TaxonomyPageBody {
    /// The taxonomy.
    pub taxonomy: TaxonomyBody,
    /// Entries, in its order.
    pub entries: Vec<EntryBody>,
    /// What to ask for next as `after`; null if these are the last.
    pub next: Option<i64>,
}

/// Which entries are asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EntriesQuery {
    /// The version; the last that came where nothing is said.
    pub version: Option<String>,
    /// A part of a code or a name.
    pub q: Option<String>,
    /// Where the page begins: `next` of the page before.
    pub after: Option<i64>,
    /// How many entries, 1 to 500.
    pub limit: Option<u16>,
}

/// How a file is imported.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// What the taxonomy is called, where the file does not say it.
    pub name: Option<String>,
    /// Its version, where the file does not say it.
    pub version: Option<String>,
    /// Only say what would be done.
    #[serde(default)]
    pub preview: bool,
}

/// Entries that are told.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TaxonomyPartBody)]
pub struct PartBody {
    /// How many.
    pub count: usize,
    /// The first of them, at most 200.
    pub named: Vec<NamedBody>,
}

/// An entry that is told, by code and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TaxonomyNamedBody)]
pub struct NamedBody {
    /// What it is known by.
    pub code: String,
    /// It in words.
    pub name: String,
}

/// An entry that was left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TaxonomyLeftOutBody)]
pub struct LeftOutBody {
    /// Where it stands.
    pub at: String,
    /// Why, in English.
    pub why: String,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::TaxonomyReportBody)]
pub struct ReportBody {
    /// Whether it was only looked at.
    pub preview: bool,
    /// Whether it is a cross-walk.
    pub crosswalk: bool,
    /// What it is called.
    pub name: String,
    /// Its version.
    pub version: String,
    /// It in words.
    pub title: String,
    /// How many entries, or rows, it has.
    pub entries: usize,
    /// How it stands to what is here.
    pub state: State,
    /// The version that it was compared with.
    pub against: Option<String>,
    /// Entries that version does not have.
    pub added: PartBody,
    /// Entries that are other than there.
    pub changed: PartBody,
    /// Entries that it no longer has.
    pub gone: PartBody,
    /// How many entries of the file were left out.
    pub left_out: usize,
    /// The first of them, at most 100.
    pub left_out_named: Vec<LeftOutBody>,
}

/// A cross-walk, without its rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CrosswalkHeadBody)]
pub struct WalkBody {
    /// What it is called.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The taxonomy that it leads from.
    pub from: EndBody,
    /// The taxonomy that it leads to.
    pub to: EndBody,
    /// Where it is from.
    pub source: Option<String>,
    /// On what terms it may be used.
    pub licence: Option<String>,
    /// How many rows it has.
    pub rows: i64,
    /// Whether it ships with the program.
    pub ships: bool,
    /// Who brought it in.
    pub imported_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub imported_at: Option<Timestamp>,
}

/// An end of a cross-walk.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CrosswalkEndBody)]
pub struct EndBody {
    /// The taxonomy.
    pub taxonomy: String,
    /// Its version; any where nothing is said.
    pub version: Option<String>,
}

/// The cross-walks.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CrosswalksBody)]
pub struct WalksBody {
    /// Them, by name; of one name the last that came first.
    pub items: Vec<WalkBody>,
}

/// A row of a cross-walk.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CrosswalkRowBody)]
pub struct WalkRowBody {
    /// The class that it leads from.
    pub from: String,
    /// The class that it leads to.
    pub to: String,
    /// How the two stand to each other, by the mapping properties of SKOS.
    pub relation: Relation,
    /// What is said of the two.
    pub note: Option<String>,
}

/// A cross-walk with its rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::CrosswalkWholeBody)]
pub struct WholeWalkBody {
    /// The cross-walk.
    pub crosswalk: WalkBody,
    /// Its rows.
    pub rows: Vec<WalkRowBody>,
}

impl From<&Taxonomy> for TaxonomyBody {
    fn from(one: &Taxonomy) -> Self {
        Self {
            name: one.name.to_string(),
            version: one.version.to_string(),
            title: one.title.clone(),
            source: one.source.clone(),
            licence: one.licence.clone(),
            entries: one.entries,
            ships: one.imported.is_none(),
            imported_by: one.imported.as_ref().map(|(by, _)| by.clone()),
            imported_at: one.imported.as_ref().map(|(_, at)| *at),
        }
    }
}

impl From<&Entry> for EntryBody {
    fn from(one: &Entry) -> Self {
        Self {
            code: one.code.to_string(),
            parent: one.parent.as_ref().map(ToString::to_string),
            name: one.name.to_string(),
            about: one.about.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&Part> for PartBody {
    fn from(part: &Part) -> Self {
        let named = |(code, name): &(String, String)| NamedBody {
            code: code.clone(),
            name: name.clone(),
        };
        Self {
            count: part.count,
            named: part.named.iter().map(named).collect(),
        }
    }
}

impl ReportBody {
    /// What an import did, or would do.
    pub fn of(report: &Report, preview: bool) -> Self {
        let left_out = |(at, why): &(String, &'static str)| LeftOutBody {
            at: at.clone(),
            why: (*why).to_owned(),
        };
        Self {
            preview,
            crosswalk: report.is_walk,
            name: report.name.to_string(),
            version: report.version.to_string(),
            title: report.title.clone(),
            entries: report.entries,
            state: report.state,
            against: report.against.as_ref().map(Version::to_string),
            added: PartBody::from(&report.added),
            changed: PartBody::from(&report.changed),
            gone: PartBody::from(&report.gone),
            left_out: report.left_out.count,
            left_out_named: report.left_out.named.iter().map(left_out).collect(),
        }
    }
}

impl From<&Walk> for WalkBody {
    fn from(walk: &Walk) -> Self {
        let end = |(name, version): &(Name, Option<Version>)| EndBody {
            taxonomy: name.to_string(),
            version: version.as_ref().map(Version::to_string),
        };
        Self {
            name: walk.name.to_string(),
            version: walk.version.to_string(),
            from: end(&walk.from),
            to: end(&walk.to),
            source: walk.source.clone(),
            licence: walk.licence.clone(),
            rows: walk.rows,
            ships: walk.imported.is_none(),
            imported_by: walk.imported.as_ref().map(|(by, _)| by.clone()),
            imported_at: walk.imported.as_ref().map(|(_, at)| *at),
        }
    }
}

impl From<&WalkRow> for WalkRowBody {
    fn from(row: &WalkRow) -> Self {
        Self {
            from: row.from.to_string(),
            to: row.to.to_string(),
            relation: row.relation,
            note: row.note.as_ref().map(ToString::to_string),
        }
    }
}
