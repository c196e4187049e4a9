//! Attributes in lists of an event, and words for what MISP writes as numbers.

use formats_misp::full::{self, Distribution};
use intel::events::model::Detail;
use kernel::Tlp;

use crate::{
    pages::{
        events::moment,
        object::stix_text::{plain, shortened},
    },
    views::event::AttributeRow,
};

/// The longest value and remark of a line, in characters.
const TEXT_CHARS_MAX: usize = 1_000;

/// An attribute in a list of an event with that label.
pub(super) fn row(event: Tlp, detail: &Detail) -> AttributeRow {
    let (attribute, record) = (&detail.attribute, &detail.record);
    let tlp = Tlp::from_code(attribute.tlp);
    let clusters = record.galaxies.iter().flat_map(|galaxy| &galaxy.clusters);
    let clusters = clusters.filter_map(|cluster| cluster.value.as_deref());
    let mut tags = tags(&record.tags);
    tags.extend(clusters.map(plain));
    let live = record
        .proposals
        .iter()
        .filter(|one| one.deleted != Some(true));
    let proposals = live.filter_map(|proposal| proposal.value.as_deref());
    AttributeRow {
        kind: plain(&attribute.kind),
        category: plain(&attribute.category),
        relation: plain(&attribute.relation),
        value: short(&attribute.value),
        comment: short(record.comment.as_deref().unwrap_or_default()),
        tlp: (tlp > event).then_some(tlp),
        is_for_detection: attribute.to_ids,
        has_file: matches!(attribute.kind.as_str(), "attachment" | "malware-sample"),
        tags,
        proposals: proposals.map(short).collect(),
        seen: number(detail.sightings.seen),
        false_positives: number(detail.sightings.false_positives),
        expired: number(detail.sightings.expirations),
        more_sightings: detail.more_sightings,
        events: (!detail.common).then(|| u64::try_from(detail.events).unwrap_or_default()),
        listed: detail.listed.iter().map(|list| plain(&list.name)).collect(),
        changed: moment(attribute.timestamp),
    }
}

pub(super) fn tags(tags: &[full::Tag]) -> Vec<String> {
    let names = tags.iter().filter_map(|tag| tag.name.as_deref());
    names.map(plain).collect()
}

pub(super) fn short(text: &str) -> String {
    shortened(text, TEXT_CHARS_MAX)
}

pub(super) fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

pub(super) fn distribution(distribution: Option<Distribution>) -> &'static str {
    match distribution {
        Some(Distribution::Organisation) | None => "organisation",
        Some(Distribution::Community) => "community",
        Some(Distribution::Connected) => "connected",
        Some(Distribution::All) => "all",
        Some(Distribution::SharingGroup) => "sharing-group",
        Some(Distribution::Inherited) => "inherited",
    }
}
