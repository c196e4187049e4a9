//! How what the room knows becomes bodies.

use federation::state::Delivery;

use super::view::{
    DifferingBody, IncomingBody, LabelBody, OutgoingBody, PeerBody, PeerRowBody, PreviewBody,
    ReachedBody, SentBody, TallyBody, TrafficBody, UnkeptBody,
};
use crate::{
    model::{SentRow, Tally},
    ops::{
        Differing, IncomingView, OutgoingView, PeerRow, PeerView, Preview, Reached, Stays, Traffic,
    },
};

impl From<&Tally> for TallyBody {
    fn from(tally: &Tally) -> Self {
        Self {
            items: tally.items,
            sum: tally.sum.to_string(),
        }
    }
}

impl From<&federation::protocol::Tally> for TallyBody {
    fn from(tally: &federation::protocol::Tally) -> Self {
        Self {
            items: tally.count,
            sum: kernel::hex(&tally.sum),
        }
    }
}

impl From<PeerRow> for PeerRowBody {
    fn from(row: PeerRow) -> Self {
        Self {
            party: row.party,
            outgoing: row.outgoing,
            incoming: row.incoming,
            offered: row.offered,
            differing: row.differing,
            unconfirmed: row.unconfirmed,
            gaps: row.gaps,
        }
    }
}

impl From<&PeerView> for PeerBody {
    fn from(view: &PeerView) -> Self {
        Self {
            party: view.party.clone(),
            traffic: TrafficBody::from(&view.traffic),
            outgoing: view.outgoing.iter().map(OutgoingBody::from).collect(),
            incoming: view.incoming.iter().map(IncomingBody::from).collect(),
        }
    }
}

impl From<&Traffic> for TrafficBody {
    fn from(traffic: &Traffic) -> Self {
        let word = |gap: &federation::protocol::Gap| {
            let word = serde_json::to_value(gap).ok();
            let word = word.as_ref().and_then(serde_json::Value::as_str);
            word.unwrap_or_default().to_owned()
        };
        Self {
            heard_at: traffic.heard_at,
            sent: TallyBody::from(&traffic.sent),
            received: TallyBody::from(&traffic.received),
            gaps: traffic
                .gaps
                .iter()
                .map(|(id, gap)| (id.to_string(), word(gap)))
                .collect(),
        }
    }
}

impl From<&OutgoingView> for OutgoingBody {
    fn from(view: &OutgoingView) -> Self {
        let share = &view.share;
        Self {
            id: share.id.to_string(),
            party: share.party.clone(),
            collection: share.collection.to_string(),
            title: share.title.clone(),
            state: share.state.as_str().to_owned(),
            via: share.via.map(|circle| circle.to_string()),
            sequence: share.sequence,
            digest: TallyBody::from(&share.tally),
            theirs: share
                .theirs
                .as_ref()
                .map(|held| TallyBody::from(&held.tally)),
            their_sequence: share.theirs.as_ref().map(|held| held.sequence),
            verdict: view.verdict.as_str().to_owned(),
            compared_at: share.compared_at,
            sent: view.sent.iter().map(SentBody::from).collect(),
            differences: view.gaps.iter().map(DifferingBody::from).collect(),
        }
    }
}

impl From<&(SentRow, Option<Delivery>)> for SentBody {
    fn from((row, delivery): &(SentRow, Option<Delivery>)) -> Self {
        Self {
            sequence: row.sequence,
            kind: row.kind.as_str().to_owned(),
            message: row.message,
            items: row.items,
            sent_at: row.sent_at,
            delivery: delivery.as_ref().map(|delivery| delivery.code().to_owned()),
            confirmed_at: row.confirmed_at,
            removed: row.removed,
            onward: row.onward.map(|onward| onward.as_str().to_owned()),
        }
    }
}

impl From<&Differing> for DifferingBody {
    fn from(differing: &Differing) -> Self {
        Self {
            object: differing.stix_id.clone(),
            sha256: differing.sha256.clone(),
            difference: differing.gap.as_str().to_owned(),
            since: differing.since,
        }
    }
}

impl From<&IncomingView> for IncomingBody {
    fn from(view: &IncomingView) -> Self {
        let share = &view.share;
        let kept = view.place.as_ref();
        Self {
            id: share.id.to_string(),
            party: share.party.clone(),
            collection: share.collection.to_string(),
            title: share.about.title.clone(),
            description: share.about.description.clone(),
            ceiling: share.about.ceiling.to_string(),
            onward: share.about.onward,
            state: share.state.as_str().to_owned(),
            via: share.via.map(|circle| circle.to_string()),
            kept_in: kept.map(|(root, id)| (root.clone(), id.uuid().to_string())),
            sequence: share.sequence,
            waiting: view.waiting,
            digest: TallyBody::from(&share.tally),
            stated: TallyBody::from(&share.stated),
            verdict: view.verdict.as_str().to_owned(),
            compared_at: share.compared_at,
            not_kept: view
                .unkept
                .iter()
                .map(|(object, version, code)| UnkeptBody {
                    object: object.clone(),
                    version: version.clone(),
                    code: code.clone(),
                })
                .collect(),
        }
    }
}

impl From<&Preview> for PreviewBody {
    fn from(preview: &Preview) -> Self {
        let label = |(tlp, versions, stays): &(kernel::Tlp, i64, Option<Stays>)| LabelBody {
            tlp: tlp.to_string(),
            versions: *versions,
            stays: stays.map(|why| why.code().to_owned()),
        };
        Self {
            parties: preview.parties.iter().map(ReachedBody::from).collect(),
            labels: preview.labels.iter().map(label).collect(),
        }
    }
}

impl From<&Reached> for ReachedBody {
    fn from(reached: &Reached) -> Self {
        Self {
            party: reached.party.clone(),
            via: reached.via.map(|circle| circle.to_string()),
            new: reached.new,
            waits: reached.waits.map(|reason| reason.code().to_owned()),
        }
    }
}
