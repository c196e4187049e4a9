//! STIX patterns that say no more than values do.
//!
//! Such a pattern is one comparison, or several joined by `OR`, of `=`, `IN` or `ISSUBSET` with what
//! [`VALUES`] lists, without `NOT` and without a qualifier. What is looked for then is the value in
//! its normal form: STIX's `=` tells upper case from lower, and `HTTP://A.example` from
//! `http://a.example/`; here these are one, as they are for all indicators, so that a value finds all
//! that the pattern finds, and its other spellings too. A name is the name alone, not those below it.
//! An address with a prefix (`ipv4-addr:value = '198.51.100.0/24'`) stands for its network.

use matcher::{Breadth, Kind, Value, ValueError};
use stix::pattern::{
    Comparison, Literal, ObjectPath, Observation, Pattern, Proposition, Relation, Step, Test,
};

/// Values of one pattern; one with more is evaluated as a pattern.
const VALUES_MAX: usize = 10_000;

/// The values that a pattern stands for; nothing where it says more, or other, than values.
pub(super) fn values_of(
    pattern: &Pattern,
    breadth: Breadth,
) -> Option<Vec<Result<Value, ValueError>>> {
    let mut values = Vec::new();
    observation(&pattern.expression, breadth, &mut values)?;
    (values.len() <= VALUES_MAX).then_some(values)
}

type Values = Vec<Result<Value, ValueError>>;

fn observation(expression: &Observation, breadth: Breadth, values: &mut Values) -> Option<()> {
    match expression {
        Observation::Test(test) => comparison(test, breadth, values),
        Observation::Or(operands) => operands
            .iter()
            .try_for_each(|operand| observation(operand, breadth, values)),
        Observation::And(_) | Observation::FollowedBy(_) | Observation::Qualified(..) => None,
    }
}

fn comparison(expression: &Comparison, breadth: Breadth, values: &mut Values) -> Option<()> {
    match expression {
        Comparison::Test(test) => proposition(test, breadth, values),
        Comparison::Or(operands) => operands
            .iter()
            .try_for_each(|operand| comparison(operand, breadth, values)),
        Comparison::And(_) => None,
    }
}

fn proposition(proposition: &Proposition, breadth: Breadth, values: &mut Values) -> Option<()> {
    if proposition.negated {
        return None;
    }
    let kinds = kinds_of(&proposition.path)?;
    let constants = match &proposition.test {
        Test::Compare(Relation::Equal, constant) => std::slice::from_ref(constant),
        Test::In(constants) => constants,
        Test::IsSubset(network) if is_address(&proposition.path) => {
            values.push(value(network, kinds, breadth)?);
            return Some(());
        }
        _ => return None,
    };
    for constant in constants {
        let found = match constant {
            Literal::String(text) => value(text, kinds, breadth)?,
            Literal::Integer(number) if kinds == [Kind::Asn] => {
                value(&number.to_string(), kinds, breadth)?
            }
            _ => return None,
        };
        values.push(found);
    }
    Some(())
}

/// The value of the first kind that the text is of. One too broad is an error; what is of none of
/// the kinds is left to the pattern.
fn value(text: &str, kinds: &[Kind], breadth: Breadth) -> Option<Result<Value, ValueError>> {
    let mut broad = None;
    for &kind in kinds {
        match Value::parse(kind, text, breadth) {
            Ok(value) => return Some(Ok(value)),
            Err(error @ ValueError::Broad { .. }) => broad = Some(error),
            Err(_) => {}
        }
    }
    broad.map(Err)
}

const ADDRESSES: &[Kind] = &[Kind::Ipv4, Kind::Ipv4Net, Kind::Ipv6, Kind::Ipv6Net];

const HOSTS: &[Kind] = &[
    Kind::Ipv4,
    Kind::Ipv4Net,
    Kind::Ipv6,
    Kind::Ipv6Net,
    Kind::Domain,
];

/// Paths without `extensions` and hashes, and what their values are.
const VALUES: &[(&str, &[&str], &[Kind])] = &[
    ("ipv4-addr", &["value"], ADDRESSES),
    ("ipv6-addr", &["value"], ADDRESSES),
    ("domain-name", &["value"], &[Kind::Domain]),
    ("url", &["value"], &[Kind::Url]),
    ("email-addr", &["value"], &[Kind::Email]),
    ("email-message", &["from_ref", "value"], &[Kind::Email]),
    ("email-message", &["sender_ref", "value"], &[Kind::Email]),
    ("file", &["name"], &[Kind::FileName]),
    ("windows-registry-key", &["key"], &[Kind::RegistryKey]),
    ("mutex", &["name"], &[Kind::Mutex]),
    ("autonomous-system", &["number"], &[Kind::Asn]),
    ("network-traffic", &["dst_ref", "value"], HOSTS),
    ("network-traffic", &["src_ref", "value"], HOSTS),
];

const HASHES: &[(&str, &[Kind])] = &[
    ("MD5", &[Kind::Md5]),
    ("SHA-1", &[Kind::Sha1]),
    ("SHA1", &[Kind::Sha1]),
    ("SHA-256", &[Kind::Sha256]),
    ("SHA256", &[Kind::Sha256]),
    ("SHA-512", &[Kind::Sha512]),
    ("SHA512", &[Kind::Sha512]),
];

const USER_AGENT: [&str; 4] = [
    "extensions",
    "http-request-ext",
    "request_header",
    "User-Agent",
];

fn kinds_of(path: &ObjectPath) -> Option<&'static [Kind]> {
    let mut keys = Vec::new();
    let mut steps = path.steps.iter().peekable();
    while let Some(step) = steps.next() {
        match step {
            Step::Key(name) => keys.push(name.as_str()),
            // A header field is a list of its values.
            Step::Index(0) | Step::Any if steps.peek().is_none() && keys == USER_AGENT => {}
            Step::Index(_) | Step::Any => return None,
        }
    }
    let object = path.object_type.as_str();
    if object == "network-traffic" && keys == USER_AGENT {
        return Some(&[Kind::UserAgent]);
    }
    if let ("file", ["hashes", name]) = (object, keys.as_slice()) {
        let mut known = HASHES.iter();
        return known
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, kinds)| *kinds);
    }
    let mut known = VALUES.iter();
    let found = known.find(|(kind, steps, _)| *kind == object && *steps == keys);
    found.map(|(.., kinds)| *kinds)
}

fn is_address(path: &ObjectPath) -> bool {
    matches!(
        path.object_type.as_str(),
        "ipv4-addr" | "ipv6-addr" | "network-traffic"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<Vec<String>> {
        let pattern = Pattern::parse(text).unwrap();
        let values = values_of(&pattern, Breadth::Narrow)?;
        let told = values.into_iter().map(|value| match value {
            Ok(value) => format!("{} {value}", value.kind()),
            Err(error) => error.code().to_owned(),
        });
        Some(told.collect())
    }

    #[test]
    fn simple_patterns_are_values() {
        let hash = "44D88612FEA8A8F36DE82E1278ABB02F";
        let quoted = format!("[file:hashes.MD5 = '{hash}' OR file:hashes.'md5' IN ('{hash}')]");
        let md5 = format!("md5 {}", hash.to_lowercase());
        for (text, expected) in [
            (
                "[ipv4-addr:value = '198.51.100.3']",
                vec!["ipv4 198.51.100.3"],
            ),
            (
                "[ipv4-addr:value = '198.51.100.0/24']",
                vec!["ipv4-net 198.51.100.0/24"],
            ),
            (
                "[ipv4-addr:value ISSUBSET '198.51.100.7/24']",
                vec!["ipv4-net 198.51.100.0/24"],
            ),
            (
                "[ipv4-addr:value ISSUBSET '0.0.0.0/0']",
                vec!["value.broad"],
            ),
            (
                "[ipv6-addr:value = '2001:DB8::0:1']",
                vec!["ipv6 2001:db8::1"],
            ),
            (
                "[domain-name:value = 'Evil.example']",
                vec!["domain evil.example"],
            ),
            (
                "[domain-name:value IN ('a.example', 'b.example')] OR [url:value = 'http://c.example']",
                vec![
                    "domain a.example",
                    "domain b.example",
                    "url http://c.example/",
                ],
            ),
            (
                "([mutex:name = 'abcd'] OR ([file:name = 'evil.exe' OR email-addr:value = 'a@b.example']))",
                vec!["mutex abcd", "file-name evil.exe", "email a@b.example"],
            ),
            (&quoted, vec![&*md5, &*md5]),
            ("[autonomous-system:number = 64496]", vec!["asn AS64496"]),
            (
                "[network-traffic:dst_ref.value = 'evil.example']",
                vec!["domain evil.example"],
            ),
            (
                "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'[0] = 'Evil/1.0']",
                vec!["user-agent evil/1.0"],
            ),
            (
                r"[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\Software\\Evil']",
                vec![r"registry-key hklm\software\evil"],
            ),
        ] {
            let expected: Vec<_> = expected.into_iter().map(String::from).collect();
            assert_eq!(told(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_says_more_stays_a_pattern() {
        for text in [
            "[ipv4-addr:value = '198.51.100.3' AND ipv4-addr:value = '198.51.100.4']",
            "[ipv4-addr:value = '198.51.100.3'] AND [ipv4-addr:value = '198.51.100.4']",
            "[ipv4-addr:value = '198.51.100.3'] FOLLOWEDBY [domain-name:value = 'a.example']",
            "[ipv4-addr:value = '198.51.100.3'] WITHIN 5 SECONDS",
            "[ipv4-addr:value != '198.51.100.3']",
            "[ipv4-addr:value NOT = '198.51.100.3']",
            "[ipv4-addr:value = 'no address']",
            "[domain-name:value LIKE '%.example']",
            "[domain-name:value MATCHES 'evil']",
            "[domain-name:value ISSUBSET '198.51.100.0/24']",
            "[domain-name:resolves_to_refs[*].value = '198.51.100.3']",
            "[file:size = 3]",
            "[file:hashes.'SSDEEP' = '3:a:b']",
            "[process:name = 'evil.exe']",
            "[EXISTS ipv4-addr:value]",
            "[domain-name:value = 'a.example' OR process:pid = 3]",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
