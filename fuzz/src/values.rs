//! Values of indicators.

use matcher::Kind;

/// Of most kinds one.
pub const VALUES: &[(Kind, &str)] = &[
    (Kind::Ipv4, "198.51.100.3"),
    (Kind::Ipv4Net, "198.51.100.0/24"),
    (Kind::Ipv6, "2001:db8::3"),
    (Kind::Ipv6Net, "2001:db8::/32"),
    (Kind::Domain, "www.evil.example"),
    (Kind::DomainTree, "evil.example"),
    (Kind::DomainTree, "example"),
    (Kind::Url, "http://www.evil.example/a"),
    (Kind::Email, "a@evil.example"),
    (Kind::Md5, "d41d8cd98f00b204e9800998ecf8427e"),
    (Kind::Ja4, "t13d1516h2_8daaf6152771_b186095e22b6"),
    (Kind::Asn, "AS64496"),
    (Kind::Btc, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    (Kind::Eth, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
    (Kind::Cve, "CVE-2021-44228"),
    (Kind::FileName, "evil doc.exe"),
    (Kind::UserAgent, "evil/1.0"),
    (Kind::RegistryKey, "hklm\\software\\evil"),
    (Kind::Mutex, "global\\evilmutex"),
    (Kind::Yara, "rule a { condition: true }"),
];
