//! What can be done with reports: by whoever holds a code ([`reporter`]), by mail ([`mailed`]), and by
//! officers ([`officer`]).
//!
//! Each op loads, decides, saves and records the act in one transaction. What the ledger is told never
//! holds what a report says, only its number, version and state, and a commitment to the answers.

pub mod mailed;
pub mod officer;
mod prefill;
pub mod reporter;
pub(crate) mod retained;

use audit::Ground;
use db::Tx;
use kernel::Viewer;
use serde::Serialize;

use super::{
    model::{Addition, Report, ReportState, Step},
    store,
};
use crate::error::{Error, ReportFault};

/// A report with all that belongs to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Whole {
    /// The report.
    pub report: Report,
    /// What was added, in order.
    pub additions: Vec<Addition>,
    /// The reports that were split from it.
    pub parts: Vec<Report>,
}

#[derive(Serialize)]
struct Recorded {
    version: i64,
    tlp: &'static str,
    state: ReportState,
    #[serde(skip_serializing_if = "Option::is_none")]
    answers_commitment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<String>,
}

async fn whole(tx: &mut Tx, report: Report) -> Result<Whole, Error> {
    Ok(Whole {
        additions: store::additions(tx, report.id).await?,
        parts: store::split_from(tx, &report.reference).await?,
        report,
    })
}

/// Saves a report under the next version, and records what was done.
async fn save(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &str,
    mut report: Report,
) -> Result<Report, Error> {
    let given = report.version;
    report.version += 1;
    report.updated_at = ground.now();
    if !store::save(tx, &report).await? {
        return Err(ReportFault::Stale { given }.into());
    }
    record(tx, ground, viewer, code, &report).await?;
    mailed::tell(tx, ground, code, &report).await?;
    Ok(report)
}

async fn record(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &str,
    report: &Report,
) -> Result<(), Error> {
    let answers = report
        .answers
        .as_ref()
        .map(serde_json::to_string)
        .transpose();
    let answers = answers.map_err(Error::Unwritable)?;
    let answers_commitment = match answers {
        None => None,
        Some(text) => {
            let salts = audit::salts(tx, ground, report.reference.as_str()).await?;
            let place = format!("answers {}", report.version);
            Some(salts.commitment(&place, text.as_bytes()))
        }
    };
    let what = Recorded {
        version: report.version,
        tlp: report.tlp.as_str(),
        state: report.state,
        answers_commitment,
        incident: report.incident.map(|incident| incident.to_string()),
    };
    audit::act(tx, ground, viewer, code, &report.reference, &what).await?;
    Ok(())
}

fn advance(report: &mut Report, step: Step) -> Result<(), Error> {
    let from = report.state;
    report.state = from.advance(step).ok_or(ReportFault::Step { from, step })?;
    Ok(())
}
