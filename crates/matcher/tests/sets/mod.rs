//! A set with an indicator of each kind, and what can be asked of a set.

use matcher::{Breadth, Indicator, Kind, Match, Provenance, Scratch, Set, SetBuilder, Value};

/// Of each kind one, all in the one record.
pub(crate) const VALUES: &[(Kind, &str)] = &[
    (Kind::Ipv4, "198.51.100.3"),
    (Kind::Ipv4Net, "198.51.100.0/24"),
    (Kind::Ipv6, "2001:db8::3"),
    (Kind::Ipv6Net, "2001:db8::/32"),
    (Kind::Domain, "www.evil.example"),
    (Kind::DomainTree, "evil.example"),
    (Kind::Url, "http://www.evil.example/a"),
    (Kind::Email, "a@evil.example"),
    (Kind::Md5, "d41d8cd98f00b204e9800998ecf8427e"),
    (Kind::Sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    (Kind::Ja3, "d41d8cd98f00b204e9800998ecf8427e"),
    (Kind::Ja4, "t13d1516h2_8daaf6152771_b186095e22b6"),
    (Kind::Asn, "AS64496"),
    (Kind::Btc, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    (Kind::Eth, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
    (Kind::Trx, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
    (Kind::Cve, "CVE-2021-44228"),
    (Kind::FileName, "evil doc.exe"),
    (Kind::UserAgent, "evil/1.0"),
    (Kind::RegistryKey, "hklm\\software\\evil"),
    (Kind::Mutex, "global\\evilmutex"),
    (Kind::Yara, "rule a {\n condition: true }\n"),
    (Kind::Sigma, "  title: a\n"),
    (Kind::StixPattern, "[a:b = 1] FOLLOWEDBY [a:b = 2]"),
];

/// Has every value that can be found.
pub(crate) fn record() -> Vec<u8> {
    let looked_for = VALUES.iter().filter(|(kind, _)| !kind.is_carried());
    let fields = looked_for.map(|(_, text)| format!("\"{text}\""));
    fields.collect::<Vec<_>>().join(" ").into_bytes()
}

/// All values, twice, and rules of so many bytes.
pub(crate) fn set(rules: &[usize]) -> Set {
    builder(rules).build()
}

/// The same before it is a set.
pub(crate) fn builder(rules: &[usize]) -> SetBuilder {
    let mut builder = SetBuilder::new(3);
    for round in 0..2_i64 {
        for (at, &(kind, text)) in (0..).zip(VALUES) {
            let value = Value::parse(kind, text, Breadth::Any).unwrap();
            let id = format!("indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd{at:02x}");
            let mut indicator = Indicator::new(value, &id, "a list");
            if round == 1 {
                indicator.id = text.into();
                indicator.source = format!("list {at}").into();
                indicator.marking = Some("TLP:AMBER+STRICT".into());
                indicator.valid_from_us = Some(1_700_000_000_000_000 + at);
                indicator.valid_until_us = Some(-at);
                indicator.confidence = Some(u8::try_from(at).unwrap());
            }
            builder.add(&indicator).unwrap();
        }
    }
    for &bytes in rules {
        let text = "x".repeat(bytes);
        let value = Value::parse(Kind::Yara, &text, Breadth::Narrow).unwrap();
        builder.add(&Indicator::new(value, "rule", "")).unwrap();
    }
    builder
}

pub(crate) fn provenance() -> Provenance {
    Provenance {
        program: "comity".to_owned(),
        version: "0.1.0".to_owned(),
        made_us: 1_795_219_200_000_000,
        notes: vec![("source".to_owned(), "a list".to_owned())],
    }
}

pub(crate) fn bytes(set: &Set) -> Vec<u8> {
    let mut bytes = Vec::new();
    set.write_to(&mut bytes, &provenance()).unwrap();
    bytes
}

/// All that a set says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Answers {
    pub(crate) matches: Vec<Match>,
    indicators: Vec<Indicator<'static>>,
    counts: Vec<(Kind, usize)>,
}

pub(crate) fn ask(set: &Set, record: &[u8]) -> Answers {
    let mut matches = Vec::new();
    set.scan(record, &mut Scratch::default(), |found| matches.push(found));
    let owned = |indicator: Indicator<'_>| Indicator {
        value: indicator.value,
        id: indicator.id.into_owned().into(),
        source: indicator.source.into_owned().into(),
        marking: indicator.marking.map(|it| it.into_owned().into()),
        valid_from_us: indicator.valid_from_us,
        valid_until_us: indicator.valid_until_us,
        confidence: indicator.confidence,
    };
    Answers {
        matches,
        indicators: set.indicators().map(|(_, it)| owned(it)).collect(),
        counts: set.counts().collect(),
    }
}
