//! What a report states, as facts of an incident.

use kernel::Timestamp;

use crate::{
    error::{Error, ReportFault},
    intake::model::{Report, ReportKind},
    model::{Dated, Determination, Facts, Fidelity, Kind},
};

/// The facts that a report states, for the officer to look at and change.
pub fn prefill(report: &Report) -> Result<Facts, Error> {
    let answers = report.answers.as_ref().ok_or(ReportFault::Closed)?;
    let told = answers.told(report.mode)?;
    Ok(Facts {
        kind: Kind::Incident,
        title: told.title,
        description: told.description,
        victims: told.country.into_iter().collect(),
        worldwide: false,
        organisation: told.organisation,
        sectors: Vec::new(),
        sector_text: told.field,
        rsit: None,
        period: told.period,
        detected: told.noticed,
        reported: reported(report),
        determination: if answers.kind == ReportKind::NearMiss.as_str() {
            Determination::FailedAttempt
        } else {
            Determination::Suspected
        },
        tlp: report.tlp,
        pap: None,
        named: report.named.clone(),
        cross_border: told.abroad,
    })
}

/// When the register heard of it.
pub(super) fn reported(report: &Report) -> Option<Dated> {
    let at: Timestamp = report.sent_at?;
    Some(Dated::new(at, Fidelity::Minute))
}
