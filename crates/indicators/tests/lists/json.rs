//! JSON of no standard.

use crate::gather::{gather, gather_with, options};

#[test]
fn lists_of_texts_and_of_records_are_read() {
    let gathered = gather(r#"["8.8.4.4", "evil.example", "no value at all", 7]"#);
    let expected = vec!["ipv4 8.8.4.4", "domain-tree evil.example"];
    assert_eq!(gathered.told(), ("json", expected));
    assert_eq!(
        gathered.problems,
        ["object 3: list.no_kind", "object 4: list.no_value"]
    );
    let gathered = gather(
        r#"[{"id": "a", "value": "8.8.4.4", "type": "ip", "confidence": 50, "tlp": "green"},
        {"id": "b", "domains": ["a.example", "b.example"], "extra": {"deep": []}}]"#,
    );
    let expected = [
        "ipv4 8.8.4.4 id=a TLP:GREEN confidence=50",
        "domain-tree a.example id=b",
        "domain-tree b.example id=b",
    ];
    assert_eq!(gathered.told(), ("json", expected.to_vec()));
}

#[test]
fn one_broken_line_costs_no_other() {
    let gathered = gather(
        "{\"ioc\": \"8.8.4.4\"}\n{\"ioc\": \n\n{\"ioc\": \"8.8.4.5\"}\n{\"colour\": \"red\"}\n\"evil.example\"\n",
    );
    let expected = vec!["ipv4 8.8.4.4", "ipv4 8.8.4.5", "domain-tree evil.example"];
    assert_eq!(gathered.told(), ("json", expected));
    assert_eq!(
        gathered.problems,
        ["line 2: json.incomplete", "line 5: list.no_value"]
    );
}

#[test]
fn what_is_cut_off_is_an_error_behind_what_came() {
    let error = gather_with(r#"["8.8.4.4", "8.8.4"#, &options()).unwrap_err();
    assert_eq!(error.code(), "json.incomplete");
}
