//! Values: the normal form of each kind, and the examples of the standards with their checksums.

use matcher::{Breadth, Kind, Value, ValueError, detect};

fn parse(kind: Kind, text: &str) -> Result<String, ValueError> {
    Value::parse(kind, text, Breadth::Narrow).map(|value| value.to_string())
}

#[track_caller]
fn is(kind: Kind, text: &str, normal: &str) {
    assert_eq!(parse(kind, text).as_deref(), Ok(normal));
    assert_eq!(parse(kind, normal).as_deref(), Ok(normal));
}

#[track_caller]
fn refused(kind: Kind, text: &str, code: &str) {
    assert_eq!(
        parse(kind, text).map_err(|error| error.code()),
        Err(code),
        "{text}"
    );
}

#[test]
fn addresses_have_one_form() {
    is(Kind::Ipv4, " 198[.]51.100(.)3 ", "198.51.100.3");
    is(Kind::Ipv4, "::ffff:198.51.100.3", "198.51.100.3");
    is(Kind::Ipv4, "0:0:0:0:0:FFFF:c633:6403", "198.51.100.3");
    is(Kind::Ipv6, "[2001:DB8:0:0::0003]", "2001:db8::3");
    is(Kind::Ipv6, "2001[:]db8[:][:]3", "2001:db8::3");
    is(Kind::Ipv6, "fe80::1%eth0", "fe80::1");
    refused(Kind::Ipv4, "198.51.100.003", "value.shape");
    refused(Kind::Ipv4, "198.51.100.256", "value.shape");
    refused(Kind::Ipv4, "2001:db8::3", "value.shape");
    refused(Kind::Ipv6, "::ffff:1.2.3.4", "value.shape");
    is(Kind::Ipv4Net, "198.51.100.77/24", "198.51.100.0/24");
    is(Kind::Ipv4Net, "198.51.100.77/32", "198.51.100.77/32");
    is(Kind::Ipv4Net, "::ffff:198.51.100.0/120", "198.51.100.0/24");
    is(Kind::Ipv6Net, "2001:db8:ffff::/33", "2001:db8:8000::/33");
    refused(Kind::Ipv4Net, "0.0.0.0/0", "value.broad");
    refused(Kind::Ipv4Net, "10.0.0.0/7", "value.broad");
    refused(Kind::Ipv6Net, "2000::/15", "value.broad");
    refused(Kind::Ipv4Net, "10.0.0.0/33", "value.shape");
    refused(Kind::Ipv4Net, "10.0.0.0", "value.shape");
    let any = Value::parse(Kind::Ipv4Net, "10.9.8.7/0", Breadth::Any).unwrap();
    assert_eq!(any.to_string(), "0.0.0.0/0");
}

#[test]
fn values_show_their_network_or_their_text() {
    let value = |text| detect(text, Breadth::Narrow).unwrap().unwrap();
    for (text, address, bits) in [
        ("198.51.100.3", "198.51.100.3", 32),
        ("198.51.100.77/24", "198.51.100.0", 24),
        ("2001:db8::3", "2001:db8::3", 128),
        ("2001:db8::/32", "2001:db8::", 32),
    ] {
        assert_eq!(
            value(text).network(),
            Some((address.parse().unwrap(), bits))
        );
        assert_eq!(value(text).as_text(), None);
    }
    assert_eq!(value("Evil.example").as_text(), Some("evil.example"));
    assert_eq!(value("Evil.example").network(), None);
    assert_eq!(value("AS64496").as_text(), None);
    assert_eq!(value("44D88612FEA8A8F36DE82E1278ABB02F").as_text(), None);
}

#[test]
fn names_of_registries_are_too_broad_with_all_below_them() {
    for registry in ["co.uk", "*.Gov.UA", "com.au.", "gob.mx", "go.jp", "or.at"] {
        refused(Kind::DomainTree, registry, "value.broad");
        assert!(Value::parse(Kind::DomainTree, registry, Breadth::Any).is_ok());
        assert!(
            registry.starts_with('*')
                || Value::parse(Kind::Domain, registry, Breadth::Narrow).is_ok()
        );
    }
    for name in [
        "go.com",
        "or.example",
        "go.to",
        "com.example",
        "evil.co.uk",
        "cob.uk",
    ] {
        is(Kind::DomainTree, name, name);
    }
}

#[test]
fn names_have_one_form() {
    is(Kind::Domain, "Evil[.]COM.", "evil.com");
    is(Kind::Domain, "b\u{fc}cher.example", "xn--bcher-kva.example");
    is(
        Kind::Domain,
        "\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.\u{440}\u{444}",
        "xn--e1afmkfd.xn--p1ai",
    );
    is(Kind::Domain, "_dmarc.evil.com", "_dmarc.evil.com");
    is(Kind::DomainTree, "*.evil.com", "evil.com");
    is(Kind::DomainTree, ".evil.com", "evil.com");
    refused(Kind::Domain, "com", "value.shape");
    refused(Kind::DomainTree, "com", "value.broad");
    refused(Kind::Domain, "evil..com", "value.shape");
    refused(Kind::Domain, "1.2.3.4", "value.shape");
    refused(Kind::Domain, "evil.c", "value.shape");
    refused(Kind::Domain, "evil com", "value.unexpected");
    refused(
        Kind::Domain,
        &format!("{}.com", "a".repeat(64)),
        "value.shape",
    );
    refused(
        Kind::Domain,
        &format!("{}com", "abc.".repeat(63)),
        "value.length",
    );
    is(
        Kind::Email,
        "mailto:Alice.B(at)Evil[.]com",
        "alice.b@evil.com",
    );
    refused(Kind::Email, "a b@evil.com", "value.unexpected");
    refused(Kind::Email, "@evil.com", "value.shape");
    refused(Kind::Email, "a@evil", "value.shape");
}

#[test]
fn urls_have_one_form() {
    for (text, normal) in [
        ("hxxps://EVIL[.]com", "https://evil.com/"),
        (
            "HTTP://evil.com:80?a=%7e%2f%c3",
            "http://evil.com/?a=~%2F%C3",
        ),
        (
            "https://evil.com.:0443/A/../b#part",
            "https://evil.com/A/../b",
        ),
        ("https://evil.com:8443/", "https://evil.com:8443/"),
        (
            "http://b\u{fc}cher.example/\u{e4}",
            "http://xn--bcher-kva.example/%C3%A4",
        ),
        ("http://[2001:DB8::0:1]:80/a", "http://[2001:db8::1]/a"),
        ("http://User:P%41ss@evil.com/", "http://User:PAss@evil.com/"),
        ("http://evil.com/(a).", "http://evil.com/(a)"),
        ("http://evil.com/a).", "http://evil.com/a"),
        ("http://evil.com/a%2E", "http://evil.com/a%2E"),
        ("http://localhost/", "http://localhost/"),
        ("http://1.2.3.4:8080/x.exe", "http://1.2.3.4:8080/x.exe"),
    ] {
        is(Kind::Url, text, normal);
    }
    refused(Kind::Url, "evil.com/a", "value.shape");
    refused(Kind::Url, "http:///a", "value.shape");
    refused(Kind::Url, "http://evil.com:99999/", "value.shape");
    refused(Kind::Url, "http://evil.com/a b", "value.unexpected");
    refused(Kind::Url, "http://evil.com/[a]", "value.unexpected");
    refused(
        Kind::Url,
        &format!("http://evil.com/{}", "a".repeat(5000)),
        "value.length",
    );
}

#[test]
fn words_have_one_form() {
    is(
        Kind::Md5,
        "D41D8CD98F00B204E9800998ECF8427E",
        "d41d8cd98f00b204e9800998ecf8427e",
    );
    refused(
        Kind::Sha1,
        "d41d8cd98f00b204e9800998ecf8427e",
        "value.length",
    );
    refused(
        Kind::Md5,
        "g41d8cd98f00b204e9800998ecf8427e",
        "value.unexpected",
    );
    is(
        Kind::Ja4,
        "T13D1516H2_8daaf6152771_b186095e22b6",
        "t13d1516h2_8daaf6152771_b186095e22b6",
    );
    refused(
        Kind::Ja4,
        "t13d1516h2_8daaf615277_b186095e22b6",
        "value.shape",
    );
    is(Kind::Asn, "64496", "AS64496");
    is(Kind::Asn, "as64496", "AS64496");
    refused(Kind::Asn, "AS4294967296", "value.shape");
    refused(Kind::Asn, "AS064496", "value.shape");
    is(Kind::Cve, "cve-2021-44228", "CVE-2021-44228");
    refused(Kind::Cve, "CVE-2021-442", "value.shape");
    is(
        Kind::RegistryKey,
        "HKEY_LOCAL_MACHINE\\\\Software\\\\Evil\\\\",
        "hklm\\software\\evil",
    );
    is(
        Kind::RegistryKey,
        "\\REGISTRY\\MACHINE\\Software\\Evil",
        "hklm\\software\\evil",
    );
    is(Kind::FileName, " Evil.EXE ", "evil.exe");
    refused(Kind::FileName, "a.b", "value.shape");
    refused(Kind::FileName, "abc", "value.broad");
    refused(Kind::Mutex, "a\tb-mutex", "value.unexpected");
}

/// BIP 173 and 350, and addresses that are published.
#[test]
fn bitcoin_addresses_have_their_checksums() {
    is(
        Kind::Btc,
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    );
    is(
        Kind::Btc,
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    );
    refused(
        Kind::Btc,
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
        "value.checksum",
    );
    refused(
        Kind::Btc,
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7Div0Na",
        "value.unexpected",
    );
    is(
        Kind::Btc,
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    );
    let (taproot, sunk) = (
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
    );
    is(Kind::Btc, taproot, taproot);
    is(Kind::Btc, sunk, sunk);
    refused(
        Kind::Btc,
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
        "value.checksum",
    );
    refused(
        Kind::Btc,
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        "value.checksum",
    );
    refused(
        Kind::Btc,
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8F3t4",
        "value.shape",
    );
}

/// EIP-55, and addresses that are published.
#[test]
fn other_coins_have_their_checksums() {
    for address in [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0xde709f2102306220921060314715629080e2fb77",
    ] {
        is(Kind::Eth, address, &address.to_ascii_lowercase());
    }
    refused(
        Kind::Eth,
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
        "value.checksum",
    );
    refused(
        Kind::Eth,
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA",
        "value.shape",
    );
    let donations = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A";
    is(Kind::Xmr, donations, donations);
    refused(
        Kind::Xmr,
        &donations.replace("AFFq", "AFFr"),
        "value.checksum",
    );
    refused(Kind::Xmr, "44AFFq5kSiGBoZ4NMDwYtN18", "value.length");
    let usdt = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
    is(Kind::Trx, usdt, usdt);
    refused(
        Kind::Trx,
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u",
        "value.checksum",
    );
    refused(
        Kind::Trx,
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "value.shape",
    );
}

#[test]
fn plain_lists_say_what_they_hold() {
    for (text, kind) in [
        ("198.51.100.3", Kind::Ipv4),
        ("198.51.100.0/24", Kind::Ipv4Net),
        ("2001:db8::1", Kind::Ipv6),
        ("2001:db8::/32", Kind::Ipv6Net),
        ("evil[.]com", Kind::Domain),
        ("*.evil.com", Kind::DomainTree),
        ("hxxp://evil.com/a", Kind::Url),
        ("a@evil.com", Kind::Email),
        ("d41d8cd98f00b204e9800998ecf8427e", Kind::Md5),
        ("AS64496", Kind::Asn),
        ("CVE-2021-44228", Kind::Cve),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Kind::Btc),
        ("HKLM\\Software\\Evil", Kind::RegistryKey),
        ("t13d1516h2_8daaf6152771_b186095e22b6", Kind::Ja4),
    ] {
        let value = detect(text, Breadth::Narrow).unwrap().unwrap();
        assert_eq!(value.kind(), kind, "{text}");
        assert_eq!(value, Value::parse(kind, text, Breadth::Narrow).unwrap());
    }
    assert_eq!(detect("evil", Breadth::Narrow), None);
    assert_eq!(detect("64496", Breadth::Narrow), None);
    assert!(detect("0.0.0.0/0", Breadth::Narrow).unwrap().is_err());
}

#[test]
fn rules_are_carried_as_they_are() {
    for kind in [Kind::Yara, Kind::Sigma, Kind::StixPattern] {
        is(kind, "  a: hxxp://EVIL[.]com\n", "  a: hxxp://EVIL[.]com\n");
        refused(kind, " \n", "value.shape");
        assert!(parse(kind, &"x".repeat(1 << 20)).is_ok());
        refused(kind, &"x".repeat((1 << 20) + 1), "value.length");
    }
}
