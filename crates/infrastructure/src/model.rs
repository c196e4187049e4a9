//! Types of the register. They are what is sealed in the database and what a file of the register
//! holds; everything is checked when it comes in ([`Content::checked`]).

mod check;

use std::collections::BTreeMap;

use kernel::{Country, IncidentRef, InfrastructureId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use self::check::{NAME_CHARS_MAX, TEXT_CHARS_MAX, is_language, is_phone};
use self::check::{assessed, contacts, depends, name, text};

/// The most of anything in one record.
const LIST_MAX: usize = 200;

/// A bad value.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field} is not {rule}")]
pub struct Invalid {
    /// The field.
    pub field: &'static str,
    /// What it should be.
    pub rule: &'static str,
}

/// Somebody to call.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The desk or person.
    pub name: String,
    /// What they do there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// Telephone numbers, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// The mail address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mail: String,
    /// When they can be reached, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hours: String,
    /// The languages that they speak, as tags such as `en`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
}

/// Who runs services.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The name.
    pub name: String,
    /// Where its seat is.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// What else is to be known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Whom to call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
}

/// How critical people decided a service to be.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// It is not decided.
    #[default]
    Candidate,
    /// It is not critical.
    None,
    /// It is critical to the State.
    National,
    /// It is critical to several States.
    SupraNational,
}

/// How much a service needs another.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// It fails without it.
    #[default]
    Total,
    /// It goes on, worse.
    Partial,
}

/// What a service depends on: another one of the register, or one in another State that is not in it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The service, if the register has it.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<InfrastructureId>,
    /// What it is called otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub other: String,
    /// In which State that is.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// How much it is needed.
    #[serde(default)]
    pub strength: Strength,
    /// For how many hours it can be done without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
    /// What else is to be known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What was answered about a service.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// The version of the questionnaire.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The points of each answer, by the key of its question; what is not here is not known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, u8>,
    /// Why people decided as they did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Something that others depend on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The name.
    pub name: String,
    /// Who runs it.
    #[schema(value_type = String)]
    pub operator: InfrastructureId,
    /// The sector, as the register of incidents has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sector: String,
    /// How critical it is.
    #[serde(default)]
    pub category: Category,
    /// The States whose people it serves.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<Country>,
    /// What else is to be known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Whom to call about this one, before the operator's contacts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// What it depends on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends: Vec<Dependency>,
    /// What was answered about it.
    #[serde(default)]
    pub assessment: Assessment,
    /// The incidents that hit it.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<IncidentRef>,
}

/// What a record is about.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Content {
    /// Who runs services.
    Operator(Operator),
    /// Something that others depend on.
    Service(Service),
}

/// A record of the register.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: InfrastructureId,
    /// Its version, for those who change it.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What it says.
    pub content: Content,
}

/// What somebody whom the register names may do.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Rights {
    /// Whether the register names him at all.
    pub is_named: bool,
    /// Whether he may change it.
    pub may_edit: bool,
    /// Whether he may write it to a file, and take one in.
    pub may_export: bool,
}

/// Somebody whom the register names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Grant {
    /// The name to sign in with; empty for a user who is gone.
    pub user: String,
    /// His id.
    pub id: kernel::UserId,
    /// What he may do.
    pub rights: Rights,
    /// Since when.
    pub granted_at: Timestamp,
    /// Who said so.
    pub granted_by: String,
    /// Why; empty where it was said before reasons were kept.
    pub reason: String,
    /// Whether he can read it: being named is not enough without a role that reaches it, and a user
    /// who may sign in.
    pub reaches: bool,
}

/// That somebody was named, or was named no more.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Naming {
    /// When.
    pub at: Timestamp,
    /// Who it was about; empty for a user who is gone.
    pub user: String,
    /// What he may do since then; nothing at all where he is named no more.
    pub rights: Rights,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Candidate,
        Self::None,
        Self::National,
        Self::SupraNational,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::None => "none",
            Self::National => "national",
            Self::SupraNational => "supra_national",
        }
    }

    /// The one of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

impl Strength {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Total, Self::Partial];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Partial => "partial",
        }
    }

    /// The one of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

impl Content {
    /// The name.
    pub fn name(&self) -> &str {
        match self {
            Self::Operator(operator) => &operator.name,
            Self::Service(service) => &service.name,
        }
    }

    /// The service, if it is one.
    pub const fn service(&self) -> Option<&Service> {
        match self {
            Self::Operator(_) => None,
            Self::Service(service) => Some(service),
        }
    }

    /// The contacts.
    pub fn contacts(&self) -> &[Contact] {
        match self {
            Self::Operator(operator) => &operator.contacts,
            Self::Service(service) => &service.contacts,
        }
    }

    /// The content, if every value of it can be one.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        match &mut self {
            Self::Operator(operator) => {
                name("name", &mut operator.name)?;
                text("note", &mut operator.note)?;
                contacts(&mut operator.contacts)?;
            }
            Self::Service(service) => {
                name("name", &mut service.name)?;
                text("note", &mut service.note)?;
                contacts(&mut service.contacts)?;
                if !service.sector.is_empty()
                    && service.sector.parse::<incidents::model::Sector>().is_err()
                {
                    let rule = "a sector of the register of incidents";
                    return Err(Invalid {
                        field: "sector",
                        rule,
                    });
                }
                service.serves.sort_unstable();
                service.serves.dedup();
                for dependency in &mut service.depends {
                    depends(dependency)?;
                }
                assessed(&mut service.assessment)?;
                let rule = "a list of up to 200";
                for (field, count) in [
                    ("serves", service.serves.len()),
                    ("depends", service.depends.len()),
                    ("incidents", service.incidents.len()),
                ] {
                    if count > LIST_MAX {
                        return Err(Invalid { field, rule });
                    }
                }
            }
        }
        Ok(self)
    }
}
