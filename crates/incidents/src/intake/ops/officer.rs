//! What officers do with reports: those who may change incidents, within the label of each report.

use access::{
    model::Person,
    ops::people_to_name_in,
    policy::{self, Act, Area, Subject},
};
use audit::Ground;
use db::Tx;
use kernel::{
    Cursor, IncidentRef, Language, Page, PageRequest, Tlp, UserId, Viewer, boxed, uuid_v7,
};
use uuid::Uuid;

use super::{
    Whole, advance,
    prefill::reported,
    record,
    reporter::{blank, put},
    save, whole,
};
use crate::{
    error::{Error, ReportFault},
    hold::ops::spare,
    intake::{
        model::{
            Answers, Author, Code, Door, Reference, Report, ReportId, ReportRow, ReportState, Step,
            addition,
        },
        store,
    },
    model::{Dated, Facts, Fidelity, Incident, Invalid, Line, Link, NAMED_MAX, TimelineEntry},
    ops::{add_timeline_in, create_in, link_in},
    store::list::Sight,
};

pub use super::prefill::prefill;

/// What a link from an incident to a report is called.
pub const LINK: &str = "report";
/// Up to what number reports that wait are counted.
const COUNT_MAX: i64 = 1_000;

/// A page of the reports that the viewer may see, the latest first.
#[boxed]
pub async fn list(
    ground: &Ground,
    viewer: &Viewer,
    state: Option<ReportState>,
    request: PageRequest,
) -> Result<Page<ReportRow>, Error> {
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let rows = store::page(&mut tx, sight, state, request).await?;
    Ok(Page::from_probe(rows, request.limit, |last| Cursor {
        key: last.at.as_micros(),
        id: last.id.0,
    }))
}

/// How many reports that nobody has looked at wait for the viewer, up to 1,000.
#[boxed]
pub async fn waiting(ground: &Ground, viewer: &Viewer) -> Result<u32, Error> {
    let sight = sight(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let count = store::count(&mut tx, sight, ReportState::Received, COUNT_MAX).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A report with all that belongs to it. What a draft says is its writer's alone.
#[boxed]
pub async fn view(ground: &Ground, viewer: &Viewer, reference: &Reference) -> Result<Whole, Error> {
    let mut tx = ground.db.begin_read().await?;
    let report = load(&mut tx, viewer, reference).await?;
    let mut whole = whole(&mut tx, report).await?;
    if whole.report.state == ReportState::Draft {
        whole.report.answers = None;
    }
    whole.parts.retain(|part| may(viewer, part));
    Ok(whole)
}

/// Makes a one-time link: the code is shown once.
#[boxed]
pub async fn invite(
    ground: &Ground,
    viewer: &Viewer,
    note: Option<Line<200>>,
    language: Language,
) -> Result<(Report, Code), Error> {
    policy::check_house(viewer, Act::IncidentEdit).map_err(Error::Refused)?;
    let mut tx = ground.db.begin().await?;
    let code = Code::random(&*ground.rng);
    let report = Report {
        note,
        ..blank(ground, viewer.mode, Door::Link, language)
    };
    store::insert(&mut tx, &report, Some(&code)).await?;
    record(&mut tx, ground, viewer, "report.invited", &report).await?;
    tx.commit().await?;
    Ok((report, code))
}

/// Whether the public address of the form is on.
#[boxed]
pub async fn is_public(ground: &Ground, viewer: &Viewer) -> Result<bool, Error> {
    policy::check_house(viewer, Act::IncidentEdit).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(store::is_public(&mut tx, viewer.mode).await?)
}

/// Turns the public address of the form on or off. It is for real reports; exercises have links.
#[boxed]
pub async fn set_public(ground: &Ground, viewer: &Viewer, public: bool) -> Result<(), Error> {
    policy::check_house(viewer, Act::IncidentEdit).map_err(Error::Refused)?;
    if viewer.mode.is_exercise() {
        return Err(Invalid {
            field: "public",
            rule: "the public address takes real reports only; an exercise uses links",
        }
        .into());
    }
    let mut tx = ground.db.begin().await?;
    store::set_public(&mut tx, viewer.mode, public, ground.now()).await?;
    let code = if public {
        "report.form_on"
    } else {
        "report.form_off"
    };
    audit::act(&mut tx, ground, viewer, code, "report-form", &public).await?;
    tx.commit().await?;
    Ok(())
}

/// Begins to look at a report: its reporter sees that.
#[boxed]
pub async fn look(
    ground: &Ground,
    viewer: &Viewer,
    at: (&Reference, i64),
) -> Result<Report, Error> {
    let (mut tx, mut report) = begin(ground, viewer, at).await?;
    advance(&mut report, Step::Look)?;
    let report = save(&mut tx, ground, viewer, "report.looked_at", report).await?;
    tx.commit().await?;
    Ok(report)
}

/// Refuses a report, with the reason that its reporter reads.
#[boxed]
pub async fn refuse(
    ground: &Ground,
    viewer: &Viewer,
    at: (&Reference, i64),
    reason: Line<1000>,
) -> Result<Report, Error> {
    let (mut tx, mut report) = begin(ground, viewer, at).await?;
    advance(&mut report, Step::Refuse)?;
    report.reason = Some(reason);
    let report = save(&mut tx, ground, viewer, "report.refused", report).await?;
    tx.commit().await?;
    Ok(report)
}

/// Makes a new incident of a report, with the facts as the officer states them.
#[boxed]
pub async fn accept(
    ground: &Ground,
    viewer: &Viewer,
    at: (&Reference, i64),
    facts: Facts,
) -> Result<Incident, Error> {
    let (mut tx, mut report) = begin(ground, viewer, at).await?;
    advance(&mut report, Step::Accept)?;
    let incident = create_in(&mut tx, ground, viewer, facts).await?;
    let incident = tie(&mut tx, ground, viewer, incident.public, &report).await?;
    report.incident = Some(incident.public);
    save(&mut tx, ground, viewer, "report.accepted", report).await?;
    tx.commit().await?;
    Ok(incident)
}

/// Makes a report part of an incident: a line of its timeline says what it brought.
#[boxed]
pub async fn merge(
    ground: &Ground,
    viewer: &Viewer,
    at: (&Reference, i64),
    (public, what): (IncidentRef, Line<500>),
) -> Result<Incident, Error> {
    let (mut tx, mut report) = begin(ground, viewer, at).await?;
    advance(&mut report, Step::Merge)?;
    let entry = TimelineEntry {
        at: reported(&report).unwrap_or(Dated::new(ground.now(), Fidelity::Minute)),
        what,
        source: Some(report.reference.as_str().parse()?),
    };
    add_timeline_in(&mut tx, ground, viewer, public, &entry).await?;
    let incident = tie(&mut tx, ground, viewer, public, &report).await?;
    report.incident = Some(public);
    save(&mut tx, ground, viewer, "report.merged", report).await?;
    tx.commit().await?;
    Ok(incident)
}

/// Makes a second report of what a report also says. Its reporter sees both by the one code.
#[boxed]
pub async fn split(
    ground: &Ground,
    viewer: &Viewer,
    at: (&Reference, i64),
    (title, what): (String, String),
) -> Result<Report, Error> {
    let (mut tx, report) = begin(ground, viewer, at).await?;
    if !report.state.waits() {
        return Err(ReportFault::Closed.into());
    }
    let now = ground.now();
    let answers = Answers {
        title,
        what,
        effect: String::new(),
        done: String::new(),
        ..report.answers.clone().ok_or(ReportFault::Closed)?
    };
    answers.told(report.mode)?;
    let answers = answers.bounded()?;
    let from = report
        .split_from
        .clone()
        .unwrap_or_else(|| report.reference.clone());
    let mut second = Report {
        id: ReportId(uuid_v7(now, &*ground.rng)),
        reference: Reference::random(&*ground.rng),
        version: 1,
        answers: Some(answers),
        split_from: Some(from),
        created_at: now,
        updated_at: now,
        ..report.clone()
    };
    store::insert(&mut tx, &second, None).await?;
    second = save(&mut tx, ground, viewer, "report.split_off", second).await?;
    save(&mut tx, ground, viewer, "report.split", report).await?;
    tx.commit().await?;
    Ok(second)
}

/// Writes to the reporter, who reads it by his code.
#[boxed]
pub async fn answer(
    ground: &Ground,
    viewer: &Viewer,
    at: (&Reference, i64),
    text: &str,
) -> Result<Report, Error> {
    let text = addition(text)?;
    let (mut tx, report) = begin(ground, viewer, at).await?;
    if report.state == ReportState::Draft || report.answers.is_none() {
        return Err(ReportFault::Closed.into());
    }
    let report = put(&mut tx, ground, report, (Author::Officer, text)).await?;
    let report = save(&mut tx, ground, viewer, "report.answered", report).await?;
    tx.commit().await?;
    Ok(report)
}

/// The users whom one can name as readers of a report that is RED, by name.
#[boxed]
pub async fn readers(ground: &Ground, viewer: &Viewer) -> Result<Vec<Person>, Error> {
    policy::check_house(viewer, Act::IncidentEdit).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(people_to_name_in(&mut tx, viewer, Act::IncidentEdit, Tlp::Red).await?)
}

/// Sets the label of a report, and the users who read it while it is RED. Whoever sets it goes on reading it.
#[boxed]
pub async fn label(
    ground: &Ground,
    viewer: &Viewer,
    at: (&Reference, i64),
    (tlp, mut named): (Tlp, Vec<UserId>),
) -> Result<Report, Error> {
    let (mut tx, mut report) = begin(ground, viewer, at).await?;
    if tlp == Tlp::Red {
        named.extend(viewer.user());
    }
    named.sort_unstable();
    named.dedup();
    if named.len() > NAMED_MAX {
        return Err(Invalid {
            field: "named",
            rule: "at most 100 users",
        }
        .into());
    }
    (report.tlp, report.named) = (tlp, named);
    if !may(viewer, &report) {
        return Err(Invalid {
            field: "tlp",
            rule: "a label under which you still may read it",
        }
        .into());
    }
    let report = save(&mut tx, ground, viewer, "report.labelled", report).await?;
    tx.commit().await?;
    Ok(report)
}

/// Takes away for good what a decided report says: answers, contact, additions. Its number, its states and
/// what became of it stay, and so do the digests in the ledger. A draft goes as a whole, and its link with it.
#[boxed]
pub async fn erase(
    ground: &Ground,
    viewer: &Viewer,
    at: (&Reference, i64),
) -> Result<Report, Error> {
    let (mut tx, mut report) = begin(ground, viewer, at).await?;
    if report.state.waits() {
        let from = report.state;
        return Err(ReportFault::Undecided { from }.into());
    }
    if let Some(incident) = report.incident
        && let Some(incident) = crate::store::find(&mut tx, incident).await?
    {
        spare(&mut tx, ground, incident.id).await?;
    }
    report.answers = None;
    report.note = None;
    store::erase(&mut tx, report.id).await?;
    let draft = report.state == ReportState::Draft;
    let report = save(&mut tx, ground, viewer, "report.erased", report).await?;
    if draft {
        store::remove(&mut tx, report.id).await?;
    }
    tx.commit().await?;
    Ok(report)
}

async fn tie(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    report: &Report,
) -> Result<Incident, Error> {
    let link = Link {
        kind: LINK.parse()?,
        target: report.reference.as_str().parse()?,
        label: report.reference.as_str().parse()?,
    };
    link_in(tx, ground, viewer, public, &link).await
}

/// What of reports the viewer sees: of those who may change incidents, what they may read.
fn sight(viewer: &Viewer) -> Result<Sight, Error> {
    policy::check_house(viewer, Act::IncidentEdit).map_err(Error::Refused)?;
    let visible = policy::visible(viewer, Area::Incidents);
    Ok(Sight {
        open_mask: visible.open_mask,
        named_mask: visible.named_mask,
        exercise: visible.exercise,
        // No user has the nil id, so whoever is no user is named nowhere.
        user: viewer.user().map_or(Uuid::nil(), UserId::uuid),
    })
}

fn may(viewer: &Viewer, report: &Report) -> bool {
    let named = viewer
        .user()
        .is_some_and(|user| report.named.contains(&user));
    let subject = Subject::content(report.mode, report.tlp, named);
    policy::decide(viewer, Act::IncidentEdit, &subject).is_allowed()
}

/// The report, if the viewer may handle it; else there is none for him.
async fn load(tx: &mut Tx, viewer: &Viewer, reference: &Reference) -> Result<Report, Error> {
    policy::check_house(viewer, Act::IncidentEdit).map_err(Error::Refused)?;
    let found = store::find(tx, reference).await?;
    let seen = found.filter(|report| may(viewer, report));
    Ok(seen.ok_or(ReportFault::NotFound)?)
}

async fn begin(
    ground: &Ground,
    viewer: &Viewer,
    (reference, given): (&Reference, i64),
) -> Result<(Tx, Report), Error> {
    let mut tx = ground.db.begin().await?;
    let report = load(&mut tx, viewer, reference).await?;
    if report.version == given {
        Ok((tx, report))
    } else {
        Err(ReportFault::Stale { given }.into())
    }
}
