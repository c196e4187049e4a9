//! What a reporter does. Whoever holds the code of a report is its reporter.

use std::{net::IpAddr, time::Duration};

use audit::Ground;
use kernel::{Language, Mode, PartyCode, Timestamp, Tlp, Viewer, boxed, uuid_v7};
use sha2::{Digest, Sha256};

use super::{Whole, advance, record, save, whole};
use crate::{
    error::{Error, ReportFault},
    intake::{
        model::{
            ADDITIONS_MAX, Addition, Answers, Author, Code, Door, Reference, Report, ReportId,
            ReportState, Step, addition,
        },
        store,
    },
};

/// How many reports and additions one address brings in a minute.
pub const A_MINUTE_MAX: i64 = 30;
/// How long a draft is kept that nobody touches.
const DRAFT_DAYS: u64 = 30;
const MICROS_A_MINUTE: i64 = 60_000_000;

/// What a reporter wants to save or send.
#[derive(Clone, Debug)]
pub struct Writing {
    /// What opens the report.
    pub code: Code,
    /// What he answers.
    pub answers: Answers,
    /// The language of the form.
    pub language: Language,
    /// Whether it goes to the officers, or stays a draft.
    pub send: bool,
}

/// Where a report comes from.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The party that runs the node.
    pub party: PartyCode,
    /// The address; nothing where it is not known.
    pub address: Option<IpAddr>,
}

impl Caller {
    fn viewer(&self, mode: Mode) -> Viewer {
        Viewer::node("report-form", self.party.clone(), mode)
    }
}

/// Whether anybody may report at the public address.
#[boxed]
pub async fn is_public(ground: &Ground) -> Result<bool, Error> {
    let mut tx = ground.db.begin_read().await?;
    Ok(store::is_public(&mut tx, Mode::Real).await?)
}

/// Saves a draft or sends it. A code that is not known yet begins a report where the public address is on.
/// What was sent already stays as it is.
#[boxed]
pub async fn write(ground: &Ground, caller: &Caller, writing: Writing) -> Result<Report, Error> {
    let answers = writing.answers.bounded()?;
    let mut tx = ground.db.begin().await?;
    let there = store::opened(&mut tx, &writing.code).await?;
    let is_fresh = there.is_none();
    let report = if let Some(report) = there {
        report
    } else {
        if writing.send {
            answers.told(Mode::Real)?;
        }
        begin(&mut tx, ground, caller, &writing).await?
    };
    let is_it = report.answers.as_ref() == Some(&answers) && report.language == writing.language;
    if is_fresh && report.state == ReportState::Received && writing.send && is_it {
        // The same form was sent twice at once: it is one report.
        return Ok(report);
    }
    if report.state != ReportState::Draft {
        let (from, step) = (report.state, Step::Send);
        return Err(ReportFault::Step { from, step }.into());
    }
    let mut report = Report {
        answers: Some(answers),
        language: writing.language,
        ..report
    };
    let code = if writing.send {
        let told = report
            .answers
            .as_ref()
            .map(|answers| answers.told(report.mode));
        told.transpose()?;
        advance(&mut report, Step::Send)?;
        report.sent_at = Some(ground.now());
        "report.sent"
    } else {
        "report.drafted"
    };
    let viewer = caller.viewer(report.mode);
    let report = save(&mut tx, ground, &viewer, code, report).await?;
    tx.commit().await?;
    Ok(report)
}

/// Begins a report at the public address, where that is on, or gives the one that another call with the same
/// code has begun meanwhile. Old drafts go, so that they do not gather.
async fn begin(
    tx: &mut db::Tx,
    ground: &Ground,
    caller: &Caller,
    writing: &Writing,
) -> Result<Report, Error> {
    if !store::is_public(tx, Mode::Real).await? {
        return Err(ReportFault::NotFound.into());
    }
    take(tx, caller, ground.now()).await?;
    let old = Duration::from_hours(24 * DRAFT_DAYS);
    store::forget_drafts(tx, ground.now().minus(old)).await?;
    let report = blank(ground, Mode::Real, Door::Public, writing.language);
    if store::insert(tx, &report, Some(&writing.code)).await? {
        return Ok(report);
    }
    // Somebody was first with this code, in the same moment: his report is the one.
    let there = store::opened(tx, &writing.code).await?;
    Ok(there.ok_or(ReportFault::NotFound)?)
}

/// The report that a code opens.
#[boxed]
pub async fn open(ground: &Ground, code: &Code) -> Result<Whole, Error> {
    let mut tx = ground.db.begin_read().await?;
    let report = store::opened(&mut tx, code)
        .await?
        .ok_or(ReportFault::NotFound)?;
    whole(&mut tx, report).await
}

/// Adds to a report that was sent.
#[boxed]
pub async fn add(
    ground: &Ground,
    caller: &Caller,
    code: &Code,
    text: &str,
) -> Result<Report, Error> {
    let text = addition(text)?;
    let mut tx = ground.db.begin().await?;
    let report = store::opened(&mut tx, code)
        .await?
        .ok_or(ReportFault::NotFound)?;
    if report.state == ReportState::Draft || report.answers.is_none() {
        return Err(ReportFault::Closed.into());
    }
    take(&mut tx, caller, ground.now()).await?;
    let report = put(&mut tx, ground, report, (Author::Reporter, text)).await?;
    let viewer = caller.viewer(report.mode);
    let report = save(&mut tx, ground, &viewer, "report.added", report).await?;
    tx.commit().await?;
    Ok(report)
}

/// A report that came whole by the JSON interface, from somebody who may enter incidents.
#[boxed]
pub async fn hand_in(
    ground: &Ground,
    viewer: &Viewer,
    answers: Answers,
    language: Language,
) -> Result<(Report, Code), Error> {
    use access::policy::{Act, check_house};
    check_house(viewer, Act::IncidentCreate).map_err(Error::Refused)?;
    answers.told(viewer.mode)?;
    let answers = answers.bounded()?;
    let mut tx = ground.db.begin().await?;
    let code = Code::random(&*ground.rng);
    let mut report = blank(ground, viewer.mode, Door::Api, language);
    advance(&mut report, Step::Send)?;
    report.answers = Some(answers);
    report.sent_at = Some(ground.now());
    store::insert(&mut tx, &report, Some(&code)).await?;
    record(&mut tx, ground, viewer, "report.sent", &report).await?;
    tx.commit().await?;
    Ok((report, code))
}

/// A report before anything stands in it. Nobody outside the organisation sees what strangers tell.
pub(super) fn blank(ground: &Ground, mode: Mode, door: Door, language: Language) -> Report {
    let now = ground.now();
    Report {
        id: ReportId(uuid_v7(now, &*ground.rng)),
        reference: Reference::random(&*ground.rng),
        mode,
        tlp: Tlp::AmberStrict,
        named: Vec::new(),
        state: ReportState::Draft,
        version: 1,
        door,
        note: None,
        language,
        answers: None,
        incident: None,
        reason: None,
        split_from: None,
        created_at: now,
        updated_at: now,
        sent_at: None,
    }
}

pub(super) async fn put(
    tx: &mut db::Tx,
    ground: &Ground,
    report: Report,
    (author, text): (Author, crate::model::Prose),
) -> Result<Report, Error> {
    let there = store::additions(tx, report.id).await?.len();
    let ordinal = i64::try_from(there).unwrap_or(ADDITIONS_MAX);
    if ordinal >= ADDITIONS_MAX {
        return Err(ReportFault::Full.into());
    }
    let at = ground.now();
    store::add(tx, report.id, ordinal, &Addition { author, at, text }).await?;
    Ok(report)
}

/// Counts one for the caller's address, or says when to come back. Of IPv6 the network that one customer
/// has counts as one. What is kept is a digest, for the minute.
async fn take(tx: &mut db::Tx, caller: &Caller, now: Timestamp) -> Result<(), Error> {
    let Some(address) = caller.address else {
        return Ok(());
    };
    let network = match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6((six.to_bits() & (!0 << 64)).into()),
        four @ IpAddr::V4(_) => four,
    };
    let (minute, past) = (
        now.as_micros().div_euclid(MICROS_A_MINUTE),
        now.as_micros().rem_euclid(MICROS_A_MINUTE),
    );
    let digest = Sha256::digest(format!("comity/report-caller/v1 {minute} {network}"));
    if store::take(tx, minute, &digest.into(), A_MINUTE_MAX).await? {
        return Ok(());
    }
    let left = (MICROS_A_MINUTE - past).div_euclid(1_000_000) + 1;
    Err(ReportFault::TooMany {
        retry_after_seconds: u32::try_from(left).unwrap_or(60),
    }
    .into())
}
