//! Classes of incidents as the JSON interface has them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    model::Invalid,
    taxonomy::{Class, Relation, Suggestion},
};

/// A class of an incident.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ClassBody)]
pub struct ClassBody {
    /// The taxonomy.
    #[schema(example = "enterprise-attack")]
    pub taxonomy: String,
    /// Its version when the class was given.
    #[schema(example = "18.1")]
    pub version: String,
    /// The class.
    #[schema(example = "T1566.001")]
    pub code: String,
    /// It in words, as that version has it. What a request says here is ignored.
    pub name: Option<String>,
}

/// Which class is meant.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ClassQuery {
    /// The taxonomy.
    pub taxonomy: String,
    /// Its version.
    pub version: String,
    /// The class.
    pub code: String,
}

/// A class that a cross-walk leads to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SuggestionBody)]
pub struct SuggestionBody {
    /// The class, which the incident does not have.
    pub class: ClassBody,
    /// The class of the incident from which it follows.
    pub from: ClassBody,
    /// How the two stand to each other.
    pub relation: Relation,
    /// The cross-walk that says so.
    pub crosswalk: String,
    /// Its version.
    pub crosswalk_version: String,
    /// Where that is from.
    pub source: Option<String>,
    /// What it says of the two.
    pub note: Option<String>,
}

/// The classes that cross-walks lead to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SuggestionsBody)]
pub struct SuggestionsBody {
    /// Them, at most 50. None is applied by itself.
    pub items: Vec<SuggestionBody>,
}

impl From<&Class> for ClassBody {
    fn from(class: &Class) -> Self {
        Self {
            taxonomy: class.taxonomy.to_string(),
            version: class.version.to_string(),
            code: class.code.to_string(),
            name: Some(class.name.to_string()),
        }
    }
}

impl TryFrom<ClassBody> for Class {
    type Error = Invalid;

    fn try_from(body: ClassBody) -> Result<Self, Invalid> {
        let at = |field: &'static str| move |broken: Invalid| broken.at(field);
        let name = body.name.as_deref().unwrap_or(&body.code);
        Ok(Self {
            taxonomy: body.taxonomy.parse().map_err(at("classes.taxonomy"))?,
            version: body.version.parse().map_err(at("classes.version"))?,
            code: body.code.parse().map_err(at("classes.code"))?,
            name: name.parse().map_err(at("classes.name"))?,
        })
    }
}

impl From<&Suggestion> for SuggestionBody {
    fn from(one: &Suggestion) -> Self {
        Self {
            class: ClassBody::from(&one.class),
            from: ClassBody::from(&one.from),
            relation: one.relation,
            crosswalk: one.walk.0.to_string(),
            crosswalk_version: one.walk.1.to_string(),
            source: one.source.clone(),
            note: one.note.clone(),
        }
    }
}
