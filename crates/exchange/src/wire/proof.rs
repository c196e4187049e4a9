//! Previews and proofs.

use federation::verify::Outcome;
use kernel::{Timestamp, Tlp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{DeskBody, FileBody};
use crate::{
    error::Error,
    model::{Kind, Preview, Proof},
};

/// Who will see a message, and what of it leaves in which form.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::PreviewBody)]
pub struct PreviewBody {
    /// The kind.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// To whom.
    pub to: DeskBody,
    /// From whom.
    pub from: DeskBody,
    /// Who there may read it: `one_desk`, `house`, `house_and_clients`, `community`, `everybody`.
    pub readers_there: String,
    /// The label.
    #[schema(value_type = String)]
    pub tlp: Tlp,
    /// What is sealed.
    pub leaves_sealed: Vec<String>,
    /// What the operators of both nodes can see.
    pub leaves_open: Vec<(String, String)>,
    /// The files.
    pub files: Vec<FileBody>,
    /// By when an acknowledgement is asked for.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ack_due: Option<Timestamp>,
    /// By when an answer is asked for.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answer_due: Option<Timestamp>,
    /// Sentences that stand in it whatever is written.
    pub fixed: Vec<String>,
    /// The code of why this user cannot send it; null if he can.
    pub refused: Option<String>,
    /// The words as they would travel.
    #[schema(value_type = Object)]
    pub statement: Value,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::CheckBody)]
pub struct CheckBody {
    /// Its name.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// What was found.
    pub sentence: String,
}

/// What verification of a message found.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = exchange::ProofBody)]
pub struct ProofBody {
    /// `proven`, `failed`, `unreadable` or `not_anchored`.
    pub outcome: String,
    /// Everything that was looked at.
    pub checks: Vec<CheckBody>,
    /// The receipt of the addressee; null if there is none.
    pub receipt: Option<String>,
    /// The fingerprints of both root keys, as this house compared them.
    pub trust: Vec<(String, String)>,
}

impl TryFrom<Preview> for PreviewBody {
    type Error = Error;

    fn try_from(preview: Preview) -> Result<Self, Error> {
        let open = preview.leaves_open.into_iter();
        Ok(Self {
            kind: preview.kind,
            to: preview.to.into(),
            from: preview.from.into(),
            readers_there: preview.readers_there.as_str().to_owned(),
            tlp: preview.tlp,
            leaves_sealed: preview.leaves_sealed,
            leaves_open: open.map(|(name, value)| (name.to_owned(), value)).collect(),
            files: preview.files.into_iter().map(FileBody::from).collect(),
            ack_due: preview.ack_due,
            answer_due: preview.answer_due,
            fixed: preview.fixed.into_iter().map(str::to_owned).collect(),
            refused: preview.refused.map(|refused| refused.code().to_owned()),
            statement: preview.statement.to_value()?,
        })
    }
}

impl From<Proof> for ProofBody {
    fn from(proof: Proof) -> Self {
        let outcome = match proof.report.outcome() {
            Outcome::Proven => "proven",
            Outcome::Failed => "failed",
            Outcome::Unreadable => "unreadable",
            Outcome::NotAnchored => "not_anchored",
        };
        let checks = proof.report.checks.into_iter();
        let trust = proof.trust.into_iter();
        Self {
            outcome: outcome.to_owned(),
            checks: checks
                .map(|check| CheckBody {
                    name: check.name,
                    ok: check.ok,
                    sentence: check.sentence,
                })
                .collect(),
            receipt: proof.receipt,
            trust: trust
                .map(|(party, fingerprint)| (party.to_string(), fingerprint.to_string()))
                .collect(),
        }
    }
}
