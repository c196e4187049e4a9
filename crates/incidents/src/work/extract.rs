//! Indicators in a text that somebody pasted: a report, a mail, a note of a telephone call.

use std::{collections::BTreeSet, net::IpAddr};

use matcher::{Breadth, Kind, Value, detect};

use crate::model::Invalid;

/// How long a pasted text may be.
pub const TEXT_BYTES_MAX: usize = 1_000_000;
/// How many different values are found in one text at most.
pub const FOUND_MAX: usize = 5_000;

/// Ends of names that are files far more often than domains.
const FILE_ENDS: [&str; 30] = [
    "bat", "bin", "cfg", "cmd", "conf", "csv", "dat", "dll", "doc", "docx", "elf", "exe", "hta",
    "ini", "jpg", "js", "json", "lnk", "log", "msi", "pdf", "png", "ps1", "sys", "tmp", "txt",
    "vbs", "xls", "xlsx", "xml",
];

/// A value that was found in a text.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Found {
    /// Kind and normal form.
    pub value: Value,
    /// Whether it is one that says little: an address of no public network.
    pub doubtful: bool,
}

/// The values of a text, each once, by kind. Defanged ones are read (`hxxps://bad[.]example`). What
/// could be a value and is none is left out: people look at what is found before it is kept.
pub fn extract(text: &str) -> Result<Vec<Found>, Invalid> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Invalid {
            field: "text",
            rule: "at most 1,000,000 bytes at a time",
        });
    }
    let mut all = BTreeSet::new();
    for word in text.split(is_between) {
        if let Some(value) = read(word) {
            let doubtful = is_doubtful(&value);
            all.insert(Found { value, doubtful });
        }
        if all.len() > FOUND_MAX {
            return Err(Invalid {
                field: "text",
                rule: "at most 5,000 different values at a time",
            });
        }
    }
    Ok(all.into_iter().collect())
}

/// A value of a kind, as a request names them.
pub fn parsed(kind: &str, value: &str) -> Result<Value, Invalid> {
    let kind: Kind = kind.parse().map_err(|_unknown| Invalid {
        field: "kind",
        rule: "a kind of indicator, such as ipv4, domain, url or sha256",
    })?;
    if kind.is_carried() {
        return Err(Invalid {
            field: "kind",
            rule: "a kind that has values; rules and patterns belong into a collection",
        });
    }
    Value::parse(kind, value, Breadth::Narrow).map_err(|_unreadable| Invalid {
        field: "value",
        rule: "a value of its kind",
    })
}

/// What stands between words. Brackets stay, since defanged values have them.
fn is_between(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '"' | '\''
                | '<'
                | '>'
                | '|'
                | '`'
                | ','
                | ';'
                | '“'
                | '”'
                | '„'
                | '«'
                | '»'
                | '、'
                | '，'
                | '。'
                | '：'
        )
}

fn read(word: &str) -> Option<Value> {
    let whole = bare(word);
    of_shape(whole)
        .or_else(|| {
            // `C2: 1.2.3.4`, `host=evil.example`, `1.2.3.4:443`
            let (_, behind) = whole.split_once('=')?;
            of_shape(bare(behind))
        })
        .or_else(|| {
            let (before, port) = whole.rsplit_once(':')?;
            let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            is_port.then(|| of_shape(bare(before))).flatten()
        })
}

/// The word without what sentences put around it.
fn bare(word: &str) -> &str {
    let mut word = word;
    loop {
        let shorter = word
            .trim_end_matches(['.', ':', '!', '?', '*'])
            .trim_start_matches([':', '-', '*']);
        let shorter = unwrapped(shorter, '(', ')');
        let shorter = unwrapped(shorter, '[', ']');
        let shorter = unwrapped(shorter, '{', '}');
        if shorter == word {
            return word;
        }
        word = shorter;
    }
}

/// Without a bracket at an end whose other half stands at the other end, or nowhere.
fn unwrapped(word: &str, open: char, close: char) -> &str {
    let word = match word.strip_prefix(open) {
        Some(rest)
            if rest
                .find(close)
                .is_none_or(|at| at.saturating_add(close.len_utf8()) == rest.len()) =>
        {
            rest
        }
        _ => word,
    };
    match word.strip_suffix(close) {
        Some(rest) if !rest.contains(open) => rest,
        _ => word,
    }
}

fn of_shape(word: &str) -> Option<Value> {
    if word.len() < 4 {
        return None;
    }
    let value = detect(word, Breadth::Narrow)?.ok()?;
    let is_file = || {
        let text = value.as_text()?;
        let (_, end) = text.rsplit_once('.')?;
        FILE_ENDS
            .contains(&end)
            .then(|| Value::parse(Kind::FileName, word, Breadth::Narrow).ok())
            .flatten()
    };
    match value.kind() {
        Kind::Domain => Some(is_file().unwrap_or(value)),
        _ => Some(value),
    }
}

fn is_doubtful(value: &Value) -> bool {
    match value.network() {
        Some((IpAddr::V4(address), _)) => {
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
                || address.is_multicast()
                || address.is_documentation()
        }
        Some((IpAddr::V6(address), _)) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let all = extract(text).unwrap();
        all.iter()
            .map(|one| format!("{} {}", one.value.kind(), one.value))
            .collect()
    }

    #[test]
    fn values_are_found_in_prose_defanged_or_not() {
        let text = "The server (hxxps://bad[.]example/a?b=1) at 203.0.113[.]7:443, and 10.0.0.1. \
                    Mail came from ops[at]evil.example; dropper.exe had \
                    MD5=d41d8cd98f00b204e9800998ecf8427e, see CVE-2024-3400.";
        assert_eq!(
            found(text),
            [
                "ipv4 10.0.0.1",
                "ipv4 203.0.113.7",
                "url https://bad.example/a?b=1",
                "email ops@evil.example",
                "md5 d41d8cd98f00b204e9800998ecf8427e",
                "cve CVE-2024-3400",
                "file-name dropper.exe",
            ]
        );
    }

    #[test]
    fn addresses_of_no_public_network_are_doubtful() {
        let told = extract("192.168.1.9 and 8.8.8.8").unwrap();
        let doubts: Vec<bool> = told.iter().map(|one| one.doubtful).collect();
        assert_eq!(doubts.iter().filter(|doubt| **doubt).count(), 1);
    }

    #[test]
    fn each_value_stands_once_and_words_are_none() {
        assert_eq!(
            found("evil.example EVIL[.]example [evil.example]"),
            ["domain evil.example"]
        );
        assert!(found("Nothing here, e.g. at 10:30 on 2026-11-20.").is_empty());
    }

    #[test]
    fn too_much_is_refused() {
        let names: Vec<String> = (0..6_000).map(|n| format!("h{n}.example")).collect();
        let many = names.join(" ");
        assert_eq!(extract(&many).unwrap_err().field, "text");
        assert_eq!(extract(&"a ".repeat(600_000)).unwrap_err().field, "text");
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_can_be_kept(text in ".{0,200}") {
            for one in extract(&text).unwrap() {
                let kind = one.value.kind().name();
                proptest::prop_assert_eq!(parsed(kind, &one.value.to_string()), Ok(one.value));
            }
        }
    }
}
