use access::policy::Act;
use audit::Ground;
use kernel::{IncidentRef, Viewer, boxed};

use super::{add::next, load, touch};
use crate::{
    error::Error,
    model::{HarmFigure, Incident, Invalid},
    record::{self, Code},
    store::{harm, parts::Numbered, writing},
    wire::HarmBody,
};

/// Adds a figure of harm. One that takes the place of an earlier figure says why; the earlier one stays
/// and no longer counts.
#[boxed]
pub async fn add_harm(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    figure: &HarmFigure,
) -> Result<Incident, Error> {
    let mut figure = figure.clone().checked()?;
    let now = ground.now();
    if figure.detail.as_of.is_some_and(|at| at.first() > now) {
        return Err(Invalid {
            field: "as_of",
            rule: "a time that has come",
        }
        .into());
    }
    figure.detail.entered = Some((viewer.label().parse()?, now));
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let ordinal = next(&mut tx, &incident, Numbered::Harm, "harm figures").await?;
    if let Some(correction) = &figure.detail.corrects {
        corrects(&harm::harm(&mut tx, incident.id).await?, correction.number)?;
    }
    writing::add_harm(&mut tx, [(incident.id, ordinal, &figure)]).await?;
    let incident = touch(&mut tx, ground, incident).await?;
    // What auditors read holds a digest alone, of the figure as readers see it.
    let body = HarmBody::from(&figure).shown();
    let code = if figure.detail.corrects.is_some() {
        Code::HarmCorrected
    } else {
        Code::HarmAdded
    };
    record::added(&mut tx, ground, viewer, code, (&incident, &body)).await?;
    tx.commit().await?;
    Ok(incident)
}

/// Is the figure there, and corrected by no other?
fn corrects(there: &[HarmFigure], number: u32) -> Result<(), Error> {
    let known = usize::try_from(number).is_ok_and(|number| number < there.len());
    if !known {
        return Err(Invalid {
            field: "corrects",
            rule: "the number of a figure of this incident",
        }
        .into());
    }
    let by = (0..).zip(there).find(|(_, other)| {
        let correction = other.detail.corrects.as_ref();
        correction.is_some_and(|one| one.number == number)
    });
    match by {
        None => Ok(()),
        Some((current, _)) => Err(Error::EnteredMeanwhile {
            given: Some(number),
            current,
        }),
    }
}
