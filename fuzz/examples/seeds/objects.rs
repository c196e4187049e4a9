//! Objects and patterns of STIX.

use std::error::Error;

use stix::{json::Document, pattern::Pattern};

use super::{Seeds, seeds};

/// One object of each type.
const OBJECTS: [&str; 3] = [
    include_str!("../../../crates/stix/tests/objects/domain.json"),
    include_str!("../../../crates/stix/tests/objects/incident.json"),
    include_str!("../../../crates/stix/tests/objects/observables.json"),
];

/// What STIX 2.0 had that STIX 2.1 has otherwise.
const OLD: [&str; 2] = [
    r#"{"type":"observed-data","id":"observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf",
"created":"2016-04-06T19:58:16.000Z","modified":"2016-04-06T19:58:16.000Z",
"first_observed":"2015-12-21T19:00:00Z","last_observed":"2015-12-21T19:00:00Z","number_observed":50,
"granular_markings":[{"marking_ref":"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
"selectors":["objects.0.name","objects.3.value"]}],
"objects":{"0":{"type":"file","name":"f","created":"2016-01-01T00:00:00Z","is_encrypted":true,
"hashes":{"ssdeep":"3:a:b"},"parent_directory_ref":"1","extensions":{"x-own-ext":{"k":1},
"archive-ext":{"contains_refs":["1"],"version":"7"},"raster-image-ext":{"image_compression_algorithm":"lzw"}}},
"1":{"type":"directory","path":"C:\\","contains_refs":["0"]},
"2":{"type":"process","pid":1,"name":"a.exe","arguments":["-x"],"binary_ref":"0","created":"2016-01-01T00:00:00Z"},
"3":{"type":"ipv4-addr","value":"198.51.100.3"},
"4":{"type":"network-traffic","src_ref":"3","protocols":["tcp"],"encapsulates_by_ref":"4",
"extensions":{"socket-ext":{"address_family":"AF_INET","protocol_family":"PF_INET"}}},
"5":{"type":"email-message","is_multipart":false,"additional_header_fields":{"X-A":"b"}},
"6":{"type":"user-account","password_last_changed":"2016-01-01T00:00:00Z"},
"7":{"type":"x-own","a_ref":"6"}}}"#,
    r#"{"type":"bundle","id":"bundle--44af6c39-c09b-49c5-9de2-394224b04982","spec_version":"2.0","objects":[
{"type":"indicator","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","labels":["benign","ours"],
"created":"2016-04-06T20:03:48.000Z","modified":"2016-04-06T20:03:48.000Z","valid_from":"2016-01-01T00:00:00Z",
"pattern":"[file:hashes.ssdeep = 'a' AND process:binary_ref.created = t'2016-01-01T00:00:00Z'] START '2016-01-01T00:00:00Z' STOP '2017-01-01T00:00:00Z'"},
{"type":"malware","id":"malware--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061","labels":["worm"],"name":"W",
"created":"2016-04-06T20:03:48.000Z","modified":"2016-04-06T20:03:48.000Z"},
{"type":"x-own","id":"x-own--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061",
"created":"2016-04-06T20:03:48.000Z","modified":"2016-04-06T20:03:48.000Z"}]}"#,
];

/// The last brings what it is held against.
const PATTERNS: [&str; 12] = [
    "[file:name = 'a.exe' AND file:size > 10] WITHIN 5 SECONDS",
    "([ipv4-addr:value ISSUBSET '198.51.100.0/24'] FOLLOWEDBY [file:hashes.MD5 LIKE 'd4%']) \
     REPEATS 2 TIMES START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00Z'",
    "[file:extensions.'pdf-ext'.version MATCHES '^1\\\\.[0-9]$'] OR [EXISTS x:y[*].z]",
    "[file:parent_directory_ref.path NOT IN ('a', 'b') AND file:size != 1500.0]",
    "[file:magic_number_hex = h'4D5A' OR artifact:payload_bin = b'AP9hYmM='] AND [url:value LIKE '%/a?b=_20']",
    "[file:mtime <= t'2016-12-24T19:00:00.5Z' AND file:contains_refs[*].name NOT MATCHES '(?i)^A(?=\\\\.)(.)\\\\1?']",
    "[ipv4-addr:value ISSUPERSET '198.51.100.4/31'] AND [network-traffic:src_ref.value LIKE '198%' \
     AND network-traffic:protocols[1] = 'tcp' AND network-traffic:is_active = false]",
    "[x-thing:big >= 9223372036854775807] OR [x-thing:small < -0.001 AND x-thing:list[2][1].deep = 3]",
    "[x-thing:whole = 1 OR x-thing:odd_hex = 'xyz'] FOLLOWEDBY [url:value IN ('a', 'http://example.com/a?b=%20')] \
     WITHIN 86400.5 SECONDS",
    "[NOT EXISTS url:x] /* c */ REPEATS 3 TIMES // d\n",
    "([url:value = 'a'] AND [url:value = 'a']) REPEATS 2 TIMES OR [file:size NOT < 3 AND (file:a.'b-c' = '\\'\\\\' OR file:b > '')]",
    "[user-account:user_id = 'a'] REPEATS 2 TIMES\0[\
     {\"type\":\"observed-data\",\"number_observed\":2,\"first_observed\":\"2026-01-01T00:00:00Z\",\
     \"last_observed\":\"2026-01-01T00:00:01Z\",\"object_refs\":[\"a\"]},\
     {\"type\":\"user-account\",\"id\":\"a\",\"user_id\":\"a\"}]",
];

pub(crate) fn stix_seeds() -> Result<Vec<Seeds>, Box<dyn Error>> {
    let mut objects = OLD.map(|text| text.as_bytes().to_vec()).to_vec();
    for list in OBJECTS {
        let document = Document::parse(list.as_bytes())?;
        let items = document.root().items();
        objects.extend(items.map(|object| object.raw().as_bytes().to_vec()));
    }
    let [old, _, new, ..] = objects.as_slice() else {
        return Err("there are no objects".into());
    };
    let bundle = [
        br#"{"type":"bundle","objects":["#,
        &**old,
        b",",
        new,
        br#"],"id":1}"#,
    ]
    .concat();
    let lines = [
        b"[",
        &**new,
        b"]\n",
        old,
        b" \"\xc3\xa9\" {\"objects\":[{}]} 12",
    ]
    .concat();
    for text in objects.iter().chain([&bundle]) {
        Document::parse(text)?;
    }
    for text in PATTERNS {
        Pattern::parse(text.split('\0').next().unwrap_or(text))?;
    }
    Ok(vec![
        Seeds {
            target: "stix_object",
            documents: objects,
        },
        seeds("stix_stream", [bundle, lines]),
        seeds(
            "stix_pattern",
            PATTERNS.map(|text| text.as_bytes().to_vec()),
        ),
    ])
}
