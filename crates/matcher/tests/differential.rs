//! The scan finds what the naive matcher finds, no more and no less, in records that are made to
//! deceive it.
#![expect(
    clippy::indexing_slicing,
    clippy::naive_bytecount,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod naive;
mod naive_texts;

use std::{collections::BTreeSet, sync::LazyLock};

use matcher::{Breadth, Indicator, Kind, Line, Match, Provenance, Scratch, Set, SetBuilder, Value};
use proptest::{collection::vec, prelude::*, sample::select};

const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";
const BTC: &str = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
const BECH: &str = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
const ETH: &str = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
const JA4: &str = "t13d1516h2_8daaf6152771_b186095e22b6";

/// In every set; records have what its text says.
const RULE: &str = "rule evil { strings: $a = \"evil.exe\" condition: $a or 1.2.3.4 }";

const INDICATORS: &[(Kind, &str)] = &[
    (Kind::Yara, RULE),
    (Kind::Sigma, "1.2.3.4"),
    (Kind::StixPattern, "evil.com"),
    (Kind::Ipv4, "1.2.3.4"),
    (Kind::Ipv4, "10.0.0.1"),
    (Kind::Ipv4Net, "1.2.3.0/24"),
    (Kind::Ipv4Net, "1.0.0.0/8"),
    (Kind::Ipv4Net, "0.0.0.0/0"),
    (Kind::Ipv6, "2001:db8::1"),
    (Kind::Ipv6, "::1"),
    (Kind::Ipv6Net, "2001:db8::/32"),
    (Kind::Domain, "evil.com"),
    (Kind::Domain, "www.evil.com"),
    (Kind::DomainTree, "evil.com"),
    (Kind::DomainTree, "com"),
    (Kind::DomainTree, "co.uk"),
    (Kind::Domain, "b\u{fc}cher.example"),
    (Kind::Domain, "a-b_c.evil.com"),
    (Kind::Url, "http://evil.com/a"),
    (Kind::Url, "http://evil.com/"),
    (Kind::Url, "https://1.2.3.4:8080/x?y=%20"),
    (Kind::Url, "http://[2001:db8::1]/"),
    (Kind::Email, "a.b@evil.com"),
    (Kind::Email, "b@evil.com"),
    (Kind::Md5, MD5),
    (Kind::Ja3, MD5),
    (Kind::Btc, BTC),
    (Kind::Btc, BECH),
    (Kind::Eth, ETH),
    (Kind::Ja4, JA4),
    (Kind::Asn, "AS64496"),
    (Kind::Cve, "CVE-2021-44228"),
    (Kind::FileName, "evil doc.exe"),
    (Kind::FileName, "evil.exe"),
    (Kind::UserAgent, "evil/1.0 (x/y)"),
    (Kind::RegistryKey, "HKLM\\Software\\Evil"),
    (Kind::Mutex, "Global\\EvilMutex"),
];

/// Whole observables, parts and near misses, and what stands between them.
const PIECES: &[&str] = &[
    RULE,
    "1.2.3.4",
    "1.2.3",
    "11.2.3.45",
    "10.0.0.1",
    "1.2.3.04",
    "256",
    "1",
    "12",
    "2001:db8::1",
    "2001:DB8:0:0:0:0:0:1",
    "::ffff:1.2.3.4",
    "::ffff:102:304",
    "2001:db8",
    "::1",
    "::",
    "12:34:56",
    "evil.com",
    "EVIL",
    "evil",
    "www.evil.com",
    "com",
    "co.uk",
    "notevil.com",
    "a-b_c.evil.com",
    "b\u{fc}cher.example",
    "xn--bcher-kva.example",
    "xn--",
    "http://evil.com/a",
    "http://evil.com",
    "http://",
    "https://1.2.3.4:8080/x?y=%20",
    "http:\\/\\/evil.com\\/a",
    "/a",
    "http://[2001:db8::1]/",
    "http://u:p@evil.com:80/%61",
    "a.b@evil.com",
    "b@",
    "a.b",
    MD5,
    "d41d8cd9",
    BTC,
    BECH,
    ETH,
    JA4,
    "AS64496",
    "as",
    "64496",
    "CVE-2021-44228",
    "cve-2021-",
    "44228",
    "evil doc.exe",
    "Evil.exe",
    "evil\\/1.0 (x/y)",
    "evil/1.0 (x\\/y)",
    "HKLM\\Software\\Evil",
    "HKEY_LOCAL_MACHINE\\\\Software\\\\Evil",
    "\\REGISTRY\\MACHINE\\Software\\Evil",
    "Global\\\\EvilMutex",
    "Global\\EvilMutex",
    ".",
    "..",
    ":",
    "-",
    "_",
    "@",
    "%",
    "%2F",
    "%3d",
    "%zz",
    " ",
    "\t",
    "\"",
    "\\\"",
    "'",
    ",",
    ";",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "{",
    "}",
    "|",
    "=",
    "/",
    "\\",
    "\\\\",
    "\\/",
    "\\n",
    "\\t",
    "\\u002e",
    "\\u00fc",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\x2e",
    "\\x",
    "\\u00",
    "#",
    "?",
    "!",
    "+",
    "*",
    "&",
    "\u{e4}",
    "\u{2019}",
    "\u{4e2d}",
    "\u{ff0c}",
    "\n",
    "\r",
    "\0",
    "n",
    "x",
    "a",
    "f",
    "0",
    "9",
];

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        12 => select(PIECES).prop_map(|text| text.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
        1 => (select(PIECES), any::<prop::sample::Index>()).prop_map(|(text, at)| {
            let end = at.index(text.len() + 1);
            text.as_bytes()[..end].to_vec()
        }),
        1 => (select(PIECES), 1..80_usize).prop_map(|(text, count)| {
            text.as_bytes().iter().copied().cycle().take(count).collect()
        }),
    ]
}

/// A piece, or the end of a line.
fn line_piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => piece(), 1 => Just(b"\n".to_vec())]
}

static VALUES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let parse = |&(kind, text): &_| Value::parse(kind, text, Breadth::Any).unwrap();
    INDICATORS.iter().map(parse).collect()
});
static BUILT: LazyLock<Set> = LazyLock::new(|| set(&VALUES));
/// The same, written and opened.
static OPENED: LazyLock<Set> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    let provenance = Provenance::default();
    BUILT.write_to(&mut bytes, &provenance).unwrap();
    Set::from_bytes(bytes).unwrap()
});

fn set(values: &[Value]) -> Set {
    let mut builder = SetBuilder::new(3);
    for value in values {
        builder.add(&Indicator::new(value.clone(), "", "")).unwrap();
    }
    builder.build()
}

fn fast(set: &Set, record: &[u8], scratch: &mut Scratch) -> BTreeSet<naive::Hit> {
    let mut hits = BTreeSet::new();
    set.scan(record, scratch, |hit| {
        let number = usize::try_from(hit.indicator.number()).unwrap();
        let new = hits.insert((hit.start, hit.end, number));
        assert!(new, "{hit:?} is reported twice");
    });
    hits
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_scan_finds_what_the_naive_matcher_finds(pieces in vec(piece(), 0..12)) {
        let record = pieces.concat();
        let expected = naive::scan(&VALUES, &record);
        let found = fast(&BUILT, &record, &mut Scratch::default());
        prop_assert_eq!(&found, &expected, "{}", String::from_utf8_lossy(&record));
        let found = fast(&OPENED, &record, &mut Scratch::default());
        prop_assert_eq!(found, expected, "of a file: {}", String::from_utf8_lossy(&record));
    }

    #[test]
    fn lines_of_a_chunk_are_records(pieces in vec(line_piece(), 0..60)) {
        lines_are_records(&pieces.concat())?;
    }

    #[test]
    fn a_normal_form_is_its_own(pieces in vec(piece(), 1..4), kind in select(Kind::ALL)) {
        let text = pieces.concat();
        let text = String::from_utf8_lossy(&text);
        if let Ok(value) = Value::parse(kind, &text, Breadth::Any) {
            let again = Value::parse(kind, &value.to_string(), Breadth::Any);
            prop_assert_eq!(again.as_ref(), Ok(&value));
        }
    }

    #[test]
    fn each_indicator_is_found_where_it_stands_alone(pieces in vec(piece(), 1..5), kind in select(Kind::ALL)) {
        let text = pieces.concat();
        let text = String::from_utf8_lossy(&text);
        if let Ok(value) = Value::parse(kind, &text, Breadth::Any) {
            let set = set(std::slice::from_ref(&value));
            let normal = value.to_string();
            let record = normal.split('/').next().unwrap_or_default();
            let is_net = matches!(kind, Kind::Ipv4Net | Kind::Ipv6Net);
            let record = if is_net { record } else { &normal };
            let single = kind == Kind::DomainTree && !normal.contains('.');
            let found = fast(&set, record.as_bytes(), &mut Scratch::default());
            prop_assert!(single || found.is_empty() == kind.is_carried(), "{}", record);
        }
    }
}

/// What is found in the lines of a chunk is what is found in each of them alone.
fn lines_are_records(chunk: &[u8]) -> Result<(), TestCaseError> {
    let set = &*BUILT;
    let mut scratch = Scratch::default();
    let mut expected = Vec::new();
    let mut lines = 0;
    let mut start = 0;
    for text in chunk.split_inclusive(|&byte| byte == b'\n') {
        let record = text.strip_suffix(b"\n").unwrap_or(text);
        let end = start + record.len();
        let line = Line {
            number: lines,
            start,
            end,
        };
        set.scan(record, &mut scratch, |hit| expected.push((line, hit)));
        lines += 1;
        start += text.len();
    }
    let mut found = Vec::new();
    let count = set.scan_lines(chunk, &mut scratch, |line, hit| found.push((line, hit)));
    prop_assert_eq!(count, lines);
    prop_assert!(found.is_sorted_by_key(|(line, _)| line.number));
    let sort = |hits: &mut Vec<(Line, Match)>| {
        hits.sort_unstable_by_key(|(line, hit)| (line.number, *hit));
    };
    sort(&mut expected);
    sort(&mut found);
    prop_assert_eq!(found, expected, "{}", String::from_utf8_lossy(chunk));
    Ok(())
}

/// Lengths around the borders of blocks, and of the groups of blocks that are read together.
fn before_a_border() -> impl Strategy<Value = usize> {
    prop_oneof![0..200_usize, 4_000..4_200_usize]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn borders_of_blocks_hide_nothing(
        filler in select(&b" a.\"\\0"[..]),
        length in before_a_border(),
        pieces in vec(piece(), 0..6),
    ) {
        let record = [vec![filler; length], pieces.concat()].concat();
        let found = fast(&BUILT, &record, &mut Scratch::default());
        prop_assert_eq!(found, naive::scan(&VALUES, &record), "{}", String::from_utf8_lossy(&record));
    }

    #[test]
    fn borders_of_windows_hide_nothing(
        filler in select(&b" a\n"[..]),
        length in 0..200_usize,
        pieces in vec(line_piece(), 1..40),
        times in 1..60_usize,
    ) {
        let lines = pieces.concat().repeat(times);
        lines_are_records(&[vec![filler; length], lines].concat())?;
    }
}
