//! Free texts without any cleverness: every spelling of every text at every place.

use std::collections::BTreeSet;

use matcher::{Kind, Value};

use super::naive::Hit;

pub(crate) fn find(indicators: &[Value], record: &[u8], hits: &mut BTreeSet<Hit>) {
    for (number, indicator) in indicators.iter().enumerate() {
        let kind = indicator.kind();
        if !matches!(
            kind,
            Kind::FileName | Kind::UserAgent | Kind::RegistryKey | Kind::Mutex
        ) {
            continue;
        }
        for text in spellings(kind, &indicator.to_string()) {
            for start in 0..record.len() {
                let end = start + text.len();
                let here = record.get(start..end);
                let same = here.is_some_and(|here| here.eq_ignore_ascii_case(text.as_bytes()));
                if same && begins(record, start, kind) && ends(record, end, kind) {
                    hits.insert((start, end, number));
                }
            }
        }
    }
}

fn spellings(kind: Kind, text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    if let (Kind::RegistryKey, Some(rest)) = (kind, text.strip_prefix("hklm\\")) {
        all.push(format!("hkey_local_machine\\{rest}"));
        all.push(format!("\\registry\\machine\\{rest}"));
    }
    let escaped = all
        .iter()
        .map(|text| text.replace('\\', "\\\\").replace('"', "\\\""));
    let escaped: Vec<_> = escaped.collect();
    // Each slash may be escaped or not.
    for text in escaped {
        let parts: Vec<_> = text.split('/').collect();
        for choice in 0..1_u32 << (parts.len() - 1) {
            let mut spelled = parts[0].to_owned();
            for (at, part) in parts[1..].iter().enumerate() {
                spelled.push_str(if choice >> at & 1 == 1 { "\\/" } else { "/" });
                spelled.push_str(part);
            }
            all.push(spelled);
        }
    }
    all
}

fn part(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| {
        byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"_-".contains(byte)
    })
}

fn begins(record: &[u8], start: usize, kind: Kind) -> bool {
    let head = &record[..start];
    let Some(last) = head.last() else {
        return true;
    };
    let slashes = |head: &[u8]| head.iter().rev().take_while(|&&byte| byte == b'\\').count();
    if b"bfnrt".contains(last) && slashes(&head[..head.len() - 1]) % 2 == 1 {
        return true;
    }
    if kind != Kind::UserAgent {
        return !part(Some(last)) && *last != b'.';
    }
    let opens = |byte: &u8| *byte < b' ' || b"\"'|=,;:".contains(byte);
    opens(last) || *last == b' ' && start >= 2 && opens(&head[start - 2])
}

fn ends(record: &[u8], end: usize, kind: Kind) -> bool {
    let (byte, after) = (record.get(end), record.get(end + 1));
    match (kind, byte) {
        (_, None) => true,
        (Kind::UserAgent, Some(b'\\')) => after.is_some_and(|after| b"\"nrt".contains(after)),
        (Kind::UserAgent, Some(byte)) => *byte < b' ' || b"\"'|,;".contains(byte),
        (Kind::RegistryKey, Some(b'\\')) => after == Some(&b'"'),
        (_, Some(b'.')) => !part(after),
        _ => !part(byte),
    }
}
