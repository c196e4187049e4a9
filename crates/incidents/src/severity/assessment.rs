//! Assessments: what was judged of each factor, why, and by whom.

use std::collections::BTreeMap;

use kernel::Timestamp;

use super::{EVIDENCE_MAX, Factor, Picture, Points, Severity};
use crate::model::{Attachment, Facts, Invalid, Line, Link};

/// The longest label of an author, in bytes.
const AUTHOR_BYTES_MAX: usize = 200;

/// What a judgement rests on. Text form: `document: S/PV.9779, line 117`, `file: ` and the SHA-256 of
/// an attachment, `link: ` with the kind of a link and its target.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Evidence {
    /// A document, with the place in it.
    Document(Line<200>),
    /// An attachment of the entry.
    File([u8; 32]),
    /// Something that the entry is linked to.
    Link(crate::model::LinkKind, Line<200>),
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Document(place) => write!(f, "document: {place}"),
            Self::File(sha256) => write!(f, "file: {}", kernel::hex(sha256)),
            Self::Link(kind, target) => write!(f, "link: {kind} {target}"),
        }
    }
}

impl std::str::FromStr for Evidence {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        const FIELD: &str = "evidence";
        let invalid = Invalid {
            field: FIELD,
            rule: "document: with its place, file: with a SHA-256, or link: with kind and target",
        };
        let (kind, rest) = text.split_once(':').ok_or_else(|| invalid.clone())?;
        let rest = rest.trim();
        match kind.trim() {
            "document" => Line::required(rest, FIELD).map(Self::Document),
            "file" => crate::wire::digest(rest)
                .map(Self::File)
                .map_err(|broken| broken.at(FIELD)),
            "link" => {
                let (kind, target) = rest.split_once(' ').ok_or(invalid)?;
                let kind = kind.parse().map_err(|broken: Invalid| broken.at(FIELD))?;
                Ok(Self::Link(kind, Line::required(target, FIELD)?))
            }
            _ => Err(invalid),
        }
    }
}

impl Evidence {
    /// True where it is something outside the entry, or belongs to it.
    fn is_there(&self, links: &[Link], files: &[Attachment]) -> bool {
        match self {
            Self::Document(_) => true,
            Self::File(sha256) => files.iter().any(|file| file.sha256 == *sha256),
            Self::Link(kind, target) => links
                .iter()
                .any(|link| link.kind == *kind && link.target == *target),
        }
    }
}

/// Who judged, as the ledger of acts names him, such as `user:amina`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Author(String);

impl Author {
    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Author {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let fits = (1..=AUTHOR_BYTES_MAX).contains(&text.len());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid {
                field: "by",
                rule: "who judged, in 1 to 200 bytes",
            })
        }
    }
}

/// What somebody thinks of a factor, before it is kept.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Opinion {
    /// The points; nothing where they are not known.
    pub points: Option<Points>,
    /// Why.
    pub reason: Option<Line<1000>>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// What was judged of a factor, by whom and when.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judgement {
    /// What was judged.
    pub opinion: Opinion,
    /// By whom.
    pub by: Author,
    /// When.
    pub at: Timestamp,
}

/// What somebody thinks of an incident, before it is kept.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Proposal {
    /// The factors of which anything is said.
    pub opinions: BTreeMap<Factor, Opinion>,
    /// Whether a state of emergency was declared.
    pub emergency: bool,
    /// What the reader should know of it.
    pub note: Option<Line<1000>>,
}

/// An assessment as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Assessment {
    /// The factors of which anything is said; the others are not known.
    pub judgements: BTreeMap<Factor, Judgement>,
    /// Whether a state of emergency was declared.
    pub emergency: bool,
    /// What the reader should know of it.
    pub note: Option<Line<1000>>,
    /// Who made it.
    pub by: Author,
    /// When.
    pub at: Timestamp,
}

impl Opinion {
    /// True where nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The opinion, if it gives the reason of its points and does not rest on too much.
    fn checked(&self, factor: Factor) -> Result<(), Invalid> {
        if self.points.is_some() && self.reason.is_none() {
            return Err(Invalid {
                field: factor.as_str(),
                rule: "points stand with their reason",
            });
        }
        if self.evidence.len() > EVIDENCE_MAX {
            return Err(Invalid {
                field: factor.as_str(),
                rule: "rests on at most 10 pieces of evidence",
            });
        }
        Ok(())
    }
}

impl Proposal {
    /// The assessment that it makes. What is as it was keeps who judged it and when.
    pub fn assessed(
        self,
        before: Option<&Assessment>,
        by: Author,
        at: Timestamp,
    ) -> Result<Assessment, Invalid> {
        let mut judgements = BTreeMap::new();
        for (factor, opinion) in self.opinions {
            opinion.checked(factor)?;
            if opinion.is_empty() {
                continue;
            }
            let kept = before
                .and_then(|before| before.judgements.get(&factor))
                .filter(|judgement| judgement.opinion == opinion)
                .cloned();
            let judgement = kept.unwrap_or_else(|| Judgement {
                opinion,
                by: by.clone(),
                at,
            });
            judgements.insert(factor, judgement);
        }
        Ok(Assessment {
            judgements,
            emergency: self.emergency,
            note: self.note,
            by,
            at,
        })
    }
}

impl Assessment {
    /// The assessment, as far as it follows the rules of each factor.
    pub fn checked(self) -> Result<Self, Invalid> {
        for (&factor, judgement) in &self.judgements {
            judgement.opinion.checked(factor)?;
        }
        Ok(self)
    }

    /// That all it rests on belongs to the entry, or stands outside of it.
    pub fn stands_on(&self, links: &[Link], files: &[Attachment]) -> Result<(), Invalid> {
        let astray = self.judgements.iter().find(|(_, judgement)| {
            let mut evidence = judgement.opinion.evidence.iter();
            evidence.any(|one| !one.is_there(links, files))
        });
        astray.map_or(Ok(()), |(factor, _)| {
            Err(Invalid {
                field: factor.as_str(),
                rule: "rests on files and links of this incident, or on documents",
            })
        })
    }

    /// How severe that is for an entry with these facts.
    pub fn severity(&self, facts: &Facts) -> Severity {
        let known = self.judgements.iter().filter_map(|(&factor, judgement)| {
            let points = judgement.opinion.points?;
            Some((factor, points))
        });
        let picture = Picture {
            known: known.collect(),
            emergency: self.emergency,
            health: facts
                .sectors
                .iter()
                .any(|sector| sector.as_str() == "health"),
        };
        picture.severity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opinion(points: u8, reason: &str) -> Opinion {
        Opinion {
            points: Some(Points::new(points).unwrap()),
            reason: Line::optional(Some(reason), "reason").unwrap(),
            evidence: vec!["document: S/PV.9779, line 117".parse().unwrap()],
        }
    }

    fn proposal(points: u8, reason: &str) -> Proposal {
        Proposal {
            opinions: [(Factor::People, opinion(points, reason))].into(),
            ..Proposal::default()
        }
    }

    #[test]
    fn points_stand_with_their_reason() {
        let by: Author = "user:a".parse().unwrap();
        let at = Timestamp::from_micros(1);
        let refused = proposal(3, "").assessed(None, by, at).unwrap_err();
        assert_eq!(refused.field, "F3");
    }

    #[test]
    fn what_is_judged_as_before_keeps_its_author() {
        let (first, second) = ("user:a".parse().unwrap(), "user:b".parse().unwrap());
        let (early, late) = (Timestamp::from_micros(1), Timestamp::from_micros(2));
        let before = proposal(3, "diverted")
            .assessed(None, first, early)
            .unwrap();
        let mut next = proposal(3, "diverted");
        next.opinions.insert(Factor::Scale, opinion(1, "two"));
        let after = next.assessed(Some(&before), second, late).unwrap();
        assert_eq!(
            after.judgements[&Factor::People],
            before.judgements[&Factor::People]
        );
        assert_eq!(after.judgements[&Factor::Scale].by.as_str(), "user:b");
        assert_eq!((after.by.as_str(), after.at), ("user:b", late));
    }

    #[test]
    fn evidence_has_one_spelling() {
        let file = format!("file: {}", "0f".repeat(32));
        for text in [
            "document: S/PV.9779, line 117",
            &file,
            "link: thread thread--1",
        ] {
            assert_eq!(text.parse::<Evidence>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "S/PV.9779",
            "file: 0f",
            "link: thread",
            "link: Thread x",
            "document: ",
        ] {
            let refused = text.parse::<Evidence>().unwrap_err();
            assert_eq!(refused.field, "evidence", "{text}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_no_evidence() {
        let mut next = proposal(3, "diverted");
        let file = Evidence::File([7; 32]);
        next.opinions
            .get_mut(&Factor::People)
            .unwrap()
            .evidence
            .push(file);
        let by = "user:a".parse().unwrap();
        let made = next.assessed(None, by, Timestamp::from_micros(1)).unwrap();
        assert_eq!(made.stands_on(&[], &[]).unwrap_err().field, "F3");
        let there = Attachment {
            sha256: [7; 32],
            size: 1,
            name: "a".parse().unwrap(),
            media_type: "text/plain".parse().unwrap(),
        };
        assert!(made.stands_on(&[], &[there]).is_ok());
    }
}
