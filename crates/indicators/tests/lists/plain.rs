//! Lists of one value a line, hosts files, filters, dnsmasq.

use indicators::{Domains, Format, Left, ReadError};
use matcher::Breadth;

use crate::gather::{gather, gather_with, options};

#[test]
fn plain_lists_bring_values_by_their_shape() {
    let text = "\u{feff}# a comment\r\n; another\r\n// a third\r\n\r\n8.8.4.4\r\n\
        8.8.4.5\t10\r\n  8.8.4.6  # trailing\r\n8.8.8.0/24\r\n2a00:1450::0:1\r\n\
        evil.example\r\n*.all.example\r\n.below.example\r\nhxxp://evil[.]example/a\r\n\
        evil[.]example\r\nA@Evil.example\r\n44D88612FEA8A8F36DE82E1278ABB02F\r\n\
        HKLM\\Software\\Evil Corp\\x  \r\nAS64496\r\nCVE-2021-44228\r\n\"quoted.example\",\r\n";
    let expected = [
        "ipv4 8.8.4.4",
        "ipv4 8.8.4.5",
        "ipv4 8.8.4.6",
        "ipv4-net 8.8.8.0/24",
        "ipv6 2a00:1450::1",
        "domain-tree evil.example",
        "domain-tree all.example",
        "domain-tree below.example",
        "url http://evil.example/a",
        "domain-tree evil.example",
        "email a@evil.example",
        "md5 44d88612fea8a8f36de82e1278abb02f",
        r"registry-key hklm\software\evil corp\x",
        "asn AS64496",
        "cve CVE-2021-44228",
        "domain-tree quoted.example",
    ];
    let gathered = gather(text);
    assert_eq!(gathered.told(), ("plain", expected.to_vec()));
    assert_eq!((gathered.problems.len(), gathered.warnings.len()), (0, 0));
}

#[test]
fn utf_16_is_read_with_its_mark_and_without() {
    let text = "\u{feff}evil.example\r\n8.8.4.4\r\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let expected = ("plain", vec!["domain-tree evil.example", "ipv4 8.8.4.4"]);
    assert_eq!(gather(&little).told(), expected);
    assert_eq!(gather(&big).told(), expected);
    assert_eq!(gather(&little[2..]).told(), expected);
    assert_eq!(gather(&big[2..]).told(), expected);
}

#[test]
fn lines_may_end_with_a_return_alone() {
    let gathered = gather("# old\revil.example\r8.8.4.4\r???\r");
    let expected = ["domain-tree evil.example", "ipv4 8.8.4.4"];
    assert_eq!(gathered.told(), ("plain", expected.to_vec()));
    assert_eq!(gathered.problems, ["line 4: list.no_kind"]);
    let table = gather("indicator;type\r\"evil.example\";domain\r");
    assert_eq!(table.told(), ("table", vec!["domain-tree evil.example"]));
    // Beyond what the format is found out by, too.
    let long = gather("evil.example\r".repeat(20_000));
    assert_eq!(long.items.len(), 20_000);
    // A return within a line that ends otherwise ends none.
    let mixed = gather("evil.example\rx\n8.8.4.4\n");
    assert_eq!(mixed.items.len(), 2);
}

#[test]
fn one_character_is_no_indicator_whatever_is_allowed() {
    let mut broad = options();
    broad.breadth = Breadth::Any;
    let gathered = gather_with("a\n7\n\u{e9}\n/\nio\n", &broad).unwrap();
    assert_eq!(gathered.told(), ("plain", vec!["domain-tree io"]));
    let expected = [1, 2, 3, 4].map(|line| format!("line {line}: list.one_character"));
    assert_eq!(gathered.problems, expected);
}

#[test]
fn ports_are_dropped_and_schemes_added() {
    let gathered = gather(
        "8.8.4.4:443\n[2a00:1450::1]:80\nevil.example:8080\nevil.example/a?b\n8.8.4.4:80/x\nevil.example/\n",
    );
    let expected = [
        "ipv4 8.8.4.4",
        "ipv6 2a00:1450::1",
        "domain-tree evil.example",
        "url http://evil.example/a?b",
        "url https://evil.example/a?b",
        "url http://8.8.4.4/x",
        "url https://8.8.4.4:80/x",
        "domain-tree evil.example",
    ];
    assert_eq!(gathered.told(), ("plain", expected.to_vec()));
    let report = gathered.report();
    assert_eq!((report.read, report.taken, report.ports_dropped), (6, 6, 3));
}

#[test]
fn ranges_are_networks() {
    let gathered = gather("8.8.4.3-8.8.4.9\n8.8.8.0 - 8.8.8.255 a name\n8.8.4.9-8.8.4.3\n");
    let expected = [
        "ipv4 8.8.4.3",
        "ipv4-net 8.8.4.4/30",
        "ipv4-net 8.8.4.8/31",
        "ipv4-net 8.8.8.0/24",
    ];
    assert_eq!(gathered.told(), ("plain", expected.to_vec()));
    assert_eq!(gathered.problems, ["line 3: list.range"]);
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let gathered = gather(
        b"evil.example\n\nhello world\n/gate.php\n\xff\xfe\xfd\n8.8.4.4.4\n# \xff\nbc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5\n".as_slice(),
    );
    let problems = [
        "line 3: list.no_kind",
        "line 4: list.path_alone",
        "line 5: list.not_utf8",
        "line 6: list.no_kind",
        "line 8: list.no_kind",
    ];
    assert_eq!(gathered.problems[1..], problems[1..]);
    assert_eq!(gathered.told(), ("plain", vec!["domain-tree evil.example"]));
    assert_eq!(gathered.report().first_problems.len(), 5);
}

#[test]
fn what_is_too_broad_is_refused_unless_allowed() {
    let text = "com\n*.com\n0.0.0.0/0\n::/0\na\n";
    let gathered = gather(text);
    assert_eq!(gathered.items, [""; 0]);
    let left = Left {
        broad: 4,
        unreadable: 1,
        ..Left::default()
    };
    assert_eq!(gathered.report().left, left);
    let mut options = options();
    options.breadth = Breadth::Any;
    let gathered = gather_with(text, &options).unwrap();
    let expected = [
        "domain-tree com",
        "domain-tree com",
        "ipv4-net 0.0.0.0/0",
        "ipv6-net ::/0",
    ];
    assert_eq!(gathered.items, expected);
}

#[test]
fn strict_stops_at_the_first_problem() {
    let mut options = options();
    options.strict = true;
    let error = gather_with("evil.example\n/gate.php\n", &options).unwrap_err();
    assert_eq!(error.code(), "list.path_alone");
    let ReadError::Strict(problem) = error else {
        panic!("another error: {error}");
    };
    assert_eq!(
        problem.to_string(),
        "line 2: \"/gate.php\": a path without a host"
    );
    assert!(gather_with("evil.example\n10.1.2.3\n", &options).is_ok());
}

#[test]
fn special_addresses_are_taken_with_a_warning() {
    let gathered = gather("10.1.2.3\n192.168.0.0/16\nfe80::1\n8.8.4.4\n");
    assert_eq!(gathered.items.len(), 4);
    let code = "list.special_address";
    let warnings = [1, 2, 3].map(|line| format!("line {line}: {code}"));
    assert_eq!(gathered.warnings, warnings);
}

#[test]
fn names_can_be_meant_alone() {
    let mut options = options();
    options.domains = Some(Domains::Exact);
    let gathered = gather_with("evil.example\n*.all.example\n", &options).unwrap();
    assert_eq!(
        gathered.items,
        ["domain evil.example", "domain-tree all.example"]
    );
}

#[test]
fn hosts_files_bring_their_names() {
    let gathered = gather(
        "# hosts\n127.0.0.1 localhost localhost.localdomain\n::1 ip6-localhost\n\
        255.255.255.255\tbroadcasthost\n0.0.0.0 0.0.0.0\n0.0.0.0 evil.example # why\n\
        127.0.0.1\ta.example b.example\n0.0.0.0 under_score.example\n0.0.0.0 bad..example\n",
    );
    let expected = [
        "domain-tree evil.example",
        "domain-tree a.example",
        "domain-tree b.example",
        "domain-tree under_score.example",
    ];
    assert_eq!(gathered.told(), ("hosts", expected.to_vec()));
    assert_eq!(gathered.report().left.not_for_matching, 5);
    assert_eq!(gathered.problems, ["line 9: value.shape"]);
}

#[test]
fn filters_bring_names_where_they_are_simple() {
    let gathered = gather(
        "[Adblock Plus 2.0]\n! Title: x\n||evil.example^\n||third.example^$third-party\n\
        ||part.example^$script\n||path.example/a\n@@||good.example^\n##.banner\n||*.wild.example^\n",
    );
    let expected = ["domain-tree evil.example", "domain-tree third.example"];
    assert_eq!(gathered.told(), ("adblock", expected.to_vec()));
    assert_eq!(gathered.report().left.not_for_matching, 4);
}

#[test]
fn dnsmasq_brings_names() {
    let gathered = gather(
        "address=/evil.example/0.0.0.0\nserver=/a.example/b.example/\nlocal=/c.example/\ncache-size=1\n",
    );
    let expected = [
        "domain-tree evil.example",
        "domain-tree a.example",
        "domain-tree b.example",
        "domain-tree c.example",
    ];
    assert_eq!(gathered.told(), ("dnsmasq", expected.to_vec()));
}

#[test]
fn a_format_can_be_given_and_has_a_name() {
    let mut options = options();
    options.format = Some(Format::Plain);
    let gathered = gather_with("8.8.4.4 evil.example\n8.8.4.5 b.example\n", &options).unwrap();
    assert_eq!(
        gathered.told(),
        ("plain", vec!["ipv4 8.8.4.4", "ipv4 8.8.4.5"])
    );
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let error = "iocs".parse::<Format>().unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("misp-warninglist, json, openioc")
    );
}

#[test]
fn what_is_no_list_is_refused_by_name() {
    for (bytes, word) in [
        (&b"\x1f\x8b\x08\x00"[..], "gzip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"PK\x03\x04", "zip"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (
            b"<?xml version=\"1.0\"?>\n<ioc xmlns=\"http://schemas.mandiant.com/2010/ioc\">",
            "OpenIOC",
        ),
    ] {
        let error = gather_with(bytes, &options()).unwrap_err();
        assert_eq!(error.code(), "list.not_read");
        assert!(error.to_string().contains(word), "{error}");
    }
}
