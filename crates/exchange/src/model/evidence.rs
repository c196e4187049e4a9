//! Evidence, how sure one is, and who is said to have done it.

use kernel::Timestamp;
use seal::Digest;
use serde::Serialize;
use serde_json::Value;

use super::{Extra, FieldProblem, Line, StatementError, Text, codes::codes, fields::Fields};

codes! {
    /// How reliable a source is (Admiralty code).
    pub enum Reliability {
        /// Completely reliable.
        A = "A",
        /// Usually reliable.
        B = "B",
        /// Fairly reliable.
        C = "C",
        /// Not usually reliable.
        D = "D",
        /// Unreliable.
        E = "E",
        /// Cannot be judged.
        F = "F",
    }

    /// How credible information is (Admiralty code).
    pub enum Credibility {
        /// Confirmed by others.
        Confirmed = "1",
        /// Probably true.
        Probable = "2",
        /// Possibly true.
        Possible = "3",
        /// Doubtful.
        Doubtful = "4",
        /// Improbable.
        Improbable = "5",
        /// Cannot be judged.
        Unjudged = "6",
    }

    /// How likely something is (ICD 203).
    pub enum Likelihood {
        /// 1 to 5 per cent.
        AlmostNoChance = "almost_no_chance",
        /// 5 to 20 per cent.
        VeryUnlikely = "very_unlikely",
        /// 20 to 45 per cent.
        Unlikely = "unlikely",
        /// 45 to 55 per cent.
        RoughlyEven = "roughly_even",
        /// 55 to 80 per cent.
        Likely = "likely",
        /// 80 to 95 per cent.
        VeryLikely = "very_likely",
        /// 95 to 99 per cent.
        AlmostCertain = "almost_certain",
    }

    /// How much the analysis bears (ICD 203). Never to be mixed with the likelihood.
    pub enum AnalyticConfidence {
        /// Low.
        Low = "low",
        /// Moderate.
        Moderate = "moderate",
        /// High.
        High = "high",
    }

    /// How far an attribution goes.
    pub enum AttributionLevel {
        /// A cluster of activity with technical traits in common.
        TechnicalCluster = "technical_cluster",
        /// An actor by name.
        NamedActor = "named_actor",
        /// A State.
        State = "state",
    }
}

/// One piece of evidence, which may be attached, or only named by its digest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// How the message refers to it.
    pub id: Line,
    /// What it is: a disk image, a log, a statement.
    pub kind: Line,
    /// SHA-256 of it.
    pub sha256: Digest,
    /// When it was collected.
    pub collected_at: Timestamp,
    /// By whom.
    pub collector: Line,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Text>,
    /// Who has had it since.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Custody>,
    /// How reliable the source is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reliability: Option<Reliability>,
    /// How credible the information is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credibility: Option<Credibility>,
    /// What may not be done with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<Text>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A step of the chain of custody.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Custody {
    /// Who.
    pub who: Line,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub action: Line,
    /// SHA-256 afterwards.
    pub sha256: Digest,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How sure the sender is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confidence {
    /// How likely it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Likelihood>,
    /// How much the analysis bears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analytic: Option<AnalyticConfidence>,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Who the sender says did it. Who claims to have done it is another field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attribution {
    /// How far it goes.
    pub level: AttributionLevel,
    /// To whom.
    pub subject: Line,
    /// The reasons.
    pub basis: Vec<Text>,
    /// The ids of the evidence that it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Line>,
    /// What else could explain the facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternative_hypothesis: Option<Text>,
    /// The authority that approved it, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<Line>,
    /// Whether the sender means to publish it.
    pub publish: bool,
    /// Unknown fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Evidence {
    pub(super) fn read(value: Value, path: &str) -> Result<Self, StatementError> {
        let mut fields = Fields::new(value, path)?;
        Ok(Self {
            id: fields.required("id")?,
            kind: fields.required("kind")?,
            sha256: fields.required("sha256")?,
            collected_at: fields.required("collected_at")?,
            collector: fields.required("collector")?,
            method: fields.optional("method")?,
            chain: fields.list_of("chain", 0..=100, Custody::read)?,
            reliability: fields.optional("reliability")?,
            credibility: fields.optional("credibility")?,
            restrictions: fields.optional("restrictions")?,
            extra: fields.rest()?,
        })
    }
}

impl Custody {
    fn read(value: Value, path: &str) -> Result<Self, StatementError> {
        let mut fields = Fields::new(value, path)?;
        Ok(Self {
            who: fields.required("who")?,
            at: fields.required("at")?,
            action: fields.required("action")?,
            sha256: fields.required("sha256")?,
            extra: fields.rest()?,
        })
    }
}

impl Confidence {
    pub(super) fn read(mut fields: Fields) -> Result<Self, StatementError> {
        Ok(Self {
            likelihood: fields.optional("likelihood")?,
            analytic: fields.optional("analytic")?,
            extra: fields.rest()?,
        })
    }
}

impl Attribution {
    /// Reads it and holds it against the evidence of the same message: what goes beyond a technical
    /// cluster needs two pieces of evidence of different content and from different collectors, an
    /// alternative hypothesis, and a named authority that approved it.
    pub(super) fn read(mut fields: Fields, listed: &[Evidence]) -> Result<Self, StatementError> {
        let [evidence_path, alternative_path, approved_path] =
            ["evidence", "alternative_hypothesis", "approved_by"].map(|name| fields.path(name));
        let attribution = Self {
            level: fields.required("level")?,
            subject: fields.required("subject")?,
            basis: fields.list("basis", 1..=20)?,
            evidence: fields.list("evidence", 0..=100)?,
            alternative_hypothesis: fields.optional("alternative_hypothesis")?,
            approved_by: fields.optional("approved_by")?,
            publish: fields.optional("publish")?.unwrap_or(false),
            extra: fields.rest()?,
        };
        let rests_on: Vec<&Evidence> = attribution
            .evidence
            .iter()
            .filter_map(|id| listed.iter().find(|item| item.id == *id))
            .collect();
        if rests_on.len() < attribution.evidence.len() {
            return Err(StatementError::new(
                evidence_path,
                FieldProblem::UnknownEvidence,
            ));
        }
        if attribution.level == AttributionLevel::TechnicalCluster {
            return Ok(attribution);
        }
        let independent = rests_on.iter().any(|one| {
            rests_on
                .iter()
                .any(|other| one.sha256 != other.sha256 && one.collector != other.collector)
        });
        if !independent {
            return Err(StatementError::new(
                evidence_path,
                FieldProblem::Unsubstantiated,
            ));
        }
        if attribution.alternative_hypothesis.is_none() {
            return Err(StatementError::new(alternative_path, FieldProblem::Missing));
        }
        if attribution.approved_by.is_none() {
            return Err(StatementError::new(approved_path, FieldProblem::Missing));
        }
        Ok(attribution)
    }
}
