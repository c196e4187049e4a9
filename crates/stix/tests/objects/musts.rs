//! What §2, §3, §7, §8 and §11 forbid whatever the type of an object, and what they allow.

use stix::{
    check::{Report, Severity, check_object},
    json::Document,
};

const CAMPAIGN: &str = r#""type":"campaign","spec_version":"2.1","id":"campaign--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","created":"2016-04-06T20:03:00.000Z","modified":"2016-04-06T20:03:00.000Z","name":"a""#;
const SEEN: &str = r#""type":"observed-data","spec_version":"2.1","id":"observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf","created":"2016-04-06T19:58:16.000Z","modified":"2016-04-06T19:58:16.000Z","first_observed":"2015-12-21T19:00:00Z","last_observed":"2015-12-21T19:00:00Z","number_observed":1"#;
const FILE: &str = r#""type":"file","id":"file--949eb97a-da1e-5292-8959-03c4249dc9f3""#;
const STATEMENT: &str = r#""type":"marking-definition","spec_version":"2.1","created":"2016-08-01T00:00:00.000Z","definition_type":"statement","definition":{"statement":"a"}"#;
const OWN_ID: &str = "marking-definition--4a0042fe-8b88-40fe-9600-dfa128ce6fbd";
const EXTENSION: &str = "extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e";

const DEFINITION: &str = r#""type":"extension-definition","spec_version":"2.1","id":"extension-definition--9c59fd79-4215-4ba2-920d-3e4f320e1e62","created":"2014-02-20T09:16:08.989Z","modified":"2014-02-20T09:16:08.989Z","created_by_ref":"identity--11b76a96-5d2b-45e0-8a5a-f6994f370731","name":"a","description":"b","schema":"c","version":"1.2.1","extension_types":["new-sdo"]"#;

/// Code, clause and place of each finding of that severity.
fn findings(text: &str, severity: Severity) -> Vec<String> {
    let document = Document::parse(text.as_bytes()).unwrap();
    let mut report = Report::default();
    check_object(document.root(), &mut report);
    let found = report.into_findings().into_iter();
    found
        .filter(|finding| finding.severity == severity)
        .map(|finding| format!("{} {} {}", finding.code, finding.clause, finding.pointer))
        .collect()
}

#[test]
fn what_the_standard_forbids_is_an_error() {
    let tlsh = "a".repeat(69);
    for (start, rest, wanted) in [
        (CAMPAIGN, r#""severity":"high""#.to_owned(), "property.reserved 3.8 /severity"),
        (CAMPAIGN, r#""phone_number":"1""#.into(), "property.reserved 3.8 /phone_number"),
        (CAMPAIGN, r#""defanged":true"#.into(), "property.misplaced 3.2 /defanged"),
        (CAMPAIGN, r#""_name":"b""#.into(), "property.name 3.1 /_name"),
        (CAMPAIGN, r#""1st":"b""#.into(), "property.name 3.1 /1st"),
        (CAMPAIGN, r#""granular_markings":[{"selectors":["name"],"lang":"e_n"}]"#.into(), "value.language 3.2 /granular_markings/0/lang"),
        (CAMPAIGN, format!(r#""extensions":{{"{EXTENSION}":{{"extension_type":"property-extension","Rank":1}}}}"#), "property.name 3.1 /extensions/extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e/Rank"),
        (CAMPAIGN, r#""extensions":{"x-a-ext":{"a_b":1}}"#.into(), "extension.key 7.3 /extensions/x-a-ext"),
        (CAMPAIGN, r#""object_marking_refs":["bundle--5d0092c5-5f74-4287-9642-33f4c354e56d"]"#.into(), "reference.target 8.2 /object_marking_refs/0"),
        (SEEN, r#""objects":{"0":{"type":"network-traffic","src_ref":"1","dst_ref":"2","protocols":["tcp"]},"1":{"type":"ipv4-addr","value":"1.2.3.4"}}"#.into(), "reference.local 2.13 /objects/0/dst_ref"),
        (SEEN, r#""objects":{"0":{"type":"email-message","is_multipart":true,"to_refs":["0","5"],"body_multipart":[{"body_raw_ref":"7"}]}}"#.into(), "reference.local 2.13 /objects/0/body_multipart/0/body_raw_ref"),
        (SEEN, r#""objects":{"0":{"type":"email-message","is_multipart":true,"to_refs":["0","5"]}}"#.into(), "reference.local 2.13 /objects/0/to_refs/1"),
        (FILE, r#""name":"a","hashes":{"x1":"b"}"#.into(), "key.form 2.7 /hashes/x1"),
        (FILE, format!(r#""name":"a","hashes":{{"TLSH":"{tlsh}"}}"#), "value.hash 10.7 /hashes/TLSH"),
        (FILE, r#""name":"a","hashes":{"SSDEEP":"3:AXGBicFlgVNhBGcL6wCrFQEv"}"#.into(), "value.hash 10.7 /hashes/SSDEEP"),
        (FILE, r#""hashes":{"MD5":"3773a88f65a5e780c8dff9cdc3a056f3"},"name_enc":"windows-1252""#.into(), "property.requires 6.7 "),
        (FILE, r#""name":"a","extensions":{"archive-ext":{"contains_refs":["directory--0a58d0c1-59e6-5afd-8252-dcd3f13e5622"]}}"#.into(), "reference.target 6.7.2 /extensions/archive-ext/contains_refs"),
        (FILE, r#""name":"a","extensions":{"x-a-ext":{}}"#.into(), "value.empty 11.3 /extensions/x-a-ext"),
        (FILE, r#""name":"a","extensions":{"x-a":{"a_b":1}}"#.into(), "extension.key 7.3 /extensions/x-a"),
        (r#""type":"process","id":"process--949eb97a-da1e-5292-8959-03c4249dc9f3""#, r#""pid":1"#.into(), "identifier.version 2.9 /id"),
        (r#""type":"email-message","id":"email-message--949eb97a-da1e-5292-8959-03c4249dc9f3""#, r#""is_multipart":false"#.into(), "identifier.version 2.9 /id"),
        (STATEMENT, format!(r#""id":"{OWN_ID}","object_marking_refs":["{OWN_ID}"]"#), "marking.circular 3.2 /object_marking_refs/0"),
        (STATEMENT, format!(r#""id":"{OWN_ID}","granular_markings":[{{"selectors":["definition"],"marking_ref":"{OWN_ID}"}}]"#), "marking.circular 3.2 /granular_markings/0"),
        (STATEMENT, r#""id":"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da""#.into(), "marking.tlp 7.2.1 /id"),
        (r#""type":"x-a","spec_version":"2.1","id":"x-a--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","created":"2016-04-06T20:03:00.000Z""#, r#""modified":"2016-04-06T20:03:00.000Z""#.into(), "property.one_of 11.2 "),
        (FILE, r#""name":"a","extensions":{"windows-pebinary-ext":{"pe_type":"exe","optional_header":{"x_own":1}}}"#.into(), "property.one_of 6.7.6.2 /extensions/windows-pebinary-ext/optional_header"),
        (r#""type":"bundle","id":"bundle--5d0092c5-5f74-4287-9642-33f4c354e56d""#, r#""objects":[]"#.into(), "type.bundle 8 "),
        (r#""type":"7zip","id":"7zip--949eb97a-da1e-5292-8959-03c4249dc9f3""#, r#""name":"a""#.into(), "type.name 3.1 "),
    ] {
        let text = format!("{{{start},{rest}}}");
        let errors = findings(&text, Severity::Error);
        assert!(errors.iter().any(|error| error == wanted), "{wanted} among {errors:?} of {rest}");
    }
}

#[test]
fn what_the_standard_allows_is_none() {
    let tlsh = "0".repeat(70);
    for (start, rest) in [
        (CAMPAIGN, r#""x_severity":"high""#.to_owned()),
        (
            CAMPAIGN,
            r#""granular_markings":[{"selectors":["name"],"lang":"pt-br"}]"#.into(),
        ),
        (FILE, r#""name":"a","defanged":true"#.into()),
        (
            FILE,
            format!(
                r#""name":"a","hashes":{{"TLSH":"T1{tlsh}","SSDEEP":"3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"}}"#
            ),
        ),
        (
            FILE,
            r#""name":"a","extensions":{"x-a-ext":{"a_b":1}}"#.into(),
        ),
        (
            r#""type":"process","id":"process--8fac80fe-a220-4ba9-8ffe-4f43ce8edff8""#,
            r#""pid":1"#.into(),
        ),
        (
            STATEMENT,
            format!(
                r#""id":"{OWN_ID}","object_marking_refs":["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"]"#
            ),
        ),
    ] {
        let text = format!("{{{start},{rest}}}");
        assert_eq!(
            findings(&text, Severity::Error),
            Vec::<String>::new(),
            "{rest}"
        );
    }
}

#[test]
fn what_is_out_of_use_is_a_warning() {
    for (start, rest, wanted) in [
        (
            FILE,
            r#""name":"a","extensions":{"x-a-ext":{"a_b":1}}"#,
            "extension.custom 11.3 /extensions/x-a-ext",
        ),
        (
            FILE,
            r#""name":"a","magic_number_hex":"4D5A""#,
            "value.hex_case 2.8 /magic_number_hex",
        ),
        (
            DEFINITION,
            r#""confidence":50"#,
            "property.custom 7.3 /confidence",
        ),
    ] {
        let warnings = findings(&format!("{{{start},{rest}}}"), Severity::Warning);
        assert!(
            warnings.iter().any(|warning| warning == wanted),
            "{warnings:?}"
        );
    }
    // §3.2: milliseconds at least, so more digits are as good.
    let precise = CAMPAIGN.replace("00.000Z", "00.000000Z");
    assert_eq!(
        findings(&format!("{{{precise}}}"), Severity::Warning),
        Vec::<String>::new()
    );
    let coarse = CAMPAIGN.replace("00.000Z", "00.00Z");
    assert_eq!(
        findings(&format!("{{{coarse}}}"), Severity::Warning),
        [
            "time.precision 4.2 /created",
            "time.precision 4.2 /modified"
        ]
    );
}
