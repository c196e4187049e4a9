//! What became of an entry, as a line of an export carries it: evidence and its custody, merges and
//! splits, reports for authorities. Another register keeps it as what the first one said, and hands it on;
//! none acts on it.

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{Viewer, boxed};
use serde_json::{Map, Value, json};

use super::subject;
use crate::{
    error::Error,
    evidence::{
        self,
        model::Deed,
        ops::Said,
        wire::{ItemBody, LineBody},
    },
    merge::{self, model::Merged, wire::MergesBody},
    model::Incident,
    reporting::submission::{self, wire::SubmissionBody},
    split::{self, wire::SplitsBody},
    store::{self, clocks::clocks},
    wire::LINE_BYTES_MAX,
};

/// How much custody goes into one line, whose most is [`LINE_BYTES_MAX`].
const CUSTODY_BYTES_MAX: usize = LINE_BYTES_MAX / 2;

/// What became of an entry, as far as the viewer may know it and its label guards it; nothing where
/// nothing did. That its custody
/// was written out is a line of each item's.
#[boxed]
pub(super) async fn past(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    incident: &Incident,
) -> Result<Option<Map<String, Value>>, Error> {
    let mut past = Map::new();
    let mut put = |name: &str, value: Value| past.insert(name.to_owned(), value);
    let mut merges = merge::ops::merges_in(tx, viewer, incident).await?;
    merges.from = no_stricter(tx, incident, merges.from).await?;
    merges.into = no_stricter(tx, incident, merges.into).await?.pop();
    if merges.into.is_some() || !merges.from.is_empty() {
        put("merges", json!(MergesBody::from(&merges)));
    }
    let mut splits = split::ops::splits_in(tx, viewer, incident).await?;
    splits.off = no_stricter(tx, incident, splits.off).await?;
    splits.from = no_stricter(tx, incident, splits.from).await?.pop();
    if splits.from.is_some() || !splits.off.is_empty() {
        put("splits", json!(SplitsBody::from(&splits)));
    }
    let sees = policy::decide(viewer, Act::CaseRead, &subject(viewer, incident));
    if sees.is_allowed() {
        let items = custody(tx, ground, viewer, incident).await?;
        if !items.is_empty() {
            put("evidence", within(items));
        }
        let clocks = clocks(tx, incident.id).await?;
        let written = submission::store::submissions(tx, incident.id).await?;
        let written = written.iter();
        let bodies = written.map(|one| SubmissionBody::new(one, &clocks, ground.now()));
        let bodies: Vec<SubmissionBody> = bodies.collect::<Result<_, Error>>()?;
        if !bodies.is_empty() {
            put("submissions", json!(bodies));
        }
    }
    if past.is_empty() {
        return Ok(None);
    }
    past.insert("register".to_owned(), json!(viewer.party));
    Ok(Some(past))
}

/// Those of other entries whose label is no stricter: what goes along is guarded by the label of this
/// entry alone where it arrives.
async fn no_stricter(
    tx: &mut Tx,
    incident: &Incident,
    all: impl IntoIterator<Item = Merged>,
) -> Result<Vec<Merged>, Error> {
    let mut kept = Vec::new();
    for one in all {
        let other = store::find(tx, one.other).await?;
        if other.is_some_and(|other| other.facts.tlp <= incident.facts.tlp) {
            kept.push(one);
        }
    }
    Ok(kept)
}

/// The items, without the lines of their custody where these are more than a line of the export holds.
fn within(items: Vec<Value>) -> Value {
    let all = Value::Array(items);
    if all.to_string().len() <= CUSTODY_BYTES_MAX {
        return all;
    }
    let Value::Array(items) = all else { return all };
    let bare = items.into_iter().map(|mut item| {
        if let Some(members) = item.as_object_mut() {
            members.insert("custody".to_owned(), Value::Null);
        }
        item
    });
    Value::Array(bare.collect())
}

/// The items of evidence, each with its custody.
async fn custody(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    incident: &Incident,
) -> Result<Vec<Value>, Error> {
    let mut all = Vec::new();
    let mut items = evidence::ops::visible(tx, viewer, incident).await?;
    items.retain(|item| item.facts.tlp <= incident.facts.tlp);
    for item in items {
        let (at, deed) = (
            (incident.public, item.id),
            (Deed::Exported, Said::default()),
        );
        evidence::ops::record(tx, ground, viewer, at, deed).await?;
        let lines = evidence::store::lines(tx, item.id).await?;
        let custody: Vec<LineBody> = lines.iter().map(LineBody::from).collect();
        all.push(json!({ "item": ItemBody::from(&item), "custody": custody }));
    }
    Ok(all)
}
