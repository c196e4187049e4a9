//! Events in a line.

use intel::events::{
    model::Indexed,
    ops::{Seen, head},
};
use serde_json::{Value, json};

use super::json::put;
use crate::answer::Fail;

/// An event of an index; the few members that servers compare, where only these are asked for.
pub(crate) fn line(seen: &Seen, minimal: bool) -> Result<Value, Fail> {
    let event = &seen.event;
    if minimal {
        return Ok(entry(&Indexed {
            id: event.id,
            uuid: event.uuid,
            tlp: event.tlp,
            timestamp: event.timestamp,
            sighted_at: event.sighted_at,
            published: event.published,
            locked: event.locked,
            distribution: event.distribution,
            orgc: seen.orgc.uuid,
        }));
    }
    let mut line = stub(seen);
    let head = head(seen)?;
    let org = |one: &intel::events::model::Org| json!({ "id": one.id.to_string(), "name": one.name, "uuid": one.uuid.to_string() });
    let tags = head.tags.iter().map(|tag| {
        json!({
            "id": event.id.to_string(), "event_id": event.id.to_string(),
            "tag_id": tag.id.unwrap_or_default().to_string(),
            "local": tag.local.unwrap_or_default(), "relationship_type": tag.relationship_type,
            "Tag": tag,
        })
    });
    put(&mut line, "EventTag", tags.collect());
    put(&mut line, "Org", org(&seen.org));
    put(&mut line, "Orgc", org(&seen.orgc));
    put(&mut line, "GalaxyCluster", json!([]));
    Ok(line)
}

/// An event of a minimal index: the few members that instances compare.
pub(crate) fn entry(event: &Indexed) -> Value {
    json!({
        "id": event.id.to_string(),
        "uuid": event.uuid.to_string(),
        "timestamp": event.timestamp.to_string(),
        "sighting_timestamp": event.sighted_at.to_string(),
        "published": event.published,
        "orgc_uuid": event.orgc.to_string(),
    })
}

/// What an attribute or a sighting says of its event.
pub(crate) fn stub(seen: &Seen) -> Value {
    let event = &seen.event;
    json!({
        "id": event.id.to_string(),
        "uuid": event.uuid.to_string(),
        "org_id": event.org.to_string(),
        "orgc_id": event.orgc.to_string(),
        "info": event.info,
        "date": event.date,
        "published": event.published,
        "analysis": event.analysis.to_string(),
        "threat_level_id": event.threat_level.to_string(),
        "distribution": event.distribution.to_string(),
        "attribute_count": seen.attributes.to_string(),
        "timestamp": event.timestamp.to_string(),
        "publish_timestamp": event.publish_timestamp.to_string(),
        "sighting_timestamp": event.sighted_at.to_string(),
        "sharing_group_id": "0",
        "locked": event.locked,
        "proposal_email_lock": false,
        "disable_correlation": false,
        "extends_uuid": "",
    })
}
