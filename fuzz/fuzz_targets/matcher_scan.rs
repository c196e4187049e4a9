//! Lines of a log under a set with every kind: what is found in a chunk is found in each of its lines
//! alone, by the set as it was built and as it was opened, and the text of a match says the value of
//! its indicator. The first byte says where in a window the chunk begins.
#![no_main]

use std::{net::IpAddr, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use matcher::{Breadth, Indicator, Kind, Line, Match, Provenance, Scratch, Set, SetBuilder, Value};

/// Lines are read together up to so many bytes.
const WINDOW_BYTES: usize = 1 << 14;

struct Sets {
    values: Vec<Value>,
    built: Set,
    opened: Set,
}

static SETS: LazyLock<Sets> = LazyLock::new(|| {
    let parse = |&(kind, text): &_| Value::parse(kind, text, Breadth::Any).expect("it is a value");
    let values: Vec<Value> = fuzz::VALUES.iter().map(parse).collect();
    for kind in Kind::ALL {
        assert!(values.iter().any(|value| value.kind() == *kind), "{kind}");
    }
    let mut builder = SetBuilder::new(3);
    for value in &values {
        let indicator = Indicator::new(value.clone(), "", "");
        builder.add(&indicator).expect("they are few");
    }
    let built = builder.build();
    let mut bytes = Vec::new();
    built
        .write_to(&mut bytes, &Provenance::default())
        .expect("memory takes all");
    let opened = Set::from_bytes(bytes).expect("it was just written");
    Sets {
        values,
        built,
        opened,
    }
});

fuzz_target!(|bytes: &[u8]| {
    let Some((&place, text)) = bytes.split_first() else {
        return;
    };
    let chunk = [before(place), text.to_vec()].concat();
    let mut scratch = Scratch::default();
    let found = in_chunk(&SETS.built, &chunk, &mut scratch);
    assert_eq!(in_lines(&SETS.built, &chunk, &mut scratch), found);
    assert_eq!(in_chunk(&SETS.opened, &chunk, &mut scratch), found);
    assert_eq!(SETS.opened.damage(), None);
    for (line, hit) in &found.0 {
        let record = chunk.get(line.start..line.end).expect("it is a line");
        let text = record.get(hit.start..hit.end).expect("it is in the line");
        let number = usize::try_from(hit.indicator.number()).expect("it is small");
        let value = SETS.values.get(number).expect("it is of the set");
        assert_eq!(hit.kind, value.kind());
        assert!(says(text, value), "{value:?} in {}", text.escape_ascii());
    }
});

/// Mostly nothing, else about a window: in lines, or as the begin of one.
fn before(place: u8) -> Vec<u8> {
    let mut filler = match place & 15 {
        0 => vec![b'a'; WINDOW_BYTES],
        1 => {
            let mut line = vec![b'a'; 255];
            line.push(b'\n');
            line.repeat(WINDOW_BYTES / 256)
        }
        _ => return Vec::new(),
    };
    filler.truncate(WINDOW_BYTES - usize::from(place >> 4) * 7);
    filler
}

type Found = (Vec<(Line, Match)>, usize);

fn in_chunk(set: &Set, chunk: &[u8], scratch: &mut Scratch) -> Found {
    let mut found = Vec::new();
    let count = set.scan_lines(chunk, scratch, |line, hit| found.push((line, hit)));
    assert!(found.is_sorted_by_key(|(line, _)| line.number));
    sorted(found, count)
}

fn in_lines(set: &Set, chunk: &[u8], scratch: &mut Scratch) -> Found {
    let mut found = Vec::new();
    let mut count = 0;
    let mut start = 0;
    for text in chunk.split_inclusive(|&byte| byte == b'\n') {
        let record = text.strip_suffix(b"\n").unwrap_or(text);
        let line = Line {
            number: count,
            start,
            end: start + record.len(),
        };
        set.scan(record, scratch, |hit| found.push((line, hit)));
        count += 1;
        start += text.len();
    }
    sorted(found, count)
}

fn sorted(mut found: Vec<(Line, Match)>, count: usize) -> Found {
    found.sort_unstable_by_key(|(line, hit)| (line.number, *hit));
    let is_new = |two: &[(Line, Match)]| two.first() != two.last();
    assert!(found.windows(2).all(is_new), "one is reported twice");
    (found, count)
}

/// Whether the text of a match is that value, or below it.
fn says(text: &[u8], value: &Value) -> bool {
    let kind = value.kind();
    if let Kind::FileName | Kind::UserAgent | Kind::RegistryKey | Kind::Mutex = kind {
        return says_text(text, value);
    }
    let Ok(plain) = String::from_utf8(undone(text)) else {
        return false;
    };
    let parse = |kind, text: &str| Value::parse(kind, text, Breadth::Any).ok();
    let is_same = |text: &str| parse(kind, text).as_ref() == Some(value);
    match kind {
        Kind::Ipv4 | Kind::Ipv4Net | Kind::Ipv6 | Kind::Ipv6Net => {
            let address = plain.parse().ok();
            address.is_some_and(|address: IpAddr| holds(value, address.to_canonical()))
        }
        Kind::DomainTree => parse(Kind::Domain, &plain)
            .is_some_and(|name| format!(".{name}").ends_with(&format!(".{value}"))),
        // In Base58 letters of either case are other digits.
        Kind::Domain | Kind::Url | Kind::Email | Kind::Btc | Kind::Trx | Kind::Xmr => {
            is_same(&plain)
        }
        Kind::Yara | Kind::Sigma | Kind::StixPattern => false,
        // No checksum is asked of a record, not even the one in the letters' case.
        _ => is_same(&plain.to_ascii_lowercase()),
    }
}

fn holds(value: &Value, address: IpAddr) -> bool {
    match (value.network(), address) {
        (Some((IpAddr::V4(net), bits)), IpAddr::V4(address)) => {
            let other = net.to_bits() ^ address.to_bits();
            other.leading_zeros() >= u32::from(bits)
        }
        (Some((IpAddr::V6(net), bits)), IpAddr::V6(address)) => {
            let other = net.to_bits() ^ address.to_bits();
            other.leading_zeros() >= u32::from(bits)
        }
        _ => false,
    }
}

/// Whether a text is that one, however its backslashes and those of its escapes are written; of a
/// registry key without its hive.
fn says_text(text: &[u8], value: &Value) -> bool {
    let value = value.to_string();
    let bare = |text: &[u8]| {
        let letters = text.iter().filter(|&&byte| byte != b'\\');
        letters.map(u8::to_ascii_lowercase).collect::<Vec<_>>()
    };
    match value.split_once('\\') {
        Some((hive, rest)) if hive.starts_with("hk") => {
            bare(text).ends_with(&bare(rest.as_bytes()))
        }
        _ => bare(text) == bare(value.as_bytes()),
    }
}

/// The text with its escapes undone.
fn undone(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut rest = text;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match (byte, behind) {
            (b'\\', [b'u', digits @ ..]) => {
                let (code, behind) = number(digits, 4);
                plain.extend(code.to_string().bytes());
                rest = behind;
            }
            (b'\\', [b'x', digits @ ..]) => {
                let (code, behind) = number(digits, 2);
                // A byte, not a letter.
                plain.extend(u8::try_from(code));
                rest = behind;
            }
            (b'\\', [meant, behind @ ..]) => {
                plain.push(*meant);
                rest = behind;
            }
            _ => plain.push(byte),
        }
    }
    plain
}

/// The character of so many hexadecimal digits, and what is behind them; of a half of a pair none.
fn number(text: &[u8], digits: usize) -> (char, &[u8]) {
    let (head, behind) = text.split_at_checked(digits).unwrap_or((text, &[]));
    let code = str::from_utf8(head)
        .ok()
        .and_then(|text| u32::from_str_radix(text, 16).ok());
    let letter = code.and_then(char::from_u32);
    (letter.unwrap_or(char::REPLACEMENT_CHARACTER), behind)
}
