//! Published data goes through the types without loss.

use stix::{
    json::{Document, Limits, Spare, Value, canonical},
    objects::{IDENTITY_CONTACT, IdentityContact, Object, observable_id},
};

use crate::examples::data;

/// How many objects went through, how many of them the specification does not know, and where those
/// that break it do so.
fn round_trip(text: &[u8]) -> (usize, usize, Vec<String>) {
    let limits = Limits {
        depth_max: 64,
        bytes_max: 128 << 20,
    };
    let document = Document::parse_with(text, &limits, Spare::default()).unwrap();
    let (mut all, mut custom, mut broken) = (0, 0, Vec::new());
    for value in objects_of(document.root()) {
        let object = match Object::read(value) {
            Ok(object) => object,
            Err(error) => {
                let object_type = value.get("type").and_then(Value::as_str).unwrap();
                broken.push(format!("{object_type}{}", error.pointer()));
                continue;
            }
        };
        let written = object.to_json();
        let again = Document::parse(written.as_bytes()).unwrap();
        assert_eq!(canonical(again.root()).unwrap(), canonical(value).unwrap());
        all += 1;
        custom += usize::from(matches!(object, Object::Custom(_)));
    }
    (all, custom, broken)
}

/// Those of a bundle, or of a list of objects, which may be wrapped for a display.
fn objects_of(root: Value<'_>) -> Vec<Value<'_>> {
    let list = root.get("objects").unwrap_or(root);
    let unwrapped = list
        .items()
        .map(|item| item.get("original").unwrap_or(item));
    unwrapped.filter(|item| item.get("id").is_some()).collect()
}

#[test]
fn attack_for_mobile_devices_is_kept() {
    assert_eq!(
        round_trip(&data("attack/mobile-attack.json")),
        (2187, 38, vec![])
    );
}

#[test]
fn attack_for_industry_is_kept() {
    assert_eq!(
        round_trip(&data("attack/ics-attack-17.1.json")),
        (1651, 81, vec![])
    );
}

#[test]
fn attack_for_enterprises_is_kept() {
    let packed = data("attack/enterprise-attack-2.1.json.gz");
    // RFC 1952: ten bytes of head, the name in `NUL` if the fourth bit of the flags says so, and
    // eight bytes of tail.
    let (head, body) = packed.split_at(10);
    let named = head[3] & 8 != 0;
    let name = if named {
        body.iter().position(|byte| *byte == 0).unwrap() + 1
    } else {
        0
    };
    let body = &body[name..body.len() - 8];
    let text = miniz_oxide::inflate::decompress_to_vec_with_limit(body, 64 << 20).unwrap();
    assert_eq!(round_trip(&text), (24771, 2592, vec![]));
}

/// All lists of objects among the files of the incident extension: how many objects go through, and
/// what of the others breaks the specification. They follow different drafts of the extension.
const INCIDENT_FILES: [(&str, usize, &[&str]); 8] = [
    ("os-threat/examples/block_output.json", 26, &[]),
    ("os-threat/examples/contact_details.json", 7, &[]),
    ("os-threat/feed.json", 6, &[]),
    ("os-threat/identity/contact_details.json", 7, &[]),
    ("os-threat/incident/block_output.json", 25, &[]),
    (
        "os-threat/test2/evidence.json",
        77,
        &["marking-definition/spec_version"],
    ),
    ("us_dod/incident_Sample_activity.json", 14, &[]),
    ("us_dod/incident_indicators.json", 56, &[]),
];

#[test]
fn bundles_of_the_incident_extension_are_kept() {
    for (name, kept, broken) in INCIDENT_FILES {
        let text = data(&format!("stix/incident-extension/{name}"));
        let (all, _, found) = round_trip(&text);
        assert_eq!(
            (all, found.iter().map(String::as_str).collect::<Vec<_>>()),
            (kept, broken.to_vec()),
            "{name}"
        );
    }
}

#[test]
fn published_contacts_are_typed() {
    let text = data("stix/incident-extension/os-threat/examples/contact_details.json");
    let document = Document::parse(&text).unwrap();
    let contacts: Vec<_> = objects_of(document.root())
        .into_iter()
        .filter_map(|value| match Object::read(value).unwrap() {
            Object::Identity(identity) => identity.common.extensions,
            _ => None,
        })
        .map(|extensions| extensions.get::<IdentityContact>(IDENTITY_CONTACT).unwrap())
        .collect();
    let [Ok(whole), Err(error)] = contacts.as_slice() else {
        panic!("{contacts:?}")
    };
    assert_eq!(whole.last_name.as_deref(), Some("Di Prodi"));
    // The second has a list that is empty (STIX 2.1 §2.12).
    assert_eq!(
        error.pointer(),
        format!("/{IDENTITY_CONTACT}/social_media_accounts")
    );
}

/// The ids that the authors' own program made. Those of the specification's examples do not follow
/// §2.9 themselves, and those that were invented by hand do not either.
#[test]
fn published_observables_have_the_ids_that_their_properties_make() {
    let (mut same, mut others) = (0, 0);
    let names = INCIDENT_FILES
        .iter()
        .map(|(name, ..)| format!("stix/incident-extension/{name}"));
    let sighting = "stix/cti-documentation-examples/example_json/sighting-of-observed-data.json";
    for name in names.chain([sighting.to_owned()]) {
        let text = data(&name);
        let document = Document::parse(&text).unwrap();
        for value in objects_of(document.root()) {
            let Some(made) = observable_id(value).unwrap() else {
                continue;
            };
            let id = value.get("id").and_then(Value::as_str).unwrap();
            if id == made.as_str() {
                same += 1;
            } else {
                others += 1;
            }
        }
    }
    assert_eq!((same, others), (35, 14));
}
