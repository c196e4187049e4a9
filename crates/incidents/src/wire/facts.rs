//! What is known of an incident.

use kernel::{Country, Pap, Tlp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{
    Dated, Determination, Facts, Invalid, Kind, Line, Period, Prose, RSIT_VERSION, Rsit, Sector,
};

/// What is known of an incident, as an editor states it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::FactsBody)]
pub struct FactsBody {
    /// One event or a series.
    pub kind: Kind,
    /// What it is called; up to 200 characters.
    #[schema(max_length = 200)]
    pub title: String,
    /// What happened; up to 20,000 characters.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    pub description: String,
    /// The States concerned, by their two-letter codes.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 205, example = json!(["IE"]))]
    pub victims: Vec<Country>,
    /// True where it reached more States than a list could name.
    #[serde(default)]
    pub worldwide: bool,
    /// Who was hit; up to 300 characters.
    #[schema(max_length = 300)]
    pub organisation: Option<String>,
    /// Sectors by their NIS2 codes.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["health"]))]
    pub sectors: Vec<Sector>,
    /// The sector in the reporter's words.
    #[schema(max_length = 200)]
    pub sector_text: Option<String>,
    /// Class of the Reference Security Incident Taxonomy, with its type where that is known.
    #[schema(value_type = Option<String>, example = "availability/ddos")]
    pub rsit: Option<Rsit>,
    /// The version of that taxonomy. Written by the program; ignored in requests.
    #[serde(default)]
    pub rsit_version: Option<String>,
    /// When it happened.
    #[serde(default)]
    pub period: PeriodBody,
    /// When it was noticed.
    #[schema(value_type = Option<String>, example = "2024-05-08")]
    pub detected: Option<Dated>,
    /// When the register heard of it.
    #[schema(value_type = Option<String>, example = "2024-05-08T10:30Z")]
    pub reported: Option<Dated>,
    /// How sure it is.
    pub determination: Determination,
    /// Who may know of it; AMBER+STRICT where it is absent.
    #[serde(default)]
    #[schema(value_type = String, example = "AMBER+STRICT")]
    pub tlp: Tlp,
    /// What may be done with it.
    #[schema(value_type = Option<String>)]
    pub pap: Option<Pap>,
    /// The users who may read it while it is RED; whoever marks it is added.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub named: Vec<UserId>,
    /// Whether it touches more than one State; null where that is not known.
    pub cross_border: Option<bool>,
}

/// When something happened. `to` without `from` is "not later than"; `from` without `to` is "still
/// going on when it was told".
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::PeriodBody)]
pub struct PeriodBody {
    /// When it began.
    #[schema(value_type = Option<String>, example = "2024-05-08")]
    pub from: Option<Dated>,
    /// When it ended.
    #[schema(value_type = Option<String>, example = "2024-06")]
    pub to: Option<Dated>,
    /// The period in the words of the source.
    #[schema(max_length = 200)]
    pub text: Option<String>,
}

impl From<&Facts> for FactsBody {
    fn from(facts: &Facts) -> Self {
        Self {
            kind: facts.kind,
            title: facts.title.to_string(),
            description: facts.description.to_string(),
            victims: facts.victims.clone(),
            worldwide: facts.worldwide,
            organisation: facts.organisation.as_ref().map(ToString::to_string),
            sectors: facts.sectors.clone(),
            sector_text: facts.sector_text.as_ref().map(ToString::to_string),
            rsit: facts.rsit,
            rsit_version: facts.rsit.map(|_| RSIT_VERSION.to_owned()),
            period: PeriodBody::from(&facts.period),
            detected: facts.detected,
            reported: facts.reported,
            determination: facts.determination,
            tlp: facts.tlp,
            pap: facts.pap,
            named: facts.named.clone(),
            cross_border: facts.cross_border,
        }
    }
}

impl TryFrom<FactsBody> for Facts {
    type Error = Invalid;

    fn try_from(body: FactsBody) -> Result<Self, Invalid> {
        Ok(Self {
            kind: body.kind,
            title: Line::required(&body.title, "title")?,
            description: body.description.parse::<Prose>()?,
            victims: body.victims,
            worldwide: body.worldwide,
            organisation: Line::optional(body.organisation.as_deref(), "organisation")?,
            sectors: body.sectors,
            sector_text: Line::optional(body.sector_text.as_deref(), "sector_text")?,
            rsit: body.rsit,
            period: body.period.try_into()?,
            detected: body.detected,
            reported: body.reported,
            determination: body.determination,
            tlp: body.tlp,
            pap: body.pap,
            named: body.named,
            cross_border: body.cross_border,
        })
    }
}

impl From<&Period> for PeriodBody {
    fn from(period: &Period) -> Self {
        Self {
            from: period.from(),
            to: period.to(),
            text: period.text().map(str::to_owned),
        }
    }
}

impl TryFrom<PeriodBody> for Period {
    type Error = Invalid;

    fn try_from(body: PeriodBody) -> Result<Self, Invalid> {
        Self::new(
            body.from,
            body.to,
            Line::optional(body.text.as_deref(), "period.text")?,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped;

    #[test]
    fn facts_round_trip() {
        for one in shipped::all().unwrap() {
            let sent = serde_json::to_string(&FactsBody::from(&one.facts)).unwrap();
            let read: FactsBody = serde_json::from_str(&sent).unwrap();
            assert_eq!(Facts::try_from(read).unwrap(), one.facts);
        }
    }

    #[test]
    fn unmarked_is_amber_strict() {
        let sent = r#"{"kind": "incident", "title": "A", "determination": "suspected"}"#;
        let read: FactsBody = serde_json::from_str(sent).unwrap();
        assert_eq!(read.tlp, Tlp::AmberStrict);
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let sent =
            r#"{"kind": "incident", "title": "A", "determination": "suspected", "tpl": "RED"}"#;
        assert!(serde_json::from_str::<FactsBody>(sent).is_err());
    }
}
