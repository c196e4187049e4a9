//! Tables with a header and without.

use crate::gather::{gather, gather_with, options};

#[test]
fn columns_are_known_by_name() {
    let gathered = gather(
        "Type;Indicator;ID;Source;TLP;Confidence;Valid_From;valid until;note\n\
        domain;evil.example;7;A team;tlp:amber;high;2026-01-01;2026-02-01T00:00:00Z;x\n\
        hostname;one.example;8;;;;;;\n\
        ipv4-addr;8.8.4.4;9;;purple;80;;2026-01-31;\n\
        sha-256;zz;10;;;;;;\n\
        url;https://evil.example/a;11;;;101;;2026-01-30;expired\n\
        yara;rule x { condition: true };12;;;;;;\n\
        ssdeep;3:a:b;13;;;;;;\n\
        ip-dst|port;8.8.4.5|80;14;;;;;soon;\n\
        ;;15;;;;;;\n",
    );
    let expected = [
        "domain-tree evil.example id=7 source=A team TLP:AMBER from=2026-01-01T00:00:00.000Z until=2026-02-01T00:00:00.000Z confidence=85",
        "domain one.example id=8",
        "ipv4 8.8.4.4 id=9 TLP:RED until=2026-02-01T00:00:00.000Z confidence=80",
        "yara rule x { condition: true } id=12",
        "ipv4 8.8.4.5 id=14",
    ];
    assert_eq!(gathered.told(), ("table", expected.to_vec()));
    assert_eq!(
        gathered.problems,
        ["line 5: value.unexpected", "line 10: list.empty_row"]
    );
    assert_eq!(gathered.warnings, ["line 9: list.moment"]);
    let report = gathered.report();
    assert_eq!((report.left.expired, report.left.not_for_matching), (1, 1));
    assert_eq!(report.ports_dropped, 1);
    let mut options = options();
    options.include_expired = true;
    let gathered = gather_with("url,expires\nhttp://a.example/,2020-01-01\n", &options).unwrap();
    assert_eq!(gathered.items.len(), 1);
}

#[test]
fn each_kind_has_its_column() {
    let gathered = gather(
        "first_seen,md5,sha256,file_name\n2026-01-01,44d88612fea8a8f36de82e1278abb02f,,a.exe\n",
    );
    let expected = ["md5 44d88612fea8a8f36de82e1278abb02f"];
    assert_eq!(gathered.told(), ("table", expected.to_vec()));
    let gathered = gather("filename,comment\nevil.exe,x\n");
    assert_eq!(gathered.told(), ("table", vec!["file-name evil.exe"]));
    let gathered = gather("ip\n8.8.4.4\nevil.example\n");
    assert_eq!(
        gathered.told(),
        ("table", vec!["ipv4 8.8.4.4", "domain-tree evil.example"])
    );
}

#[test]
fn a_header_can_be_a_comment() {
    let gathered = gather(
        "# A list of addresses, \"quoted\n# more\n# \"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"confidence_level\"\n\
        \"2026-01-01 00:00:00\", \"1\", \"8.8.4.4:443\", \"ip:port\", \"75\"\n\
        \"2026-01-01 00:00:00\", \"2\", \"evil.example\", \"domain\", \"100\"\n# end\n",
    );
    let expected = [
        "ipv4 8.8.4.4 id=1 confidence=75",
        "domain-tree evil.example id=2 confidence=100",
    ];
    assert_eq!(gathered.told(), ("table", expected.to_vec()));
    let gathered = gather(
        "#fields\tindicator\tindicator_type\tmeta.source\nevil.example\tIntel::DOMAIN\tus\n",
    );
    assert_eq!(
        gathered.told(),
        ("table", vec!["domain-tree evil.example source=us"])
    );
}

#[test]
fn without_a_header_the_values_tell_their_column() {
    let gathered = gather(
        "2026-01-01 00:00:00,8.8.4.4,443,https://about.example/1\n\
        2026-01-02 00:00:00,8.8.4.5,80,https://about.example/2\n",
    );
    assert_eq!(
        gathered.told(),
        ("table", vec!["ipv4 8.8.4.4", "ipv4 8.8.4.5"])
    );
    let gathered =
        gather("md5,44d88612fea8a8f36de82e1278abb02f\nja3,44d88612fea8a8f36de82e1278abb02f\n");
    let expected = [
        "md5 44d88612fea8a8f36de82e1278abb02f",
        "ja3 44d88612fea8a8f36de82e1278abb02f",
    ];
    assert_eq!(gathered.told(), ("table", expected.to_vec()));
}

#[test]
fn a_quote_that_stays_open_costs_one_row() {
    let gathered = gather(
        "value,note\na.example,\"two\nlines\"\nb.example,\"open\nc.example,x\nd.example,y\n",
    );
    let expected = [
        "domain-tree a.example",
        "domain-tree c.example",
        "domain-tree d.example",
    ];
    assert_eq!(gathered.told(), ("table", expected.to_vec()));
    assert_eq!(gathered.problems, ["line 4: list.open_quote"]);
}

#[test]
fn what_is_not_to_be_looked_for_is_left_out() {
    let text = "uuid,type,value,to_ids\n1,domain,a.example,0\n2,domain,b.example,1\n";
    let gathered = gather(text);
    assert_eq!(gathered.items, ["domain-tree b.example id=2"]);
    assert_eq!(gathered.report().left.not_for_matching, 1);
    let mut options = options();
    options.include_context = true;
    assert_eq!(gather_with(text, &options).unwrap().items.len(), 2);
}

#[test]
fn the_strictest_tag_of_an_export_is_the_marking() {
    let gathered = gather(
        "uuid,type,value,to_ids,attribute_tag,event_tag\n\
        1,domain,a.example,1,\"tlp:green,phishing\",\"osint:x, tlp:amber\"\n\
        2,domain,b.example,1,TLP:RED,tlp:clear\n\
        3,domain,c.example,1,phishing,\n",
    );
    let expected = [
        "domain-tree a.example id=1 TLP:AMBER",
        "domain-tree b.example id=2 TLP:RED",
        "domain-tree c.example id=3",
    ];
    assert_eq!(gathered.told(), ("table", expected.to_vec()));
}

#[test]
fn a_table_without_values_is_refused() {
    let mut options = options();
    options.format = Some(indicators::Format::Table);
    let error = gather_with("colour,size\nred,3\n", &options).unwrap_err();
    assert_eq!(error.code(), "list.not_read");
}
