//! Values of indicators.

use matcher::Kind;

/// Of every kind one at least.
pub const VALUES: &[(Kind, &str)] = &[
    (Kind::Ipv4, "198.51.100.3"),
    (Kind::Ipv4Net, "198.51.100.0/24"),
    (Kind::Ipv6, "2001:db8::3"),
    (Kind::Ipv6Net, "2001:db8::/32"),
    (Kind::Domain, "www.evil.example"),
    (Kind::DomainTree, "evil.example"),
    (Kind::DomainTree, "example"),
    (Kind::Domain, "b\u{fc}cher.example"),
    (Kind::Url, "http://www.evil.example/a"),
    (Kind::Email, "a@evil.example"),
    (Kind::Md5, "d41d8cd98f00b204e9800998ecf8427e"),
    (Kind::Sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    (
        Kind::Sha256,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
    (
        Kind::Sha512,
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    ),
    (Kind::Ja3, "d41d8cd98f00b204e9800998ecf8427e"),
    (Kind::Ja3s, "15af977ce25de452b96affa2addb1036"),
    (Kind::Ja4, "t13d1516h2_8daaf6152771_b186095e22b6"),
    (
        Kind::Jarm,
        "2ad2ad0002ad2ad00042d42d000000ad9bf51cc3f5a1e29eecb81d0c7b06eb",
    ),
    (Kind::Asn, "AS64496"),
    (Kind::Btc, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    (Kind::Eth, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
    (
        Kind::Xmr,
        "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
    ),
    (Kind::Trx, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
    (Kind::Cve, "CVE-2021-44228"),
    (Kind::FileName, "evil doc.exe"),
    (Kind::UserAgent, "evil/1.0"),
    (Kind::RegistryKey, "hklm\\software\\evil"),
    (Kind::Mutex, "global\\evilmutex"),
    (Kind::Yara, "rule a { condition: true }"),
    (Kind::Sigma, "title: a"),
    (Kind::StixPattern, "[process:pid = 3]"),
];
