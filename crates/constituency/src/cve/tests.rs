use proptest::prelude::*;
use serde_json::json;

use super::*;

fn named(value: &serde_json::Value) -> Named {
    let record = json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": "CVE-2026-1111", "state": "PUBLISHED"},
        "containers": {"cna": {"providerMetadata": {"shortName": "example"}, "affected": [value]}}
    });
    let file = read(record.to_string().as_bytes()).unwrap();
    assert_eq!(file.refused, []);
    file.vulnerabilities[0].1[0].clone()
}

fn judged(named: &Named, versions: &[&str]) -> Vec<Judged> {
    versions
        .iter()
        .map(|version| named.judge(version))
        .collect()
}

use Judged::{Affected, Doubt, Silent, Unaffected};

#[test]
fn a_range_is_judged_and_what_nobody_said_stays_unsaid() {
    let versions = json!([
        {"version": "2.0", "lessThan": "2.4.50", "status": "affected", "versionType": "semver"},
        {"version": "0", "lessThanOrEqual": "1.3", "status": "affected"},
        {"version": "3.1", "status": "affected"},
    ]);
    let silent = named(&json!({"vendor": "Example", "product": "Mail", "versions": versions}));
    let texts = ["2.4.49", "2.4.50", "1.3", "1.3.1", "3.1.0", "3.2"];
    assert_eq!(
        judged(&silent, &texts),
        [Affected, Silent, Affected, Silent, Affected, Silent]
    );
    assert_eq!(silent.source, "CVE: example");
    let said = named(
        &json!({"vendor": "Example", "product": "Mail", "versions": versions,
        "defaultStatus": "unaffected"}),
    );
    assert_eq!(
        judged(&said, &texts),
        [
            Affected, Unaffected, Affected, Unaffected, Affected, Unaffected
        ]
    );
    for odd in ["", "latest", "2.x", "1.2.*", "a1b2c3d4", "1.2 sp1"] {
        assert_eq!(said.judge(odd), Doubt, "{odd}");
    }
    let all = named(&json!({"vendor": "Example", "product": "Mail", "defaultStatus": "affected"}));
    assert_eq!(judged(&all, &["1", "", "latest"]), [Affected; 3]);
    let but = named(
        &json!({"vendor": "Example", "product": "Mail", "defaultStatus": "affected",
        "versions": [{"version": "5.0", "lessThan": "*", "status": "unaffected"}]}),
    );
    assert_eq!(
        judged(&but, &["4.9", "5.0", "latest"]),
        [Affected, Unaffected, Doubt]
    );
}

#[test]
fn what_cannot_be_compared_is_never_a_no() {
    for versions in [
        json!([{"version": "3fa9c1d2", "lessThan": "9bd1f00e", "status": "affected", "versionType": "git"}]),
        json!([{"version": "1.0", "lessThan": "spring", "status": "affected"}]),
        json!([{"version": "9.1", "lessThan": "9.1", "status": "affected"}]),
        json!([{"version": "Board Q7", "status": "affected"}]),
        json!([{"version": "> 1.0", "status": "affected"}]),
        json!([{"version": "unspecified", "status": "affected"}]),
        json!([{"version": "8.0", "status": "unknown"}]),
    ] {
        let said = named(
            &json!({"vendor": "Example", "product": "Mail", "versions": versions,
            "defaultStatus": "unaffected"}),
        );
        assert_eq!(said.judge("8.0"), Doubt, "{versions}");
    }
    // The one bound that can be compared is enough for a no.
    let said = named(
        &json!({"vendor": "Example", "product": "Mail", "defaultStatus": "unaffected",
        "versions": [{"version": "2.0", "lessThan": "spring", "status": "affected"}]}),
    );
    assert_eq!(judged(&said, &["1.9", "2.1"]), [Unaffected, Doubt]);
}

#[test]
fn bounds_and_changes_are_read() {
    let said = named(
        &json!({"vendor": "Example", "product": "Mail", "defaultStatus": "unaffected",
        "versions": [
            {"version": ">= 1.0, < 1.2.3", "status": "affected"},
            {"version": "<= 0.5", "status": "affected"},
            {"version": "= 7", "status": "affected"},
            {"version": "12.2\\(33\\)SXI", "status": "affected"},
            {"version": "4.0", "lessThan": "5.0", "status": "affected",
             "changes": [{"at": "4.2", "status": "unaffected"}, {"at": "4.5", "status": "affected"}]},
        ]}),
    );
    for (text, expected) in [
        ("1.2.2", Affected),
        ("1.2.3", Unaffected),
        ("0.5", Affected),
        ("7.0", Affected),
        ("12.2(33)sxi", Affected),
        ("4.1", Affected),
        ("4.2", Unaffected),
        ("4.6", Affected),
        ("5.0", Unaffected),
    ] {
        assert_eq!(said.judge(text), expected, "{text}");
    }
}

#[test]
fn records_are_read_one_by_one() {
    let record = |cve: &str| {
        json!({"dataType": "CVE_RECORD", "dataVersion": "5.0", "cveMetadata": {"cveId": cve, "state": "PUBLISHED"},
            "containers": {"cna": {"affected": [{"vendor": "n/a", "product": "n/a",
            "versions": [{"version": "n/a", "status": "affected"}]}]}}})
    };
    let gone = json!({"dataVersion": "5.1", "cveMetadata": {"cveId": "CVE-2026-3333", "state": "REJECTED"}});
    let list = json!([record("CVE-2026-1111"), record("x"), gone, {"dataVersion": "4.0"}, 7]);
    let file = read(list.to_string().as_bytes()).unwrap();
    assert_eq!(file.vulnerabilities.len(), 2);
    assert!(
        file.vulnerabilities
            .iter()
            .all(|(_, products)| products.is_empty())
    );
    let refused: Vec<_> = file
        .refused
        .iter()
        .map(|(at, why)| (*at, why.as_str()))
        .collect();
    assert_eq!(
        refused,
        [(2, "cveId"), (4, "dataVersion"), (5, "dataVersion")]
    );
    let lines = format!(
        "{}\n\n{{\n{}\n",
        record("CVE-2026-1111"),
        record("CVE-2026-2222")
    );
    let file = read(lines.as_bytes()).unwrap();
    assert_eq!((file.vulnerabilities.len(), file.refused[0].0), (2, 2));
    for bad in ["{", "[1", "{}{"] {
        assert!(
            matches!(read(bad.as_bytes()), Err(Error::Catalogue(_))),
            "{bad}"
        );
    }
}

#[test]
fn a_table_says_the_same() {
    let text = "CVE;Vendor;Product;Version;Since;Before;To;Status;Default;Source\n\
        CVE-2026-1111;Example;Mail;;1.0;1.2;;;unaffected;maker\n\
        CVE-2026-1111;Example;Mail;;2.0;;2.3;affected;;maker\n\
        CVE-2026-1111;Example;Mail;3.0;;;;unaffected;;maker\n\
        CVE-2026-2222;Example;Web;;;;;;affected;\n\
        x;Example;Mail;1;;;;;;\nCVE-2026-1111;Example;;1;;;;;;\n\
        CVE-2026-1111;Example;Mail;1;1;;;;;\nCVE-2026-1111;Example;Mail;;1;2;3;;;\n\
        CVE-2026-1111;Example;Mail;1;;;;perhaps;;\nCVE-2026-1111\n\
        CVE-2026-1111;Example;Mail;;1;2;;;affected;maker\n";
    let file = read(text.as_bytes()).unwrap();
    let refused: Vec<_> = file
        .refused
        .iter()
        .map(|(at, why)| (*at, why.as_str()))
        .collect();
    assert_eq!(
        refused,
        [
            (6, "cve"),
            (7, "product"),
            (8, "version"),
            (9, "to"),
            (10, "status"),
            (11, "cells"),
            (12, "default"),
        ]
    );
    let [(_, mail), (_, web)] = file.vulnerabilities.as_slice() else {
        panic!("two")
    };
    assert_eq!(
        (mail.len(), mail[0].entries.len(), mail[0].source.as_str()),
        (1, 3, "maker")
    );
    let texts = ["1.1", "1.2", "2.3", "2.4", "3.0"];
    assert_eq!(
        judged(&mail[0], &texts),
        [Affected, Unaffected, Affected, Unaffected, Unaffected]
    );
    assert_eq!(web[0].judge("9"), Affected);
    assert!(matches!(read(b"a,b\n1,2"), Err(Error::Invalid(_))));
}

#[test]
fn whoever_says_affected_counts_first() {
    assert_eq!(together([Silent, Unaffected, Doubt, Affected]), Affected);
    assert_eq!(together([Silent, Unaffected, Doubt]), Doubt);
    assert_eq!(together([Silent, Unaffected]), Unaffected);
    assert_eq!(together([]), Silent);
}

proptest! {
    #[test]
    fn no_file_ends_the_program(text in "\\PC{0,200}", version in "\\PC{0,30}", bound in "[<>=*, .0-9a-z]{0,30}") {
        let _read = read(text.as_bytes());
        let said = named(&json!({"vendor": "v", "product": "p",
            "versions": [{"version": version, "lessThan": bound, "status": "affected"},
                         {"version": bound, "status": "affected"}]}));
        // Nothing that is only said to be affected makes anything unaffected.
        for text in [version.as_str(), &bound, "1.0"] {
            prop_assert_ne!(said.judge(text), Unaffected);
        }
    }
}
