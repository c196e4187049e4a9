//! Whether attributes are what their types say.

use formats_misp::{
    full::Attribute,
    vocabulary::{check_attribute, types},
};

fn attribute(kind: &str, category: &str, value: &str) -> Attribute {
    Attribute {
        kind: Some(kind.to_owned()),
        category: (!category.is_empty()).then(|| category.to_owned()),
        value: Some(value.to_owned()),
        ..Attribute::default()
    }
}

fn faults(kind: &str, category: &str, value: &str) -> String {
    let errors = check_attribute(&attribute(kind, category, value));
    let errors = errors
        .iter()
        .map(|error| format!("{} {}: {error}", error.member(), error.code()));
    errors.collect::<Vec<_>>().join("; ")
}

/// A value of each type that has a form.
const GOOD: &[(&str, &str)] = &[
    ("ip-src", "2001:db8::/32"),
    ("ip-dst", "198.51.100.3"),
    ("ip-dst|port", "198.51.100.3|443"),
    ("ip-dst|port", "198.51.100.3:443"),
    ("ip-src|port", "2001:db8::1|443"),
    ("port", "65535"),
    ("domain", "bücher.example."),
    ("hostname", "_a.b-c.example"),
    ("hostname|port", "a.example|80"),
    ("domain|ip", "a.example|198.51.100.3"),
    ("onion-address", "aaaaaaaaaaaaaaaa.onion"),
    ("email-src", "a.b+c@host.example"),
    ("link", "https://host.example/a b"),
    ("url", "host.example/path"),
    ("mac-address", "02-00-00-00-00-01"),
    ("mac-eui-64", "02:00:00:00:00:00:00:01"),
    ("AS", "AS64496"),
    ("AS", "64496"),
    ("vulnerability", "cve-2026-12345"),
    ("vulnerability", "GHSA-aaaa-bbbb-cccc"),
    ("weakness", "CWE-79"),
    ("cpe", "cpe:2.3:a:x:y:1:*:*:*:*:*:*:*"),
    ("counter", "0"),
    ("integer", "-5"),
    ("float", "1.5e3"),
    ("boolean", "1"),
    ("datetime", "2026-01-31T10:00:00.000000+0000"),
    ("datetime", "2026-01-31"),
    ("uuid", "9b1c6a4e-0d0c-4f0e-8a55-6d1f3c2b7a10"),
    ("hex", "00fF"),
    ("stix2-pattern", "[ipv4-addr:value = '198.51.100.3']"),
    ("cortex", "{\"a\": [1]}"),
    ("btc", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
    ("md5", "D41D8CD98F00B204E9800998ECF8427E"),
    ("filename|md5", "a|b.exe|d41d8cd98f00b204e9800998ecf8427e"),
    ("malware-sample", "a.exe|d41d8cd98f00b204e9800998ecf8427e"),
    ("ssdeep", "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"),
    ("regkey|value", "HKLM\\Software\\X|1"),
    ("comment", "any\ntext"),
];

#[test]
fn values_of_their_types_pass() {
    for (kind, value) in GOOD {
        assert_eq!(faults(kind, "", value), "", "{kind} {value}");
    }
}

#[test]
fn values_of_other_forms_do_not() {
    for (kind, value) in [
        ("ip-src", "198.51.100.0/33"),
        ("ip-dst", "a.example"),
        ("ip-dst|port", "198.51.100.3|0"),
        ("port", "+1"),
        ("domain", "example"),
        ("domain", "a..example"),
        ("domain", "198.51.100.3"),
        ("onion-address", "a.onion"),
        ("email", "a b@host.example"),
        ("link", "host.example"),
        ("mac-address", "02:00:00:00:00"),
        ("AS", "ASX"),
        ("vulnerability", "CVE-26-1"),
        ("weakness", "79"),
        ("counter", "-1"),
        ("float", "NaN"),
        ("boolean", "yes"),
        ("datetime", "2026-02-30"),
        ("uuid", "9b1c6a4e"),
        ("hex", "0x00"),
        ("stix2-pattern", "[ipv4-addr"),
        ("cortex", "{"),
        ("md5", "d41d8cd98f00b204e9800998ecf8427"),
        ("sha256", "zz"),
        ("filename|sha1", "a.exe|d41d"),
        ("ssdeep", "3:a"),
        ("mutex", "a\nb"),
    ] {
        assert!(
            faults(kind, "", value).starts_with("value attribute.value: "),
            "{kind} {value}"
        );
    }
}

#[test]
fn all_that_is_wrong_is_said() {
    insta::assert_snapshot!(faults("", "", " "), @"type attribute.type_missing: type is missing: name one, such as ip-dst; value attribute.value_missing: value is missing");
    insta::assert_snapshot!(faults("ip", "Network activity", "198.51.100.3"), @r#"type attribute.type_unknown: type "ip" is not known; describeTypes lists those that are"#);
    insta::assert_snapshot!(faults("ip-dst", "Antivirus detection", "x"), @r#"category attribute.category_mismatch: category "Antivirus detection" does not go with type ip-dst; one of: Payload delivery, Network activity, External analysis; value attribute.value: value of type ip-dst is not an IP address or a network such as 198.51.100.0/24"#);
    insta::assert_snapshot!(faults("ip-dst", "Network", "198.51.100.3"), @r#"category attribute.category_unknown: category "Network" is not known; describeTypes lists those that are"#);
    insta::assert_snapshot!(faults("domain|ip", "", "a.example"), @"value attribute.value_parts: value of type domain|ip has two parts with a bar between them");
    insta::assert_snapshot!(faults("domain|ip", "", "a.example|"), @"value attribute.value_parts: value of type domain|ip has two parts with a bar between them");
    insta::assert_snapshot!(faults("text", "Other", &"x".repeat(65_536)), @"value attribute.value_too_long: value has 65536 bytes, more than 65535; attach it as data instead");
}

#[test]
fn no_type_refuses_what_it_is_of() {
    // Every type goes with its default category, and its default category with it.
    for one in types() {
        let errors = check_attribute(&attribute(one.name, one.default_category, "x"));
        assert!(
            errors.iter().all(|error| error.member() == "value"),
            "{}",
            one.name
        );
    }
}
