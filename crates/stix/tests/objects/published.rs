//! Published data goes through the types without loss.

use stix::{
    json::{Document, Limits, Spare, Value, canonical},
    objects::{IDENTITY_CONTACT, IdentityContact, Object, observable_id},
};

use crate::examples::data;

/// How many objects went through, and how many of them the specification does not know.
fn round_trip(text: &[u8]) -> (usize, usize) {
    let limits = Limits { depth_max: 64, bytes_max: 128 << 20 };
    let document = Document::parse_with(text, &limits, Spare::default()).unwrap();
    let (mut all, mut custom) = (0, 0);
    for value in objects_of(document.root()) {
        let object = Object::read(value).unwrap_or_else(|error| panic!("{error} in {value:?}"));
        let written = object.to_json();
        let again = Document::parse(written.as_bytes()).unwrap();
        assert_eq!(canonical(again.root()).unwrap(), canonical(value).unwrap());
        all += 1;
        custom += usize::from(matches!(object, Object::Custom(_)));
    }
    (all, custom)
}

/// Those of a bundle, or of a list of objects, which may be wrapped for a display.
fn objects_of(root: Value<'_>) -> Vec<Value<'_>> {
    let list = root.get("objects").unwrap_or(root);
    let unwrapped = list.items().map(|item| item.get("original").unwrap_or(item));
    unwrapped.filter(|item| item.get("id").is_some()).collect()
}

#[test]
fn attack_for_mobile_devices_is_kept() {
    assert_eq!(round_trip(&data("attack/mobile-attack.json")), (2187, 38));
}

#[test]
fn attack_for_industry_is_kept() {
    assert_eq!(round_trip(&data("attack/ics-attack-17.1.json")), (1651, 81));
}

#[test]
fn attack_for_enterprises_is_kept() {
    let packed = data("attack/enterprise-attack-2.1.json.gz");
    // RFC 1952: ten bytes of head, the name in `NUL` if the fourth bit of the flags says so, and
    // eight bytes of tail.
    let (head, body) = packed.split_at(10);
    let named = head[3] & 8 != 0;
    let name = if named { body.iter().position(|byte| *byte == 0).unwrap() + 1 } else { 0 };
    let body = &body[name..body.len() - 8];
    let text = miniz_oxide::inflate::decompress_to_vec_with_limit(body, 64 << 20).unwrap();
    assert_eq!(round_trip(&text), (24771, 2592));
}

/// All lists of objects among the files of the incident extension.
const INCIDENT_FILES: [(&str, usize); 8] = [
    ("os-threat/examples/block_output.json", 26),
    ("os-threat/examples/contact_details.json", 7),
    ("os-threat/feed.json", 6),
    ("os-threat/identity/contact_details.json", 7),
    ("os-threat/incident/block_output.json", 25),
    ("os-threat/test2/evidence.json", 78),
    ("us_dod/incident_Sample_activity.json", 14),
    ("us_dod/incident_indicators.json", 56),
];

#[test]
fn bundles_of_the_incident_extension_are_kept() {
    for (name, objects) in INCIDENT_FILES {
        let text = data(&format!("stix/incident-extension/{name}"));
        assert_eq!(round_trip(&text).0, objects, "{name}");
    }
}

#[test]
fn published_contacts_are_typed() {
    let text = data("stix/incident-extension/os-threat/examples/contact_details.json");
    let document = Document::parse(&text).unwrap();
    let mut last_names = Vec::new();
    for value in objects_of(document.root()) {
        let Object::Identity(identity) = Object::read(value).unwrap() else { continue };
        let extensions = identity.common.extensions.unwrap();
        let contact = extensions.get::<IdentityContact>(IDENTITY_CONTACT).unwrap().unwrap();
        last_names.push(contact.last_name.unwrap());
    }
    assert_eq!(last_names, ["x"]);
}

/// The ids that the authors' own program made. Those of the specification's examples do not follow
/// §2.9 themselves, and those that were invented by hand do not either.
#[test]
fn published_observables_have_the_ids_that_their_properties_make() {
    let (mut same, mut others) = (0, Vec::new());
    let names = INCIDENT_FILES.iter().map(|(name, _)| format!("stix/incident-extension/{name}"));
    let sighting = "stix/cti-documentation-examples/example_json/sighting-of-observed-data.json";
    for name in names.chain([sighting.to_owned()]) {
        let text = data(&name);
        let document = Document::parse(&text).unwrap();
        for value in objects_of(document.root()) {
            let Some(made) = observable_id(value).unwrap() else { continue };
            let id = value.get("id").and_then(Value::as_str).unwrap();
            match id == made.as_str() {
                true => same += 1,
                false => others.push(id.to_owned()),
            }
        }
    }
    assert_eq!((same, others), (0, vec![]));
}
