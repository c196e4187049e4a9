//! What somebody says of the severity by another scale: kept with who said it, beside ours.

use kernel::{Country, Timestamp};

use super::{Author, Cisss, Nciss, Ncsc, Nis2};
use crate::model::{Dated, Invalid, Line, words};

words! {
    /// A scale of others.
    Scale, "nciss, cisss, ncsc, nis2 or own", {
        /// National Cyber Incident Scoring System, United States.
        Nciss = "nciss",
        /// Cyber Incident Severity Schema, United States.
        Cisss = "cisss",
        /// Categories of the National Cyber Security Centre, United Kingdom.
        Ncsc = "ncsc",
        /// The test of a significant incident, Directive (EU) 2022/2555.
        Nis2 = "nis2",
        /// A scale of whoever says it, by its name.
        Own = "own",
    }
}

/// A value on a scale.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Rating {
    /// Answers in eight categories.
    Nciss(Nciss),
    /// A level.
    Cisss(Cisss),
    /// A category.
    Ncsc(Ncsc),
    /// Two answers.
    Nis2(Nis2),
    /// A level in the words of another scale, as stated.
    Own {
        /// What the scale is called.
        scale: Line<100>,
        /// The level.
        value: Line<100>,
    },
}

/// A rating, with who said it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stated {
    /// The value.
    pub rating: Rating,
    /// The authority, delegation or organisation that said so; never a person.
    pub said_by: Line<200>,
    /// The State, where a State said so.
    pub country: Option<Country>,
    /// When it was said.
    pub at: Option<Dated>,
    /// Where it stands.
    pub source: Option<Line<200>>,
    /// What the reader should know of it.
    pub note: Option<Line<1000>>,
}

/// A rating as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rated {
    /// What was said.
    pub stated: Stated,
    /// Who entered it.
    pub by: Author,
    /// When it was entered.
    pub entered_at: Timestamp,
}

impl Rating {
    /// The scale.
    pub const fn scale(&self) -> Scale {
        match self {
            Self::Nciss(_) => Scale::Nciss,
            Self::Cisss(_) => Scale::Cisss,
            Self::Ncsc(_) => Scale::Ncsc,
            Self::Nis2(_) => Scale::Nis2,
            Self::Own { .. } => Scale::Own,
        }
    }

    /// The name of a scale that has none here.
    pub fn name(&self) -> Option<&Line<100>> {
        match self {
            Self::Own { scale, .. } => Some(scale),
            Self::Nciss(_) | Self::Cisss(_) | Self::Ncsc(_) | Self::Nis2(_) => None,
        }
    }

    /// The value as text.
    pub fn value(&self) -> String {
        match self {
            Self::Nciss(nciss) => nciss.to_string(),
            Self::Cisss(level) => level.to_string(),
            Self::Ncsc(category) => category.to_string(),
            Self::Nis2(test) => test.to_string(),
            Self::Own { value, .. } => value.to_string(),
        }
    }

    /// The rating that was written as text.
    pub fn read(scale: Scale, name: Option<&str>, value: &str) -> Result<Self, Invalid> {
        if name.is_some() != (scale == Scale::Own) {
            return Err(Invalid {
                field: "name",
                rule: "names a scale of one's own, and no other",
            });
        }
        Ok(match scale {
            Scale::Nciss => Self::Nciss(value.parse()?),
            Scale::Cisss => Self::Cisss(value.parse()?),
            Scale::Ncsc => Self::Ncsc(value.parse()?),
            Scale::Nis2 => Self::Nis2(value.parse()?),
            Scale::Own => Self::Own {
                scale: Line::required(name.unwrap_or_default(), "name")?,
                value: Line::required(value, "value")?,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_read_as_it_was_written() {
        for (scale, name, value) in [
            (Scale::Cisss, None, "4"),
            (Scale::Ncsc, None, "2"),
            (Scale::Nis2, None, "yes unknown"),
            (Scale::Own, Some("Echelle"), "niveau 3"),
        ] {
            let rating = Rating::read(scale, name, value).unwrap();
            assert_eq!((rating.scale(), rating.value().as_str()), (scale, value));
            assert_eq!(rating.name().map(Line::as_str), name);
        }
    }

    #[test]
    fn only_a_scale_of_ones_own_is_named() {
        assert_eq!(
            Rating::read(Scale::Own, None, "3").unwrap_err().field,
            "name"
        );
        assert_eq!(
            Rating::read(Scale::Ncsc, Some("X"), "3").unwrap_err().field,
            "name"
        );
        assert_eq!(
            Rating::read(Scale::Own, Some(" "), "3").unwrap_err().field,
            "name"
        );
        assert_eq!(
            Rating::read(Scale::Ncsc, None, "7").unwrap_err().field,
            "value"
        );
    }
}
