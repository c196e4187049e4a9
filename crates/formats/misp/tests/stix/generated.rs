//! Attributes of all types, generated.

use formats_misp::{
    full::{Attribute, Event, Tag},
    stix::{from_stix, to_stix},
    vocabulary::types,
};
use proptest::prelude::*;

use crate::faults;

fn attribute() -> impl Strategy<Value = Attribute> {
    let value = prop_oneof![
        "[ -~é漢]{1,20}",
        "[a-z]{1,8}\\.example",
        "[a-z.\\\\]{1,8}\\|[0-9]{1,5}",
        "198\\.51\\.100\\.[1-9](/2[4-9])?",
        "2001:db8::[1-9]\\|[1-9][0-9]{0,3}",
        "[0-9a-f]{32}",
        "[a-z']{1,5}\\|[0-9a-f]{64}",
    ];
    let moment = prop::option::of("20[12][0-9]-0[1-9]-1[0-9]T1[0-9]:00:00\\.[0-9]{6}\\+00:00");
    let kind = prop::sample::select(types()).prop_map(|one| one.name.to_owned());
    let tags = prop::collection::vec("(tlp:(red|white|x)|[a-z:=\"]{1,9})", 0..3);
    (kind, value, any::<bool>(), (moment.clone(), moment), tags).prop_map(
        |(kind, value, to_ids, (first_seen, last_seen), tags)| Attribute {
            uuid: Some("8f0c1d4e-9b52-4d6c-8a80-0a1b2c3d4e5f".to_owned()),
            kind: Some(kind),
            category: Some("Other".to_owned()),
            value: Some(value),
            to_ids: Some(to_ids),
            timestamp: Some(1_769_817_600),
            first_seen,
            last_seen,
            tags: tags
                .into_iter()
                .map(|name| Tag {
                    name: Some(name),
                    ..Tag::default()
                })
                .collect(),
            ..Attribute::default()
        },
    )
}

proptest! {
    #[test]
    fn an_attribute_comes_back(attribute in attribute()) {
        let event = Event {
            uuid: Some("9b1c6a4e-0d0c-4f0e-8a55-6d1f3c2b7a10".to_owned()),
            attributes: vec![attribute.clone()],
            ..Event::default()
        };
        let (objects, losses) = to_stix(&event);
        prop_assert_eq!(faults(&objects), Vec::<String>::new());
        prop_assert_eq!(losses, vec![]);
        let (back, lost) = from_stix(&objects);
        prop_assert_eq!(lost, vec![]);
        let said = |one: &Attribute| {
            let mut tags: Vec<_> = one.tags.iter().filter_map(|tag| tag.name.clone()).collect();
            tags.sort();
            tags.dedup();
            (one.uuid.clone(), one.kind.clone(), one.value.clone(), one.to_ids, tags)
        };
        prop_assert_eq!(said(&back.attributes[0]), said(&attribute));
        prop_assert_eq!(back.attributes.len(), 1);
    }
}
