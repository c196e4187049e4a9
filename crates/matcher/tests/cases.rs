//! What a match is, rule by rule: addresses, names, URLs and e-mail addresses.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod found;

use found::{each, is};
use matcher::Kind;

#[test]
fn an_ipv4_address_is_whole() {
    each(
        Kind::Ipv4,
        "1.2.3.4",
        &[
            "1.2.3.4",
            "1.2.3.4:443",
            "src=1.2.3.4.",
            "(1.2.3.4),",
            "\"1.2.3.4\"",
            "[1.2.3.4]",
            "http://1.2.3.4/a",
            "http://user@1.2.3.4:80/a",
            "1.2.3.4-1.2.3.9",
            "host_1.2.3.4",
            "1.2.3.4..",
            "see...1.2.3.4",
            "::ffff:1.2.3.4",
            "::ffff:102:304",
            "\u{6765}\u{81ea}1.2.3.4\u{7684}",
            "ip%3D1.2.3.4%26",
            "a\\n1.2.3.4",
            "1\\u002e2.3.4",
            "\\x221.2.3.4\\x22",
            "1.2.3.4/24",
        ],
        &[
            "11.2.3.45",
            "1.2.3.45",
            "11.2.3.4",
            "1.2.3.4.5",
            "0.1.2.3.4",
            "1.2.3.4a",
            "a1.2.3.4",
            "1.2.3.04",
            "1.2.3.4.evil.com",
            "1.2.3",
            "1,2,3,4",
        ],
    );
}

#[test]
fn an_ipv6_address_has_many_spellings() {
    each(
        Kind::Ipv6,
        "2001:db8::1",
        &[
            "2001:db8::1",
            "2001:0DB8:0:0:0:0:0:1",
            "[2001:db8::1]:443",
            "src:2001:db8::1",
            "2001:db8::1: refused",
            "2001:db8::1.",
            "2001:db8::0.0.0.1",
            "http://[2001:db8::1]/",
            "2001:db8::1%eth0",
            "\"2001:db8::1\",",
        ],
        &[
            "2001:db8::11",
            "2001:db8::1:443",
            "12001:db8::1x",
            "2001:db8::1::",
            "2001:db8:1",
        ],
    );
    is(
        Kind::Ipv6Net,
        "2001:db8::/33",
        "2001:db8:7fff::1 2001:db8:8000::1",
        &["2001:db8:7fff::1"],
    );
    is(
        Kind::Ipv4Net,
        "1.2.0.0/15",
        "1.1.0.1 1.3.255.255 1.4.0.0",
        &["1.3.255.255"],
    );
    is(Kind::Ipv4Net, "0.0.0.0/0", "1.1.0.1", &["1.1.0.1"]);
}

#[test]
fn a_name_is_whole() {
    let here = [
        "evil.com",
        "EVIL.com.",
        "(evil.com)",
        "http://evil.com/a",
        "http://user:pw@evil.com:80/",
        "a@evil.com",
        "host=evil.com,",
        "{\"h\":\"evil.com\"}",
        "http:\\/\\/evil.com\\/a",
        "ev\\u0069l\\u002ecom",
        "evil.com...",
        "-evil.com",
        "u=http%3A%2F%2Fevil.com%2F",
        "\u{201c}evil.com\u{201d}",
        "a\\nevil.com",
        "/evil.com/",
    ];
    let not_here = [
        "notevil.com",
        "evil.com.au",
        "evil.comm",
        "evil-com",
        "my-evil.com",
        "my_evil.com",
        "evil.com@gmail.com",
        "evil..com",
        "xevil.com\u{e4}",
        "\u{e4}evil.com",
    ];
    each(Kind::Domain, "evil.com", &here, &not_here);
    each(Kind::Domain, "evil.com", &[], &["www.evil.com"]);
    each(Kind::DomainTree, "evil.com", &here, &not_here);
    is(
        Kind::DomainTree,
        "evil.com",
        "x www.a.evil.com. y",
        &["www.a.evil.com"],
    );
    is(Kind::DomainTree, "com", "evil.com com", &["evil.com"]);
    is(
        Kind::Domain,
        "b\u{fc}cher.example",
        "B\u{dc}CHER.example xn--bcher-kva.example",
        &["B\u{dc}CHER.example", "xn--bcher-kva.example"],
    );
    let long = format!("{}.evil.com", "a".repeat(60));
    is(Kind::DomainTree, "evil.com", &long, &[&long]);
}

#[test]
fn a_url_is_whole() {
    each(
        Kind::Url,
        "http://evil.com/a",
        &[
            "http://evil.com/a",
            "HTTP://EVIL.com:80/a.",
            "<http://evil.com/a>",
            "(http://evil.com/a)",
            "'http://evil.com/a'",
            "http://evil.com/a#x",
            "http://evil.com/%61",
            "http:\\/\\/evil.com\\/a",
            "http://evil.com/a,200,GET",
            "url=http://evil.com/a;x",
            "\\nhttp://evil.com/a\\n",
            "http://proxy/http://evil.com/a",
            "[http://evil.com/a]",
        ],
        &[
            "http://evil.com/ab",
            "https://evil.com/a",
            "http://evil.com/a/",
            "http://evil.com/a?b",
            "xhttp://evil.com/a",
            "http://evil.com/a\\/b",
            "http://evil.com/a\\u0026b",
            "http://evil.com/A",
            "http://x@evil.com/a",
        ],
    );
    is(
        Kind::Url,
        "http://evil.com",
        "http://evil.com, http://evil.com/",
        &["http://evil.com", "http://evil.com/"],
    );
    is(
        Kind::Url,
        "http://[2001:db8::1]/",
        "http://[2001:db8::1] a@evil.com",
        &["http://[2001:db8::1]"],
    );
    is(
        Kind::Url,
        "http://[2001:db8::1]/",
        "[http://[2001:DB8::1]]",
        &["http://[2001:DB8::1]"],
    );
}

#[test]
fn an_email_address_is_whole() {
    each(
        Kind::Email,
        "a.b@evil.com",
        &[
            "A.B@evil.com",
            "<a.b@evil.com>",
            "mailto:a.b@evil.com.",
            "user=a.b@EVIL.COM,",
            "to%3Da.b@evil.com",
            "...a.b@evil.com",
        ],
        &[
            "xa.b@evil.com",
            "a.b@evil.com.au",
            "a.b@www.evil.com",
            "-a.b@evil.com",
            "\u{e4}a.b@evil.com",
            "a.b@.evil.com",
            "a.b.@evil.com",
        ],
    );
}
