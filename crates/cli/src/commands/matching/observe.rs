//! Records as observed data, for STIX patterns.
//!
//! A record is one observation. Its objects are the addresses, names, URLs, e-mail addresses, hashes,
//! file names, registry keys and autonomous systems that stand in it as words of their own. What the
//! fields of a log mean is not known here.

use std::{borrow::Cow, collections::BTreeSet};

use kernel::Timestamp;
use matcher::{Breadth, Kind, Value, detect};
use serde_json::{Value as Json, json};

/// What can stand in one record; what is more is left out.
const OBSERVABLES_MAX: usize = 256;
/// Longer words are no observables.
const WORD_BYTES_MAX: usize = 4096;

/// The objects of a record, as the JSON of the member `objects`; nothing where it has none.
pub(super) fn objects(record: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(record);
    let mut values = BTreeSet::new();
    // JSON writes slashes and backslashes twice; what has them once reads the same.
    let plain = text.replace("\\/", "/").replace("\\\\", "\\");
    for word in plain.split(separates) {
        whole(word, &mut values);
        if values.len() >= OBSERVABLES_MAX {
            break;
        }
    }
    let objects: serde_json::Map<_, _> = values
        .iter()
        .enumerate()
        .map(|(number, (kind, value))| (number.to_string(), object(*kind, value)))
        .collect();
    (!objects.is_empty()).then(|| Json::Object(objects).to_string())
}

/// A record as an observed-data object (STIX 2.1 §4.14) with these objects inside.
pub(super) fn observed(objects: &str, time: Timestamp) -> String {
    format!(
        r#"{{"type":"observed-data","first_observed":"{time}","last_observed":"{time}","number_observed":1,"objects":{objects}}}"#
    )
}

fn separates(found: char) -> bool {
    found.is_whitespace() || found.is_control() || "\"'`<>(){}|,;".contains(found)
}

type Values = BTreeSet<(Kind, String)>;

/// A word, or what stands behind a `=` in it.
fn whole(word: &str, values: &mut Values) {
    if word.len() > WORD_BYTES_MAX || word.len() < 3 {
        return;
    }
    let word = word.trim_matches(['.', ':', '!', '?', '[', ']']);
    if let Some((scheme, rest)) = word.split_once("://") {
        let begin = scheme
            .rfind(|found: char| !found.is_ascii_alphanumeric())
            .map_or(0, |at| at + 1);
        let scheme = scheme.get(begin..).unwrap_or_default();
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        one(&format!("{scheme}://{rest}"), values);
        part(host, values);
        return;
    }
    if let Some((_, behind)) = word.split_once('=') {
        return whole(behind, values);
    }
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    if name.len() < word.len() && name.contains('.') && !is_hive(word) {
        values.insert((Kind::FileName, name.to_owned()));
    }
    part(word, values);
}

fn is_hive(word: &str) -> bool {
    matches!(detect(word, Breadth::Any), Some(Ok(value)) if value.kind() == Kind::RegistryKey)
}

/// A value, perhaps with a port or a prefix behind it.
fn part(word: &str, values: &mut Values) {
    if one(word, values) {
        return;
    }
    if let Some((host, port)) = word.rsplit_once(':')
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        one(host.trim_matches(['[', ']']), values);
    } else if let Some((head, tail)) = word.split_once(':') {
        one(head, values);
        one(tail, values);
    } else if let Some((address, _)) = word.split_once('/') {
        one(address, values);
    }
}

fn one(word: &str, values: &mut Values) -> bool {
    let Some(Ok(value)) = detect(word, Breadth::Any) else {
        return false;
    };
    if let Some((user, host)) = word.split_once('@')
        && value.kind() == Kind::Email
        && !user.is_empty()
    {
        one(host, values);
    }
    values.insert((value.kind(), value.to_string()))
}

/// An observable object of STIX 2.1 §6 with this value.
pub(super) fn object(kind: Kind, value: &str) -> Json {
    let hashes = |algorithm: &str| json!({"type": "file", "hashes": {algorithm: value}});
    match kind {
        Kind::Ipv4 | Kind::Ipv4Net => json!({"type": "ipv4-addr", "value": value}),
        Kind::Ipv6 | Kind::Ipv6Net => json!({"type": "ipv6-addr", "value": value}),
        Kind::Domain | Kind::DomainTree => json!({"type": "domain-name", "value": value}),
        Kind::Url => json!({"type": "url", "value": value}),
        Kind::Email => json!({"type": "email-addr", "value": value}),
        Kind::Md5 => hashes("MD5"),
        Kind::Sha1 => hashes("SHA-1"),
        Kind::Sha256 => hashes("SHA-256"),
        Kind::Sha512 => hashes("SHA-512"),
        Kind::FileName => json!({"type": "file", "name": value}),
        Kind::RegistryKey => json!({"type": "windows-registry-key", "key": full_key(value)}),
        Kind::Mutex => json!({"type": "mutex", "name": value}),
        Kind::Asn => {
            let digits = value.trim_start_matches(|found: char| found.is_ascii_alphabetic());
            json!({"type": "autonomous-system", "number": digits.parse::<u32>().unwrap_or(0)})
        }
        // What STIX has no observable for.
        _ => json!({"type": "x-observable", "value": value}),
    }
}

/// A registry key with the full name of its hive, as STIX 2.1 §6.17 asks for it.
pub(super) fn full_key(key: &str) -> Cow<'_, str> {
    const HIVES: [(&str, &str); 5] = [
        ("HKLM", "HKEY_LOCAL_MACHINE"),
        ("HKCU", "HKEY_CURRENT_USER"),
        ("HKCR", "HKEY_CLASSES_ROOT"),
        ("HKU", "HKEY_USERS"),
        ("HKCC", "HKEY_CURRENT_CONFIG"),
    ];
    let (hive, rest) = key.split_once('\\').unwrap_or((key, ""));
    let known = HIVES
        .iter()
        .find(|(short, _)| short.eq_ignore_ascii_case(hive));
    match known {
        Some((_, full)) if rest.is_empty() => (*full).into(),
        Some((_, full)) => format!("{full}\\{rest}").into(),
        None => key.into(),
    }
}

/// A text as STIX writes it for a value of that kind, from what stands in a record.
pub(super) fn normal(kind: Kind, text: &str) -> Cow<'_, str> {
    let parsed = Value::parse(kind, text, Breadth::Any);
    parsed.map_or(text.into(), |value| value.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(record: &str) -> Vec<String> {
        let Some(objects) = objects(record.as_bytes()) else {
            return Vec::new();
        };
        let text = observed(&objects, Timestamp::from_micros(0));
        let observed: Json = serde_json::from_str(&text).unwrap();
        let objects = observed["objects"].as_object().unwrap();
        let mut texts: Vec<_> = objects
            .values()
            .map(|object| {
                let value = object
                    .get("value")
                    .or(object.get("name"))
                    .or(object.get("key"));
                let value = value.or(object["hashes"].as_object().and_then(|h| h.values().next()));
                format!(
                    "{} {}",
                    object["type"].as_str().unwrap(),
                    value.unwrap_or(&object["number"])
                )
            })
            .collect();
        texts.sort_unstable();
        texts
    }

    #[test]
    fn words_of_a_record_are_observables() {
        assert_eq!(
            found("10.0.0.1:443 -> [2001:db8::1]:53 user=a@evil.example as=AS64496"),
            [
                "autonomous-system 64496",
                "domain-name \"evil.example\"",
                "email-addr \"a@evil.example\"",
                "ipv4-addr \"10.0.0.1\"",
                "ipv6-addr \"2001:db8::1\"",
            ]
        );
        assert_eq!(
            found(
                r#"{"url":"http:\/\/evil.example:80\/a.php","md5":"d41d8cd98f00b204e9800998ecf8427e"}"#
            ),
            [
                "domain-name \"evil.example\"",
                "file \"d41d8cd98f00b204e9800998ecf8427e\"",
                "url \"http://evil.example/a.php\"",
            ]
        );
        assert_eq!(
            found(r#"{"Image":"C:\\Windows\\Temp\\bad.exe"}"#),
            ["file \"bad.exe\""]
        );
        assert!(found("nothing to see").is_empty());
    }
}
