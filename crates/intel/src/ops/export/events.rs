//! What stands in a file of MISP before all that is left: the events of the collection, and its
//! reports with what they refer to.

use std::collections::{HashSet, VecDeque};

use db::Tx;
use formats_misp::transfer;
use kernel::Tlp;
use serde_json::Value;
use tokio::task::spawn_blocking;

use super::{Export, PAGE};
use crate::{
    Error,
    events::ops as events,
    export::{EVENT_OBJECTS_MAX, Writer, ids_of},
    model::{Cut, Filter, Listed, PAGE_BYTES_MAX},
    store::page::{self, Asked},
};

/// So many objects are asked for by id at once.
const IDS: usize = 200;
/// Types that are an event of their own.
const REPORTS: [&str; 2] = ["report", "grouping"];

/// How far it has come.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// The number of the last event.
    event: i64,
    events_done: bool,
    /// The place of the last report that was read.
    report: i64,
    reports: VecDeque<Listed>,
    reports_done: bool,
    /// Attributes and objects that were looked at.
    pub(super) parts: i64,
}

/// The next piece; nothing where what is left comes.
pub(super) async fn next(export: &mut Export) -> Result<Option<String>, Error> {
    let Writer::Misp(_) = export.writer else {
        return Ok(None);
    };
    let types = &export.exporting.filter.types;
    if !types.is_empty()
        && !REPORTS
            .iter()
            .any(|kind| types.iter().any(|one| one == kind))
    {
        return Ok(None);
    }
    if !export.before.events_done {
        if let Some(text) = stored(export).await? {
            return Ok(Some(text));
        }
        export.before.events_done = true;
    }
    reports(export).await
}

/// The next event of the collection.
async fn stored(export: &mut Export) -> Result<Option<String>, Error> {
    let place = (export.collection.slot, export.mask);
    let mut tx = export.ground.db.begin_read().await?;
    let found = events::next_in(&mut tx, &export.viewer, place, export.before.event).await?;
    drop(tx);
    let Some((number, tlp, event)) = found else {
        return Ok(None);
    };
    export.before.event = number;
    let parts = event.attributes.len() + event.objects.len();
    export.before.parts += i64::try_from(parts).unwrap_or(i64::MAX);
    // Where the file ends below AMBER+STRICT, and for guests, what reports, remarks and clusters say for
    // the own organisation or a group stays here, and so does what stands for it in STIX.
    let is_strict = export.mask & (1 << Tlp::AmberStrict.code()) != 0;
    let stays = !is_strict || !events::sees_house(&export.viewer);
    let turned = spawn_blocking(move || {
        let (ids, mut event) = (ids_of(&event), event);
        if stays {
            transfer::leave_own(&mut event);
        }
        (ids, event)
    });
    let (ids, mut event) = turned.await.map_err(|_ended| Error::Unreadable {
        detail: "the program ended while it was written".to_owned(),
    })?;
    let Writer::Misp(writer) = &mut export.writer else {
        return Ok(None);
    };
    Ok(Some(writer.stored(&mut event, Tlp::from_code(tlp), &ids)))
}

/// The next report with what it refers to.
async fn reports(export: &mut Export) -> Result<Option<String>, Error> {
    loop {
        let Some(report) = export.before.reports.pop_front() else {
            if export.before.reports_done {
                return Ok(None);
            }
            more_reports(export).await?;
            continue;
        };
        let Writer::Misp(writer) = &export.writer else {
            return Ok(None);
        };
        if writer.has(&report) {
            continue;
        }
        let mut tx = export.ground.db.begin_read().await?;
        let (objects, over) = with_what_it_names(&mut tx, export, report).await?;
        drop(tx);
        let Writer::Misp(writer) = &mut export.writer else {
            return Ok(None);
        };
        let losses = &mut export.losses;
        losses.add("report", "object_refs", over);
        return Ok(Some(writer.report(&objects, losses)));
    }
}

async fn more_reports(export: &mut Export) -> Result<(), Error> {
    let asked_for = &export.exporting.filter;
    let is_asked = |kind: &&str| {
        asked_for.types.is_empty() || asked_for.types.iter().any(|asked| asked == kind)
    };
    let filter = Filter {
        types: REPORTS
            .into_iter()
            .filter(is_asked)
            .map(str::to_owned)
            .collect(),
        ..asked_for.clone()
    };
    let mut tx = export.ground.db.begin_read().await?;
    let page = page::listed(&mut tx, &asked(export, &filter, export.before.report)).await?;
    match page.places {
        Some((_, last)) if page.more => export.before.report = last,
        _ => export.before.reports_done = true,
    }
    export.before.reports.extend(page.content);
    Ok(())
}

fn asked<'f>(export: &Export, filter: &'f Filter, after: i64) -> Asked<'f> {
    Asked {
        slot: export.collection.slot,
        mask: export.mask,
        filter,
        cut: Cut {
            after,
            entries: PAGE,
        },
        bytes_max: PAGE_BYTES_MAX,
        is_backward: false,
    }
}

/// The report, what it refers to, and who made it; and how many references are too many.
async fn with_what_it_names(
    tx: &mut Tx,
    export: &Export,
    report: Listed,
) -> Result<(Vec<Listed>, i64), Error> {
    let mut known = HashSet::from([report.stix_id.clone()]);
    let mut objects = vec![report];
    let mut over = 0;
    // What it names, and then what that is marked with and who made it.
    for members in [
        &["object_refs", "created_by_ref", "object_marking_refs"][..],
        &["created_by_ref", "object_marking_refs"][..],
    ] {
        let mut named = Vec::new();
        for object in &objects {
            for id in names(object, members) {
                let is_report = REPORTS.iter().any(|kind| {
                    id.strip_prefix(kind)
                        .is_some_and(|rest| rest.starts_with("--"))
                });
                if is_report || !known.insert(id.clone()) {
                    continue;
                }
                if known.len() > EVENT_OBJECTS_MAX {
                    over += 1;
                } else {
                    named.push(id);
                }
            }
        }
        for ids in named.chunks(IDS) {
            let filter = Filter {
                ids: ids.to_vec(),
                ..export.exporting.filter.clone()
            };
            let mut after = 0;
            loop {
                let page = page::listed(tx, &asked(export, &filter, after)).await?;
                objects.extend(page.content);
                match page.places {
                    Some((_, last)) if page.more => after = last,
                    _ => break,
                }
            }
        }
    }
    Ok((objects, over))
}

/// The ids that stand in these members of an object.
fn names(object: &Listed, members: &[&str]) -> Vec<String> {
    let Ok(body) = serde_json::from_str::<Value>(&object.body) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for member in members {
        match body.get(*member) {
            Some(Value::String(id)) => all.push(id.clone()),
            Some(Value::Array(ids)) => {
                all.extend(ids.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            _ => {}
        }
    }
    all
}
