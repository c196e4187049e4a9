//! What becomes of what is in an event.

use formats_misp::{full::Event, stix::to_stix};
use serde_json::{Value, json};

use crate::{faults, lines, read};

const EVENT: &str = "9b1c6a4e-0d0c-4f0e-8a55-6d1f3c2b7a10";
const UUID: &str = "8f0c1d4e-9b52-4d6c-8a80-0a1b2c3d4e5f";

/// An event with this attribute and these tags.
fn event(attribute: &Value, tags: &[&str]) -> Event {
    let tags: Vec<_> = tags.iter().map(|name| json!({"name": name})).collect();
    let mut attribute = attribute.as_object().unwrap().clone();
    attribute.insert("uuid".to_owned(), json!(UUID));
    attribute.insert("timestamp".to_owned(), json!("1769817600"));
    let whole = json!({"Event": {"uuid": EVENT, "info": "a case", "timestamp": "1769817600",
        "Attribute": [attribute], "Tag": tags}});
    read(whole.to_string().as_bytes()).remove(0)
}

/// What the attribute becomes.
fn becomes(kind: &str, value: &str, to_ids: bool) -> String {
    let (objects, losses) = to_stix(&event(
        &json!({"type": kind, "value": value, "to_ids": to_ids}),
        &[],
    ));
    assert_eq!(
        (faults(&objects), lines(&losses)),
        (Vec::new(), String::new())
    );
    let said = objects
        .iter()
        .filter(|object| object["type"] != "grouping")
        .map(|object| {
            let mut said = vec![object["type"].as_str().unwrap()];
            said.extend(
                ["pattern", "value", "x_misp_value", "name", "key"]
                    .iter()
                    .filter_map(|name| object[name].as_str()),
            );
            said.join(" ")
        });
    said.collect::<Vec<_>>().join("; ")
}

#[test]
fn attributes_become_indicators_observations_or_objects_of_misp() {
    insta::assert_snapshot!(becomes("ip-dst", "198.51.100.3", true), @"indicator [ipv4-addr:value = '198.51.100.3']");
    insta::assert_snapshot!(becomes("ip-src", "2001:db8::/32", true), @"indicator [ipv6-addr:value ISSUBSET '2001:db8::/32']");
    insta::assert_snapshot!(becomes("ip-dst|port", "198.51.100.3|443", true), @"indicator [network-traffic:dst_ref.value = '198.51.100.3' AND network-traffic:dst_port = 443]");
    insta::assert_snapshot!(becomes("domain|ip", "a.example|198.51.100.3", false), @"domain-name a.example; ipv4-addr 198.51.100.3; observed-data");
    insta::assert_snapshot!(becomes("hostname|port", "a.example|443", false), @"network-traffic; domain-name a.example; observed-data");
    insta::assert_snapshot!(becomes("filename|sha256", &format!("it's.exe|{}", "0a".repeat(32)), true), @r#"indicator [file:name = 'it\'s.exe' AND file:hashes.'SHA-256' = '0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a']"#);
    insta::assert_snapshot!(becomes("regkey", r"HKLM\Software\X", true), @r#"indicator [windows-registry-key:key = 'HKLM\\Software\\X']"#);
    insta::assert_snapshot!(becomes("regkey|value", r"HKLM\Software\X|on", false), @r#"x-misp-attribute HKLM\Software\X|on"#);
    insta::assert_snapshot!(becomes("regkey|value", r"HKEY_LOCAL_MACHINE\X|on", false), @r"windows-registry-key HKEY_LOCAL_MACHINE\X; observed-data");
    insta::assert_snapshot!(becomes("vulnerability", "CVE-2026-12345", false), @"vulnerability CVE-2026-12345");
    insta::assert_snapshot!(becomes("vulnerability", "GHSA-1", false), @"x-misp-attribute GHSA-1");
    insta::assert_snapshot!(becomes("yara", "rule a { condition: true }", true), @"indicator rule a { condition: true }");
    insta::assert_snapshot!(becomes("md5", "no hash", false), @"x-misp-attribute no hash");
    insta::assert_snapshot!(becomes("btc", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", true), @"x-misp-attribute 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2");
    insta::assert_snapshot!(becomes("email-subject", "hello", false), @"email-message; observed-data");
}

/// The markings of each object but definitions.
fn markings(objects: &[Value]) -> Vec<Value> {
    let marked = objects
        .iter()
        .filter(|object| object["type"] != "marking-definition");
    marked
        .map(|object| object["object_marking_refs"].clone())
        .collect()
}

#[test]
fn the_strictest_colour_marks_all_that_has_none_of_its_own() {
    let (objects, _) = to_stix(&event(
        &json!({"type": "domain", "value": "a.example"}),
        &["tlp:green", "TLP:RED"],
    ));
    let red = json!(["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"]);
    assert_eq!(markings(&objects), [red.clone(), red.clone(), red]);
    let own = json!({"type": "domain", "value": "a.example", "to_ids": true, "Tag": [{"name": "tlp:white"}]});
    let (objects, _) = to_stix(&event(&own, &["tlp:amber+strict"]));
    let clear = json!(["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"]);
    let strict = json!(["marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"]);
    assert_eq!(markings(&objects), [clear, strict]);
}

#[test]
fn what_has_no_colour_becomes_no_colour() {
    let plain = json!({"type": "domain", "value": "a.example", "to_ids": true});
    let (objects, _) = to_stix(&event(&plain, &["tlp:ex:chr", "tlp:unclear"]));
    assert_eq!(markings(&objects), [Value::Null, Value::Null]);
    assert!(
        objects
            .iter()
            .all(|object| object["type"] != "marking-definition")
    );
}

#[test]
fn what_has_no_place_is_told() {
    let every: Value = serde_json::from_str(include_str!("../full/every_part.json")).unwrap();
    let (objects, losses) = to_stix(&read(every.to_string().as_bytes())[0]);
    assert_eq!(faults(&objects), Vec::<String>::new());
    insta::assert_snapshot!(lines(&losses), @r#"
    /Event: CryptographicKey
    /Event: Org
    /Event: RelatedEvent
    /Event: Relationship
    /Event: ShadowAttribute
    /Event: SharingGroup
    /Event: id
    /Event: protected
    /Event: sharing_group_id
    /Event/Attribute/0: ShadowAttribute
    /Event/Attribute/0/Galaxy/0/GalaxyCluster/0: a cluster without a UUID or a name
    /Event/Attribute/0/Opinion/0: no UUID
    /Event/Attribute/0/Sighting/0: a sighting without a UUID
    /Event/Attribute/0/Tag/0: a tag that stays on its instance
    /Event/Note/0: no UUID
    /Event/Object/0: an object without a UUID
    /Event/Object/0/Attribute/0: an attribute without a UUID
    /Event/Object/0/ObjectReference/0: a reference to what is not in the event
    /Event/Opinion/0: no UUID
    /Event/Orgc: id
    "#);
}

#[test]
fn tags_that_stay_do_not_leave() {
    let tagged = json!({"type": "domain", "value": "a.example", "to_ids": true,
        "Tag": [{"name": "ours", "local": true}, {"name": "kept", "exportable": false}, {"name": "free"}]});
    let (objects, losses) = to_stix(&event(&tagged, &[]));
    assert!(
        !json!(objects).to_string().contains("ours")
            && !json!(objects).to_string().contains("kept")
    );
    insta::assert_snapshot!(lines(&losses), @r#"
    /Event/Attribute/0/Tag/0: a tag that stays on its instance
    /Event/Attribute/0/Tag/1: a tag that stays on its instance
    "#);
}

#[test]
fn parts_that_may_go_less_far_are_marked_more_strictly() {
    let id = |number: u32| format!("8f0c1d4e-9b52-4d6c-8a80-{number:012}");
    let strict = json!(["marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"]);
    let green = json!(["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]);
    // To the organisation, to a group, as far as the event, and what no number of MISP's says.
    for (distribution, marked) in [
        ("0", &strict),
        ("4", &strict),
        ("5", &green),
        ("17", &strict),
    ] {
        let note =
            |number| json!([{"uuid": id(number), "note": "n", "distribution": distribution}]);
        let cluster = |number, name: &str| {
            json!([{"name": "Tool", "type": "tool", "GalaxyCluster": [{"uuid": id(number),
                "type": "tool", "value": name, "tag_name": format!("misp-galaxy:tool=\"{name}\""),
                "distribution": distribution}]}])
        };
        let whole = json!({"Event": {"uuid": EVENT, "info": "a case", "timestamp": "1769817600",
            "Tag": [{"name": "tlp:green"}, {"name": "misp-galaxy:tool=\"One\""}],
            "Attribute": [{"uuid": UUID, "type": "domain", "value": "a.example", "to_ids": true,
                "Note": note(1), "Galaxy": cluster(2, "Two")}],
            "Galaxy": cluster(3, "One"),
            "Note": note(4),
            "Opinion": [{"uuid": id(5), "opinion": 10, "distribution": distribution}],
            "EventReport": [{"uuid": id(6), "name": "r", "content": "c", "distribution": distribution}],
        }});
        let (objects, _) = to_stix(&read(whole.to_string().as_bytes())[0]);
        assert_eq!(faults(&objects), Vec::<String>::new());
        let parts = ["note", "opinion", "relationship", "tool"];
        let (parts, others): (Vec<_>, Vec<_>) = objects
            .into_iter()
            .filter(|object| object["type"] != "marking-definition")
            .partition(|object| parts.contains(&object["type"].as_str().unwrap()));
        assert_eq!((parts.len(), others.len()), (7, 2));
        assert!(
            parts
                .iter()
                .all(|one| one["object_marking_refs"] == *marked),
            "{distribution}"
        );
        assert!(
            others.iter().all(|one| one["object_marking_refs"] == green),
            "{others:?}"
        );
        // Nor does a tag tell what the cluster is.
        let named = others
            .iter()
            .any(|one| one.to_string().contains("misp-galaxy:tool"));
        assert_eq!(named, *marked == green);
    }
}
