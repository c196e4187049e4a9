//! Objects that say the same.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use stix::{equal, json::Document};

fn difference(one: &str, other: &str) -> Option<String> {
    let one = Document::parse(one.as_bytes()).unwrap();
    let other = Document::parse(other.as_bytes()).unwrap();
    let found = equal::difference(one.root(), other.root());
    assert_eq!(equal::equal(one.root(), other.root()), found.is_none());
    assert_eq!(equal::equal(other.root(), one.root()), found.is_none());
    found
}

#[test]
fn what_says_the_same_is_equal() {
    for (one, other) in [
        (
            r#"{"type":"tool","name":"a","x_o":{"a":1,"b":2}}"#,
            r#"{"x_o":{"b":2,"a":1.0},"name":"a","type":"tool"}"#,
        ),
        (
            r#"{"type":"tool","created":"2020-01-01T00:00:00Z"}"#,
            r#"{"type":"tool","created":"2020-01-01T00:00:00.000Z"}"#,
        ),
        (
            r#"{"type":"tool","labels":["a","b"],"revoked":false}"#,
            r#"{"type":"tool","labels":["b","a"]}"#,
        ),
        (
            r#"{"type":"location","latitude":48.50}"#,
            r#"{"type":"location","latitude":4.85e1}"#,
        ),
        (
            r#"{"type":"url","value":"a","defanged":false,"spec_version":"2.1"}"#,
            r#"{"type":"url","value":"a"}"#,
        ),
        (
            r#"{"type":"sighting","summary":false}"#,
            r#"{"type":"sighting"}"#,
        ),
        (
            r#"{"type":"file","magic_number_hex":"AB","hashes":{"MD5":"ABCDEF"}}"#,
            r#"{"type":"file","magic_number_hex":"ab","hashes":{"MD5":"abcdef"}}"#,
        ),
        (
            r#"{"type":"report","object_refs":["tool--8E2E2D2B-17d4-4cbf-938f-98ee46b3cd3f","tool--00000000-17d4-4cbf-938f-98ee46b3cd3f"]}"#,
            r#"{"type":"report","object_refs":["tool--00000000-17d4-4cbf-938f-98ee46b3cd3f","tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"]}"#,
        ),
        (
            r#"{"type":"tool","external_references":[{"source_name":"a","hashes":{"MD5":"AA"}},{"source_name":"b"}]}"#,
            r#"{"type":"tool","external_references":[{"source_name":"b"},{"hashes":{"MD5":"aa"},"source_name":"a"}]}"#,
        ),
        (
            r#"{"type":"file","extensions":{"windows-pebinary-ext":{"machine_hex":"014C","time_date_stamp":"2016-01-01T00:00:00Z"}}}"#,
            r#"{"type":"file","extensions":{"windows-pebinary-ext":{"time_date_stamp":"2016-01-01T00:00:00.0Z","machine_hex":"014c"}}}"#,
        ),
        (
            r#"{"type":"x-own","n":[1e2,-0.0]}"#,
            r#"{"type":"x-own","n":[100,0]}"#,
        ),
    ] {
        assert_eq!(difference(one, other), None, "{one}");
    }
}

#[test]
fn the_first_difference_is_found() {
    for (one, other, at) in [
        (r#"{"type":"tool"}"#, r#"{"type":"malware"}"#, "/type"),
        (
            r#"{"type":"tool","name":"a"}"#,
            r#"{"type":"tool","name":"A"}"#,
            "/name",
        ),
        (
            r#"{"type":"tool"}"#,
            r#"{"type":"tool","revoked":true}"#,
            "/revoked",
        ),
        (
            r#"{"type":"tool","labels":["a","b"]}"#,
            r#"{"type":"tool","labels":["a","b","b"]}"#,
            "/labels/2",
        ),
        (
            r#"{"type":"tool","labels":["a","a"]}"#,
            r#"{"type":"tool","labels":["a","b"]}"#,
            "/labels/1",
        ),
        (
            r#"{"type":"network-traffic","protocols":["ipv4","tcp"]}"#,
            r#"{"type":"network-traffic","protocols":["tcp","ipv4"]}"#,
            "/protocols/0",
        ),
        (
            r#"{"type":"x-own","labels":["a","b"]}"#,
            r#"{"type":"x-own","labels":["b","a"]}"#,
            "/labels/0",
        ),
        (
            r#"{"type":"tool","x_a/b~":{"c":[1,{"d":"2020-01-01T00:00:00Z"}]}}"#,
            r#"{"type":"tool","x_a/b~":{"c":[1,{"d":"2020-01-01T00:00:00.0Z"}]}}"#,
            "/x_a~1b~0/c/1/d",
        ),
        (
            r#"{"type":"url","value":"a","defanged":false}"#,
            r#"{"type":"url","value":"a","defanged":true}"#,
            "/defanged",
        ),
        (
            r#"{"type":"url","value":"a","revoked":false}"#,
            r#"{"type":"url","value":"a"}"#,
            "/revoked",
        ),
        (
            r#"{"type":"x-own","n":9007199254740993}"#,
            r#"{"type":"x-own","n":9007199254740992}"#,
            "/n",
        ),
        (
            r#"{"type":"file","hashes":{"SSDEEP":"3:aB:c"}}"#,
            r#"{"type":"file","hashes":{"SSDEEP":"3:ab:c"}}"#,
            "/hashes/SSDEEP",
        ),
        (
            r#"{"type":"x-own","n":1}"#,
            r#"{"type":"x-own","n":"1"}"#,
            "/n",
        ),
    ] {
        assert_eq!(difference(one, other).as_deref(), Some(at), "{one}");
    }
}
