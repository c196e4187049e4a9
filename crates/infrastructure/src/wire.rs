//! Bodies of requests and answers. What a record says is [`Content`] itself.

mod table;

use kernel::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use table::{
    InfrastructureTableBody, InfrastructureTableReportBody, TableLineBody, TableWrongBody,
};

use crate::{
    graph::Reach,
    model::{Content, Grant, Naming, Record},
    ops::{Hit, Imported},
    questions::{Questionnaire, Sum},
};

/// A record.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RecordBody {
    /// Its id.
    pub id: String,
    /// Its version, for those who change it.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: String,
    /// What it says.
    pub content: Content,
}

/// Records.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RecordsBody {
    /// All of them.
    pub items: Vec<RecordBody>,
}

/// A record with what its answers come to, and what would be reached if it were hit.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ViewedBody {
    /// The record.
    pub record: RecordBody,
    /// What the answers come to; for a service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<SumBody>,
    /// What depends on it, itself first; for a service.
    pub dependents: Vec<InfrastructureReachedBody>,
}

/// What answers come to. It decides nothing.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SumBody {
    /// The points, of a hundred, if what is not answered has none.
    pub low: u32,
    /// The points, of a hundred, if what is not answered has all.
    pub high: u32,
    /// How many questions that count are answered.
    pub answered: usize,
    /// How many there are.
    pub asked: usize,
}

/// A service that is reached.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct InfrastructureReachedBody {
    /// The service.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Through how many others: 0 for what is hit itself.
    pub depth: usize,
    /// True if it fails; else it goes on, worse.
    pub fails: bool,
    /// After how many hours at the earliest, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
}

/// A change of a record.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InfrastructureChangeBody {
    /// The version that the caller has.
    pub version: i64,
    /// What it says from now on.
    pub content: Content,
}

/// What an import did.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct InfrastructureImportedBody {
    /// Records that were not there.
    pub created: usize,
    /// Records of which the file says something else.
    pub changed: usize,
    /// Records that are as they were.
    pub unchanged: usize,
}

/// Somebody whom the register names.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GrantBody {
    /// The name to sign in with; empty for a user who is gone.
    pub user: String,
    /// His id.
    pub id: String,
    /// Whether he may change it.
    pub may_edit: bool,
    /// Whether he may write it to a file, and take one in.
    pub may_export: bool,
    /// Since when.
    pub granted_at: String,
    /// Who said so.
    pub granted_by: String,
    /// Why; empty where it was said before reasons were kept.
    pub reason: String,
    /// Whether he can read it: being named is not enough without a role that reaches it.
    pub reaches: bool,
}

/// That somebody was named, or was named no more.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct NamingBody {
    /// When.
    pub at: String,
    /// The name to sign in with; empty for a user who is gone.
    pub user: String,
    /// Whether the register names him since then.
    pub is_named: bool,
    /// Whether he may change it since then.
    pub may_edit: bool,
    /// Whether he may write it to a file, and take one in, since then.
    pub may_export: bool,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// What somebody may do, and why.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RightsBody {
    /// Whether he may change it.
    #[serde(default)]
    pub may_edit: bool,
    /// Whether he may write it to a file, and take one in.
    #[serde(default)]
    pub may_export: bool,
    /// Why, in 1 to 500 characters.
    pub reason: String,
}

/// A question.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct QuestionBody {
    /// Stands for it.
    pub key: String,
    /// Where it comes from.
    pub source: String,
    /// Whether its points count.
    pub counts: bool,
    /// What it asks, in English.
    pub text: String,
    /// The answers, by points from 0.
    pub answers: Vec<String>,
}

/// The questionnaire.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct QuestionnaireBody {
    /// Its version.
    pub version: String,
    /// Where it comes from.
    pub source: String,
    /// Whether somebody read the rule itself.
    pub verified: bool,
    /// The questions.
    pub questions: Vec<QuestionBody>,
}

impl From<&Record> for RecordBody {
    fn from(record: &Record) -> Self {
        Self {
            id: record.id.to_string(),
            version: record.version,
            updated_at: record.updated_at.to_string(),
            content: record.content.clone(),
        }
    }
}

impl From<Sum> for SumBody {
    fn from(sum: Sum) -> Self {
        Self {
            low: sum.low,
            high: sum.high,
            answered: sum.answered,
            asked: sum.asked,
        }
    }
}

/// What is reached, with its names.
pub fn reached(records: &[Record], reach: &Reach) -> Vec<InfrastructureReachedBody> {
    let body = |one: &crate::graph::Reached| {
        let record = records.iter().find(|record| record.id == one.service);
        InfrastructureReachedBody {
            id: one.service.to_string(),
            name: record.map_or_else(String::new, |record| record.content.name().to_owned()),
            depth: one.depth,
            fails: one.fails,
            hours: one.hours,
        }
    };
    reach.services.iter().map(body).collect()
}

impl From<&Hit> for Vec<InfrastructureReachedBody> {
    fn from(hit: &Hit) -> Self {
        reached(&hit.records, &hit.reach)
    }
}

impl From<Imported> for InfrastructureImportedBody {
    fn from(done: Imported) -> Self {
        Self {
            created: done.created,
            changed: done.changed,
            unchanged: done.unchanged,
        }
    }
}

impl From<&Grant> for GrantBody {
    fn from(grant: &Grant) -> Self {
        Self {
            user: grant.user.clone(),
            id: grant.id.to_string(),
            may_edit: grant.rights.may_edit,
            may_export: grant.rights.may_export,
            granted_at: grant.granted_at.to_string(),
            granted_by: grant.granted_by.clone(),
            reason: grant.reason.clone(),
            reaches: grant.reaches,
        }
    }
}

impl From<&Naming> for NamingBody {
    fn from(naming: &Naming) -> Self {
        Self {
            at: naming.at.to_string(),
            user: naming.user.clone(),
            is_named: naming.rights.is_named,
            may_edit: naming.rights.may_edit,
            may_export: naming.rights.may_export,
            by: naming.by.clone(),
            reason: naming.reason.clone(),
        }
    }
}

impl From<&Questionnaire> for QuestionnaireBody {
    fn from(asked: &Questionnaire) -> Self {
        let question = |one: &crate::questions::Question| QuestionBody {
            key: one.key.clone(),
            source: one.source.clone(),
            counts: one.counts,
            text: one.text.of(Language::En).to_owned(),
            answers: one
                .answers
                .iter()
                .map(|answer| answer.text.of(Language::En).to_owned())
                .collect(),
        };
        Self {
            version: asked.version.clone(),
            source: asked.source.clone(),
            verified: asked.verified,
            questions: asked.questions.iter().map(question).collect(),
        }
    }
}
