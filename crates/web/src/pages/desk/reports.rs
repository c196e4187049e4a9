//! Reports that are due, and reminders of them, as the desk shows them.

use access::{http::Refusal, policy::Act};
use incidents::{
    ops,
    reporting::{self, Reminder, Step},
};
use kernel::Timestamp;

use crate::{
    pages::{House, Reader, incident::clocks::stage_of},
    views::{clocks::ReportDue, desk::News},
};

/// How many of them stand there.
const ON_DESK: usize = 10;

/// The reports that are due, for the desk.
pub(crate) async fn on_desk(house: &House, reader: &Reader) -> Result<Vec<ReportDue>, Refusal> {
    if !reader.may(Act::IncidentRead) {
        return Ok(Vec::new());
    }
    let w = reader.w;
    let all = ops::outstanding(&house.ground, &reader.viewer).await?;
    let report = |one: ops::Outstanding| ReportDue {
        due: one.due,
        what: stage_of(w, &one.reckoned.regime.key, &one.reckoned.stage.key),
        title: one.title,
        url: format!("/incidents/{}/clocks", one.public),
    };
    Ok(all.into_iter().take(ON_DESK).map(report).collect())
}

/// What people were reminded of since then, for the desk.
pub(crate) async fn reminded(
    house: &House,
    reader: &Reader,
    since: Timestamp,
) -> Result<Vec<News>, Refusal> {
    if !reader.may(Act::IncidentRead) {
        return Ok(Vec::new());
    }
    let w = reader.w;
    let all = reporting::ops::reminders(&house.ground, &reader.viewer, since).await?;
    let news = |one: &Reminder| {
        let what = ("what", stage_of(w, &one.regime, &one.stage));
        let title = ("title", one.title.clone());
        News {
            text: match one.step {
                Step::Before(hours) => {
                    w.t3("news-report-due", &what, &title, &("n", u64::from(hours)))
                }
                Step::Late => w.t2("news-report-late", &what, &title),
            },
            url: format!("/incidents/{}/clocks", one.public),
            bad: one.step == Step::Late,
        }
    };
    Ok(all.iter().take(ON_DESK).map(news).collect())
}
