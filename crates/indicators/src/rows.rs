//! Rows of tables and records of JSON, which say the same things.

use std::borrow::Cow;

use formats_misp::Attribute;
use kernel::Tlp;

use super::{
    Place, ReadError, Reason,
    columns::Role,
    intake::{About, Intake, LeftOut},
    patterns,
    times::moment_us,
    words::{Meaning, Wanted, meaning},
};

/// Takes the values of a row. `nothing` is what is wrong with one that has none.
pub(super) fn take(
    intake: &mut Intake<'_>,
    fields: &[(Role, Cow<'_, str>)],
    nothing: Reason,
    place: &dyn Fn() -> Place,
) -> Result<(), ReadError> {
    let said = |wanted: Role| {
        let mut found = fields
            .iter()
            .filter(|(role, text)| *role == wanted && !is_empty(text));
        found.next().map(|(_, text)| text.trim())
    };
    let mut moment = |role, is_end| {
        let text = said(role)?;
        let found = moment_us(text, is_end);
        if found.is_none() {
            intake.warn(place(), text, Reason::Moment);
        }
        found
    };
    let tags = fields.iter().filter(|(role, _)| *role == Role::Tags);
    let tags = tags.flat_map(|(_, text)| text.split(',').map(str::trim));
    let about = About {
        valid_from_us: moment(Role::ValidFrom, false),
        valid_until_us: moment(Role::ValidUntil, true),
        id: said(Role::Id).unwrap_or_default(),
        source: said(Role::Source),
        marking: said(Role::Marking)
            .map(|text| Tlp::from_foreign(Some(text)))
            .max(of_tags(tags)),
        confidence: said(Role::Confidence).and_then(confidence),
    };
    let unwanted = !intake.options.include_context
        && said(Role::ToIds).is_some_and(|text| matches!(text, "0" | "false" | "False" | "no"));
    let kind = said(Role::Kind);
    let mut any = false;
    for (role, text) in fields {
        let wanted = match role {
            Role::Value | Role::Pattern => Wanted::Any,
            Role::Typed(wanted) => *wanted,
            _ => continue,
        };
        if is_empty(text) {
            continue;
        }
        any = true;
        if unwanted {
            intake.leave_out(LeftOut::NotForMatching);
        } else if *role == Role::Pattern {
            patterns::take(intake, text, &about, place)?;
        } else if matches!(wanted, Wanted::Any | Wanted::Hash)
            && let Some(kind) = kind
        {
            typed(intake, (kind, text), wanted, &about, place)?;
        } else {
            intake.text(text, wanted, &about, place)?;
        }
    }
    if any {
        return Ok(());
    }
    let text: Vec<_> = fields.iter().map(|(_, text)| &**text).collect();
    intake.problem(place(), &text.join(" "), nothing)
}

/// A value whose kind stands beside it, in MISP's words perhaps (`domain|ip`).
fn typed(
    intake: &mut Intake<'_>,
    (kind, text): (&str, &str),
    otherwise: Wanted,
    about: &About<'_>,
    place: &dyn Fn() -> Place,
) -> Result<(), ReadError> {
    if kind.contains('|') && text.contains('|') {
        let attribute = Attribute {
            kind: kind.to_owned(),
            value: text.to_owned(),
            ..Attribute::default()
        };
        return parts(intake, &attribute, about, place);
    }
    match meaning(kind) {
        Meaning::Wanted(wanted) => intake.text(text, wanted, about, place),
        Meaning::Pattern => patterns::take(intake, text, about, place),
        Meaning::Rule(name) => intake.rule(name, text, about),
        Meaning::Unknown => intake.text(text, otherwise, about, place),
        Meaning::Context => {
            intake.leave_out(LeftOut::NotForMatching);
            Ok(())
        }
    }
}

/// Takes the parts of a MISP attribute that can be looked for. A file name beside a hash says too
/// little alone, and the value of a registry key stands in no log beside it.
pub(super) fn parts(
    intake: &mut Intake<'_>,
    attribute: &Attribute,
    about: &About<'_>,
    place: &dyn Fn() -> Place,
) -> Result<(), ReadError> {
    let is_composite = attribute.parts().nth(1).is_some();
    let mut any = false;
    for (kind, text) in attribute.parts() {
        match meaning(kind) {
            _ if is_composite && kind == "filename" => {}
            // In MISP it is a path without its host.
            _ if kind == "uri" => {}
            Meaning::Wanted(wanted) => {
                any = true;
                intake.text(text, wanted, about, place)?;
            }
            Meaning::Pattern => {
                any = true;
                patterns::take(intake, text, about, place)?;
            }
            Meaning::Rule(name) => {
                any = true;
                intake.rule(name, text, about)?;
            }
            Meaning::Context | Meaning::Unknown => {
                intake.report.ports_dropped += u64::from(is_composite && kind == "port");
            }
        }
    }
    if !any {
        intake.leave_out(LeftOut::NotForMatching);
    }
    Ok(())
}

/// What the strictest TLP tag says.
pub(super) fn of_tags<'t>(tags: impl Iterator<Item = &'t str>) -> Option<Tlp> {
    let labels = tags.filter(|tag| {
        let head = tag.get(..4);
        head.is_some_and(|head| head.eq_ignore_ascii_case("tlp:"))
    });
    labels.map(|label| Tlp::from_foreign(Some(label))).max()
}

/// From 0 to 100, or in words as STIX 2.1 (appendix A) scales them.
fn confidence(text: &str) -> Option<u8> {
    let text = text.strip_suffix('%').unwrap_or(text);
    let number = text.parse::<u8>().ok().filter(|number| *number <= 100);
    number.or_else(|| match text.to_ascii_lowercase().as_str() {
        "low" => Some(15),
        "med" | "medium" => Some(50),
        "high" => Some(85),
        _ => None,
    })
}

/// What tables write where there is nothing.
fn is_empty(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || ["-", "n/a", "none", "null", "(empty)"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}
