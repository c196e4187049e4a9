//! What a match is, rule by rule: hashes, numbers, texts, and what is not of one kind.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod found;

use found::{each, found, is};
use matcher::{Breadth, Indicator, Kind, Scratch, SetBuilder, Value};

#[test]
fn a_hash_is_whole() {
    let md5 = "d41d8cd98f00b204e9800998ecf8427e";
    each(
        Kind::Md5,
        md5,
        &[
            &format!("MD5={md5},"),
            &md5.to_uppercase(),
            &format!("{md5}.exe"),
            &format!("x_{md5}-y"),
            &format!("h%3D{md5}"),
            &format!("\\t{md5}"),
        ],
        &[
            &format!("{md5}0"),
            &format!("a{md5}"),
            &format!("{md5}z"),
            md5.trim_start_matches('d'),
        ],
    );
    each(Kind::Ja3, md5, &[md5], &[]);
    let ja4 = "t13d1516h2_8daaf6152771_b186095e22b6";
    each(
        Kind::Ja4,
        ja4,
        &[
            ja4,
            &ja4.to_uppercase(),
            &format!("ja4={ja4};"),
            &format!("x-{ja4}-"),
        ],
        &[
            &format!("{ja4}0"),
            &format!("a{ja4}"),
            &format!("{ja4}_"),
            &ja4.replace('_', "-"),
        ],
    );
}

#[test]
fn numbers_and_coins_are_whole() {
    each(
        Kind::Cve,
        "CVE-2021-44228",
        &["cve-2021-44228", "(CVE-2021-44228)", "x_CVE-2021-44228-y"],
        &[
            "CVE-2021-442280",
            "aCVE-2021-44228",
            "CVE-2021-4422",
            "CVE_2021-44228",
        ],
    );
    each(
        Kind::Asn,
        "AS64496",
        &["AS64496", "as64496,", "\"AS64496 Evil\""],
        &["64496", "AS644960", "BAS64496", "AS064496", "AS64496x"],
    );
    let btc = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
    each(
        Kind::Btc,
        btc,
        &[btc, &format!("bitcoin:{btc}?a")],
        &[&btc.to_lowercase(), &format!("{btc}a")],
    );
    let bech = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    each(
        Kind::Btc,
        bech,
        &[bech, &bech.to_uppercase()],
        &[&format!("{bech}q")],
    );
    let eth = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
    each(
        Kind::Eth,
        eth,
        &[eth, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"],
        &[eth.trim_start_matches("0x"), &format!("{eth}0")],
    );
}

#[test]
fn a_text_is_a_whole_field() {
    each(
        Kind::FileName,
        "evil doc.exe",
        &[
            "C:\\a\\Evil Doc.exe",
            "\"evil doc.exe\"",
            "evil doc.exe.",
            "/tmp/evil doc.exe:",
            "a\\\\evil doc.exe",
            "x\\nevil doc.exe",
        ],
        &[
            "notevil doc.exe",
            "evil doc.exe.bak",
            "evil doc.exes",
            "my-evil doc.exe",
            "evil  doc.exe",
        ],
    );
    each(
        Kind::RegistryKey,
        "HKLM\\Software\\Evil",
        &[
            "HKLM\\Software\\Evil",
            "\"HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Evil\"",
            "\\REGISTRY\\MACHINE\\software\\evil",
            "{\\\"k\\\":\\\"HKLM\\\\Software\\\\Evil\\\"",
        ],
        &[
            "HKLM\\Software\\Evil\\Run",
            "HKCU\\Software\\Evil",
            "XHKLM\\Software\\Evil",
            "HKLM\\Software\\Evil2",
        ],
    );
    each(
        Kind::UserAgent,
        "evil/1.0 (x)",
        &[
            "evil/1.0 (x)",
            "\"Evil/1.0 (x)\"",
            "ua: evil/1.0 (x)",
            "a\tevil/1.0 (x)\tb",
            "\"ua\":\"evil\\/1.0 (x)\"",
            "ua=evil/1.0 (x),",
        ],
        &[
            "notevil/1.0 (x)",
            "evil/1.0 (x) more",
            "Mozilla evil/1.0 (x)",
        ],
    );
    each(
        Kind::Mutex,
        "Global\\EvilMutex",
        &["Global\\EvilMutex", "name: Global\\\\evilmutex "],
        &["Global\\EvilMutex2", "xGlobal\\EvilMutex"],
    );
    each(
        Kind::FileName,
        "\u{53d1}\u{7968}.exe",
        &["C:\\\u{53d1}\u{7968}.EXE"],
        &["\u{5f00}\u{53d1}\u{7968}.exe"],
    );
}

#[test]
fn all_indicators_of_a_value_are_found_with_what_is_known_of_them() {
    let mut builder = SetBuilder::new(1);
    let id = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";
    let value = |kind, text| Value::parse(kind, text, Breadth::Narrow).unwrap();
    let mut first = Indicator::new(value(Kind::Domain, "evil.com"), id, "feed");
    first.marking = Some("TLP:AMBER".into());
    first.valid_from_us = Some(1_700_000_000_000_001);
    first.valid_until_us = Some(1_800_000_000_000_000);
    first.confidence = Some(80);
    let all = [
        first,
        Indicator::new(value(Kind::DomainTree, "evil.com"), "", "feed"),
        Indicator::new(value(Kind::Domain, "evil.com"), "7", "other"),
        Indicator::new(value(Kind::Ipv4Net, "1.2.0.0/16"), "8", "other"),
        Indicator::new(value(Kind::Ipv4Net, "1.2.3.0/24"), "9", "other"),
        Indicator::new(value(Kind::FileName, "evil.exe"), "10", "other"),
        Indicator::new(value(Kind::FileName, "evil.exe"), "11", "other"),
    ];
    for indicator in &all {
        builder.add(indicator).unwrap();
    }
    let set = builder.build();
    let mut seen = Vec::new();
    set.scan(
        b"evil.com 1.2.3.4 evil.exe",
        &mut Scratch::default(),
        |hit| {
            seen.push(set.indicator(hit.indicator).unwrap());
            assert_eq!(
                all[usize::try_from(hit.indicator.number()).unwrap()].value,
                set.indicator(hit.indicator).unwrap().value
            );
        },
    );
    seen.sort_by(|left, right| {
        left.id
            .len()
            .cmp(&right.id.len())
            .then(left.id.cmp(&right.id))
    });
    let mut expected = all.to_vec();
    expected.sort_by(|left, right| {
        left.id
            .len()
            .cmp(&right.id.len())
            .then(left.id.cmp(&right.id))
    });
    assert_eq!(seen, expected);
}

#[test]
fn long_records_and_odd_bytes_are_read() {
    let mut record = vec![0xff; 200_000];
    record.extend(b"\0evil.com\0");
    record.extend(b"x y\xc3".repeat(50_000));
    record.extend(b"evil.com");
    assert_eq!(found(Kind::Domain, "evil.com", &record).len(), 2);
    let words = "a b".repeat(50_000) + " evil.com";
    is(Kind::Domain, "evil.com", &words, &["evil.com"]);
    let text = format!("{} evil doc.exe", "x".repeat(65_531));
    is(Kind::FileName, "evil doc.exe", &text, &["evil doc.exe"]);
    assert_eq!(found(Kind::Domain, "evil.com", b""), Vec::<&[u8]>::new());
}
