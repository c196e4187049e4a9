//! What holds for whole objects of any type (STIX 2.1 §3).

use std::collections::HashSet;

use super::finding::{Report, Step, shown};
use crate::{
    id::UuidFacts,
    json::{Kind, Value},
    schema::{Family, Schema},
};

/// Names of properties that are kept for later versions of STIX (§3.8). The committee's schemas have
/// the telephone number in the plural.
const RESERVED: [&str; 5] = [
    "action",
    "phone_number",
    "phone_numbers",
    "severity",
    "username",
];
/// The type that is kept for later versions of STIX (§3.8).
pub(super) const RESERVED_TYPE: &str = "action";

/// Whether the object must not have a property of this name, which its type does not know. Says so
/// where the check stands.
pub(super) fn forbidden(name: &str, family: Family, report: &mut Report<'_>) -> bool {
    if matches!(family, Family::Nested | Family::Extension) {
        return false;
    }
    if RESERVED.contains(&name) {
        let message = format!("leave out {name}, whose name is reserved");
        report.error_by(("property.reserved", "3.8"), message);
        return true;
    }
    if name == "defanged" && family != Family::Observable {
        let message = "leave out defanged, which only observables have";
        report.error_by(("property.misplaced", "3.2"), message);
        return true;
    }
    false
}

/// Of which version the UUID of an object is (§2.9).
pub(super) fn uuid(
    uuid: UuidFacts,
    (schema, family): (Option<&Schema>, Family),
    object: Value<'_>,
    report: &mut Report<'_>,
) {
    let Some(version) = uuid.version else { return };
    let contributes = |name: &&str| object.get(name).is_some();
    let known = schema.filter(|schema| schema.family == Family::Observable);
    if known.is_some_and(|known| !known.contributing.iter().any(contributes)) {
        if version != 4 {
            report.within(Step::Member("id"), |report| {
                let message = "nothing here makes an id of its own: it has a random UUID (UUIDv4)";
                report.error_by(("identifier.version", "2.9"), message);
            });
        }
        return;
    }
    match family {
        Family::Observable if version != 5 => {
            let message = "an observable's id should be made of its properties (UUIDv5)";
            report.warn("identifier.version", &["id"], message);
        }
        Family::Domain | Family::Meta if version != 4 => {
            let message = "the id should have a random UUID (UUIDv4)";
            report.warn("identifier.version", &["id"], message);
        }
        _ => {}
    }
}

/// A marking does not mark itself (§3.2).
pub(super) fn not_marked_by_itself<'d>(object: Value<'d>, id: &str, report: &mut Report<'d>) {
    let itself = |value: Option<Value<'_>>| value.and_then(Value::as_str) == Some(id);
    let says = |report: &mut Report<'d>| {
        report.error_by(("marking.circular", "3.2"), "a marking cannot mark itself");
    };
    let list = |name| object.get(name).into_iter().flat_map(Value::items);
    for (at, marking) in list("object_marking_refs").enumerate() {
        if itself(Some(marking)) {
            report.within(Step::Member("object_marking_refs"), |report| {
                report.within(Step::Item(at), says);
            });
        }
    }
    for (at, marking) in list("granular_markings").enumerate() {
        if itself(marking.get("marking_ref")) {
            report.within(Step::Member("granular_markings"), |report| {
                report.within(Step::Item(at), says);
            });
        }
    }
}

/// The keys of a container of observables, which are what references within it must name (§2.13).
pub(super) fn keys(container: Value<'_>) -> HashSet<&str> {
    container.members().map(|(key, _)| key).collect()
}

/// The references in a member of an observable of a container.
pub(super) fn local_references<'d>(
    name: &str,
    member: Value<'d>,
    keys: &HashSet<&str>,
    report: &mut Report<'d>,
) {
    let local = |value: Value<'d>, report: &mut Report<'d>| {
        if let Some(key) = value.as_str().filter(|key| !keys.contains(key)) {
            let message = format!("{} is not an object beside this one", shown(key));
            report.error_by(("reference.local", "2.13"), message);
        }
    };
    match member.kind() {
        Kind::String if name.ends_with("_ref") => local(member, report),
        Kind::Array => {
            for (at, item) in member.items().enumerate() {
                report.within(Step::Item(at), |report| {
                    if name.ends_with("_refs") {
                        local(item, report);
                    } else {
                        local_references("", item, keys, report);
                    }
                });
            }
        }
        Kind::Object => {
            for (name, inner) in member.members() {
                report.within(Step::Member(name), |report| {
                    local_references(name, inner, keys, report);
                });
            }
        }
        _ => {}
    }
}
