//! Events as their makers published them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{read, written};

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
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
}

/// Writes as MISP does today what these events have in its older form; counts it.
fn renew(value: &mut Value, count: &mut u64) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| renew(item, count)),
        Value::Object(members) => {
            for (name, member) in members {
                let new = match (&**name, &*member) {
                    ("local", Value::Number(number)) => json!(number.as_u64() == Some(1)),
                    ("tag_id", Value::Number(number)) => json!(number.to_string()),
                    _ => {
                        renew(member, count);
                        continue;
                    }
                };
                *member = new;
                *count += 1;
            }
        }
        _ => {}
    }
}

/// `[{"Event": …}, …]` of whatever shape.
fn events(whole: Value) -> Vec<Value> {
    match whole {
        Value::Object(mut members) => match members.remove("response") {
            Some(response) => events(response),
            None => vec![Value::Object(members)],
        },
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

#[test]
fn published_events_come_out_as_they_went_in() {
    let mut paths = Vec::new();
    files(&data().join("misp-events"), &mut paths);
    let (mut count, mut renewed) = (0, 0);
    for path in &paths {
        // One file beside the events is another thing.
        if path.ends_with("rqz-dnsduvel_blocklist.json") {
            continue;
        }
        let text = fs::read(path).unwrap();
        let ours = read(&text).unwrap();
        let mut theirs = events(serde_json::from_slice(&text).unwrap());
        for value in &mut theirs {
            renew(value, &mut renewed);
        }
        let out: Vec<Value> = ours.iter().map(written).collect();
        assert!(out == theirs, "{path:?}");
        // What was written reads as what was read.
        for event in &ours {
            assert!(read(&crate::text(event)).unwrap() == [event.clone()]);
        }
        count += ours.len();
    }
    assert_eq!((count, renewed), (27, 219));
}

#[test]
fn all_that_published_events_say_is_known() {
    let mut paths = Vec::new();
    files(&data().join("misp-events"), &mut paths);
    let mut said = std::collections::BTreeSet::new();
    for path in paths {
        for event in read(&fs::read(&path).unwrap()).unwrap_or_default() {
            let galaxies = event.galaxies.iter();
            let clusters = galaxies.clone().flat_map(|galaxy| &galaxy.clusters);
            let objects = event.objects.iter();
            let attributes = objects.clone().flat_map(|object| &object.attributes);
            let rests = [&event.rest]
                .into_iter()
                .chain(event.tags.iter().map(|tag| &tag.rest))
                .chain(event.org.iter().map(|org| &org.rest))
                .chain(event.orgc.iter().map(|org| &org.rest))
                .chain(galaxies.map(|galaxy| &galaxy.rest))
                .chain(clusters.map(|cluster| &cluster.rest))
                .chain(objects.map(|object| &object.rest))
                .chain(event.attributes.iter().map(|attribute| &attribute.rest))
                .chain(attributes.map(|attribute| &attribute.rest));
            for rest in rests {
                said.extend(rest.said().map(|(name, _)| name.to_owned()));
            }
        }
    }
    let said: Vec<_> = said.into_iter().collect();
    insta::assert_snapshot!(said.join(" "), @"kill_chain_order relationship_type validationIssue");
}

#[test]
fn published_attributes_are_what_their_types_say() {
    let mut paths = Vec::new();
    files(&data().join("misp-events"), &mut paths);
    let mut faults = std::collections::BTreeMap::<_, u64>::new();
    for path in paths {
        for event in read(&fs::read(&path).unwrap()).unwrap_or_default() {
            let of_objects = event.objects.iter().flat_map(|object| &object.attributes);
            for attribute in event.attributes.iter().chain(of_objects) {
                for error in formats_misp::vocabulary::check_attribute(attribute) {
                    *faults.entry(error.to_string()).or_default() += 1;
                }
            }
        }
    }
    insta::assert_debug_snapshot!(faults, @"{}");
}
