//! What the register of Aldoria sees.

use std::time::Duration;

use audit::Ground;
use incidents::{
    model::{Dated, Determination, Facts, Fidelity, Filter, Kind, Period, TimelineEntry},
    ops,
    state::Event,
};
use kernel::{IncidentRef, Tlp, Viewer};

use super::{cast::ALDORIA, stage::Stage, words, world::World};
use crate::output::Failure;

/// How long before the report the intruders were at work, and how long before the hospital noticed.
pub(super) const ACTIVE_BEFORE: Duration = Duration::from_hours(5);
const NOTICED_BEFORE: Duration = Duration::from_hours(3);

/// The hospital reports, the analyst registers.
pub(super) async fn register(world: &World, stage: &mut Stage) -> Result<IncidentRef, Failure> {
    let ground = world.ground(ALDORIA)?;
    let (hospital, analyst) = (
        world.viewer(ALDORIA, "stmaren")?,
        world.viewer(ALDORIA, "tomas")?,
    );
    stage
        .step("St Maren General Hospital reports, once and in plain words")
        .await?;
    let mut report = report(ground)?;
    report.named.extend(hospital.user());
    let incident = ops::create(ground, &hospital, report).await?;
    stage.fact("report", words::CASE_TITLE);
    stage.fact("incident", incident.public);
    stage.fact(
        "marking",
        format_args!("TLP:{} · EXERCISE", incident.facts.tlp),
    );

    stage.step("CSIRT Aldoria registers it").await?;
    let mut facts = incident.facts.clone();
    facts.sectors = vec!["health".parse()?];
    facts.rsit = Some("malicious-code/infected-system".parse()?);
    facts.determination = Determination::Confirmed;
    facts.cross_border = Some(true);
    let began = ground.now().minus(ACTIVE_BEFORE);
    facts.period = Period::new(Some(Dated::new(began, Fidelity::Hour)), None, None)?;
    facts.description = format!("{}\n\n{}", words::CASE_REPORT, words::CASE_FINDING).parse()?;
    let edited = ops::edit(ground, &analyst, incident.public, incident.version, facts).await?;
    let moved = ops::advance(
        ground,
        &analyst,
        edited.public,
        edited.version,
        Event::Investigate,
    );
    let moved = moved.await?;
    timeline(ground, &analyst, moved.public, words::CASE_FOUND).await?;
    let seen = ops::view(ground, &hospital, moved.public).await?;
    ensure!(
        seen.incident.facts.sectors.len() == 1,
        "the hospital does not see its case"
    );
    stage.fact(
        "class",
        "malicious code / infected system · sector health · confirmed",
    );
    stage.fact(
        "status",
        "investigating; the hospital sees what becomes of its report",
    );
    stage.proof(
        "The edit and its author are leaves of Aldoria's ledger of acts: who knew what, and when, \
         cannot be rewritten afterwards.",
    );
    Ok(moved.public)
}

/// After the answer: the incident does no further harm.
pub(super) async fn contain(
    world: &World,
    stage: &mut Stage,
    case: IncidentRef,
) -> Result<(), Failure> {
    stage.step("Aldoria notes that the harm has ended").await?;
    let (ground, analyst) = (world.ground(ALDORIA)?, world.viewer(ALDORIA, "tomas")?);
    timeline(ground, &analyst, case, words::CASE_CONTAINED).await?;
    let now = ops::view(ground, &analyst, case).await?.incident;
    let moved = ops::advance(ground, &analyst, case, now.version, Event::Contain).await?;
    stage.fact("incident", case);
    stage.fact(
        "status",
        format_args!("contained · version {}", moved.version),
    );
    Ok(())
}

/// How many incidents somebody sees.
pub(super) async fn count(ground: &Ground, viewer: &Viewer) -> Result<u32, Failure> {
    Ok(ops::count(ground, viewer, &Filter::default()).await?.count)
}

async fn timeline(
    ground: &Ground,
    viewer: &Viewer,
    case: IncidentRef,
    what: &str,
) -> Result<(), Failure> {
    let entry = TimelineEntry {
        at: Dated::new(ground.now(), Fidelity::Minute),
        what: what.parse()?,
        source: Some("CSIRT Aldoria".parse()?),
    };
    ops::add_timeline(ground, viewer, case, &entry).await?;
    Ok(())
}

fn report(ground: &Ground) -> Result<Facts, Failure> {
    let noticed = ground.now().minus(NOTICED_BEFORE);
    Ok(Facts {
        kind: Kind::Incident,
        title: words::CASE_TITLE.parse()?,
        description: words::CASE_REPORT.parse()?,
        victims: vec![ALDORIA.parse()?],
        worldwide: false,
        organisation: Some("St Maren General Hospital".parse()?),
        sectors: Vec::new(),
        sector_text: Some("hospital".parse()?),
        rsit: None,
        period: Period::default(),
        detected: Some(Dated::new(noticed, Fidelity::Minute)),
        reported: Some(Dated::new(ground.now(), Fidelity::Minute)),
        determination: Determination::Suspected,
        tlp: Tlp::Amber,
        pap: None,
        named: Vec::new(),
        cross_border: None,
    })
}
