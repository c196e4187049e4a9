//! Attributes as terms: what a pattern compares, and what an observable has.

use stix::pattern::{Comparison, Literal, Observation, Pattern, Relation, Test};

use crate::{composite, vocabulary};

/// A property and its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Term {
    /// Type and path as patterns print them.
    pub(super) path: &'static str,
    pub(super) value: String,
}

/// Types and the properties that they are; the first of a property is what it becomes on the way
/// back.
pub(super) const SINGLE: &[(&str, &str)] = &[
    ("ip-dst", IP4),
    ("ip-src", IP4),
    ("ip-dst", IP6),
    ("ip-src", IP6),
    ("domain", "domain-name:value"),
    ("hostname", "domain-name:value"),
    ("onion-address", "domain-name:value"),
    ("url", "url:value"),
    ("uri", "url:value"),
    ("link", "url:value"),
    ("email-src", "email-addr:value"),
    ("email", "email-addr:value"),
    ("email-dst", "email-addr:value"),
    ("email-reply-to", "email-addr:value"),
    ("target-email", "email-addr:value"),
    ("whois-registrant-email", "email-addr:value"),
    ("dns-soa-email", "email-addr:value"),
    ("email-subject", "email-message:subject"),
    ("email-body", "email-message:body"),
    ("email-message-id", "email-message:message_id"),
    ("filename", "file:name"),
    ("md5", "file:hashes.MD5"),
    ("sha1", "file:hashes.'SHA-1'"),
    ("sha256", "file:hashes.'SHA-256'"),
    ("sha512", "file:hashes.'SHA-512'"),
    ("sha3-256", "file:hashes.'SHA3-256'"),
    ("sha3-512", "file:hashes.'SHA3-512'"),
    ("ssdeep", "file:hashes.SSDEEP"),
    ("tlsh", "file:hashes.TLSH"),
    ("size-in-bytes", "file:size"),
    ("mime-type", "file:mime_type"),
    ("mutex", "mutex:name"),
    ("regkey", "windows-registry-key:key"),
    ("mac-address", "mac-addr:value"),
    ("AS", "autonomous-system:number"),
    ("x509-fingerprint-md5", "x509-certificate:hashes.MD5"),
    ("x509-fingerprint-sha1", "x509-certificate:hashes.'SHA-1'"),
    (
        "x509-fingerprint-sha256",
        "x509-certificate:hashes.'SHA-256'",
    ),
    (
        "user-agent",
        "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'",
    ),
    ("port", DST_PORT),
];

const IP4: &str = "ipv4-addr:value";
const IP6: &str = "ipv6-addr:value";
const RESOLVES: &str = "domain-name:resolves_to_refs[*].value";
const SRC: &str = "network-traffic:src_ref.value";
const SRC_PORT: &str = "network-traffic:src_port";
const DST: &str = "network-traffic:dst_ref.value";
const DST_PORT: &str = "network-traffic:dst_port";
const DATA: &str = "windows-registry-key:values[*].data";

/// Properties that only stand beside others.
pub(super) const BESIDE: &[&str] = &[RESOLVES, SRC, SRC_PORT, DST, DATA];

/// Properties that are numbers.
pub(super) fn is_number(path: &str) -> bool {
    matches!(
        path,
        SRC_PORT | DST_PORT | "file:size" | "autonomous-system:number"
    )
}

/// What an attribute of this type and value is. Nothing where STIX has no property for it.
pub(super) fn terms(kind: &str, value: &str) -> Option<Vec<Term>> {
    let term = |path, value: &str| Term {
        path,
        value: value.to_owned(),
    };
    let Some([(first, left), (second, right)]) = composite::split(kind, value) else {
        let path = path(kind, value)?;
        if is_number(path) && value.parse::<u32>().is_err() {
            return None;
        }
        return Some(vec![term(path, value)]);
    };
    let (one, two) = match (first, second) {
        ("domain", "ip") => ("domain-name:value", RESOLVES),
        ("ip-src", "port") => (SRC, SRC_PORT),
        ("ip-dst" | "hostname", "port") => (DST, DST_PORT),
        ("regkey", "value") => ("windows-registry-key:key", DATA),
        ("filename", hash) => {
            let hash = path(hash, right).filter(|path| path.starts_with("file:hashes."))?;
            ("file:name", hash)
        }
        _ => return None,
    };
    let number = is_number(two) && right.parse::<u32>().is_err();
    (!number).then(|| vec![term(one, left), term(two, right)])
}

fn path(kind: &str, value: &str) -> Option<&'static str> {
    let path = SINGLE.iter().find(|(known, _)| *known == kind)?.1;
    Some(match path {
        IP4 if value.contains(':') => IP6,
        other => other,
    })
}

/// The type and value that are these terms: of type `hint` if it can be, else of the first that can.
pub(super) fn attribute(terms: &[Term], hint: Option<&str>) -> Option<(&'static str, String)> {
    let hinted = hint.and_then(vocabulary::attribute_type);
    let single = SINGLE.iter().filter(|_| terms.len() == 1);
    let all = vocabulary::types().iter().map(|one| one.name);
    let composites = all.filter(|name| terms.len() == 2 && composite::kinds(name).is_some());
    let kinds = single.map(|(kind, _)| *kind).chain(composites);
    let mut kinds = hinted.map(|one| one.name).into_iter().chain(kinds);
    let values: Vec<&str> = terms.iter().map(|term| &*term.value).collect();
    let forth = values.join("|");
    let back = values.iter().rev().copied().collect::<Vec<_>>().join("|");
    kinds.find_map(|kind| {
        if self::terms(kind, &forth).as_deref() == Some(terms) {
            return Some((kind, forth.clone()));
        }
        let turned = self::terms(kind, &back)?;
        turned.iter().rev().eq(terms).then(|| (kind, back.clone()))
    })
}

/// The pattern that asks for all of these terms.
pub(super) fn pattern(terms: &[Term]) -> String {
    let tests = terms.iter().map(|Term { path, value }| {
        if is_number(path) {
            return format!("{path} = {value}");
        }
        let network = matches!(*path, IP4 | IP6) && value.contains('/');
        let operator = if network { "ISSUBSET" } else { "=" };
        let escaped = value.replace('\\', "\\\\").replace('\'', "\\'");
        format!("{path} {operator} '{escaped}'")
    });
    format!("[{}]", tests.collect::<Vec<_>>().join(" AND "))
}

/// The terms of a pattern, where it asks for all of some known properties and nothing else, and the
/// type that it tells by where it looks.
pub(super) fn of_pattern(text: &str) -> Option<(Vec<Term>, Option<&'static str>)> {
    let pattern: Pattern = text.parse().ok()?;
    let Observation::Test(comparison) = &pattern.expression else {
        return None;
    };
    let mut terms = Vec::new();
    gather(comparison, &mut terms)?;
    // Addresses alone were traffic to or from them in the words of other converters.
    if let [term] = &mut *terms
        && matches!(term.path, SRC | DST)
        && term.value.parse::<std::net::IpAddr>().is_ok()
    {
        let source = term.path == SRC;
        term.path = if term.value.contains(':') { IP6 } else { IP4 };
        return Some((terms, source.then_some("ip-src")));
    }
    Some((terms, None))
}

fn gather(comparison: &Comparison, terms: &mut Vec<Term>) -> Option<()> {
    match comparison {
        Comparison::And(operands) => operands.iter().try_for_each(|one| gather(one, terms)),
        Comparison::Or(_) => None,
        Comparison::Test(test) if test.negated => None,
        Comparison::Test(test) => {
            let printed = test.path.to_string();
            // The type of what is referred to is told by its value.
            if matches!(
                &*printed,
                "network-traffic:src_ref.type" | "network-traffic:dst_ref.type"
            ) {
                return Some(());
            }
            let value = match &test.test {
                Test::Compare(Relation::Equal, Literal::String(value)) => value.clone(),
                Test::Compare(Relation::Equal, Literal::Integer(number)) => number.to_string(),
                Test::IsSubset(network) if matches!(&*printed, IP4 | IP6) => network.clone(),
                _ => return None,
            };
            let path = known(&printed)?;
            terms.push(Term { path, value });
            Some(())
        }
    }
}

/// All properties that are known.
pub(super) fn paths() -> impl Iterator<Item = &'static str> {
    let mut seen = std::collections::BTreeSet::new();
    let all = SINGLE
        .iter()
        .map(|(_, path)| *path)
        .chain(BESIDE.iter().copied());
    all.filter(move |path| seen.insert(*path))
}

fn known(path: &str) -> Option<&'static str> {
    paths().find(|known| *known == path)
}
