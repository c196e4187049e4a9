//! What a value is found by.

use std::collections::BTreeSet;

use kernel::hex;
use matcher::{Breadth, Kind, Value, detect};
use sha2::{Digest, Sha256};

/// More of a value is not looked at; a digest of the whole stands behind what is cut.
const NORM_BYTES_MAX: usize = 448;

/// The texts that an attribute of this type is found by.
pub(crate) fn of_attribute(kind: &str, value: &str) -> BTreeSet<String> {
    let mut norms = BTreeSet::new();
    take(&mut norms, kind, value);
    if let Some([(first, left), (second, right)]) = formats_misp::composite(kind, value) {
        take(&mut norms, first, left);
        take(&mut norms, second, right);
    }
    norms
}

/// Types whose values say nothing by being the same.
const IDLE: [&str; 12] = [
    "aba-rtn",
    "anonymised",
    "boolean",
    "comment",
    "cortex",
    "counter",
    "float",
    "gender",
    "http-method",
    "nationality",
    "port",
    "size-in-bytes",
];

/// The texts by which an attribute has something in common with others, each with what it stands for:
/// the value or a part of it.
pub(crate) fn in_common<'v>(kind: &'v str, value: &'v str) -> Vec<(String, &'v str)> {
    let mut all = Vec::new();
    let mut add = |kind: &str, value: &'v str| {
        let mut norms = BTreeSet::new();
        if !IDLE.contains(&kind) && !value.trim().is_empty() {
            take(&mut norms, kind, value);
        }
        all.extend(norms.into_iter().map(|norm| (norm, value)));
    };
    add(kind, value);
    for (kind, part) in formats_misp::composite(kind, value).into_iter().flatten() {
        add(kind, part);
    }
    all
}

/// The texts that somebody means who asks for this value.
pub(crate) fn of_question(value: &str) -> BTreeSet<String> {
    let mut norms = BTreeSet::from([plain(value)]);
    if let Some(Ok(found)) = detect(value, Breadth::Any) {
        norms.insert(plain(&found.to_string()));
    }
    norms
}

fn take(norms: &mut BTreeSet<String>, kind: &str, value: &str) {
    norms.insert(plain(value));
    let found = kinds(kind)
        .iter()
        .find_map(|kind| Value::parse(*kind, value, Breadth::Any).ok());
    if let Some(found) = found {
        norms.insert(plain(&found.to_string()));
    }
}

/// Without blanks around it and without regard to case, as MISP compares.
pub(crate) fn plain(value: &str) -> String {
    let mut text = value.trim().to_lowercase();
    // No database takes it in a text.
    text.retain(|c| c != '\0');
    if text.len() > NORM_BYTES_MAX {
        let digest = hex(&Sha256::digest(&text));
        let mut end = NORM_BYTES_MAX;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str(&digest);
    }
    text
}

fn kinds(kind: &str) -> &'static [Kind] {
    match kind {
        "ip-src" | "ip-dst" | "ip" => &[Kind::Ipv4, Kind::Ipv6, Kind::Ipv4Net, Kind::Ipv6Net],
        "domain" | "hostname" => &[Kind::Domain],
        "url" | "uri" | "link" => &[Kind::Url],
        "email" | "email-src" | "email-dst" | "email-reply-to" | "target-email" => &[Kind::Email],
        "AS" => &[Kind::Asn],
        "vulnerability" => &[Kind::Cve],
        "btc" => &[Kind::Btc],
        "xmr" => &[Kind::Xmr],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: &str, value: &str, question: &str) -> bool {
        let norms = of_attribute(kind, value);
        of_question(question).iter().any(|one| norms.contains(one))
    }

    #[test]
    fn a_value_is_found_however_it_is_written() {
        assert!(found("ip-dst", "2001:DB8:0::1", "2001:db8::1"));
        assert!(found("domain", "Evil[.]example", "evil.example"));
        assert!(found("md5", &"AB".repeat(16), &"ab".repeat(16)));
        assert!(found("text", " Some Words ", "some words"));
        assert!(found("ip-dst|port", "198.51.100.7|443", "198.51.100.7"));
        assert!(found("ip-dst|port", "198.51.100.7|443", "198.51.100.7|443"));
        assert!(!found("ip-dst", "198.51.100.7", "198.51.100.70"));
    }

    #[test]
    fn ports_and_remarks_have_nothing_in_common() {
        let norms = |kind, value| -> Vec<String> {
            let all = in_common(kind, value).into_iter();
            all.map(|(norm, _)| norm).collect()
        };
        assert_eq!(norms("comment", "as before"), Vec::<String>::new());
        let both = norms("ip-dst|port", "198.51.100.7|443");
        assert_eq!(both, ["198.51.100.7|443", "198.51.100.7"]);
        assert_eq!(
            norms("domain", "Evil[.]example"),
            ["evil.example", "evil[.]example"]
        );
    }

    #[test]
    fn a_long_value_is_found_by_the_whole_of_it() {
        let long = "é".repeat(5_000);
        assert!(found("comment", &long, &long));
        assert!(!found("comment", &long, &format!("{long}x")));
        assert!(
            of_attribute("comment", &long)
                .iter()
                .all(|norm| norm.len() <= 512)
        );
    }
}
