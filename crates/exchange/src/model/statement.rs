//! What a person writes, whatever the kind.

use std::collections::BTreeSet;

use kernel::{IncidentRef, Pap, PartyCode};
use serde::Serialize;
use serde_json::Value;

use super::{
    Attribution, AttributionLevel, Confidence, Details, Evidence, Extra, FieldProblem, Kind,
    LanguageTag, Line, Norm, StatementError, Text, fields::Fields,
};

/// The sender's words: what all kinds have, and what this one asks for.
///
/// One is made from JSON only ([`Statement::read`]), so each that exists keeps the rules.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    /// What it is about, in a line.
    pub title: Line,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// The languages in which it is written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageTag>,
    /// The incidents that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<IncidentRef>,
    /// The sector concerned, by its NIS2 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<Line>,
    /// Whether critical infrastructure is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical_infrastructure: Option<bool>,
    /// Whether people's health is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<bool>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// How sure the sender is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Who the sender says did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attribution>,
    /// Who says himself that he did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<Line>,
    /// The norms cited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub norms: Vec<Norm>,
    /// What may be done with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pap: Option<Pap>,
    /// How it is to be handled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handling: Option<Text>,
    /// The law on which it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Text>,
    /// Where else the sender can be reached.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Line>,
    /// Who else takes part, as far as the sender shows it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<PartyCode>,
    /// What its kind asks for.
    pub details: Details,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Statement {
    /// Reads the words of a message of this kind, as a form or another program sends them.
    ///
    /// Of a message that arrived it is the `content` of the body.
    pub fn read(kind: Kind, value: Value) -> Result<Self, StatementError> {
        Self::read_fields(kind, Fields::new(value, "")?)
    }

    /// The `content` of the body.
    pub fn to_value(&self) -> Result<Value, StatementError> {
        serde_json::to_value(self)
            .map_err(|error| StatementError::new("", FieldProblem::Invalid(error.to_string())))
    }

    /// The kind of its message.
    pub const fn kind(&self) -> Kind {
        self.details.kind()
    }

    fn read_fields(kind: Kind, mut fields: Fields) -> Result<Self, StatementError> {
        let evidence = fields.list_of("evidence", 0..=100, Evidence::read)?;
        let ids: BTreeSet<&Line> = evidence.iter().map(|item| &item.id).collect();
        if ids.len() < evidence.len() {
            let problem = FieldProblem::Invalid("two items have one id".to_owned());
            return Err(StatementError::new("evidence", problem));
        }
        let details = match fields.object("details")? {
            Some(details) => Details::read(kind, details)?,
            None => return Err(StatementError::new("details", FieldProblem::Missing)),
        };
        let attribution = fields
            .object("attribution")?
            .map(|attribution| Attribution::read(attribution, &evidence))
            .transpose()?;
        let confidence = fields
            .object("confidence")?
            .map(Confidence::read)
            .transpose()?;
        let statement = Self {
            title: fields.required("title")?,
            text: fields.optional("text")?,
            languages: fields.list("languages", 0..=20)?,
            incidents: fields.list("incidents", 0..=100)?,
            sector: fields.optional("sector")?,
            critical_infrastructure: fields.optional("critical_infrastructure")?,
            health: fields.optional("health")?,
            evidence,
            confidence,
            attribution,
            claimed_by: fields.optional("claimed_by")?,
            norms: fields.list("norms", 0..=Norm::ALL.len())?,
            pap: fields.optional("pap")?,
            handling: fields.optional("handling")?,
            legal_basis: fields.optional("legal_basis")?,
            channels: fields.list("channels", 0..=20)?,
            participants: fields.list("participants", 0..=200)?,
            details,
            extra: fields.rest()?,
        };
        statement.agrees_with_itself()?;
        Ok(statement)
    }

    /// Nobody says "no attribution to a State is implied" and names a State.
    fn agrees_with_itself(&self) -> Result<(), StatementError> {
        let names_a_state = self
            .attribution
            .as_ref()
            .is_some_and(|attribution| attribution.level == AttributionLevel::State);
        let denies_it =
            matches!(&self.details, Details::NotifyOrig(notice) if notice.no_attribution_implied);
        if names_a_state && denies_it {
            let other = "details.no_attribution_implied";
            let problem = FieldProblem::Contradicts { other };
            return Err(StatementError::new("attribution.level", problem));
        }
        Ok(())
    }
}
