//! The examples of STIX 2.1, §2 to §8, §11 and Appendix C.
//!
//! They are those of the standard with its Errata 01 (draft of 2 April 2025), which made the ids of
//! observables follow §2.9. Fragments stand in whole objects here, and long descriptions are left
//! out. Where an example itself breaks the standard, its faults are listed.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use std::collections::BTreeSet;

use stix::{
    check::{Report, Severity, check_object},
    json::{Document, Value, canonical},
    marking::markings_of,
    objects::{Object, observable_id, schemas},
};

const DOMAIN: &str = include_str!("specification/domain.json");
const OBSERVABLES: &str = include_str!("specification/observables.json");
const META: &str = include_str!("specification/meta.json");

/// Calls `look` with each object and its clause.
fn each(mut look: impl FnMut(&str, Value<'_>)) {
    for text in [DOMAIN, OBSERVABLES, META] {
        let document = Document::parse(text.as_bytes()).unwrap();
        for example in document.root().items() {
            let clause = example.get("clause").unwrap().as_str().unwrap();
            for object in example.get("objects").unwrap().items() {
                look(clause, object);
            }
        }
    }
}

/// The example of that clause with that number.
fn example<R>(clause: &str, number: usize, look: impl FnOnce(Value<'_>) -> R) -> R {
    for text in [DOMAIN, OBSERVABLES, META] {
        let document = Document::parse(text.as_bytes()).unwrap();
        let found = document
            .root()
            .items()
            .find(|example| example.get("clause").unwrap().as_str() == Some(clause));
        if let Some(found) = found {
            return look(found.get("objects").unwrap().items().nth(number).unwrap());
        }
    }
    panic!("{clause}")
}

fn errors(object: Value<'_>) -> Vec<String> {
    let mut report = Report::default();
    check_object(object, &mut report);
    let errors = report.into_findings().into_iter();
    errors
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| format!("{} {}", finding.code, finding.pointer))
        .collect()
}

/// What is wrong with the examples themselves, and whether they can be read into their types all the
/// same. Of `payload_bin` and others only the beginning is given, `...` stands for the rest.
const FAULTS: [(&str, &[&str], bool); 14] = [
    // A type of STIX 2.0, two letters long.
    ("2.13", &["type.name /objects/3"], true),
    ("3.9.1", &["value.identifier /id"], false),
    (
        "4.10",
        &["value.type /latitude", "value.type /longitude"],
        false,
    ),
    ("4.16", &["property.missing "], false),
    ("6.1", &["value.binary /payload_bin"], false),
    ("6.1", &["value.binary /payload_bin"], false),
    (
        "6.6",
        &[
            "value.type /additional_header_fields/Content-Disposition",
            "value.type /additional_header_fields/X-Mailer",
            "value.type /additional_header_fields/X-Originating-IP",
        ],
        false,
    ),
    ("6.6", &["value.binary /payload_bin"], false),
    ("8", &["property.missing ", "property.missing "], false),
    // Custom objects need `spec_version` (§3.2), observables an id, and the names of custom
    // extensions end with `-ext` (§11.3.1).
    ("11.2.1", &["property.missing "], true),
    (
        "11.3.1",
        &[
            "extension.key /extensions/x-example-com-foo",
            "property.missing ",
        ],
        false,
    ),
    // The id is that of TLP:GREEN.
    ("C.2.1", &["marking.tlp /id"], true),
    ("C.2.2", &["value.binary /payload_bin"], false),
    // `property_extension` is no word of extension-type-enum.
    (
        "C.2.4",
        &[
            "value.enumeration /extensions/extension-definition--9ef47f81-1443-4632-8497-8b2878f8ac21/extension_type",
        ],
        true,
    ),
];

#[test]
fn every_example_keeps_to_the_standard_but_for_known_faults() {
    let mut faults = Vec::new();
    let mut all = 0;
    each(|clause, object| {
        all += 1;
        let errors = errors(object);
        if errors.is_empty() {
            Object::read(object).unwrap_or_else(|error| panic!("{clause} {error}"));
        } else {
            faults.push((clause.to_owned(), errors, Object::read(object).is_ok()));
        }
    });
    let known = FAULTS.map(|(clause, errors, read)| {
        let errors: Vec<_> = errors.iter().map(|error| (*error).to_owned()).collect();
        (clause.to_owned(), errors, read)
    });
    assert_eq!(faults, known);
    assert_eq!(all, 207);
}

#[test]
fn every_example_is_written_as_it_came() {
    each(|clause, value| {
        let Ok(object) = Object::read(value) else {
            return;
        };
        let written = object.to_json();
        let again = Document::parse(written.as_bytes()).unwrap();
        assert_eq!(
            canonical(again.root()).unwrap(),
            canonical(value).unwrap(),
            "{clause}"
        );
        assert_eq!(Object::read(again.root()).unwrap(), object, "{clause}");
    });
}

#[test]
fn every_type_has_an_example_under_its_clause() {
    let mut found = BTreeSet::new();
    each(|clause, object| {
        let name = object.get("type").unwrap().as_str().unwrap();
        let schema = schemas().iter().find(|schema| schema.name == name);
        let under = schema.is_some_and(|schema| clause.starts_with(schema.clause));
        if under {
            found.insert(name.to_owned());
        }
    });
    let mut known: BTreeSet<_> = schemas()
        .iter()
        .map(|schema| schema.name.to_owned())
        .collect();
    // §5.1 has no example of its own; relationships stand in those of §4.
    known.remove("relationship");
    assert_eq!(found, known);
}

/// Examples whose ids do not follow §2.9, with the UUIDs that do: those that the committee's own
/// library (`stix2` 3.0) makes.
const OTHER_IDS: [(&str, &str, &str); 24] = [
    (
        "3.10",
        "file--1b40e321-ae73-5637-bd97-33c35a86b80d",
        "2e202cb3-6639-5fa4-8700-57ad24b9e246",
    ),
    (
        "4.12",
        "file--ba8965d8-e4ec-5f9c-a4df-1c460994ca58",
        "aad19f4b-6beb-5c50-8138-4fe8f149befb",
    ),
    (
        "6.6",
        "email-message--92fa1bfd-2c62-5a30-8b7c-5b91ea73cf29",
        "16177f7c-38c5-59f4-baa5-b934fa13ce49",
    ),
    (
        "6.6",
        "email-message--0c57a381-2a17-5e61-8754-5ef96efb286c",
        "fcc5f04a-74bf-5006-920c-70a2ab258885",
    ),
    (
        "6.6",
        "email-addr--9b7e29b3-fd8d-562e-b3f0-8fc8134f5dda",
        "9d9e6665-57ca-501a-9c1f-435852499a2a",
    ),
    (
        "6.6",
        "email-message--d7d69ead-3347-5772-815a-7766dc29c72c",
        "1ad5d678-0d09-5ed2-b23f-db3b297baee6",
    ),
    (
        "6.7",
        "file--39643577-13b7-5f21-9584-df7e7c33f357",
        "362a53af-9834-500e-8f3b-b73e83206cdd",
    ),
    (
        "6.7.2",
        "file--9a1f834d-2506-5367-baec-7aa63996ac43",
        "f476866f-5640-5da5-bc69-e5629ef6fb99",
    ),
    (
        "6.12",
        "network-traffic--6e0cb830-0305-57d4-8536-7be874d42005",
        "4292dccf-844d-5aa2-a8c2-285ed7a90c02",
    ),
    (
        "6.12",
        "network-traffic--c695ada6-5d5d-5446-a661-935874e1d058",
        "63e14605-0d23-5c83-a805-5b4c3feefca0",
    ),
    (
        "6.12",
        "network-traffic--44eb3012-751d-5c12-b9ba-1506e42e26ef",
        "b73c5916-7670-5d2a-a5d2-9893707a48fc",
    ),
    (
        "6.12",
        "network-traffic--372c0c73-777a-50de-bc3a-92cc72fcf7dd",
        "37fb70d2-f797-5de2-b914-5057b9334eeb",
    ),
    (
        "6.12",
        "network-traffic--8dce0dc4-f5ea-5313-8e6c-03646d419b6a",
        "ddebd3a7-abe2-502c-9a70-762af19d40bf",
    ),
    (
        "6.12",
        "network-traffic--fc1686c0-b36e-5041-9ce4-c8df9cf10d6d",
        "3344ecf8-eaf9-5d53-943a-57487b68c451",
    ),
    (
        "6.12",
        "network-traffic--27ed09d5-f85a-5a8e-8590-49a91d7e510e",
        "0431cc83-ba12-56bd-8e93-8825d6e3f941",
    ),
    (
        "6.12.2",
        "network-traffic--fdd6dbda-a206-52fe-b19b-64d908748850",
        "8cfd806e-0ece-5001-a8e9-e266cff4822f",
    ),
    (
        "6.12.3",
        "network-traffic--4f156a67-4efc-58fb-b0a7-f2612927a37d",
        "e39b7ed3-feb9-53ae-9667-224879499d87",
    ),
    (
        "6.12.4",
        "network-traffic--59d8852c-0c68-5e0c-8ae2-f3c46bd7b1df",
        "0939c7eb-f0a4-5117-b5dc-2133fd8c3e2b",
    ),
    (
        "6.12.5",
        "network-traffic--47b27c77-4272-563f-91ca-87e2a4afd6ef",
        "31c81587-c2fd-55d7-b78a-7296869e319d",
    ),
    (
        "C.1.2",
        "ipv4-addr--2ccfc50f-b0f0-5e06-ba9b-2aa51e23af61",
        "00f9d910-8d7b-53ca-abee-e556984ba08a",
    ),
    (
        "C.1.2",
        "ipv4-addr--3073f2be-0e15-5f42-b81d-495938860cd5",
        "12592121-be4c-5a93-a813-5a5af16e50db",
    ),
    (
        "C.1.3",
        "domain-name--a56780a5-93a5-5047-97ab-6900d2441bca",
        "427e3664-0043-5865-b454-97df26649bde",
    ),
    (
        "C.1.3",
        "ipv4-addr--182726c7-ba5e-5f77-97ef-378365bd0b79",
        "6c83081b-13af-5e30-ba30-6f401772a083",
    ),
    (
        "C.1.4",
        "domain-name--224dd5a2-d2db-5b8d-91f9-124a0c0c8546",
        "7072ad6a-eb50-5e32-a1f4-91c62bcec0f1",
    ),
];

/// §2.9, with the properties that §6 names for each type.
#[test]
fn the_ids_of_the_examples_are_made_of_their_properties() {
    let (mut made, mut random) = (0, 0);
    let mut others = Vec::new();
    each(|clause, object| {
        let Some(id) = object.get("id").and_then(Value::as_str) else {
            return;
        };
        match observable_id(object).unwrap() {
            Some(own) if own.as_str() == id => made += 1,
            Some(own) if clause != "3.9.1" => {
                others.push((clause.to_owned(), id.to_owned(), own.uuid().to_string()));
            }
            _ => random += 1,
        }
    });
    let known = OTHER_IDS.map(|(clause, id, own)| (clause.into(), id.into(), own.into()));
    assert_eq!(others, known);
    assert_eq!((made, random), (62, 120));
}

/// §7.2.3 says of its example what the selectors select, and which select nothing.
#[test]
fn selectors_select_what_the_standard_says() {
    example("7.2.3", 0, |object| {
        for selector in [
            "description",
            "external_references.[0].source_name",
            "labels.[0]",
            "labels",
            "external_references",
        ] {
            assert!(markings_of(object, selector).is_ok(), "{selector}");
        }
        for selector in [
            "pattern",
            "external_references.[3]",
            "description.[0]",
            "labels.name",
        ] {
            let error = markings_of(object, selector).unwrap_err();
            assert_eq!(error.code(), "selector.nothing", "{selector}");
        }
    });
    let (of_parts, of_all) = (
        "marking-definition--089a6ecb-cc15-43cc-9494-767639779123",
        "marking-definition--79e2fa14-02c6-40d7-aa4b-ebf281dd78ef",
    );
    example("7.2.3", 1, |object| {
        for (selector, marks) in [
            ("name", vec![of_all]),
            ("description", vec![of_all, of_parts]),
            ("labels", vec![of_all, of_parts]),
            ("labels.[1]", vec![of_all, of_parts]),
        ] {
            assert_eq!(
                markings_of(object, selector).unwrap().marking_refs,
                marks,
                "{selector}"
            );
        }
    });
    example("7.2.3", 2, |object| {
        let language = |selector| markings_of(object, selector).unwrap().lang;
        assert_eq!(language("description"), Some("de"));
        assert_eq!(language("name"), Some("en"));
    });
    example("7.2.2", 0, |object| {
        let marks = markings_of(object, "pattern").unwrap().marking_refs;
        assert_eq!(
            marks,
            ["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"]
        );
    });
}
