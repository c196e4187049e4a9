//! Splitting an entry. Each is one transaction.

use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Viewer, boxed};
use serde_json::json;

use super::{
    model::{Chosen, Foreseen, Name, Order, Part, PartKind, Splits, choose},
    store,
};
use crate::{
    error::Error,
    evidence::ops::visible,
    merge::{
        model::{Merged, Moved, same_readers},
        ops::{move_evidence, said, seen, settle},
        store::carry,
    },
    model::{Facts, HarmFigure, Incident, Prose},
    ops::{create_in, load, save},
    record::{self, Code},
    severity::Evidence,
    store::{
        harm, indicators, parts as rows, severity,
        work::{self, add_changes, stir},
    },
};

/// The entry, and what of it can be chosen.
#[boxed]
pub async fn parts(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
) -> Result<(Incident, Vec<Part>), Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let (all, _) = all(&mut tx, viewer, &incident).await?;
    Ok((incident, all))
}

/// What would happen if these parts went to a new entry. Nothing happens.
#[boxed]
pub async fn preview(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    wanted: &[Name],
) -> Result<Foreseen, Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    foresee(&mut tx, viewer, incident, wanted).await
}

async fn foresee(
    tx: &mut Tx,
    viewer: &Viewer,
    incident: Incident,
    wanted: &[Name],
) -> Result<Foreseen, Error> {
    let (all, figures) = all(tx, viewer, &incident).await?;
    let (parts, along) = choose(&all, &figures, wanted)?;
    let chosen = Chosen::of(&parts);
    for assessment in severity::assessments(tx, incident.id).await? {
        let opinions = assessment.judgements.values().map(|one| &one.opinion);
        let mut cited = opinions.flat_map(|opinion| &opinion.evidence);
        let goes = |evidence: &Evidence| match evidence {
            Evidence::Link(kind, target) => {
                let mut links = chosen.links.iter();
                links.any(|(one, other)| one == kind.as_str() && other == target.as_str())
            }
            Evidence::Document(_) | Evidence::File(_) => false,
        };
        if cited.any(goes) {
            let why = "incident.split_cited";
            return Err(Error::Unmergeable { why });
        }
    }
    Ok(Foreseen {
        incident,
        parts,
        along,
    })
}

/// What can be chosen, and the figures of harm, which name one another.
async fn all(
    tx: &mut Tx,
    viewer: &Viewer,
    incident: &Incident,
) -> Result<(Vec<Part>, Vec<HarmFigure>), Error> {
    let id = incident.id;
    let mut all = store::timeline(tx, id).await?;
    let figures = harm::harm(tx, id).await?;
    all.extend(figures.iter().enumerate().map(|(number, one)| {
        let (low, high) = one.bound.ends();
        let value = if low == high {
            low.to_string()
        } else {
            format!("{low}–{high}")
        };
        let about = format!("{value} {}", one.unit.as_str());
        Part::new(
            (PartKind::Harm, number.to_string()),
            one.what.as_str(),
            about,
        )
    }));
    let said = rows::statements(tx, id).await?;
    all.extend(said.iter().enumerate().map(|(number, one)| {
        let name = (PartKind::Statements, number.to_string());
        Part::new(name, one.says.as_str(), one.by.to_string())
    }));
    all.extend(work::tasks(tx, id).await?.iter().map(|one| {
        let about = one.facts.assignee.clone().unwrap_or_default();
        let name = (PartKind::Tasks, one.number.to_string());
        Part::new(name, one.facts.title.as_str(), about)
    }));
    all.extend(work::notes(tx, id).await?.iter().map(|one| {
        let name = (PartKind::Notes, one.ordinal.to_string());
        Part::new(name, one.body.as_str(), one.written.1.to_string())
    }));
    let kept = indicators::page(tx, id, 0, i64::MAX).await?;
    all.extend(kept.iter().map(|one| {
        let about = one.value.kind().name().to_owned();
        let name = (PartKind::Indicators, one.ordinal.to_string());
        Part::new(name, &one.value.to_string(), about)
    }));
    all.extend(visible(tx, viewer, incident).await?.iter().map(|one| {
        let about = format!("SHA-256 {}", kernel::hex(&one.sha256));
        let name = (PartKind::Evidence, one.number.to_string());
        Part::new(name, one.facts.name.as_str(), about)
    }));
    all.extend(rows::links(tx, id).await?.iter().map(|one| {
        let name = (PartKind::Links, format!("{} {}", one.kind, one.target));
        Part::new(name, one.label.as_str(), one.target.to_string())
    }));
    Ok((all, figures))
}

/// Splits an entry that is at the version at which the caller saw it. Gives the new entry, and the old
/// one as it stands then.
#[boxed]
pub async fn split(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    order: &Order,
) -> Result<(Incident, Incident), Error> {
    let mut tx = ground.db.begin().await?;
    // The lock first, so that what is read after it stays so until the end.
    let held = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    stir(&mut tx, held.id, held.updated_at).await?;
    let old = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    let (given, current) = (order.version, old.version);
    if given != current {
        return Err(Error::Stale { given, current });
    }
    let seen = foresee(&mut tx, viewer, old, &order.parts).await?;
    let old = seen.incident;
    let all: Vec<Part> = seen.parts.into_iter().chain(seen.along).collect();
    let chosen = Chosen::of(&all);
    let facts = Facts {
        title: order.title.clone(),
        description: Prose::default(),
        ..old.facts.clone()
    };
    let new = create_in(&mut tx, ground, viewer, facts).await?;
    if !same_readers(&old.facts, &new.facts) {
        let why = "incident.merge_other_readers";
        return Err(Error::Unmergeable { why });
    }
    let pair = (old.id, new.id);
    store::move_out(&mut tx, pair, &chosen.numbers).await?;
    let moved = Moved {
        links: chosen.links.clone(),
        ..Moved::default()
    };
    carry(&mut tx, pair, &moved).await?;
    let (by, reason) = (viewer.label(), order.reason.as_str());
    store::add(&mut tx, pair, (&by, ground.now(), reason)).await?;
    let old = save(&mut tx, ground, old).await?;
    let changes = [said(&old, "split_off", (&new, &order.reason))];
    add_changes(&mut tx, old.id, &changes).await?;
    let changes = [said(&new, "split_from", (&old, &order.reason))];
    add_changes(&mut tx, new.id, &changes).await?;
    settle(&mut tx, ground, (&old, &new)).await?;
    move_evidence(&mut tx, (ground, viewer), (&old, &new), 1..i64::MAX).await?;
    let body = json!({ "from": old.public, "into": new.public,
        "parts": &chosen.numbers, "links": &chosen.links });
    record::added(&mut tx, ground, viewer, Code::SplitOff, (&old, &body)).await?;
    record::added(&mut tx, ground, viewer, Code::SplitFrom, (&new, &body)).await?;
    tx.commit().await?;
    Ok((new, old))
}

/// From which entry this one was split, and which were split from it, as far as the viewer may see
/// those.
#[boxed]
pub async fn splits(ground: &Ground, viewer: &Viewer, id: IncidentRef) -> Result<Splits, Error> {
    let mut tx = ground.db.begin_read().await?;
    let incident = load(&mut tx, viewer, Act::IncidentRead, id).await?;
    splits_in(&mut tx, viewer, &incident).await
}

/// [`splits`] of an entry that the viewer may read.
pub(crate) async fn splits_in(
    tx: &mut Tx,
    viewer: &Viewer,
    incident: &Incident,
) -> Result<Splits, Error> {
    let from = store::splits(tx, incident.id, true).await?;
    let off = store::splits(tx, incident.id, false).await?;
    Ok(Splits {
        from: shown(tx, viewer, from).await?.pop(),
        off: shown(tx, viewer, off).await?,
    })
}

async fn shown(tx: &mut Tx, viewer: &Viewer, all: Vec<Merged>) -> Result<Vec<Merged>, Error> {
    let mut shown = Vec::new();
    for one in all {
        if seen(tx, viewer, one.other).await? {
            shown.push(one);
        }
    }
    Ok(shown)
}
