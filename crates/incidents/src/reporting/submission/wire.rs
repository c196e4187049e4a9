//! What the JSON interface says of reports for authorities.

use kernel::{IncidentRef, Timestamp, hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{Nature, NewPart, NewSubmission, Part, Recipient, Submission};
use crate::{
    clocks::Clocks,
    error::Error,
    model::{Invalid, Line},
};

/// A part of a report that is written.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::WritePartBody)]
pub struct WritePartBody {
    /// What it is about.
    pub part: Part,
    /// The text.
    #[schema(max_length = 20000)]
    pub text: String,
    /// The authorities for which it is meant.
    pub authorities: Vec<String>,
}

/// A report that is written for authorities.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::WriteSubmissionBody)]
pub struct WriteBody {
    /// The key of the regime.
    #[schema(example = "nis2", max_length = 60)]
    pub regime: String,
    /// The key of the stage.
    #[schema(example = "early-warning", max_length = 60)]
    pub stage: String,
    /// How it stands to the one before: `first`, `correction` or `supplement`.
    pub nature: Nature,
    /// With a correction or supplement, the number of the report that it is about.
    #[serde(default)]
    pub corrects: Option<i64>,
    /// Its parts, each kind once.
    pub parts: Vec<WritePartBody>,
}

/// Parts that are released.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = incidents::ReleaseBody)]
pub struct ReleaseBody {
    /// Which ones.
    pub parts: Vec<Part>,
}

/// A part of a report, as it was written.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::PartBody)]
pub struct PartBody {
    /// What it is about.
    pub part: Part,
    /// The text.
    pub text: String,
    /// SHA-256 of the text.
    pub sha256: String,
}

/// A part that is meant for an authority.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::ShareBody)]
pub struct ShareBody {
    /// The part.
    pub part: Part,
    /// Who released it to the authority.
    pub released_by: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub released_at: Option<Timestamp>,
}

/// An authority for which a report is meant.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::RecipientBody)]
pub struct RecipientBody {
    /// Its place in the report, from 1.
    pub place: i64,
    /// What it is called.
    pub authority: String,
    /// When the stage is due, if a number says so.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    /// When something of the stage was first filed with it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub filed_at: Option<Timestamp>,
    /// Whether that was, or is by now, later than it is due.
    pub late: bool,
    /// The parts that are meant for it.
    pub parts: Vec<ShareBody>,
}

/// A report for authorities.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SubmissionBody)]
pub struct SubmissionBody {
    /// Its number within the incident, from 1.
    pub number: i64,
    /// The key of the regime.
    pub regime: String,
    /// The key of the stage.
    pub stage: String,
    /// How it stands to the one before.
    pub nature: Nature,
    /// The number of that one.
    pub corrects: Option<i64>,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub written_at: Timestamp,
    /// Its parts.
    pub parts: Vec<PartBody>,
    /// For whom it is meant.
    pub authorities: Vec<RecipientBody>,
}

/// What of a report went to an authority.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SentBody)]
pub struct SentBody {
    /// The incident.
    #[schema(value_type = String)]
    pub incident: IncidentRef,
    /// The number of the report.
    pub number: i64,
    /// The key of the regime.
    pub regime: String,
    /// The key of the stage.
    pub stage: String,
    /// How it stands to the one before.
    pub nature: Nature,
    /// The number of that one.
    pub corrects: Option<i64>,
    /// The authority.
    pub authority: String,
    /// The parts that went to it.
    pub parts: Vec<SentPartBody>,
}

/// A part that went to an authority.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = incidents::SentPartBody)]
pub struct SentPartBody {
    /// What it is about.
    pub part: Part,
    /// The text.
    pub text: String,
    /// SHA-256 of the text.
    pub sha256: String,
    /// When it was released.
    #[schema(value_type = String, format = DateTime)]
    pub released_at: Timestamp,
}

impl TryFrom<WriteBody> for NewSubmission {
    type Error = Invalid;

    fn try_from(body: WriteBody) -> Result<Self, Invalid> {
        let parts = body.parts.iter().map(|one| {
            let authorities = one.authorities.iter();
            Ok(NewPart {
                part: one.part,
                body: one
                    .text
                    .parse()
                    .map_err(|broken: Invalid| broken.at("text"))?,
                authorities: authorities
                    .map(|name| Line::required(name, "authorities"))
                    .collect::<Result<_, _>>()?,
            })
        });
        Ok(Self {
            regime: Line::required(&body.regime, "regime")?,
            stage: Line::required(&body.stage, "stage")?,
            nature: body.nature,
            corrects: body.corrects,
            parts: parts.collect::<Result<_, Invalid>>()?,
        })
    }
}

impl From<&NewSubmission> for WriteBody {
    fn from(new: &NewSubmission) -> Self {
        let part = |one: &NewPart| WritePartBody {
            part: one.part,
            text: one.body.as_str().to_owned(),
            authorities: one.authorities.iter().map(ToString::to_string).collect(),
        };
        Self {
            regime: new.regime.to_string(),
            stage: new.stage.to_string(),
            nature: new.nature,
            corrects: new.corrects,
            parts: new.parts.iter().map(part).collect(),
        }
    }
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}

impl SubmissionBody {
    /// A report as it stands at that time.
    pub fn new(submission: &Submission, clocks: &Clocks, now: Timestamp) -> Result<Self, Error> {
        let recipients = submission.recipients.iter();
        let parts = submission.parts.iter().map(|(part, body)| PartBody {
            part: *part,
            text: body.as_str().to_owned(),
            sha256: sha256(body.as_str()),
        });
        Ok(Self {
            number: submission.number,
            regime: submission.regime.to_string(),
            stage: submission.stage.to_string(),
            nature: submission.nature,
            corrects: submission.corrects,
            written_by: submission.written.0.as_str().to_owned(),
            written_at: submission.written.1,
            parts: parts.collect(),
            authorities: recipients
                .map(|one| {
                    let timing = submission.timing(one, clocks, now)?;
                    Ok(recipient(one, timing))
                })
                .collect::<Result<_, Error>>()?,
        })
    }
}

fn recipient(one: &Recipient, timing: super::Timing) -> RecipientBody {
    let shares = one.shares.iter().map(|share| ShareBody {
        part: share.part,
        released_by: share
            .released
            .as_ref()
            .map(|(by, _)| by.as_str().to_owned()),
        released_at: share.released.as_ref().map(|(_, at)| *at),
    });
    RecipientBody {
        place: one.place,
        authority: one.name.to_string(),
        due_at: timing.due,
        filed_at: timing.filed,
        late: timing.late,
        parts: shares.collect(),
    }
}

impl SentBody {
    /// What of a report went to the authority at that place; nothing where there is none of it.
    pub fn new(incident: IncidentRef, submission: &Submission, place: i64) -> Option<Self> {
        let recipient = submission.recipient(place)?;
        let parts = recipient.shares.iter().filter_map(|share| {
            let (_, released_at) = share.released.as_ref()?;
            let text = submission.text(share.part);
            Some(SentPartBody {
                part: share.part,
                text: text.to_owned(),
                sha256: sha256(text),
                released_at: *released_at,
            })
        });
        Some(Self {
            incident,
            number: submission.number,
            regime: submission.regime.to_string(),
            stage: submission.stage.to_string(),
            nature: submission.nature,
            corrects: submission.corrects,
            authority: recipient.name.to_string(),
            parts: parts.collect(),
        })
    }
}
