//! How severe an incident is, as it was judged and as it is computed. Numbers are decimal text with
//! one place.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    model::{Invalid, Line},
    severity::{
        Assessment, Cisss, Factor, FloorRule, Judgement, Level, Opinion, Points, Proposal, Severity,
    },
};

/// An assessment of the severity, to be kept. A factor that is left out, or has no points, is not
/// known.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::AssessBody)]
pub struct AssessBody {
    /// How many assessments the entry has as far as the caller knows; if it has others, the answer
    /// is 409.
    pub known: usize,
    /// What is thought of each factor.
    #[schema(max_items = 9)]
    pub factors: Vec<OpinionBody>,
    /// Whether a state of emergency was declared.
    #[serde(default)]
    pub emergency: bool,
    /// What the reader should know of it.
    #[schema(max_length = 1_000)]
    pub note: Option<String>,
}

/// What is thought of a factor.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::OpinionBody)]
pub struct OpinionBody {
    /// The factor.
    pub factor: Factor,
    /// 0 to 4; null where it is not known.
    #[schema(maximum = 4)]
    pub points: Option<u8>,
    /// Why; points stand with their reason.
    #[schema(max_length = 1_000)]
    pub reason: Option<String>,
    /// What it rests on: `document: ` with the place in it, `file: ` with the SHA-256 of an attachment,
    /// `link: ` with kind and target of a link of the entry.
    #[serde(default)]
    #[schema(max_items = 10, example = json!(["document: S/PV.9779, line 117"]))]
    pub evidence: Vec<String>,
}

/// An assessment as it is kept.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::AssessmentBody)]
pub struct AssessmentBody {
    /// What was judged, factor by factor.
    pub factors: Vec<FactorBody>,
    /// Whether a state of emergency was declared.
    pub emergency: bool,
    /// What the reader should know of it.
    pub note: Option<String>,
    /// Who made it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// What was judged of a factor.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::FactorBody)]
pub struct FactorBody {
    /// The factor.
    pub factor: Factor,
    /// 0 to 4; null where it is not known.
    pub points: Option<u8>,
    /// Why.
    pub reason: Option<String>,
    /// What it rests on.
    pub evidence: Vec<String>,
    /// Who judged it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// What an assessment comes to, by the method SEV-1.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::SeverityBody)]
pub struct SeverityBody {
    /// What the known factors come to by themselves, 0 to 100; null where none is known.
    #[schema(example = "52.9")]
    pub point: Option<String>,
    /// The least that it can come to, whatever the unknown factors are.
    pub low: String,
    /// The most.
    pub high: String,
    /// The level of the point with the floors, 0 to 5; null where no factor is known.
    pub level: Option<u8>,
    /// The level of the least.
    pub lowest: u8,
    /// The level of the most.
    pub highest: u8,
    /// How much of the whole weight was judged, in per cent.
    pub coverage: String,
    /// The floors that hold.
    pub floors: Vec<FloorBody>,
    /// What each factor adds. Attribution weighs nothing.
    pub contributions: Vec<ContributionBody>,
    /// The single factors that would move the level.
    pub changes: Vec<ChangeBody>,
    /// What the level corresponds to elsewhere; null where there is no level. It never takes the
    /// place of what somebody stated.
    pub crosswalk: Option<CrosswalkBody>,
}

/// Why the level cannot be lower.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::FloorBody)]
pub struct FloorBody {
    /// The rule.
    pub rule: FloorRule,
    /// The level that it holds up.
    pub level: u8,
    /// True where the points alone would have come to less.
    pub raises: bool,
}

/// What a known factor adds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::ContributionBody)]
pub struct ContributionBody {
    /// The factor.
    pub factor: Factor,
    /// What it counts for.
    pub weight: u16,
    /// What it adds, of 100.
    pub adds: String,
}

/// A factor that would move the level.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::ChangeBody)]
pub struct ChangeBody {
    /// The factor.
    pub factor: Factor,
    /// Its points now; null where they are not known.
    pub from: Option<u8>,
    /// The nearest points that move the level.
    pub to: u8,
    /// Where the level would be.
    pub level: u8,
}

/// What a level corresponds to elsewhere.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = incidents::CrosswalkBody)]
pub struct CrosswalkBody {
    /// Categories of the National Cyber Security Centre of the United Kingdom.
    pub ncsc: Vec<u8>,
    /// The level of the Cyber Incident Severity Schema of the United States.
    pub cisss: Option<u8>,
}

fn text<const MAX: usize>(line: Option<&Line<MAX>>) -> Option<String> {
    line.map(ToString::to_string)
}

fn opinion(
    factor: Factor,
    points: Option<u8>,
    reason: Option<&str>,
    evidence: &[String],
) -> Result<Opinion, Invalid> {
    let here = |broken: Invalid| broken.at(factor.as_str());
    let evidence = evidence.iter().map(|one| one.parse());
    Ok(Opinion {
        points: points.map(Points::new).transpose().map_err(here)?,
        reason: Line::optional(reason, factor.as_str())?,
        evidence: evidence.collect::<Result<_, _>>().map_err(here)?,
    })
}

const ONCE: &str = "each factor once";

impl TryFrom<AssessBody> for Proposal {
    type Error = Invalid;

    fn try_from(body: AssessBody) -> Result<Self, Invalid> {
        let mut opinions = BTreeMap::new();
        for one in body.factors {
            let factor = one.factor;
            let read = opinion(factor, one.points, one.reason.as_deref(), &one.evidence)?;
            if opinions.insert(factor, read).is_some() {
                let field = factor.as_str();
                return Err(Invalid { field, rule: ONCE });
            }
        }
        Ok(Self {
            opinions,
            emergency: body.emergency,
            note: Line::optional(body.note.as_deref(), "note")?,
        })
    }
}

impl From<&Assessment> for AssessmentBody {
    fn from(assessment: &Assessment) -> Self {
        let factors = assessment.judgements.iter();
        let factors = factors.map(|(&factor, judgement)| FactorBody {
            factor,
            points: judgement.opinion.points.map(Points::number),
            reason: text(judgement.opinion.reason.as_ref()),
            evidence: judgement
                .opinion
                .evidence
                .iter()
                .map(ToString::to_string)
                .collect(),
            by: judgement.by.as_str().to_owned(),
            at: judgement.at,
        });
        Self {
            factors: factors.collect(),
            emergency: assessment.emergency,
            note: text(assessment.note.as_ref()),
            by: assessment.by.as_str().to_owned(),
            at: assessment.at,
        }
    }
}

impl TryFrom<AssessmentBody> for Assessment {
    type Error = Invalid;

    fn try_from(body: AssessmentBody) -> Result<Self, Invalid> {
        let mut judgements = BTreeMap::new();
        for one in body.factors {
            let factor = one.factor;
            let judgement = Judgement {
                opinion: opinion(factor, one.points, one.reason.as_deref(), &one.evidence)?,
                by: one.by.parse()?,
                at: one.at,
            };
            if judgements.insert(factor, judgement).is_some() {
                let field = factor.as_str();
                return Err(Invalid { field, rule: ONCE });
            }
        }
        let assessment = Self {
            judgements,
            emergency: body.emergency,
            note: Line::optional(body.note.as_deref(), "note")?,
            by: body.by.parse()?,
            at: body.at,
        };
        assessment.checked()
    }
}

impl From<&Severity> for SeverityBody {
    fn from(severity: &Severity) -> Self {
        let floors = severity.floors.iter().map(|floor| FloorBody {
            rule: floor.rule,
            level: floor.level.number(),
            raises: floor.raises,
        });
        let contributions = severity.contributions.iter();
        let contributions = contributions.map(|(&factor, adds)| ContributionBody {
            factor,
            weight: factor.weight(),
            adds: adds.to_string(),
        });
        let changes = severity.changes.iter().map(|change| ChangeBody {
            factor: change.factor,
            from: change.from.map(Points::number),
            to: change.to.number(),
            level: change.level.number(),
        });
        Self {
            point: severity.point.map(|point| point.to_string()),
            low: severity.low.to_string(),
            high: severity.high.to_string(),
            level: severity.level.map(Level::number),
            lowest: severity.lowest.number(),
            highest: severity.highest.number(),
            coverage: severity.coverage.to_string(),
            floors: floors.collect(),
            contributions: contributions.collect(),
            changes: changes.collect(),
            crosswalk: severity.level.map(|level| CrosswalkBody {
                ncsc: level.ncsc().iter().map(|one| one.number()).collect(),
                cisss: level.cisss().map(Cisss::number),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_judged_once() {
        let one = OpinionBody {
            factor: Factor::People,
            points: None,
            reason: None,
            evidence: Vec::new(),
        };
        let twice = AssessBody {
            known: 0,
            factors: vec![one.clone(), one],
            emergency: false,
            note: None,
        };
        assert_eq!(Proposal::try_from(twice).unwrap_err().field, "F3");
    }
}
