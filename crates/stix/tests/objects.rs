//! Every object of STIX 2.1 reads into its type, and is written as it came.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use std::collections::BTreeSet;

use stix::{
    objects::{
        self, Domain, Event, Impact, Marking, Meta, Object, Observable, Task, extension_schema,
        is_target, schema_of, schemas,
    },
    schema::{Family, Kind, Schema, ValueType},
};

#[path = "objects/examples.rs"]
mod examples;
#[path = "objects/fields.rs"]
mod fields;
#[path = "objects/musts.rs"]
mod musts;
#[path = "objects/published.rs"]
mod published;
#[path = "objects/rules.rs"]
mod rules;
#[path = "objects/single_rules.rs"]
mod single_rules;

use examples::{DOMAIN, INCIDENT, OBSERVABLES, canonical_text, example, read};

#[test]
fn every_type_has_an_example() {
    let all = examples::examples(&[DOMAIN, OBSERVABLES]);
    let types: BTreeSet<_> = all
        .iter()
        .map(|text| read(text).unwrap().object_type().to_owned())
        .collect();
    let known: BTreeSet<_> = schemas()
        .iter()
        .map(|schema| schema.name.to_owned())
        .collect();
    assert_eq!(types, known);
    // 19 domain objects, 2 relationship objects, 18 observables, 3 meta objects.
    assert_eq!((all.len(), known.len()), (42, 42));
}

#[test]
fn a_type_is_found_by_its_name() {
    for schema in schemas() {
        let found = schema_of(schema.name).unwrap();
        assert_eq!((found.name, found.clause), (schema.name, schema.clause));
    }
    assert!(schema_of("bundle").is_none());
    assert!(schema_of("event").is_none());
}

#[test]
fn what_is_read_is_written_as_it_came() {
    for text in examples::examples(&[DOMAIN, OBSERVABLES, INCIDENT]) {
        let object = read(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
        let written = object.to_json();
        assert_eq!(canonical_text(&written), canonical_text(&text));
        assert_eq!(read(&written).unwrap(), object);
    }
}

#[test]
fn an_extension_of_the_incident_core_makes_types() {
    for (text, is_typed) in [
        (example("event"), as_typed::<Event>("event")),
        (example("impact"), as_typed::<Impact>("impact")),
        (example("task"), as_typed::<Task>("task")),
    ] {
        let Object::Custom(custom) = read(&text).unwrap() else {
            panic!("{text}")
        };
        assert_eq!(canonical_text(custom.as_json()), canonical_text(&text));
        assert_eq!(canonical_text(&is_typed), canonical_text(&text));
        assert!(custom.modified().is_some());
    }
    let Object::Custom(event) = read(&example("event")).unwrap() else {
        panic!()
    };
    let error = event.read::<Task>().unwrap_err();
    assert_eq!(error.pointer(), "/type");
}

fn as_typed<T: ValueType>(object_type: &str) -> String {
    let Object::Custom(custom) = read(&example(object_type)).unwrap() else {
        panic!()
    };
    let mut out = String::new();
    custom.read::<T>().unwrap().write(&mut out);
    out
}

#[test]
fn an_object_without_a_required_property_is_refused() {
    let mut refused = 0;
    for text in examples::examples(&[DOMAIN, OBSERVABLES]) {
        let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
        let schema = schema_of(whole["type"].as_str().unwrap()).unwrap();
        let common = common_of(schema);
        let required = schema
            .properties
            .iter()
            .chain(common)
            .filter(|property| property.required);
        for name in required.map(|property| property.name).chain(["type"]) {
            let mut part = whole.clone();
            part.as_object_mut().unwrap().remove(name).unwrap();
            let error = read(&part.to_string()).unwrap_err();
            assert_eq!(error.pointer(), format!("/{name}"), "{text}");
            refused += 1;
        }
    }
    assert_eq!(refused, 204);
}

fn common_of(schema: &Schema) -> &'static [stix::schema::Property] {
    match schema.family {
        Family::Domain => Domain::PROPERTIES,
        Family::Observable => Observable::PROPERTIES,
        Family::Meta => Meta::PROPERTIES,
        Family::Marking => Marking::PROPERTIES,
        Family::Nested | Family::Extension => &[],
    }
}

#[test]
fn a_value_of_another_kind_is_refused_where_it_stands() {
    for (object_type, from, to, pointer) in [
        (
            "indicator",
            "\"confidence\": 85",
            "\"confidence\": 101",
            "/confidence",
        ),
        (
            "indicator",
            "\"revoked\": false",
            "\"revoked\": 0",
            "/revoked",
        ),
        (
            "indicator",
            "2016-01-01T00:00:00Z",
            "2016-01-01",
            "/valid_from",
        ),
        ("indicator", "[\"urgent\"]", "[]", "/labels"),
        (
            "indicator",
            "\"pattern\"]",
            "7]",
            "/granular_markings/1/selectors/0",
        ),
        ("location", "48.85660", "90.1", "/latitude"),
        ("opinion", "strongly-disagree", "furious", "/opinion"),
        ("observed-data", "50", "0", "/number_observed"),
        (
            "sighting",
            "indicator--8e2e2d2b",
            "indicator-8e2e2d2b",
            "/sighting_of_ref",
        ),
        (
            "artifact",
            "mime-type-indicated",
            "rot13",
            "/encryption_algorithm",
        ),
        ("file", "4d5A", "4d5", "/magic_number_hex"),
        ("network-traffic", "2487", "65536", "/src_port"),
        ("network-traffic", "147600", "1e3", "/src_byte_count"),
        (
            "windows-registry-key",
            "REG_SZ",
            "REG_WHAT",
            "/values/0/data_type",
        ),
    ] {
        let text = example(object_type);
        assert_eq!(text.matches(from).count(), 1, "{from}");
        let error = read(&text.replace(from, to)).unwrap_err();
        assert_eq!(error.pointer(), pointer, "{error}");
    }
    assert_eq!(read("[]").unwrap_err().pointer(), "/type");
    assert_eq!(read(r#"{"type":"x-new"}"#).unwrap_err().pointer(), "/id");
}

#[test]
fn the_schemas_are_consistent() {
    for schema in schemas() {
        coherent(schema);
        for name in schema.contributing {
            let known = schema
                .properties
                .iter()
                .any(|property| property.name == *name);
            assert!(known || *name == "extensions", "{} {name}", schema.name);
        }
        let contributes = schema.family == Family::Observable && schema.name != "process";
        assert_eq!(
            contributes,
            !schema.contributing.is_empty(),
            "{}",
            schema.name
        );
    }
    for schema in [&Event::SCHEMA, &Impact::SCHEMA, &Task::SCHEMA] {
        coherent(schema);
    }
}

/// No property twice, and references say what they lead to.
fn coherent(schema: &Schema) {
    let own = schema.properties.iter().chain(common_of(schema));
    let names: Vec<_> = own.map(|property| property.name).collect();
    let distinct: BTreeSet<_> = names.iter().collect();
    assert_eq!(names.len(), distinct.len(), "{}", schema.name);
    for property in schema.properties {
        let ending = property.name.ends_with("_ref") || property.name.ends_with("_refs");
        let kind = match property.kind {
            Kind::List(kind) => *kind,
            kind => kind,
        };
        assert_eq!(
            ending,
            matches!(kind, Kind::Identifier),
            "{} {}",
            schema.name,
            property.name
        );
        if let Kind::Object(nested) = kind {
            coherent(nested);
        }
    }
    for extension in schema.extensions {
        assert_eq!(extension.family, Family::Extension);
        coherent(extension);
        let found = extension_schema(schema.name, extension.name).unwrap();
        assert_eq!(found.name, extension.name);
    }
}

#[test]
fn extensions_are_found_by_their_keys() {
    for (object_type, key, name) in [
        ("file", "ntfs-ext", Some("ntfs-ext")),
        ("process", "ntfs-ext", None),
        ("incident", objects::INCIDENT_CORE, Some("incident-core")),
        (
            "identity",
            objects::IDENTITY_CONTACT,
            Some("identity-contact"),
        ),
        ("identity", objects::INCIDENT_CORE, None),
        ("event", objects::EVENT, Some("new-type")),
        ("impact", "availability", Some("availability")),
        ("impact", "availability-ext", Some("availability")),
        ("impact", "economic-ext", Some("monetary")),
        ("impact", "availability-extra", None),
    ] {
        assert_eq!(
            extension_schema(object_type, key).map(|schema| schema.name),
            name,
            "{key}"
        );
    }
}

#[test]
fn a_reference_may_lead_to_types_or_kinds_of_them() {
    assert!(is_target("identity", &["identity", "location"]));
    assert!(!is_target("tool", &["identity", "location"]));
    assert!(is_target("tool", &["sdo"]) && !is_target("tool", &["sco", "sro"]));
    assert!(is_target("sighting", &["sro"]) && !is_target("sighting", &["sdo"]));
    assert!(is_target("url", &["sdo", "sco"]) && !is_target("url", &["sdo"]));
    assert!(is_target("x-new", &["sdo"]) && !is_target("x-new", &["identity"]));
    assert!(!is_target("bundle", &["sdo"]) && !is_target("marking-definition", &["sdo", "sco"]));
}
