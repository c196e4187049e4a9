//! The rules of single objects that no table says.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    check::Report,
    json::{Kind, Value},
    pattern::Pattern,
    schema::is_language,
};

fn truth(object: Value<'_>, name: &str) -> Option<bool> {
    object.get(name)?.as_bool()
}

/// §4.1 and §4.19: how two catalogues name their entries.
pub(super) fn external_reference(reference: Value<'_>, report: &mut Report<'_>) {
    if report.warns() && reference.get("url").is_some() && reference.get("hashes").is_none() {
        let message = "give the hashes of what the url leads to";
        report.warn("external_reference.hashes", &[], message);
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let cve = |id: &str| {
        let parts = id
            .strip_prefix("CVE-")
            .and_then(|rest| rest.split_once('-'));
        parts.is_some_and(|(year, number)| {
            year.len() == 4 && digits(year) && number.len() >= 4 && digits(number)
        })
    };
    let Some(id) = reference.text("external_id") else {
        return;
    };
    let (good, wanted) = match reference.text("source_name") {
        Some("cve") => (cve(id), "CVE-2016-1234"),
        Some("capec") => (id.strip_prefix("CAPEC-").is_some_and(digits), "CAPEC-163"),
        _ => return,
    };
    if !good {
        let message = format!("external_id is written as in {wanted} here");
        report.error("external_reference.id", &["external_id"], message);
    }
}

/// §4.7: a pattern is one of its language, and whoever gets an indicator is told what it is for.
pub(super) fn indicator(object: Value<'_>, report: &mut Report<'_>) {
    let is_stix = object.text("pattern_type") == Some("stix")
        && object
            .text("pattern_version")
            .is_none_or(|version| version == "2.1");
    if let Some(pattern) = object.text("pattern").filter(|_| is_stix) {
        // Nearly all are strict: only of those that are not it is asked whether they parse at all.
        let strict = if report.warns() {
            Pattern::parse_strict(pattern)
        } else {
            Pattern::parse(pattern)
        };
        if let Err(strict) = strict {
            match Pattern::parse(pattern) {
                Err(error) => report.error("indicator.pattern", &["pattern"], error.to_string()),
                Ok(_) => report.warn("indicator.pattern_strict", &["pattern"], strict.to_string()),
            }
        }
    }
    for name in ["name", "description"] {
        if object.get(name).is_none() {
            report.warn(
                "indicator.undescribed",
                &[],
                format!("an indicator should have a {name}"),
            );
        }
    }
}

/// §4.10: the country is one of ISO 3166-1, the area one of ISO 3166-2.
pub(super) fn location(object: Value<'_>, report: &mut Report<'_>) {
    let country = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    let part = |code: &str| {
        let letters = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        (1..=3).contains(&code.len()) && code.bytes().all(letters)
    };
    let area = |code: &str| {
        code.split_once('-')
            .is_some_and(|(whole, rest)| country(whole) && part(rest))
    };
    if object.text("country").is_some_and(|code| !country(code)) {
        let message = "write the country as two capital letters (ISO 3166-1)";
        report.warn("location.country", &["country"], message);
    }
    if object
        .text("administrative_area")
        .is_some_and(|code| !area(code))
    {
        let message = "write the area by its code, as in US-MD (ISO 3166-2)";
        report.warn("location.area", &["administrative_area"], message);
    }
}

/// §4.11: a family has a name.
pub(super) fn malware(object: Value<'_>, report: &mut Report<'_>) {
    if truth(object, "is_family") == Some(true) && object.get("name").is_none() {
        report.error(
            "property.missing",
            &[],
            "name is required of a family of malware",
        );
    }
}

/// §4.12: how a product is written.
pub(super) fn malware_analysis(object: Value<'_>, report: &mut Report<'_>) {
    let bad = |c: char| c.is_uppercase() || c.is_whitespace() || c == '_';
    if object
        .text("product")
        .is_some_and(|product| product.contains(bad))
    {
        let message = "write the product in lower case with hyphens between its words";
        report.warn("malware_analysis.product", &["product"], message);
    }
}

/// §4.14: among what was seen is an observable.
pub(super) fn observed_data(object: Value<'_>, report: &mut Report<'_>) {
    const RELATIONS: [&str; 2] = ["relationship", "sighting"];
    let Some(seen) = object.get("object_refs") else {
        return;
    };
    let mut ids = seen.items().filter_map(Value::as_str);
    let only_relations = ids.all(|id| {
        id.split_once("--")
            .is_some_and(|(object_type, _)| RELATIONS.contains(&object_type))
    });
    if only_relations && seen.items().next().is_some() {
        let message = "one observable at least must be among object_refs";
        report.error("reference.target", &["object_refs"], message);
    }
}

/// §5.1: what a kind of relationship can be called.
pub(super) fn relationship(object: Value<'_>, report: &mut Report<'_>) {
    let good = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let name = object.text("relationship_type");
    if name.is_some_and(|name| name.is_empty() || !name.bytes().all(good)) {
        let message = "relationship_type has other characters than a to z, 0 to 9 and hyphens";
        report.error("relationship.type", &["relationship_type"], message);
    }
}

/// §6.4: RFC 1034 §3.5 and RFC 5890, without asking that the name exist.
pub(super) fn domain_name(object: Value<'_>, report: &mut Report<'_>) {
    const LABEL_BYTES_MAX: usize = 63;
    const NAME_BYTES_MAX: usize = 253;
    let Some(name) = object.text("value") else {
        return;
    };
    let bare = name.strip_suffix('.').unwrap_or(name);
    let good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii();
    let labels = bare.split('.').all(|label| {
        // In octets as the A-label has them if it is one; a U-label is longer there.
        !label.is_empty() && label.chars().count() <= LABEL_BYTES_MAX && label.chars().all(good)
    });
    let spaces = name.chars().any(char::is_whitespace);
    if !labels || spaces || bare.chars().count() > NAME_BYTES_MAX {
        report.error(
            "value.domain_name",
            &["value"],
            "value is not a domain name",
        );
    }
}

/// §6.5: an address of RFC 5322 §3.4.1 without a name.
pub(super) fn email_address(object: Value<'_>, report: &mut Report<'_>) {
    let Some(address) = object.text("value") else {
        return;
    };
    let printable = !address.contains(char::is_control);
    let parts = address.rsplit_once('@').filter(|_| printable);
    let good = parts.is_some_and(|(local, domain)| {
        let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
        let bad =
            |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':');
        let plain = !local.is_empty() && !local.contains(|c| bad(c) || c == '@');
        let literal = domain.starts_with('[') && domain.ends_with(']');
        (quoted || plain) && (literal || (!domain.is_empty() && !domain.contains(bad)))
    });
    if !good {
        let message = "value is not an address of email such as mira@example.com, without a name";
        report.error("value.email_address", &["value"], message);
    }
}

/// §6.6: a body is one text or parts.
pub(super) fn email_message(object: Value<'_>, report: &mut Report<'_>) {
    let (wrong, message) = match truth(object, "is_multipart") {
        Some(true) => ("body", "body cannot stand in a mail that has parts"),
        Some(false) => (
            "body_multipart",
            "body_multipart cannot stand in a mail without parts",
        ),
        None => return,
    };
    if object.get(wrong).is_some() {
        report.error("property.exclusive", &[wrong], message);
    }
}

/// §6.8: an address or a block.
pub(super) fn ipv4_address(object: Value<'_>, report: &mut Report<'_>) {
    let good = |address: &str| address.parse::<Ipv4Addr>().is_ok();
    if object
        .text("value")
        .is_some_and(|value| !is_block(value, good, 32))
    {
        report.error(
            "value.ip_address",
            &["value"],
            "value is not an IPv4 address or CIDR block",
        );
    }
}

/// §6.9: an address or a block.
pub(super) fn ipv6_address(object: Value<'_>, report: &mut Report<'_>) {
    let good = |address: &str| address.parse::<Ipv6Addr>().is_ok();
    if object
        .text("value")
        .is_some_and(|value| !is_block(value, good, 128))
    {
        report.error(
            "value.ip_address",
            &["value"],
            "value is not an IPv6 address or CIDR block",
        );
    }
}

fn is_block(text: &str, is_address: impl Fn(&str) -> bool, bits_max: u8) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return is_address(text);
    };
    let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
    is_address(address) && digits && bits.parse().is_ok_and(|bits: u8| bits <= bits_max)
}

/// §6.10.
pub(super) fn mac_address(object: Value<'_>, report: &mut Report<'_>) {
    let Some(address) = object.text("value") else {
        return;
    };
    let digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let octet = |octet: &str| octet.len() == 2 && octet.bytes().all(digit);
    if address.split(':').count() != 6 || !address.split(':').all(octet) {
        let message = "value is not a hardware address such as d2:fb:49:24:37:18, in lower case";
        report.error("value.mac_address", &["value"], message);
    }
}

/// §6.12: what still goes on has not ended.
pub(super) fn network_traffic(object: Value<'_>, report: &mut Report<'_>) {
    if truth(object, "is_active") == Some(true) && object.get("end").is_some() {
        report.error(
            "property.exclusive",
            &["end"],
            "end cannot stand where is_active is true",
        );
    }
    numbers_and_texts(object, "ipfix", report);
}

/// §6.12.4: an option's name begins with what it is an option of.
pub(super) fn socket(object: Value<'_>, report: &mut Report<'_>) {
    const LEVELS: [&str; 8] = ["SO", "ICMP", "ICMP6", "IP", "IPV6", "MCAST", "TCP", "IRLMP"];
    for (name, _) in object.get("options").into_iter().flat_map(Value::members) {
        let level = name.split_once('_').map(|(level, _)| level);
        if !level.is_some_and(|level| LEVELS.contains(&level)) {
            let message = "an option is named as in SO_ACCEPTCONN";
            report.warn("socket.option", &["options", name], message);
        }
    }
}

/// §6.13.2: a priority class is named as Windows names it.
pub(super) fn windows_process(extension: Value<'_>, report: &mut Report<'_>) {
    if extension
        .text("priority")
        .is_some_and(|priority| !priority.ends_with("_CLASS"))
    {
        let message = "priority should be a class such as HIGH_PRIORITY_CLASS";
        report.warn("process.priority", &["priority"], message);
    }
}

/// §6.14: the name in the dictionary of CPE is one of version 2.3, and languages are those of RFC
/// 5646.
pub(super) fn software(object: Value<'_>, report: &mut Report<'_>) {
    for language in object.get("languages").into_iter().flat_map(Value::items) {
        if language.as_str().is_some_and(|tag| !is_language(tag)) {
            let message = "a language is written as a tag such as zh or pt-br (RFC 5646)";
            report.error("value.language", &["languages"], message);
        }
    }
    if object
        .text("cpe")
        .is_some_and(|cpe| !cpe.starts_with("cpe:2.3:"))
    {
        report.error("value.cpe", &["cpe"], "cpe is not a name of CPE 2.3");
    }
}

/// §6.7.2: an archive contains a file.
pub(super) fn archive(extension: Value<'_>, report: &mut Report<'_>) {
    let contained = extension.get("contains_refs").into_iter();
    let mut ids = contained
        .flat_map(Value::items)
        .filter_map(Value::as_str)
        .peekable();
    if ids.peek().is_some() && ids.all(|id| id.starts_with("directory--")) {
        let message = "one file at least must be among contains_refs";
        report.error("reference.target", &["contains_refs"], message);
    }
}

/// §6.7.5: tags are numbers or texts.
pub(super) fn raster_image(extension: Value<'_>, report: &mut Report<'_>) {
    numbers_and_texts(extension, "exif_tags", report);
}

/// §6.7.6: binaries count whole seconds.
pub(super) fn windows_pe_binary(extension: Value<'_>, report: &mut Report<'_>) {
    let fraction = extension
        .text("time_date_stamp")
        .and_then(|text| text.split_once('.'));
    if fraction.is_some_and(|(_, digits)| digits.bytes().any(|byte| matches!(byte, b'1'..=b'9'))) {
        let message = "time_date_stamp has no fractions of a second";
        report.error("time.precision", &["time_date_stamp"], message);
    }
}

/// §6.17: the hive is written in full.
pub(super) fn windows_registry_key(object: Value<'_>, report: &mut Report<'_>) {
    const SHORT: [&str; 5] = ["HKLM", "HKCU", "HKCR", "HKU", "HKCC"];
    let Some(key) = object.text("key") else {
        return;
    };
    let hive = key.split_once('\\').map_or(key, |(hive, _)| hive);
    if SHORT.iter().any(|short| hive.eq_ignore_ascii_case(short)) {
        let message = "write the hive in full: HKEY_LOCAL_MACHINE, not HKLM";
        report.error("value.registry_key", &["key"], message);
    }
}

fn numbers_and_texts(object: Value<'_>, name: &str, report: &mut Report<'_>) {
    for (key, value) in object.get(name).into_iter().flat_map(Value::members) {
        let whole = value
            .as_number()
            .is_some_and(super::super::json::Number::is_integer);
        if value.kind() != Kind::String && !whole {
            let message = "expected a string or a whole number";
            report.error("value.type", &[name, key], message);
        }
    }
}
