//! MISP events, warninglists and manifests.

use indicators::Left;

use crate::gather::{gather, gather_with, options};

const EVENT: &str = r#"{"Event": {"info": "x", "Attribute": [
    {"uuid": "1", "type": "domain|ip", "value": "evil.example|8.8.4.4", "to_ids": true},
    {"uuid": "2", "type": "hostname", "value": "one.example", "to_ids": true, "Tag": [{"name": "tlp:red"}]},
    {"uuid": "3", "type": "filename|sha1", "value": "a.exe|98fbd545b5c1b1fe185730ba9b1cd4bebfae4476", "to_ids": true},
    {"uuid": "4", "type": "ip-dst|port", "value": "8.8.4.5|443", "to_ids": true},
    {"uuid": "5", "type": "ip-dst", "value": "8.8.4.6", "to_ids": false},
    {"uuid": "6", "type": "ip-dst", "value": "8.8.4.7", "to_ids": true, "deleted": true},
    {"uuid": "7", "type": "novelty", "value": "8.8.4.8", "to_ids": true},
    {"uuid": "8", "type": "regkey|value", "value": "HKLM\\Software\\Evil|x", "to_ids": true},
    {"uuid": "9", "type": "sigma", "value": "title: x", "to_ids": true},
    {"uuid": "10", "type": "ip-dst", "value": "no address", "to_ids": true},
    {"uuid": "11", "type": "ja3-fingerprint-md5", "value": "44d88612fea8a8f36de82e1278abb02f", "to_ids": true},
    {"uuid": "12", "type": "stix2-pattern", "value": "[process:pid = 3]", "to_ids": true}],
    "Object": [{"Attribute": [{"uuid": "13", "type": "AS", "value": "64496", "to_ids": true}]}],
    "Tag": [{"name": "tlp:green"}, {"name": "PAP:RED"}]}}"#;

#[test]
fn an_event_brings_what_is_to_be_looked_for() {
    let gathered = gather(EVENT);
    let expected = [
        "domain-tree evil.example id=1 TLP:GREEN",
        "ipv4 8.8.4.4 id=1 TLP:GREEN",
        "domain one.example id=2 TLP:RED",
        "sha1 98fbd545b5c1b1fe185730ba9b1cd4bebfae4476 id=3 TLP:GREEN",
        "ipv4 8.8.4.5 id=4 TLP:GREEN",
        r"registry-key hklm\software\evil id=8 TLP:GREEN",
        "sigma title: x id=9 TLP:GREEN",
        "ja3 44d88612fea8a8f36de82e1278abb02f id=11 TLP:GREEN",
        "pattern [process:pid = 3] id=12 TLP:GREEN",
        "asn AS64496 id=13 TLP:GREEN",
    ];
    assert_eq!(gathered.told(), ("misp", expected.to_vec()));
    assert_eq!(gathered.problems, ["/Event/Attribute/9: list.no_kind"]);
    let left = Left {
        revoked: 1,
        unreadable: 1,
        not_for_matching: 2,
        ..Left::default()
    };
    assert_eq!(
        (gathered.report().left, gathered.report().ports_dropped),
        (left, 1)
    );
    let mut options = options();
    options.include_context = true;
    assert_eq!(gather_with(EVENT, &options).unwrap().items.len(), 11);
}

#[test]
fn warninglists_and_manifests_are_known() {
    let gathered = gather(r#"{"name": "A list", "type": "cidr", "list": ["8.8.4.0/24"]}"#);
    assert_eq!(gathered.told(), ("misp-warninglist", vec![]));
    assert_eq!(
        (gathered.lists.len(), gathered.report().warninglists),
        (1, 1)
    );
    assert_eq!(gathered.lists[0].name, "A list");
    let gathered = gather(r#"{"5bad26c1-6a48-46be-aee5-50d70a016219": {"info": "x"}}"#);
    assert_eq!(gathered.told(), ("misp-manifest", vec![]));
    assert_eq!(gathered.report().passed_over, 1);
}

#[test]
fn an_event_that_is_cut_off_is_an_error() {
    let cut = EVENT.split_once("\"Object\"").unwrap().0;
    assert_eq!(
        gather_with(cut, &options()).unwrap_err().code(),
        "misp.incomplete"
    );
}
