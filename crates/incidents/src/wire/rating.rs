//! How severe others say an incident is.

use std::collections::BTreeMap;

use kernel::{Country, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    model::{Dated, Invalid, Line},
    severity::{Category, Nciss, Nis2, Rated, Rating, Scale, Stated, Verdict, YesNo},
};

/// What somebody says of the severity by another scale: `nciss` with its answers, `nis2` with its two,
/// and each other scale with a `value`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::RatingBody)]
pub struct RatingBody {
    /// The scale.
    pub scale: Scale,
    /// What the scale is called, where it is `own`.
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// The value: 0 to 5 for `cisss`, 1 to 6 for `ncsc`, words for `own`.
    #[schema(max_length = 100)]
    pub value: Option<String>,
    /// The answer in each of the eight categories.
    #[schema(value_type = Option<Object>)]
    pub nciss: Option<BTreeMap<String, String>>,
    /// The two answers of the test.
    pub nis2: Option<Nis2Body>,
    /// What that comes to: the score and level of `nciss`, the verdict of `nis2`. Written by the
    /// program; ignored in requests.
    #[serde(default)]
    pub result: Option<String>,
    /// The authority, delegation or organisation that said so; never a person.
    #[schema(max_length = 200)]
    pub said_by: String,
    /// The State, where a State said so.
    #[schema(value_type = Option<String>)]
    pub country: Option<Country>,
    /// When it was said.
    #[schema(value_type = Option<String>)]
    pub at: Option<Dated>,
    /// Where it stands.
    #[schema(max_length = 200)]
    pub source: Option<String>,
    /// What the reader should know of it.
    #[schema(max_length = 1_000)]
    pub note: Option<String>,
    /// Who entered it. Written by the program; ignored in requests.
    #[serde(default)]
    pub by: Option<String>,
    /// When. Written by the program; ignored in requests.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub entered_at: Option<Timestamp>,
}

/// The test of a significant incident, Directive (EU) 2022/2555, article 23(3).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::Nis2Body)]
pub struct Nis2Body {
    /// It caused, or can cause, severe operational disruption or financial loss (a).
    pub disruption: YesNo,
    /// It caused, or can cause, considerable damage to others (b).
    pub damage: YesNo,
}

fn text<const MAX: usize>(line: Option<&Line<MAX>>) -> Option<String> {
    line.map(ToString::to_string)
}

impl RatingBody {
    fn rating(&self) -> Result<Rating, Invalid> {
        let alone = match self.scale {
            Scale::Nciss => self.value.is_none() && self.nis2.is_none(),
            Scale::Nis2 => self.value.is_none() && self.nciss.is_none(),
            Scale::Cisss | Scale::Ncsc | Scale::Own => self.nciss.is_none() && self.nis2.is_none(),
        };
        if !alone {
            return Err(Invalid {
                field: "scale",
                rule: "stands with its own answers, and with no others",
            });
        }
        let missing = |field| Invalid {
            field,
            rule: "the answers of this scale",
        };
        match self.scale {
            Scale::Nciss => {
                let answers = self.nciss.as_ref().ok_or_else(|| missing("nciss"))?;
                for name in answers.keys() {
                    name.parse::<Category>()
                        .map_err(|broken| broken.at("nciss"))?;
                }
                let answer = |one: Category| answers.get(one.as_str()).map_or("", String::as_str);
                Nciss::new(answer).map(Rating::Nciss)
            }
            Scale::Nis2 => {
                let test = self.nis2.ok_or_else(|| missing("nis2"))?;
                Ok(Rating::Nis2(Nis2 {
                    disruption: test.disruption,
                    damage: test.damage,
                }))
            }
            Scale::Cisss | Scale::Ncsc | Scale::Own => {
                let value = self.value.as_deref().ok_or_else(|| missing("value"))?;
                Rating::read(self.scale, self.name.as_deref(), value)
            }
        }
    }
}

impl TryFrom<RatingBody> for Stated {
    type Error = Invalid;

    fn try_from(body: RatingBody) -> Result<Self, Invalid> {
        Ok(Self {
            rating: body.rating()?,
            said_by: Line::required(&body.said_by, "said_by")?,
            country: body.country,
            at: body.at,
            source: Line::optional(body.source.as_deref(), "source")?,
            note: Line::optional(body.note.as_deref(), "note")?,
        })
    }
}

impl TryFrom<RatingBody> for Rated {
    type Error = Invalid;

    fn try_from(body: RatingBody) -> Result<Self, Invalid> {
        let missing = |field| Invalid {
            field,
            rule: "who entered it, and when",
        };
        let by = body.by.as_deref().ok_or_else(|| missing("by"))?.parse()?;
        let entered_at = body.entered_at.ok_or_else(|| missing("entered_at"))?;
        Ok(Self {
            stated: body.try_into()?,
            by,
            entered_at,
        })
    }
}

impl From<&Rated> for RatingBody {
    fn from(rated: &Rated) -> Self {
        let stated = &rated.stated;
        let (mut value, mut nciss, mut nis2, mut result) = (None, None, None, None);
        match &stated.rating {
            Rating::Nciss(rating) => {
                let answers = rating.answers();
                let answers = answers.map(|(category, choice)| {
                    (category.as_str().to_owned(), choice.word.to_owned())
                });
                nciss = Some(answers.collect());
                result = Some(format!("{} {}", rating.score(), rating.band()));
            }
            Rating::Nis2(test) => {
                nis2 = Some(Nis2Body {
                    disruption: test.disruption,
                    damage: test.damage,
                });
                let verdict: Verdict = test.verdict();
                result = Some(verdict.to_string());
            }
            Rating::Cisss(_) | Rating::Ncsc(_) | Rating::Own { .. } => {
                value = Some(stated.rating.value());
            }
        }
        Self {
            scale: stated.rating.scale(),
            name: text(stated.rating.name()),
            value,
            nciss,
            nis2,
            result,
            said_by: stated.said_by.to_string(),
            country: stated.country,
            at: stated.at,
            source: text(stated.source.as_ref()),
            note: text(stated.note.as_ref()),
            by: Some(rated.by.as_str().to_owned()),
            entered_at: Some(rated.entered_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(scale: Scale) -> RatingBody {
        RatingBody {
            scale,
            name: None,
            value: None,
            nciss: None,
            nis2: None,
            result: None,
            said_by: "National authority".to_owned(),
            country: None,
            at: None,
            source: None,
            note: None,
            by: Some("user:a".to_owned()),
            entered_at: Some(Timestamp::from_micros(1_000_000)),
        }
    }

    #[test]
    fn a_rating_comes_back_with_what_it_comes_to() {
        let answers = [
            ("functional", "denial-critical-or-loss-of-control"),
            ("activity", "effect"),
            ("location", "critical-systems"),
            ("actor", "criminal"),
            ("information", "privacy"),
            ("recoverability", "supplemented"),
            ("dependency", "health"),
            ("potential", "high"),
        ];
        let answers = answers.map(|(name, word)| (name.to_owned(), word.to_owned()));
        let given = RatingBody {
            nciss: Some(answers.into()),
            ..body(Scale::Nciss)
        };
        let back = RatingBody::from(&Rated::try_from(given.clone()).unwrap());
        assert_eq!(back.result.as_deref(), Some("66.2 severe"));
        assert_eq!(
            back,
            RatingBody {
                result: back.result.clone(),
                ..given
            }
        );
    }

    #[test]
    fn answers_of_another_scale_are_refused() {
        let refused = |body: RatingBody| Stated::try_from(body).unwrap_err().field;
        assert_eq!(refused(body(Scale::Ncsc)), "value");
        assert_eq!(refused(body(Scale::Nciss)), "nciss");
        let both = RatingBody {
            value: Some("3".to_owned()),
            nis2: Some(Nis2Body {
                disruption: YesNo::Yes,
                damage: YesNo::No,
            }),
            ..body(Scale::Ncsc)
        };
        assert_eq!(refused(both), "scale");
        let strange = RatingBody {
            nciss: Some([("weather".to_owned(), "fog".to_owned())].into()),
            ..body(Scale::Nciss)
        };
        assert_eq!(refused(strange), "nciss");
    }
}
