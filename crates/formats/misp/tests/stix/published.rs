//! Events as their makers published them, as STIX and back.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use formats_misp::{
    full::{Attribute, Event},
    stix::{from_stix, to_stix},
};

use crate::{faults, read};

/// The data that tests share, beside the workspace unless the environment says otherwise.
fn data() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their environment"
    )]
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..");
    given.map_or_else(|_| root.join("../shared/data"), PathBuf::from)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json")
            // One file beside the events is another thing.
            && !path.ends_with("rqz-dnsduvel_blocklist.json")
        {
            found.push(path);
        }
    }
}

fn events() -> Vec<Event> {
    let mut paths = Vec::new();
    files(&data().join("misp-events"), &mut paths);
    paths.sort();
    paths
        .iter()
        .flat_map(|path| read(&fs::read(path).unwrap()))
        .collect()
}

/// What an attribute says, and what of it comes back, by its UUID.
fn said(event: &Event) -> BTreeMap<String, Attribute> {
    let of_objects = event.objects.iter().flat_map(|object| &object.attributes);
    let all = event.attributes.iter().chain(of_objects).map(|one| {
        let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let attribute = Attribute {
            kind: one.kind.clone(),
            category: one.category.clone(),
            value: one.value.clone(),
            to_ids: one.to_ids,
            comment: text(&one.comment),
            data: one.data.clone(),
            object_relation: one.object_relation.clone(),
            timestamp: one.timestamp,
            distribution: one.distribution,
            first_seen: text(&one.first_seen),
            last_seen: text(&one.last_seen),
            deleted: Some(one.deleted == Some(true)),
            ..Attribute::default()
        };
        (one.uuid.clone().unwrap(), attribute)
    });
    all.collect()
}

#[test]
fn published_events_come_back_from_stix() {
    for event in events() {
        let (objects, losses) = to_stix(&event);
        assert_eq!(faults(&objects), Vec::<String>::new());
        let broken = losses
            .iter()
            .filter(|loss| loss.name.contains("no object of STIX"));
        assert_eq!(
            broken.map(ToString::to_string).collect::<Vec<_>>(),
            Vec::<String>::new()
        );
        let (back, lost) = from_stix(&objects);
        assert_eq!(
            lost.iter().map(ToString::to_string).collect::<Vec<_>>(),
            Vec::<String>::new()
        );
        assert_eq!(
            (
                &back.uuid,
                &back.info,
                &back.date,
                back.timestamp,
                back.published
            ),
            (
                &event.uuid,
                &event.info,
                &event.date,
                event.timestamp,
                event.published
            )
        );
        let (before, after) = (said(&event), said(&back));
        for (uuid, attribute) in &before {
            assert_eq!(after.get(uuid), Some(attribute), "{uuid}");
        }
        assert_eq!(before.len(), after.len());
        let objects = |event: &Event| {
            let objects = event.objects.iter();
            let shape = |object: &formats_misp::full::Object| {
                (
                    object.uuid.clone(),
                    object.name.clone(),
                    object.attributes.len(),
                    object.references.len(),
                )
            };
            objects.map(shape).collect::<Vec<_>>()
        };
        assert_eq!(objects(&back), objects(&event));
        let tags = |event: &Event| {
            let shared = event.tags.iter().filter(|tag| tag.local != Some(true));
            let mut names: Vec<_> = shared.filter_map(|tag| tag.name.clone()).collect();
            names.sort();
            names
        };
        assert_eq!(tags(&back), tags(&event));
    }
}

#[test]
fn what_published_events_lose_is_known() {
    let mut counts = BTreeMap::<_, u64>::new();
    for event in events() {
        for loss in to_stix(&event).1 {
            let name = loss
                .place
                .rsplit('/')
                .find(|step| step.starts_with(char::is_uppercase));
            let name = format!("{} {}", name.unwrap_or_default(), loss.name);
            *counts.entry(name).or_default() += loss.count;
        }
    }
    let names: Vec<_> = counts.into_keys().collect();
    insta::assert_snapshot!(names.join("\n"), @r#"
    Attribute event_id
    Attribute id
    Attribute object_id
    Attribute validationIssue
    Event Org
    Event RelatedEvent
    Event attribute_count
    Event event_creator_email
    Event id
    Event org_id
    Event orgc_id
    Galaxy description
    Galaxy enabled
    Galaxy icon
    Galaxy id
    Galaxy kill_chain_order
    Galaxy namespace
    Galaxy version
    GalaxyCluster GalaxyClusterRelation
    GalaxyCluster Org
    GalaxyCluster Orgc
    GalaxyCluster TargetingClusterRelation
    GalaxyCluster authors
    GalaxyCluster collection_uuid
    GalaxyCluster default
    GalaxyCluster distribution
    GalaxyCluster event_tag_id
    GalaxyCluster galaxy_id
    GalaxyCluster id
    GalaxyCluster org_id
    GalaxyCluster orgc_id
    GalaxyCluster published
    GalaxyCluster source
    GalaxyCluster tag_id
    GalaxyCluster version
    Object event_id
    Object id
    ObjectReference event_id
    ObjectReference id
    ObjectReference object_id
    Orgc id
    Orgc local
    Tag colour
    Tag id
    Tag is_custom_galaxy
    Tag is_galaxy
    "#);
}

#[test]
fn the_same_event_makes_the_same_objects() {
    let event = events().remove(0);
    assert_eq!(to_stix(&event), to_stix(&event));
}
