use access::policy::{self, Act, Subject};
use audit::Ground;
use db::Tx;
use kernel::{IncidentId, IncidentRef, Mode, Tlp, Viewer, boxed};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{assess::settle, subject, view::complete};
use crate::{
    clocks::Clocks,
    error::Error,
    model::{Case, ShippedMark},
    record, reporting, shipped, store,
    store::{
        clocks, course, parts, severity,
        taken::{self, Taken, Unread},
        writing::{self, Parts},
    },
    taxonomy,
    wire::{CaseBody, LINE_BYTES_MAX, transfer},
};

/// How many lines are kept that nobody here understands.
const UNREAD_MAX: i64 = 100_000;

/// What became of a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The entry was not there.
    Created,
    /// The entry has changed since it was taken in.
    Updated,
    /// The entry was there as it is.
    Unchanged,
    /// The entry was changed here: left as it is.
    KeptOurs,
    /// The line is not understood: kept as it stands, and part of the next export.
    Unread,
    /// The line is for another mode, or its label lets nobody here take it in.
    Refused,
}

/// What became of one line of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TakenLine {
    /// What became of it.
    pub outcome: Outcome,
    /// The entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentRef>,
    /// Where something stands that is kept but not understood, as JSON pointers; or why the whole
    /// line is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmapped: Vec<String>,
}

/// Takes in lines that another register wrote, or this one: entries with everything that belongs to
/// them, under the ids that they have. The same line a second time changes nothing; what was edited
/// here stays. What is not understood is kept and written again with the next export.
pub async fn take_in(
    ground: &Ground,
    viewer: &Viewer,
    lines: &[Value],
) -> Result<Vec<TakenLine>, Error> {
    policy::check_house(viewer, Act::IncidentImport).map_err(Error::Refused)?;
    let mut tx = ground.db.begin().await?;
    let mut done = Vec::with_capacity(lines.len());
    for line in lines {
        done.push(take_line(&mut tx, ground, viewer, line).await?);
    }
    tx.commit().await?;
    Ok(done)
}

/// The lines that were not understood when they were taken in, after the one with this digest: for
/// the next export. Gives where to go on, if there are more.
#[boxed]
pub async fn export_unread(
    ground: &Ground,
    viewer: &Viewer,
    after: Option<[u8; 32]>,
) -> Result<(Vec<String>, Option<[u8; 32]>), Error> {
    const LINES: u16 = 200;
    policy::check_house(viewer, Act::IncidentExport).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    let after = after.as_ref().map_or(&[][..], <[u8; 32]>::as_slice);
    let found = taken::unread(&mut tx, viewer.mode, after, LINES).await?;
    let next = found.last().map(|unread| unread.sha256);
    let next = next.filter(|_| found.len() == usize::from(LINES));
    let lines = found.into_iter().filter(|unread| {
        let subject = Subject::content(viewer.mode, unread.tlp, false);
        policy::decide(viewer, Act::IncidentExport, &subject).is_allowed()
    });
    Ok((lines.map(|unread| unread.line).collect(), next))
}

async fn take_line(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    line: &Value,
) -> Result<TakenLine, Error> {
    let said = |outcome, incident, unmapped| {
        Ok(TakenLine {
            outcome,
            incident,
            unmapped,
        })
    };
    let sha256: [u8; 32] = Sha256::digest(line.to_string()).into();
    let id = IncidentId::new(&*ground.clock, &*ground.rng);
    let read = transfer::read(line.clone());
    let other_mode = |exercise| Mode::from_exercise(exercise) != viewer.mode;
    if read
        .as_ref()
        .is_ok_and(|(body, _)| other_mode(body.exercise))
    {
        let why = "real and exercise data are never mixed: it is of the other mode".to_owned();
        return said(Outcome::Refused, None, vec![why]);
    }
    let read = read.and_then(|(body, kept)| {
        let case = body.into_case(id).map_err(|invalid| invalid.to_string())?;
        Ok((case, kept))
    });
    let (case, kept) = match read {
        Ok(read) => read,
        Err(why) => return keep_unread(tx, ground, viewer, line, sha256, why).await,
    };
    let public = case.incident.public;
    let subject = subject(viewer, &case.incident);
    if let Err(refused) = policy::check(viewer, Act::IncidentImport, &subject) {
        return said(Outcome::Refused, Some(public), vec![refused.to_string()]);
    }
    let unmapped = kept.keys().filter(|at| *at != transfer::PAST);
    let unmapped = unmapped.cloned().collect();
    let outcome = bring_in(tx, ground, viewer, case, Mark { sha256, kept }).await?;
    said(outcome, Some(public), unmapped)
}

async fn keep_unread(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    line: &Value,
    sha256: [u8; 32],
    why: String,
) -> Result<TakenLine, Error> {
    // Where a label stands that nobody can read, nobody may see what it marks.
    let label = line.pointer("/incident/facts/tlp");
    let unread = Unread {
        sha256,
        tlp: match label {
            None => Tlp::AmberStrict,
            Some(label) => Tlp::from_foreign(Some(label.as_str().unwrap_or("unreadable"))),
        },
        line: line.to_string(),
    };
    let subject = Subject::content(viewer.mode, unread.tlp, false);
    let refused = policy::check(viewer, Act::IncidentImport, &subject).err();
    let full = unread.line.len() > LINE_BYTES_MAX || taken::count_unread(tx).await? >= UNREAD_MAX;
    let (outcome, unmapped) = match refused {
        Some(refused) => (Outcome::Refused, vec![why, refused.to_string()]),
        None if full => (
            Outcome::Refused,
            vec![why, "no room is left to keep it".to_owned()],
        ),
        None => {
            taken::keep_unread(tx, viewer.mode, &unread, ground.now()).await?;
            (Outcome::Unread, vec![why])
        }
    };
    Ok(TakenLine {
        outcome,
        incident: None,
        unmapped,
    })
}

/// What is remembered of where an entry came from.
pub(crate) struct Mark {
    pub(crate) sha256: [u8; 32],
    pub(crate) kept: Map<String, Value>,
}

/// Writes an entry that came from elsewhere, unless it is there or was edited here.
pub(crate) async fn bring_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    mut case: Case,
    mark: Mark,
) -> Result<Outcome, Error> {
    let outcome = match store::find(tx, case.incident.public).await? {
        None => Outcome::Created,
        Some(there) => {
            let taken = taken::find(tx, there.id).await?;
            if taken
                .as_ref()
                .is_some_and(|taken| taken.sha256 == mark.sha256)
            {
                return Ok(Outcome::Unchanged);
            }
            let ours = complete(tx, there).await?;
            if CaseBody::from(&ours).content() == CaseBody::from(&case).content() {
                // What goes along may say more by now, and is no edit of the entry.
                if let Some(taken) = taken.filter(|taken| taken.kept != mark.kept) {
                    let kept = mark.kept;
                    taken::save(tx, ours.incident.id, &Taken { kept, ..taken }).await?;
                }
                return Ok(Outcome::Unchanged);
            }
            let (id, version) = (ours.incident.id, ours.incident.version);
            if taken.is_none_or(|taken| taken.version != version) {
                return Ok(Outcome::KeptOurs);
            }
            let there = ours.incident;
            case.incident.id = id;
            case.incident.version = version + 1;
            case.incident.created_at = there.created_at;
            case.incident.shipped = there.shipped;
            Outcome::Updated
        }
    };
    if outcome == Outcome::Created {
        case.incident.shipped = shipped_mark(&case)?;
    }
    if !store::save(tx, &case.incident).await? {
        return Ok(Outcome::KeptOurs);
    }
    write_parts(tx, ground, &case).await?;
    if case.clocks != Clocks::default() {
        reporting::plan(tx, ground, case.incident.id).await?;
    }
    let taken = Taken {
        sha256: mark.sha256,
        version: case.incident.version,
        kept: mark.kept,
    };
    taken::save(tx, case.incident.id, &taken).await?;
    record::act(tx, ground, viewer, record::Code::TakenIn, &case.incident).await?;
    Ok(outcome)
}

/// An entry that ships with the program goes on being one, so that `import_shipped` finds it. If it
/// was edited where it comes from, it counts as edited here.
fn shipped_mark(case: &Case) -> Result<Option<ShippedMark>, Error> {
    let ships = shipped::all()?;
    let Some(file) = ships
        .into_iter()
        .find(|file| file.public == case.incident.public)
    else {
        return Ok(None);
    };
    let as_shipped = file.facts == case.incident.facts
        && file.timeline.len() == case.timeline.len()
        && file.harm == case.harm
        && file.assessment.as_slice() == case.assessments
        && case.ratings.is_empty()
        && case.clocks == Clocks::default()
        && file.course == case.course
        && case.classes.is_empty()
        && file.statements == case.statements;
    Ok(Some(ShippedMark {
        key: file.key.to_owned(),
        sha256: Sha256::digest(file.text).into(),
        version: if as_shipped { case.incident.version } else { 0 },
    }))
}

async fn write_parts(tx: &mut Tx, ground: &Ground, case: &Case) -> Result<(), Error> {
    let id = case.incident.id;
    parts::clear(tx, id).await?;
    let all = Parts {
        incident: id,
        timeline: &case.timeline,
        harm: &case.harm,
        statements: &case.statements,
    };
    writing::write(tx, &[all]).await?;
    severity::replace(tx, id, &case.assessments, &case.ratings).await?;
    clocks::replace_clocks(tx, id, &case.clocks).await?;
    course::replace(tx, id, &case.course).await?;
    taxonomy::store::replace(tx, id, &case.classes).await?;
    settle(tx, &case.incident, case.assessments.last()).await?;
    // Links and files are listed by when they came: one after the other, in the order of the line.
    let step = std::time::Duration::from_micros(1);
    let mut at = writing::put_links(tx, [(id, case.links.as_slice())], ground.now()).await?;
    for file in &case.attachments {
        parts::add_attachment(tx, id, file, at).await?;
        at = at.plus(step);
    }
    Ok(())
}
