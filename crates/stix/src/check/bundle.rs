//! What holds for a bundle itself (STIX 2.1 §8).

use super::{
    finding::{Report, Step},
    text, value,
};
use crate::{id, json::Value};

/// Checks a bundle without its objects, of which it has so many in its list; nothing is no list.
pub fn check_bundle<'d>(bundle: Value<'d>, objects: Option<u64>, report: &mut Report<'d>) {
    report.under("8.1", |report| {
        for name in ["type", "id"] {
            if bundle.get(name).is_none() {
                report.error("property.missing", &[], format!("{name} is required"));
            }
        }
        for (name, member) in bundle.members() {
            report.within(Step::Member(name), |report| one(name, member, report));
        }
        if objects == Some(0) {
            report.error(
                "value.empty",
                &["objects"],
                "leave out a list of no objects",
            );
        }
    });
}

fn one<'d>(name: &'d str, member: Value<'d>, report: &mut Report<'d>) {
    match (name, member.as_str()) {
        ("type", Some("bundle")) => {}
        ("type", _) => {
            report.error("type.bundle", &[], "the type of a bundle is bundle");
        }
        ("id", Some(text)) => match id::parts(text) {
            Ok(("bundle", uuid)) => {
                if uuid.version != Some(4) {
                    let message = "the id should have a random UUID (UUIDv4)";
                    report.warn("identifier.version", &[], message);
                }
            }
            Ok(_) => report.error(
                "identifier.type",
                &[],
                "the id of a bundle begins with bundle--",
            ),
            Err(error) => report.error("value.identifier", &[], error.to_string()),
        },
        ("id", None) => value::wrong_type(member, "an identifier", "2.9", report),
        ("objects", _) => value::wrong_type(member, "a list of objects", "8.1", report),
        _ => {
            text::property_name(name, report);
            if report.warns() {
                let message = format!("{name} is not a property of a bundle");
                report.warn_by(("property.custom", "11.1"), message);
            }
            value::custom(member, report);
        }
    }
}
