//! What belongs to an incident.

use kernel::{Country, hex};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::digest::digest;
use crate::model::{
    Attachment, Dated, Invalid, Line, Link, Statement, StatementKind, TimelineEntry,
};

/// Something that happened in the course of an incident.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::TimelineBody)]
pub struct TimelineBody {
    /// When.
    #[schema(value_type = String, example = "2024-05-08T10:30Z")]
    pub at: Dated,
    /// What; up to 500 characters.
    #[schema(max_length = 500)]
    pub what: String,
    /// Where it is told.
    #[schema(max_length = 200)]
    pub source: Option<String>,
}

/// What somebody said of an incident. Attribution is always a statement of somebody.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::StatementBody)]
pub struct StatementBody {
    /// What it does.
    pub kind: StatementKind,
    /// The delegation or organisation; never a person.
    #[schema(max_length = 200)]
    pub by: String,
    /// The State, where a State speaks.
    #[schema(value_type = Option<String>)]
    pub country: Option<Country>,
    /// What the speaker was.
    #[schema(max_length = 200)]
    pub role: Option<String>,
    /// The actor as stated; for an attribution or a claim.
    #[schema(max_length = 300)]
    pub actor: Option<String>,
    /// What is said; up to 2,000 characters.
    #[schema(max_length = 2_000)]
    pub says: String,
    /// Whom the speaker cites.
    #[schema(max_length = 200)]
    pub cites: Option<String>,
    /// The document: a symbol of the United Nations or a title.
    #[schema(max_length = 200, example = "S/PV.9779")]
    pub document: Option<String>,
    /// The line of the document.
    pub line: Option<u32>,
    /// When it was said.
    #[schema(value_type = Option<String>)]
    pub at: Option<Dated>,
    /// What the reader should know of it.
    #[schema(max_length = 1_000)]
    pub note: Option<String>,
}

/// Something that another part of the program holds on an incident.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::LinkBody)]
pub struct LinkBody {
    /// What is linked.
    #[schema(example = "thread")]
    pub kind: String,
    /// Its id.
    #[schema(max_length = 200)]
    pub target: String,
    /// What to show; whoever may see the incident may read it.
    #[schema(max_length = 200)]
    pub label: String,
}

/// A file that belongs to an incident. Its bytes lie in the object store under their digest.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::AttachmentBody)]
pub struct AttachmentBody {
    /// SHA-256 of the content, in 64 hexadecimal digits.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// The name of the file.
    #[schema(max_length = 200)]
    pub name: String,
    /// The media type.
    #[schema(max_length = 100, example = "application/pdf")]
    pub media_type: String,
}

fn text<const MAX: usize>(line: Option<&Line<MAX>>) -> Option<String> {
    line.map(ToString::to_string)
}

impl From<&TimelineEntry> for TimelineBody {
    fn from(entry: &TimelineEntry) -> Self {
        Self {
            at: entry.at,
            what: entry.what.to_string(),
            source: text(entry.source.as_ref()),
        }
    }
}

impl TryFrom<TimelineBody> for TimelineEntry {
    type Error = Invalid;

    fn try_from(body: TimelineBody) -> Result<Self, Invalid> {
        Ok(Self {
            at: body.at,
            what: Line::required(&body.what, "what")?,
            source: Line::optional(body.source.as_deref(), "source")?,
        })
    }
}

impl From<&Statement> for StatementBody {
    fn from(statement: &Statement) -> Self {
        Self {
            kind: statement.kind,
            by: statement.by.to_string(),
            country: statement.country,
            role: text(statement.role.as_ref()),
            actor: text(statement.actor.as_ref()),
            says: statement.says.to_string(),
            cites: text(statement.cites.as_ref()),
            document: text(statement.document.as_ref()),
            line: statement.line,
            at: statement.at,
            note: text(statement.note.as_ref()),
        }
    }
}

impl TryFrom<StatementBody> for Statement {
    type Error = Invalid;

    fn try_from(body: StatementBody) -> Result<Self, Invalid> {
        let statement = Self {
            kind: body.kind,
            by: Line::required(&body.by, "by")?,
            country: body.country,
            role: Line::optional(body.role.as_deref(), "role")?,
            actor: Line::optional(body.actor.as_deref(), "actor")?,
            says: Line::required(&body.says, "says")?,
            cites: Line::optional(body.cites.as_deref(), "cites")?,
            document: Line::optional(body.document.as_deref(), "document")?,
            line: body.line,
            at: body.at,
            note: Line::optional(body.note.as_deref(), "note")?,
        };
        statement.checked()
    }
}

impl From<&Link> for LinkBody {
    fn from(link: &Link) -> Self {
        Self {
            kind: link.kind.to_string(),
            target: link.target.to_string(),
            label: link.label.to_string(),
        }
    }
}

impl TryFrom<LinkBody> for Link {
    type Error = Invalid;

    fn try_from(body: LinkBody) -> Result<Self, Invalid> {
        Ok(Self {
            kind: body.kind.parse()?,
            target: Line::required(&body.target, "target")?,
            label: Line::required(&body.label, "label")?,
        })
    }
}

impl From<&Attachment> for AttachmentBody {
    fn from(file: &Attachment) -> Self {
        Self {
            sha256: hex(&file.sha256),
            size: file.size,
            name: file.name.to_string(),
            media_type: file.media_type.to_string(),
        }
    }
}

impl TryFrom<AttachmentBody> for Attachment {
    type Error = Invalid;

    fn try_from(body: AttachmentBody) -> Result<Self, Invalid> {
        Ok(Self {
            sha256: digest(&body.sha256)?,
            size: body.size,
            name: Line::required(&body.name, "name")?,
            media_type: Line::required(&body.media_type, "media_type")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped;

    #[test]
    fn parts_round_trip() {
        for one in shipped::all().unwrap() {
            for entry in &one.timeline {
                assert_eq!(
                    &TimelineEntry::try_from(TimelineBody::from(entry)).unwrap(),
                    entry
                );
            }
            for statement in &one.statements {
                assert_eq!(
                    &Statement::try_from(StatementBody::from(statement)).unwrap(),
                    statement
                );
            }
        }
    }

    #[test]
    fn digests_round_trip() {
        let body = AttachmentBody {
            sha256: "00ff".repeat(16),
            size: 5,
            name: "log.txt".to_owned(),
            media_type: "text/plain".to_owned(),
        };
        let file = Attachment::try_from(body.clone()).unwrap();
        assert_eq!(AttachmentBody::from(&file), body);
        for bad in ["", "00", &"0g".repeat(32), &"é".repeat(32)] {
            let body = AttachmentBody {
                sha256: bad.to_owned(),
                ..body.clone()
            };
            assert_eq!(Attachment::try_from(body).unwrap_err().field, "sha256");
        }
    }

    #[test]
    fn only_an_attribution_or_a_claim_names_an_actor() {
        let body = StatementBody {
            kind: StatementKind::Account,
            by: "Aldoria".to_owned(),
            country: None,
            role: None,
            actor: Some("somebody".to_owned()),
            says: "It happened.".to_owned(),
            cites: None,
            document: None,
            line: None,
            at: None,
            note: None,
        };
        assert_eq!(
            Statement::try_from(body.clone()).unwrap_err().field,
            "actor"
        );
        let attribution = StatementBody {
            kind: StatementKind::Attribution,
            ..body
        };
        assert!(Statement::try_from(attribution).is_ok());
    }
}
