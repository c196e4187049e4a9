//! Lists and counts.

use kernel::{Country, Cursor, IncidentRef, Page, PageRequest, Timestamp, Tlp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{CaseBody, PageQuery, PeriodBody, StatusBody};
use crate::{
    model::{Case, Dated, Filter, Invalid, Kind, Listed, Rsit, Sector},
    ops::{Count, LevelCount, StageCount},
    severity::Level,
    state::Stage,
    taxonomy::Tag,
};

/// How long a search may be, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// What a list of incidents is narrowed to.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct IncidentQuery {
    /// A State concerned, by its two-letter code.
    #[param(value_type = Option<String>)]
    pub country: Option<Country>,
    /// A sector, by its NIS2 code.
    #[param(value_type = Option<String>)]
    pub sector: Option<Sector>,
    /// A class of RSIT, with or without its type.
    #[param(value_type = Option<String>)]
    pub rsit: Option<Rsit>,
    /// A class of any taxonomy as `taxonomy:code`, in whichever version it was given:
    /// `enterprise-attack:T1566`. Classes below it are found too.
    #[param(value_type = Option<String>)]
    pub class: Option<Tag>,
    /// A stage.
    pub status: Option<Stage>,
    /// True for those alone on which work goes on: every stage but closed.
    #[serde(default)]
    #[param(required = false)]
    pub active: bool,
    /// A level of severity, 0 to 5.
    pub level: Option<u8>,
    /// Happened, at least in part, on or after this date.
    #[param(value_type = Option<String>)]
    pub from: Option<Dated>,
    /// Happened, at least in part, on or before this date.
    #[param(value_type = Option<String>)]
    pub to: Option<Dated>,
    /// Words, all of which the entry must hold.
    pub text: Option<String>,
    /// Where the page begins: `next` of the page before.
    #[param(value_type = Option<String>)]
    pub after: Option<Cursor>,
    /// How many entries, 1 to 200.
    pub limit: Option<u16>,
}

/// A page of a list of incidents.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::ListedPageBody)]
pub struct ListedPageBody {
    /// The entries.
    pub items: Vec<ListedBody>,
    /// What to ask for next; null if this is the last page.
    #[schema(value_type = Option<String>)]
    pub next: Option<Cursor>,
}

/// A page of whole incidents.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::CasePageBody)]
pub struct CasePageBody {
    /// The entries.
    pub items: Vec<CaseBody>,
    /// What to ask for next; null if this is the last page.
    #[schema(value_type = Option<String>)]
    pub next: Option<Cursor>,
}

/// One line of a list of incidents.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::ListedBody)]
pub struct ListedBody {
    /// What it is known by.
    #[schema(value_type = String)]
    pub id: IncidentRef,
    /// One event or a series.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// Who was hit.
    pub organisation: Option<String>,
    /// The States concerned.
    #[schema(value_type = Vec<String>)]
    pub victims: Vec<Country>,
    /// True where it reached more States than a list could name.
    pub worldwide: bool,
    /// Sectors.
    #[schema(value_type = Vec<String>)]
    pub sectors: Vec<Sector>,
    /// Its class.
    #[schema(value_type = Option<String>)]
    pub rsit: Option<Rsit>,
    /// When it happened.
    pub period: PeriodBody,
    /// Where the work stands.
    pub status: StatusBody,
    /// Who may know of it.
    #[schema(value_type = String)]
    pub tlp: Tlp,
    /// True for data of an exercise.
    pub exercise: bool,
    /// Whether it touches more than one State; null where that is not known.
    pub cross_border: Option<bool>,
    /// How severe it is, 0 to 5; null where it was not assessed.
    pub level: Option<u8>,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// How many entries match.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::CountBody)]
pub struct CountBody {
    /// How many; counted up to 1,000.
    pub count: u32,
    /// True if there are more.
    pub more: bool,
}

/// How many entries stand at one stage.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::StageCountBody)]
pub struct StageCountBody {
    /// The stage.
    pub stage: Stage,
    /// How many.
    pub count: u32,
}

/// How many open entries stand at one level of severity.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::LevelCountBody)]
pub struct LevelCountBody {
    /// The level, 0 to 5.
    pub level: u8,
    /// How many.
    pub count: u32,
}

impl TryFrom<&IncidentQuery> for Filter {
    type Error = Invalid;

    fn try_from(query: &IncidentQuery) -> Result<Self, Invalid> {
        let text = query.text.as_deref().filter(|text| !text.trim().is_empty());
        if text.is_some_and(|text| text.chars().count() > TEXT_CHARS_MAX) {
            return Err(Invalid {
                field: "text",
                rule: "holds at most 200 characters",
            });
        }
        Ok(Self {
            country: query.country,
            sector: query.sector,
            rsit: query.rsit,
            class: query.class.clone(),
            status: query.status,
            active: query.active,
            level: query.level.map(Level::new).transpose()?,
            from: query.from.map(Dated::first),
            to: query.to.map(Dated::last),
            text: text.map(str::to_owned),
        })
    }
}

impl TryFrom<&IncidentQuery> for PageRequest {
    type Error = Invalid;

    fn try_from(query: &IncidentQuery) -> Result<Self, Invalid> {
        let page = PageQuery {
            after: query.after,
            limit: query.limit,
        };
        page.try_into()
    }
}

impl From<&Listed> for ListedBody {
    fn from(listed: &Listed) -> Self {
        Self {
            id: listed.public,
            kind: listed.kind,
            title: listed.title.clone(),
            organisation: listed.organisation.clone(),
            victims: listed.victims.clone(),
            worldwide: listed.worldwide,
            sectors: listed.sectors.clone(),
            rsit: listed.rsit,
            period: PeriodBody::from(&listed.period),
            status: StatusBody::from(&listed.status),
            tlp: listed.tlp,
            exercise: listed.mode.is_exercise(),
            cross_border: listed.cross_border,
            level: listed.level.map(Level::number),
            updated_at: listed.updated_at,
        }
    }
}

impl From<&Page<Listed>> for ListedPageBody {
    fn from(page: &Page<Listed>) -> Self {
        Self {
            items: page.items.iter().map(ListedBody::from).collect(),
            next: page.next,
        }
    }
}

impl From<&Page<Case>> for CasePageBody {
    fn from(page: &Page<Case>) -> Self {
        Self {
            items: page
                .items
                .iter()
                .map(|case| CaseBody::from(case).shown())
                .collect(),
            next: page.next,
        }
    }
}

impl From<Count> for CountBody {
    fn from(count: Count) -> Self {
        Self {
            count: count.count,
            more: count.more,
        }
    }
}

impl From<StageCount> for StageCountBody {
    fn from(count: StageCount) -> Self {
        Self {
            stage: count.stage,
            count: count.count,
        }
    }
}

impl From<LevelCount> for LevelCountBody {
    fn from(count: LevelCount) -> Self {
        Self {
            level: count.level.number(),
            count: count.count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_has_a_limit() {
        let query = IncidentQuery {
            text: Some("x".repeat(201)),
            ..IncidentQuery::default()
        };
        assert_eq!(Filter::try_from(&query).unwrap_err().field, "text");
    }

    #[test]
    fn a_page_has_a_limit() {
        for limit in [0, 201] {
            let query = IncidentQuery {
                limit: Some(limit),
                ..IncidentQuery::default()
            };
            assert_eq!(PageRequest::try_from(&query).unwrap_err().field, "limit");
        }
    }
}
